"""The faults of a row's free trace: what its statements say, held against the context."""

from collections.abc import Callable, Iterator, Mapping

from tracekd.audit.row_parts import FINE, Said, quoted
from tracekd.plain_text import plain_line
from tracekd.regimes.intent import Intent
from tracekd.statements.statement import Statement
from tracekd.verify.free_verdict import FreeVerdict

_LONGEST_REASON = 160
# A trace is of another problem only if it says at least so many things besides the answer.
_FEWEST = 3
_HALF, _FEW = 0.5, 0.2


def free_checks(verdict: FreeVerdict, intent: Intent) -> Iterator[tuple[str, Said]]:
    """Yield each fault of free traces and what the check says (see `Said`).

    In a trace of another problem, nothing else is checked: it should count as one fault, not as five.
    """
    if not verdict.statements:
        return
    yield "unread_trace", _unread(verdict)
    another = _of_another(verdict)
    yield "trace_of_another_problem", another
    if another:
        return
    for name, check in _CHECKS.items():
        if name == "false_statement" and intent.claims == "wrong":
            continue
        yield name, check(verdict)
    if intent.claims == "wrong" and verdict.trace.claims:
        yield (
            "incorrect_is_right",
            FINE if verdict.trace.first_false is not None else "no statement of the trace is false",
        )


def _unread(verdict: FreeVerdict) -> Said:
    trace = verdict.trace
    return f"{trace.unread} of {trace.total} statements cannot be read" if trace.unread_share > _HALF else FINE


def _of_another(verdict: FreeVerdict) -> Said:
    """Whether most statements are foreign to the context, and hardly any holds.

    Answers do not count, nor announcements such as `Step 1:`; what is said again counts once.
    """
    rest = list({one.text: one for one in verdict.statements if not one.is_answer and one.text[-1] != ":"}.values())
    holding = sum(one.holds for one in rest)
    foreign = [one for one in rest if one.is_error or not (one.is_read or one.is_claim)]
    unread = sum(one.is_claim and not one.is_read for one in rest)
    total = holding + len(foreign) + unread
    if total < _FEWEST or len(foreign) <= _HALF * total or holding >= _FEW * total:
        return FINE if total else None
    return f"{len(foreign)} of {total} statements are not about this context, such as {quoted(foreign[0].text)}; {holding} hold"


def _false(verdict: FreeVerdict) -> Said:
    return _first(verdict, lambda one: one.grounding == "contradicted" and one.taken_back_by is None)


def _taken_back(verdict: FreeVerdict) -> Said:
    return _first(verdict, lambda one: one.grounding == "contradicted" and one.taken_back_by is not None)


def _groundless(verdict: FreeVerdict) -> Said:
    return _first(verdict, lambda one: one.grounding == "unsupported" and one.is_read)


def _first(verdict: FreeVerdict, is_faulty: Callable[[Statement], bool]) -> Said:
    """The first faulty statement; None if the trace claims nothing."""
    if not verdict.trace.claims:
        return None
    return next((describe(at, one) for at, one in enumerate(verdict.statements) if is_faulty(one)), FINE)


def _answer_first(verdict: FreeVerdict) -> Said:
    claims = [one for one in verdict.statements if one.is_claim]
    if len(claims) < 2:
        return None
    # An answer that stands before the reasoning belongs to the trace, with its tags.
    is_first = claims[0].is_answer or claims[0].text.startswith("<answer>")
    return f"it begins with the answer: {quoted(claims[0].text)}" if is_first else FINE


def _not_following(verdict: FreeVerdict) -> Said:
    """None if a claim that cannot be read may be the one from which the answer follows."""
    if verdict.follows_from_standing is None or not verdict.trace.claims:
        return None
    if verdict.follows_from_standing:
        return FINE
    if any(one.is_claim and not one.is_read for one in verdict.statements):
        return None
    return f"{quoted(verdict.answer_text or '')} does not follow from its statements"


def describe(at: int, one: Statement) -> str:
    """A statement for people: its number from 1, its text, and how it stands to the context."""
    reason = plain_line(one.reason[:_LONGEST_REASON])
    return f"statement {at + 1}, {quoted(one.text)}" + (f": {reason}" if reason else "")


_CHECKS: Mapping[str, Callable[[FreeVerdict], Said]] = {
    "false_statement": _false,
    "false_taken_back": _taken_back,
    "groundless_claim": _groundless,
    "answer_first": _answer_first,
    "answer_not_following": _not_following,
}
