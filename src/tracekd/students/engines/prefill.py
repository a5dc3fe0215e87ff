"""Reads prompts of different lengths without padding, and a beginning that several prompts share only once."""

from collections.abc import Sequence

import torch
from torch import Tensor
from transformers import Cache, DynamicCache, PreTrainedModel

from tracekd.sft.tokens import IGNORED, TokenizedExample
from tracekd.students.batch import parts_of
from tracekd.students.collate import in_pieces
from tracekd.students.piece_attention import let_take_pieces, takes_pieces
from tracekd.students.pieces import Piece

# Prompts with more tokens are read one part after the other: this bounds the memory, and takes three quarters of the time of
# parts with 2,048 tokens (measured with 135 M parameters), because a part's activations stay in the processor's cache.
_TOKENS = 768


def can_prefill(model: PreTrainedModel) -> bool:
    """Whether prompts can be read in pieces: on a CPU, if the architecture allows it. On a GPU, padding costs less than many
    small steps. A model that can is prepared for it.
    """
    if model.device.type != "cpu" or not takes_pieces(model):
        return False
    let_take_pieces(model)
    return True


def prefill(model: PreTrainedModel, prompts: Sequence[Sequence[int]]) -> tuple[Cache, Tensor]:
    """The keys and values of prompts (token ids, not empty), padded on the left with zeros, and the logits after their last
    tokens, (prompts, 1, vocabulary).
    """
    order = sorted(range(len(prompts)), key=lambda at: tuple(prompts[at]))  # prompts that begin alike lie together
    lengths, width = [len(prompts[at]) for at in order], max(map(len, prompts))
    read = [
        ([order[at] for at in part], *_read(model, [prompts[order[at]] for at in part]))
        for part in parts_of(lengths, len(order), _TOKENS, is_padded=False)
    ]
    made = DynamicCache(config=model.config)
    for number, layer in enumerate(read[0][1].layers):
        shape = (len(prompts), layer.keys.shape[1], width, layer.keys.shape[3])
        keys, values = layer.keys.new_zeros(shape), layer.values.new_zeros(shape)
        for places, cache, columns, _ in read:
            for at, own in zip(places, columns, strict=True):
                keys[at, :, width - len(own) :] = cache.layers[number].keys[0, :, own]
                values[at, :, width - len(own) :] = cache.layers[number].values[0, :, own]
        made.update(keys, values, number)
    logits = torch.cat([part[3] for part in read])
    back = torch.tensor([at for part in read for at in part[0]]).argsort()
    return made, logits[back][:, None]


def _read(model: PreTrainedModel, prompts: Sequence[Sequence[int]]) -> tuple[Cache, list[Tensor], Tensor]:
    """The keys and values of all pieces of some prompts, the columns of each prompt among them, and its last logits."""
    given = in_pieces([TokenizedExample(prompt, [IGNORED] * len(prompt)) for prompt in prompts])
    columns = _columns(given["pieces"], len(prompts))
    given["logits_to_keep"] = torch.stack([own[-1] for own in columns])
    del given["labels"]
    out = model(**given, past_key_values=DynamicCache(config=model.config), use_cache=True)
    return out.past_key_values, columns, out.logits[0]


def _columns(pieces: Sequence[Piece], prompts: int) -> list[Tensor]:
    """Where the tokens of each prompt lie in the sequence of pieces."""
    begins = torch.tensor([0, *(len(piece) for piece in pieces)]).cumsum(0).tolist()
    places = [torch.arange(begin, begin + len(piece)) for begin, piece in zip(begins, pieces, strict=False)]
    # The last piece of a prompt is the last one with its index: earlier ones are shared.
    last = {piece.row: at for at, piece in enumerate(pieces)}
    return [torch.cat([places[at] for at in (*pieces[last[row]].before, last[row])]) for row in range(prompts)]
