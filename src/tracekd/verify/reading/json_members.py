"""One JSON object larger than memory, a member at a time; of its arrays, an element at a time."""

from collections.abc import Iterator
from pathlib import Path

from tracekd.tasks.reading.fault import Fault
from tracekd.tasks.reading.json_stream import Broken, Scanner, Value, members


def read_members(path: Path, arrays: frozenset[str]) -> Iterator[tuple[str, Value | Fault]]:
    """Yield the name and the value of each member; for those in `arrays`, each element under the member's name.

    Where the file is no JSON, a Fault is the last thing, under no name.
    """
    with path.open("rb") as file:
        scanner = Scanner(file)
        try:
            for name in members(scanner):
                if name in arrays and scanner.peek() == "[":
                    yield from ((name, element) for element in _elements(scanner))
                else:
                    yield name, _value(scanner)
        except Broken as broken:
            yield "", Fault("not JSON", f"{broken}; the rest of the file is lost", where=f"{path}:{scanner.line}")


def _elements(scanner: Scanner) -> Iterator[Value]:
    scanner.take("[")
    if scanner.peek() == "]":
        scanner.take("]")
        return
    while True:
        yield _value(scanner)
        if scanner.take(",]") == "]":
            return


def _value(scanner: Scanner) -> Value:
    _, line, text = scanner.value()
    return Value(line, text.encode("latin-1"))
