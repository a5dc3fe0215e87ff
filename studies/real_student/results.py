"""The tables of `results.md`, from run folders whose cells are all finished."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bits import Bits

# The numbers that the paper printed are kept beside their replication.
sys.path.append(str(Path(__file__).parents[1] / "interpretable_traces"))

from published import PRINTED

from tracekd.report.layout import asks_for_trace

TITLES = {
    "generated": "(a) Generated bAbI stories",
    "babi": "(b) The published bAbI files",
    "cotempqa": "(c) CoTempQA",
}
# A rate, its interval, both as shares. None if there is none.
Rate = tuple[float | None, tuple[float, float] | None]


@dataclass(frozen=True)
class Regime:
    """What came of one regime: rates with 95 % intervals, over problems and seeds. Those of traces are None for students that
    are not asked for one.
    """

    name: str
    seeds: int
    outputs: int
    answer: Rate
    class_step: Rate
    facts: Rate
    trace: Rate
    consistent: Rate
    relied: Rate
    bits: Bits | None


@dataclass(frozen=True)
class Pair:
    """The share of right answers of the first regime minus that of the second, with its tests (Holm's p values)."""

    first: str
    second: str
    difference: float
    ends: tuple[float, float]
    p: float | None
    as_good_p: float | None


@dataclass(frozen=True)
class Done:
    """One finished study."""

    study: str
    margin: float
    steps: int
    examples: int
    hours: float
    regimes: tuple[Regime, ...]
    pairs: tuple[Pair, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def read(study: str, run: Path) -> Done:
    """The numbers of a finished run folder, with what `bits.json` in it holds."""
    summary, reliance = (_only(run / "stats", kind) for kind in ("summary", "reliance"))
    relied = {cell["regime"]: _relied(cell) for cell in reliance["cells"]}
    bits = json.loads((run / "bits.json").read_text(encoding="utf-8"))
    records = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((run / "cells").glob("*.json"))]
    seconds = sum(value for record in records for key, value in record.items() if key.endswith("_seconds") and value)
    taught = [record for record in records if record["steps"]]
    return Done(
        study=study,
        margin=summary["analysis"]["margin"],
        steps=max(record["steps"] for record in taught),
        examples=max(record["trained_on"] for record in taught),
        hours=seconds / 3600,
        regimes=tuple(_regime(cell, relied, bits) for cell in summary["cells"]),
        pairs=tuple(_pair(pair) for pair in summary["comparisons"] if pair["outcome"] == "answer"),
    )


def _only(folder: Path, kind: str) -> dict[str, Any]:
    (file,) = folder.glob(f"{kind}-*.json")
    return dict(json.loads(file.read_text(encoding="utf-8")))


def _regime(cell: dict[str, Any], relied: dict[str, Rate], bits: dict[str, Bits]) -> Regime:
    is_asked = asks_for_trace(cell["regime"])
    return Regime(
        name=cell["regime"],
        seeds=len(cell["seeds"]),
        outputs=cell["n"],
        answer=_rate(cell["answer"]),
        class_step=_rate(cell["class"] if is_asked else None),
        facts=_rate(cell["retrieval"][cell["support"]] if is_asked else None),
        trace=_rate(cell["trace"] if is_asked else None),
        consistent=_rate(cell["consistent"] if is_asked else None),
        relied=relied.get(cell["regime"], (None, None)),
        bits=bits.get(cell["regime"]),
    )


def _rate(share: dict[str, Any] | None) -> Rate:
    return (None, None) if share is None or share["rate"] is None else (share["rate"], _ends(share["ci"]))


def _relied(cell: dict[str, Any]) -> Rate:
    """How often the answer follows the one that the changed facts imply."""
    (follows,) = (one["follows"] for one in cell["conditions"] if one["condition"] == "implied")
    return follows["value"], _ends(follows["ci"])


def _ends(ends: Sequence[float] | None) -> tuple[float, float] | None:
    return None if ends is None else (ends[0], ends[1])


def _pair(pair: dict[str, Any]) -> Pair:
    difference, equal = pair["difference"], pair["equivalence"]
    low, high = difference["ci"]
    return Pair(
        first=pair["first"], second=pair["second"], difference=difference["value"], ends=(low, high),
        p=pair["test"]["p_holm"], as_good_p=None if equal is None else equal["p_holm"],
    )  # fmt: skip


def page(done: Sequence[Done]) -> str:
    """`results.md`, whole."""
    head = ["# A real student: the tables", "", "Made by `run.py`. Rates in percent, with 95 % intervals.", ""]
    return "\n".join([*head, *(line for one in done for line in _section(one))]).rstrip() + "\n"


def _section(one: Done) -> Iterator[str]:
    yield f"## {TITLES[one.study]}"
    yield ""
    yield (
        f"{one.steps} steps on {one.examples} examples; the times of all cells add up to {one.hours:.1f} hours, of one core "
        "each, while other work shared the cores. The last two columns: the targets under the base, before training."
    )
    yield ""
    yield "| regime | outputs | answer | class | facts | trace | consistent | relied on | bits a token | bits a target |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    for regime in one.regimes:
        rates = (regime.answer, regime.class_step, regime.facts, regime.trace, regime.consistent, regime.relied)
        bits = ("", "") if regime.bits is None else (
            f"{regime.bits['bits_per_token']:.2f}", f"{regime.bits['bits_per_target']:.0f}"
        )  # fmt: skip
        yield f"| {' | '.join((f'`{regime.name}`', str(regime.outputs), *map(_shown, rates), *bits))} |"
    yield ""
    yield f'Differences in right answers, in points; the margin of "as good as" is {100 * one.margin:g} points.'
    yield ""
    yield '| regimes | difference | p (Holm) | p of "as good as" (Holm) |'
    yield "|---|---:|---:|---:|"
    for pair in one.pairs:
        low, high = (100 * end for end in pair.ends)
        yield (
            f"| `{pair.first}` - `{pair.second}` | {100 * pair.difference:+.1f} ({low:+.1f} to {high:+.1f}) | "
            f"{_p(pair.p)} | {_p(pair.as_good_p)} |"
        )
    yield ""
    yield from _printed(one)


def _printed(one: Done) -> Iterator[str]:
    """What the paper printed for the same task, if anything."""
    task = "cotempqa" if one.study == "cotempqa" else "babi"
    shown = [(cell, said) for cell, said in PRINTED.items() if cell.data_set == task and not cell.seed]
    yield "The paper's own numbers (arXiv 2505.13792), one seed each:"
    yield ""
    yield "| model | regime | answer | class | facts |"
    yield "|---|---|---:|---:|---:|"
    for cell, said in shown:
        numbers = ("" if x is None else f"{x:g}" for x in (said.answer, said.class_step, said.retrieval_step))
        yield f"| {cell.model} | `{cell.regime}` | {' | '.join(numbers)} |"
    yield ""


def _shown(rate: Rate) -> str:
    value, ends = rate
    if value is None:
        return ""
    return f"{100 * value:.1f}" + ("" if ends is None else f" ({100 * ends[0]:.1f} to {100 * ends[1]:.1f})")


def _p(value: float | None) -> str:
    return "" if value is None else "< 0.001" if value < 0.001 else f"{value:.3f}"
