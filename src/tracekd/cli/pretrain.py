"""`tracekd pretrain`."""

from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from tracekd.students.pretrain import PretrainConfig
from tracekd.students.pretrain import pretrain as train_base


def run(out: Path, seed: int, steps: int | None, device: str) -> None:
    """Pretrain a base into `out`."""
    config = PretrainConfig(seed=seed)
    if steps is not None:
        config = replace(config, steps=steps)
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as bars:
        row = bars.add_task("pretraining", total=config.steps)
        train_base(
            config, out, device=device,
            report=lambda step, loss: bars.update(row, completed=step, description=f"pretraining, loss {loss:.3f}"),
        )  # fmt: skip
        bars.update(row, completed=config.steps)
