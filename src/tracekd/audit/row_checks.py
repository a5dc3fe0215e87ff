"""The faults that can be seen in a single row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial

from tracekd.audit.row_parts import FINE, RegimeRow, Said, answer_form, answered, quoted
from tracekd.problem import Answer
from tracekd.tasks import get_task
from tracekd.tasks.check import same_answer, shares_a_value
from tracekd.tasks.normalize import normalize_label
from tracekd.tasks.template import render_answer
from tracekd.tasks.what_follows import answers
from tracekd.verify.answer import lenient_answer_is_right


def answer_in_trace(row: RegimeRow) -> Said:
    if not row.intent.traced or row.gold.answer is None:
        return None
    said = "\n".join(row.parsed.cited) if row.parsed.cited is not None else row.parsed.trace_text
    text = said.lower()
    found = next((value for value in row.gold.answer.values if _names(text, value.lower())), None)
    return FINE if found is None else f"it names {quoted(found)}"


def _names(text: str, word: str) -> bool:
    """Whether the text contains these words as whole words."""
    at = text.find(word) if word.strip() else -1
    while at >= 0:
        end = at + len(word)
        if not (text[at - 1 : at].isalnum() and word[0].isalnum()) and not (
            text[end : end + 1].isalnum() and word[-1].isalnum()
        ):
            return True
        at = text.find(word, end)
    return False


def incorrect_is_right(row: RegimeRow) -> Said:
    wrong_label, wrong_facts = row.intent.label == "wrong", row.intent.facts == "wrong"
    if not (wrong_label or wrong_facts) or not row.comparable:
        return None
    label, gold = row.parsed.stated_label, row.gold
    known = (wrong_label and gold.label is not None) or (wrong_facts and bool(gold.supports))
    if wrong_label and gold.label and label and normalize_label(label) == normalize_label(gold.label):
        return f"the class is right: {quoted(label)}"
    if wrong_facts:
        for kind, facts in gold.supports.items():
            right = set(map(str.casefold, facts))  # a gold fact in lower case tells the same
            for fact in row.cited:
                if fact.casefold() in right:
                    return f"it cites a gold fact ({kind}): {quoted(fact)}"
        if _answer_follows(row, wholly=False):
            return f"the answer follows from {quoted(row.cited[0])}"
    return FINE if known else None


def correct_is_wrong(row: RegimeRow) -> Said:
    right_label, right_facts = row.intent.label == "right", row.intent.facts == "right"
    if not (right_label or right_facts) or not row.comparable:
        return None
    label, gold = row.parsed.stated_label, row.gold
    if right_label and gold.label and label and normalize_label(label) != normalize_label(gold.label):
        return f"the class is {quoted(label)}, gold is {quoted(gold.label)}"
    if right_facts and gold.right and row.parsed.cited is not None:
        sets = [set(gold.supports[kind]) for kind in gold.right]
        if set(row.cited) not in sets:
            return _about_facts(row.cited, min(sets, key=lambda facts: len(facts.symmetric_difference(row.cited))))
        return FINE
    return FINE if right_label and gold.label and label else None


def _about_facts(cited: Sequence[str], gold: set[str]) -> str:
    more = [fact for fact in cited if fact not in gold]
    less = sorted(gold.difference(cited))
    said = [f"{len(more)} too many, {quoted(more[0])}"] if more else []
    return "it cites " + " and ".join([*said, *([f"leaves out {quoted(less[0])}"] if less else [])])


def trace_not_sufficient(row: RegimeRow) -> Said:
    if row.intent.facts != "right" or not row.comparable or row.parsed.cited is None:
        return None
    missing = [fact for fact in row.gold.supports.get("full_support", ()) if fact not in row.cited]
    if missing:
        return f"it leaves out {quoted(missing[0])}"
    if row.gold.label is None or row.gold.answer is None or not row.task.has_rule(row.gold.label):
        return None
    return FINE if _answer_follows(row, wholly=True) else "the answer does not follow from what it cites"


def _answer_follows(row: RegimeRow, *, wholly: bool) -> bool:
    """Whether the gold answer (all of it, or any part) follows by rule from the cited facts, read in story order."""
    gold = row.gold.answer
    agrees = same_answer if wholly else shares_a_value
    return gold is not None and any(answer == gold or agrees(answer, gold) for answer in _derived(row))


def _derived(row: RegimeRow) -> Iterator[Answer]:
    """Yield what follows by rule from the cited facts, read in story order; nothing if the row says too little."""
    gold = row.gold
    if gold.label is None or gold.question is None or not row.cited:
        return iter(())
    # The released incorrect traces write facts of the context in lower case; their meaning is the same.
    by_case = {fact.casefold(): fact for fact in row.context.places}
    cited = [by_case.get(fact.casefold(), fact) for fact in row.cited]
    return answers(partial(_derive, row.task.name), gold.question, row.context, cited, (gold.label,))


@lru_cache(maxsize=2**14)
def _derive(task: str, question: str, facts: Sequence[str], label: str) -> Answer | None:
    """What follows by the task's rule. Cached, because many stories have the same few sentences and question."""
    return get_task(task).derive(question, facts, label)


def fact_not_in_context(row: RegimeRow) -> Said:
    return _about_foreign(row, in_other_case=False)


def fact_case_changed(row: RegimeRow) -> Said:
    return _about_foreign(row, in_other_case=True)


def _about_foreign(row: RegimeRow, *, in_other_case: bool) -> Said:
    """The first cited fact that is not in the context: one that differs only in letter case, or any other."""
    if not row.intent.quotes or not row.context.places or row.parsed.cited is None or not row.comparable:
        return None
    foreign = [fact for fact in row.cited if fact and fact not in row.context.places]
    if not foreign:
        return FINE
    folded = set(map(str.casefold, row.context.places))
    found = next((fact for fact in foreign if (fact.casefold() in folded) == in_other_case), None)
    return FINE if found is None else f"it cites {quoted(found)}"


def empty_step(row: RegimeRow) -> Said:
    if not row.intent.traced:
        return None
    parsed, gold = row.parsed, row.gold.supports.get("support")
    if parsed.status == "ok" and not parsed.trace_text.strip():
        return "the trace is empty"
    if parsed.cited is not None and not any(row.cited) and gold != ():
        return "it cites nothing"
    return FINE


def malformed_step(row: RegimeRow) -> Said:
    parsed, expected, text = row.parsed, row.expected, row.source.completion
    if parsed.status == "unclosed":
        return "the trace is not closed: there is no </think>"
    if not row.intent.traced:
        return FINE
    if parsed.status != "ok":
        return "there is no trace"
    if "</answer>" not in text if "<answer>" in text else expected.tagged or parsed.answer_text is None:
        return "there is no <answer> tag, or it is not closed"
    if expected.label and parsed.stated_label is None:
        return "no single class is stated"
    if expected.facts and parsed.cited is None:
        return "no facts are introduced, or their list cannot be read"
    if row.bare and expected.listed:
        return f"a bare text, while other rows have a list: {quoted((parsed.cited or ('',))[0])}"
    return FINE


_SHOWN = 200


def checks(row: RegimeRow, *, in_template: bool = True) -> Iterator[tuple[str, Said]]:
    """Yield each fault and what the check says (see `Said`). Without a trace in the task's template, its steps are not
    checked.
    """
    for name, check in _CHECKS.items():
        if in_template or name not in _OF_STEPS:
            yield name, check(row)


def _another_question(row: RegimeRow) -> Said:
    return row.asks_another


def _answer_differs(row: RegimeRow) -> Said:
    if row.gold.answer is None or not row.comparable:
        return None
    if row.intent.answer == "follows":
        return _another_follows(row, row.gold.answer)
    return f"it answers {answered(row.parsed)}, the row {quoted(row.source.answer or '')}" if row.differs else FINE


def _another_follows(row: RegimeRow, gold: Answer) -> Said:
    """Whether another answer than the row's follows by rule from the facts that it cites; None if nothing follows."""
    derived = [gold.model_copy(update={"values": answer.values}) for answer in _derived(row)]
    if not derived:
        return None
    if any(lenient_answer_is_right(row.parsed.answer_text, answer) for answer in derived):
        return FINE
    follows = render_answer(derived[0])
    return f"it answers {answered(row.parsed)}, but {quoted(follows)} follows from what it cites"


def _answer_not_gold(row: RegimeRow) -> Said:
    if row.intent.answer == "gold" or row.gold.answer is None or not row.comparable:
        return None
    return f"it answers {answered(row.parsed)}, gold is {quoted(row.source.answer or '')}" if row.differs else FINE


def _prompt_form(row: RegimeRow) -> Said:
    if row.prompt.form == row.expected.prompt_form:
        return FINE
    return f"its form is {row.prompt.form[-_SHOWN:]!a}"


def _answer_form(row: RegimeRow) -> Said:
    form = answer_form(row.parsed)
    return FINE if form == row.expected.answer_form else f"it is {form}: {answered(row.parsed)}"


_CHECKS: Mapping[str, Callable[[RegimeRow], Said]] = {
    "message_of_another_question": _another_question,
    "answer_differs": _answer_differs,
    "answer_not_gold": _answer_not_gold,
    "answer_in_trace": answer_in_trace,
    "incorrect_is_right": incorrect_is_right,
    "correct_is_wrong": correct_is_wrong,
    "trace_not_sufficient": trace_not_sufficient,
    "fact_not_in_context": fact_not_in_context,
    "fact_case_changed": fact_case_changed,
    "empty_step": empty_step,
    "malformed_step": malformed_step,
    "prompt_form_differs": _prompt_form,
    "answer_form_differs": _answer_form,
}
_OF_STEPS = frozenset(
    {"incorrect_is_right", "correct_is_wrong", "trace_not_sufficient", "fact_not_in_context", "fact_case_changed"}
)
