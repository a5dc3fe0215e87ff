"""The model card of a pretrained base, written from the log of its pretraining."""

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tracekd.files import write_text
from tracekd.pretraining.config import PretrainConfig

_HEAD = """---
license: apache-2.0
library_name: transformers
tags: [tracekd, bAbI, ALiBi]
---

# The embedded base of tracekd

A small causal language model (BLOOM architecture, ALiBi positions, byte-level BPE) that can quote and answer questions
about short stories of bAbI's kind. It is the base that the default study fine-tunes; it is good for nothing else.

**Trained on** generated stories only, in which it answers questions, quotes the supporting sentences before it answers,
and repeats sentences. In the later stages it also says random words, repeats other sentences of the story, or cites the
supporting ones in marks of many kinds, before it answers, each in tags of any name but `think` and `answer`, so that it
can answer across a longer output. It has never seen a trace of the regimes, nor a story of the part of the world that
studies draw from (the parts are told apart by a story's first two sentences). Answering directly, and across a detour,
was learnt by stepwise internalization (arXiv 2405.14838): quotes are shortened from the left until only the answer is
left.

**What follows for studies.** The detours make it answer from the story whatever it has just said. A student made from it
can therefore be expected to answer well after a wrong trace; that is a property of this base, to be kept in mind when
its results are read, and a reason to run the study on bases of one's own. It has also learnt to cite the sentences that
support an answer before it answers, so right traces are sooner learnt than wrong ones.

Made by `tracekd pretrain --out DIR`; `pretrain.json` holds every setting, `log.jsonl` the scores along the way.
Floating-point sums differ between machines and versions, so a rerun gives a base like this one, not its very bytes.
"""


def write_card(folder: Path, config: PretrainConfig, parameters: int) -> None:
    """Write the card of the base in this folder, from the rows of its `log.jsonl`."""
    log = [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    write_text(folder / "README.md", model_card(config, parameters, log))


def model_card(config: PretrainConfig, parameters: int, log: list[Mapping[str, Any]]) -> str:
    """The card as Markdown: what the base is, data, steps, time, and the scores of the last evaluation by family.

    `log`: the rows of `log.jsonl`. The seconds of interrupted runs are added up.
    """
    last = log[-1]
    facts = {
        "parameters": f"{parameters:,}",
        "exercises": f"{config.steps * config.batch:,} of up to {max(s.mix.turns for s in config.stages)} turns each",
        "steps": f"{last['step']:,} of {config.batch} exercises, in {len(config.stages)} stages "
        f"({', '.join(f'{stage.steps:,}' for stage in config.stages)}), each from the weights of the one before",
        "optimizer": f"Muon for matrices (rate {config.muon_rate}), AdamW for the rest (rate {config.adam_rate})",
        "time": f"{_seconds(log) / 60:.0f} minutes",
        "machine": f"{platform.machine()}, one thread; torch {version('torch')}, transformers {version('transformers')}",
    }
    lines = [_HEAD, "| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in facts.items())]
    held_out = f"{last['stories']} held-out stories like the last stage's"
    lines += ["", f"Scores on {held_out}, greedy, exact match of the whole output:", ""]
    lines += [
        "| family | answered directly | quoted, then answered | said words, cited, answered |",
        "|---|---|---|---|",
    ]
    kinds = [last[kind] for kind in ("answer", "quote", "cite")]
    lines += [f"| {name} | " + " | ".join(f"{kind[name]:.3f}" for kind in kinds) + " |" for name in last["answer"]]
    lines += ["", "```json", json.dumps(asdict(config)), "```", ""]
    return "\n".join(lines)


def _seconds(log: list[Mapping[str, Any]]) -> float:
    """The seconds of all runs. In the log, they count from the start of each run, so they fall where a run was resumed."""
    total = 0.0
    for row, following in zip(log, [*log[1:], None], strict=True):
        if following is None or following["seconds"] < row["seconds"]:
            total += row["seconds"]
    return total
