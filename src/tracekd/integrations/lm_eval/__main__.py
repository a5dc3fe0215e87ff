"""Prints the folder with the tasks, for `lm_eval --include_path`."""

from tracekd.cli.terminal import echo
from tracekd.integrations.lm_eval import FOLDER

echo(FOLDER)
