"""Reads structures of Thrift's compact protocol, in which Parquet writes its footer and the headers of its pages.

The library's own access to the footer ends the process if a damaged footer contradicts itself.
"""

from typing import Any

_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)
_NUMBERS = (_I16, _I32, _I64)
_DEEPEST = 32
# Members of lists; a footer has one for each column of each group of rows.
_MOST = 2**22

Struct = dict[int, Any]


def read_struct(data: bytes) -> Struct:
    """The fields of the structure at the beginning of some bytes, by number; texts are bytes. Raises ValueError if there is
    none.
    """
    try:
        return _Reader(data).struct(_DEEPEST)
    except IndexError:
        raise ValueError("a structure that does not end") from None


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data, self._at, self._left = data, 0, _MOST

    def struct(self, deepest: int) -> Struct:
        if not deepest:
            raise ValueError("structures that are too deep")
        fields: Struct = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._number()
            fields[number] = self._value(head & 15, deepest, in_list=False)
        return fields

    def _value(self, kind: int, deepest: int, *, in_list: bool) -> Any:
        if kind in (_TRUE, _FALSE):
            return self._byte() == _TRUE if in_list else kind == _TRUE
        if kind == _BYTE:
            return self._byte()
        if kind in _NUMBERS:
            return self._number()
        if kind == _DOUBLE:
            return self._bytes(8)
        if kind == _BINARY:
            return self._bytes(self._varint())
        if kind in (_LIST, _SET):
            return self._list(deepest)
        if kind == _MAP:
            return self._map(deepest)
        if kind == _STRUCT:
            return self.struct(deepest - 1)
        raise ValueError(f"a field of the unknown kind {kind}")

    def _list(self, deepest: int) -> list[Any]:
        head = self._byte()
        size = self._varint() if head >> 4 == 15 else head >> 4
        return [self._value(head & 15, deepest - 1, in_list=True) for _ in self._counted(size)]

    def _map(self, deepest: int) -> list[tuple[Any, Any]]:
        size = self._varint()
        kinds = self._byte() if size else 0
        return [
            (self._value(kinds >> 4, deepest - 1, in_list=True), self._value(kinds & 15, deepest - 1, in_list=True))
            for _ in self._counted(size)
        ]

    def _counted(self, size: int) -> range:
        self._left -= size
        if self._left < 0:
            raise ValueError("lists that are too long")
        return range(size)

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _bytes(self, size: int) -> bytes:
        if size > len(self._data) - self._at:
            raise ValueError("a text that does not end")
        self._at += size
        return self._data[self._at - size : self._at]

    def _varint(self) -> int:
        """A number with 7 bits in each byte."""
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
            if shift > 63:
                raise ValueError("a number of over 64 bits")

    def _number(self) -> int:
        """A number in zigzag form."""
        value = self._varint()
        return (value >> 1) ^ -(value & 1)
