"""The marks by which models separate their reasoning from their answer, within one text.

A reasoning block ends at the first closing mark; the opening mark may be missing or repeated. Further blocks are joined in
order, until the first `<answer>`. A closing mark that occurs again without an opening belongs to the reasoning, if any
words follow it; otherwise it is ignored.
"""

import re
from typing import Literal, NamedTuple

from tracekd.transcript.end_marks import without_end_marks

State = Literal["whole", "open", "hidden", "absent"]
WHOLE: State = "whole"
OPEN: State = "open"
HIDDEN: State = "hidden"
ABSENT: State = "absent"

THINK = "think"
HARMONY = "harmony"
HARMONY_WITHOUT_MARKS = "harmony without its marks"


class Divided(NamedTuple):
    """See `Transcript`."""

    reasoning: str | None
    answer: str
    state: State
    form: str = "none"


class _Form(NamedTuple):
    """One form: `mark` finds its opening and closing marks; the group `close` is set for a closing one."""

    name: str
    mark: re.Pattern[str]


# The names that are known in tags such as `<thinking>` and `<seed:think type="x">`.
_NAMES = (
    "think(?:ing)?", "thoughts?", "thought_process", "reason(?:ing)?", "reflection", "scratchpad", "rationale",
    "chain_of_thought", "inner_monologue", "antthinking", "analysis",
)  # fmt: skip
_TAG = re.compile(
    rf"<(?P<close>/?)(?:[a-z]{{1,12}}[:_])?(?P<name>{'|'.join(_NAMES)})(?:\s[^<>]{{0,200}}+)?+>", re.IGNORECASE
)
_PLAIN = _Form(THINK, re.compile(r"<(?P<close>/?)think>"))
# (name, opening, closing) of the forms that have no `<name>` tags.
_PAIRS = (
    ("[THINK]", r"\[THINK\]", r"\[/THINK\]"),
    ("\u25c1think\u25b7", "\u25c1think\u25b7", "\u25c1/think\u25b7"),
    ("<|START_THINKING|>", r"<\|START_THINKING\|>", r"<\|END_THINKING\|>"),
    ("<|begin_of_thought|>", r"<\|begin_of_thought\|>", r"<\|end_of_thought\|>"),
    ("<|inner_prefix|>", r"<\|inner_prefix\|>", r"<\|inner_suffix\|>"),
    ("<|think|>", r"<\|think(?:ing)?\|>", r"<\|/think(?:ing)?\|>"),
    ("<|channel>thought", r"<\|channel>thought\n?", r"<channel\|>"),
    ("<unused94>", r"<unused94>(?:thought\n)?", r"<unused95>"),
    ("thought process", r"Here(?:'s| is) my thought process:", r"Here(?:'s| is) my response:"),
)
_OTHERS = tuple(_Form(name, re.compile(f"(?P<open>{begin})|(?P<close>{end})")) for name, begin, end in _PAIRS)
# Each of their marks has one of these texts in it. Looking for a text is many times faster than for the marks.
_IN_OTHERS = ("[THINK]", "[/THINK]", "\u25c1", "<|", "<channel|>", "<unused9", " my thought process:", " my response:")
_ANY_OTHER = re.compile("|".join(f"{begin}|{end}" for _, begin, end in _PAIRS))

# What is written around the answer as a whole.
_RESPONSE = re.compile(
    r"\s*+(?:<\|START_RESPONSE\|>|<\|begin_of_solution\|>|\[RESPONSE\]|<\|message\|>|"
    r"<(?P<tag>response|output)>)\s*+",
    re.IGNORECASE,
)

_SPACE = re.compile(r"\s*+")
_ANSWER = "<answer>"
_CHANNEL = re.compile(
    r"<\|channel\|>\s*+(?P<name>[a-z]{1,20}+)[^<]{0,200}+(?:<\|constrain\|>[^<]{0,100}+)?+<\|message\|>"
)
_CHANNEL_END = re.compile(r"<\|(?:end|return|call|start|channel)\|>")
_FINAL = "final"
# In front of a sentence, without a blank; "analysis of .." is plain English.
_BARE = re.compile(r"\s*+(?:assistant)?+analysis(?=[A-Z\n])")
_BARE_FINAL = "assistantfinal"
_BARE_OTHERS = re.compile("assistant(?:analysis|commentary)")

# Without a generation prompt, models write the role word themselves: on its own line, or directly before a tag.
# Quantifiers are possessive (`*+`) wherever backtracking over white space would make the time quadratic.
_ROLE_TAG = r"</?(?:think|answer)>"
_ROLE = re.compile(
    rf"\s*+(?:(?:<\|im_start\|>|<\|start_header_id\|>)?+assistant(?:<\|end_header_id\|>)?+"
    rf"(?=[^\S\n]*+(?:\n|\Z)|\s*+{_ROLE_TAG})|(?:<start_of_turn>)?+model(?=[^\S\n]*+\n\s*+\S|\s*+{_ROLE_TAG}))"
)

_UNKNOWN = re.compile(
    r"\s*+(?:<(?P<tag>[A-Za-z][\w:.-]{0,40}+)(?:\s[^<>]{0,100}+)?+>|<\|(?P<token>[\w/-]{1,40}+)\|>|"
    r"\[(?P<caps>[A-Z][A-Z_]{2,30}+)\]|\u25c1(?P<kimi>\w{1,30}+)\u25b7)"
)
# Tags that are no delimiters of reasoning: answers, Markdown's HTML, and special tokens of chat templates.
_KNOWN_OTHERS = frozenset({
    "answer", "final", "response", "output", "result", "solution", "b", "i", "u", "p", "br", "hr", "em", "strong", "code",
    "pre", "ul", "ol", "li", "div", "span", "table", "tr", "td", "th", "h1", "h2", "h3", "html", "body", "s", "bos", "pad",
    "unk", "im_start", "im_end", "assistant", "system", "user", "start_header_id", "end_header_id", "begin_of_text", "sep",
    "start_response", "begin_of_solution", "inst", "sys", "start_of_turn", "message", "fact", "label", "class", "math",
})  # fmt: skip


def divide(text: str) -> Divided:
    """Divide a text at its marks; see the module."""
    if not text.startswith("<think>") and (role := _ROLE.match(text)):
        text = text[role.end() :]
    if _has_no_mark(text):
        return Divided(None, text, ABSENT)
    return _usual(text) or _divided(text)


def _has_no_mark(text: str) -> bool:
    """Whether a text surely has no mark of any form. Short answers without reasoning are divided twice as fast by this."""
    return not ("<" in text or "[" in text or "\u25c1" in text or " my " in text or "analysis" in text)


def _usual(text: str) -> Divided | None:
    """What `_divided` returns for the most usual outputs, `<think>..</think>` without other such tags."""
    parts = text.split("think>", 3)
    if len(parts) != 3:  # quoted ones may count or not
        return None
    before, reasoning, answer = parts
    if before.lstrip() != "<" or not reasoning.endswith("</"):
        return None
    if not answer.startswith((" <answer>", "<answer>")):
        answer = _without_wrapping(answer)
    return Divided(reasoning[:-2], answer, WHOLE, THINK)


def _divided(text: str) -> Divided:
    """A text without a role word, divided at its first marks."""
    plain = _first_plain(text)
    if "<|channel|>" in text and _CHANNEL.search(text, 0, len(text) if plain is None else plain):
        return _of_channels(text)
    form = _other_form(text, len(text) if plain is None else plain)
    if form is not None:
        other = _of_form(text, form)
        if plain is None or other.state == WHOLE:
            return other
    if plain is not None:
        return _of_form(text, _PLAIN)
    return _of_bare_channels(text) or Divided(None, text, ABSENT)


def divide_at(text: str, opening: str, closing: str) -> Divided:
    """Divide a text at marks that the user names."""
    mark = re.compile(f"(?P<close>{re.escape(closing)})|{re.escape(opening)}")
    return _of_form(text, _Form(opening, mark)) if mark.search(text) else Divided(None, text, ABSENT)


def without_tags(reasoning: str) -> str:
    """Reasoning from a field of its own, without the tags that some servers leave there, and without outer white space."""
    text = reasoning.strip()
    if "<" not in text and "[" not in text and "\u25c1" not in text:
        return text
    divided = divide(text)
    if divided.state == WHOLE and not divided.answer.strip():
        return (divided.reasoning or "").strip()
    opening = _TAG.match(text)
    return text[opening.end() :].strip() if opening and not opening["close"] else text


def unknown(text: str) -> str | None:
    """The mark at the beginning of a text that looks like a delimiter, and is none that is known."""
    found = _UNKNOWN.match(text)
    if found is None:
        return None
    name = found["tag"] or found["token"] or found["caps"] or found["kimi"]
    if name.lower() in _KNOWN_OTHERS:
        return None
    # A tag is a delimiter only if it is closed as well; a token stands for itself.
    closing = {"tag": f"</{name}>", "caps": f"[/{name}]", "kimi": f"\u25c1/{name}\u25b7"}.get(found.lastgroup or "")
    return found[0].strip() if closing is None or closing in text else None


def _first_plain(text: str) -> int | None:
    """The place of the first `<think>` or `</think>`."""
    opened = text.find("<think>")
    closed = text.find("</think>", 0, opened) if opened >= 0 else text.find("</think>")
    return closed if closed >= 0 else opened if opened >= 0 else None


def _other_form(text: str, end: int) -> _Form | None:
    """The form of the first mark before `end` that is not `<think>`."""
    head = text[:end]
    if not head:  # most outputs begin with `<think>`
        return None
    tag = _TAG.search(head) if "<" in head else None
    other = _ANY_OTHER.search(head) if any(part in head for part in _IN_OTHERS) else None
    if other is not None and (tag is None or other.start() < tag.start()):
        return next(form for form in _OTHERS if form.mark.match(text, other.start()))
    return None if tag is None else _Form(f"<{tag['name'].lower()}>", _TAG)


def _of_form(text: str, form: _Form) -> Divided:
    close = _closing(text, form, 0)
    if close is None:
        return Divided(None, text, OPEN, form.name)
    blocks = [_without_openings(text[: close.start()], form)]
    end = close.end()
    limit = _answer_at(text, end)
    last_word: int | None = None
    while found := form.mark.search(text, end, limit):
        if found["close"]:  # again, without an opening
            last_word = _last_word(text, end) if last_word is None else last_word
            if last_word < found.end():
                limit = found.start()
                break
            blocks.append(text[end : found.start()])
            end = found.end()
            continue
        close = _closing(text, form, found.end())
        if close is None:  # a stray opening
            limit = len(text)
            break
        blocks.append(_without_openings(text[found.end() : close.start()], form))
        end = close.end()
        if limit < end:  # otherwise it is still the next one
            limit = _answer_at(text, end)
    else:
        limit = len(text)
    kept = [block for block in blocks if block.strip()] or blocks[:1]
    return Divided("\n".join(kept), _without_wrapping(text[end:limit]), WHOLE, form.name)


def _closing(text: str, form: _Form, begin: int) -> re.Match[str] | None:
    for found in form.mark.finditer(text, begin):
        if found["close"]:
            return found
    return None


def _answer_at(text: str, begin: int) -> int:
    """The place of the first `<answer>` after `begin`, or the end of the text."""
    found = text.find(_ANSWER, begin)
    return len(text) if found < 0 else found


def _without_openings(text: str, form: _Form) -> str:
    """Remove repeated opening marks at the beginning."""
    at = 0
    while (found := form.mark.match(text, at + _blanks(text, at))) and not found["close"]:
        at = found.end()
    return text[at:]


def _blanks(text: str, at: int) -> int:
    return len(_SPACE.match(text, at)[0])  # type: ignore[index]  # it matches everywhere


def _last_word(text: str, begin: int) -> int:
    """The place of the last letter or digit after `begin`, without special tokens at the end; -1 if there is none."""
    words = without_end_marks(text[begin:])
    return next((begin + at for at in range(len(words) - 1, -1, -1) if words[at].isalnum()), -1)


def _without_wrapping(text: str) -> str:
    """The text without what a model or server writes around the answer as a whole."""
    found = _RESPONSE.match(text)
    if found is None:
        return text
    said = text[found.end() :]
    return said.partition(f"</{found['tag']}>")[0] if found["tag"] else said


def _of_channels(text: str) -> Divided:
    """Channels of harmony: `final` has the answer, the others the reasoning. The text before them is the prompt."""
    reasoning: list[str] = []
    for found in _CHANNEL.finditer(text):
        end = _CHANNEL_END.search(text, found.end())
        said = text[found.end() : end.start() if end else len(text)]
        if found["name"] == _FINAL:
            if not reasoning:
                return divide(said)
            return Divided("\n".join(reasoning), said, WHOLE, HARMONY)
        reasoning.append(said)
    return Divided(None, text, OPEN, HARMONY)


def _of_bare_channels(text: str) -> Divided | None:
    """Channels of harmony in a text from which the special tokens were removed."""
    begun = _BARE.match(text)
    if begun is None:
        return None
    said, final, answer = text[begun.end() :].partition(_BARE_FINAL)
    if not final:
        return Divided(None, text, OPEN, HARMONY_WITHOUT_MARKS)
    return Divided(_BARE_OTHERS.sub("\n", said), answer, WHOLE, HARMONY_WITHOUT_MARKS)
