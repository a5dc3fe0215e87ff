"""The batches of pretraining: separate processes draw, tokenise and pad exercises."""

from collections import deque
from collections.abc import Iterator
from functools import partial
from itertools import islice
from multiprocessing import get_context

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import PreTrainedTokenizerBase

from tracekd.pretraining.config import PretrainConfig
from tracekd.pretraining.exercises import Turn, draw
from tracekd.processes import end_with_parent
from tracekd.sft.tokens import IGNORED, TokenizedExample
from tracekd.students.batch import pad_batch

BATCHES_A_DRAW = 8  # batches that are drawn together and sorted by length, to need little padding
AHEAD = 8  # batches drawn in advance; those of a whole training would fill the memory

Batch = tuple[NDArray[np.int64], NDArray[np.int64]]


def batches(config: PretrainConfig, tokenizer: PreTrainedTokenizerBase, first: int, workers: int) -> Iterator[Batch]:
    """The batches of the steps from `first` on. `workers` processes draw them a little in advance."""
    work = partial(_draw, config, tokenizer)
    draws = iter(range(first // BATCHES_A_DRAW, -(-config.steps // BATCHES_A_DRAW)))
    passed = first % BATCHES_A_DRAW
    with get_context("fork").Pool(workers, initializer=_begin) as pool:
        coming = deque(pool.apply_async(work, (index,)) for index in islice(draws, AHEAD))
        while coming:
            made = coming.popleft().get()
            coming.extend(pool.apply_async(work, (index,)) for index in islice(draws, 1))
            yield from made[passed:]
            passed = 0


def _begin() -> None:
    end_with_parent()
    torch.set_num_threads(1)


def _draw(config: PretrainConfig, tokenizer: PreTrainedTokenizerBase, index: int) -> list[Batch]:
    size = config.batch * BATCHES_A_DRAW
    stage, progress = config.stage_at(index * BATCHES_A_DRAW)
    exercises = [draw(stage.mix, config.seed, i, progress) for i in range(index * size, (index + 1) * size)]
    rows = [encode(tokenizer, turns) for turns in exercises]
    rows.sort(key=lambda row: len(row.ids))
    made = [pad_batch(rows[i : i + config.batch], int(tokenizer.pad_token_id)) for i in range(0, size, config.batch)]
    np.random.default_rng([config.seed, index]).shuffle(made)
    return made


def encode(tokenizer: PreTrainedTokenizerBase, turns: list[Turn]) -> TokenizedExample:
    """Token ids of all turns. Only completions have labels; each completion ends with the end token, like an output."""
    ids: list[int] = []
    labels: list[int] = []
    for turn in turns:
        prompt, completion = tokenizer(turn.prompt)["input_ids"], tokenizer(turn.completion)["input_ids"]
        ids += [*prompt, *completion, int(tokenizer.eos_token_id)]
        labels += [*[IGNORED] * len(prompt), *completion, int(tokenizer.eos_token_id)]
    return TokenizedExample(ids, labels)
