"""The facts of one problem, looked up by their text."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from tracekd.problem import Problem
from tracekd.tasks.normalize import normalize_fact, normalize_facts

# The questions of one story have many sentences in common.
normalized = lru_cache(maxsize=2**14)(normalize_fact)

# How much of a text is first compared with the facts.
_PROBE = 64
_AFTER_TITLE = ": "


class Prefixes:
    """Finds which of some texts begin at a place of another text, without trying them all.

    The texts are sorted. A text that is a prefix of `rest` is not after `rest` in that order, and everything between the
    two begins with it. So all of them are found from the last text that is not after `rest`: it, and its own prefixes.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = sorted({text for text in texts if text})
        # For each text, the longest other text with which it begins, by index; -1 if there is none.
        self._longest: list[int] = []
        open_texts: list[int] = []
        for index, text in enumerate(self._texts):
            while open_texts and not text.startswith(self._texts[open_texts[-1]]):
                open_texts.pop()
            self._longest.append(open_texts[-1] if open_texts else -1)
            open_texts.append(index)

    def of(self, text: str, at: int) -> Iterator[str]:
        """Yield the texts that begin at this place, the longest first."""
        index = self._last_not_after(text, at)
        while index >= 0:
            if text.startswith(self._texts[index], at):
                yield self._texts[index]
            index = self._longest[index]

    def _last_not_after(self, text: str, at: int) -> int:
        """The index of the last text that is not after the rest of `text` in sorted order; -1 if all are after it."""
        length = _PROBE
        while True:
            rest = text[at : at + length]
            index = bisect_right(self._texts, rest)
            # The part that was compared decides, unless the next text begins with it.
            if at + length >= len(text) or index == len(self._texts) or not self._texts[index].startswith(rest):
                return index - 1
            length *= 4


@dataclass(frozen=True)
class Context:
    """The facts of a problem, ready for look-ups.

    `texts` are the facts as the problem writes them, in order. `places` maps each normalised text (`normalize_fact`) to
    its places in the context, from 0; a repeated text has several places. `normal` maps each text to its normalised
    form. `has_titles`: each fact is a title, a colon and a text. `prefixes` finds the `quotations` that begin at a place
    of a text.
    """

    texts: tuple[str, ...]
    places: dict[str, tuple[int, ...]]
    normal: dict[str, str]
    has_titles: bool = False

    @classmethod
    def of(cls, problem: Problem, *, has_titles: bool = False) -> "Context":
        """The context of a problem."""
        return cls.of_texts(tuple([fact.text for fact in problem.context]), has_titles=has_titles)

    @classmethod
    def of_texts(cls, texts: tuple[str, ...], *, has_titles: bool = False) -> "Context":
        """The context with these facts."""
        facts = normalize_facts(texts)
        places: dict[str, tuple[int, ...]] = {fact: (place,) for place, fact in enumerate(facts)}
        if len(places) < len(facts):  # facts are rarely repeated
            every: dict[str, list[int]] = {fact: [] for fact in places}
            for place, fact in enumerate(facts):
                every[fact].append(place)
            places = {fact: tuple(found) for fact, found in every.items()}
        return cls(texts, places, dict(zip(texts, facts, strict=True)), has_titles)

    # Most outputs quote whole facts, one by one, so the rest is made when it is needed.

    @cached_property
    def quotations(self) -> dict[str, str]:
        """Each normalised text that quotes one fact, and this fact: the facts, and their texts without a title.

        A text that several titles have, and a text that is a fact itself, quotes none of the titled facts.
        """
        whole = {fact: fact for fact in self.places}
        if not self.has_titles:
            return whole
        # A title with a colon of its own is cut at its first colon: then only a part of the title may be missing.
        untitled = [(fact.partition(_AFTER_TITLE)[2], fact) for fact in self.places]
        times = Counter(text for text, _ in untitled)
        return {text: fact for text, fact in untitled if text and times[text] == 1} | whole

    @cached_property
    def prefixes(self) -> Prefixes:
        return Prefixes(self.quotations)
