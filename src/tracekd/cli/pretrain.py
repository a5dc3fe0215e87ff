"""`tracekd pretrain`."""

import json
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from tracekd.files import write_text
from tracekd.students.card import model_card
from tracekd.students.pretrain import PretrainConfig
from tracekd.students.pretrain import pretrain as train_base


def run(out: Path, seed: int, steps: int | None, device: str) -> None:
    """Pretrain a base into `out`."""
    config = PretrainConfig(seed=seed)
    if steps is not None:
        stages = tuple(replace(stage, steps=min(stage.steps, steps)) for stage in config.stages)
        config = replace(config, stages=stages)
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as bars:
        row = bars.add_task("pretraining", total=config.steps)
        parameters = train_base(
            config, out, device=device,
            report=lambda step, loss: bars.update(row, completed=step, description=f"pretraining, loss {loss:.3f}"),
        )  # fmt: skip
        bars.update(row, completed=config.steps)
    log = [json.loads(line) for line in (out / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    write_text(out / "README.md", model_card(config, parameters, log))
