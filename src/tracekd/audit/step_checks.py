"""Faults of a trace's steps, seen in a single row."""

from collections.abc import Sequence
from functools import lru_cache, partial

from tracekd.audit.taken import FINE, Said, Taken, quoted
from tracekd.problem import Answer
from tracekd.tasks import get_task
from tracekd.tasks.check import same_answer, shares_a_value
from tracekd.tasks.normalize import normalize_label
from tracekd.tasks.what_follows import answers


def answer_in_trace(taken: Taken) -> Said:
    if not taken.intent.traced or taken.gold.answer is None:
        return None
    said = "\n".join(taken.parsed.cited) if taken.parsed.cited is not None else taken.parsed.trace_text
    text = said.lower()
    found = next((value for value in taken.gold.answer.values if _names(text, value.lower())), None)
    return FINE if found is None else f"it names {quoted(found)}"


def _names(text: str, word: str) -> bool:
    """Whether the text holds these words, not as a part of others."""
    at = text.find(word) if word.strip() else -1
    while at >= 0:
        end = at + len(word)
        if not (text[at - 1 : at].isalnum() and word[0].isalnum()) and not (
            text[end : end + 1].isalnum() and word[-1].isalnum()
        ):
            return True
        at = text.find(word, end)
    return False


def incorrect_is_right(taken: Taken) -> Said:
    wrong_label, wrong_facts = taken.intent.label == "wrong", taken.intent.facts == "wrong"
    if not (wrong_label or wrong_facts) or not taken.comparable:
        return None
    label, gold = taken.parsed.stated_label, taken.gold
    known = (wrong_label and gold.label is not None) or (wrong_facts and bool(gold.supports))
    if wrong_label and gold.label and label and normalize_label(label) == normalize_label(gold.label):
        return f"the class is right: {quoted(label)}"
    if wrong_facts:
        for kind, facts in gold.supports.items():
            right = set(map(str.casefold, facts))  # a gold fact in lower case tells as much
            for fact in taken.cited:
                if fact.casefold() in right:
                    return f"it cites a gold fact ({kind}): {quoted(fact)}"
        if _answer_follows(taken, wholly=False):
            return f"the answer follows from {quoted(taken.cited[0])}"
    return FINE if known else None


def correct_is_wrong(taken: Taken) -> Said:
    right_label, right_facts = taken.intent.label == "right", taken.intent.facts == "right"
    if not (right_label or right_facts) or not taken.comparable:
        return None
    label, gold = taken.parsed.stated_label, taken.gold
    if right_label and gold.label and label and normalize_label(label) != normalize_label(gold.label):
        return f"the class is {quoted(label)}, gold is {quoted(gold.label)}"
    if right_facts and gold.right and taken.parsed.cited is not None:
        sets = [set(gold.supports[kind]) for kind in gold.right]
        if set(taken.cited) not in sets:
            return _about_facts(taken.cited, min(sets, key=lambda facts: len(facts.symmetric_difference(taken.cited))))
        return FINE
    return FINE if right_label and gold.label and label else None


def _about_facts(cited: Sequence[str], gold: set[str]) -> str:
    more = [fact for fact in cited if fact not in gold]
    less = sorted(gold.difference(cited))
    said = [f"{len(more)} too many, {quoted(more[0])}"] if more else []
    return "it cites " + " and ".join([*said, *([f"leaves out {quoted(less[0])}"] if less else [])])


def trace_not_sufficient(taken: Taken) -> Said:
    if taken.intent.facts != "right" or not taken.comparable or taken.parsed.cited is None:
        return None
    missing = [fact for fact in taken.gold.supports.get("full_support", ()) if fact not in taken.cited]
    if missing:
        return f"it leaves out {quoted(missing[0])}"
    if taken.gold.label is None or taken.gold.answer is None or not taken.task.has_rule(taken.gold.label):
        return None
    return FINE if _answer_follows(taken, wholly=True) else "the answer does not follow from what it cites"


def _answer_follows(taken: Taken, *, wholly: bool) -> bool:
    """Whether all of the gold answer, or any of it, follows by rule from the cited facts, read in story order."""
    gold = taken.gold
    if gold.label is None or gold.answer is None or gold.question is None or not taken.cited:
        return False
    # The released incorrect traces write facts of the context in lower case; they still tell what they tell.
    by_case = {fact.casefold(): fact for fact in taken.context.places}
    cited = [by_case.get(fact.casefold(), fact) for fact in taken.cited]
    derived = answers(partial(_derive, taken.task.name), gold.question, taken.context, cited, (gold.label,))
    agrees = same_answer if wholly else shares_a_value
    return any(answer == gold.answer or agrees(answer, gold.answer) for answer in derived)


@lru_cache(maxsize=2**14)
def _derive(task: str, question: str, facts: Sequence[str], label: str) -> Answer | None:
    """What follows by the task's rule. The same few sentences answer the same question in many stories."""
    return get_task(task).derive(question, facts, label)


def fact_not_in_context(taken: Taken) -> Said:
    return _about_foreign(taken, in_other_case=False)


def fact_case_changed(taken: Taken) -> Said:
    return _about_foreign(taken, in_other_case=True)


def _about_foreign(taken: Taken, *, in_other_case: bool) -> Said:
    """The first cited fact that is not in the context as it is cited, and is, or is not, in another case."""
    if not taken.intent.quotes or not taken.context.places or taken.parsed.cited is None or not taken.comparable:
        return None
    foreign = [fact for fact in taken.cited if fact and fact not in taken.context.places]
    if not foreign:
        return FINE
    folded = set(map(str.casefold, taken.context.places))
    found = next((fact for fact in foreign if (fact.casefold() in folded) == in_other_case), None)
    return FINE if found is None else f"it cites {quoted(found)}"


def empty_step(taken: Taken) -> Said:
    if not taken.intent.traced:
        return None
    parsed, gold = taken.parsed, taken.gold.supports.get("support")
    if parsed.status == "ok" and not parsed.trace_text.strip():
        return "the trace is empty"
    if parsed.cited is not None and not any(taken.cited) and gold != ():
        return "it cites nothing"
    return FINE


def malformed_step(taken: Taken) -> Said:
    parsed, expected, text = taken.parsed, taken.expected, taken.row.completion
    if parsed.status == "unclosed":
        return "the trace is not closed: there is no </think>"
    if not taken.intent.traced:
        return FINE
    if parsed.status != "ok":
        return "there is no trace"
    if "<answer>" not in text or "</answer>" not in text:
        return "there is no <answer> tag, or it is not closed"
    if expected.label and parsed.stated_label is None:
        return "no one class is stated"
    if expected.facts and parsed.cited is None:
        return "no facts are introduced, or their list cannot be read"
    if taken.bare and expected.listed:
        return f"a bare text where others have a list: {quoted((parsed.cited or ('',))[0])}"
    return FINE
