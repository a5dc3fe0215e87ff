"""`tracekd teacher`: collect a teacher's traces, and report the result."""

import asyncio
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich import box
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from tracekd.cli.load_problems import load_problems
from tracekd.cli.requests.students import TeacherRequest
from tracekd.cli.terminal import echo, terminal
from tracekd.errors import UserError, unknown_name
from tracekd.http.endpoint import Endpoint
from tracekd.regimes.teacher import KINDS
from tracekd.tasks import get_task
from tracekd.teacher.asking import NOT_AGAIN, Limits
from tracekd.teacher.collect import Order, Result, Tell, collect
from tracekd.teacher.draining import LONGEST
from tracekd.teacher.gate import Gate
from tracekd.teacher.manifest import MOST_TOKENS, Counts, KindOfText, Manifest, Recipe
from tracekd.teacher.prompts import Prompt, read_prompts
from tracekd.transcript.trace_tags import TraceTags
from tracekd.verify.claims import Keep, read_keep

_KEPT_IF: dict[Keep, str] = {
    "answer": "their answer is right",
    "claims": "all their claims hold",
    "both": "their answer is right and all their claims hold",
}


def run(request: TeacherRequest) -> int:
    """Collect, and print the result. Returns the exit code: 1 if a request was not sent or not answered.

    Raises UserError for an invalid request. What was collected before is kept.
    """
    order = _order(request)
    try:
        with _show_progress() as tell:
            result = asyncio.run(collect(order, request.out, tell, _tell_interrupted))
    except KeyboardInterrupt:  # before the first request, or while the files are written; the replies are on disk
        echo(f"tracekd: interrupted; the replies so far are kept in {request.out}", err=True)
        echo("  next: run the same command to continue", err=True)
        return 1
    if request.json or any(each.counts.wanted for each in result.manifest.kinds.values()):
        _show(result, request)  # no report if the endpoint never responded: the message says so
    if isinstance(result.stopped, UserError):
        raise result.stopped
    if not result.stopped and not _unfinished(result.manifest):
        return 0
    lost = f"; {result.given_up} requests were given up and will be sent again" if result.given_up else ""
    echo(
        f"tracekd: {result.stopped or 'some requests failed'}{lost}; what was collected is kept in {request.out}",
        err=True,
    )
    echo("  next: run the same command to continue, with a larger budget if the budget ended the run", err=True)
    return 1


def _tell_interrupted(under_way: int) -> None:
    if under_way:
        echo(
            f"tracekd: interrupted; waiting for the replies to {under_way} requests, at most {LONGEST:.0f} s "
            "(Ctrl-C again: do not wait)", err=True,
        )  # fmt: skip


def _unfinished(manifest: Manifest) -> bool:
    return any(each.counts.left or each.counts.failed for each in manifest.kinds.values())


def _order(request: TeacherRequest) -> Order:
    """What to collect. Raises UserError for invalid names, and for sources without a problem."""
    task, kinds, keep = get_task(request.task), _kinds(request.kinds), read_keep(request.keep)
    Gate.of(keep, task.name)  # an error is reported before any problem is read
    endpoint = Endpoint.of(request.endpoint, timeout=request.timeout, key_name=request.api_key_env)
    prompts = read_prompts(kinds, request.prompts)
    problems, skipped = load_problems(task, request.sources, subset=request.subset, limit=request.limit)
    texts = {kind: KindOfText(endpoint=endpoint.base, recipe=_recipe(request, prompts[kind])) for kind in kinds}
    return Order(
        task=task,
        problems=problems,
        manifest=Manifest(
            task=task.name, sources=tuple(request.sources), subset=request.subset, problems=len(problems),
            skipped=skipped, keep=keep, kinds=texts,
        ),
        prompts=prompts,
        endpoint=endpoint,
        model=request.model,
        limits=Limits(request.max_requests, request.max_tokens_total),
        concurrency=request.concurrency,
        retries=request.retries,
        seed=request.seed,
        must_list=not request.unlisted,
        tags=TraceTags.read(request.trace_tags),
    )  # fmt: skip


def _kinds(named: Sequence[str]) -> list[str]:
    asked = [kind.strip() for item in named for kind in item.split(",")]
    for kind in asked:
        if kind not in KINDS:
            raise unknown_name("kind of a teacher's texts", kind, KINDS)
    return [kind for kind in KINDS if kind in asked]


def _recipe(request: TeacherRequest, prompt: Prompt) -> Recipe:
    return Recipe(
        model=request.model, temperature=request.temperature,
        max_tokens=request.max_tokens or MOST_TOKENS[prompt.kind], seed=request.seed, prompt_sha256=prompt.sha256,
    )  # fmt: skip


@contextmanager
def _show_progress() -> Iterator[Tell]:
    console = terminal(stderr=True)
    if not console.is_terminal:
        yield lambda kind, done, total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bars:
        rows: dict[str, TaskID] = {}

        def tell(kind: str, done: int, total: int) -> None:
            if kind not in rows:
                rows[kind] = bars.add_task(kind, total=total)
            bars.update(rows[kind], completed=done)

        yield tell


def _show(result: Result, request: TeacherRequest) -> None:
    manifest = result.manifest
    if request.json:
        stopped = None if result.stopped is None else str(result.stopped)
        echo(_Report(**dict(manifest), stopped=stopped, next=_next_step(manifest, request)).model_dump_json(indent=1))
        return
    console = terminal()
    console.print(_table(manifest))
    console.print(f"traces are kept if {_KEPT_IF[manifest.keep]}", highlight=False)
    for kind, each in manifest.kinds.items():
        for said, reasons in (("rejected", each.counts.rejected), ("failed", each.counts.failed)):
            for reason, count in reasons.items():
                again = f" ({NOT_AGAIN})" if reason.startswith("empty ") and each.recipe.temperature == 0 else ""
                console.print(f"{said}: {count:,} {kind}: {escape(reason)}{again}", highlight=False, soft_wrap=True)
        if each.counts.estimated:
            console.print(
                f"tokens of {each.counts.estimated:,} {kind} answers are estimated, because the endpoint did not count them"
            )
    if manifest.skipped:
        console.print(f"{manifest.skipped:,} records are not valid problems; `tracekd problems` lists them")
    console.print(f"everything is in {escape(str(request.out))}", soft_wrap=True, highlight=False)
    if step := _next_step(manifest, request):
        console.print(f"next: {escape(step)}", soft_wrap=True, highlight=False)


class _Report(Manifest):
    """What `--json` prints: the manifest, why the run stopped early, and the next command, if any."""

    stopped: str | None
    next: str | None


def _table(manifest: Manifest) -> Table:
    table = Table(title=f"{manifest.problems:,} problems of {escape(manifest.task)}", title_justify="left",
                  box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)  # fmt: skip
    table.add_column("")
    for name in ("wanted", "kept", "rejected", "failed", "left", "requests", "tokens"):
        table.add_column(name, justify="right")
    for kind, each in manifest.kinds.items():
        table.add_row(kind, *(f"{number:,}" for number in _numbers(each.counts)))
    return table


def _numbers(counts: Counts) -> tuple[int, ...]:
    rejected, failed = sum(counts.rejected.values()), sum(counts.failed.values())
    return (counts.wanted, counts.kept, rejected, failed, counts.left, counts.requests, counts.tokens)


def _next_step(manifest: Manifest, request: TeacherRequest) -> str | None:
    kept = [kind for kind, each in manifest.kinds.items() if each.counts.kept]
    if not kept:
        return None
    regimes = ",".join(f"teacher({kind})" for kind in kept)
    subset = ["--subset", request.subset] if request.subset else []
    return shlex.join(
        ["tracekd", "sft", request.task, *request.sources, *subset, "--regime", regimes, "--traces", str(request.out),
         "--out", f"{request.out}-sft"]
    )  # fmt: skip
