"""Rows as pieces of text: a beginning that several prompts share is one piece, which is computed once for all of them.

All pieces of a call lie in one sequence without padding. In a causal model, keys and values of a beginning depend on
nothing after it, so the losses of the rows stay the same, and so does the gradient (a piece gets the sum of the gradients
of all rows that it begins).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tracekd.sft.tokens import IGNORED, TokenizedExample
from tracekd.students.shared_prefixes import Ids, shared_prefixes

# A beginning becomes a piece of its own only if that saves this many tokens: attention is computed piece by piece.
WORTH = 16


@dataclass(frozen=True, slots=True)
class Piece:
    """The tokens `begin` to `end` of a row; `before` are the indexes of the pieces with the tokens before `begin`, in order."""

    row: int
    begin: int
    end: int
    before: tuple[int, ...]

    def __len__(self) -> int:
        return self.end - self.begin


def pieces_of(rows: Sequence[TokenizedExample], *, is_shared: bool = True) -> list[Piece]:
    """The pieces of these rows. The last piece of each row has all its labels, and the token before the first one, whose
    logits predict it. Without `is_shared`, each row is one piece.
    """
    if not is_shared:
        return [Piece(at, 0, len(row.ids), ()) for at, row in enumerate(rows)]
    prompts = [tuple(row.ids[: _first_label(row)]) for row in rows]
    made: list[Piece] = []
    _add(made, rows, prompts, list(range(len(rows))), 0, ())
    return made


def _add(
    made: list[Piece], rows: Sequence[TokenizedExample], prompts: Sequence[Ids], places: Sequence[int], begin: int,
    before: tuple[int, ...],
) -> None:  # fmt: skip
    """Add the pieces of some rows, which agree up to `begin`."""
    for end, group in shared_prefixes([prompts[at] for at in places], begin, WORTH):
        chosen = [places[at] for at in group]
        if len(chosen) == 1:
            made.append(Piece(chosen[0], begin, len(rows[chosen[0]].ids), before))
        else:
            made.append(Piece(chosen[0], begin, end, before))
            _add(made, rows, prompts, chosen, end, (*before, len(made) - 1))


def _first_label(row: TokenizedExample) -> int:
    """The place of the first label, at least 1: nothing predicts the first token of a row."""
    return next((at for at, label in enumerate(row.labels) if at > 0 and label != IGNORED), len(row.ids))
