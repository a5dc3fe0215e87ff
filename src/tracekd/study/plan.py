"""The files of a study. The name of each artefact contains a hash of its inputs, and how its traces were judged."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tracekd import __version__
from tracekd.content_hash import sha256_of
from tracekd.errors import UserError
from tracekd.files import file_hash, files_of, recipe_key
from tracekd.regimes import get_regime
from tracekd.students.adapter_config import base_of, read_adapter_config
from tracekd.students.student import NOT_TRAINING, Student
from tracekd.study.config import WORLD, Study
from tracekd.study.problems import SIDES
from tracekd.tasks.reading.source import HUB
from tracekd.teacher.texts import KEPT
from tracekd.verify.trace_kind import DEFAULT_KIND, TRACE_KINDS, TraceKind


@dataclass(frozen=True)
class Cell:
    """One regime x student x seed, and its files, each made from the previous one. `trace`: how its traces are judged."""

    name: str
    regime: str
    student: Student
    seed: int
    sft: Path
    model: Path
    outputs: Path
    verdicts: Path
    record: Path
    trace: TraceKind = DEFAULT_KIND

    @property
    def other_verdicts(self) -> tuple[Path, ...]:
        """Where verdicts are if the same outputs were judged in other ways."""
        return tuple(_verdicts_of(self.outputs, kind) for kind in TRACE_KINDS if kind != self.trace)

    @property
    def effects(self) -> Path:
        """The effects of interventions on its student. Named by a hash of the outputs, which must exist. The name of
        the file of outputs is not enough: a student that is trained again with a time budget writes other outputs.
        """
        return effects_of(self.outputs, self.trace)

    @property
    def is_finished(self) -> bool:
        """Whether its outputs exist and are judged. Interventions on its student come later."""
        return all(path.is_file() for path in self.files)

    @property
    def files(self) -> tuple[Path, ...]:
        """What a finished cell has, besides its student and its supervised data."""
        return self.outputs, self.verdicts, self.record


def effects_of(outputs: Path, kind: TraceKind) -> Path:
    """The file of effects that belongs to a file of outputs of a study, in which traces are read as ones of this kind."""
    return outputs.parents[1] / "effects" / f"{outputs.stem}-{sha256_of(outputs)[:12]}{_ending(kind)}.jsonl"


def crossed_effects_of(cell: Cell, others: Iterable[Path]) -> Path:
    """The file of effects of the traces of other students, which are in these `others` files of outputs."""
    traces = recipe_key(others=[sha256_of(path) for path in others])
    return cell.effects.with_name(f"{cell.effects.stem}-cross-{traces}.jsonl")


def outputs_of(verdicts: Path) -> Path:
    """The file of outputs that belongs to a file of verdicts of a study."""
    stem = verdicts.stem.removesuffix(_ending(kind_of(verdicts)))
    return verdicts.parents[1] / "outputs" / f"{stem}.jsonl"


def kind_of(verdicts: Path) -> TraceKind:
    """How the traces in a file of verdicts were judged."""
    others = (kind for kind in TRACE_KINDS if kind != DEFAULT_KIND)
    return next((kind for kind in others if verdicts.stem.endswith(_ending(kind))), DEFAULT_KIND)


def _verdicts_of(outputs: Path, kind: TraceKind) -> Path:
    return outputs.parents[1] / "verdicts" / f"{outputs.stem}{_ending(kind)}.jsonl"


def _ending(kind: TraceKind) -> str:
    """What the names of files of verdicts say about how traces were judged. By default nothing, as in earlier versions."""
    return "" if kind == DEFAULT_KIND else f".{kind}"


@dataclass(frozen=True)
class Plan:
    """The files of a study."""

    study: Study
    run: Path
    world: Path
    problems: dict[str, Path]
    split: Path
    cells: tuple[Cell, ...]

    @property
    def report(self) -> Path:
        return self.run / "report.html"


def make_plan(study: Study, run: Path, base_hashes: dict[str, str]) -> Plan:
    """Plan a study in a run folder. `base_hashes` maps each student's name to the hash of its base's files.

    Raises UserError if the source of the problems is missing.
    """
    world_key = recipe_key(task=study.task.model_dump(mode="json"), seed=study.data_seed, version=__version__)
    data_key = recipe_key(
        world=world_key,
        source=_source_hash(study),
        sizes=study.sizes.model_dump(mode="json"),
        # A problem that one regime does not support is left out of all, so the problems depend on the regimes.
        regimes=sorted(study.regimes),
        teacher=_teacher_hash(study),
    )
    # Lengths of traces may be matched in tokens, with the tokenizer of the first student.
    examples_key = recipe_key(data=data_key, tokenizer=base_hashes[study.students[0].name])
    cells = tuple(
        _cell(run, examples_key, regime, student, seed, base_hashes[student.name], study.trace)
        for seed in study.seeds
        for student in study.students
        for regime in study.regimes
    )
    return Plan(
        study=study,
        run=run,
        world=run / "worlds" / f"{study.task.name}-{world_key}",
        problems={side: run / "problems" / f"{side}-{data_key}.jsonl" for side in SIDES},
        split=run / "problems" / f"split-{data_key}.json",
        cells=cells,
    )


def hash_bases(study: Study, folders: dict[str, Path]) -> dict[str, str]:
    """The hash of each student's base, by the student's name."""
    return {student.name: _weights_hash(folders[student.name]) for student in study.students}


def _weights_hash(folder: Path) -> str:
    """The hash of a base's files; of an adapter, also of the base below it."""
    own, adapter = file_hash(folder), read_adapter_config(folder)
    return own if adapter is None else recipe_key(own=own, base=_weights_hash(base_of(folder, adapter)))


def _cell(
    run: Path, examples_key: str, regime: str, student: Student, seed: int, base_hash: str, trace: TraceKind
) -> Cell:
    sft_key = recipe_key(examples=examples_key, regime=regime, seed=seed)
    training = student.model_dump(mode="json", exclude={"base", *NOT_TRAINING})
    model_key = recipe_key(sft=sft_key, base=base_hash, training=training)
    generation = student.model_dump(mode="json", include={"max_new_tokens", "generation_batch", "chat"})
    output_key = recipe_key(model=model_key, generation=generation)
    name = f"{get_regime(regime).file_name}-{student.name}-s{seed}"
    outputs = run / "outputs" / f"{name}-{output_key}.jsonl"
    return Cell(
        name=name,
        regime=regime,
        student=student,
        seed=seed,
        sft=run / "sft" / f"{get_regime(regime).file_name}-s{seed}-{sft_key}.jsonl",
        model=run / "students" / f"{name}-{model_key}",
        outputs=outputs,
        verdicts=_verdicts_of(outputs, trace),
        record=run / "cells" / f"{name}-{output_key}.json",
        trace=trace,
    )


def _teacher_hash(study: Study) -> str | None:
    folder = study.task.teacher
    return None if folder is None else file_hash(Path(folder) / KEPT)


def _source_hash(study: Study) -> str | None:
    source = study.task.source
    if source == WORLD:
        return None
    if source.startswith(HUB):
        return recipe_key(hub=source)  # only the name: planning a study downloads nothing
    path = Path(source)
    if not path.exists():
        raise UserError(
            "this source does not exist", where=path, expected=f"{WORLD!r}, a file, a folder, or {HUB}ID",
            next_step="tracekd study --set task.source=PATH",
        )  # fmt: skip
    return recipe_key(files=[[file.name, file_hash(file)] for file in files_of(path)])
