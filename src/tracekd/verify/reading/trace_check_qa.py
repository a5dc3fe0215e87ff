"""The released outputs of the paper's students (arXiv 2505.13792): JSON Lines, whatever the file's extension is.

A record contains its problem: CoTempQA's question, facts and gold answers (the class is the folder's name); bAbI's and
MARCO's class, context, gold facts and gold answer, lists as Python prints them. Model, regime and seed are in the
file's name.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from tracekd.regimes.names import regime_of_name
from tracekd.tasks.cotempqa.load import label_of_name
from tracekd.tasks.list_literal import read_list
from tracekd.verify.reading.output_record import UNKNOWN, Format, GoldRecord, Head, OutputRecord, Outputs
from tracekd.verify.reading.records import Name, Texts, read_rows
from tracekd.verify.reading.stated_context import StatedContext

# `Qwen3-1.7B-sft-adapter-reasoning-facts-perturbed-121_default_during`: what was trained, on what, from which seed;
# how it was asked, or the class, or both.
_TRAINED = re.compile(r"(?P<model>.{1,200}?)-sft-adapter(?:-(?P<kind>[a-z].*?))?(?:-(?P<seed>[0-9]{1,9}))?")
_ASKED = re.compile(
    r"(?P<who>.{1,240}?)(?=_.)(?:_(?P<mode>default_with_reasoning|default|few_shot_math_cot|few_shot_cot|few_shot))?"
    r"(?:_(?P<label>equal|during|mix|overlap))?"
)
# Our names for the regimes that the paper compares; any other released name is kept.
_REGIMES = {
    None: "answer_only",
    "reasoning": "class_only",
    "reasoning-facts": "correct",
    "reasoning-facts-perturbed": "incorrect",
}
_PROMPTED = {"default": "zero_shot"}
_FOLDERS = 2


@dataclass(frozen=True, slots=True)
class Origin:
    """The origin of outputs, from the name of their file."""

    model: str
    regime: str
    seed: int
    label: str | None


def origin_of(path: Path) -> Origin:
    """The origin of a file's outputs; the class may be in the name of a folder above it."""
    asked = _ASKED.fullmatch(path.stem)
    who, mode = (asked["who"], asked["mode"]) if asked else (path.stem, None)
    label = asked["label"] if asked and asked["label"] else _label_of_folders(path)
    trained = _TRAINED.fullmatch(who)
    if trained:
        kind = trained["kind"]
        regime = _REGIMES.get(kind) or kind.removeprefix("reasoning-").replace("-", "_")
        return Origin(trained["model"], regime, int(trained["seed"] or 0), label)
    if mode is None:
        return Origin(who, regime_of_name(who) or UNKNOWN, 0, label)
    return Origin(who, _PROMPTED.get(mode, mode), 0, label)


def _label_of_folders(path: Path) -> str | None:
    names = [folder.name for folder in list(path.absolute().parents)[:_FOLDERS]]
    return next((label for name in names if (label := label_of_name(name))), None)


class _Prediction(BaseModel):
    model_config = ConfigDict(frozen=True)
    prediction: str | None
    question: str | None = None
    gold: str | tuple[str, ...] | None = None
    context: StatedContext | None = Field(None, validation_alias=AliasChoices("facts", "passage", "passages"))
    label: Name | None = Field(None, validation_alias="query_type")
    support: Texts | None = Field(None, validation_alias="answer_passage")


def read(path: Path) -> Outputs:
    """Yield the outputs of a file; model, regime and seed are in its name."""
    origin = origin_of(path)

    def make(row: _Prediction, where: str) -> tuple[OutputRecord]:
        output = OutputRecord(
            row.prediction or "",
            where,
            None,
            row.question,
            row.context,
            row.label or origin.label,
            origin.model,
            origin.regime,
            origin.seed,
            gold=None if row.gold is None else GoldRecord(_answers(row.gold), row.support),
        )
        return (output,)

    return read_rows(path, _Prediction, make)


def _answers(gold: str | tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(gold, tuple):
        return gold
    listed = read_list(gold) if gold.startswith("[") else None
    return (gold,) if listed is None else listed


def _recognises(head: Head) -> bool:
    # With an id, it is somebody's own file, which is joined by the id.
    is_own = not head.fields.isdisjoint(("id", "custom_id", "problem_id"))
    return "prediction" in head.fields and not is_own and not head.fields.isdisjoint(("gold", "question"))


FORMAT = Format("trace-check-qa", "a file of the outputs released with arXiv 2505.13792", _recognises, read)
