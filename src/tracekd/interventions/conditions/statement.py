"""Conditions on one statement of the student's own free trace: it is cut, denied, or one of its values is replaced.

Rules change the text, and the task's grammar judges the changed trace anew: if it does not read what was meant, there is no
such trace. The chosen statement is the same under the three conditions. It is a step: a claim that the grammar reads and that
does not say what the answer is.
"""

from collections.abc import Callable
from itertools import islice

from tracekd.interventions.condition import Condition, Force, Forced, Own
from tracekd.interventions.conditions.own_trace import written
from tracekd.interventions.cut_statement import without_statement
from tracekd.interventions.free_trace import FreeTrace, same_others
from tracekd.interventions.negated_statement import denials
from tracekd.interventions.replaced_value import with_other_values
from tracekd.parameter import Parameter
from tracekd.problem import Problem
from tracekd.regimes.contract import Setting, Streams, Unsupported

_WHICH = ("decisive", "first", "last", "drawn")
# How many other values are tried; each trace is judged anew.
_TRIES = 48

# The changed trace. Raises Unsupported if there is none.
_Change = Callable[[FreeTrace, int, Streams], FreeTrace]


def _condition(change: _Change) -> Callable[[str], Force]:
    def of(which: str) -> Force:
        if which not in _WHICH:
            raise ValueError(which)

        def force(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
            trace = FreeTrace.of(problem, written(own), setting)
            changed = change(trace, _chosen(trace, written(own), which, streams), streams)
            return Forced(changed.text, changed.implied(), changed.is_altered)

        return force

    return of


def _chosen(trace: FreeTrace, own: Own, which: str, streams: Streams) -> int:
    """The index of the statement that is changed. Raises Unsupported if there is none."""
    steps = trace.steps
    if not steps:
        raise Unsupported("the grammar reads no step in the student's trace")
    if which == "decisive":
        decisive = trace.decisive(own.answer)
        if decisive is None:
            raise Unsupported("the student's answer does not follow from its trace, so no step decides it")
        return decisive
    return streams("statement").choice(steps) if which == "drawn" else steps[0 if which == "first" else -1]


def _cut(trace: FreeTrace, at: int, streams: Streams) -> FreeTrace:
    text = without_statement(trace.text, trace.statements, at)
    if text is None:
        raise Unsupported("without the statement, a broken sentence would be left")
    changed = trace.with_text(text)
    if not same_others(trace, changed, at, is_gone=True):
        raise Unsupported("without the statement, others would mean something else")
    return changed


def _negated(trace: FreeTrace, at: int, streams: Streams) -> FreeTrace:
    one = trace.statements[at]
    if not (one.holds or one.grounding == "contradicted"):
        raise Unsupported("the context does not decide whether the statement is so")
    for said in denials(one.text):
        changed = trace.with_text(trace.text[: one.start] + said + trace.text[one.end :])
        if same_others(trace, changed, at, is_gone=False) and _is_opposite(trace, changed, at):
            return changed
    raise Unsupported("the grammar reads no denial of the statement")


def _is_opposite(trace: FreeTrace, changed: FreeTrace, at: int) -> bool:
    before, after = trace.statements[at], changed.statements[at]
    return after.is_read and (after.grounding == "contradicted" if before.holds else after.holds)


def _replaced(trace: FreeTrace, at: int, streams: Streams) -> FreeTrace:
    """If possible, with a value that implies another answer than gold; and with one that the trace did not name before."""
    found: list[tuple[tuple[bool, bool], FreeTrace]] = []
    texts = with_other_values(trace.text, trace.statements[at], trace.question.grounder, trace.problem.context)
    for text, is_new in islice(texts, _TRIES):
        changed = trace.with_text(text)
        if _is_replaced(trace, changed, at):
            found.append(((changed.implied() is not None, is_new), changed))
    if not found:
        raise Unsupported("with no other value of the context, the grammar reads a false statement")
    best = max(rank for rank, _ in found)
    return streams("replaced value").choice([changed for rank, changed in found if rank == best])


def _is_replaced(trace: FreeTrace, changed: FreeTrace, at: int) -> bool:
    if len(trace.statements) != len(changed.statements):
        return False
    one = changed.statements[at]
    pairs = zip(trace.statements, changed.statements, strict=True)
    keeps_meaning = all(after.is_read or not before.is_read for before, after in pairs)
    is_false = one.is_read and one.grounding == "contradicted" and not one.is_answer
    return keeps_meaning and is_false and one.taken_back_by is None  # a later statement must not say it right


_PARAMETER = ("which statement", "decisive, first, last or drawn", "decisive")
_MISTAKES = "Lanham et al. 2023, arXiv 2307.13702: adding mistakes"

CUT = Condition.with_parameter(
    "statement_cut",
    "the student's own free trace without one of its statements",
    Parameter(*_PARAMETER, _condition(_cut)),
    citation="after DeYoung et al. 2019 (ERASER), arXiv 1911.03429: comprehensiveness, of a statement",
)
NEGATED = Condition.with_parameter(
    "statement_negated",
    "the student's own free trace with one of its statements denied",
    Parameter(*_PARAMETER, _condition(_negated)),
    citation=f"after {_MISTAKES}; here by rule, and read back by the task's grammar",
)
REPLACED = Condition.with_parameter(
    "statement_replaced",
    "the student's own free trace with one value of a statement replaced by another, so that it is false",
    Parameter(*_PARAMETER, _condition(_replaced)),
    citation=f"after {_MISTAKES}; here by rule, and the answer that follows is known",
)
