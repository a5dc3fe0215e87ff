"""Students and teachers: `train`, `generate`, `teacher`, `pretrain`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from tracekd.cli.requests import shared


@dataclass(frozen=True)
class TrainRequest:
    """Train a student on supervised data: all weights, LoRA or QLoRA. Also under `accelerate launch -m tracekd`."""

    data: Annotated[Path, typer.Argument(metavar="DATA", help="A file of examples, or a folder of `tracekd sft`.")]
    out: Annotated[
        Path,
        typer.Option("--out", metavar="DIR", help="The student's folder. The command can be run again after a kill."),
    ]
    student: Annotated[
        str,
        typer.Option(
            "--student", metavar="PRESET|FILE.toml", help="embedded, paper, full-1b, or a TOML file of one student."
        ),
    ] = "embedded"
    settings: shared.Settings = ()
    seed: Annotated[
        int,
        typer.Option(
            "--seed", min=0, max=2**32 - 1, help="Decides the order of examples, and the weights of new adapters."
        ),
    ] = 0
    regime: Annotated[
        str | None, typer.Option("--regime", metavar="R", help="The file to take from a folder with several.")
    ] = None
    task: Annotated[str | None, typer.Option("--task", metavar="TASK", help="The task of --validation.")] = None
    validation: Annotated[
        str | None,
        typer.Option(
            "--validation", metavar="SOURCE", help="Problems whose answers and traces are shown while training."
        ),
    ] = None
    sample: Annotated[int, typer.Option("--sample", min=1, help="How many of these problems.")] = 40


@dataclass(frozen=True)
class GenerateRequest:
    """Have a student answer problems: greedy, or several samples. Run it again after a kill to go on."""

    student: Annotated[str, typer.Argument(metavar="STUDENT", help="embedded, a folder, a Hub id, or an adapter.")]
    task: shared.TaskName
    sources: shared.Sources
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="JSON Lines. Outputs that it holds are not made again.")
    ]
    engine: Annotated[str, typer.Option("--engine", metavar="ENGINE", help="transformers, vllm or endpoint.")] = (
        "transformers"
    )
    regime: Annotated[
        str | None,
        typer.Option("--regime", metavar="R", help="The regime that outputs name; zero_shot(trace) asks for a trace."),
    ] = None
    subset: shared.Subset = None
    limit: shared.Limit = None
    max_new_tokens: shared.MaxNewTokens = None
    temperature: shared.Temperature = 0.0
    samples: Annotated[
        int, typer.Option("--samples", min=1, help="How many outputs for each problem, at a temperature above 0.")
    ] = 1
    seed: Annotated[
        int, typer.Option("--seed", help="A sample depends only on the seed, the prompt and its number.")
    ] = 0
    batch: shared.Batch = 64
    chat: shared.Chat = None
    precision: shared.Precision = None
    endpoint: Annotated[str | None, typer.Option("--endpoint", metavar="URL", help="An OpenAI-compatible server.")] = (
        None
    )
    model: Annotated[
        str | None, typer.Option("--model", metavar="NAME", help="The model, as the endpoint names it.")
    ] = None
    api_key_env: shared.ApiKeyVariable = "OPENAI_API_KEY"
    concurrency: shared.Concurrency = 8
    retries: shared.Retries = 4
    timeout: shared.Timeout = 300.0
    json: shared.Json = False


@dataclass(frozen=True)
class TeacherRequest:
    """Collect a teacher's free traces and keep those with a right answer. No request is repeated: run it again to go on."""

    task: shared.TaskName
    sources: shared.Sources
    endpoint: Annotated[str, typer.Option("--endpoint", metavar="URL", help="An OpenAI-compatible endpoint.")]
    model: shared.ModelName
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder. What it holds is not asked for again.")]
    kinds: Annotated[
        Sequence[str],
        typer.Option("--kind", metavar="KIND[,..]", help="trace, and what is made of it: summary, explanation."),
    ] = ("trace",)
    subset: shared.Subset = None
    limit: shared.Limit = None
    prompts: Annotated[
        Path | None, typer.Option("--prompts", metavar="DIR", help="Your own prompts: KIND.txt in this folder.")
    ] = None
    concurrency: shared.Concurrency = 8
    max_requests: Annotated[
        int | None, typer.Option("--max-requests", min=1, help="The most attempts, over all runs in this folder.")
    ] = None
    max_tokens_total: Annotated[
        int | None,
        typer.Option(
            "--max-tokens-total", min=1, help="The most tokens, over all runs; requests under way come on top."
        ),
    ] = None
    max_tokens: Annotated[
        int | None,
        typer.Option("--max-tokens", min=1, help="The most tokens of one answer. Default: 4096; 200 for a summary."),
    ] = None
    temperature: Annotated[
        float, typer.Option("--temperature", min=0, max=2, help="0: always the most likely token.")
    ] = 0.0
    seed: Annotated[int, typer.Option("--seed", help="Sent with each request; also decides the waiting times.")] = 0
    timeout: shared.Timeout = 300.0
    retries: shared.Retries = 4
    api_key_env: shared.ApiKeyVariable = "OPENAI_API_KEY"
    unlisted: Annotated[bool, typer.Option("--unlisted", help="Ask even if the endpoint lists only other models.")] = (
        False
    )
    json: shared.Json = False


@dataclass(frozen=True)
class PretrainRequest:
    """Pretrain a small base on generated stories, as the embedded one was (about two hours on one core)."""

    out: Annotated[Path, typer.Option("--out", help="The folder of the new base. A checkpoint in it is continued.")]
    seed: Annotated[int, typer.Option("--seed", help="Seed of weights and exercises.")] = 0
    steps: Annotated[
        int | None, typer.Option("--steps", min=1, help="At most so many steps in each stage, for a trial.")
    ] = None
    device: Annotated[str, typer.Option("--device", help="cpu or cuda.")] = "cpu"
    base: Annotated[
        str | None, typer.Option("--from", metavar="BASE", help="Start from a base that has done the first stages.")
    ] = None
