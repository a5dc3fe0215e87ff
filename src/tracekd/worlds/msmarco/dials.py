"""The dials of the world of passages. The defaults are the shares of the published data set (v2.1, train)."""

from math import ceil, fsum
from typing import Self

from pydantic import Field, model_validator

from tracekd.errors import UserError
from tracekd.worlds.contract import Dials


class PassageDials(Dials):
    """How a question and its passages are made. A share is a probability, of all questions unless stated otherwise.

    - `passages`: how many passages a question has; `fewer_passages`: share of questions with only 60 to 99 % of them.
    - `no_answer`: share without an answer: no passage states it, and no passage is selected.
    - `two_selected`, `three_selected`: shares with two and three relevant passages; each of them states the answer.
    - `near_duplicates`: share of the other passages that copy a relevant one, sentence by sentence, for another thing.
    - `answers_left_out`: share of the other passages that repeat a relevant one without its answer sentence.
    - `same_entity`: share of the other passages about the same thing as the question, but about other attributes.
    - `unrelated`: share of the other passages about a thing of another kind. The rest of the other passages is about
      another thing of the same kind; so is a passage that would otherwise repeat an earlier one.
    - `mentions`: share of the passages about another thing (except near duplicates) that also name the thing of the
      question, if their length leaves room for it.
    - `repeated`: share of questions with one irrelevant passage that occurs twice.
    - `passage_words`: median length in words; `passage_words_spread`: standard deviation of its natural logarithm;
      `passage_words_most`: the greatest length.
    - `forms`: how many different sentence forms state an attribute.
    - `coreference`: share of the sentences after the first that begin with `It` instead of the name.
    - `fillers`: share of sentences that state nothing.
    - `paraphrased`: share of first answers (except yes and no) that no passage contains word for word.
    - `sentence_answers`: share of first answers that are a whole sentence.
    - `several_answers`: share of answerable questions with two or three references.
    - `well_formed`: share of answerable questions that also have a well-formed answer.
    - `question_marks`: share of questions that end with a question mark; `query_noise`: share of questions with a stray
      sign, in capitals only, or with a full stop instead of a blank.
    """

    passages: int = Field(10, ge=1, le=50)
    fewer_passages: float = Field(0.01, ge=0, le=1)
    no_answer: float = Field(0.39, ge=0, le=1)
    two_selected: float = Field(0.014, ge=0, le=1)
    three_selected: float = Field(0.004, ge=0, le=1)
    near_duplicates: float = Field(0.2, ge=0, le=1)
    answers_left_out: float = Field(0.1, ge=0, le=1)
    same_entity: float = Field(0.3, ge=0, le=1)
    unrelated: float = Field(0.1, ge=0, le=1)
    mentions: float = Field(0.15, ge=0, le=1)
    repeated: float = Field(0.026, ge=0, le=1)
    passage_words: int = Field(50, ge=10, le=300)
    passage_words_spread: float = Field(0.4, ge=0, le=1)
    passage_words_most: int = Field(183, ge=80, le=400)
    forms: int = Field(4, ge=1, le=4)
    coreference: float = Field(0.4, ge=0, le=1)
    fillers: float = Field(0.25, ge=0, le=0.9)
    paraphrased: float = Field(0.36, ge=0, le=1)
    sentence_answers: float = Field(0.5, ge=0, le=1)
    several_answers: float = Field(0.026, ge=0, le=1)
    well_formed: float = Field(0.25, ge=0, le=1)
    question_marks: float = Field(0.07, ge=0, le=1)
    query_noise: float = Field(0.02, ge=0, le=1)

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:
        self._shares_of_one("no_answer", "two_selected", "three_selected")
        self._shares_of_one("near_duplicates", "answers_left_out", "same_entity", "unrelated")
        if self.passage_words > self.passage_words_most:
            raise self._contradiction("passage_words", "passage_words_most", "a median of at most the greatest length")
        self._passages_enough()
        return self

    @property
    def fewest_passages(self) -> int:
        """The smallest number of passages that a question has."""
        return ceil(0.6 * self.passages) if self.fewer_passages else self.passages

    def _passages_enough(self) -> None:
        fewest = "fewer_passages" if self.fewer_passages else "passages"
        if self.fewer_passages and self.fewest_passages == self.passages:
            raise self._contradiction("passages", "fewer_passages", "at least three passages, or fewer_passages=0")
        for dial, needed in (("two_selected", 2), ("three_selected", 3)):
            if getattr(self, dial) and self.fewest_passages < needed:
                raise self._contradiction("passages", dial, f"at least {needed} passages{self._left(fewest)}")
        selected = 3 if self.three_selected else 2 if self.two_selected else 1 if self.no_answer < 1 else 0
        if self.repeated and self.fewest_passages < selected + 2:
            expected = f"at least {selected + 2} passages{self._left(fewest)}: up to {selected} relevant, and two equal"
            raise self._contradiction("passages", "repeated", expected)

    def _left(self, fewest: str) -> str:
        return f" ({fewest} leaves {self.fewest_passages})" if fewest == "fewer_passages" else ""

    def _shares_of_one(self, *dials: str) -> None:
        if fsum(getattr(self, dial) for dial in dials) > 1 + 1e-9:
            raise self._contradiction(*dials[:-1], dials[-1], "shares that add up to at most 1")

    def _contradiction(self, *dials_and_expected: str) -> UserError:
        *dials, expected = dials_and_expected
        values = [f"{dial} = {getattr(self, dial)}" for dial in dials]
        return UserError(f"{', '.join(values[:-1])} and {values[-1]} contradict each other", expected=expected)


class DescriptionDials(PassageDials):
    """The dials of passages, and `yes_no`: the share of questions with the answer yes or no."""

    yes_no: float = Field(0.06, ge=0, le=1)


class NumericDials(PassageDials):
    """The dials of passages, with fewer answers that are sentences."""

    sentence_answers: float = Field(0.4, ge=0, le=1)


class NameDials(PassageDials):
    """The dials of passages for questions about places and people: most answers are only a name."""

    sentence_answers: float = Field(0.25, ge=0, le=1)
