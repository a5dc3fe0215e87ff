"""`tracekd pretrain`: pretrain a base model."""

from rich.progress import Progress

from tracekd.cli.requests.students import PretrainRequest
from tracekd.cli.terminal import terminal
from tracekd.pretraining.card import write_card
from tracekd.pretraining.config import PretrainConfig, shortened
from tracekd.pretraining.train import pretrain
from tracekd.students.base import base_folder


def run(request: PretrainRequest) -> None:
    """Pretrain a base into a folder, from random weights or from a base that has done the first stages."""
    seed, steps = request.seed, request.steps
    folder = None if request.base is None else base_folder(request.base)
    config = PretrainConfig(seed=seed) if steps is None else PretrainConfig(seed=seed, stages=shortened(steps, folder))
    console = terminal(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as bars:
        bar = bars.add_task("pretraining", total=config.steps)
        parameters = pretrain(
            config, request.out, base=folder, device=request.device,
            report=lambda step, loss: bars.update(bar, completed=step, description=f"pretraining, loss {loss:.3f}"),
        )  # fmt: skip
        bars.update(bar, completed=config.steps)
    write_card(request.out, config, parameters)
