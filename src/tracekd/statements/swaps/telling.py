"""Judges the statements of one trace about swaps: which swap comes next, and who has what then."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from tracekd.statements.grounding import Said
from tracekd.statements.names import without_stops
from tracekd.statements.statement import Grounding, Grounds
from tracekd.statements.swaps.exchange import Exchange
from tracekd.statements.swaps.words import signs_of

# A time, two people who swap, and who has what; each part may be missing.
_SHAPE = re.compile(
    r"(?P<time>[SE1-9])?(?P<swap>(?:PPX)+|PXP|PP(?=PN?H))?(?P<late>[SE1-9])?(?P<has>(?:PN?H)+|(?:HP)+)?(?P<last>[SE1-9])?"
)
_ONE = re.compile(r"PN?H|HP")
_LETTERS = re.compile(r"\(?\b([a-z])\)|\A([a-z])\Z")


class Holding(NamedTuple):
    """Somebody has a thing, or (`denied`) does not."""

    who: str
    thing: str
    denied: bool


class Sentence(NamedTuple):
    """What a statement says. `moment`: of which it says that it speaks; `pairs`: who swaps, in order."""

    moment: int | None
    pairs: tuple[frozenset[str], ...]
    holdings: tuple[Holding, ...]


class SwapTelling:
    """One trace in the course of reading. `now`: the moment of which it spoke last; None at first.

    `has_state`: it said who has what at this moment.
    """

    def __init__(self, story: Exchange) -> None:
        self.story = story
        self.now: int | None = None
        self.has_state = False

    def ground(self, said: Said) -> Grounds | None:
        """How the next statement stands to the story; None if it cannot be read."""
        if not self.story.start:
            return None
        if (answer := self._answer(said)) is not None:
            return answer
        sentence = self._read(said.text)
        if sentence is None:
            return None
        if not sentence.pairs:
            return self._state(sentence)
        for pair in sentence.pairs[:-1]:
            grounds = self._swap(pair, sentence.moment, (), said.text)
            if not grounds.holds:
                return grounds
        return self._swap(sentence.pairs[-1], sentence.moment, sentence.holdings, said.text)

    def _read(self, text: str) -> Sentence | None:
        marked = self.story.mark(text)
        key = " ".join(without_stops(marked.text).split())
        found = _SHAPE.fullmatch(signs_of(key))
        if found is None or not (found["swap"] or found["has"]):
            return None
        names = [str(one.value) for one in marked.mentions]
        time = found["time"] or found["late"] or found["last"]
        moment = None if time is None else {"S": 0, "E": self.story.end}.get(time) if time in "SE" else int(time)
        if moment is not None and moment > self.story.end:
            return None
        count = 2 * max(found["swap"].count("X"), 1) if found["swap"] else 0
        pairs = tuple([frozenset(names[at : at + 2]) for at in range(0, count, 2)])
        names = names[count:]
        holdings = []
        for number, one in enumerate(_ONE.finditer(found["has"] or "")):
            first, second = names[2 * number : 2 * number + 2]
            who, thing = (second, first) if one[0][0] == "H" else (first, second)
            holdings.append(Holding(who, thing, "N" in one[0]))
        return Sentence(moment, pairs, tuple(holdings))

    def _swap(self, pair: frozenset[str], said: int | None, holdings: Sequence[Holding], text: str) -> Grounds:
        """`Bob and Claire swap: ..`: these two must swap next, or later, and then each must have what it says.

        The first swap may come again (the trace begins anew), and so may the one of which it spoke last.
        """
        story, moments, now = self.story, self.story.moments_of(pair), self.now or 0
        if said is not None and 0 < said < story.end:
            fitting = [moment for moment in moments if moment == said]
        else:
            fitting = [moment for moment in moments if moment > now or (moment == now and not self.has_state)]
            fitting += [moment for moment in moments if moment in (1, now)]
        self.has_state = bool(holdings)
        if not fitting:
            self.now = min(now + 1, story.end)
            facts = story.ids({story.swaps[moment - 1].fact for moment in moments})
            reason = "these two swap at another place" if moments else "these two never swap"
            return Grounds("contradicted", facts, reason, slot=("swap", now + 1))
        self.now = fitting[0]
        if holdings:
            return self._held(holdings, self.now)
        fact = story.facts[story.swaps[self.now - 1].fact]
        kind: Grounding = "quoted" if _words(text) in _words(fact.text) else "restated"
        return Grounds(kind, (fact.id,), "the story says so", slot=("swap", self.now))

    def _state(self, said: Sentence) -> Grounds:
        """`Alice: red, Bob: green`: a list speaks of the next moment, a single holding of this one or of the end."""
        end, now = self.story.end, self.now
        if said.moment is not None:
            moments = [said.moment]
        elif now is None:
            moments = [0] if len(said.holdings) > 1 else [0, end]
        elif len(said.holdings) > 1 and self.has_state:
            moments = [min(now + 1, end), now]
        else:
            moments = [now, end] if now < end else [end]
        fitting = [moment for moment in moments if self._fits(said.holdings, moment)]
        moment = fitting[0] if fitting else moments[0]
        if said.moment is None or said.moment == 0:
            self.now = moment if len(said.holdings) > 1 or now is not None else now
        self.has_state = self.has_state or len(said.holdings) > 1
        return self._held(said.holdings, moment)

    def _fits(self, holdings: Sequence[Holding], moment: int) -> bool:
        state = self.story.states[moment]
        return all((state[one.who] == one.thing) != one.denied for one in holdings)

    def _held(self, holdings: Sequence[Holding], moment: int) -> Grounds:
        story = self.story
        wrong = [one for one in holdings if not self._fits([one], moment)]
        slot = (tuple([one.who for one in holdings]), moment)
        if wrong:
            who = wrong[0].who
            reason = f"by the story, {who} has {story.states[moment][who]} after {moment} swaps"
            return Grounds("contradicted", story.ids(story.grounds(who, moment)), reason, slot=slot)
        facts: set[int] = set()
        for one in holdings:
            facts |= story.grounds(one.who, moment)
        if moment == 0:
            return Grounds("restated", story.ids(facts), "the story says so in other words", slot=slot)
        return Grounds("derived", story.ids(facts), "it follows from the story", slot=slot)

    def _answer(self, said: Said) -> Grounds | None:
        """How an answer such as `the answer is (B)` stands to the story."""
        story = self.story
        part = said.answer
        if part is None or story.asked is None:
            return None
        letters = [one or other for one, other in _LETTERS.findall(part.strip(" ."))]
        option = story.options.get(letters[0].upper()) if len(letters) == 1 else None
        named = [str(one.value) for one in said.mentions[len(said.mentions) - part.count("\ue003") :]]
        if option is not None:
            marked = [str(one.value) for one in story.mark(option).mentions]
            thing = marked[0] if len(marked) == 1 else option
        elif len(named) == 1 and "\ue003" in part:
            thing = named[0]
        else:
            return None
        right = story.states[story.end][story.asked]
        facts = story.ids(story.grounds(story.asked, story.end))
        if thing == right:
            return Grounds("derived", facts, "it follows from the story", slot=("answer",), answer=(thing,))
        reason = f"by the story, {story.asked} has {right} at the end"
        return Grounds("contradicted", facts, reason, slot=("answer",), answer=(thing,))


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
