"""`tracekd pretrain`."""

import json
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from tracekd.files import write_text
from tracekd.pretraining.card import model_card
from tracekd.pretraining.config import PretrainConfig, read_config
from tracekd.pretraining.train import pretrain as train_base
from tracekd.students.base import base_folder


def run(out: Path, seed: int, steps: int | None, device: str, base: str | None = None) -> None:
    """Pretrain a base into `out`, from random weights or from a base that has the first stages behind it."""
    folder = None if base is None else base_folder(base)
    config = _config(seed, steps, folder)
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as bars:
        row = bars.add_task("pretraining", total=config.steps)
        parameters = train_base(
            config, out, base=folder, device=device,
            report=lambda step, loss: bars.update(row, completed=step, description=f"pretraining, loss {loss:.3f}"),
        )  # fmt: skip
        bars.update(row, completed=config.steps)
    log = [json.loads(line) for line in (out / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    write_text(out / "README.md", model_card(config, parameters, log))


def _config(seed: int, steps: int | None, base: Path | None) -> PretrainConfig:
    """All stages of this version; those that the base does not have behind it are cut to so many steps."""
    config = PretrainConfig(seed=seed)
    if steps is None:
        return config
    done = read_config(base).stages if base else ()
    rest = (replace(stage, steps=min(stage.steps, steps)) for stage in config.stages[len(done) :])
    return replace(config, stages=(*done, *rest))
