"""The command line. Heavy imports are inside the commands: `tracekd --help` must be quick."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from tracekd import __version__
from tracekd.errors import UserError

app = typer.Typer(
    name="tracekd",
    help="Trace-based knowledge distillation: are the traces right, consistent with the answer, and relied on?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


# What several commands take.
TaskName = Annotated[str, typer.Argument(help="The task; `tracekd tasks` lists them, and the regimes.")]
Sources = Annotated[list[str], typer.Argument(metavar="SOURCE...", help="Files, folders, or hub:ID[:CONFIG[:SPLIT]].")]
Support = Annotated[str | None, typer.Option("--support", metavar="KIND", help="Gold support of the trace.")]
Subset = Annotated[str | None, typer.Option("--subset", metavar="NAME", help="Take only this part.")]
Strict = Annotated[bool, typer.Option("--strict", help="Stop at the first faulty record (exit code 2).")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
# Which outputs, of `verify` and `select`.
Outputs = Annotated[
    list[str], typer.Argument(metavar="OUTPUTS...", help="Files of anyone's outputs, or folders of them.")
]
Asked = Annotated[
    list[str] | None,
    typer.Option("--problems", metavar="SOURCE", help="What was asked. Default: what the outputs' records hold."),
]
FormatName = Annotated[
    str | None,
    typer.Option(
        "--format", metavar="FORMAT", help="ours, trace-check-qa, lm-eval or inspect. Default: what a file shows."
    ),
]
Mapped = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="FIELD=PATH", help="Any other format, e.g. text=.choices[0].text, id=.doc.id."),
]
AllOfModel = Annotated[str | None, typer.Option(metavar="NAME", help="Whose outputs all of them are.")]
AllOfRegime = Annotated[str | None, typer.Option(metavar="NAME", help="The regime that all of them are of.")]


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tracekd {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Trace-based knowledge distillation: are the traces right, consistent with the answer, and relied on?"""


@app.command()
def study(
    name: Annotated[
        str, typer.Argument(metavar="[STUDY.toml]", help="A study file, or the name of an embedded study.")
    ] = "first",
    out: Annotated[Path | None, typer.Option("--out", help="The run folder. Default: runs/NAME.")] = None,
    overrides: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Override a key, e.g. students.0.steps=50.")
    ] = None,
    workers: Annotated[
        int, typer.Option(min=0, help="Cells at a time, one thread each; 0: one a core (one on a GPU).")
    ] = 0,
) -> None:
    """Run a study and write its report. What is finished in the run folder is not made again."""
    from tracekd.cli.study import run

    sys.exit(run(name, out, overrides or [], workers))


@app.command()
def tasks(name: Annotated[str | None, typer.Argument(help="A task, to see it whole.")] = None) -> None:
    """List the tasks, or describe one with a worked example."""
    from tracekd.cli.tasks import describe, list_all

    if name is None:
        list_all()
    else:
        describe(name)


@app.command()
def problems(
    task: TaskName,
    sources: Sources,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE.jsonl", help="Write here (FILE.train.jsonl .. with --split, FILE.check.jsonl)."
        ),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Recompute class, answer and support by rule.")] = False,
    split: Annotated[
        str | None,
        typer.Option("--split", metavar="group|paper", help="By group, or the paper's 20 % a class (seed 42)."),
    ] = None,
    shares: Annotated[str, typer.Option(help="Train, validation, test; for --split group.")] = "0.7,0.1,0.2",
    seed: Annotated[int, typer.Option(help="Seed of --split group.")] = 0,
    against: Annotated[
        list[str] | None, typer.Option("--against", metavar="SOURCE", help="Report what of these leaks into SOURCE...")
    ] = None,
    support: Support = None,
    subset: Subset = None,
    skipped: Annotated[
        Path | None, typer.Option("--skipped", metavar="FILE", help="List skipped records here. Default: beside --out.")
    ] = None,
    strict: Strict = False,
    json: Json = False,
) -> None:
    """Load problems, decompose them into class and support, check their labels by rule, split them."""
    from tracekd.cli.problems import Request, run

    run(
        Request(
            task=task, sources=sources, out=out, skipped=skipped, support=support, subset=subset, split=split,
            shares=shares, seed=seed, against=against or [], check=check, strict=strict, json=json,
        )
    )  # fmt: skip


@app.command()
def sft(
    task: TaskName,
    sources: Sources,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder that is written.")],
    regime: Annotated[
        str, typer.Option("--regime", metavar="R[,R...]", help="Regimes, e.g. 'correct,incorrect,corrupted(0.3)'.")
    ] = "correct",
    seed: Annotated[int, typer.Option(help="Example i depends on the seed and the problem's id alone.")] = 0,
    format_: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="messages, prompt-completion, labels or csv.")
    ] = "messages",
    tokenizer: Annotated[
        str | None, typer.Option(metavar="embedded|FOLDER", help="Reports lengths in tokens; labels need it.")
    ] = None,
    max_tokens: Annotated[int | None, typer.Option(min=1, help="Leave longer examples out, counted.")] = None,
    support: Support = None,
    subset: Subset = None,
    classes: Annotated[
        str | None, typer.Option(metavar="C[,C...]", help="Keep only these; a wrong class is one of them.")
    ] = None,
    traces: Annotated[
        Path | None, typer.Option(metavar="DIR", help="What `tracekd teacher` collected, for the regime teacher.")
    ] = None,
    strict: Strict = False,
    json: Json = False,
) -> None:
    """Make supervised data under one or more regimes: Parquet and JSON Lines, with a dataset card."""
    from tracekd.cli.sft import Request, run

    run(
        Request(
            task=task, sources=sources, regimes=regime, out=out, seed=seed, format=format_, tokenizer=tokenizer,
            max_tokens=max_tokens, support=support, subset=subset, classes=classes, traces=traces, strict=strict,
            json=json,
        )
    )  # fmt: skip


@app.command()
def train(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="A file of examples, or a folder of `tracekd sft`.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The student's folder. Goes on after a kill.")],
    student: Annotated[
        str, typer.Option(metavar="PRESET|FILE.toml", help="embedded, paper, full-1b, or a TOML file of one student.")
    ] = "embedded",
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Set a key of the student, e.g. base=DIR.")
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, max=2**32 - 1, help="Decides the order of examples and new adapters.")
    ] = 0,
    regime: Annotated[str | None, typer.Option(metavar="R", help="Which file of a folder with several.")] = None,
    task: Annotated[str | None, typer.Option(metavar="TASK", help="The task of --validation.")] = None,
    validation: Annotated[
        str | None, typer.Option(metavar="SOURCE", help="Problems on which answers and traces are shown meanwhile.")
    ] = None,
    sample: Annotated[int, typer.Option(min=1, help="How many of them.")] = 40,
) -> None:
    """Train a student on supervised data: all weights, LoRA or QLoRA. Also under `accelerate launch -m tracekd`."""
    from tracekd.cli.train import TrainRequest, run

    run(
        TrainRequest(
            data=data, out=out, student=student, settings=settings or [], seed=seed, regime=regime, task=task,
            validation=validation, sample=sample,
        )
    )  # fmt: skip


@app.command()
def generate(
    student: Annotated[
        str, typer.Argument(metavar="STUDENT", help="embedded, a folder, or a Hub id; also an adapter.")
    ],
    task: TaskName,
    sources: Sources,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="JSON Lines. Goes on with what lies in it.")],
    engine: Annotated[str, typer.Option(metavar="ENGINE", help="transformers, vllm or endpoint.")] = "transformers",
    regime: Annotated[
        str | None, typer.Option(metavar="R", help="What outputs say of their regime; zero_shot(trace) asks for one.")
    ] = None,
    subset: Subset = None,
    limit: Annotated[int | None, typer.Option(min=1, help="The first N problems only.")] = None,
    max_new_tokens: Annotated[
        int | None, typer.Option(min=1, help="Most tokens of an output. Default: as in its training, else 128.")
    ] = None,
    temperature: Annotated[float, typer.Option(min=0, help="0 takes the likeliest token.")] = 0.0,
    samples: Annotated[int, typer.Option(min=1, help="Outputs for each problem, at a temperature above 0.")] = 1,
    seed: Annotated[int, typer.Option(help="A sample depends on the seed, the prompt and its number alone.")] = 0,
    batch: Annotated[int, typer.Option(min=1, help="Prompts at a time.")] = 64,
    chat: Annotated[
        bool | None, typer.Option("--chat/--no-chat", help="Through the chat template. Default: as in its training.")
    ] = None,
    precision: Annotated[
        str | None,
        typer.Option(metavar="PRECISION", help="float32 or bfloat16. Default: as in its training, else float32."),
    ] = None,
    endpoint: Annotated[str | None, typer.Option(metavar="URL", help="An OpenAI-compatible server.")] = None,
    model: Annotated[str | None, typer.Option(metavar="NAME", help="The model, as the server names it.")] = None,
    api_key_env: Annotated[
        str, typer.Option(metavar="VARIABLE", help="The environment variable that holds the API key, if one is needed.")
    ] = "OPENAI_API_KEY",
    concurrency: Annotated[int, typer.Option(min=1, max=1000, help="Requests at a time.")] = 8,
    retries: Annotated[int, typer.Option(min=0, max=20, help="Further attempts where one fails.")] = 4,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds for one answer.")] = 300.0,
    json: Json = False,
) -> None:
    """Have a student answer problems: greedy, or several samples. Goes on after a kill."""
    from tracekd.cli.generate import GenerateRequest, run

    request = GenerateRequest(
        student=student, task=task, sources=sources, out=out, engine=engine, regime=regime, subset=subset, limit=limit,
        max_new_tokens=max_new_tokens, temperature=temperature, samples=samples, seed=seed, batch=batch, chat=chat,
        precision=precision, endpoint=endpoint, model=model, api_key_env=api_key_env, concurrency=concurrency,
        retries=retries, timeout=timeout, json=json,
    )  # fmt: skip
    sys.exit(run(request))


@app.command()
def world(
    name: Annotated[str | None, typer.Argument(help="The world; without it, they are listed.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Write official files here.")] = None,
    n: Annotated[int, typer.Option("--n", min=1, help="Questions in each family.")] = 1000,
    seed: Annotated[int, typer.Option(help="Item i depends on the seed, the dials and i alone.")] = 0,
    task: Annotated[list[str] | None, typer.Option("--task", metavar="FAMILY", help="Only these families.")] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="DIAL=VALUE", help="Set a dial.")] = None,
    beside: Annotated[
        str | None, typer.Option("--beside", metavar="SOURCE", help="Print the distribution beside that of SOURCE.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = 1,
) -> None:
    """Make problems with known truth, in the official formats. Without --out, show the families and their dials."""
    from tracekd.cli import world as command

    if name is None:
        command.list_all()
    elif beside is not None:
        command.compare(name, task or [], settings or [], n, seed, beside)
    elif out is not None:
        command.make(name, task or [], settings or [], n, seed, out, workers)
    else:
        command.describe(name, task or [])


@app.command()
def teacher(
    task: TaskName,
    sources: Sources,
    endpoint: Annotated[str, typer.Option("--endpoint", metavar="URL", help="An OpenAI-compatible endpoint.")],
    model: Annotated[str, typer.Option("--model", metavar="NAME", help="The model, as the endpoint names it.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder. Goes on with what lies in it.")],
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", metavar="KIND[,..]", help="trace, and what is made of it: summary, explanation."),
    ] = None,
    subset: Subset = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Ask for the first N problems only.")] = None,
    prompts: Annotated[
        Path | None, typer.Option("--prompts", metavar="DIR", help="Prompts of your own: KIND.txt in this folder.")
    ] = None,
    concurrency: Annotated[int, typer.Option(min=1, max=1000, help="Requests at a time.")] = 8,
    max_requests: Annotated[
        int | None, typer.Option(min=1, help="Most attempts, over all runs in this folder.")
    ] = None,
    max_tokens_total: Annotated[
        int | None, typer.Option(min=1, help="Most tokens, over all runs; what is under way is added to it.")
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option(min=1, help="Most tokens of one answer. Default: 4096; of a summary 200.")
    ] = None,
    temperature: Annotated[float, typer.Option(min=0, max=2, help="0 takes the likeliest token.")] = 0.0,
    seed: Annotated[int, typer.Option(help="Sent with each request; also decides the waiting times.")] = 0,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds for one answer.")] = 300.0,
    retries: Annotated[int, typer.Option(min=0, max=20, help="Further attempts where one fails.")] = 4,
    api_key_env: Annotated[
        str, typer.Option(metavar="VARIABLE", help="The environment variable that holds the API key, if one is needed.")
    ] = "OPENAI_API_KEY",
    unlisted: Annotated[
        bool, typer.Option("--unlisted", help="Ask even if the endpoint lists other models only.")
    ] = False,
    json: Json = False,
) -> None:
    """Collect a teacher's free traces, keep those whose answer is right. Asks nothing twice: run it again to go on."""
    from tracekd.cli.teacher import Request, run

    sys.exit(
        run(
            Request(
                task=task, sources=sources, endpoint=endpoint, model=model, out=out, kinds=kind or ["trace"],
                subset=subset, limit=limit, prompts=prompts, concurrency=concurrency, max_requests=max_requests,
                max_tokens_total=max_tokens_total, max_tokens=max_tokens, temperature=temperature, seed=seed,
                timeout=timeout, retries=retries, api_key_env=api_key_env, unlisted=unlisted, json=json,
            )
        )
    )  # fmt: skip


@app.command()
def pretrain(
    out: Annotated[Path, typer.Option("--out", help="The folder of the new base. Goes on from a checkpoint in it.")],
    seed: Annotated[int, typer.Option(help="Seed of weights and exercises.")] = 0,
    steps: Annotated[int | None, typer.Option(min=1, help="At most so many steps a stage, to try it out.")] = None,
    device: Annotated[str, typer.Option(help="cpu or cuda.")] = "cpu",
    base: Annotated[
        str | None,
        typer.Option("--from", metavar="BASE", help="Go on from a base that has the first stages behind it."),
    ] = None,
) -> None:
    """Pretrain a small base on generated stories, as the embedded one was (about two hours on one core)."""
    from tracekd.cli.pretrain import run

    run(out, seed, steps, device, base)


@app.command()
def audit(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Files of supervised data, or folders of them.")
    ],
    task: Annotated[str | None, typer.Option("--task", metavar="TASK", help="Default: what the rows tell.")] = None,
    against: Annotated[
        list[str] | None,
        typer.Option("--against", metavar="PATH", help="Another split (overlap), or another regime (give-away)."),
    ] = None,
    regime: Annotated[
        str | None, typer.Option("--regime", metavar="NAME", help="The regime of rows that name none.")
    ] = None,
    tokenizer: Annotated[
        str | None, typer.Option(metavar="embedded|FOLDER", help="Counts tokens; token ids need it.")
    ] = None,
    max_tokens: Annotated[int | None, typer.Option(min=1, help="Whose targets would be cut at so many?")] = None,
    threshold: Annotated[
        list[str] | None,
        typer.Option("--threshold", metavar="NAME=SHARE", help="How much of a fault is borne, or none."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE.jsonl", help="Write every finding here.")] = None,
    json: Json = False,
) -> None:
    """Find what is wrong with supervised data. Exit code 1 if a fault is above its threshold."""
    from tracekd.cli.audit import Request, run

    run(
        Request(
            paths=paths, task=task, against=against or [], regime=regime, tokenizer=tokenizer, max_tokens=max_tokens,
            thresholds=threshold or [], out=out, json=json,
        )
    )  # fmt: skip


@app.command()
def verify(
    outputs: Outputs,
    task: Annotated[str, typer.Option("--task", metavar="TASK", help="The task; `tracekd tasks` lists them.")],
    problems: Asked = None,
    format_: FormatName = None,
    mapping: Mapped = None,
    support: Support = None,
    model: AllOfModel = None,
    regime: AllOfRegime = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write verdicts, summary.json, join.json and every table here."),
    ] = None,
    resamples: Annotated[int, typer.Option(min=100, max=1_000_000, help="Of the bootstrap.")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the bootstrap.")] = 0,
    json: Json = False,
) -> None:
    """Judge anyone's outputs: answers, steps, traces, with intervals. Exit code 1 where none could be judged."""
    from tracekd.cli.verify import Request, run

    request = Request(
        outputs=outputs, task=task, problems=problems or [], format=format_, mapping=mapping or [], support=support,
        model=model, regime=regime, out=out, resamples=resamples, seed=seed, json=json,
    )  # fmt: skip
    sys.exit(run(request))


@app.command()
def analyze(
    verdicts: Annotated[
        list[str],
        typer.Argument(metavar="VERDICTS...", help="Files of verdicts, folders of them, or a study's folder."),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write summary.json, and every table in three formats.")
    ] = None,
    resamples: Annotated[int, typer.Option(min=100, max=1_000_000, help="Of the bootstrap.")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the bootstrap.")] = 0,
    json: Json = False,
) -> None:
    """Statistics of verdicts: association of steps and answers, comparison of regimes, what the sample can show."""
    from tracekd.cli.analyze import Request, run

    run(Request(verdicts=verdicts, out=out, resamples=resamples, seed=seed, json=json))


@app.command()
def select(
    outputs: Outputs,
    task: Annotated[str, typer.Option("--task", metavar="TASK", help="The task; `tracekd tasks` lists them.")],
    problems: Asked = None,
    format_: FormatName = None,
    mapping: Mapped = None,
    model: AllOfModel = None,
    regime: AllOfRegime = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write selection.json, tables and a figure here.")
    ] = None,
    resamples: Annotated[int, typer.Option(min=100, max=1_000_000, help="Of the bootstrap.")] = 2000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the bootstrap.")] = 0,
    json: Json = False,
) -> None:
    """Check outputs by rule, without gold: what is it worth to answer only those that pass?"""
    from tracekd.cli.select import Request, run
    from tracekd.cli.wanted_outputs import WantedOutputs

    wanted = WantedOutputs(
        paths=outputs, problems=problems or [], format=format_, mapping=mapping or [], model=model, regime=regime
    )
    sys.exit(run(Request(wanted=wanted, task=task, out=out, resamples=resamples, seed=seed, json=json)))


@app.command()
def intervene(
    target: Annotated[
        str,
        typer.Argument(metavar="RUN_OR_STUDENT", help="The run folder of a study, or a student: a folder or a Hub id."),
    ],
    task: Annotated[str | None, typer.Option("--task", metavar="TASK", help="Of a student: the task.")] = None,
    problems: Annotated[
        list[str] | None, typer.Option("--problems", metavar="SOURCE", help="Of a student: what it is asked.")
    ] = None,
    conditions: Annotated[
        str | None,
        typer.Option(
            "--conditions", metavar="C[,C...]", help="E.g. 'gold,implied,truncated(1)'. Default: the study's, else all."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Of a student. Default: runs/interventions-STUDENT.")
    ] = None,
    n: Annotated[int | None, typer.Option("--n", min=1, help="The first N problems only.")] = None,
    seed: Annotated[
        int | None,
        typer.Option(min=0, help="Of a student: of what conditions draw. Default: 0; a study's is its data seed."),
    ] = None,
    regime: Annotated[
        str | None, typer.Option("--regime", metavar="R", help="The regime that the student was taught under.")
    ] = None,
    subset: Subset = None,
    support: Support = None,
    max_new_tokens: Annotated[
        int | None, typer.Option(min=1, help="Most tokens of an answer. Default: as in its training, else 128.")
    ] = None,
    batch: Annotated[int, typer.Option(min=1, help="Texts at a time.")] = 64,
    chat: Annotated[
        bool | None, typer.Option("--chat/--no-chat", help="Through the chat template. Default: as in its training.")
    ] = None,
    precision: Annotated[
        str | None, typer.Option(metavar="PRECISION", help="float32 or bfloat16. Default: as in its training.")
    ] = None,
    engine: Annotated[str, typer.Option(metavar="ENGINE", help="transformers: no other can do it.")] = "transformers",
    json: Json = False,
) -> None:
    """Force traces on a student, and see whether its answers move: reliance under each intervention. Goes on after a kill."""
    from tracekd.cli.intervene import run
    from tracekd.cli.intervene_request import InterveneRequest

    request = InterveneRequest(
        target=target, task=task, problems=problems or [], conditions=conditions, out=out, n=n, seed=seed, regime=regime,
        subset=subset, support=support, max_new_tokens=max_new_tokens, batch=batch, chat=chat, precision=precision,
        engine=engine, json=json,
    )  # fmt: skip
    sys.exit(run(request))


def main() -> None:
    """Entry point: errors that are the user's to mend are printed plainly, with exit code 2."""
    # An unwritable or full standard output must not end in a traceback either.
    try:
        app()
    except UserError as error:
        typer.echo(f"tracekd: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        typer.echo(f"tracekd: {error.filename or 'a file'}: {error.strerror or error}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        typer.echo("tracekd: interrupted; run the same command to go on", err=True)
        sys.exit(1)
