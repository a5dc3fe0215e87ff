"""From problems to outputs, through any engine."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pytest

from tracekd.problem import Problem
from tracekd.students.engines.contract import Decoding, Generation
from tracekd.students.generate import Asked, Origin, asked_for, generate
from tracekd.students.output import Output
from tracekd.tasks.babi.families import TEMPLATE

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

pytestmark = pytest.mark.xdist_group("torch")

ORIGIN = Origin("correct", "tiny", 7)


class Backwards:
    """Answers the last prompt first, with the tokens of the prompt; its second sample is a text of its own."""

    def generate(
        self, prompts: Sequence[Sequence[int]], decoding: Decoding
    ) -> Iterator[tuple[int, tuple[Generation, ...]]]:
        for index in reversed(range(len(prompts))):
            made = Generation(tuple(prompts[index][: decoding.max_new_tokens]), "length")
            yield index, (made, Generation((1,), "stop", "said"))[: decoding.samples]


def test_outputs_say_where_they_come_from(problems: list[Problem], tokenizer: "PreTrainedTokenizerBase") -> None:
    asked = asked_for(problems[:3], lambda p: tokenizer.encode(TEMPLATE.render_prompt(p), add_special_tokens=False))
    made = list(generate(Backwards(), tokenizer, asked, Decoding(4, 1.0, 2), ORIGIN))
    assert [outputs[0].id for outputs in made] == [problem.id for problem in problems[2::-1]]
    for (first, second), one in zip(made, reversed(asked), strict=True):
        assert first == Output(
            id=one.id, regime="correct", student="tiny", seed=7, text=tokenizer.decode(list(one.ids[:4])),
            token_ids=one.ids[:4], finish="length", sample=0, prompt=one.key, prompt_tokens=len(one.ids),
        )  # fmt: skip
        assert (second.text, second.token_ids, second.sample) == ("said", (1,), 1)


def test_a_prompt_is_named_by_its_tokens_alone() -> None:
    assert Asked("a", (1, 2)).key == Asked("b", (1, 2)).key != Asked("a", (1, 2, 3)).key
    assert len(Asked("a", (1, 2)).key) == 12


def test_special_tokens_stay_in_the_text(tokenizer: "PreTrainedTokenizerBase") -> None:
    asked = [Asked("a", (tokenizer.pad_token_id, tokenizer.eos_token_id))]
    ((output,),) = generate(Backwards(), tokenizer, asked, Decoding(4), ORIGIN)
    assert output.text == f"{tokenizer.pad_token}{tokenizer.eos_token}"


def test_an_output_of_an_older_version_is_read() -> None:
    line = '{"id":"a","regime":"r","student":"s","seed":1,"text":"t","token_ids":[1],"finish":"stop"}'
    output = Output.model_validate_json(line)
    assert (output.sample, output.prompt, output.prompt_tokens) == (0, None, None)
    assert Output.model_validate_json(output.model_dump_json()) == output


def test_ids_of_the_likeliest_tokens_come_in_the_order_of_the_prompts(
    problems: list[Problem], model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase"
) -> None:
    from tracekd.students.engines.transformers import TransformersEngine
    from tracekd.students.generate import generate_ids

    prompts = [tokenizer.encode(TEMPLATE.render_prompt(p), add_special_tokens=False) for p in problems[:6]]
    expected = dict(TransformersEngine(model, tokenizer).generate(prompts, Decoding(6, stop=None)))
    assert generate_ids(model, tokenizer, prompts, max_new_tokens=6, batch=4) == [
        (list(expected[index][0].ids), expected[index][0].finish == "stop") for index in range(6)
    ]
