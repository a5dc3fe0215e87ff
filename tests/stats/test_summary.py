import json
import random
import subprocess
import sys
import time

import pytest

from tracekd.stats.families import Analysis, holm
from tracekd.stats.summary import Summary, summarise


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


def test_one_cell_by_hand(make) -> None:
    unread = make(
        "p3", right=False, class_step="unparsed", retrieval_step="unparsed", answer_parsed=False, status="truncated",
        finish="length", consistent=None, stated_label=None,
    )  # fmt: skip
    right = [make("p0"), make("p1")]
    found = summarise([*right, make("p2", right=False, class_step="right", answer=True), unread])
    (cell,) = found.cells
    assert (cell.problems, cell.groups, cell.seeds, cell.n) == (4, 4, (0,), 4)
    # Unparsed stands in the denominator of every rate, as wrong.
    rates = cell.answer, cell.trace, cell.class_, cell.retrieval_step
    assert [(r.right, r.n) for r in rates] == [(3, 4), (2, 4), (3, 4), (2, 4)]
    assert cell.unparsed.model_dump() == {"answer": 1, "class": 1, "retrieval": 1}
    assert cell.status == {"ok": 3, "no_trace": 0, "unclosed": 0, "truncated": 1, "hidden": 0}
    assert (cell.cut_off, cell.citing.f1.value) == (1, 0.5)
    assert (cell.consistent.right, cell.consistent.n) == (3, 3)
    assert cell.tables.trace == (2, 0, 1, 1)
    assert found.comparisons == ()


def test_summary_json_has_the_keys_that_it_should(make) -> None:
    found = json.loads(summarise(run(make)).model_dump_json())
    cell = found["cells"][0]
    assert (cell["model"], cell["regime"], cell["n"]) == ("tiny", "correct", 120)
    for name in ("answer", "lenient_answer", "class", "trace", "consistent"):
        assert {"right", "rate", "ci", "per_seed"} <= cell[name].keys()
    assert list(cell["retrieval"]) == ["answer_facts", "support", "headline"]
    assert set(cell["unparsed"]) == {"answer", "class", "retrieval"}
    assert cell["unparsed"]["class"] == 120 - cell["class"]["right"]
    assert set(cell["tables"]) == set(cell["association"]) == {"class", "retrieval", "trace", "free"}
    assert {"phi", "odds_ratio", "mutual_information", "test", "classes"} <= cell["association"]["trace"].keys()
    for table in (cell["tables"]["class"], *cell["tables"]["retrieval"].values(), cell["tables"]["trace"]):
        assert sum(table) == cell["n"]
        assert table[0] + table[2] == cell["answer"]["right"]
    assert cell["tables"]["trace"][0] + cell["tables"]["trace"][1] == cell["trace"]["right"]
    assert cell["consistent"]["n"] == 96
    assert cell["invented"] == 60
    assert found["comparisons"][0].keys() >= {
        "model",
        "first",
        "second",
        "outcome",
        "difference",
        "test",
        "equivalence",
    }
    assert found["analysis"] == {"primary": "answer", "margin": 0.03, "families": []}


def test_json_and_back(make) -> None:
    found = summarise(run(make))
    assert Summary.model_validate_json(found.model_dump_json()) == found


@pytest.mark.parametrize("problems", [12, 61])
def test_order_is_irrelevant(make, problems: int) -> None:
    verdicts = run(make, problems=problems)
    expected = summarise(verdicts)
    for seed in range(3):
        assert summarise(random.Random(seed).sample(verdicts, len(verdicts))) == expected


def test_columns_and_verdicts_are_the_same(make, columns_of) -> None:
    verdicts = run(make, problems=20)
    assert summarise(columns_of(verdicts)) == summarise(iter(verdicts))


def test_parts_add_up_to_the_cell(make) -> None:
    cell = summarise(run(make)).cells[0]
    for some in (cell.by_label, cell.by_seed):
        assert sum(part.n for part in some) == cell.n
        assert sum(part.answer.right for part in some) == cell.answer.right
        assert sum(part.retrieval["answer_facts"].right for part in some) == cell.retrieval["answer_facts"].right
    assert [part.label for part in cell.by_label] == ["l0", "l1", "l2"]
    assert [part.answer.rate for part in cell.by_seed] == list(cell.answer.per_seed)
    # Classes of equal size: macro and micro are the same, and so are their intervals, nearly.
    assert cell.macro.answer.value == pytest.approx(sum(part.answer.rate for part in cell.by_label) / 3)
    assert cell.macro.answer.value == pytest.approx(cell.answer.rate)
    assert cell.macro.answer.ci == pytest.approx(cell.answer.ci, abs=0.03)


def test_rare_classes_weigh_as_much_as_others(make) -> None:
    verdicts = [make(f"p{i}", label="often", answer=True) for i in range(90)]
    verdicts += [make(f"q{i}", label="rare", answer=False) for i in range(10)]
    cell = summarise(verdicts).cells[0]
    assert (cell.answer.rate, cell.macro.answer.value) == (0.9, 0.5)


def test_kinds_that_some_problems_lack(make) -> None:
    verdicts = [
        make(f"p{i}", support="support", retrieval={"support": "right", **({"full": "wrong"} if i < 4 else {})})
        for i in range(12)
    ]
    cell = summarise(verdicts).cells[0]
    assert (cell.retrieval["support"].n, cell.retrieval["full"].n) == (12, 4)
    assert cell.tables.retrieval == {"full": (0, 0, 4, 0), "support": (12, 0, 0, 0)}


def test_verdicts_without_kinds_have_the_headline(make) -> None:
    cell = summarise([make(f"p{i}", retrieval={}) for i in range(12)]).cells[0]
    assert list(cell.retrieval) == ["headline"]
    assert cell.retrieval_step.right == 12


def test_a_certain_cell_has_shares_but_no_strength(make) -> None:
    trace = summarise([make(f"p{i}") for i in range(30)]).cells[0].association.trace
    assert trace.joint["right_right"].rate == 1.0
    assert trace.conditional["answer_right_given_step_wrong"].rate is None
    assert (trace.phi.value, trace.odds_ratio.value, trace.test.p) == (None, None, None)


def test_an_empty_cell_leaves_phi_its_interval(make) -> None:
    # As in the released outputs of the incorrect regime: six right traces, all with a wrong answer.
    counts = [(True, False, 6), (False, True, 364), (False, False, 580)]
    verdicts = [make(f"{s}{a}{i}", trace=s, answer=a) for s, a, n in counts for i in range(n)]
    trace = summarise(verdicts).cells[0].association.trace
    assert trace.counts == (0, 6, 364, 580)
    assert trace.phi.ci[0] < trace.phi.value < 0
    # An outcome that no output has may come in the next sample: six traces show little.
    assert trace.test.p > 0.01
    assert (trace.odds_ratio.ci, trace.odds_ratio.value) == (None, pytest.approx(0.5 * 580.5 / (6.5 * 364.5)))


def test_tests_of_all_cells_are_one_family(make) -> None:
    found = summarise(run(make))
    steps = [step for cell in found.cells for step in cell.association.steps]
    assert [step.test.p_holm for step in steps] == pytest.approx(holm([step.test.p for step in steps]))
    within = [step.classes.test for step in steps]
    assert [test.p_holm for test in within] == pytest.approx(holm([test.p for test in within]))


def test_families_and_margin_are_those_that_are_declared(make) -> None:
    declared = Analysis(margin=0.1, families=(("answer", "trace"),))
    found = summarise(run(make), declared)
    assert found.analysis == declared
    answer, trace = (next(pair for pair in found.comparisons if pair.outcome == name) for name in ("answer", "trace"))
    assert [answer.test.p_holm, trace.test.p_holm] == pytest.approx(holm([answer.test.p, trace.test.p]))
    assert answer.equivalence.margin == 0.1


def test_a_seed_that_repeats_another_adds_nothing(make) -> None:
    one = run(make, seeds=1)
    two = one + [v.model_copy(update={"seed": 1}) for v in one]
    for a, b in zip(summarise(one).cells, summarise(two).cells, strict=True):
        assert b.answer.n == 2 * a.answer.n
        assert b.answer.rate == a.answer.rate
        # Of the regime now, not of the student: about as wide, as seeds that agree are seeds that agree.
        widths = [one.answer.ci[1] - one.answer.ci[0] for one in (a, b)]
        assert widths[1] == pytest.approx(widths[0], rel=0.35)


def test_few_groups_and_seeds_are_noted(make) -> None:
    notes = " ".join(summarise(run(make, problems=10, seeds=1)).notes)
    assert "5 groups" in notes
    assert "one seed" in notes


def test_no_verdicts_are_refused() -> None:
    with pytest.raises(ValueError, match="no verdicts"):
        summarise([])


def test_a_verdict_given_twice_is_refused(make) -> None:
    with pytest.raises(ValueError, match="occur twice"):
        summarise([make("p0"), make("p0")])


def test_a_regime_without_traces_is_noted(make) -> None:
    verdicts = [make(f"p{i}", regime=r, status=s) for r, s in (("a", "ok"), ("b", "no_trace")) for i in range(12)]
    notes = [note for note in summarise(verdicts).notes if "no traces" in note]
    assert notes == ["b (tiny) writes no traces: only its answers are compared with other regimes'."]


def test_the_kind_of_support_is_told(make) -> None:
    found = summarise([make(f"p{i}", support="full") for i in range(12)])
    assert json.loads(found.model_dump_json())["cells"][0]["support"] == "full"


def test_answers_in_free_text_have_f1(make) -> None:
    scored = [make(f"p{i}", answer_f1=i / 20) for i in range(20)]
    assert summarise(scored).cells[0].answer_f1.value == pytest.approx(9.5 / 20)
    assert summarise([*scored, make("other")]).cells[0].answer_f1 is None


def test_scores_come_from_their_outputs(make, columns_of, monkeypatch: pytest.MonkeyPatch) -> None:
    scores = [i / 40 for i in range(40)]
    verdicts = [make(f"p{i}", precision=p, recall=1 - p, f1=p / 2, invented=i) for i, p in enumerate(scores)]
    (cell,) = columns_of(random.Random(0).sample(verdicts, 40)).cells()
    columns = [cell.score(name).tolist() for name in ("f1", "precision", "recall", "invented")]
    by_f1 = {round(2 * f1, 6): rest for f1, *rest in zip(*columns, strict=True)}
    assert by_f1 == {round(p, 6): [p, pytest.approx(1 - p), i] for i, p in enumerate(scores)}
    for at_a_time in (7, 100):
        monkeypatch.setattr("tracekd.stats.cell._AT_A_TIME", at_a_time)
        assert cell.sums(lambda some, _: some.score("precision")).sum() == pytest.approx(sum(scores))


def test_a_study_takes_a_second_or_so(make) -> None:
    verdicts = run(make, problems=400, seeds=5, per_group=5)
    start = time.process_time()
    summarise(verdicts)
    assert time.process_time() - start < 5  # about 0.4 s on an idle core


def test_torch_is_not_imported() -> None:
    code = "import sys, tracekd.stats.summary; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
