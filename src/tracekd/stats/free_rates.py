"""What the free traces of a cell are worth: their claims, and what cannot be read of them."""

import numpy as np

from tracekd.stats.cell import Cell
from tracekd.stats.estimate import Floats, Frozen, Share
from tracekd.stats.free_columns import WITHOUT_STEP
from tracekd.stats.inference import share
from tracekd.stats.rates import share_of


class FreeRates(Frozen):
    """The free traces of a cell; outputs whose traces were judged by the template are not counted.

    `outputs`: how many there are, of all outputs. `claims_hold`: the share of claims that hold, of all outputs together;
    `steps_hold`: the same of the steps, which are the claims that do not say what the answer is. `no_false_step`: the
    outputs with steps, of which the context contradicts none; `all_hold`: those with steps that all hold. An output without
    a step, counted in `without_step`, is in neither. `unread`: the share of statements that the grammar cannot read.
    """

    outputs: int
    claims_hold: Share
    steps_hold: Share
    no_false_step: Share
    all_hold: Share
    without_step: int
    unread: Share


def free_rates(cell: Cell) -> FreeRates | None:
    """The rates of a cell; None if it has no free traces."""
    free = cell.is_free
    if not free.any():
        return None
    return FreeRates(
        outputs=int(free.sum()),
        claims_hold=share(_sums(cell, "holding"), _sums(cell, "claims"), cell.clusters),
        steps_hold=share(_sums(cell, "holding_steps"), _sums(cell, "steps"), cell.clusters),
        no_false_step=share_of(cell, cell.has_no_false_step, free),
        all_hold=share_of(cell, cell.trace & free, free),
        without_step=int((cell.free_number("kind") == WITHOUT_STEP).sum()),
        unread=share(_sums(cell, "unread"), _sums(cell, "statements"), cell.clusters),
    )


def _sums(cell: Cell, name: str) -> Floats:
    return cell.sums(lambda some, _: some.free_number(name).astype(np.float64))
