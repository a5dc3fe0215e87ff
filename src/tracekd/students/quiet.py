"""Silences libraries, because their progress bars and notes would mix with ours on standard error."""

import warnings

from datasets import disable_progress_bars
from transformers.utils import logging as transformers_logging


def quiet() -> None:
    """Silence progress bars, and notes about things that we cannot change; warnings about errors are still printed."""
    disable_progress_bars()
    transformers_logging.disable_progress_bar()
    # TRL sets what transformers has renamed.
    warnings.filterwarnings("ignore", message=".*is deprecated and will be removed in v6.*", category=FutureWarning)
