"""Passages about made-up things: some state the answer of a question, the others certainly do not.

A passage is made of sentences that each state one attribute, and of sentences that state nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import log
from random import Random

from tracekd.worlds.msmarco.dials import PassageDials
from tracekd.worlds.msmarco.knowledge import Attribute, Kind, Topic, fillers, kinds, mentions
from tracekd.worlds.msmarco.values import NAMES, Flag, Value

# The ways in which a form can begin with the thing; `It` replaces all of it.
_SUBJECTS = ("{x}", "The {x}", "A {x}")


@dataclass(frozen=True, slots=True)
class Thing:
    """A made-up thing of a kind; an attribute gets its value when a sentence first needs it."""

    kind: Kind
    name: str
    value: Callable[[Attribute], Value]


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence before it is worded: its form, the attribute that it states (if any), whether it may begin with `It`.

    `mentioned`: the name of a second thing in the sentence, if there is one.
    """

    form: str
    attribute: Attribute | None
    pronoun: bool
    mentioned: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage about one thing: its parts, and the sentence of each part."""

    about: Thing
    parts: tuple[Part, ...]
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.sentences)

    def sentence(self, attribute: Attribute) -> str:
        """The sentence that states this attribute."""
        return next(said for part, said in zip(self.parts, self.sentences, strict=True) if part.attribute is attribute)


@dataclass(frozen=True, slots=True)
class Author:
    """Writes the passages of one question. Two things never have the same name or the same wording of a value."""

    dials: PassageDials
    rng: Random
    _used: set[str] = field(default_factory=set)

    def thing(self, kind: Kind) -> Thing:
        """A new thing, with a name that no other thing has."""
        index = int(self.rng.random() * NAMES)
        while (name := kind.named(index)) in self._used:
            index = (index + 1) % NAMES
        self._used.add(name)
        known: dict[Attribute, Value] = {}
        return Thing(
            kind, name, lambda attribute: known.get(attribute) or known.setdefault(attribute, self._new(attribute))
        )

    def _new(self, attribute: Attribute) -> Value:
        values = attribute.values
        index = int(self.rng.random() * values.size)
        value = values.value(index)
        if isinstance(values, Flag):
            return value
        while value.said in self._used:
            index = (index + 1) % values.size
            value = values.value(index)
        self._used.add(value.said)
        return value

    def passage(
        self,
        about: Thing,
        states: Attribute | None = None,
        leaves_out: Attribute | None = None,
        mentions_too: Thing | None = None,
        named: bool = False,
    ) -> Passage:
        """A passage that certainly states the attribute `states`, and never states the attribute `leaves_out`.

        With `named`, the sentence that states the attribute contains the name of the thing.
        """
        parts: list[Part] = []
        most = self.dials.passage_words_most
        length = min(self.rng.lognormvariate(log(self.dials.passage_words), self.dials.passage_words_spread), most)
        words = 0
        for part in self._parts(about.kind, states, leaves_out, mentions_too, named):
            # On average, the last sentence exceeds the drawn length by half its own length, 7 words.
            if parts and words + 7 > length:
                break
            longer = words + _words(_worded(part, about, pronoun=False))
            if longer > most:
                break
            parts.append(part)
            words = longer
        self.rng.shuffle(parts)
        return self.written(about, parts)

    def written(self, about: Thing, parts: Sequence[Part]) -> Passage:
        """The parts as sentences about this thing, up to the greatest length of a passage."""
        sentences: list[str] = []
        clear = False  # whether it is clear what `It` stands for
        words = 0
        for part in parts:
            sentence = _worded(part, about, part.pronoun and clear)
            words += _words(sentence)
            if words > self.dials.passage_words_most:
                break
            clear = not part.mentioned and (clear or part.attribute is not None)
            sentences.append(sentence)
        return Passage(about, tuple(parts[: len(sentences)]), tuple(sentences))

    def _parts(
        self,
        kind: Kind,
        states: Attribute | None,
        leaves_out: Attribute | None,
        mentions_too: Thing | None,
        named: bool,
    ) -> Iterator[Part]:
        """Possible parts of a passage, the most important first; at least one part states something."""
        rng, dials = self.rng, self.dials
        if states:
            yield self._statement(states, named)
        unused = [one for one in kind.attributes if one is not states and one is not leaves_out]
        rng.shuffle(unused)
        if not states:
            yield self._statement(unused.pop(), False)
        if mentions_too:
            yield Part(rng.choice(mentions()), None, False, mentions_too.name)
        unused_fillers = list(fillers())
        while unused or unused_fillers:
            if not unused or (unused_fillers and rng.random() < dials.fillers):
                yield Part(unused_fillers.pop(int(rng.random() * len(unused_fillers))), None, False)
            else:
                yield self._statement(unused.pop(), False)

    def _statement(self, attribute: Attribute, named: bool) -> Part:
        form = attribute.says[int(self.rng.random() * self.dials.forms)]
        return Part(form, attribute, not named and self.rng.random() < self.dials.coreference)


def _worded(part: Part, about: Thing, pronoun: bool) -> str:
    form = part.form
    if part.mentioned:
        form = form.replace("{x}", part.mentioned).replace("{y}", about.name)
    elif part.attribute is None:
        return form
    else:
        if pronoun and (subject := next((one for one in _SUBJECTS if form.startswith(one)), None)):
            form = "It" + form[len(subject) :]
        form = form.replace("{x}", about.name).replace("{v}", about.value(part.attribute).said)
    return form[0].upper() + form[1:]


def _words(text: str) -> int:
    return text.count(" ") + 1


# How often a passage that repeats an earlier one is rewritten before it becomes a passage about a new thing.
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Search:
    """Finds passages for a question about one attribute of one thing. No two passages have the same text."""

    author: Author
    topic: Topic
    asked: Thing
    _seen: set[str] = field(default_factory=set)

    def relevant(self, count: int, named: bool) -> list[Passage]:
        """Passages that state the answer. With `named`, the answer sentence of the first contains the name of the thing."""
        return [self._relevant(named and not at) for at in range(count)]

    def _relevant(self, named: bool) -> Passage:
        found = self.author.passage(self.asked, states=self.topic.attribute, named=named)
        answer = next(part for part in found.parts if part.attribute is self.topic.attribute)
        for filler in fillers():
            if self._is_new(found):
                break
            found = self.author.written(self.asked, [answer, Part(filler, None, False)])
        return found

    def other(self, relevant: Sequence[Passage]) -> Passage:
        """A passage that does not state the answer."""
        for _ in range(_TRIES):
            found = self._other(relevant)
            if self._is_new(found):
                return found
        return self._about_another(self.topic.kind)

    def _other(self, relevant: Sequence[Passage]) -> Passage:
        dials, rng = self.author.dials, self.author.rng
        drawn = rng.random()
        if (drawn := drawn - dials.near_duplicates) < 0:
            return self.author.written(self.author.thing(self.topic.kind), rng.choice(relevant).parts)
        if (drawn := drawn - dials.answers_left_out) < 0:
            parts = [part for part in rng.choice(relevant).parts if part.attribute is not self.topic.attribute]
            if any(part.attribute for part in parts):
                return self.author.written(self.asked, parts)
            drawn = -1.0
        if (drawn := drawn - dials.same_entity) < 0:
            return self.author.passage(self.asked, leaves_out=self.topic.attribute)
        if drawn - dials.unrelated < 0:
            return self._about_another(rng.choice([kind for kind in kinds() if kind is not self.topic.kind]))
        return self._about_another(self.topic.kind)

    def _about_another(self, kind: Kind) -> Passage:
        too = self.asked if self.author.rng.random() < self.author.dials.mentions else None
        return self.author.passage(self.author.thing(kind), mentions_too=too)

    def _is_new(self, found: Passage) -> bool:
        text = found.text
        if text in self._seen:
            return False
        self._seen.add(text)
        return True
