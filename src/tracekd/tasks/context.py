"""The facts of one problem, looked up by their text."""

from dataclasses import dataclass
from functools import lru_cache

from tracekd.problem import Problem
from tracekd.tasks.normalize import normalize_fact, normalize_facts

# The questions of one story have many sentences in common.
normalized = lru_cache(maxsize=2**14)(normalize_fact)


@dataclass(frozen=True, slots=True)
class Context:
    """The facts of a problem, ready for look-ups.

    `texts` are the facts as the problem writes them, in order. `places` maps each normalised text (`normalize_fact`) to
    its places in the context, from 0; a repeated text has several places. `normal` maps each text to its normalised
    form.
    """

    texts: tuple[str, ...]
    places: dict[str, list[int]]
    normal: dict[str, str]

    @classmethod
    def of(cls, problem: Problem) -> "Context":
        """The context of a problem."""
        return cls.of_texts(tuple([fact.text for fact in problem.context]))

    @classmethod
    def of_texts(cls, texts: tuple[str, ...]) -> "Context":
        """The context with these facts."""
        facts = normalize_facts(texts)
        places: dict[str, list[int]] = {}
        for place, fact in enumerate(facts):
            if fact in places:
                places[fact].append(place)
            else:
                places[fact] = [place]
        return cls(texts, places, dict(zip(texts, facts, strict=True)))
