"""`tracekd pretrain`."""

import json
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from tracekd.cli.requests.students import PretrainRequest
from tracekd.files import write_text
from tracekd.students.base import base_folder
from tracekd.students.card import model_card
from tracekd.students.pretrain import pretrain as train_base
from tracekd.students.pretrain_config import PretrainConfig, read_config


def run(request: PretrainRequest) -> None:
    """Pretrain a base into a folder, from random weights or from a base that has the first stages behind it."""
    out = request.out
    folder = None if request.base is None else base_folder(request.base)
    config = _config(request.seed, request.steps, folder)
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as bars:
        row = bars.add_task("pretraining", total=config.steps)
        parameters = train_base(
            config, out, base=folder, device=request.device,
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
