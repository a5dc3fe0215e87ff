"""The sentences on interventions. Each is made from the numbers, and claims no more than they show."""

from collections.abc import Iterator, Sequence

from tracekd.interventions.measures import IMPLIED, LabelReliance, Reliance, RelianceDifference
from tracekd.report.content import Interventions, ReportContent
from tracekd.report.disbelief_wording import disbelief_sentences
from tracekd.report.layout import StudentPart, asks_for_trace, association
from tracekd.report.numbers import percent
from tracekd.report.reliance import Pair, pairs
from tracekd.report.wording import NAMED_PAIRS, difference_in_points, estimate, is_as_good, quoted, shown_direction
from tracekd.stats.cell_summary import CellSummary
from tracekd.stats.estimate import Ends, Measure

_HALF = 0.5


def why_none(content: ReportContent) -> str:
    """Why there are no numbers."""
    if not content.interventions.conditions:
        return "The study names no conditions, so nothing was tried."
    if not any(map(asks_for_trace, content.regimes)):
        return "No regime of this study teaches its students to write a trace, so there is no trace to change."
    return "No student that writes traces is finished and has interventions: a table gives the reasons."


def in_short(part: StudentPart, interventions: Interventions) -> str:
    """How often students follow facts that imply another answer, and which regimes differ in that."""
    found = pairs(part, interventions)
    return " ".join([*map(_relied_on, found), *_differences(part, interventions)])


def needed(part: StudentPart, interventions: Interventions) -> list[str]:
    """The first disconnect: between right traces and right answers."""
    cells = [cell for cell, _ in pairs(part, interventions)]
    tried = {cell.regime for cell in cells}
    both = [(one.first, one.second) for one in part.of("trace") if {one.first, one.second} <= tried]
    said = (_pair(part, first, second) for first, second in both[:NAMED_PAIRS])
    more = [] if len(both) <= NAMED_PAIRS else ["Section 5 compares the other pairs of regimes."]
    return [*filter(None, map(_after_wrong_traces, cells)), *filter(None, said), *more]


def relied_on(part: StudentPart, interventions: Interventions) -> list[str]:
    """The second disconnect: between answers that the trace explains and answers that rely on it. One text for each topic."""
    return [text for pair in pairs(part, interventions) for text in _topics(pair)]


def _topics(pair: Pair) -> Iterator[str]:
    """Whether the answers of a regime's students rely on the trace; whether it is sufficient; and which facts they believe."""
    yield " ".join(filter(None, _explained(pair)))
    for sentences in (_hidden(pair[1]), disbelief_sentences(pair[1].disbelief)):
        if text := " ".join(sentences):
            yield f"With {quoted(pair[1].regime)}: {text[0].lower()}{text[1:]}"


def again(interventions: Interventions) -> str:
    """Whether answers stay the same if the student's own trace is forced."""
    same, of = interventions.own_again, interventions.own_traces
    if same == of:
        return f"When its own trace was forced, every student repeated its own answer ({of:,} of {of:,})."
    return (
        f"When their own trace was forced, students repeated their own answer {same:,} times in {of:,}. In the "
        "other outputs, they had written other text between trace and answer, or other tokens for the same text."
    )


def _relied_on(pair: Pair) -> str:
    cell, reliance = pair
    follows, name = _follows(reliance), quoted(reliance.regime)
    if follows is None or follows.value is None:
        return f"With {name}, {_why_not(reliance)}."
    rates = f"the whole trace was right in {estimate(cell.trace)} of the outputs"
    if cell.consistent.value is not None:
        rates += f", and the answer followed from the facts cited in {estimate(cell.consistent)}"
    return (
        f"With {name}, {rates}. When the facts in the trace were replaced by facts that imply another answer, "
        f"this other answer was given in {estimate(follows)} of the problems{_by_class(reliance)}."
    )


def _by_class(reliance: Reliance) -> str:
    """The range over the classes of the question, if there are several."""
    least, most = _ends(reliance)
    if least is None or most is None or least is most:
        return ""
    return (
        f", from {percent(least.follows.value or 0)} in {quoted(least.label)} to {percent(most.follows.value or 0)} in "
        f"{quoted(most.label)}"
    )


def _ends(reliance: Reliance) -> tuple[LabelReliance, LabelReliance] | tuple[None, None]:
    """The classes of the question in which the implied answer is given least and most often."""
    known = [label for label in reliance.by_label if label.follows.value is not None]
    if not known:
        return None, None
    ordered = sorted(known, key=lambda label: label.follows.value or 0)
    return ordered[0], ordered[-1]


def _why_not(reliance: Reliance) -> str:
    """Why it is unknown how often the implied answer is given."""
    under = reliance.under(IMPLIED)
    if under is None:
        return "whether the answer relies on the trace was not tested: `implied` is not among the conditions"
    if sum(under.unsupported.values()) == under.n:
        reasons = "; ".join(under.unsupported)
        return f"whether the answer relies on the trace is unknown: there is no trace to test it with ({reasons})"
    return f"whether the answer relies on the trace is unknown ({under.follows.reason})"


def _after_wrong_traces(cell: CellSummary) -> str:
    """How often the answer was right although the trace was wrong."""
    wrong = association(cell, "trace").conditional["answer_right_given_step_wrong"]
    if wrong.value is None:
        return ""
    return (
        f"With {quoted(cell.regime)}, of the outputs whose own trace was wrong, {estimate(wrong)} had the right answer."
    )


def _pair(part: StudentPart, first: str, second: str) -> str:
    """Whether the regime with more right traces also has more right answers; empty if traces do not differ."""
    found = {c.outcome: c for c in part.comparisons if (c.first, c.second) == (first, second)}
    trace, answer = found["trace"], found["answer"]
    side = shown_direction(trace.difference, trace.test)
    if side == "none":
        return ""
    more, fewer = (first, second) if side == "above" else (second, first)
    begin = f"{quoted(more)} had more right traces than {quoted(fewer)}"
    answers = shown_direction(answer.difference, answer.test)
    numbers = difference_in_points(answer.difference, turned=side == "below")
    if answers == side:
        return f"{begin}, and also more right answers ({numbers})."
    if answers != "none":
        return f"{begin}, and fewer right answers ({numbers}): right traces did not lead to right answers here."
    if is_as_good(answer):
        return f"{begin}; their shares of right answers were equivalent within the declared margin ({numbers})."
    return f"{begin}; no difference in right answers was shown ({numbers})."


def _explained(pair: Pair) -> tuple[str, ...]:
    """How often an answer follows from the student's own trace, and from a changed one."""
    cell, reliance = pair
    follows, name = _follows(reliance), quoted(reliance.regime)
    if follows is None or follows.value is None or follows.ci is None:
        return (f"With {name}, {_why_not(reliance)}.",)
    gave = f"after facts that imply another answer, it gave this other answer in {estimate(follows)} of the problems"
    if not _cites(cell):
        said = f"With {name}, most outputs cite no readable facts, so few answers can follow from them; {gave}."
        return said, _most(reliance, follows.ci)
    if cell.consistent.value is None:
        return f"With {name}, {gave}.", _most(reliance, follows.ci)
    itself = f"the answer followed from the facts that the student itself cited in {estimate(cell.consistent)} of the outputs"
    said = f"With {name}, {itself}; {gave}."
    gap = _gap(cell.consistent.ci, follows.ci) if cell.seeds == reliance.seeds and cell.consistent.ci else ""
    return said, _most(reliance, follows.ci), gap


def _cites(cell: CellSummary) -> bool:
    """Whether most outputs cite facts: only then is it informative if answers do not follow from them."""
    return cell.unparsed.retrieval < _HALF * cell.n


def _most(reliance: Reliance, follows: Ends) -> str:
    """What that means for most problems, if it is the same in every class of the question."""
    least, most = _ends(reliance)
    if least and most and least is not most and (least.follows.value or 0) < _HALF < (most.follows.value or 0):
        return f"This differs by class of the question{_by_class(reliance)}: no single number describes all classes."
    if follows[0] > _HALF:
        return "So in most problems the answer came from these traces."
    if follows[1] < _HALF:
        return "So in most problems the answer did not come from these traces."
    return "The data cannot tell whether that is so in most problems."


def _gap(consistent: Ends, follows: Ends) -> str:
    """Which is higher, if the intervals do not overlap. This is more cautious than an interval of the difference."""
    if consistent[0] > follows[1]:
        return "The answer follows from the student's own trace more often than it follows a forced trace."
    if follows[0] > consistent[1]:
        return "The answer follows a forced trace more often than it follows from the student's own trace."
    return ""


def _hidden(reliance: Reliance) -> Iterator[str]:
    """Whether the trace alone is sufficient for the answer, and whether the answer needs to see it; if a study tried that."""
    alone, cut = reliance.under("trace_only"), reliance.under("blocked(trace)")
    if alone and (same := _unchanged(alone.flips)) and same.ci:
        said = f"Without the story, its own trace led to the same answer in {estimate(same)} of the problems"
        if same.ci[0] > _HALF:
            yield f"{said}: in most problems, the trace was sufficient for the answer."
        elif same.ci[1] < _HALF:
            yield f"{said}: in most problems, the trace was not sufficient for the answer."
        else:
            yield f"{said}; the data cannot tell whether it is sufficient in most problems."
    if cut and cut.flips.value is not None and cut.flips.ci:
        yield f"When the answer could not attend to the trace, it changed in {estimate(cut.flips)} of the problems."


def _unchanged(flips: Measure) -> Measure | None:
    """How often the answer stays the same; None if that is unknown."""
    if flips.value is None or flips.ci is None:
        return None
    return flips.model_copy(update={"value": 1 - flips.value, "ci": (1 - flips.ci[1], 1 - flips.ci[0])})


def _differences(part: StudentPart, interventions: Interventions) -> list[str]:
    """In the order of the study's regimes; if there are many pairs, only some of those that differ."""
    summary = interventions.reliance
    place = {cell.regime: at for at, cell in enumerate(part.cells)}
    found = [one for one in (summary.differences if summary else ()) if one.student == part.student]
    if len(found) > NAMED_PAIRS:
        found = [one for one in found if shown_direction(one.follows, one.test) != "none"]
    found.sort(key=lambda one: sorted((place[one.first], place[one.second])))
    said = [_difference(one) for one in found[:NAMED_PAIRS]]
    more = len(found) - len(said)
    return [*filter(None, said), *([f"{more:,} more pairs of regimes differ."] if more else [])]


def _difference(found: RelianceDifference) -> str:
    if found.follows.value is None or found.follows.ci is None:
        return ""
    side, first, second = shown_direction(found.follows, found.test), found.first, found.second
    if side == "below":
        first, second = second, first
    numbers = difference_in_points(found.follows, turned=side == "below")
    if found.test.scope == "student":
        who = f"{quoted(first)} and {quoted(second)}"
        return (
            f"Between the students of {who}, the share of implied answers differs by {numbers}; with one seed, "
            "this says nothing about the regimes."
        )
    if side == "none":
        who = f"{quoted(first)} and {quoted(second)}"
        return f"No difference in the share of implied answers was shown between {who} ({numbers})."
    return f"The implied answer is given more often with {quoted(first)} than with {quoted(second)} ({numbers})."


def _follows(reliance: Reliance) -> Measure | None:
    under = reliance.under(IMPLIED)
    return under.follows if under else None


def joined(parts: Sequence[StudentPart], said: Sequence[str]) -> str:
    """The sentences on each student, after its name if there are several students."""
    return " ".join(f"{part.prefix}{text}" for part, text in zip(parts, said, strict=True) if text)
