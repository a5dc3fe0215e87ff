"""The answers that cited facts give to a CoTempQA question, for right and for wrong facts."""

from collections.abc import Sequence

from tracekd.tasks.cotempqa.sentences import parse_event, parse_question
from tracekd.tasks.solution import Slots


def read_slots(question: str, facts: Sequence[str], label: str) -> Slots | None:
    """The entities of all facts on the side that the question asks for; None if the form of the question is unknown.

    Time and relation do not matter, because the facts may be wrong while the answer is consistent with them. The event
    that the question names may be cited only for its time (as in `full_support`), or as an answer.
    """
    parsed = parse_question(question)
    if parsed is None:
        return None
    events = [event for event in map(parse_event, facts) if event is not None]
    held = {event: event.object if parsed.asked == "object" else event.subject for event in events}
    needed = (entity for event, entity in held.items() if event != parsed.anchor)
    return Slots(frozenset(needed), frozenset(held.values()))
