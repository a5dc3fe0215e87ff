"""Collecting, from the request to the files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tracekd.errors import UserError
from tracekd.files import only_one
from tracekd.problem import Problem
from tracekd.regimes.teacher import KINDS
from tracekd.tasks.contract import Task
from tracekd.teacher.asking import Asker, Limits, Stop
from tracekd.teacher.collection import TRACE, Collection
from tracekd.teacher.endpoint import Endpoint, Line
from tracekd.teacher.folder import join, keep_prompts, prompts_of, write_manifest
from tracekd.teacher.kept import MANIFEST, raw_file
from tracekd.teacher.log import RawLog
from tracekd.teacher.probe import Unreachable, probe
from tracekd.teacher.prompts import Prompt
from tracekd.teacher.recipe import Manifest

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Order:
    """What is to be collected. `manifest` names the kinds that are asked for now, with their recipes and no counts."""

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


@dataclass(frozen=True)
class Result:
    """What the folder holds now, and why nothing more was asked: None if all was."""

    manifest: Manifest
    stopped: str | UserError | None


async def collect(order: Order, folder: Path, tell: Tell) -> Result:
    """Ask for what is not in the folder yet, and write what came. `tell(kind, done, of)` is called after each.

    Raises UserError, before anything is asked, for a folder, an endpoint or a model that will not do. Whatever happens
    later, what was collected is written, and the reason to stop is in the result.
    """
    with only_one(folder, "another tracekd is collecting in this folder"):
        manifest, collection = _prepare(order, folder)
        stop = Stop()
        kinds = [kind for kind in KINDS if kind in order.manifest.kinds]
        if any(collection.is_open(kind) for kind in kinds):
            await _look(order, stop)
            if stop.reason is None:
                keep_prompts(folder, order.prompts)
                write_manifest(folder, manifest)
                async with order.endpoint.open(order.concurrency) as line:
                    for kind in kinds:
                        await _ask(order, line, kind, collection, stop, tell)
        if (folder / MANIFEST).is_file():
            counts = collection.write(folder)
            manifest = manifest.with_counts(counts)
            write_manifest(folder, manifest)
    return Result(manifest, stop.reason)


def _prepare(order: Order, folder: Path) -> tuple[Manifest, Collection]:
    manifest = join(folder, order.manifest)
    if TRACE not in manifest.kinds:
        raise UserError(
            f"there are no traces in this folder to make a {next(iter(manifest.kinds))} from", where=folder,
            next_step=f"--kind {','.join([TRACE, *manifest.kinds])}",
        )  # fmt: skip
    prompts = prompts_of(folder, manifest.kinds, order.prompts)
    recipes = {kind: each.recipe for kind, each in manifest.kinds.items()}
    logs = {kind: RawLog.read(raw_file(folder, kind)) for kind in manifest.kinds}
    return manifest, Collection(order.problems, order.task.template, recipes, prompts, logs)


async def _look(order: Order, stop: Stop) -> None:
    # With a connection of its own: after an error, servers close theirs without saying so (`transformers serve` does).
    async with order.endpoint.open(1) as line:
        try:
            await probe(line, order.model, retries=order.retries, seed=order.seed, must_list=order.must_list)
        except Unreachable as why:
            stop.set(f"the endpoint {order.endpoint.base} does not respond: {why}")


async def _ask(order: Order, line: Line, kind: str, collection: Collection, stop: Stop, tell: Tell) -> None:
    requests = list(collection.requests(kind))
    done = count(1)
    log, logs = collection.logs[kind], list(collection.logs.values())
    asker = Asker(line, log, logs, order.task.template, order.limits, order.retries, order.seed, stop, pause=stop.wait)
    with log.writing():
        await asker.ask_all(iter(requests), order.concurrency, lambda: tell(kind, next(done), len(requests)))
