"""`tracekd tasks`."""

from collections.abc import Iterable

from tracekd.cli.requests.data import TasksRequest
from tracekd.cli.terminal import echo
from tracekd.errors import UserError
from tracekd.problem import Problem
from tracekd.regimes import Regime, Setting, Unsupported, all_regimes, draw_target
from tracekd.sft.example import build_example
from tracekd.tasks import Task, all_tasks, get_task
from tracekd.tasks.contract import SUPPORT_MEANINGS


def run(request: TasksRequest) -> None:
    """List the tasks, or describe one. Raises UserError for an unknown name."""
    if request.name is None:
        _list_all()
    else:
        _describe(request.name)


def _list_all() -> None:
    """Print a line for each task and each regime; a task that cannot be loaded is named with the reason."""
    echo("tasks:")
    for task in all_tasks():
        if isinstance(task, UserError):
            echo(f"warning: {task}", err=True)
        else:
            echo(f"  {task.name:16} {task.summary}")
    echo("regimes:")
    for regime in all_regimes():
        if isinstance(regime, UserError):
            echo(f"warning: {regime}", err=True)
        else:
            echo(f"  {_written(regime):16} {regime.summary}")


def _written(regime: Regime) -> str:
    return f"{regime.name}({regime.parameter.default})" if regime.parameter else regime.name


def _describe(name: str) -> None:
    """Print what a task is, and one problem under every regime. Raises UserError for an unknown name."""
    task = get_task(name)
    echo(f"{task.name}: {task.summary}\n")
    for title, text in _facts_about(task).items():
        if text:
            echo(f"{title + ':':16} {text}")
    echo("\nclasses (r: a rule derives answers):")
    for label in task.labels:
        echo(f"  {'r' if task.has_rule(label) else ' '} {label}")
    echo(f"\ntemplate of the class step:     {task.template.classify} LABEL.")
    echo(f"template of the retrieval step: {task.template.retrieve} [FACTS]")
    _show_example(task)


def _facts_about(task: Task) -> dict[str, str]:
    return {
        "citation": task.citation,
        "licence": task.licence,
        "where to get it": task.homepage,
        "formats": _lines(task.formats),
        "support kinds": _lines(
            f"{kind}: {SUPPORT_MEANINGS.get(kind, '')}".rstrip(": ") for kind in task.support_kinds
        ),
        "subsets": _lines(f"{name}: {_first_line(keep.__doc__)}".rstrip(": ") for name, keep in task.subsets.items()),
    }


def _lines(texts: Iterable[str]) -> str:
    """The texts one below the other, to the right of their title."""
    return f"\n{' ' * 17}".join(texts)


def _first_line(text: str | None) -> str:
    return (text or "").strip().partition("\n")[0]


def _show_example(task: Task) -> None:
    problem = task.example()
    echo(f"\none problem, as the prompt shows it:\n{task.template.render_prompt(problem)}")
    for regime in all_regimes():
        if isinstance(regime, Regime):
            echo(f"completion under {_written(regime)}:\n{_completion(problem, regime, task)}\n")


def _completion(problem: Problem, regime: Regime, task: Task) -> str:
    try:
        return build_example(problem, draw_target(problem, regime, Setting.of(task), 0), task.template).completion
    except (Unsupported, UserError) as why:  # the example has no other problems and no teacher
        return f"(none here: {str(why).splitlines()[0]})"
