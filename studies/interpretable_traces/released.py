"""Finds the released files: outputs by data set, model, regime and seed, and the tables of test items.

The layouts (arXiv 2505.13792, its released repository): CoTempQA has a folder for each class, bAbI and MARCO one file
for all; model, regime and seed are in the file's name (`Qwen3-1.7B-sft-adapter-reasoning-facts-121_default.json`).
Parent folders do not matter, so a part of the repository also works.
"""

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tracekd.errors import UserError
from tracekd.tasks.cotempqa.intervals import LABELS as COTEMPQA_CLASSES
from tracekd.tasks.msmarco import LABELS as MARCO_CLASSES

DataSet = Literal["cotempqa", "babi", "msmarco"]
DATA_SETS: tuple[DataSet, ...] = ("cotempqa", "msmarco", "babi")
TITLES: Mapping[DataSet, str] = {"cotempqa": "CoTempQA", "babi": "bAbI", "msmarco": "MARCO"}

# The part of the name between `-sft-adapter` and the seed.
REGIMES: Mapping[str, str] = {
    "": "answer_only",
    "-reasoning": "class_only",
    "-reasoning-facts": "correct",
    "-reasoning-facts-perturbed": "incorrect",
    "-reasoning-r1-traces": "r1_traces",
    "-reasoning-summarized-r1-traces": "r1_summaries",
    "-reasoning-r1-explanations": "r1_explanations",
    "-reasoning-r1-set-vanilla": "r1_set_answer_only",
    "-reasoning-r1-set-custom-traces": "r1_set_correct",
    "-reasoning-r1-set-incorrect-traces": "r1_set_incorrect",
    "-reasoning-r1-set-swapped": "r1_set_swapped",
}
# The regimes whose traces have the two steps, on the test items of the paper's first question.
STEPS = ("correct", "incorrect")
FIRST_QUESTION = ("answer_only", *STEPS)
MODELS = ("Llama-3.2-1B-Instruct", "Qwen3-1.7B")
NO_SEED = 0

_NAME = re.compile(
    r"(?P<model>[\w.\-]{1,80}?)-sft-adapter(?P<regime>-reasoning[a-z0-9-]*?)?(?:-(?P<seed>\d{1,6}))?_default"
)
_TABLE = re.compile(rf"(?:(?P<label>{'|'.join(COTEMPQA_CLASSES)})_)?test")
# Results, and files that are not data.
_OTHER = frozenset({"evaluation_results", "confusion_matrix", ".git"})
# Several folders of tables contain the same test items; the official evaluation uses this one.
_TABLES = "sft_dataset_reasoning_with_facts_chat_template"
_SNIFFED = 2**20
_MARCO_TYPE = re.compile(rf'"query_type": ?"(?:{"|".join(MARCO_CLASSES)})"')


@dataclass(frozen=True, slots=True)
class Cell:
    """The origin of outputs. `seed` is 0 for the published run, and 121, 122, 123 for the repeated runs."""

    data_set: DataSet
    model: str
    regime: str
    seed: int = NO_SEED

    @property
    def traced(self) -> bool:
        """Whether its model is trained to write both steps; other models do not write such a trace before the answer."""
        return self.regime in STEPS

    def __str__(self) -> str:
        again = f", seed {self.seed}" if self.seed else ""
        return f"{TITLES[self.data_set]}, {self.model}, {self.regime}{again}"


@dataclass(frozen=True, slots=True)
class Released:
    """`outputs`: for each cell its files by class (for bAbI and MARCO, whose files hold all classes, by "").

    `tables`: the test items, by data set and class likewise. `missing`: further files that the paper's tables need.
    """

    outputs: Mapping[Cell, Mapping[str, Path]]
    tables: Mapping[tuple[DataSet, str], Path]
    missing: tuple[str, ...]


def find(folder: Path) -> Released:
    """The released files anywhere in a folder. Raises UserError if there is none."""
    if not folder.is_dir():
        raise UserError("this folder does not exist", where=folder, expected="the released files, or their repository")
    outputs: dict[Cell, dict[str, Path]] = defaultdict(dict)
    tables: dict[tuple[DataSet, str], Path] = {}
    for path in _files(folder):
        if path.suffix == ".csv":
            _take_table(path, tables)
        elif cell := _cell(path):
            outputs[cell].setdefault(_class_of(path), path)
    if not outputs:
        raise UserError(
            "there are no released outputs in this folder",
            where=folder,
            expected="files such as equal/Llama-3.2-1B-Instruct-sft-adapter-reasoning-facts_default.json",
        )
    found = {cell: _in_order(outputs[cell]) for cell in sorted(outputs, key=_place)}
    return Released(found, tables, tuple(_missing(found, tables)))


def _place(cell: Cell) -> tuple[int, str, int, int]:
    """Data sets, models, regimes in the order of the paper, then seeds."""
    return DATA_SETS.index(cell.data_set), cell.model, list(REGIMES.values()).index(cell.regime), cell.seed


def _in_order(files: Mapping[str, Path]) -> dict[str, Path]:
    return {label: files[label] for label in ("", *COTEMPQA_CLASSES) if label in files}


def _files(folder: Path) -> Iterable[Path]:
    """The files of a folder and of those below it, sorted; links to folders are not followed."""
    for at, below, names in os.walk(folder):
        below[:] = sorted(name for name in below if name not in _OTHER)
        yield from (Path(at, name) for name in sorted(names) if name.endswith((".json", ".csv")))


def _cell(path: Path) -> Cell | None:
    named = _NAME.fullmatch(path.stem)
    regime = REGIMES.get(named["regime"] or "") if named else None
    if named is None or regime is None:
        return None
    return Cell(_data_set(path), named["model"], regime, int(named["seed"] or NO_SEED))


def _data_set(path: Path) -> DataSet:
    if path.parent.name in COTEMPQA_CLASSES:
        return "cotempqa"
    # By the content: outputs of MARCO were once written to bAbI's folder.
    with path.open("rb") as file:
        head = file.readline(_SNIFFED).decode("utf-8", errors="replace")
    return "msmarco" if _MARCO_TYPE.search(head) else "babi"


def _class_of(path: Path) -> str:
    return path.parent.name if path.parent.name in COTEMPQA_CLASSES else ""


def _take_table(path: Path, tables: dict[tuple[DataSet, str], Path]) -> None:
    """Remember a table of test items; the table of the official evaluation has priority."""
    named = _TABLE.fullmatch(path.stem)
    above = path.parent.name
    if named is None or not above.startswith("sft_dataset") or "r1_" in above:
        return
    folder = path.parent.parent.name.lower()
    label = named["label"] or ""
    data_set: DataSet = "cotempqa" if label else "msmarco" if "marco" in folder else "babi"
    if not label and "babi" not in folder and "marco" not in folder:
        return
    if above == _TABLES or (data_set, label) not in tables:
        tables[data_set, label] = path


def _missing(outputs: Mapping[Cell, Mapping[str, Path]], tables: Mapping[tuple[DataSet, str], Path]) -> Iterable[str]:
    """The missing files that the paper's tables need, in words."""
    wanted = [Cell(d, m, r) for d in DATA_SETS for m in MODELS for r in FIRST_QUESTION]
    yield from (f"outputs: {cell}" for cell in wanted if cell not in outputs)
    for cell, files in outputs.items():
        lacking = [label for label in COTEMPQA_CLASSES if label not in files]
        if cell.data_set == "cotempqa" and lacking:
            yield f"outputs: {cell}, {'class' if len(lacking) == 1 else 'classes'} {', '.join(lacking)}"
    for data_set in dict.fromkeys(cell.data_set for cell in outputs):
        labels = COTEMPQA_CLASSES if data_set == "cotempqa" else ("",)
        names = [f"{label}_test.csv" if label else "test.csv" for label in labels if (data_set, label) not in tables]
        if names:
            yield f"tables of test items: {TITLES[data_set]}, {', '.join(names)}"
