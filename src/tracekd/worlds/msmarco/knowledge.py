"""The kinds of things, their attributes, and the forms of questions and sentences about them.

The forms are in `kinds/*.txt`: first a line `name`, then a block for each attribute, which begins with its name and
the type of its questions. In a block, `value` lists the possible values (see `values`; `a`, `b` and `c` are the choices
of a phrase), `ask` the forms of questions, `say` those of sentences, `answer` those of answers. `{x}` stands for the
thing, `{v}` for the value.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tracekd.worlds.msmarco.values import Flag, Listed, Number, Person, Phrase, Place, Values, Year, name

KINDS = "town river museum mineral plant illness dish device novel animal".split()


@dataclass(frozen=True, eq=False)
class Attribute:
    """An attribute of a kind. `label` is the type of the questions about it.

    `asks`: the forms of questions; `says`: the forms of sentences in passages; `answer`: a form that no passage has.
    """

    name: str
    label: str
    values: Values
    asks: tuple[str, ...]
    says: tuple[str, ...]
    answer: str


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of thing. `naming` is the form of its names, with `{N}` for a proper name and `{n}` for a common noun."""

    name: str
    naming: str
    attributes: tuple[Attribute, ...]

    def named(self, index: int) -> str:
        """The name of thing number `index` (of `values.NAMES`)."""
        syllables = name(index)
        return self.naming.replace("{n}", syllables).replace("{N}", syllables.capitalize())


@dataclass(frozen=True)
class Topic:
    """A topic of questions: an attribute, and the kind of thing that has it."""

    kind: Kind
    attribute: Attribute

    @property
    def yes_no(self) -> bool:
        return isinstance(self.attribute.values, Flag)


@cache
def kinds() -> tuple[Kind, ...]:
    """All kinds."""
    pools = {line.split()[0]: line.partition(" ")[2].split(", ") for line in _lines("pools.txt")}
    return tuple(_kind(kind, pools) for kind in KINDS)


@cache
def topics(label: str, yes_no: bool) -> tuple[Topic, ...]:
    """The topics of questions of this type: those with the answer yes or no if `yes_no`, else the others."""
    every = (Topic(kind, attribute) for kind in kinds() for attribute in kind.attributes)
    return tuple(topic for topic in every if topic.attribute.label == label and topic.yes_no == yes_no)


@cache
def fillers() -> tuple[str, ...]:
    """Sentences that state nothing about anything."""
    return _forms(_lines("fillers.txt"), "say")


@cache
def mentions() -> tuple[str, ...]:
    """Sentences that name two things (`{x}`, `{y}`) and state nothing about either."""
    return _forms(_lines("fillers.txt"), "mention")


def _lines(file: str) -> list[str]:
    text = files("tracekd.worlds.msmarco").joinpath(file).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line]


def _forms(lines: Sequence[str], key: str) -> tuple[str, ...]:
    return tuple(line.removeprefix(f"{key} ") for line in lines if line.startswith(f"{key} "))


def _kind(kind: str, pools: dict[str, list[str]]) -> Kind:
    head, *blocks = _blocks(_lines(f"kinds/{kind}.txt"))
    return Kind(kind, _forms(head, "name")[0], tuple(_attribute(block, pools) for block in blocks))


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    starts = [at for at, line in enumerate(lines) if line.startswith("[")]
    for start, end in zip([0, *starts], [*starts, len(lines)], strict=True):
        yield list(lines[start:end])


def _attribute(block: Sequence[str], pools: dict[str, list[str]]) -> Attribute:
    title, label = block[0].removeprefix("[").split("] ")
    return Attribute(
        name=title,
        label=label,
        values=_values(block, pools),
        asks=tuple(_forms(block, "ask")[0].split(" | ")),
        says=_forms(block, "say"),
        answer=_forms(block, "answer")[0],
    )


def _values(block: Sequence[str], pools: dict[str, list[str]]) -> Values:
    maker, _, rest = _forms(block, "value")[0].partition(" ")
    given = rest.split(" | ")
    match maker:
        case "number":
            low, high, step = map(int, given[0].split())
            return Number(low, high, step, given[1], given[2])
        case "year":
            low, high = map(int, rest.split())
            return Year(low, high)
        case "place":
            return Place()
        case "person":
            return Person()
        case "list":
            return Listed(pools[rest])
        case "flag":
            return Flag(given[0], given[1])
        case "phrase":
            parts = {f"{{{key}}}": _forms(block, key)[0].split(" | ") for key in "abc"}
            return Phrase(given[0], given[1], parts)
    raise ValueError(f"unknown sort of value {maker!r}")
