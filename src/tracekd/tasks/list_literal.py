"""Reads lists of quoted sentences as traces write them (`['A.', 'B.']`), without evaluating anything.

Python's own grammar is read exactly. Models also write lists that Python does not accept, with an apostrophe in single
quotes (`['King's College']`): then a quote closes its item only before `]`, or before a comma and the next item.
"""

import re

# Possessive (`*+`): giving white space back would make the time quadratic in the length of a run of it.
_EMPTY = re.compile(r"\s*+\]")
_ITEM_START = re.compile(r"\s*+(['\"])")
_AFTER_ITEM = re.compile(r"\s*+(,\s*+(?=['\"])|,?+\s*+\])")
_JSON_TOKEN = re.compile(
    r'\s*+(?:([\[{])|([\]}])|"((?:[^"\\]|\\.)*+)"(\s*+:)?|[,:]|-?[0-9][0-9.eE+-]*+|(?:true|false|null)\b)', re.DOTALL
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r"}


def write_list(items: tuple[str, ...]) -> str:
    """The list as Python prints it, which is how the paper's data writes it."""
    return repr(list(items))


def read_list(text: str) -> tuple[str, ...] | None:
    """The items of the list literal at the start of `text` (after white space); None if there is no list.

    Time is linear in the length of the text.
    """
    found = read_list_and_rest(text)
    return None if found is None else found[0]


def read_list_and_rest(text: str) -> tuple[tuple[str, ...], str] | None:
    """The items of the list literal at the start of `text`, and the text after the list; None if there is no list."""
    start = 0 if text.startswith("[") else len(text) - len(text.lstrip())
    if not text.startswith("[", start):
        return None
    if found := _read_plain(text, start):
        return found
    empty = _EMPTY.match(text, start + 1)
    if empty:
        return (), text[empty.end() :]
    items: list[str] = []
    at = start + 1
    while opened := _ITEM_START.match(text, at):
        closed = _find_close(text, opened.end(), opened.group(1))
        if closed is None:
            return None
        end, after = closed
        items.append(_unescape(text[opened.end() : end]))
        if after.group(1).endswith("]"):
            return tuple(items), text[after.end() :]
        at = after.end()
    return None


def read_json_texts(text: str) -> tuple[tuple[str, ...], str] | None:
    """The texts in the JSON object or list at the start of `text`, at any depth, and the text after it; None without one.

    Keys are left out, and texts without letters (the numbers of items). Brackets need not be of the same kind.
    """
    items: list[str] = []
    at = depth = 0
    while token := _JSON_TOKEN.match(text, at):
        opening, closing, string, is_key = token.groups()
        if opening is None and not depth:
            return None
        depth += (opening is not None) - (closing is not None)
        if string is not None and not is_key and any(map(str.isalpha, string)):
            items.append(_unescape(string))
        at = token.end()
        if not depth:
            return tuple(items), text[at:]
    return None


def _read_plain(text: str, start: int) -> tuple[tuple[str, ...], str] | None:
    """A faster way for most lists: they have no other quotes than those around the items, and no escapes."""
    end = text.find("']", start + 2)
    if end < 0 or not text.startswith("['", start):
        return None
    inside = text[start + 2 : end]
    items = inside.split("', '")
    if inside.count("'") != 2 * (len(items) - 1) or "\\" in inside:
        return None
    return tuple(items), text[end + 2 :]


def _find_close(text: str, begin: int, quote: str) -> tuple[int, re.Match[str]] | None:
    at = begin
    while True:
        at = text.find(quote, at)
        if at < 0:
            return None
        after = _AFTER_ITEM.match(text, at + 1)
        if after and not _is_escaped(text, begin, at):
            return at, after
        at += 1


def _is_escaped(text: str, begin: int, at: int) -> bool:
    first = at
    while first > begin and text[first - 1] == "\\":
        first -= 1
    return (at - first) % 2 == 1


def _unescape(text: str) -> str:
    def char(match: re.Match[str]) -> str:
        code = match.group(1) or match.group(2) or match.group(3)
        if code:
            return chr(int(code, 16)) if _is_character(int(code, 16)) else match.group(0)
        return _SIMPLE.get(match.group(4), match.group(4))

    return _ESCAPE.sub(char, text) if "\\" in text else text


def _is_character(code: int) -> bool:
    # A lone surrogate is not a character: text that contains one cannot be written to a file.
    return code < 0xD800 or 0xDFFF < code < 0x110000
