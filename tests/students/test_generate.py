"""Greedy generation: what a prompt gets does not depend on the prompts beside it."""

from typing import TYPE_CHECKING

import pytest

from tracekd.problem import Problem
from tracekd.sft.example import build_example
from tracekd.tasks.babi import TEMPLATE

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

pytestmark = pytest.mark.xdist_group("torch")
LIMIT = 12


@pytest.fixture(scope="module")
def prompts(problems: list[Problem], tokenizer: "PreTrainedTokenizerBase") -> list[list[int]]:
    chosen = [p for pair in zip(problems[:40:4], problems[2:42:4], strict=True) for p in pair]
    made = [tokenizer.encode(TEMPLATE.render_prompt(p), add_special_tokens=False) for p in chosen]
    assert len({len(prompt) for prompt in made}) > 5, "batches must have something to pad"
    return made


@pytest.fixture(scope="module")
def student(problems: list[Problem], tokenizer: "PreTrainedTokenizerBase") -> "PreTrainedModel":
    """Trained for a moment on answers of several lengths, so that some outputs end early, some late, some never."""
    import torch
    from transformers import BloomConfig, BloomForCausalLM

    from tracekd.sft.tokenize import tokenize
    from tracekd.students.batch import Row
    from tracekd.students.train import Recipe, train

    torch.manual_seed(0)
    model = BloomForCausalLM(
        BloomConfig(
            vocab_size=len(tokenizer),
            hidden_size=32,
            n_layer=2,
            n_head=2,
            initializer_range=0.05,
            pad_token_id=tokenizer.pad_token_id,
            bos_token_id=tokenizer.eos_token_id,
            eos_token_id=tokenizer.eos_token_id,
        )
    )
    rows = []
    for problem in problems:
        row = tokenize(build_example(problem, None, TEMPLATE), tokenizer)
        # As many times as there are facts: the length of the output then depends on the prompt.
        *prompt, answer, end = row.ids
        again = [answer] * (len(problem.context) if len(problem.context) < 8 else 15)
        rows.append(Row([*prompt, *again, end], [*row.labels[:-2], *again, end]))
    train(model, tokenizer, rows, Recipe(90, 16, 1e-2, 1e-2, 0), lambda step, model: None)
    return model


def generate(
    student: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    prompts: list[list[int]],
    batch: int = 64,
    limit: int = LIMIT,
) -> list[tuple[list[int], bool]]:
    from tracekd.students.generate import generate_ids

    return generate_ids(student, tokenizer, prompts, max_new_tokens=limit, batch=batch)


def plain_loop(student: "PreTrainedModel", prompt: list[int], end: int, limit: int) -> tuple[list[int], bool]:
    """One token at a time, the most probable one, without padding and without a cache."""
    import torch

    ids = list(prompt)
    with torch.inference_mode():
        while len(ids) < len(prompt) + limit:
            best = int(student(input_ids=torch.tensor([ids]), use_cache=False).logits[0, -1].argmax())
            if best == end:
                return ids[len(prompt) :], True
            ids.append(best)
    return ids[len(prompt) :], False


def test_outputs_are_those_of_a_plain_loop(
    student: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", prompts: list[list[int]]
) -> None:
    expected = [plain_loop(student, prompt, tokenizer.eos_token_id, LIMIT) for prompt in prompts]
    assert {ended for _, ended in expected} == {True, False}, "both ways to finish must be seen here"
    assert len({len(ids) for ids, _ in expected}) > 2
    assert generate(student, tokenizer, prompts) == expected


@pytest.mark.parametrize("batch", [1, 3, 7])
def test_outputs_do_not_depend_on_the_size_of_the_batches(
    student: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", prompts: list[list[int]], batch: int
) -> None:
    assert generate(student, tokenizer, prompts, batch) == generate(student, tokenizer, prompts)


def test_outputs_do_not_depend_on_the_order_nor_on_the_others(
    student: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", prompts: list[list[int]]
) -> None:
    whole = generate(student, tokenizer, prompts, 4)
    assert generate(student, tokenizer, prompts[::-1], 4) == whole[::-1]
    assert generate(student, tokenizer, prompts[3:5], 4) == whole[3:5]


def test_the_end_token_is_left_off_and_nothing_follows_it(
    student: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", prompts: list[list[int]]
) -> None:
    for ids, ended in generate(student, tokenizer, prompts):
        assert tokenizer.eos_token_id not in ids
        assert tokenizer.pad_token_id not in ids
        assert len(ids) < LIMIT if ended else len(ids) == LIMIT


def test_a_limit_that_cuts_is_told_from_an_end(
    student: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", prompts: list[list[int]]
) -> None:
    whole = generate(student, tokenizer, prompts)
    shorter = min(len(ids) for ids, ended in whole if ended)
    for (ids, ended), (cut, cut_ended) in zip(whole, generate(student, tokenizer, prompts, limit=shorter), strict=True):
        assert cut == ids[:shorter]
        assert not cut_ended, "the end token itself needs a place"
        assert not (ended and len(ids) < shorter)
    one_more = generate(student, tokenizer, prompts, limit=shorter + 1)
    assert [ended for _, ended in one_more] == [ended and len(ids) == shorter for ids, ended in whole]


def test_outputs_come_batch_by_batch_with_their_index(
    student: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", prompts: list[list[int]]
) -> None:
    from tracekd.students.generate import iterate_ids

    made = list(iterate_ids(student, tokenizer, prompts, max_new_tokens=LIMIT, batch=4))
    assert sorted(index for index, _ in made) == list(range(len(prompts)))
    assert dict(made) == dict(enumerate(generate(student, tokenizer, prompts)))
    lengths = [len(prompts[index]) for index, _ in made]
    assert lengths == sorted(lengths)


def test_the_model_is_left_in_the_mode_it_was_in(
    student: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", prompts: list[list[int]]
) -> None:
    for training in (True, False):
        student.train(training)
        generate(student, tokenizer, prompts[:1], limit=1)
        assert student.training is training


def test_dropout_is_off_while_a_model_in_training_generates(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", prompts: list[list[int]]
) -> None:
    from torch.nn import Dropout

    for module in model.modules():
        if isinstance(module, Dropout):
            module.p = 0.9
        if hasattr(module, "hidden_dropout"):
            module.hidden_dropout = 0.9
    model.train()
    assert generate(model, tokenizer, prompts[:3]) == generate(model, tokenizer, prompts[:3])


def test_no_prompts_no_outputs(student: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase") -> None:
    assert generate(student, tokenizer, []) == []
