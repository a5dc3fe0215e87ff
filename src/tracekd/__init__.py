"""Trace-based knowledge distillation: are the traces right, consistent with the answer, and relied on?

The public names; `docs/api.md` describes each. Everything else may change between versions.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tracekd.api import judge as judge
    from tracekd.api import judge_files as judge_files
    from tracekd.api import load as load
    from tracekd.api import run_study as run_study
    from tracekd.api import supervise as supervise
    from tracekd.errors import UserError as UserError
    from tracekd.interventions import Condition as Condition
    from tracekd.interventions import get_condition as get_condition
    from tracekd.problem import Answer as Answer
    from tracekd.problem import Fact as Fact
    from tracekd.problem import Problem as Problem
    from tracekd.regimes import Regime as Regime
    from tracekd.regimes import Unsupported as Unsupported
    from tracekd.regimes import get_regime as get_regime
    from tracekd.stats.summary import summarise as summarise
    from tracekd.tasks import Record as Record
    from tracekd.tasks import Task as Task
    from tracekd.tasks import Template as Template
    from tracekd.tasks import get_task as get_task
    from tracekd.trace import Trace as Trace
    from tracekd.verify.check import Check as Check
    from tracekd.verify.verdict import Verdict as Verdict
    from tracekd.verify.without_gold import Checker as Checker
    from tracekd.verify.without_gold import check as check
    from tracekd.worlds import get_world as get_world

__version__ = "0.1.0"
__all__ = [
    "Answer", "Check", "Checker", "Condition", "Fact", "Problem", "Record", "Regime", "Task", "Template", "Trace",
    "Unsupported", "UserError", "Verdict", "__version__", "check", "get_condition", "get_regime", "get_task", "get_world",
    "judge", "judge_files", "load", "run_study", "summarise", "supervise",
]  # fmt: skip

# Where each name is defined. A test holds this against the imports above, which type checkers read.
_NAMES_OF = {
    "tracekd.api": ("judge", "judge_files", "load", "run_study", "supervise"),
    "tracekd.errors": ("UserError",),
    "tracekd.interventions": ("Condition", "get_condition"),
    "tracekd.problem": ("Answer", "Fact", "Problem"),
    "tracekd.regimes": ("Regime", "Unsupported", "get_regime"),
    "tracekd.stats.summary": ("summarise",),
    "tracekd.tasks": ("Record", "Task", "Template", "get_task"),
    "tracekd.trace": ("Trace",),
    "tracekd.verify.check": ("Check",),
    "tracekd.verify.verdict": ("Verdict",),
    "tracekd.verify.without_gold": ("Checker", "check"),
    "tracekd.worlds": ("get_world",),
}
_MODULE_OF = {name: module for module, names in _NAMES_OF.items() for name in names}


def __getattr__(name: str) -> Any:
    """A public name is imported when it is first asked for (PEP 562), so that the package itself stays light."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(_MODULE_OF[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
