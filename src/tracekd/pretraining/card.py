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
about short stories of bAbI's kind. The default study fine-tunes this base; it has no other use.

**Trained on** generated stories only. It answers questions about them, quotes the supporting sentences before it answers,
and repeats sentences. In later stages it also writes other text before the answer, in tags of any name except `think` and
`answer`: random words, other sentences of the story, or the supporting sentences with many kinds of marks. So it learns to
answer after a longer output. It has never seen a trace of a regime, and no story from the part of the world that studies
use (a story's first two sentences decide to which part it belongs). It learnt to answer directly, and after a detour, by
stepwise internalization (arXiv 2405.14838): quotes are shortened from the left until only the answer is left.

**What this means for studies.** Because of the detours, it answers from the story, whatever text it has just written. So
expect a student made from it to answer well after a wrong trace. This is a property of this base. Remember it when you read
results, and repeat the study with bases of your own. It has also learnt to cite the supporting sentences before it answers,
so students learn right traces faster than wrong ones.

Made by `tracekd pretrain --out DIR`; `pretrain.json` contains every setting, `log.jsonl` the scores during training.
Floating-point sums differ between machines and versions, so a rerun gives a similar base, not the same bytes.
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
        f"({', '.join(f'{stage.steps:,}' for stage in config.stages)}), each from the weights of the previous one",
        "optimizer": f"Muon for matrices (rate {config.muon_rate}), AdamW for the rest (rate {config.adam_rate})",
        "time": f"{_seconds(log) / 60:.0f} minutes",
        "machine": f"{platform.machine()}, one thread; torch {version('torch')}, transformers {version('transformers')}",
    }
    lines = [_HEAD, "| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in facts.items())]
    held_out = f"{last['stories']} held-out stories like the last stage's"
    lines += ["", f"Scores on {held_out}, greedy, exact match of the whole output:", ""]
    lines += [
        "| family | answered directly | quoted, then answered | wrote words, cited, answered |",
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
