"""The problems of a study: loaded, filtered in the same way for every regime, and split by group without overlap."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from tracekd.errors import UserError
from tracekd.files import read_json
from tracekd.pretraining.stories import part_of_opening
from tracekd.problem import Problem
from tracekd.randomness import share
from tracekd.regimes import Donor, Donors, Setting, Unsupported, draw_trace, get_regime, lendable
from tracekd.sft.tokens import load_tokenizer
from tracekd.students.base import base_folder
from tracekd.study.config import WORLD, Study, TaskSource
from tracekd.tasks import Task, get_task
from tracekd.tasks.loading import load, load_strict
from tracekd.tasks.reading.fault import Skipped
from tracekd.tasks.split import join_ties
from tracekd.teacher.texts import read_texts
from tracekd.verify.trace_kind import DEFAULT_KIND
from tracekd.worlds import get_world
from tracekd.worlds.dials import choose_families, set_dials
from tracekd.worlds.loading import load_world
from tracekd.worlds.writing import write_world

SIDES = ("test", "validation", "train")
UNREAD = "no class was read"
PRETRAINED = "the embedded base may have met the story in pretraining"
_TEST_SHARE, _VALIDATION_SHARE = 0.25, 0.05


class SplitReport(BaseModel):
    """How the problems of the source were split. Counts are by class; `left_out` by reason, then by class. `skipped`
    lists the invalid records, `donors` the problems whose traces a regime may swap in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    labels: tuple[str, ...]
    loaded: dict[str, int]
    left_out: dict[str, dict[str, int]]
    sides: dict[str, dict[str, int]]
    groups: dict[str, int]
    skipped: tuple[Skipped, ...] = ()
    donors: tuple[Donor, ...] = ()


def read_split(path: Path) -> SplitReport:
    """Read how the problems of a study were split."""
    return read_json(path, SplitReport)


def make_world(source: TaskSource, seed: int, folder: Path) -> None:
    """Write the problems of the world that a source describes."""
    world = get_world(source.name)
    dials = set_dials(world, choose_families(world, source.classes), source.dials)
    write_world(world.name, dials, folder, n=source.questions, seed=seed)


def prepare(study: Study, folder: str | Path) -> tuple[dict[str, list[Problem]], SplitReport]:
    """The problems of each side, and the report on problems that were left out. `folder` is the source: a file, a
    folder, or a name of the Hub. Raises UserError if a source is missing or invalid, or if a side would be empty.
    """
    source = study.task
    found = list(_load(source, folder))
    loaded = _of_classes(source, [p for p in found if isinstance(p, Problem)])
    labels = sorted({p.label for p in loaded})
    left_out = _count_skipped(found)
    if source.source == WORLD and source.name == "babi":
        loaded = not_met_in_pretraining(loaded, left_out)
    donors = _donors(study, loaded, setting_of(study, labels))
    setting = setting_of(study, labels, donors)
    usable = [p for p in loaded if not _reason_to_leave_out(p, study, setting, left_out)]
    sides = _split(usable, study, left_out)
    for side in SIDES:
        if not sides[side]:
            raise UserError(
                f"no problem is left for the {side} side",
                where=folder,
                expected=f"a source with more than {len(loaded)} problems, or settings that leave out fewer of them:  "
                + (", ".join(left_out) or "none"),
            )
    skipped = tuple(p for p in found if isinstance(p, Skipped))
    return sides, _report(setting.labels, loaded, left_out, sides).model_copy(
        update={"skipped": skipped, "donors": donors}
    )


def setting_of(study: Study, labels: Iterable[str], donors: Iterable[Donor] = ()) -> Setting:
    """The setting of a study: what regimes know apart from the problem. Raises UserError for an invalid folder of a
    teacher.
    """
    source = study.task
    setting = Setting.of(get_task(source.name), labels)
    collected = read_texts(Path(source.teacher)) if source.teacher else {}
    # All students share the data; if their tokenizers differ, the first one defines lengths.
    length = load_tokenizer(base_folder(study.students[0].base)).length
    return replace(
        setting,
        donors=Donors.from_list(donors),
        collected=collected,
        length=length,
        free_traces=study.trace != DEFAULT_KIND,
    )


def _donors(study: Study, problems: Iterable[Problem], setting: Setting) -> tuple[Donor, ...]:
    """Only problems of the training side are donors of traces: a test fact in a training example would be a leak."""
    regimes = [get_regime(regime) for regime in study.regimes]
    if not any(regime.borrows for regime in regimes):
        return ()
    train = (problem for problem in problems if _side(problem, study) == "train")
    return tuple(Donors.of(lendable(train, regimes, setting, study.data_seed)))


def _side(problem: Problem, study: Study) -> str:
    """By group: a group's side is a pure function of (data seed, group)."""
    draw = share(study.data_seed, problem.group, "split")
    return "test" if draw < _TEST_SHARE else "validation" if draw < _TEST_SHARE + _VALIDATION_SHARE else "train"


def source_name(source: TaskSource, world: Path) -> str:
    """The source that the task loads: the world's folder, or the source itself."""
    return str(world) if source.source == WORLD else source.source


def _load(source: TaskSource, name: str | Path) -> Iterator[Problem | Skipped]:
    task = get_task(source.name)
    for found in _read(source, task, str(name)):
        if isinstance(found, Problem):
            if source.subset and not task.subsets[source.subset](found):
                continue
            yield found.with_support(source.support) if source.support else found
        else:
            yield found


def _read(source: TaskSource, task: Task, name: str) -> Iterator[Problem | Skipped]:
    if source.source == WORLD:
        return load_world(Path(name))
    return load_strict(task, [name]) if source.strict else load(task, [name])


def not_met_in_pretraining(problems: list[Problem], left_out: dict[str, Counter[str]]) -> list[Problem]:
    """The problems without the stories that the embedded base may have seen in pretraining; their first two sentences
    decide.
    """
    kept: list[Problem] = []
    for _, group in groupby(problems, key=lambda problem: problem.group):
        story = list(group)
        # The last question has most of the story in its context.
        if part_of_opening([fact.text for fact in story[-1].context[:2]]) == "study":
            kept += story
        else:
            left_out.setdefault(PRETRAINED, Counter()).update(problem.label for problem in story)
    return kept


def _of_classes(source: TaskSource, problems: Iterable[Problem]) -> list[Problem]:
    kept = [p for p in problems if not source.classes or p.label in source.classes]
    missing = set(source.classes) - {p.label for p in kept}
    if missing or not kept:
        raise UserError(
            f"the source has no problem of {', '.join(sorted(missing)) or 'any class'}", where=source.source,
            expected="problems of each class that the study names",
            next_step=f"tracekd problems {source.name} {source.source}",
        )  # fmt: skip
    return join_ties(kept)


def _count_skipped(found: Iterable[Problem | Skipped]) -> dict[str, Counter[str]]:
    left_out: dict[str, Counter[str]] = {}
    for skipped in found:
        if isinstance(skipped, Skipped):
            left_out.setdefault(f"skipped: {skipped.reason}", Counter())[UNREAD] += 1
    return left_out


def _reason_to_leave_out(problem: Problem, study: Study, setting: Setting, left_out: dict[str, Counter[str]]) -> bool:
    """Count the reason, if there is one. A problem that one regime does not support is left out of all, because they
    share problems.
    """
    reason = None
    if len(problem.context) > study.task.most_facts:
        reason = f"more than {study.task.most_facts} facts"
    for regime in study.regimes:
        try:
            draw_trace(problem, regime, setting, study.data_seed)
        except Unsupported as why:
            reason = reason or f"{regime}: {why}"
    if reason:
        left_out.setdefault(reason, Counter())[problem.label] += 1
    return reason is not None


def _split(problems: list[Problem], study: Study, left_out: dict[str, Counter[str]]) -> dict[str, list[Problem]]:
    pools: dict[str, list[Problem]] = {side: [] for side in SIDES}
    for problem in problems:
        pools[_side(problem, study)].append(problem)
    labels = sorted({p.label for p in problems})
    chosen: dict[str, list[Problem]] = {}
    taken: set[str] = set()
    for side in SIDES:
        fresh = [p for p in pools[side] if text_of(p) not in taken]
        for problem in pools[side]:
            if text_of(problem) in taken:
                left_out.setdefault(f"{side}: the same text is on another side", Counter())[problem.label] += 1
        chosen[side] = _draw_evenly(fresh, labels, getattr(study.sizes, side), study.data_seed)
        taken |= {text_of(p) for p in chosen[side]}
    return chosen


def _draw_evenly(problems: list[Problem], labels: list[str], size: int, seed: int) -> list[Problem]:
    """Up to the same number of each class, in a random order that depends only on the seed and the problem."""
    quotas = {label: size // len(labels) + (i < size % len(labels)) for i, label in enumerate(labels)}
    kept: list[Problem] = []
    for problem in sorted(problems, key=_place(seed)):
        if quotas[problem.label] > 0:
            quotas[problem.label] -= 1
            kept.append(problem)
    return kept


def _place(seed: int) -> Callable[[Problem], tuple[float, str]]:
    return lambda problem: (share(seed, problem.id, "order"), problem.id)


def text_of(problem: Problem) -> str:
    """The text that a student sees: two problems with the same text are the same problem."""
    return "\n".join([*(fact.text for fact in problem.context), problem.question])


def _report(
    labels: tuple[str, ...], loaded: list[Problem], left_out: dict[str, Counter[str]], sides: dict[str, list[Problem]]
) -> SplitReport:
    return SplitReport(
        labels=labels,
        loaded=_by_label(loaded),
        left_out={reason: dict(sorted(counts.items())) for reason, counts in sorted(left_out.items())},
        sides={side: _by_label(problems) for side, problems in sides.items()},
        groups={side: len({p.group for p in problems}) for side, problems in sides.items()},
    )


def _by_label(problems: Iterable[Problem]) -> dict[str, int]:
    return dict(sorted(Counter(p.label for p in problems).items()))
