"""Arguments and options that several commands share."""

from collections.abc import Sequence
from typing import Annotated

import typer

TaskName = Annotated[str, typer.Argument(help="The task; `tracekd tasks` lists them, and the regimes.")]
TaskOption = Annotated[str, typer.Option("--task", metavar="TASK", help="The task; `tracekd tasks` lists them.")]
Sources = Annotated[
    Sequence[str], typer.Argument(metavar="SOURCE...", help="Files, folders, or hub:ID[:CONFIG[:SPLIT]].")
]
Support = Annotated[
    str | None, typer.Option("--support", metavar="KIND", help="The kind of gold support that a trace has.")
]
Subset = Annotated[str | None, typer.Option("--subset", metavar="NAME", help="Only this part of the problems.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="Only the first N problems.")]
Strict = Annotated[bool, typer.Option("--strict", help="Stop at the first faulty record (exit code 2).")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Settings = Annotated[
    Sequence[str], typer.Option("--set", metavar="KEY=VALUE", help="Set a key of the student, for example base=DIR.")
]
Tokenizer = Annotated[
    str | None,
    typer.Option("--tokenizer", metavar="embedded|FOLDER", help="Required for lengths in tokens, and for token ids."),
]
TraceTags = Annotated[
    str | None,
    typer.Option(
        "--trace-tags", metavar="OPEN,CLOSE", help="The marks around reasoning, if they are none of the known ones."
    ),
]
Trace = Annotated[
    str,
    typer.Option(
        "--trace",
        metavar="template|free|auto",
        help="How traces are judged: by our template, as free ones (statement by statement), or auto: by the template where "
        "it is used, the others as free ones.",
    ),
]

# How a student writes.
MaxNewTokens = Annotated[
    int | None,
    typer.Option(
        "--max-new-tokens", min=1, help="Maximum number of tokens of an output. Default: as in its training, or 128."
    ),
]
Batch = Annotated[int, typer.Option("--batch", min=1, help="How many texts at a time.")]
Chat = Annotated[
    bool | None, typer.Option("--chat/--no-chat", help="Use the chat template. Default: as in its training.")
]
Precision = Annotated[
    str | None,
    typer.Option(
        "--precision", metavar="PRECISION", help="float32 or bfloat16. Default: as in its training, or float32."
    ),
]

# How an endpoint is asked.
ModelName = Annotated[str, typer.Option("--model", metavar="NAME", help="The name of the model at the endpoint.")]
ApiKeyVariable = Annotated[
    str,
    typer.Option("--api-key-env", metavar="VARIABLE", help="The environment variable that holds the API key, if any."),
]
Concurrency = Annotated[int, typer.Option("--concurrency", min=1, max=1000, help="How many requests at a time.")]
Retries = Annotated[int, typer.Option("--retries", min=0, max=20, help="How often a failed request is sent again.")]
Timeout = Annotated[float, typer.Option("--timeout", min=0.1, help="How many seconds one answer may take.")]
Temperature = Annotated[float, typer.Option("--temperature", min=0, help="0: always the most likely token.")]

# Statistics.
Margin = Annotated[
    float,
    typer.Option(
        "--margin",
        min=0.01,
        max=99,
        metavar="POINTS",
        help="The largest difference between two regimes that still counts as equivalent.",
    ),
]
