"""Checks of free traces, without gold."""

import pytest

import tracekd
from tracekd.errors import UserError
from tracekd.verify.check import Check
from tracekd.verify.without_gold import Checker

FACTS = (
    "Ada plays for Rovers from 1990 to 1994.",
    "Bob plays for Rovers from 1992 to 1996.",
    "Eve plays for Rovers from 1997 to 1999.",
)
QUESTION = "While Ada was playing for Rovers, who was also playing for Rovers at the same time?"
CHECKER = Checker.of("cotempqa", FACTS, QUESTION, "free")


def states(text: str) -> dict[str, str]:
    return {name: part.state for name, part in CHECKER.check(text).parts.items()}


def test_claims_that_hold_and_an_answer_that_follows_pass() -> None:
    checked = CHECKER.check("Ada: 1990-1994. Bob: 1992-1996. They overlap. The answer is \\boxed{Bob}.")
    assert checked.passes
    assert (checked.cited, checked.invented, checked.stated_label) == ((0, 1), (), "overlap")
    assert {part.state for part in checked.parts.values()} == {"passes"}
    assert checked.free is not None and checked.free.all_hold
    assert Check.model_validate_json(checked.model_dump_json()) == checked


def test_a_false_claim_fails_unless_it_is_taken_back() -> None:
    false = "Ada: 1990-1994. Bob: 1995-1996."
    assert states(f"{false} The answer is Bob.")["facts"] == "fails"
    taken_back = CHECKER.check(f"{false} Wait, no. Bob: 1992-1996. The answer is Bob.")
    assert (taken_back.facts.state, taken_back.facts.reason) == ("passes", "every claim holds, or is taken back (1)")
    assert taken_back.passes


def test_an_invented_claim_fails_and_is_shown() -> None:
    checked = CHECKER.check("Bob plays for United from 1990 to 1994. The answer is Bob.")
    assert checked.facts.state == "fails"
    assert len(checked.invented) + (checked.free.false_steps if checked.free else 0) == 1


@pytest.mark.parametrize("text", ["", "The answer is Bob.", "Let me think about it. The answer is Bob."])
def test_without_claims_nothing_is_decided(text: str) -> None:
    checked = CHECKER.check(text)
    assert checked.facts.state == "unknown" and not checked.passes


def test_an_answer_from_a_false_statement_follows_from_it_and_not_from_the_context() -> None:
    found = states("Ada: 1990-1994. Eve plays for Rovers from 1991 to 1993. The answer is Eve.")
    assert (found["facts"], found["from_cited"], found["from_context"]) == ("fails", "passes", "fails")


def test_a_stated_class_must_be_admitted_and_none_need_be_stated() -> None:
    assert states("Ada: 1990-1994. Bob: 1992-1996. The answer is Bob.")["label"] == "unknown"
    stated = "Ada: 1990-1994. The class is equal. The answer is Bob."
    assert CHECKER.check(stated).stated_label == "equal"
    assert states(stated)["label"] == "fails"


def test_auto_reads_the_template_where_it_is_used() -> None:
    auto = Checker.of("cotempqa", FACTS, CHECKER.question, "auto")
    text = f"<think>{auto.task.template.retrieve} {[FACTS[1]]}</think><answer>['Bob']</answer>"
    assert auto.check(text) == tracekd.check("cotempqa", FACTS, CHECKER.question, text)
    assert auto.check(text).free is None and auto.check("Bob: 1992-1996.").free is not None


def test_a_task_without_a_grammar_is_refused(no_grammar: str) -> None:
    with pytest.raises(UserError, match="no grammar"):
        tracekd.check(no_grammar, (), "Who?", "", trace="free")


def test_the_json_of_other_checks_has_no_record_of_a_free_trace() -> None:
    assert '"free"' not in tracekd.check("cotempqa", FACTS, CHECKER.question, "").model_dump_json()
