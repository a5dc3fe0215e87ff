"""Trace-based knowledge distillation: are the traces right, consistent with the answer, and relied on?

`tracekd.check` judges one output without gold, for a service to call.
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["__version__", "check"]

if TYPE_CHECKING:
    from tracekd.verify.without_gold import check as check


def __getattr__(name: str) -> Any:
    """What is imported when it is first asked for: the package itself stays light."""
    if name == "check":
        from tracekd.verify.without_gold import check

        return check
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
