"""Calibration of association: phi, odds ratio, mutual information, conditional rates, means over classes, and all tests."""

from collections.abc import Iterator

import numpy as np
from bars import COVERAGE, ERROR, Bars, percent
from simulated import INDEPENDENT, Outcome, Size, draw, true_table
from simulated_cells import cell_of

from tracekd.stats.answer_model import answer_model
from tracekd.stats.association import CONDITIONALS, associate
from tracekd.stats.cell import Cell
from tracekd.stats.contingency import information, phi, strength_of
from tracekd.stats.estimate import Ends
from tracekd.stats.inference import Test
from tracekd.stats.rates import macro
from tracekd.stats.strata import stratify

# How far a step and the answer of the same output go together.
RELATED = (0.5, 0.5, 0.3, 0.3, 0.6)
CLASSES = 4
# Added to the thresholds of step and answer in each class of question.
_EASE = np.array([[-0.5, 0.0, 0.2, 0.6], [-0.3, 0.3, 0.0, 0.5]])
_CONFOUNDED = np.array([[-1.0, -0.3, 0.3, 1.0], [-1.0, -0.3, 0.3, 1.0]])
_NAMES = ("phi", "odds ratio", "mutual information", *(name.replace("_", " ") for name in CONDITIONALS), "macro mean")


def association(bars: Bars, studies: int) -> Iterator[str]:
    """Coverage of what is told of a step that goes with the answer; four classes of question."""
    yield "### Association\n"
    yield (
        "Coverage, per cent, with 4 problems a group, of four classes that differ in both step and answer; seed SD 0.05. True "
        "phi about 0.4, and 0 (*none*: nothing goes together, and classes are alike). With one seed, of this student's own.\n"
    )
    yield "| step and answer | seeds | groups | " + " | ".join(_NAMES) + " |"
    yield "|---|" + "---:|" * (2 + len(_NAMES))
    for name, shared, ease in (("related", RELATED, _EASE), ("none", INDEPENDENT, 0 * _EASE)):
        for size in (Size(50, 1), Size(35, 2), Size(50, 3), Size(100, 4), Size(50, 5), Size(100, 7), Size(20, 10)):
            outcomes, rng = [Outcome(0.6), Outcome(0.7)], np.random.default_rng([size.groups, size.seeds])
            right, students = draw(outcomes, size, studies, rng, shared, _shift(ease))
            own = students[:, :, 0] if size.seeds == 1 else None
            tables = np.stack([true_table(*outcomes, shared, own, tuple(one)) for one in ease.T])
            held = [
                _held(cell_of(*right[[0, 0, 0, 1], at], CLASSES), tables[:, at] if size.seeds == 1 else tables)
                for at in range(studies)
            ]
            found = []
            for at, what in enumerate(_NAMES):
                some = [one[at] for one in held if one[at] is not None]
                found.append(
                    bars.add(COVERAGE, what, f"{name}, {size.seeds} seeds, {size.groups} groups", size.seeds, some)
                )
            yield f"| {name} | {size.seeds} | {size.groups} | " + " | ".join(map(percent, found)) + " |"
    yield ""


def _held(cell: Cell, tables: np.ndarray) -> list[bool | None]:
    """Whether each interval holds the truth; None where there is no interval. `tables`: (classes, 4) true shares."""
    pooled = tables.mean(axis=0)
    step = associate(cell, cell.trace, np.ones(len(cell), bool), [str(at) for at in range(CLASSES)])
    rr, rw, wr, ww = pooled
    truths = [
        (step.phi.ci, float(phi(pooled))),
        (step.odds_ratio.ci, rr * ww / (rw * wr)),
        (step.mutual_information.ci, information(pooled)[0]),
        *(
            (step.conditional[name].ci, pooled[pair[0]] / pooled[list(pair)].sum())
            for name, pair in CONDITIONALS.items()
        ),
        (macro(cell).answer.ci, float((tables[:, 0] + tables[:, 2]).mean())),
    ]
    return [_covers(ends, truth) for ends, truth in truths]


def _covers(ends: Ends | None, truth: float) -> bool | None:
    # Mutual information is found to some 1e-9 only.
    return None if ends is None else bool(ends[0] - 1e-7 <= truth <= ends[1] + 1e-7)


def null(bars: Bars, studies: int) -> Iterator[str]:
    """Errors of the first kind: phi of a step that has nothing to do with the answer, and the model's term for it."""
    yield "### Tests of a step that has nothing to do with the answer\n"
    yield (
        "How often, per cent, the test rejects, with 4 problems a group and one class: of phi = 0; of the model's term for "
        "retrieval, while the class step goes with the answer. And how often the interval of the class step's term holds "
        "the true odds ratio.\n"
    )
    yield "| seed SD | seeds | groups | phi | term | coverage of the other term |"
    yield "|---:|---:|---:|---:|---:|---:|"
    for sd in (0.0, 0.08):
        for size in (Size(20, 2), Size(50, 3), Size(50, 5), Size(100, 7), Size(20, 10)):
            answer, classified, retrieved = (Outcome(rate, sd) for rate in (0.7, 0.75, 0.6))
            rng = np.random.default_rng([int(1e3 * sd), size.groups, size.seeds])
            right, _ = draw([answer, classified], size, studies, rng, RELATED)
            alone, _ = draw([retrieved], size, studies, rng)
            rr, rw, wr, ww = true_table(classified, answer, RELATED)
            of_phi, of_term, other = [], [], []
            for at in range(studies):
                cell = cell_of(right[1, at], alone[0, at], alone[0, at], right[0, at])
                code = (2 * ~cell.trace + 1 * ~cell.answer).astype(np.int8)
                of_phi.append(_rejects(strength_of(cell.counts(code, 4), cell.clusters)[1]))
                terms = {term.name: term for term in answer_model(cell).terms}
                if len(terms) == 2:
                    of_term.append(_rejects(terms["retrieval right"].test))
                    other.append(_covers(terms["class right"].ci, rr * ww / (rw * wr)))
            setting = f"SD {sd}, {size.seeds} seeds, {size.groups} groups"
            found = [
                bars.add(ERROR, "phi = 0", setting, size.seeds, of_phi),
                bars.add(ERROR, "term of the model", setting, size.seeds, of_term),
                bars.add(COVERAGE, "odds ratio of the model", setting, size.seeds, other),
            ]
            yield f"| {sd} | {size.seeds} | {size.groups} | " + " | ".join(map(percent, found)) + " |"
    yield ""


def confounded(bars: Bars, studies: int) -> Iterator[str]:
    """Classes that differ in both step and answer, and no association within any."""
    yield "### Association between classes, and none within\n"
    yield (
        "Four classes differ in both step and answer; within a class they have nothing to do with each other. How often, per "
        "cent: the pooled test rejects (it should); the test within classes rejects; there is a Simpson warning.\n"
    )
    yield "| seed SD | seeds | groups | pooled | within | warning |"
    yield "|---:|---:|---:|---:|---:|---:|"
    for sd in (0.0, 0.08):
        for size in (Size(50, 1), Size(20, 2), Size(50, 3), Size(50, 5), Size(100, 7), Size(20, 10)):
            rng = np.random.default_rng([9, int(1e3 * sd), size.groups, size.seeds])
            outcomes = [Outcome(0.6, sd), Outcome(0.7, sd)]
            right, _ = draw(outcomes, size, studies, rng, INDEPENDENT, _shift(_CONFOUNDED))
            pooled, within, warned = [], [], []
            for at in range(studies):
                cell = cell_of(*right[[0, 0, 0, 1], at], CLASSES)
                code = (2 * ~cell.trace + 1 * ~cell.answer).astype(np.int8)
                strength, test = strength_of(cell.counts(code, 4), cell.clusters)
                found = stratify(cell, code, test, strength["phi"].value)
                assert found is not None
                pooled.append(_rejects(test))
                within.append(_rejects(found.test))
                warned.append(found.warning is not None)
            setting = f"SD {sd}, {size.seeds} seeds, {size.groups} groups"
            shares = [
                float(np.mean(pooled)),
                bars.add(ERROR, "association within classes", setting, size.seeds, within),
                bars.add(ERROR, "false Simpson warning", setting, size.seeds, warned),
            ]
            yield f"| {sd} | {size.seeds} | {size.groups} | " + " | ".join(map(percent, shares)) + " |"
    yield ""


def _rejects(test: Test) -> bool:
    return test.p is not None and test.p < 0.05


def _shift(ease: np.ndarray) -> np.ndarray:
    """(outcomes, classes) as what is added to the threshold of each problem of a group."""
    return ease[:, None, None, :, None]
