"""`tracekd sft`: supervised data from problems, under one or more regimes."""

import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich import box
from rich.markup import escape
from rich.status import Status
from rich.table import Table

from tracekd import __version__
from tracekd.cli.requests.data import SftRequest
from tracekd.cli.sft_rendering import PromptRendering, template_notes
from tracekd.cli.terminal import echo, echo_json, terminal
from tracekd.content_hash import check, mend_list, sha256_of
from tracekd.errors import UserError, unknown_name
from tracekd.files import is_bookkeeping, refuse_broken_link
from tracekd.problem import Problem
from tracekd.regimes import Donors, Regime, Setting, lendable, read_regimes
from tracekd.sft.example import Supervision
from tracekd.sft.folder import LEFT_OUT, Recipe, Written, write_sft
from tracekd.sft.formats import FORMATS
from tracekd.sft.manifest import MANIFEST, SftManifest, read_manifest
from tracekd.sft.tokens import FastTokenizer, load_tokenizer
from tracekd.students.base import tokenizer_source
from tracekd.tasks import Task, get_task
from tracekd.tasks.loading import load, load_strict
from tracekd.tasks.reading.fault import Skipped
from tracekd.tasks.reading.source import HUB
from tracekd.tasks.tally import Tally
from tracekd.teacher.texts import read_texts


def run(request: SftRequest) -> None:
    """Write the data and report it. Raises UserError for an invalid request, before anything is written."""
    task = get_task(request.task)
    source = _Source(task, request, _classes(task, request))
    regimes = tuple(read_regimes(request.regimes))
    for regime in regimes:
        _check_support(regime, task)
        if regime.prompted:
            raise UserError(
                f"the regime {regime.name!r} teaches nothing: it asks a base without training",
                next_step="list it in the regimes of a study",
            )
    if request.format not in FORMATS:
        raise unknown_name("format", request.format, FORMATS)
    _check_out(request)
    tokenizer = _tokenizer(request)
    prompts = PromptRendering.of(request)
    with terminal(stderr=True).status("reading ...") as status:
        setting = _setting(source, regimes, tokenizer, status)
        supervision = Supervision(regimes, setting, request.seed)
        recipe = Recipe(
            supervision, FORMATS[request.format], tokenizer, request.max_tokens, prompts.rendering, prompts.look
        )
        manifest = write_sft(
            request.out,
            recipe,
            source.problems(),
            lambda written: _manifest(written, request, source, recipe, prompts),
            lambda done: status.update(f"writing ... {done:,} problems"),
        )
    _show(manifest, request)
    if not manifest.examples:
        echo("tracekd: no example could be made, and nothing was written; the table says why", err=True)
        sys.exit(1)


@dataclass
class _Source:
    """The problems of the request, read again each time. Skipped records are counted."""

    task: Task
    request: SftRequest
    classes: tuple[str, ...]

    def __post_init__(self) -> None:
        self.tally = Tally()
        if (kind := self.request.support) is not None and kind not in self.task.support_kinds:
            raise unknown_name(f"kind of support of {self.task.name}", kind, self.task.support_kinds)
        if (subset := self.request.subset) is not None and subset not in self.task.subsets:
            raise unknown_name(f"subset of {self.task.name}", subset, self.task.subsets)

    def problems(self) -> Iterator[Problem]:
        """Yield them one at a time."""
        self.tally = Tally()
        request, keep = self.request, self.task.subsets.get(self.request.subset or "")
        for found in (load_strict if request.strict else load)(self.task, request.sources):
            if isinstance(found, Skipped):
                self.tally.skipped(found)
            elif (keep is None or keep(found)) and (not self.classes or found.label in self.classes):
                yield found.with_support(request.support) if request.support else found


def _classes(task: Task, request: SftRequest) -> tuple[str, ...]:
    named = tuple(part.strip() for part in (request.classes or "").split(",") if part.strip())
    for label in named:
        if label not in task.labels:
            raise unknown_name(f"class of {task.name}", label, task.labels)
    return named


def _check_support(regime: Regime, task: Task) -> None:
    """The parameter of `correct` names a kind of support of the task. A typing error would leave out every problem."""
    name, _, kind = regime.name.rstrip(")").partition("(")
    known = ("trace", *task.support_kinds)
    if name == "correct" and kind and kind not in known:
        raise unknown_name(f"kind of support of {task.name}", kind, known)


def _setting(source: _Source, regimes: Sequence[Regime], tokenizer: FastTokenizer | None, status: Status) -> Setting:
    setting = Setting.of(source.task, source.classes)
    if tokenizer is not None:
        setting = replace(setting, length=tokenizer.length)
    if source.request.traces is not None:
        setting = replace(setting, collected=read_texts(source.request.traces))
    if any(regime.borrows for regime in regimes):
        status.update("reading the problems, whose traces may be swapped ...")
        lending = lendable(source.problems(), regimes, setting, source.request.seed)
        setting = replace(setting, donors=Donors.of(lending))
    return setting


def _tokenizer(request: SftRequest) -> FastTokenizer | None:
    if request.tokenizer is None:
        if request.format == "labels" or request.max_tokens is not None:
            raise UserError(
                "token ids and --max-tokens need a tokenizer", expected="embedded, or a folder with tokenizer.json",
                next_step="add --tokenizer embedded",
            )  # fmt: skip
        return None
    folder = tokenizer_source(request.tokenizer)
    found = load_tokenizer(folder)
    if request.format == "labels" and found.eos_token_id is None:
        raise UserError("the tokenizer has no end token", where=folder, expected="eos_token in tokenizer_config.json")
    return found


def _check_out(request: SftRequest) -> None:
    """Only an older folder of supervised data is replaced. Raises UserError for anything else."""
    out = request.out
    refuse_broken_link(out)
    if out.is_file():
        raise UserError("this is a file", where=out, expected="the name of a folder")
    if out.is_dir() and (foreign := _foreign(out)):
        raise UserError(
            f"this folder contains a file that is not supervised data: {foreign}", where=out,
            next_step="name another --out",
        )  # fmt: skip
    read = [*request.sources, request.tokenizer or "", str(request.traces or "")]
    inside = [
        name
        for name in read
        if name and Path(name).exists() and out.resolve() in (Path(name).resolve(), *Path(name).resolve().parents)
    ]
    if inside:
        raise UserError(
            "this folder contains a source, which would be replaced",
            where=inside[0],
            next_step="name another --out",
        )


def _foreign(folder: Path) -> str | None:
    """The name of something in the folder that `tracekd sft` did not write, if any. Raises UserError if the list of what it
    wrote is damaged.
    """
    mend_list(folder)
    check(folder / MANIFEST, "delete this folder, and run the same command again")
    try:
        files = {name for part in read_manifest(folder).regimes.values() for name in part.files}
    except UserError:
        files = set()
    ours = {*files, MANIFEST, "README.md", "dataset_info.json", LEFT_OUT.parts[0], str(LEFT_OUT)} if files else set()
    found = (path for path in sorted(folder.rglob("*")) if not is_bookkeeping(path.name))
    names = ((path, str(path.relative_to(folder))) for path in found)
    return next((name for path, name in names if name not in ours or path.is_symlink()), None)


def _manifest(
    written: Written, request: SftRequest, source: _Source, recipe: Recipe, prompts: PromptRendering
) -> SftManifest:
    supervision = recipe.supervision
    return SftManifest(
        tracekd=__version__,
        task=request.task,
        licence=source.task.licence,
        citation=source.task.citation,
        sources=dict(_hashed(request.sources)),
        command=_command(request),
        seed=request.seed,
        format=request.format,
        tokenizer=request.tokenizer,
        support=request.support or source.task.support_kinds[0],
        subset=request.subset,
        classes=dict(sorted(written.classes.items())),
        wrong_classes=supervision.setting.labels,
        problems=written.problems,
        examples=sum(part.lengths.rows for part in written.regimes.values()),
        left_out=written.left_out,
        too_long=written.too_long,
        max_tokens=request.max_tokens,
        skipped=source.tally.counts().skipped,
        regimes=written.regimes,
        prompts=prompts.prompts,
        template=prompts.kept(request.template),
    )


def _hashed(sources: Iterable[str]) -> Iterator[tuple[str, str | None]]:
    """The hash of each file, by its name and its folder's name: the full path is private."""
    for source in sources:
        path = Path(source)
        if source.startswith(HUB) or not path.exists():
            yield source, None
        else:
            files = [path] if path.is_file() else sorted(file for file in path.iterdir() if file.is_file())
            yield from ((f"{file.absolute().parent.name}/{file.name}", sha256_of(file)) for file in files)


def _command(request: SftRequest) -> str:
    names = [source if source.startswith(HUB) else Path(source).name for source in request.sources]
    options: dict[str, object] = {
        "regime": request.regimes, "seed": request.seed, "format": request.format, "tokenizer": request.tokenizer,
        "max-tokens": request.max_tokens, "support": request.support, "subset": request.subset,
        "template": request.template and Path(request.template).name, "classes": request.classes,
        "traces": request.traces and request.traces.name,
    }  # fmt: skip
    said = [word for name, value in options.items() if value is not None for word in (f"--{name}", str(value))]
    said += [] if request.chat is None else ["--chat" if request.chat else "--no-chat"]
    return shlex.join(["tracekd", "sft", request.task, *names, *said, "--out", request.out.name])


def _show(manifest: SftManifest, request: SftRequest) -> None:
    if request.json:
        echo_json(manifest)
        return
    table = Table("regime", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("examples", "characters", "tokens", "has no trace for"):
        table.add_column(column, justify="right")
    for name, part in manifest.regimes.items():
        lengths = part.lengths
        tokens = "-" if lengths.tokens is None else f"{lengths.tokens:.1f}"
        table.add_row(
            escape(name), f"{lengths.rows:,}", f"{lengths.chars:.1f}", tokens, f"{sum(part.left_out.values()):,}"
        )
    console = terminal()
    console.print(table)
    console.print(
        f"{manifest.problems:,} problems read, {sum(manifest.classes.values()):,} kept under every regime",
        highlight=False,
    )
    for reason, count in _reasons(manifest):
        console.print(f"  left out: {escape(reason)}: {count:,}", highlight=False)
    for name, part in manifest.regimes.items():
        if part.not_gold:
            said = f"{name}: the answers of {part.not_gold:,} examples are not gold; they follow from the cited facts"
            console.print(escape(said), highlight=False, soft_wrap=True)
    for note in template_notes(manifest.template, manifest.prompts):
        console.print(escape(note), highlight=False, soft_wrap=True)
    if manifest.examples:
        echo(f"{request.out / 'README.md'} is the dataset card\nnext: tracekd audit {shlex.quote(str(request.out))}")


def _reasons(manifest: SftManifest) -> list[tuple[str, int]]:
    found = [(f"not a valid problem ({reason})", count) for reason, count in manifest.skipped.items()]
    for name, part in manifest.regimes.items():
        found += [(f"{name}: {reason}", count) for reason, count in part.left_out.items()]
    if manifest.too_long:
        found.append((f"more than {manifest.max_tokens} tokens", manifest.too_long))
    return sorted(found, key=lambda item: -item[1])
