"""How probable the targets of each regime are under the base, before it is taught: bits a token, and bits a target.

A rival explanation of an effect of wrong traces is that their text is less probable, and so harder to learn. These numbers
stand beside the effects in `results.md`.
"""

import math
from collections.abc import Iterable
from pathlib import Path
from typing import TypedDict

from tracekd.files import read_jsonl
from tracekd.sft.example import Example
from tracekd.sft.tokens import IGNORED, TokenizedExample
from tracekd.students.base import base_folder
from tracekd.study.config import load_study

MOST = 100  # targets of each regime


class Bits(TypedDict):
    """The targets that were measured, and means over them: tokens, bits a token, bits a target."""

    targets: int
    tokens: float
    bits_per_token: float
    bits_per_target: float


def bits_of(run: Path) -> dict[str, Bits]:
    """The numbers of each taught regime of a run folder, by its name."""
    from tracekd.students.checkpoint import load
    from tracekd.students.prompting import Prompting

    study = load_study(str(run / "study.toml"), ())
    (student,) = study.students
    model, tokenizer = load(base_folder(student.base))
    prompting, found = Prompting.of(tokenizer, student.chat), dict[str, Bits]()
    for regime in study.regimes:
        files = sorted((run / "sft").glob(f"{regime}-s{study.seeds[0]}-*.jsonl"))
        if files:  # a prompted regime has no targets
            examples = read_jsonl(files[0], Example)
            rows = (prompting.row(example) for _, example in zip(range(MOST), examples, strict=False))
            found[regime] = _mean(_bits(model.eval(), row) for row in rows)
    return found


def _bits(model: object, row: TokenizedExample) -> tuple[int, float]:
    """The tokens of a target, and its bits."""
    import torch

    ids, labels = torch.tensor([row.ids]), torch.tensor(row.labels)
    with torch.inference_mode():
        logits = model(input_ids=ids).logits[0, :-1]  # type: ignore[operator]
    target = labels[1:] != IGNORED
    chosen = torch.log_softmax(logits[target].float(), dim=-1).gather(1, labels[1:][target][:, None])
    return int(target.sum()), -float(chosen.sum()) / math.log(2)


def _mean(found: Iterable[tuple[int, float]]) -> Bits:
    tokens, bits = zip(*found, strict=True)
    return Bits(
        targets=len(bits), tokens=sum(tokens) / len(bits), bits_per_token=sum(bits) / sum(tokens),
        bits_per_target=sum(bits) / len(bits),
    )  # fmt: skip
