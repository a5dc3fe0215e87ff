"""The dials of the families about people in places. The defaults are the values of the published files."""

from typing import Self

from pydantic import Field, model_validator

from tracekd.errors import UserError
from tracekd.worlds.contract import Dials


def cannot_meet(one: str, one_value: object, other: str, other_value: object, expected: str) -> UserError:
    """The error for two dials that contradict each other."""
    return UserError(f"{one}={one_value} and {other}={other_value} contradict each other", expected=expected)


class RoomDials(Dials):
    """What all these families have. people, places, questions: how many a story has.

    facts_between: facts before each possible question; a question is left out if the story allows none there.
    recency: a question is about one of this many last facts; a fact about two people counts once for each of them.
    """

    people: int = Field(4, ge=1, le=12)
    places: int = Field(6, ge=2, le=9)
    questions: int = Field(5, ge=1, le=50)
    facts_between: int = Field(2, ge=1, le=20)
    recency: int = Field(5, ge=1, le=100)


class MoveDials(RoomDials):
    """Families 1, 11, 12 and 13. Shares in [0, 1].

    conjunctions: moves of named people in which two people move at once.
    coreference: moves that are followed by a move of the same people, named "he", "she" or "they".
    """

    conjunctions: float = Field(0.0, ge=0, le=1)
    coreference: float = Field(0.0, ge=0, le=1)

    @model_validator(mode="after")
    def _two_can_move(self) -> Self:
        if self.conjunctions and self.people < 2:
            raise cannot_meet("people", self.people, "conjunctions", self.conjunctions, "people of 2 or more")
        if self.conjunctions and self.places < 3:
            raise cannot_meet("places", self.places, "conjunctions", self.conjunctions, "places of 3 or more")
        return self


class CoreferenceDials(MoveDials):
    """Family 11."""

    coreference: float = Field(1.0, ge=0, le=1)


class ConjunctionDials(MoveDials):
    """Family 12."""

    conjunctions: float = Field(1.0, ge=0, le=1)


class CompoundDials(MoveDials):
    """Family 13."""

    conjunctions: float = Field(1.0, ge=0, le=1)
    coreference: float = Field(1.0, ge=0, le=1)


class StatementDials(RoomDials):
    """Families 9 and 10. Shares of facts in [0, 1]; all other facts are moves.

    stated: facts with "is in"; negations: "is not in" and "is no longer in"; indefinites: "is either in ... or".
    positive: share of questions about a place that the fact names. After a denial, all questions are.
    """

    stated: float = Field(0.25, ge=0, le=1)
    negations: float = Field(0.25, ge=0, le=1)
    indefinites: float = Field(0.0, ge=0, le=1)
    positive: float = Field(0.5, ge=0, le=1)

    @model_validator(mode="after")
    def _shares(self) -> Self:
        shares = {"stated": self.stated, "negations": self.negations, "indefinites": self.indefinites}
        if sum(shares.values()) > 1 + 1e-9:
            (one, a), (other, b) = sorted(shares.items(), key=lambda share: -share[1])[:2]
            every = " + ".join(f"{name} ({share})" for name, share in shares.items())
            raise cannot_meet(one, a, other, b, f"a sum of at most 1: {every}")
        if self.indefinites and self.places < 3:
            raise cannot_meet("places", self.places, "indefinites", self.indefinites, "places of 3 or more")
        return self


class IndefiniteDials(StatementDials):
    """Family 10."""

    negations: float = Field(0.0, ge=0, le=1)
    indefinites: float = Field(0.25, ge=0, le=1)
    positive: float = Field(0.53, ge=0, le=1)


class HandlingDials(RoomDials):
    """Families 2, 3, 5, 6, 7 and 8.

    objects: things that people can carry. The next act is drawn by weight: a move has weight 1, a get and a drop
    have weight `handling` each, a gift has weight `giving`.
    """

    objects: int = Field(3, ge=1, le=8)
    handling: float = Field(1.2, ge=0.1, le=10)
    giving: float = Field(0.0, ge=0, le=10)

    @model_validator(mode="after")
    def _two_can_give(self) -> Self:
        if self.giving and self.people < 2:
            raise cannot_meet("people", self.people, "giving", self.giving, "people of 2 or more")
        return self


class YesNoDials(HandlingDials):
    """Family 6. positive: share in [0, 1] of questions whose answer is yes."""

    positive: float = Field(0.5, ge=0, le=1)


class CountingDials(HandlingDials):
    """Family 7."""

    giving: float = Field(4.5, ge=0, le=10)


class GiftDials(HandlingDials):
    """Family 5. ambiguity: share in [0, 1] of questions that may have several fitting answers.

    The gold answer of such a question is the one of the last gift that fits, as in the published files.
    """

    giving: float = Field(5.0, ge=0.1, le=10)
    ambiguity: float = Field(0.0, ge=0, le=1)


class TimeDials(RoomDials):
    """Family 14.

    times: how many times of the day there are, from yesterday on.
    out_of_order: share in [0, 1] of the parts between two questions that are not told in the order of time.
    """

    times: int = Field(4, ge=2, le=4)
    out_of_order: float = Field(1.0, ge=0, le=1)

    @model_validator(mode="after")
    def _time_enough(self) -> Self:
        # With one fact more than people, two facts are about the same person: then a question is possible.
        chances = -(-(self.people + 1) // self.facts_between) + self.questions - 1
        if chances * self.facts_between > self.people * self.times:
            raise UserError(
                f"questions={self.questions} and times={self.times} contradict each other: they may need "
                f"{chances * self.facts_between} facts, with facts_between={self.facts_between}",
                expected=f"at most {self.people * self.times} facts: one for each of people={self.people} at each time",
            )
        return self
