"""Checked outputs as columns, one row for each output, in bounded memory: the input of selection statistics."""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import nan
from typing import Any

import numpy as np

from tracekd.problem import Problem
from tracekd.stats.estimate import Bools
from tracekd.stats.selection import Selectable
from tracekd.verify.check import Check, State
from tracekd.verify.reading.output_record import OutputRecord

_WORTH: dict[State, int] = {"passes": 1, "unknown": 0, "fails": -1}
_TRACE_PARTS = ("facts", "label", "from_cited")
_PARTS = (*_TRACE_PARTS, "from_context")


def _numbers(code: str) -> Callable[[], "array[Any]"]:
    return lambda: array(code)


@dataclass(slots=True)
class _Cell:
    """The outputs of one model and regime, in the order of arrival: 62 bytes each.

    `parts` has four numbers for each output, `passes` two. If a file has no number of tokens, it is -1; if it has no
    score, it is NaN.
    """

    groups: dict[str, int] = field(default_factory=dict)
    seeds: dict[int, int] = field(default_factory=dict)
    group: "array[int]" = field(default_factory=_numbers("q"))
    seed: "array[int]" = field(default_factory=_numbers("q"))
    right: "array[int]" = field(default_factory=_numbers("b"))
    parts: "array[int]" = field(default_factory=_numbers("b"))
    passes: "array[int]" = field(default_factory=_numbers("b"))
    tokens: "array[int]" = field(default_factory=_numbers("q"))
    characters: "array[int]" = field(default_factory=_numbers("q"))
    statements: "array[int]" = field(default_factory=_numbers("q"))
    unread: "array[int]" = field(default_factory=_numbers("q"))
    has_free: bool = False
    scores: "array[float]" = field(default_factory=_numbers("d"))


class Selections:
    """Checked outputs, by model and regime."""

    def __init__(self) -> None:
        self._cells: dict[tuple[str, str], _Cell] = {}

    def add(self, output: OutputRecord, problem: Problem, check: Check, right: bool) -> None:
        """Add an output of a problem, its check, and whether its answer is right."""
        cell = self._cells.setdefault((output.model, output.regime), _Cell())
        cell.group.append(cell.groups.setdefault(problem.group, len(cell.groups)))
        cell.seed.append(cell.seeds.setdefault(output.seed, len(cell.seeds)))
        cell.right.append(right)
        cell.parts.extend([_WORTH[part.state] for part in check.parts.values()])
        cell.passes.extend([check.trace_passes, check.passes])
        cell.tokens.append(-1 if output.tokens is None else output.tokens)
        cell.characters.append(len(output.text))
        cell.has_free |= check.free is not None
        cell.statements.append(0 if check.free is None else check.free.total)
        cell.unread.append(0 if check.free is None else check.free.unread)
        cell.scores.append(nan if output.score is None else output.score)

    def cells(self) -> Iterator[Selectable]:
        """Each model and regime, by name."""
        for (model, regime), cell in sorted(self._cells.items()):
            yield _selectable(model, regime, cell)


def _selectable(model: str, regime: str, cell: _Cell) -> Selectable:
    parts = np.array(cell.parts).reshape(-1, len(_PARTS))
    trace, whole = np.array(cell.passes, dtype=bool).reshape(-1, 2).T
    selects: dict[str, Bools] = {name: parts[:, at] > 0 for at, name in enumerate(_PARTS)}
    tokens, scores = np.array(cell.tokens), np.array(cell.scores)
    has_tokens = bool((tokens >= 0).all())
    return Selectable(
        model=model,
        regime=regime,
        group=np.array(cell.group),
        seed=np.array(cell.seed),
        right=np.array(cell.right, dtype=bool),
        passes={**selects, "trace": trace, "all": whole},
        scores={"trace": parts[:, : len(_TRACE_PARTS)].sum(axis=1, dtype=float), "all": parts.sum(axis=1, dtype=float)},
        length=tokens if has_tokens else np.array(cell.characters),
        unit="tokens" if has_tokens else "characters",
        log_probability=scores if np.isfinite(scores).all() else None,
        unread=(np.array(cell.unread), np.array(cell.statements)) if cell.has_free else None,
    )
