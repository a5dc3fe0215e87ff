"""Studies and the outputs of students: `study`, `verify`, `analyze`, `select`, `export`, `intervene`, `check-run`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracekd.cli.requests import shared

if TYPE_CHECKING:
    from tracekd.cli.output_options import OutputOptions
    from tracekd.interventions import Condition


@dataclass(frozen=True)
class StudyRequest:
    """Run a study and write its report. Finished parts in the run folder are not made again."""

    name: Annotated[
        str, typer.Argument(metavar="[STUDY.toml]", help="A study file, or the name of an embedded study.")
    ] = "first"
    out: Annotated[Path | None, typer.Option("--out", help="The run folder. Default: runs/NAME.")] = None
    overrides: Annotated[
        Sequence[str],
        typer.Option("--set", metavar="KEY=VALUE", help="Override a key, for example students.0.steps=50."),
    ] = ()
    workers: Annotated[
        int,
        typer.Option("--workers", min=0, help="Cells at a time, one thread each. 0: one for each core (one on a GPU)."),
    ] = 0


@dataclass(frozen=True, kw_only=True)
class OutputsRequest:
    """The outputs to judge, the problems that they answer, and their model and regime."""

    outputs: Annotated[
        Sequence[str], typer.Argument(metavar="OUTPUTS...", help="Files of outputs from any model, or folders of them.")
    ]
    problems: Annotated[
        Sequence[str],
        typer.Option(
            "--problems",
            metavar="SOURCE",
            help="The problems that were asked. Default: those in the records of the outputs.",
        ),
    ] = ()
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="ours, trace-check-qa, lm-eval, inspect, lighteval, langsmith, langfuse or chat. "
            "Default: detected, file by file.",
        ),
    ] = None
    mapping: Annotated[
        Sequence[str],
        typer.Option("--map", metavar="FIELD=PATH", help="Any other format: text=.choices[0].text, id=.doc.id .."),
    ] = ()
    model: Annotated[
        str | None, typer.Option("--model", metavar="NAME", help="The model that wrote all of the outputs.")
    ] = None
    regime: Annotated[
        str | None, typer.Option("--regime", metavar="NAME", help="The regime of all of the outputs.")
    ] = None
    trace_tags: shared.TraceTags = None
    trace: shared.Trace = "template"

    @property
    def wanted(self) -> "OutputOptions":
        """The options that say what to read."""
        from tracekd.cli.output_options import OutputOptions

        return OutputOptions(
            self.outputs, self.problems, self.format, self.mapping, self.model, self.regime, self.trace_tags
        )


@dataclass(frozen=True, kw_only=True)
class VerifyRequest(OutputsRequest):
    """Judge the outputs of any model: answers, steps and traces, with intervals. Exit code 1 if none could be judged."""

    task: shared.TaskOption
    support: shared.Support = None
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write verdicts, summary.json, join.json and every table here."),
    ] = None
    margin: shared.Margin = 3.0
    json: shared.Json = False


@dataclass(frozen=True)
class AnalyzeRequest:
    """Statistics of verdicts: association of steps and answers, comparison of regimes, detectable differences."""

    verdicts: Annotated[
        Sequence[str],
        typer.Argument(metavar="VERDICTS...", help="Files of verdicts, folders of them, or a study's run folder."),
    ]
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write summary.json, and every table in three formats.")
    ] = None
    margin: shared.Margin = 3.0
    json: shared.Json = False


@dataclass(frozen=True, kw_only=True)
class SelectRequest(OutputsRequest):
    """Check outputs by rule, without gold: what is gained if only those that pass are answered?"""

    task: shared.TaskOption
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write selection.json, tables and a figure here.")
    ] = None
    json: shared.Json = False


@dataclass(frozen=True, kw_only=True)
class ExportRequest:
    """Write verdicts and effects for Inspect, lm-evaluation-harness or the Hub, or log them with a tracker."""

    run: Annotated[
        Path,
        typer.Argument(metavar="RUN", help="A study's run folder, or a folder that `tracekd verify --out` wrote."),
    ]
    to: Annotated[str, typer.Option("--to", metavar="TARGET", help="inspect, lm-eval, jsonl, wandb or trackio.")]
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write the files here. Not needed for wandb and trackio."),
    ] = None
    project: Annotated[
        str, typer.Option("--project", metavar="NAME", help="For wandb and trackio: the name of the project.")
    ] = "tracekd"


@dataclass(frozen=True)
class CheckRunRequest:
    """Check whether every file in a folder is as tracekd wrote it. Exit code 1 if one is damaged or missing."""

    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The run folder of a study, or any folder that a command wrote.")
    ]
    json: shared.Json = False


@dataclass(frozen=True)
class InterveneRequest:
    """Force traces on a student, and see whether its answers change: reliance. If it is stopped, run it again to continue."""

    target: Annotated[
        str,
        typer.Argument(metavar="RUN_OR_STUDENT", help="The run folder of a study, or a student: a folder or a Hub id."),
    ]
    task: Annotated[str | None, typer.Option("--task", metavar="TASK", help="For a student: the task.")] = None
    problems: Annotated[
        Sequence[str], typer.Option("--problems", metavar="SOURCE", help="For a student: the problems to ask.")
    ] = ()
    conditions: Annotated[
        str | None,
        typer.Option(
            "--conditions",
            metavar="C[,C...]",
            help="For example 'gold,implied,truncated(1)'. Default: those of the study, or all.",
        ),
    ] = None
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="For a student. Default: runs/interventions-STUDENT."),
    ] = None
    n: Annotated[int | None, typer.Option("--n", min=1, help="Only the first N problems.")] = None
    seed: Annotated[
        int | None,
        typer.Option(
            "--seed",
            min=0,
            help="For a student: the seed of the conditions. Default: 0. A study has its own data seed.",
        ),
    ] = None
    regime: Annotated[
        str | None, typer.Option("--regime", metavar="R", help="The regime that the student was taught under.")
    ] = None
    trace: Annotated[
        str | None,
        typer.Option(
            "--trace",
            metavar="template|free|auto",
            help="For a student: what its own traces are. Default: template. A study defines it itself.",
        ),
    ] = None
    subset: shared.Subset = None
    support: shared.Support = None
    max_new_tokens: shared.MaxNewTokens = None
    batch: shared.Batch = 64
    chat: shared.Chat = None
    precision: shared.Precision = None
    engine: Annotated[str, typer.Option("--engine", metavar="ENGINE", help="Only `transformers` can force traces.")] = (
        "transformers"
    )
    json: shared.Json = False

    def read_conditions(self, usual: Sequence[str] = ()) -> "tuple[Condition, ...]":
        """The conditions. `own` comes first, because the others are compared with it. Raises UserError for an invalid
        one.

        If the command names no condition, the `usual` ones are taken, or all if there are no usual ones.
        """
        from tracekd.interventions import CONDITIONS, get_condition, read_conditions
        from tracekd.interventions.effect import OWN

        named = tuple(read_conditions(self.conditions or ",".join(usual or CONDITIONS)))
        return (get_condition(OWN), *(condition for condition in named if condition.name != OWN))
