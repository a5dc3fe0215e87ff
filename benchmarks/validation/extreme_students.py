"""The students of `reliance.py`: those that must use their trace, those that cannot, and others to compare them with."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from reliance_students import KnownStudent, Side, plain_forcer, regime_lesson
from transformers import PreTrainedModel

from tracekd.interventions import CONDITIONS, Condition, read_conditions
from tracekd.interventions.condition import Forced, Own
from tracekd.interventions.forcing import Forcer
from tracekd.interventions.reading import Read, Reader
from tracekd.problem import Problem
from tracekd.regimes import Setting, Streams
from tracekd.sft.example import Example
from tracekd.students.prompting import Prompting

_ALL = tuple(read_conditions(",".join(CONDITIONS)))
# The conditions of students that are only compared with the others.
_SOME = tuple(read_conditions("own,gold,none,wrong_facts(all),implied,swapped,truncated(1)"))
_GOLD = regime_lesson("correct", given=True)
_CORRECT = regime_lesson("correct", given=False)


def _without_story(problem: Problem, setting: Setting, seed: int) -> Example:
    """The gold answer after the gold trace, which is given; the prompt has no story."""
    bare = problem.model_copy(update={"context": ()})
    return _GOLD(problem, setting, seed).model_copy(update={"prompt": setting.template.render_prompt(bare)})


def _hiding(condition: Condition) -> Condition:
    """The same traces, with the story hidden from the answer."""

    def force(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
        return replace(condition.force(problem, own, setting, streams), hidden="story from the answer")

    return replace(condition, force=force)


def _hiding_forcer(model: PreTrainedModel, prompting: Prompting, asked: Side) -> Forcer:
    """Forces traces that cannot attend to the story, and neither can the answer."""
    forcer = plain_forcer(model, prompting, asked)
    forcer._reader = _HidingReader(model, prompting.tokenizer.pad_token_id or 0, prompting=prompting, asked=asked)
    return forcer


class _HidingReader(Reader):
    """Hides the story of every prompt from what is read after the prompt.

    For templates that write the story between a head and the word `Question`, and a tokenizer that has a token for it.
    """

    def __init__(self, model: PreTrainedModel, pad: int, *, prompting: Prompting, asked: Side) -> None:
        super().__init__(model, pad)
        encode: Any = prompting.tokenizer.encode
        head, *_ = asked.setting.template.prompt.partition("{facts}")
        self._begin = len(encode(head, add_special_tokens=False))
        (self._question,) = encode("Question", add_special_tokens=False)

    def read(self, texts: Sequence[Sequence[int]]) -> Read:
        """Read prompts; their stories are hidden from what follows."""
        ends = [len(text) - 1 - list(text)[::-1].index(self._question) for text in texts]
        with torch.inference_mode():
            return super().read(texts).hiding([(self._begin, end) for end in ends])


MUST = KnownStudent("must", "must", _without_story, _ALL, sees_story=False)
CANNOT = KnownStudent("cannot", "cannot", regime_lesson("swapped", given=True), _ALL)
_FREE = KnownStudent("free", "correct", _CORRECT, _SOME, writes=True)
OTHERS = (
    _FREE,
    replace(_FREE, name="answer blocked", conditions=tuple(map(_hiding, _SOME))),
    replace(_FREE, name="trace and answer blocked", forcer=_hiding_forcer),
    replace(_FREE, name="question, trace and answer blocked", sees_story=False),
)
