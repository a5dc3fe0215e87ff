"""The faults that can be seen in a single row."""

from collections.abc import Callable, Iterator, Mapping

from tracekd.audit import step_checks
from tracekd.audit.taken import FINE, Said, Taken, answer_form, answered, quoted

_SHOWN = 200


def checks(taken: Taken) -> Iterator[tuple[str, Said]]:
    """Yield each fault and what is said of it."""
    for name, check in _CHECKS.items():
        yield name, check(taken)


def _another_question(taken: Taken) -> Said:
    return taken.asks_another


def _answer_differs(taken: Taken) -> Said:
    if taken.gold.answer is None or not taken.comparable:
        return None
    if not taken.differs:
        return FINE
    return f"it answers {answered(taken.parsed)}, the row {quoted(taken.row.answer or '')}"


def _prompt_form(taken: Taken) -> Said:
    if taken.prompt.form == taken.expected.prompt_form:
        return FINE
    return f"its form is {taken.prompt.form[-_SHOWN:]!a}"


def _answer_form(taken: Taken) -> Said:
    form = answer_form(taken.parsed)
    return FINE if form == taken.expected.answer_form else f"it is {form}: {answered(taken.parsed)}"


_CHECKS: Mapping[str, Callable[[Taken], Said]] = {
    "message_of_another_question": _another_question,
    "answer_differs": _answer_differs,
    "answer_in_trace": step_checks.answer_in_trace,
    "incorrect_is_right": step_checks.incorrect_is_right,
    "correct_is_wrong": step_checks.correct_is_wrong,
    "trace_not_sufficient": step_checks.trace_not_sufficient,
    "fact_not_in_context": step_checks.fact_not_in_context,
    "fact_case_changed": step_checks.fact_case_changed,
    "empty_step": step_checks.empty_step,
    "malformed_step": step_checks.malformed_step,
    "prompt_form_differs": _prompt_form,
    "answer_form_differs": _answer_form,
}
