"""Rows in pieces: a common beginning is computed once, and nothing that is learnt changes."""

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.sft.tokens import IGNORED, TokenizedExample
from tracekd.students.pieces import WORTH, Piece, pieces_of

from .conftest import tiny_model

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

pytestmark = pytest.mark.xdist_group("torch")


def row(prompt: list[int], completion: list[int]) -> TokenizedExample:
    return TokenizedExample([*prompt, *completion], [*[IGNORED] * len(prompt), *completion])


ROWS = st.builds(
    row, st.lists(st.integers(0, 1), min_size=1, max_size=40), st.lists(st.integers(0, 1), min_size=1, max_size=5)
)


@given(st.lists(ROWS, min_size=1, max_size=8), st.booleans())
def test_the_pieces_of_a_row_are_the_row(rows: list[TokenizedExample], is_shared: bool) -> None:
    pieces = pieces_of(rows, is_shared=is_shared)
    last = {piece.row: piece for piece in pieces if piece.end == len(rows[piece.row].ids)}
    assert sorted(last) == list(range(len(rows)))
    for at, found in last.items():
        chain = [*(pieces[earlier] for earlier in found.before), found]
        assert chain[0].begin == 0 and all(one.end == other.begin for one, other in pairwise(chain))
        assert [t for piece in chain for t in rows[piece.row].ids[piece.begin : piece.end]] == list(rows[at].ids)
        # All labels, and the token whose logits predict the first one, are in the last piece.
        first = next((place for place, label in enumerate(rows[at].labels) if label != IGNORED and place), None)
        assert first is None or found.begin < first
    assert sum(len(piece) for piece in pieces) <= sum(len(each.ids) for each in rows)


def test_a_common_beginning_is_one_piece_if_it_is_long_enough() -> None:
    story = list(range(WORTH))
    rows = [row([*story, 100, 101], [1]), row([*story, 102], [2]), row([*story[:-1], 103], [3])]
    assert pieces_of(rows[:2]) == [
        Piece(0, 0, WORTH, ()),
        Piece(0, WORTH, WORTH + 3, (0,)),
        Piece(1, WORTH, WORTH + 2, (0,)),
    ]
    assert pieces_of(rows[:2], is_shared=False) == [Piece(0, 0, WORTH + 3, ()), Piece(1, 0, WORTH + 2, ())]
    assert len(pieces_of([rows[0], rows[2]])) == 2, "a token too short"
    assert len(pieces_of(rows)) == 4, "all three share what two are too few for"
    twice = [row(story, [7, 8])] * 3  # the last token of a prompt predicts the first label of its own row
    assert pieces_of(twice)[0] == Piece(0, 0, WORTH - 1, ())


def gradients(model: "PreTrainedModel", losses: "Tensor") -> "Tensor":
    import torch

    losses.sum().backward()
    found = torch.cat([p.grad.flatten() for p in model.parameters()])
    model.zero_grad()
    return found


@pytest.mark.parametrize("kind", ["llama", "qwen3"])
@pytest.mark.parametrize("is_shared", [True, False])
def test_losses_and_gradient_are_those_of_a_plain_loop(
    kind: str, is_shared: bool, tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample]
) -> None:
    import torch

    from tracekd.students.collate import in_pieces
    from tracekd.students.piece_attention import let_take_pieces, takes_pieces

    model = tiny_model(kind, tokenizer)
    assert takes_pieces(model)
    chosen = sorted(rows[:6], key=lambda each: list(each.ids))
    alone = []
    for each in chosen:  # a plain loop, row by row, with the head at all positions
        logits = model(input_ids=torch.tensor([each.ids]), use_cache=False).logits[0, :-1]
        labels = torch.tensor(each.labels[1:])
        losses = torch.nn.functional.cross_entropy(logits, labels, ignore_index=IGNORED, reduction="none")
        alone.append(losses[labels != IGNORED])
    expected = torch.cat(alone)
    expected_gradient = gradients(model, expected)
    let_take_pieces(model)
    part = in_pieces(chosen, is_shared=is_shared)
    assert (part["input_ids"].shape[1] < sum(len(each.ids) for each in chosen)) is is_shared
    labels = part.pop("labels")
    logits = model(**part, use_cache=False).logits
    assert logits.shape[1] == len(expected), "the head is computed where a token has a label, and nowhere else"
    found = torch.nn.functional.cross_entropy(logits[0], labels[0], reduction="none")
    torch.testing.assert_close(found.sort().values, expected.sort().values, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(gradients(model, found), expected_gradient, atol=2e-4, rtol=1e-3)


def test_a_model_that_can_take_pieces_still_generates_as_before(
    tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample]
) -> None:
    import torch

    from tracekd.students.piece_attention import let_take_pieces

    model = tiny_model("llama", tokenizer).eval()
    ids, mask = torch.tensor([[0, 0, 5, 6], [7, 8, 9, 10]]), torch.tensor([[0, 0, 1, 1], [1, 1, 1, 1]])
    before = model(input_ids=ids, attention_mask=mask).logits
    let_take_pieces(model)
    after = model(input_ids=ids, attention_mask=mask).logits
    assert torch.equal(before[mask.bool()], after[mask.bool()])


def test_no_window_no_dropout_no_unknown_architecture(
    tokenizer: "PreTrainedTokenizerBase", model: "PreTrainedModel"
) -> None:
    from tracekd.students.piece_attention import takes_pieces

    assert not takes_pieces(model)  # BLOOM
    assert not takes_pieces(tiny_model("llama", tokenizer, attention_dropout=0.1))
    windowed = {"use_sliding_window": True, "sliding_window": 4, "max_window_layers": 0}
    assert not takes_pieces(tiny_model("qwen3", tokenizer, **windowed))


def test_dropout_of_adapters_is_drawn_for_each_row(tokenizer: "PreTrainedTokenizerBase") -> None:
    """So rows share nothing then."""
    from tracekd.students.train import _collator

    from .conftest import a_student

    model = tiny_model("llama", tokenizer)
    rows = [row([*range(40), at], [1]) for at in (50, 51)]
    found = []
    for dropout in (0.0, 0.1):
        student = a_student(method="lora", lora={"dropout": dropout})
        made = _collator(model, tokenizer, student, 4, checkpointed=False)
        found.append(made([{"rows": rows}])["parts"][0]["input_ids"].shape[1])
    assert found == [44, 84]
