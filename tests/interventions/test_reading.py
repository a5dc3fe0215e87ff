"""What is read on from a cache is what is read at a time, for positions that are added, rotated, and taken off (ALiBi)."""

from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING

import pytest

from tracekd.errors import UserError

from ..students.conftest import tiny_model

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

pytestmark = pytest.mark.xdist_group("torch")

Ids = Sequence[int]


def some_ids(seed: int, lengths: Sequence[int]) -> list[list[int]]:
    draws = Random(seed)
    return [[draws.randrange(5, 200) for _ in range(length)] for length in lengths]


def logits_of(model: "PreTrainedModel", ids: Ids) -> "Tensor":
    """Uncached, alone, not padded: (time, vocabulary)."""
    import torch

    with torch.inference_mode():
        return model.eval()(torch.tensor([list(ids)])).logits[0].double()


def logp_of(model: "PreTrainedModel", before: Ids, text: Ids) -> float:
    """The log-probability of a text after another one, uncached."""
    logps = logits_of(model, [*before, *text]).log_softmax(dim=-1)
    return sum(float(logps[len(before) + at - 1, token]) for at, token in enumerate(text))


def greedy(model: "PreTrainedModel", before: Ids, number: int) -> list[int]:
    """The likeliest tokens, uncached."""
    ids = list(before)
    for _ in range(number):
        ids.append(int(logits_of(model, ids)[-1].argmax()))
    return ids[len(before) :]


def logp_without(model: "PreTrainedModel", before: Ids, hidden: tuple[int, int], text: Ids) -> float:
    """The log-probability of a text after another one, of which a part is taken out of the keys and values."""
    import torch
    from transformers import DynamicCache

    begin, end = hidden
    with torch.inference_mode():
        cache = model.eval()(torch.tensor([list(before)]), use_cache=True).past_key_values
        kept = torch.tensor([at for at in range(len(before)) if not begin <= at < end])
        rest = DynamicCache([(layer.keys[:, :, kept], layer.values[:, :, kept]) for layer in cache.layers])
        # BLOOM takes no positions: it counts what is in the cache.
        places = {} if model.config.model_type == "bloom" else {
            "position_ids": torch.arange(len(before), len(before) + len(text))[None]
        }  # fmt: skip
        out = model(torch.tensor([list(text)]), past_key_values=rest, use_cache=True, **places)
    logps = out.logits[0].double().log_softmax(dim=-1)
    return sum(float(logps[at, token]) for at, token in enumerate(text[1:]))


def test_what_is_hidden_is_not_read_and_keeps_its_place(any_model: "PreTrainedModel") -> None:
    from tracekd.interventions.reading import Reader

    prompts, rows = some_ids(0, [30, 7, 19]), [0, 0, 1, 2]
    traces, texts = some_ids(1, [12, 3, 9, 5]), some_ids(2, [3, 4, 2, 6])
    # In the prompt; in the trace; across both; nothing.
    hidden = [(4, 20), (31, 33), (5, 10), (3, 3)]
    read = Reader(any_model).read(prompts).then(rows, traces).hiding(hidden)
    first, rest = [text[:1] for text in texts], [text[1:] for text in texts]
    found = [logp for logp, _ in read.then(range(4), first).score(range(4), rest)]
    wholes = [[*prompts[row], *trace] for row, trace in zip(rows, traces, strict=True)]
    wanted = [logp_without(any_model, *each) for each in zip(wholes, hidden, texts, strict=True)]
    assert found == pytest.approx(wanted, abs=1e-4)
    seen = Reader(any_model).read(prompts).then(rows, traces).then(range(4), first)
    differs = [abs(a - b) > 1e-3 for a, (b, _) in zip(found, seen.score(range(4), rest), strict=True)]
    # The first is far away for BLOOM, which hardly reads what is far.
    assert differs[1:] == [True, True, False]


def test_scores_from_a_shared_cache_are_those_of_whole_texts(any_model: "PreTrainedModel") -> None:
    from tracekd.interventions.reading import Reader

    prompts, rows = some_ids(0, [30, 7, 19]), [0, 0, 1, 2, 2, 2]
    traces, texts = some_ids(1, [12, 3, 9, 1, 20, 5]), some_ids(2, [1, 4, 2, 3, 1, 6])
    read = Reader(any_model).read(prompts).then(rows, traces)
    taken = [0, 1, 1, 3, 4, 5]
    found = [logp for logp, _ in read.score(taken, texts)]
    wanted = [
        logp_of(any_model, [*prompts[rows[row]], *traces[row]], text) for row, text in zip(taken, texts, strict=True)
    ]
    assert found == pytest.approx(wanted, abs=1e-4)
    # One token each is another way through.
    singles = [[text[0]] for text in texts]
    assert [logp for logp, _ in read.score(taken, singles)] == pytest.approx(
        [logp_of(any_model, [*prompts[rows[r]], *traces[r]], text) for r, text in zip(taken, singles, strict=True)],
        abs=1e-4,
    )


def test_what_is_written_from_a_shared_cache_is_what_is_written_after_the_whole_text(
    any_model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
) -> None:
    from tracekd.interventions.reading import Reader
    from tracekd.students.engines.stopping import Stopping

    prompts, rows = some_ids(3, [25, 4]), [1, 0, 0, 1]
    traces = some_ids(4, [3, 14, 1, 8])
    read = Reader(any_model).read(prompts).then(rows, traces)
    before = read.score([0, 1, 2, 3], [[7, 8]] * 4)
    wanted = {1: 6, 3: 2, 0: 9, 2: 1}
    made = read.write(Stopping(tokenizer, None, ()), wanted)
    likeliest = [greedy(any_model, [*prompts[row], *trace], 9) for row, trace in zip(rows, traces, strict=True)]
    assert {row: list(one.ids) for row, one in made.items()} == {row: likeliest[row][:n] for row, n in wanted.items()}
    assert {one.finish for one in made.values()} == {"length"}
    # What would be written is known as such, in texts of any length; with one other token it is not.
    texts = [ids[: 3 + row] for row, ids in enumerate(likeliest)]
    others = [[*text[:-1], (text[-1] + 1) % 500] for text in texts]
    assert [is_likeliest for _, is_likeliest in read.score([0, 1, 2, 3], texts)] == [True] * 4
    assert [is_likeliest for _, is_likeliest in read.score([0, 1, 2, 3], others)] == [False] * 4
    # Writing leaves the rows as they were: they may be asked again, in any order.
    assert read.score([0, 1, 2, 3], [[7, 8]] * 4) == before
    assert read.write(Stopping(tokenizer, None, ()), wanted) == made
    assert read.write(Stopping(tokenizer, None, ()), {}) == {}


def test_an_end_token_ends_and_is_left_off(model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase") -> None:
    from tracekd.interventions.reading import Reader
    from tracekd.students.engines.stopping import Stopping

    (prompt,) = some_ids(5, [11])
    said = greedy(model, prompt, 4)
    end = said[2] if said[2] not in said[:2] else said[0]
    made = Reader(model).read([prompt]).write(Stopping(tokenizer, None, [end]), {0: 9})[0]
    assert (list(made.ids), made.finish) == (said[: said.index(end)], "stop")


def test_a_window_over_the_last_tokens_cannot_be_shared(tokenizer: "PreTrainedTokenizerBase") -> None:
    from tracekd.interventions.reading import Reader

    windowed = tiny_model("qwen3", tokenizer, use_sliding_window=True, sliding_window=8, max_window_layers=1)
    with pytest.raises(UserError, match="cannot be shared"):
        Reader(windowed)


def test_a_student_of_nans_is_refused(model: "PreTrainedModel") -> None:
    import torch

    from tracekd.interventions.reading import Reader
    from tracekd.students.engines.contract import EngineError

    with torch.no_grad():
        next(model.parameters()).fill_(float("nan"))
    with pytest.raises(EngineError, match="not numbers"):
        Reader(model).read([[5, 6]])
