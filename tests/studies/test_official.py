"""The official logic, with all its faults, as its description has it."""

from pathlib import Path

import pytest
from lines import Line, Row, read_lines, read_rows, rows_of
from miniatures import BABI, CORRECT, EQUAL, LLAMA, trace, write_flat
from official import judge_cell
from official_answer import official_answer
from official_trace import OfficialJudge
from released import Cell, find

FACTS = ("Ann works for Quay from 1990 to 1999.", "Ann holds the position of assistant professor in 1995.")


def line(prediction: str, gold: tuple[str, ...], **others: str) -> Line:
    return Line(
        where="f:1", prediction=prediction, question="Which position did Ann hold?", facts=FACTS, label="equal",
        gold=gold, key=others.get("key", gold[0]), answer=str(list(gold)),
        triple_element=others.get("triple_element", "S1_R1_O2"),
    )  # fmt: skip


def test_the_join_takes_the_first_row_whose_answer_holds_the_first_gold_answer(cotempqa: Path) -> None:
    found = judge_cell(Cell("cotempqa", LLAMA, "correct"), find(cotempqa))
    assert [one.trace.joined for one in found.judged] == ["own", "other", "own", "own"]
    assert [one.trace.class_right for one in found.judged] == [True, True, True, True]
    assert [one.trace.facts_right for one in found.judged] == [True, False, True, True]
    assert [one.fixed for one in found.judged] == [True, True, True, True]
    numbers = found.numbers
    assert numbers.joined == {"own": 3, "other": 1, "none": 0}
    assert numbers.class_step == 1
    assert numbers.retrieval_step == pytest.approx((2 / 3 + 1) / 2)  # a mean over classes, not over outputs
    counts = numbers.tables["trace"]
    assert (counts.right_right, counts.right_wrong, counts.wrong_right, counts.wrong_wrong) == (3, 0, 1, 0)
    assert found.rebuilt


def test_before_the_mend_a_right_name_in_the_trace_made_the_answer_right(cotempqa: Path) -> None:
    found = judge_cell(Cell("cotempqa", LLAMA, "incorrect"), find(cotempqa))
    assert [one.paper for one in found.judged] == [True, True, False, True]
    assert [one.fixed for one in found.judged] == [False, True, False, True]
    assert found.numbers.answer_paper == pytest.approx((2 / 3 + 1) / 2)


def test_a_join_that_fails_keeps_the_row_before() -> None:
    judge = OfficialJudge("cotempqa", [Row("['Quay']", "q", FACTS, "equal")])
    assert judge.judge(line("think equal. " + FACTS[0], ("Nowhere",))).joined == "none"
    assert judge.judge(line("think equal. " + FACTS[0], ("Quay",))).facts_right
    kept = judge.judge(line("think equal. " + FACTS[0], ("Nowhere",)))
    assert (kept.joined, kept.facts_right) == ("other", True)


def test_without_the_closing_tag_facts_count_from_the_answer() -> None:
    judge = OfficialJudge("cotempqa", [Row("['Quay']", "q", FACTS, "equal")])
    assert judge.judge(line(f"<think> <answer>{FACTS[0]}</answer>", ("Quay",))).facts_right
    assert not judge.judge(line(f"<think> </think> <answer>{FACTS[0]}</answer>", ("Quay",))).facts_right
    assert not judge.judge(line("['Quay']", ("Quay",))).evaluated


def test_the_class_is_looked_for_in_one_sentence_of_a_place() -> None:
    rows = [Row("green", "q", ("Greg is green.",), "basic-induction")]
    judge = OfficialJudge("babi", rows)
    said = "<think>The category represents what is asked. The category is: basic-induction."
    assert judge.judge(line(said, ("green",))).class_right
    assert not judge.judge(
        line("<think>The category, e.g. this, is asked. It is: basic-induction.", ("green",))
    ).class_right
    assert not judge.judge(line("<think>It is basic-induction", ("green",))).class_right


def test_a_wrong_name_beside_the_right_one_is_not_noticed_on_the_side_that_is_asked_for() -> None:
    facts = ("Ann works for Quay from 1990 to 1999.", "Ann works for Mole from 1990 to 1999.")
    said = trace("equal", list(facts), ["Quay", "Mole"])
    one = Line("f:1", said, "While Ann ... ?", facts, "equal", ("Quay",), "Quay", "['Quay']", "S1_R1_O2")
    assert official_answer(one, "cotempqa", "fixed")
    other_way = Line("f:1", said, "While Ann ... ?", facts, "equal", ("Quay",), "Quay", "['Quay']", "S2_R1_O1")
    assert not official_answer(other_way, "cotempqa", "fixed")


def test_the_word_assistant_is_cut_out_of_answers() -> None:
    assert not official_answer(
        line("<answer>['assistant professor']</answer>", ("assistant professor",)), "cotempqa", "fixed"
    )
    assert official_answer(line("<answer>['professor']</answer>", ("professor",)), "cotempqa", "fixed")


@pytest.mark.parametrize(
    ("prediction", "gold", "right"),
    [
        ("assistant\n\ngreen", ("green",), True),
        ("<think>x</think> <answer>Green.</answer>", ("green",), True),
        ("<answer>it is green</answer>", ("green",), False),
        ("<answer>12 minutes</answer>", ("12 minutes", "twelve minutes"), False),  # several are never met
        ("<answer>No Answer Present.</answer>", ("No Answer Present.",), True),
    ],
)
def test_flat_answers(prediction: str, gold: tuple[str, ...], right: bool) -> None:
    assert official_answer(line(prediction, gold), "babi", "fixed") is right


def test_babi_is_joined_by_the_whole_answer(tmp_path: Path) -> None:
    path = tmp_path / f"babi/{LLAMA}-sft-adapter_default.json"
    write_flat(path, BABI, ["assistant\n\ngreen", "assistant\n\nred", "assistant\n\nhallway"])
    found = judge_cell(Cell("babi", LLAMA, "answer_only"), find(tmp_path))
    assert [one.trace.joined for one in found.judged] == ["own", "other", "own"]
    assert found.numbers.answers_right_fixed == 2
    assert not found.numbers.tables  # no output has the letters `think`
    assert found.numbers.unevaluated == 3


def test_a_table_of_test_items_is_searched_in_its_own_order(cotempqa: Path) -> None:
    table = cotempqa / "data/cotempqa/sft_dataset_reasoning_with_facts_chat_template/equal_test.csv"
    table.parent.mkdir(parents=True)
    rows = [
        f'{number},S1_R1_O2,"{p["facts"]}","Answer the question based on the context:\n{p["facts"]}\n'
        f'Question: {p["question"]} Only return the answer.\n","...","{p["gold"]}"\n'
        for number, p in enumerate((EQUAL[1], EQUAL[0], EQUAL[2]))
    ]
    table.write_text("index,triple_element,facts,question,reasoning,answer\n" + "".join(rows))
    assert [row.question for row in read_rows(table, "equal")] == [EQUAL[at]["question"] for at in (1, 0, 2)]
    found = judge_cell(Cell("cotempqa", LLAMA, "correct"), find(cotempqa))
    assert [one.trace.joined for one in found.judged] == ["own", "own", "own", "own"]


def test_rows_are_rebuilt_once_an_item(cotempqa: Path) -> None:
    path = next((cotempqa / "results").rglob(f"equal/*{CORRECT}_default.json"))
    lines = [one for one in read_lines(path, "cotempqa", "equal") if isinstance(one, Line)]
    assert rows_of([*lines, *lines]) == rows_of(lines)
    assert [row.answer for row in rows_of(lines)] == ["['Tidewater College']", "['Tidewater']", "['Fernhill Tower']"]
