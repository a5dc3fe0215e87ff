"""Reads numpy arrays that a CSV file contains as printed text (`['$17' '$14.99']`, `array(['a', "b"], dtype=object)`).

Nothing is evaluated, and any other form is a Fault. In Python, `['$17' '$14.99']` is a list of one text; in numpy, it is
an array of two.
"""

import re

from tracekd.tasks.reading.fault import Fault

Items = list[str] | list[int]

# Possessive quantifiers keep every pattern linear. A printed text never contains a line end: it is escaped.
_STRING = re.compile(r"'([^'\\\r\n]*+(?:\\.[^'\\\r\n]*+)*+)'|\"([^\"\\\r\n]*+(?:\\.[^\"\\\r\n]*+)*+)\"")
_NUMBER = re.compile(r"-?+[0-9]{1,18}+(?![\w.])")
_ARRAY = re.compile(r"array\(")
_ARRAY_END = re.compile(r"\s*+(?:,\s*+dtype=(?:\w++|'[<>=|]?+\w++'))?+\s*+\)")
_BETWEEN = re.compile(r"\s*+(,)\s*+|\s++")
_CUT = re.compile(r"\s*+,?+\s*+\.\.\.")
_SPACE = re.compile(r"\s*+")
_ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"'}


def read_array(text: str, field: str) -> Items:
    """The items of an array as `str` prints it (with blanks) or `repr` does, or of a list (with commas).

    Raises Fault, with the name of the `field`, if the text is anything else, or only part of an array (`...`).
    """
    reader = _Reader(text, field)
    items = reader.array()
    reader.end()
    return items


def read_arrays(text: str, field: str) -> dict[str, Items]:
    """The arrays of a printed dict, `{'a': array([1, 0], dtype=int32), ...}`. Raises Fault as `read_array` does."""
    reader = _Reader(text, field)
    arrays: dict[str, Items] = {}
    reader.sign("{")
    while True:
        name = reader.string()
        if name in arrays:
            raise reader.fault("a name that occurs twice")
        reader.sign(":")
        arrays[name] = reader.array()
        if not reader.has(","):
            break
        reader.sign(",")
    reader.sign("}")
    reader.end()
    return arrays


class _Reader:
    """Reads a text from left to right; every method goes past the text that it reads."""

    def __init__(self, text: str, field: str) -> None:
        self._text = text
        self._field = field
        self._at = 0
        self._skip(_SPACE)

    def array(self) -> Items:
        """An array or a list of texts or of whole numbers."""
        wrapped = self._skip(_ARRAY)
        self.sign("[")
        items, commas = self._items()
        if wrapped:
            if len(items) > 1 and not commas:
                raise self.fault("no comma between two items")
            if not self._skip(_ARRAY_END):
                raise self.fault("the array does not end")
            self._skip(_SPACE)
        return items

    def _items(self) -> tuple[Items, bool]:
        """The items, and whether commas separate them."""
        texts: list[str] = []
        numbers: list[int] = []
        commas: set[bool] = set()
        while not self.has("]"):
            self._refuse_cut()
            if self.has("'") or self.has('"'):
                texts.append(self._string())
            else:
                numbers.append(self._number())
            comma = self._separator()
            if comma is not None:
                commas.add(comma)
        if len(commas) > 1:
            raise self.fault("a comma between some items only")
        if texts and numbers:
            raise self.fault("both texts and numbers")
        self.sign("]")
        return texts or numbers, True in commas

    def _separator(self) -> bool | None:
        """Whether there is a comma before the next item; None if there is no next item."""
        self._refuse_cut()
        found = _BETWEEN.match(self._text, self._at)
        self._at = found.end() if found else self._at
        comma = found is not None and found.group(1) is not None
        if self.has("]") and not comma:
            return None
        if self.has("]") or not found:
            raise self.fault("no item after a comma" if comma else "nothing between two items")
        return comma

    def string(self) -> str:
        """A quoted text, and the white space after it."""
        text = self._string()
        self._skip(_SPACE)
        return text

    def _string(self) -> str:
        found = _STRING.match(self._text, self._at)
        if not found:
            raise self.fault("expected a quoted text")
        self._at = found.end()
        inside = found.group(1) if found.group(1) is not None else found.group(2)
        return _ESCAPE.sub(self._character, inside) if "\\" in inside else inside

    def _number(self) -> int:
        found = _NUMBER.match(self._text, self._at)
        if not found:
            raise self.fault("expected a quoted text or a whole number")
        self._at = found.end()
        return int(found.group())

    def _character(self, escape: re.Match[str]) -> str:
        code = int(escape.group(1) or escape.group(2) or escape.group(3) or "-1", 16)
        # A lone surrogate is not a character: text that contains one cannot be written to a file.
        if 0 <= code < 0xD800 or 0xDFFF < code < 0x110000:
            return chr(code)
        if code < 0 and escape.group(4) in _SIMPLE:
            return _SIMPLE[escape.group(4)]
        raise self.fault(f"unknown escape {escape.group()[:10]!r}")

    def sign(self, sign: str) -> None:
        """Go past this sign and the white space after it."""
        if not self.has(sign):
            raise self.fault(f"expected {sign!r}")
        self._at += 1
        self._skip(_SPACE)

    def has(self, sign: str) -> bool:
        """Whether this sign is next."""
        return self._text.startswith(sign, self._at)

    def end(self) -> None:
        """Check that the text ends here."""
        if self._at < len(self._text):
            raise self.fault("expected the end of the text")

    def _refuse_cut(self) -> None:
        if _CUT.match(self._text, self._at):
            raise self.fault("numpy printed only part of the array (...)")

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        found = pattern.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return found is not None

    def fault(self, why: str) -> Fault:
        """The Fault for this place."""
        return Fault("malformed field", f"{self._field}: {why} (at character {self._at} of {len(self._text)})")
