"""What is wrong with an output, step by step, in plain words, with short quotations."""

from collections.abc import Sequence

from tracekd.tasks.template import render_answer
from tracekd.verify.citation import Citation
from tracekd.verify.free_verdict import FreeVerdict
from tracekd.verify.parse import Parsed
from tracekd.verify.prepared import Prepared
from tracekd.verify.verdict import StepVerdict
from tracekd.verify.wording import NO_TRACE, short

_LISTED = 10


def about_steps(
    prepared: Prepared, parsed: Parsed, citation: Citation, class_step: StepVerdict, retrieval_step: StepVerdict
) -> list[str]:
    """What is wrong with the steps; empty if nothing is."""
    if parsed.status != "ok":
        return [NO_TRACE[parsed.status]]
    wrong = []
    if class_step != "right":
        wrong.append(_about_class(prepared, parsed))
    if retrieval_step != "right":
        wrong.append(_about_facts(prepared, parsed, citation))
    return wrong


def about_answer(prepared: Prepared, parsed: Parsed) -> str:
    """What is wrong with the answer."""
    gold = short(render_answer(prepared.problem.answer))
    if parsed.answer_text is None:
        return f"there is no answer, gold is {gold}"
    return f"answer is {short(parsed.answer_text)}, gold is {gold}"


def about_free_trace(prepared: Prepared, found: FreeVerdict) -> str:
    """What is wrong with an output whose trace is free: its first false statement, class and answer; or `right`."""
    wrong = [_about_statements(found)]
    if found.label_is_right is False:
        wrong.append(f"class is {short(found.stated_label or '')}, gold is {short(prepared.problem.label)}")
    if not found.answer:
        wrong.append(_about_free_answer(prepared, found))
    return "; ".join(filter(None, wrong)) or "right"


def _about_free_answer(prepared: Prepared, found: FreeVerdict) -> str:
    gold = short(render_answer(prepared.problem.answer))
    if found.answer_text is None:
        return f"there is no answer, gold is {gold}"
    how = "right only if read leniently" if found.lenient_answer else "wrong"
    return f'answer is {how}: "{short(found.answer_text)}", gold is {gold}'


def _about_statements(found: FreeVerdict) -> str:
    """The first step that the context contradicts, or else the first one without ground, or else what is missing."""
    if found.status == "hidden":
        return NO_TRACE["hidden"]
    steps = [(at, one) for at, one in enumerate(found.statements) if one.is_claim and not one.is_answer]
    if not steps:
        return "no statement besides the answer claims anything"
    errors = [(at, one) for at, one in steps if one.is_error]
    if errors:
        at, one = next((error for error in errors if error[1].grounding == "contradicted"), errors[0])
        said = "is false" if one.grounding == "contradicted" else "has no ground in the context"
        back = "" if one.taken_back_by is None else f", and taken back by statement {one.taken_back_by + 1}"
        return f"statement {at + 1} {said}: {short(one.text)} ({short(one.reason)}){back}"
    unread = sum(not one.is_read for _, one in steps)
    return f"{unread} of {len(steps)} claims cannot be read" if unread else ""


def _about_class(prepared: Prepared, parsed: Parsed) -> str:
    gold = short(prepared.problem.label)
    if parsed.stated_label is None:
        return f"no single class is stated, gold is {gold}"
    return f"class is {short(parsed.stated_label)}, gold is {gold}"


def _about_facts(prepared: Prepared, parsed: Parsed, citation: Citation) -> str:
    gold = _listed([prepared.problem.context[place].id for place in prepared.gold_places])
    if parsed.cited is None:
        return f"no readable facts are cited, gold is {gold}"
    ids = _ids(prepared, citation)
    cited = f"cites fact{'s' if len(ids) > 1 else ''} {_listed(ids)}" if ids else "cites no fact of the context"
    return f"{cited}, gold is {gold}{_about_invented(prepared, citation)}"


def _about_invented(prepared: Prepared, citation: Citation) -> str:
    count = len(citation.invented)
    if not count:
        return ""
    known = {fact.casefold() for fact in prepared.context.places}
    in_other_case = sum(fact.casefold() in known for fact in citation.invented)
    message = f"; {count} {'fact is' if count == 1 else 'facts are'} not in the context"
    return f"{message} ({in_other_case} only in letter case)" if in_other_case else message


def _ids(prepared: Prepared, citation: Citation) -> list[str]:
    """The ids of the cited facts of the context, in story order; of equal texts, the gold one, else the first."""
    context = prepared.problem.context
    gold = prepared.gold_places
    places = (prepared.context.places[fact] for fact in citation.known)
    chosen = sorted([same[0] if len(same) == 1 else _gold_or_first(same, gold) for same in places])
    return [context[place].id for place in chosen]


def _gold_or_first(same: Sequence[int], gold: Sequence[int]) -> int:
    return next((place for place in same if place in gold), same[0])


def _listed(ids: Sequence[str]) -> str:
    if len(ids) == 1:
        return short(ids[0])
    shown = [short(id_) for id_ in ids[:_LISTED]]
    if len(ids) > _LISTED:
        shown.append(f"{len(ids) - _LISTED} more")
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:]))) or "nothing"
