"""Reads the Python literals of CSV files (`[{'content': '..', 'role': 'user'}]`) without evaluating anything."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tracekd.tasks.reading.fault import Fault

Literal = Any

_DEEPEST = 100
# Possessive quantifiers keep every pattern linear: nothing that was read is given back.
_BODY = r"(?:[^{quote}\\\r\n]++|\\(?:\r\n|.))*+"
_LONG = r"(?:[^{quote}\\]++|\\.|{quote}(?!{quote}{quote}))*+"
_TOKEN = re.compile(
    r"\s*+(?:"
    + "|".join(
        [
            *(f"{q * 3}(?P<{name}>{_LONG.format(quote=q)}){q * 3}" for name, q in (("long1", "'"), ("long2", '"'))),
            *(f"{q}(?P<{name}>{_BODY.format(quote=q)}){q}" for name, q in (("short1", "'"), ("short2", '"'))),
            r"(?P<word>None|True|False)\b",
            r"(?P<float>[+-]?+(?:[0-9]{1,400}+\.[0-9]{0,400}+|\.[0-9]{1,400}+|[0-9]{1,400}+(?=[eE]))"
            r"(?:[eE][+-]?+[0-9]{1,4}+)?+)(?![\w.])",
            r"(?P<int>[+-]?+[0-9]{1,400}+)(?![\w.])",
            r"(?P<mark>[\[\]{}(),:])",
        ]
    )
    + r")",
    re.DOTALL,
)
_SPACE = re.compile(r"\s*+")
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|(\r\n|.))", re.DOTALL)
_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\n": "", "\r\n": "", "\r": ""}
_QUOTED = ("long1", "long2", "short1", "short2")
_WORDS = {"None": None, "True": True, "False": False}
_CLOSING = {"[": "]", "(": ")", "{": "}"}


@dataclass
class _Open:
    """A container that is being read: what closes it, its entries (a dict's keys and values in turn), what is next."""

    closing: str
    entries: list[Literal] = field(default_factory=list)
    after_entry: bool = False
    commas: int = 0

    def take(self, value: Literal) -> None:
        if self.after_entry or (self.closing == "" and self.entries):
            raise _fault("nothing between two values")
        if self.closing == "}" and len(self.entries) % 2 == 0 and isinstance(value, list | dict | tuple):
            raise _fault("a container as a key")
        self.entries.append(value)
        self.after_entry = True

    def separate(self, mark: str) -> None:
        inside_pair = self.closing == "}" and len(self.entries) % 2 == 1
        if not self.after_entry or not self.closing or (mark == ":") != inside_pair:
            raise _fault(f"{mark!r} does not belong here")
        self.after_entry = False
        self.commas += mark == ","

    def close(self, mark: str) -> Literal:
        unfinished = self.closing == "}" and (len(self.entries) % 2 == 1)
        if mark != self.closing or unfinished or (self.commas and not self.entries):
            raise _fault(f"{mark!r} does not belong here")
        if mark == "]":
            return self.entries
        if mark == ")":
            return tuple(self.entries) if self.commas or not self.entries else self.entries[0]
        return dict(zip(self.entries[::2], self.entries[1::2], strict=True))


def read_literal(text: str) -> Literal:
    """The value of a literal: lists, tuples, dicts, texts, numbers, None, True, False.

    What Python reads and `repr` never writes is refused: prefixes (`b''`), texts side by side, sets, sums, `\\N{..}`.
    Raises Fault. Time is linear in the length of the text; nesting deeper than 100 is a Fault.
    """
    open_ = [_Open("")]
    for kind, token in _tokens(text):
        if kind in _QUOTED:
            open_[-1].take(_unescaped(token))
        elif kind != "mark":
            open_[-1].take(_WORDS[token] if kind == "word" else float(token) if kind == "float" else int(token))
        elif token in _CLOSING:
            if len(open_) > _DEEPEST:
                raise _fault("too deep")
            open_.append(_Open(_CLOSING[token]))
        elif token in ",:":
            open_[-1].separate(token)
        else:
            closed = open_.pop().close(token)
            open_[-1].take(closed)
    if len(open_) > 1 or not open_[0].entries:
        raise _fault("it ends too early")
    return open_[0].entries[0]


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while found := _TOKEN.match(text, at):
        kind = found.lastgroup or ""
        yield kind, found[kind]
        at = found.end()
    space = _SPACE.match(text, at)
    if space is None or space.end() < len(text):
        raise _fault(f"no value at character {at} of {len(text)}")


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(escape: re.Match[str]) -> str:
    if escape[5] is not None:
        if escape[5] in "xuUN":
            raise _fault(f"{escape[0]!r} is an escape that does not end")
        return _SIMPLE.get(escape[5], escape[5] if escape[5] in "\\'\"" else escape[0])
    code = int(escape[4], 8) if escape[4] else int(escape[1] or escape[2] or escape[3], 16)
    # A lone surrogate is not a character: text that contains one cannot be written to a file.
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise _fault(f"{escape[0]!r} is not a character")
    return chr(code)


def _fault(why: str) -> Fault:
    return Fault("not a Python literal", why)
