"""Logs tables of rates and verdicts with Trackio, through its own library. It keeps them on this machine."""

from tracekd.errors import UserError
from tracekd.export.judged_run import JudgedRun
from tracekd.export.rate_tables import numbers, rates_table, verdicts_table


def send(run: JudgedRun, project: str) -> str:
    """Log a run, and return where it is. `TRACKIO_DIR` sets the folder. Raises UserError if the library is missing."""
    try:
        import pandas as pd
        import trackio
    except ImportError:
        raise UserError("the library trackio is not installed", next_step="pip install trackio") from None
    trackio.init(project=project, name=run.name, config={"task": run.task.name}, embed=False, auto_log_cpu=False)
    for table in (rates_table(run), verdicts_table(run)):
        frame = pd.DataFrame(table.rows, columns=list(table.columns))
        trackio.log({table.name: trackio.Table(dataframe=frame)})
    trackio.log(numbers(run))
    trackio.finish()
    return f"project {project}, run {run.name}; trackio show --project {project}"
