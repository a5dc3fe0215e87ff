"""Sends tables of rates and verdicts to Weights & Biases, through its own library."""

from pathlib import Path

from tracekd.errors import UserError
from tracekd.export.judged_run import JudgedRun
from tracekd.export.rate_tables import numbers, rates_table, verdicts_table


def send(run: JudgedRun, project: str, folder: Path | None) -> str:
    """Log a run, and return where it is. `folder` is where the library writes its files (None: where it always does).

    The library decides how it logs in, and whether it sends anything: `WANDB_MODE=offline` only writes files.
    Raises UserError if it is not installed, or cannot start.
    """
    try:
        import wandb
    except ImportError:
        raise UserError("the library wandb is not installed", next_step="pip install wandb") from None
    try:
        tracked = wandb.init(
            project=project, name=run.name, job_type="tracekd", dir=folder, config={"task": run.task.name}
        )
    except (wandb.Error, OSError) as error:
        raise UserError(
            f"wandb cannot start: {str(error)[:200]}", next_step="wandb login; or set WANDB_MODE=offline"
        ) from None
    for table in (rates_table(run), verdicts_table(run)):
        rows = [list(row) for row in table.rows]
        tracked.log({table.name: wandb.Table(columns=list(table.columns), data=rows)})
    tracked.summary.update(numbers(run))
    place = tracked.url or str(Path(tracked.dir).parent)
    tracked.finish()
    return place
