"""Planning a study: `power`."""

from dataclasses import dataclass
from typing import Annotated

import typer

from tracekd.cli.requests import shared

Points = float | None


@dataclass(frozen=True, kw_only=True)
class PowerRequest:
    """How many problems and seeds a study needs: for a difference to be shown, or for two regimes to be shown equal.

    The variances come from a pilot, or are stated. All sizes are in points (per cent).
    """

    pilot: Annotated[
        str | None,
        typer.Argument(metavar="[RUN_OR_SUMMARY]", help="A study's run folder, verdicts, or a summary.json."),
    ] = None
    effect: Annotated[Points, typer.Option("--effect", metavar="POINTS", help="A true difference to be shown.")] = None
    margin: Annotated[
        Points,
        typer.Option(
            "--margin", metavar="POINTS", help="Regimes truly alike are to be shown equal within this margin."
        ),
    ] = None
    outcome: Annotated[
        str, typer.Option("--outcome", metavar="OUTCOME", help="Of the pilot: answer, class, retrieval or trace.")
    ] = "answer"
    first: Annotated[str | None, typer.Option("--first", metavar="REGIME", help="Of the pilot: one regime.")] = None
    second: Annotated[
        str | None,
        typer.Option("--second", metavar="REGIME", help="Of the pilot: the regime that it is compared with."),
    ] = None
    model: Annotated[str | None, typer.Option("--model", metavar="NAME", help="Of the pilot, if it has several.")] = (
        None
    )
    sd_groups: Annotated[
        Points,
        typer.Option("--sd-groups", metavar="POINTS", help="Stated: SD of the difference between groups of problems."),
    ] = None
    sd_seeds: Annotated[
        Points, typer.Option("--sd-seeds", metavar="POINTS", help="Stated: SD of the difference between seeds.")
    ] = None
    sd_rest: Annotated[
        Points,
        typer.Option("--sd-rest", metavar="POINTS", help="Stated: SD of what is left, of one group with one seed."),
    ] = None
    json: shared.Json = False
