"""The numbers of free traces: shares over all claims and statements, and tables against the answer read leniently."""

from tracekd.stats.columns import Columns
from tracekd.stats.summary import FREE_TRACES, TWO_WAYS, summarise
from tracekd.stats.tables import tables
from tracekd.verify.free_trace import FreeTrace


def free(steps: int, holding: int, false: int, unread: int = 0) -> FreeTrace:
    """A trace of these steps, one more statement without a claim, and unread ones."""
    return FreeTrace(
        statements=(), total=steps + 1 + unread, counts={}, claims=steps + 1, holding=holding, steps=steps, holding_steps=holding,
        false_steps=false, invented_steps=0, standing_errors=false, unread=unread, first_false=None, first_error=None,
        taken_back=0, conclusions=0, answer_follows_from_holding=None, answer_follows_from_standing=None,
    )  # fmt: skip


# Steps, of which hold, false ones, unread statements; whether the answer is right if read leniently.
TRACES = [((4, 4, 0, 0), True), ((4, 2, 2, 1), False), ((3, 2, 0, 2), True), ((0, 0, 0, 0), True), ((1, 0, 1, 0), True)]


def verdicts(make):
    for number, (numbers, lenient) in enumerate(TRACES):
        found = free(*numbers)
        yield make(f"p{number}", answer=False, lenient_answer=lenient, trace=found.all_hold, free=found)


def test_rates_by_hand(make) -> None:
    cell = summarise([*verdicts(make), make("p5")]).cells[0]
    found = cell.free
    assert found is not None
    assert (found.outputs, found.without_step) == (5, 1)
    assert (found.claims_hold.right, found.claims_hold.n) == (8, 17)
    assert (found.steps_hold.right, found.steps_hold.n) == (8, 12)
    assert (found.unread.right, found.unread.n) == (3, 20)
    assert (found.no_false_step.right, found.no_false_step.n) == (2, 5)
    assert (found.all_hold.right, found.all_hold.n) == (1, 5)
    assert found.steps_hold.ci is not None and found.steps_hold.ci[0] < 8 / 12 < found.steps_hold.ci[1]


def test_the_answer_is_read_leniently_and_outputs_without_a_step_are_left_out(make) -> None:
    steps = summarise([*verdicts(make), make("p5")]).cells[0].association.free
    assert steps["no false step"].counts == (2, 0, 1, 1)
    assert steps["all steps hold"].counts == (1, 0, 2, 1)


def test_without_free_traces_there_are_no_numbers_about_them(make) -> None:
    summary = summarise([make("p0"), make("p1", right=False)])
    assert summary.cells[0].free is None and not summary.cells[0].association.free
    assert FREE_TRACES not in summary.notes
    assert "free_traces" not in {table.name for table in tables(summary)}


def test_the_share_of_unread_statements_stands_in_every_table_of_steps(make) -> None:
    summary = summarise(list(verdicts(make)))
    assert FREE_TRACES in summary.notes
    said = "free traces: 3 of 20 statements cannot be read (15.0%)"
    captions = {table.name: table.caption for table in tables(summary)}
    assert all(said in caption for name, caption in captions.items() if name != "detectable")
    (row,) = [
        row for table in tables(summary) if table.name == "free_traces" for row in table.rows if "unread" in row[2]
    ]
    assert row[3:5] == (3, 20)


def test_it_is_said_if_traces_were_judged_in_two_ways(make) -> None:
    assert TWO_WAYS in summarise([*verdicts(make), make("p5")]).notes
    assert TWO_WAYS not in summarise(list(verdicts(make))).notes


def test_the_order_of_verdicts_does_not_matter(make) -> None:
    some = [*verdicts(make), make("p5"), make("p6", right=False)]
    assert summarise(Columns.of(some)) == summarise(Columns.of(reversed(some)))
