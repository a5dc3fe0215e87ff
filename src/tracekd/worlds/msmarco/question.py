"""Draws a question of one type, the answers that people write, and its passages.

Each passage is made to state the answer, or not to state it.
"""

from dataclasses import dataclass
from random import Random
from typing import Self

from tracekd.worlds.msmarco.dials import DescriptionDials, PassageDials
from tracekd.worlds.msmarco.knowledge import Topic, topics
from tracekd.worlds.msmarco.passages import Author, Passage, Search, Thing
from tracekd.worlds.msmarco.record import NO_ANSWER, MarcoItem, MarcoRecord, RecordPassage

_SITES = "answers almanac archive guide handbook lexicon magazine notes reader survey".split()


def make(label: str, dials: PassageDials, rng: Random) -> MarcoItem:
    """A question of the type `label`."""
    # 63 bits: among ten million questions, two ids are equal with a probability of 5 in a million (53 bits: 1 in 200).
    query_id = rng.getrandbits(63)
    topic = rng.choice(topics(label, yes_no=isinstance(dials, DescriptionDials) and rng.random() < dials.yes_no))
    author = Author(dials, rng)
    about = author.thing(topic.kind)
    search = Search(author, topic, about)
    style = Style.drawn(dials, rng)
    selected = _selected(dials, rng)
    # Without an answer, a relevant passage is made, too, but it is not among those that are found.
    relevant = search.relevant(max(selected, 1), named=style.sentence)
    others = [search.other(relevant) for _ in range(_passages(dials, rng) - selected)]
    if rng.random() < dials.repeated:
        once, again = rng.sample(range(len(others)), 2)
        others[again] = others[once]
    return MarcoItem(
        (
            MarcoRecord(
                query_id=query_id,
                query=query(topic, about, dials, rng),
                query_type=label,
                answers=answers(topic, relevant[0], style, dials, rng) if selected else (NO_ANSWER,),
                well_formed=(f"{rewritten(topic, about)}.",) if selected and rng.random() < dials.well_formed else (),
                passages=_record_passages(relevant[:selected], others, rng),
            ),
        )
    )


def _selected(dials: PassageDials, rng: Random) -> int:
    """How many passages are relevant."""
    drawn = rng.random()
    for count, share in ((0, dials.no_answer), (2, dials.two_selected), (3, dials.three_selected)):
        if (drawn := drawn - share) < 0:
            return count
    return 1


def _passages(dials: PassageDials, rng: Random) -> int:
    """How many passages there are in all."""
    if rng.random() < dials.fewer_passages:
        return rng.randrange(dials.fewest_passages, dials.passages)
    return dials.passages


def _record_passages(relevant: list[Passage], others: list[Passage], rng: Random) -> tuple[RecordPassage, ...]:
    found = [_record_passage(passage, True, rng) for passage in relevant]
    found += [_record_passage(passage, False, rng) for passage in others]
    rng.shuffle(found)
    return tuple(found)


def _record_passage(passage: Passage, selected: bool, rng: Random) -> RecordPassage:
    # Nobody can own a domain that ends in `.example`.
    slug = passage.about.name.lower().replace(" ", "-")
    url = f"http://www.{rng.choice(_SITES)}.example/{passage.about.kind.name}/{slug}"
    return RecordPassage(passage.text, selected, url)


def query(topic: Topic, about: Thing, dials: PassageDials, rng: Random) -> str:
    """The question in lower case, mostly without a question mark, and rarely with the noise of the data set."""
    asked = rng.choice(topic.attribute.asks).replace("{x}", about.name.lower())
    if rng.random() < dials.question_marks:
        asked += "?"
    return _noisy(asked, rng) if rng.random() < dials.query_noise else asked


def _noisy(asked: str, rng: Random) -> str:
    match rng.randrange(4):
        case 0:
            return f"){asked}"
        case 1:
            return f". {asked}"
        case 2:
            return asked.upper()
    return asked.replace(" ", ".", 1)


@dataclass(frozen=True, slots=True)
class Style:
    """Whether the first answer is paraphrased, and whether it is a whole sentence."""

    paraphrased: bool
    sentence: bool

    @classmethod
    def drawn(cls, dials: PassageDials, rng: Random) -> Self:
        return cls(rng.random() < dials.paraphrased, rng.random() < dials.sentence_answers)


def answers(topic: Topic, stated_in: Passage, style: Style, dials: PassageDials, rng: Random) -> tuple[str, ...]:
    """One reference or, rarely, several; all are right, and all mean the same."""
    attribute, about = topic.attribute, stated_in.about
    value = about.value(attribute)
    if topic.yes_no:
        first = value.other if style.sentence else value.short
    elif style.paraphrased:
        first = rewritten(topic, about) if style.sentence else value.other
    else:
        first = stated_in.sentence(attribute) if style.sentence else value.short
    if rng.random() >= dials.several_answers:
        return (first,)
    others = [text for text in (value.short, value.other, rewritten(topic, about)) if text != first]
    return (first, *rng.sample(others, 2 if rng.random() < 0.25 else 1))


def rewritten(topic: Topic, about: Thing) -> str:
    """The answer as a sentence that no passage contains, without a full stop."""
    text = topic.attribute.answer.replace("{x}", about.name).replace("{v}", about.value(topic.attribute).said)
    return text[0].upper() + text[1:]
