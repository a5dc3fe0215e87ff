"""From the verdicts of a study to the numbers of its report, in one call: `summarise`."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, groupby
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from tracekd.stats import association, paired
from tracekd.stats.association import Association, StepName, associate
from tracekd.stats.bootstrap import Draws, Floats, Ints, draw
from tracekd.stats.intervals import Estimate, Frozen, Rate, mean, rate
from tracekd.stats.paired import Comparison, Outcome, Side, common_seeds, compare
from tracekd.verify.verdict import TraceStatus, Verdict

# Below these the percentile bootstrap is known to be too narrow, and the summary says so.
FEW_GROUPS = 20
FEW_SEEDS = 5

_Run = tuple[str, str, int]  # student, regime, seed


class LabelSummary(Frozen):
    """The problems of one gold class."""

    label: str
    problems: int
    answer: Rate
    trace: Rate


class Unparsed(Frozen):
    """How much could not be read. It counts as wrong in every other rate. `status`: outputs per trace status."""

    class_step: Rate
    retrieval_step: Rate
    answer: Rate
    status: dict[TraceStatus, int]


class CellSummary(Frozen):
    """One regime and student: means over `seeds`, every `per_seed` in their order.

    `n` = problems x seeds is the denominator of every rate but one: `consistent` is the rate among the `judged` outputs
    (the task has a rule for the question), and None where a seed has none. `truncated`: stopped by the length limit.
    `answer_f1` is the mean token F1 in [0, 1], or None where answers are no free text.
    `precision`, `recall`, `f1` in [0, 1] and `invented` (facts an output) are means over all outputs.
    """

    regime: str
    student: str
    seeds: tuple[int, ...]
    problems: int
    groups: int
    n: int
    answer: Rate
    lenient_answer: Rate
    answer_f1: Estimate | None
    class_step: Rate
    retrieval_step: Rate
    trace: Rate
    judged: int
    consistent: Rate | None
    unparsed: Unparsed
    truncated: Rate
    precision: Estimate
    recall: Estimate
    f1: Estimate
    invented: Estimate
    by_label: tuple[LabelSummary, ...]
    associations: tuple[Association, ...]


class Summary(Frozen):
    """All cells (by student, then regime), all pairs of regimes of a student, and what to bear in mind."""

    cells: tuple[CellSummary, ...]
    comparisons: tuple[Comparison, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Problems:
    """What is the same for all cells: ids ascending, and each problem's group, numbered, and class."""

    ids: tuple[str, ...]
    group: Ints
    n_groups: int
    labels: NDArray[np.str_]


@dataclass(frozen=True)
class _Cell:
    """The verdicts of a regime and student: one row a seed (ascending), one column a problem (by id)."""

    regime: str
    student: str
    seeds: tuple[int, ...]
    rows: tuple[tuple[Verdict, ...], ...]

    @property
    def is_traced(self) -> bool:
        """Whether any output has something of a trace. A regime without traces has none, whatever it is called."""
        return any(v.status != "no_trace" for row in self.rows for v in row)

    def column(self, value: Callable[[Verdict], bool]) -> NDArray[np.bool_]:
        return np.array([[value(v) for v in row] for row in self.rows], dtype=bool)

    def scores(self, value: Callable[[Verdict], float]) -> Floats:
        return np.array([[value(v) for v in row] for row in self.rows], dtype=np.float64)

    def side(self, outcome: Outcome) -> Side:
        ids = tuple(v.id for v in self.rows[0])
        return Side(self.regime, self.student, self.seeds, ids, self.column(lambda v: bool(getattr(v, outcome))))


def summarise(verdicts: Iterable[Verdict], *, resamples: int = 2000, seed: int = 0) -> Summary:
    """All rates, associations and paired comparisons of a study. The order of the verdicts does not matter.

    `resamples` and `seed` are those of the crossed bootstrap (arXiv:1106.2125). Raises ValueError where there are no
    verdicts, where one is there twice, where a (regime, student, seed) lacks a problem that another has, or where
    a problem has two groups or classes.
    """
    runs = _runs(verdicts)
    problems = _problems(runs)
    cells = _cells(runs)
    # Drawn once for each number of seeds, so that all cells and comparisons see the same resampled groups.
    draws = cache(lambda n_seeds: draw(problems.n_groups, n_seeds, resamples=resamples, seed=seed))
    summaries = _with_holm([_summarise_cell(cell, problems, draws(len(cell.seeds))) for cell in cells])
    comparisons, unpaired = _compare_all(cells, problems, draws)
    return Summary(cells=summaries, comparisons=comparisons, notes=(*_notes(summaries), *unpaired))


def _runs(verdicts: Iterable[Verdict]) -> dict[_Run, dict[str, Verdict]]:
    """The verdicts of each (student, regime, seed) by problem id, both ascending. Checks that problems are the same."""
    runs: dict[_Run, dict[str, Verdict]] = {}
    for v in verdicts:
        run = runs.setdefault((v.student, v.regime, v.seed), {})
        if v.id in run:
            raise ValueError(f"problem {v.id!r} is there twice in {_name((v.student, v.regime, v.seed))}")
        run[v.id] = v
    if not runs:
        raise ValueError("there are no verdicts to summarise")
    # Against the union, so that which run is blamed does not depend on the order.
    every = set().union(*runs.values())
    for key in sorted(runs):
        missing = sorted(every - runs[key].keys())
        if missing:
            shown = ", ".join(missing[:5])
            raise ValueError(f"{_name(key)} lacks {len(missing)} problems that other runs have, such as {shown}")
    return {key: dict(sorted(runs[key].items())) for key in sorted(runs)}


def _name(run: _Run) -> str:
    student, regime, seed = run
    return f"student {student!r}, regime {regime!r}, seed {seed}"


def _problems(runs: dict[_Run, dict[str, Verdict]]) -> _Problems:
    """Ids, groups and classes, which all runs must agree on."""
    reference = next(iter(runs.values()))
    for key, run in runs.items():
        for ident, v in run.items():
            known = reference[ident]
            if (v.group, v.label) != (known.group, known.label):
                raise ValueError(
                    f"problem {ident!r} has group {v.group!r} and class {v.label!r} in {_name(key)}, "
                    f"but group {known.group!r} and class {known.label!r} in {_name(next(iter(runs)))}"
                )
    names, group = np.unique([v.group for v in reference.values()], return_inverse=True)
    return _Problems(tuple(reference), group, len(names), np.array([v.label for v in reference.values()]))


def _cells(runs: dict[_Run, dict[str, Verdict]]) -> list[_Cell]:
    cells = []
    for (student, regime), keys in groupby(runs, key=lambda run: run[:2]):
        members = list(keys)
        seeds = tuple(seed for _, _, seed in members)
        cells.append(_Cell(regime, student, seeds, tuple(tuple(runs[key].values()) for key in members)))
    return cells


def _summarise_cell(cell: _Cell, problems: _Problems, draws: Draws) -> CellSummary:
    group = problems.group

    def share(value: Callable[[Verdict], bool]) -> Rate:
        return _all_counted(rate(cell.column(value), group, draws))

    judged = cell.column(lambda v: v.consistent is not None)
    return CellSummary(
        regime=cell.regime,
        student=cell.student,
        seeds=cell.seeds,
        problems=len(problems.ids),
        groups=problems.n_groups,
        n=judged.size,
        answer=share(lambda v: v.answer),
        lenient_answer=share(lambda v: v.lenient_answer),
        answer_f1=_answer_f1(cell, group, draws),
        class_step=share(lambda v: v.class_step == "right"),
        retrieval_step=share(lambda v: v.retrieval_step == "right"),
        trace=share(lambda v: v.trace),
        judged=int(judged.sum()),
        consistent=rate(cell.column(lambda v: v.consistent is True), group, draws, counted=judged),
        unparsed=Unparsed(
            class_step=share(lambda v: v.class_step == "unparsed"),
            retrieval_step=share(lambda v: v.retrieval_step == "unparsed"),
            answer=share(lambda v: not v.answer_parsed),
            status=_status(cell),
        ),
        truncated=share(lambda v: v.finish == "length"),
        precision=mean(cell.scores(lambda v: v.precision), group, draws),
        recall=mean(cell.scores(lambda v: v.recall), group, draws),
        f1=mean(cell.scores(lambda v: v.f1), group, draws),
        invented=mean(cell.scores(lambda v: v.invented), group, draws),
        by_label=_by_label(cell, problems, draws),
        associations=_associations(cell, problems, draws),
    )


def _answer_f1(cell: _Cell, group: NDArray[np.intp], draws: Draws) -> Estimate | None:
    """Token F1, where all answers are free text: one denominator holds for every number."""
    if any(v.answer_f1 is None for row in cell.rows for v in row):
        return None
    return mean(cell.scores(lambda v: v.answer_f1 or 0.0), group, draws)


def _all_counted(found: Rate | None) -> Rate:
    assert found is not None, "every run has problems, so this denominator is never empty"
    return found


def _status(cell: _Cell) -> dict[TraceStatus, int]:
    found = Counter(v.status for row in cell.rows for v in row)
    return {status: found[status] for status in get_args(TraceStatus)}


def _by_label(cell: _Cell, problems: _Problems, draws: Draws) -> tuple[LabelSummary, ...]:
    answer, trace = cell.column(lambda v: v.answer), cell.column(lambda v: v.trace)
    found = []
    for label in np.unique(problems.labels):
        counted = np.broadcast_to(problems.labels == label, answer.shape)
        rates = [_all_counted(rate(right, problems.group, draws, counted=counted)) for right in (answer, trace)]
        found.append(LabelSummary(label=str(label), problems=int(counted[0].sum()), answer=rates[0], trace=rates[1]))
    return tuple(found)


def _associations(cell: _Cell, problems: _Problems, draws: Draws) -> tuple[Association, ...]:
    steps: dict[StepName, NDArray[np.bool_]] = {
        "class_step": cell.column(lambda v: v.class_step == "right"),
        "retrieval_step": cell.column(lambda v: v.retrieval_step == "right"),
        "trace": cell.column(lambda v: v.trace),
    }
    answer = cell.column(lambda v: v.answer)
    return tuple(associate(name, right, answer, cell.seeds, problems.group, draws) for name, right in steps.items())


def _with_holm(cells: Sequence[CellSummary]) -> tuple[CellSummary, ...]:
    """All association tests of the study are one family."""
    done = iter(association.corrected([item for cell in cells for item in cell.associations]))
    return tuple(
        cell.model_copy(update={"associations": tuple(next(done) for _ in cell.associations)}) for cell in cells
    )


def _compare_all(
    cells: Sequence[_Cell], problems: _Problems, draws: Callable[[int], Draws]
) -> tuple[tuple[Comparison, ...], tuple[str, ...]]:
    """Every pair of regimes of a student, each outcome one family, and a note on each pair with seeds left out."""
    pairs = [(a, b) for a, b in combinations(cells, 2) if a.student == b.student]
    found: list[Comparison] = []
    for outcome in get_args(Outcome):
        family = [_compare(a, b, outcome, problems, draws) for a, b in pairs if set(a.seeds) & set(b.seeds)]
        found.extend(paired.corrected(family))
    return tuple(found), tuple(_seeds_left_out(a, b) for a, b in pairs if a.seeds != b.seeds)


def _compare(
    first: _Cell, second: _Cell, outcome: Outcome, problems: _Problems, draws: Callable[[int], Draws]
) -> Comparison:
    """Two regimes of a student. Traces are not tested against none: the difference is given, and is no question."""
    a, b = first.side(outcome), second.side(outcome)
    found = compare(a, b, outcome, problems.group, draws(len(common_seeds(a, b))))
    is_question = outcome == "answer" or (first.is_traced and second.is_traced)
    return found if is_question else found.model_copy(update={"tests": ()})


def _seeds_left_out(a: _Cell, b: _Cell) -> str:
    left_out = sorted(set(a.seeds) ^ set(b.seeds))
    kept = sorted(set(a.seeds) & set(b.seeds))
    how = f"compared on seeds {kept} only" if kept else "not compared"
    return f"{a.regime} and {b.regime} ({a.student}): {how}; the other one lacks seeds {left_out}."


def _notes(cells: Sequence[CellSummary]) -> tuple[str, ...]:
    notes = [
        "Rates are means over seeds of each seed's rate; every output counts, and unparsed is wrong.",
        "Intervals are 95 % percentiles of a crossed bootstrap over groups and seeds (arXiv:1106.2125).",
        "Where that is degenerate, Wilson or Newcombe with n = number of groups stands in; `method` names which.",
        "Per-seed tests and per-seed conditional intervals take problems as independent, also those of one group.",
        "Association is not reliance: only an intervention shows whether an answer depends on its trace.",
    ]
    groups, seeds = cells[0].groups, min(len(cell.seeds) for cell in cells)
    if groups < FEW_GROUPS:
        notes.append(f"Only {groups} groups: bootstrap intervals are likely too narrow.")
    if seeds == 1:
        notes.append("A cell with one seed: its intervals resample groups only and say nothing of other seeds.")
    elif seeds < FEW_SEEDS:
        notes.append(f"A cell with {seeds} seeds: so few understate how much seeds differ.")
    if any(cell.judged < cell.n for cell in cells):
        notes.append("Consistency is a rate among judged outputs: the task has no rule for the others.")
    return tuple(notes)
