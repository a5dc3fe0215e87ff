"""`python -m tracekd`."""

from tracekd.cli.main import main

main()
