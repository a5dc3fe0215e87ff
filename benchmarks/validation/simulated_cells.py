"""Simulated outputs as the engine's columns, without a verdict for each: a hundred times as fast."""

import numpy as np
from simulated import Bools

from tracekd.stats import flags
from tracekd.stats.cell import Cell, Store


def cell_of(class_step: Bools, retrieval: Bools, trace: Bools, answer: Bools, classes: int = 1) -> Cell:
    """One model and regime: (groups, problems, seeds) each. The problems of a group go through the classes in turn."""
    groups, problems, seeds = answer.shape
    problem, seed = (at.ravel().astype(np.uint32) for at in np.indices((groups * problems, seeds)))
    bits = _step(class_step, flags.CLASS) | _step(retrieval, flags.RETRIEVAL) | _step(retrieval, flags.KINDS)
    for right, place in ((trace, flags.TRACE), (answer, flags.ANSWER), (answer, flags.LENIENT)):
        bits |= right.astype(np.uint32) << np.uint32(place)
    bits |= np.uint32(1 << flags.PARSED | flags.STATUSES["ok"] << flags.STATUS)
    every = np.arange(groups * problems, dtype=np.uint32)
    store = Store(
        problem=problem,
        run=seed,
        flags=bits.reshape(-1),
        scored=np.zeros(len(problem), np.uint32),
        scores=np.zeros((1, 5)),
        group_of=every // np.uint32(problems),
        label_of=every % np.uint32(problems) % np.uint32(classes),
        rank_of=every,
        seed_of=np.arange(seeds, dtype=np.uint32),
        pair_of=np.arange(seeds, dtype=np.uint32),
        n_pairs=seeds,
        kinds=("support",),
    )
    rows = np.arange(len(problem), dtype=np.uint32)
    return Cell("simulated", "simulated", tuple(range(seeds)), 1, frozenset({"support"}), store, rows)


def _step(right: Bools, place: int) -> np.ndarray:
    code = np.where(right, np.uint32(flags.STEPS["right"]), np.uint32(flags.STEPS["wrong"]))
    return code << np.uint32(place)
