"""Greedy generation in batches, token ids in and out."""

from collections.abc import Iterator, Sequence

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase


def generate_ids(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[Sequence[int]],
    *,
    max_new_tokens: int,
    batch: int,
) -> list[tuple[list[int], bool]]:
    """For each prompt, in order: the new token ids, and whether the student ended by itself (its end token left off)."""
    outputs: list[tuple[list[int], bool]] = [([], False)] * len(prompts)
    for index, output in iterate_ids(model, tokenizer, prompts, max_new_tokens=max_new_tokens, batch=batch):
        outputs[index] = output
    return outputs


def iterate_ids(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[Sequence[int]],
    *,
    max_new_tokens: int,
    batch: int,
) -> Iterator[tuple[int, tuple[list[int], bool]]]:
    """Yield (index of the prompt, output) as batches are done; prompts of like length go together, so little is padded."""
    training = model.training
    model.eval()
    order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
    end, pad = tokenizer.eos_token_id, tokenizer.pad_token_id
    for begin in range(0, len(order), batch):
        chosen = order[begin : begin + batch]
        width = max(len(prompts[i]) for i in chosen)
        ids = torch.tensor([[pad] * (width - len(prompts[i])) + list(prompts[i]) for i in chosen], device=model.device)
        mask = torch.tensor(
            [[0] * (width - len(prompts[i])) + [1] * len(prompts[i]) for i in chosen], device=model.device
        )
        with torch.inference_mode():
            new = model.generate(
                ids,
                attention_mask=mask,
                max_new_tokens=max_new_tokens,
                do_sample=False,
                pad_token_id=pad,
                eos_token_id=end,
            )
        for i, row in zip(chosen, new[:, width:].tolist(), strict=True):
            yield i, (row[: row.index(end)], True) if end in row else (row, False)
    model.train(training)
