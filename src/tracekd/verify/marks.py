"""The marks that models put around a class and around facts: Markdown, LaTeX, XML, JSON, quotation marks, item numbers.

A mark is removed only after the plain reading has failed. What is left must be a name (of a class) or an exact fact of
the context: nothing is guessed. Time is linear in the length of the text.
"""

import re

# A class name is short. In a longer text, no marks are looked for.
_LONGEST_NAME = 400
_CLOSING_CHARS = "*_`'\"“”‘’„‚「」『』《》«»‹›【】〔〕[](){}<>$|~\\＊＿｀＂＇［］（）｛｝＜＞\u200b"
_CLOSING = "[" + re.escape(_CLOSING_CHARS) + "]"
_END_CHARS = _CLOSING_CHARS + ".。．｡;；,，!！:：、…" + " \t\xa0"
# An element counts only if its closing tag follows: `<bridge>` is a name in angle brackets.
# No group may stand in a possessive repetition: Python 3.11 raises SystemError there.
_OPENING_TAG = re.compile(r"<([A-Za-z]\w{0,30})(?: [^<>]{0,60})?>(?=.*</\1)", re.DOTALL)
_OPENING_MARKS = re.compile(rf"(?:[\s\-:：#•]|\\[a-z]{{1,12}}\s*+(?=\{{)|(?!<){_CLOSING})*+")
_NAME_END = re.compile(rf"\.(?={_CLOSING}*+(?:\s|\Z))|[。．｡\r\n]")
_CLOSING_TAG = re.compile(r"</[A-Za-z]\w{0,30}\Z")
_NAME = re.compile(r"\w(?:[\w /&+.'’\u2010-\u2015-]*\w)?")

# Elements and marks inside a sentence are removed without a trace; other elements separate.
_INLINE = re.compile(
    r"\*+|__|(?<!\w)_(?=\w)|(?<=[\w.])_(?!\w)|`|</?(?:b|i|u|em|strong|mark|code|cite|q|span|a)(?: [^<>]{0,100})?>"
    r"|[\u2460-\u24ff\u2776-\u2793\u3251-\u325f\u32b1-\u32bf]|[0-9]\ufe0f?\u20e3"
)
_COMMAND = re.compile(r"\\[a-z]{1,12}\s{0,8}\{([^{}]*+)\}")
_DEEPEST_COMMAND = 3
_ELEMENT = re.compile(r"</?[A-Za-z][\w:-]{0,30}(?: [^<>]{0,200})?/?>")
_MAY_BE_MARKED = re.compile(r"[*_`<\\\u2460-\u24ff\u2776-\u2793\u3251-\u325f\u32b1-\u32bf\u20e3]")

# Allowed between facts that are written as one text: punctuation, the number or letter of an item, a JSON key, the
# beginning of a fence, or `and`.
BETWEEN = re.compile(
    r"```[a-z]{1,10}\b|[\s{\[,]*+[\"'][A-Za-z_]\w{0,30}[\"']\s*+:"
    r"|[\s,;.:'\"“”‘’`\[\]*•>|(){}「」『』《》«»‹›„‚【】〔〕、。·▪◦●‣–—+#$_-]++"
    r"|[0-9]{1,3}(?:[.):] |(?=\s*+[\])】〕|†]))|†source|(?:[A-Za-z]|[ivx]{1,4})[.)] |and "
    r"|(?i:fact|sentence|passage|paragraph|document|source|line|evidence) ?#?[0-9]{1,3}(?=[\])】:.])"
)

# The mark of an item at the beginning of a line. A line with such a mark cites, even if it is not a fact.
ITEM = re.compile(
    r"(?:\*\*|__)?+(?:(?:[-*•+–·▪◦●‣]|\(?[0-9]{1,3}[.):]|\(?[a-z]\))(?:\*\*|__)?+\s++"
    r"|(?:>|[\[【〔][0-9]{1,3}[\]】〕][.:]?|[\u2460-\u24ff\u2776-\u2793]|[0-9]\ufe0f?\u20e3"
    r"|<(?!/)[A-Za-z]\w{0,30}(?: [^<>]{0,200})?>)\s*+)++"
)


def unmarked_name(text: str) -> str | None:
    """The name at the beginning of `text`, up to the end of its sentence or line, without marks; None if it is no name.

    White space and line ends before it are ignored.
    """
    begin = _begin_of_name(text[:_LONGEST_NAME])
    end = _NAME_END.search(text, begin, begin + _LONGEST_NAME)
    name = text[begin : end.start() if end else begin + _LONGEST_NAME].rstrip(_END_CHARS)
    while tag := _CLOSING_TAG.search(name):
        name = name[: tag.start()].rstrip(_END_CHARS)
    return " ".join(name.split()) if _NAME.fullmatch(name) else None


def _begin_of_name(text: str) -> int:
    begin = -1
    at = 0
    while at > begin:
        begin = at
        if marks := _OPENING_MARKS.match(text, at):
            at = marks.end()
        if tag := _OPENING_TAG.match(text, at):
            at = tag.end()
        elif text.startswith("<", at):
            at += 1
    return at


def without_marks(text: str) -> str:
    """The text without the marks that may stand inside a sentence: emphasis, elements, LaTeX commands, item numbers."""
    if not _MAY_BE_MARKED.search(text):
        return text
    for _ in range(_DEEPEST_COMMAND if "\\" in text else 0):
        text = _COMMAND.sub(r"\1", text)
    return _ELEMENT.sub(" ", _INLINE.sub("", text))
