"""What cited facts answer to a CoTempQA question, whether they are the right ones or not."""

from collections.abc import Sequence

from tracekd.tasks.cotempqa.sentences import parse_event, parse_question
from tracekd.tasks.solution import Slots


def read_slots(question: str, facts: Sequence[str], label: str) -> Slots | None:
    """The entities on the side that the question asks for, of all facts; None for a question in no known form.

    Neither time nor relation matters: it is the facts that may be wrong, and the answer that must go with them. The
    event that the question sets out from may be cited for its time (as `full_support` does), or be answered with.
    """
    parsed = parse_question(question)
    if parsed is None:
        return None
    events = [event for event in map(parse_event, facts) if event is not None]
    held = {event: event.object if parsed.asked == "object" else event.subject for event in events}
    needed = (entity for event, entity in held.items() if event != parsed.anchor)
    return Slots(frozenset(needed), frozenset(held.values()))
