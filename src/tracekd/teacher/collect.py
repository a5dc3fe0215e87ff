"""Collecting texts of a teacher, from the requests to the files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tracekd.content_hash import mend_list
from tracekd.errors import UserError
from tracekd.files import only_one, write_text
from tracekd.http.endpoint import Connection, Endpoint
from tracekd.problem import Problem
from tracekd.regimes.teacher import KINDS
from tracekd.tasks.contract import Task
from tracekd.teacher.asking import Asker, Limits, Stop
from tracekd.teacher.collection import TRACE, Collection
from tracekd.teacher.draining import draining_at_ctrl_c
from tracekd.teacher.gate import Gate
from tracekd.teacher.log import RawLog, raw_file
from tracekd.teacher.manifest import MANIFEST, KindOfText, Manifest, check_same, known_manifest, write_manifest
from tracekd.teacher.probe import Unreachable, probe
from tracekd.teacher.prompts import Prompt, file_name, read_prompts
from tracekd.teacher.texts import KEPT
from tracekd.transcript.trace_tags import TraceTags

PROMPTS = "prompts"
Tell = Callable[[str, int, int], None]
TellInterrupted = Callable[[int], None]


@dataclass(frozen=True)
class Order:
    """What to collect. `manifest` names the kinds of text that are asked for now, with their recipes and no counts.

    `tags` are marks of the teacher's reasoning that the user names.
    """

    task: Task
    problems: Sequence[Problem]
    manifest: Manifest
    prompts: dict[str, Prompt]
    endpoint: Endpoint
    model: str
    limits: Limits
    concurrency: int = 8
    retries: int = 4
    seed: int = 0
    must_list: bool = True
    tags: TraceTags | None = None


@dataclass(frozen=True)
class Result:
    """What the folder contains now, and why the run stopped early (None if it did not)."""

    manifest: Manifest
    stopped: str | UserError | None
    given_up: int = 0


async def collect(order: Order, folder: Path, tell: Tell, tell_interrupted: TellInterrupted) -> Result:
    """Ask for the texts that the folder lacks, and write the replies. `tell(kind, done, of)` is called after each request.

    After Ctrl-C, `tell_interrupted` is called with the number of requests under way; their replies are waited for, at most
    `draining.LONGEST` seconds, and kept. The result counts those that were given up.

    Raises UserError, before the first request, for an unsuitable folder, endpoint or model. If anything happens later,
    the collected texts are still written, and the result contains the reason to stop.
    """
    with only_one(folder, "another tracekd is collecting in this folder"):
        for part in (folder, folder / PROMPTS, folder / KEPT):
            mend_list(part)
        manifest, collection = _prepare(order, folder)
        stop = Stop()
        kinds = [kind for kind in KINDS if kind in order.manifest.kinds]
        if any(collection.is_open(kind) for kind in kinds):
            await _check_endpoint(order, stop)
            if stop.reason is None:
                _write_prompts(folder, order.prompts)
                write_manifest(folder, manifest)
                async with order.endpoint.open(order.concurrency) as connection:
                    with draining_at_ctrl_c(stop, tell_interrupted):
                        for kind in kinds:
                            await _ask(order, connection, kind, collection, stop, tell)
        if (folder / MANIFEST).is_file():
            counts = collection.write(folder)
            manifest = manifest.with_counts(counts)
            write_manifest(folder, manifest)
    return Result(manifest, stop.reason, stop.given_up)


def _prepare(order: Order, folder: Path) -> tuple[Manifest, Collection]:
    manifest = _joined(folder, order.manifest)
    if TRACE not in manifest.kinds:
        raise UserError(
            f"this folder has no traces from which to make a {next(iter(manifest.kinds))}", where=folder,
            next_step=f"--kind {','.join([TRACE, *manifest.kinds])}",
        )  # fmt: skip
    prompts = _prompts(folder, manifest.kinds, order.prompts)
    recipes = {kind: each.recipe for kind, each in manifest.kinds.items()}
    logs = {kind: RawLog.read(raw_file(folder, kind)) for kind in manifest.kinds}
    gate = Gate.of(manifest.keep, order.task.name)
    return manifest, Collection(order.problems, order.task.template, recipes, prompts, logs, order.tags, gate)


async def _check_endpoint(order: Order, stop: Stop) -> None:
    # A separate connection, because a server may silently close one after an error (`transformers serve` does).
    async with order.endpoint.open(1) as connection:
        try:
            await probe(connection, order.model, retries=order.retries, seed=order.seed, must_list=order.must_list)
        except Unreachable as why:
            stop.set(f"the endpoint {order.endpoint.base} does not respond: {why}")


async def _ask(order: Order, connection: Connection, kind: str, collection: Collection, stop: Stop, tell: Tell) -> None:
    requests = list(collection.requests(kind))
    done = count(1)
    log, logs = collection.logs[kind], list(collection.logs.values())
    asker = Asker(
        connection,
        log,
        logs,
        order.task.template,
        order.limits,
        order.retries,
        order.seed,
        stop,
        pause=stop.wait,
        tags=order.tags,
    )
    with log.writing():
        await asker.ask_all(iter(requests), order.concurrency, lambda: tell(kind, next(done), len(requests)))


def _joined(folder: Path, now: Manifest) -> Manifest:
    """The manifest of the folder, together with the kinds of text that are requested now.

    Raises UserError if the folder contains something else, another task's traces, or texts with other settings.
    """
    known = known_manifest(folder, now.task)
    if known is None:
        return now
    for kind, each in now.kinds.items():
        # The settings may change until the first answer.
        changed = kind in known.kinds and known.kinds[kind].recipe != each.recipe
        if changed and RawLog.read(raw_file(folder, kind)).has_answers:
            check_same(kind, known.kinds[kind].recipe, each.recipe, folder / MANIFEST)
    return now.model_copy(update={"kinds": {**known.kinds, **now.kinds}})


def _write_prompts(folder: Path, prompts: Mapping[str, Prompt]) -> None:
    """Write exact copies of the prompts next to the texts."""
    for kind, prompt in prompts.items():
        write_text(folder / PROMPTS / file_name(kind), prompt.text)


def _prompts(folder: Path, kinds: Mapping[str, KindOfText], now: Mapping[str, Prompt]) -> dict[str, Prompt]:
    """The prompts of all kinds of text in the folder: this run's, and those of earlier runs from the folder.

    Raises UserError for a prompt that was changed after it was used.
    """
    earlier = read_prompts((kind for kind in kinds if kind not in now), folder / PROMPTS)
    for kind, prompt in earlier.items():
        if prompt.sha256 != kinds[kind].recipe.prompt_sha256:
            raise UserError(
                "this prompt was changed after it was used", where=folder / PROMPTS / file_name(kind),
                next_step="put the old prompt back, or name another --out",
            )  # fmt: skip
    return {**earlier, **now}
