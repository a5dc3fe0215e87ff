import json
import random

import pytest
from tracekd.stats.run_summary import RunSummary, summarise_run

from tracekd.stats.summary import summarise
from tracekd.stats.tables import tables


def run(make, *, problems: int = 60, seeds: int = 2, per_group: int = 2, seed: int = 0) -> list:
    rng = random.Random(seed)
    verdicts = []
    for regime, p in (("correct", 0.7), ("incorrect", 0.4)):
        for s in range(seeds):
            for i in range(problems):
                a, b, c = (rng.random() < p for _ in range(3))
                verdicts.append(
                    make(
                        f"p{i}", regime=regime, seed=s, group=f"g{i // per_group}", label=f"l{i % 3}", answer=a,
                        lenient_answer=a, class_step="right" if b else "unparsed", retrieval_step="right" if c else "wrong",
                        retrieval={"answer_facts": "right" if c else "wrong", "support": "wrong"}, trace=b and c,
                        consistent=None if i % 5 == 0 else a, invented=i % 2,
                    )
                )  # fmt: skip
    return verdicts


def test_summary_json_has_the_keys_that_it_should(make, columns_of) -> None:
    found = json.loads(summarise_run(columns_of(run(make)), resamples=200).model_dump_json())
    cell = found["cells"][0]
    assert (cell["model"], cell["regime"], cell["n"]) == ("tiny", "correct", 120)
    for name in ("answer", "lenient_answer", "class", "trace", "consistent"):
        assert {"right", "rate", "ci"} <= cell[name].keys()
    assert list(cell["retrieval"]) == ["answer_facts", "support"]
    assert set(cell["unparsed"]) == {"answer", "class", "retrieval"}
    assert cell["unparsed"]["class"] == 120 - cell["class"]["right"]
    assert set(cell["tables"]) == {"class", "retrieval", "trace"}
    assert set(cell["association"]) == {"class", "retrieval", "trace"}
    assert {"phi", "odds_ratio", "mutual_information", "test", "classes"} <= cell["association"]["trace"].keys()
    tables = cell["tables"]["class"], *cell["tables"]["retrieval"].values(), cell["tables"]["trace"]
    for table in tables:
        assert sum(table) == cell["n"]
        assert table[0] + table[2] == cell["answer"]["right"]
    assert cell["tables"]["trace"][0] + cell["tables"]["trace"][1] == cell["trace"]["right"]
    assert cell["consistent"]["n"] == 96
    assert cell["invented"] == 60
    assert found["comparisons"][0].keys() >= {"model", "first", "second", "outcome", "difference", "mcnemar"}


def test_json_and_back(make, columns_of) -> None:
    found = summarise_run(columns_of(run(make)), resamples=100)
    assert RunSummary.model_validate_json(found.model_dump_json()) == found


def test_agrees_with_the_summary_of_a_study(make, columns_of) -> None:
    verdicts = run(make)
    study, cells = summarise(verdicts, resamples=4000), summarise_run(columns_of(verdicts)).cells
    for old, new in zip(study.cells, cells, strict=True):
        assert new.answer.rate == pytest.approx(old.answer.value)
        assert new.class_.rate == pytest.approx(old.class_step.value)
        assert new.citing.f1 == pytest.approx(old.f1.value)
        counts = [t.counts.model_dump().values() for t in old.associations[2].tables]
        assert new.tables.trace == tuple(map(sum, zip(*counts, strict=True)))
        # Two seeds' pooled table against the mean of two tables: near, and intervals alike.
        assert new.association.trace.phi.value == pytest.approx(old.associations[2].phi.value, abs=0.02)
        interval = old.associations[2].phi.interval
        assert new.association.trace.phi.ci == pytest.approx((interval.low, interval.high), abs=0.06)
    old = next(c for c in study.comparisons if c.outcome == "answer")
    new = next(c for c in summarise_run(columns_of(verdicts)).comparisons if c.outcome == "answer")
    assert new.difference.value == pytest.approx(old.difference.value)
    assert new.difference.ci == pytest.approx((old.difference.interval.low, old.difference.interval.high), abs=0.02)
    assert [t.p for t in new.mcnemar] == pytest.approx([t.p for t in old.tests])


@pytest.mark.parametrize("problems", [12, 61])
def test_order_is_irrelevant(make, columns_of, problems: int) -> None:
    verdicts = run(make, problems=problems)
    expected = summarise_run(columns_of(verdicts), resamples=50)
    for seed in range(3):
        shuffled = random.Random(seed).sample(verdicts, len(verdicts))
        assert summarise_run(columns_of(shuffled), resamples=50) == expected


def test_parts_add_up_to_the_cell(make, columns_of) -> None:
    cell = summarise_run(columns_of(run(make)), resamples=50).cells[0]
    for parts in (cell.by_label, cell.by_seed):
        assert sum(part.n for part in parts) == cell.n
        assert sum(part.answer.right for part in parts) == cell.answer.right
        assert sum(part.retrieval["answer_facts"].right for part in parts) == cell.retrieval["answer_facts"].right
    assert [part.label for part in cell.by_label] == ["l0", "l1", "l2"]
    assert cell.macro.answer.value == pytest.approx(sum(part.answer.rate for part in cell.by_label) / 3)
    # Classes of equal size: macro and micro are the same, and so are their intervals, but for the classes' means.
    assert cell.macro.answer.value == pytest.approx(cell.answer.rate)
    assert cell.macro.answer.ci == pytest.approx(cell.answer.ci, abs=0.03)


def test_rare_classes_weigh_as_much_as_others(make, columns_of) -> None:
    verdicts = [make(f"p{i}", label="often", answer=True) for i in range(90)]
    verdicts += [make(f"q{i}", label="rare", answer=False) for i in range(10)]
    cell = summarise_run(columns_of(verdicts), resamples=50).cells[0]
    assert (cell.answer.rate, cell.macro.answer.value) == (0.9, 0.5)


def test_kinds_that_some_problems_lack(make, columns_of) -> None:
    verdicts = [
        make(f"p{i}", retrieval={"support": "right", **({"full": "wrong"} if i < 4 else {})}) for i in range(12)
    ]
    cell = summarise_run(columns_of(verdicts), resamples=50).cells[0]
    assert (cell.retrieval["support"].n, cell.retrieval["full"].n) == (12, 4)
    assert cell.tables.retrieval == {"full": (0, 0, 4, 0), "support": (12, 0, 0, 0)}


def test_verdicts_without_kinds_have_the_headline(make, columns_of) -> None:
    cell = summarise_run(columns_of([make(f"p{i}", retrieval={}) for i in range(12)]), resamples=50).cells[0]
    assert list(cell.retrieval) == ["headline"]
    assert cell.retrieval["headline"].right == 12


def test_a_certain_cell_has_shares_but_no_strength(make, columns_of) -> None:
    trace = summarise_run(columns_of([make(f"p{i}") for i in range(30)]), resamples=50).cells[0].association.trace
    assert trace.joint["right_right"].rate == 1.0
    assert trace.conditional["answer_right_given_step_wrong"].rate is None
    assert (trace.phi.value, trace.odds_ratio.value, trace.test.name) == (None, None, "none")
    assert "margin is empty" in trace.phi.reason


def test_an_empty_cell_has_no_interval_and_no_approximate_test(make, columns_of) -> None:
    # As in the released outputs of the incorrect regime: six right traces, all with a wrong answer.
    counts = [(True, False, 6), (False, True, 364), (False, False, 580)]
    verdicts = [make(f"{s}{a}{i}", trace=s, answer=a) for s, a, n in counts for i in range(n)]
    trace = summarise_run(columns_of(verdicts), resamples=200).cells[0].association.trace
    assert trace.counts == (0, 6, 364, 580)
    assert (trace.test.name, trace.test.p_clustered) == ("fisher", None)
    for strength in (trace.phi, trace.odds_ratio, trace.mutual_information):
        assert strength.value is not None
        assert strength.ci is None
        assert "a cell of the table is empty" in strength.reason


def test_simpsons_warning_reaches_the_summary(make, columns_of) -> None:
    counts = {"small": (81, 6, 234, 36), "large": (192, 71, 55, 25)}
    outcomes = [(s, a) for s in (True, False) for a in (True, False)]
    verdicts = [
        make(f"{label}-{at}-{i}", label=label, trace=outcomes[at][0], answer=outcomes[at][1])
        for label, table in counts.items()
        for at, n in enumerate(table)
        for i in range(n)
    ]
    trace = summarise_run(columns_of(verdicts), resamples=200).cells[0].association.trace
    assert trace.classes.simpson
    assert trace.phi.value < 0 < trace.classes.odds_ratio - 1


def test_few_groups_and_seeds_are_noted(make, columns_of) -> None:
    notes = " ".join(summarise_run(columns_of(run(make, problems=10, seeds=1)), resamples=50).notes)
    assert "5 groups" in notes
    assert "one seed" in notes


def test_no_verdicts_are_refused(columns_of) -> None:
    with pytest.raises(ValueError, match="no verdicts"):
        summarise_run(columns_of([]))


def test_a_regime_without_traces_is_noted(make, columns_of) -> None:
    verdicts = [make(f"p{i}", regime=r, status=s) for r, s in (("a", "ok"), ("b", "no_trace")) for i in range(12)]
    notes = [note for note in summarise_run(columns_of(verdicts), resamples=50).notes if "no traces" in note]
    assert notes == ["b (tiny) writes no traces: only its answers are tested against other regimes'."]


def test_the_kind_of_support_is_told(make, columns_of) -> None:
    found = summarise_run(columns_of([make(f"p{i}", support="full") for i in range(12)]), resamples=50)
    assert json.loads(found.model_dump_json())["cells"][0]["support"] == "full"
    assert "traces by full" in {table.name: table for table in tables(found)}["rates"].caption
