"""Questions as people type them, with passages; up to three state the answer. The format is MS MARCO's v2.1."""

from functools import partial

from tracekd.tasks.msmarco import LABELS
from tracekd.worlds.contract import Family, World
from tracekd.worlds.msmarco.dials import DescriptionDials, NameDials, NumericDials, PassageDials
from tracekd.worlds.msmarco.question import make
from tracekd.worlds.msmarco.record import to_columns

_DIALS: dict[str, tuple[str, type[PassageDials]]] = {
    "DESCRIPTION": ("what something is, why, how, or whether", DescriptionDials),
    "NUMERIC": ("how much, how long, how many, when", NumericDials),
    "ENTITY": ("which things: a list", PassageDials),
    "LOCATION": ("where something is or comes from", NameDials),
    "PERSON": ("who made, found or leads something", NameDials),
}

_FAMILIES = {
    label: Family(label, _DIALS[label][0], _DIALS[label][1], partial(make, label), f"{label.lower()}.jsonl")
    for label in LABELS
}


WORLD = World(
    name="msmarco",
    summary="questions from a search engine over passages about made-up things, answered in free text",
    task="msmarco",
    families=_FAMILIES,
    finish=to_columns,
)
