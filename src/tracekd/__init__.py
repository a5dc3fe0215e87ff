"""Trace-based knowledge distillation: are the traces right, consistent with the answer, and relied on?

`tracekd.check` judges one output without gold, for a service to call.
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["__version__", "check"]

if TYPE_CHECKING:
    from tracekd.verify.without_gold import check as check


def __getattr__(name: str) -> Any:
    """Import a name at its first use, so that `import tracekd` stays fast."""
    if name == "check":
        from tracekd.verify.without_gold import check

        return check
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
