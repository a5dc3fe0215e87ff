"""The door through which libraries read a student's folder: whatever happens in them, one message says it."""

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from transformers.utils import logging as transformers_logging

from tracekd.errors import UserError

_STDERR = 2
_PLAIN = (OSError, ValueError, RuntimeError)  # the text of others means little without their name


@contextmanager
def loading(what: str, folder: Path) -> Iterator[None]:
    """Raises UserError for anything that the block raises: libraries trust what they read, so a damaged or hostile file may
    cause any error, even one of native code (`PanicException`, which is no Exception). Only Ctrl-C passes. What the
    libraries print meanwhile is silenced, because it quotes the files.
    """
    verbosity = transformers_logging.get_verbosity()
    transformers_logging.set_verbosity_error()
    try:
        with warnings.catch_warnings(), _silent():
            warnings.simplefilter("ignore")
            yield
    except (UserError, KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:
        raise UserError(f"{what} cannot be loaded: {said_by(error)}", where=folder) from error
    finally:
        transformers_logging.set_verbosity(verbosity)


@contextmanager
def _silent() -> Iterator[None]:
    """Send standard error of this process to nowhere: native code prints its panics there."""
    sys.stderr.flush()
    kept, nowhere = os.dup(_STDERR), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _STDERR)
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(kept, _STDERR)
        os.close(kept)
        os.close(nowhere)


def said_by(error: BaseException) -> str:
    """The first line of an error's text, with the name of the error where the text needs it."""
    if isinstance(error, MemoryError):
        return "it needs more memory than there is"
    if "ignore_mismatched_sizes" in str(error):
        return "the shapes of its weights differ from those of config.json"
    name, said = type(error).__name__, (str(error).strip().splitlines() or [""])[0][:200]
    if said and isinstance(error, _PLAIN):
        return said
    return f"{name}: {said}" if said else name
