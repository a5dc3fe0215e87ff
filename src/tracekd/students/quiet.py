"""Libraries that talk while they work: their bars and notes are not ours, and standard error is where ours are shown."""

import warnings

from datasets import disable_progress_bars
from transformers.utils import logging as transformers_logging


def quiet() -> None:
    """Silence progress bars, and notes on what we cannot change; warnings of what goes wrong still come through."""
    disable_progress_bars()
    transformers_logging.disable_progress_bar()
    # TRL sets what transformers has renamed.
    warnings.filterwarnings("ignore", message=".*is deprecated and will be removed in v6.*", category=FutureWarning)
