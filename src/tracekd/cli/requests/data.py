"""Problems and supervised data: `tasks`, `problems`, `world`, `sft`, `audit`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from tracekd.cli.requests import shared


@dataclass(frozen=True)
class TasksRequest:
    """List the tasks, or describe one with a worked example."""

    name: Annotated[str | None, typer.Argument(help="The task to describe.")] = None


@dataclass(frozen=True)
class ProblemsRequest:
    """Load problems, decompose them into class and support, check their labels by rule, split them."""

    task: shared.TaskName
    sources: shared.Sources
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE.jsonl", help="Write here (FILE.train.jsonl .. with --split, FILE.check.jsonl)."
        ),
    ] = None
    skipped: Annotated[
        Path | None, typer.Option("--skipped", metavar="FILE", help="List skipped records here. Default: beside --out.")
    ] = None
    support: shared.Support = None
    subset: shared.Subset = None
    split: Annotated[
        str | None,
        typer.Option("--split", metavar="group|paper", help="By group, or as the paper: 20 % of each class (seed 42)."),
    ] = None
    shares: Annotated[str, typer.Option("--shares", help="Train, validation and test, for --split group.")] = (
        "0.7,0.1,0.2"
    )
    seed: Annotated[int, typer.Option("--seed", help="Seed of --split group.")] = 0
    against: Annotated[
        Sequence[str],
        typer.Option("--against", metavar="SOURCE", help="Report which of these problems are also in SOURCE..."),
    ] = ()
    check: Annotated[bool, typer.Option("--check", help="Derive class, answer and support again by rule.")] = False
    strict: shared.Strict = False
    json: shared.Json = False

    @property
    def side_file(self) -> Path:
        """The file that lists skipped records."""
        return self.skipped or (self.out or Path(f"{self.task}.jsonl")).with_suffix(".skipped.jsonl")

    @property
    def check_file(self) -> Path | None:
        """The file that lists the checks, one for each problem."""
        return self.out.with_suffix(".check.jsonl") if self.out else None

    def side_of(self, side: str) -> Path | None:
        """The file of one side of a split."""
        return self.out.with_suffix(f".{side}.jsonl") if self.out else None


@dataclass(frozen=True)
class WorldRequest:
    """Make problems with known truth, in the official formats. Without --out, show the families and their dials."""

    name: Annotated[str | None, typer.Argument(help="The world. Without it, all worlds are listed.")] = None
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Write official files here.")] = None
    n: Annotated[int, typer.Option("--n", min=1, help="How many questions of each family.")] = 1000
    seed: Annotated[int, typer.Option("--seed", help="Item i depends only on the seed, the dials and i.")] = 0
    families: Annotated[Sequence[str], typer.Option("--task", metavar="FAMILY", help="Only these families.")] = ()
    settings: Annotated[Sequence[str], typer.Option("--set", metavar="DIAL=VALUE", help="Set a dial.")] = ()
    beside: Annotated[
        str | None, typer.Option("--beside", metavar="SOURCE", help="Print the distribution beside that of SOURCE.")
    ] = None
    workers: Annotated[int, typer.Option("--workers", min=1, help="How many processes.")] = 1


@dataclass(frozen=True)
class SftRequest:
    """Make supervised data under one or more regimes: Parquet and JSON Lines, with a dataset card."""

    task: shared.TaskName
    sources: shared.Sources
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write.")]
    regimes: Annotated[
        str,
        typer.Option("--regime", metavar="R[,R...]", help="Regimes, for example 'correct,incorrect,corrupted(0.3)'."),
    ] = "correct"
    seed: Annotated[int, typer.Option("--seed", help="Example i depends only on the seed and the problem's id.")] = 0
    format: Annotated[
        str,
        typer.Option("--format", metavar="FORMAT", help="conversational, messages, prompt-completion, labels or csv."),
    ] = "conversational"
    tokenizer: shared.Tokenizer = None
    template: Annotated[
        str | None,
        typer.Option(
            "--template", metavar="FOLDER", help="The student's folder: check that its chat template keeps the traces."
        ),
    ] = None
    trace_tags: shared.TraceTags = None
    chat: Annotated[
        bool | None,
        typer.Option(
            "--chat/--no-chat",
            help="Write prompts through the chat template (prompt-completion, labels). Default: if the student has one.",
        ),
    ] = None
    max_tokens: Annotated[
        int | None, typer.Option("--max-tokens", min=1, help="Leave longer examples out, and count them.")
    ] = None
    support: shared.Support = None
    subset: shared.Subset = None
    classes: Annotated[
        str | None, typer.Option("--classes", metavar="C[,C...]", help="Only these; a wrong class is one of them.")
    ] = None
    traces: Annotated[
        Path | None,
        typer.Option("--traces", metavar="DIR", help="The folder of `tracekd teacher`, for the regime teacher."),
    ] = None
    strict: shared.Strict = False
    json: shared.Json = False


@dataclass(frozen=True)
class AuditRequest:
    """Find what is wrong with supervised data. Exit code 1 if a fault is more frequent than its threshold."""

    paths: Annotated[
        Sequence[str], typer.Argument(metavar="PATH...", help="Files of supervised data, or folders of them.")
    ]
    task: Annotated[
        str | None, typer.Option("--task", metavar="TASK", help="Default: the task that the rows name.")
    ] = None
    against: Annotated[
        Sequence[str],
        typer.Option("--against", metavar="PATH", help="Another split (overlap), or another regime (give-away)."),
    ] = ()
    regime: Annotated[
        str | None, typer.Option("--regime", metavar="NAME", help="The regime of rows that name none.")
    ] = None
    tokenizer: shared.Tokenizer = None
    max_tokens: Annotated[
        int | None, typer.Option("--max-tokens", min=1, help="Report targets that are cut at this number of tokens.")
    ] = None
    thresholds: Annotated[
        Sequence[str],
        typer.Option(
            "--threshold",
            metavar="NAME=SHARE",
            help="The largest share of rows with a fault; none: only report it.",
        ),
    ] = ()
    trace_tags: shared.TraceTags = None
    trace: shared.Trace = "template"
    problems: Annotated[
        Sequence[str],
        typer.Option(
            "--problems", metavar="SOURCE", help="For free traces: the problems, if prompts are not in the task's form."
        ),
    ] = ()
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE.jsonl", help="Write every finding here.")] = None
    json: shared.Json = False


@dataclass(frozen=True, kw_only=True)
class FilterRequest:
    """Keep only the rows of supervised data whose traces' claims all hold, by rule. Exit code 1 if no row is kept."""

    paths: Annotated[
        Sequence[str],
        typer.Argument(metavar="PATH...", help="Files of supervised data or of outputs, or folders of them."),
    ]
    task: shared.TaskOption
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Write the kept rows here, as they were read.")]
    problems: Annotated[
        Sequence[str],
        typer.Option(
            "--problems",
            metavar="SOURCE",
            help="The problems: needed for outputs, and for prompts that are not in the task's form.",
        ),
    ] = ()
    keep: Annotated[
        str,
        typer.Option(
            "--keep", metavar="claims|answer|both", help="What must be right: all claims, the answer, or both."
        ),
    ] = "claims"
    trace_tags: shared.TraceTags = None
    json: shared.Json = False
