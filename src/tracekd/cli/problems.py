"""`tracekd problems`: loads problems, decomposes them, checks them by rule, splits them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import typer
from pydantic import BaseModel
from rich.console import Console

from tracekd.cli.problems_report import Leaks, Report, Side, show
from tracekd.errors import UserError, unknown_name
from tracekd.files import jsonl_writer, write_jsonl
from tracekd.problem import Problem
from tracekd.tasks import Task, get_task
from tracekd.tasks.leakage import leakage, leakage_of_split
from tracekd.tasks.loading import load, load_strict
from tracekd.tasks.reading.fault import Skipped
from tracekd.tasks.split import paper_split, split_by_group
from tracekd.tasks.tally import Tally

SIDES = ("train", "validation", "test")
_LISTED = 5
_TOLD_EVERY = 1000


@dataclass(frozen=True)
class ProblemsOptions:
    """The options of `tracekd problems`."""

    task: str
    sources: Sequence[str]
    out: Path | None = None
    skipped: Path | None = None
    support: str | None = None
    subset: str | None = None
    split: str | None = None
    shares: str = "0.7,0.1,0.2"
    seed: int = 0
    against: Sequence[str] = ()
    check: bool = False
    strict: bool = False
    json: bool = False

    @property
    def side_file(self) -> Path:
        """The file with the skipped records."""
        return self.skipped or (self.out or Path(f"{self.task}.jsonl")).with_suffix(".skipped.jsonl")

    @property
    def check_file(self) -> Path | None:
        """The file with the checks, one for each problem."""
        return self.out.with_suffix(".check.jsonl") if self.out else None

    def side_of(self, side: str) -> Path | None:
        """The file of one side of a split."""
        return self.out.with_suffix(f".{side}.jsonl") if self.out else None


@dataclass
class _Outputs:
    """The outputs of a run: files, which appear when the command is finished, and counts."""

    options: ProblemsOptions
    files: ExitStack
    tally: Tally = field(default_factory=Tally)
    first_skipped: list[Skipped] = field(default_factory=list)
    outside_subset: int = 0
    _writers: dict[Path, Callable[[BaseModel], None]] = field(default_factory=dict)

    def writer(self, path: Path) -> Callable[[BaseModel], None]:
        """A function that writes a record to this file. The file is opened at the first call."""
        if path not in self._writers:
            self._writers[path] = self.files.enter_context(jsonl_writer(path))
        return self._writers[path]

    def skip(self, skipped: Skipped) -> None:
        """Count and list an invalid record."""
        self.tally.skipped(skipped)
        if len(self.first_skipped) < _LISTED:
            self.first_skipped.append(skipped)
        self.writer(self.options.side_file)(skipped)


def run(options: ProblemsOptions) -> None:
    """Run the command and print the result. Raises UserError for invalid options or sources; no file is left half-written."""
    task = get_task(options.task)
    prepare, split = _preparation(task, options), _splitter(options)
    _check_paths(options)
    earlier, not_compared = _earlier(task, options)
    with ExitStack() as files:
        outputs = _Outputs(options, files)
        if options.skipped:
            outputs.writer(options.skipped)
        kept: list[Problem] = []
        write = outputs.writer(options.out) if options.out and not split else None
        for problem in _problems(task, options, prepare, outputs):
            if split or earlier:
                kept.append(problem)
            if write:
                write(problem)
    sides = split(kept) if split else {}
    _write_sides(sides, options)
    _remove_stale(options, outputs)
    report = _report(options, outputs, sides, _leaks(sides, earlier, kept), not_compared)
    show(report, outputs.first_skipped, as_json=options.json)
    if not report.problems:
        typer.echo("tracekd: no problem could be loaded. Is this the right task for these files?", err=True)


def _check_paths(options: ProblemsOptions) -> None:
    """Raises UserError for outputs that would replace a source, another output, or a folder."""
    for path in (options.out, options.skipped):
        if path is not None and (path.is_dir() or not path.name):
            raise UserError("this is a folder", where=path, expected="the name of a file, such as problems.jsonl")
    sides = [options.side_of(side) for side in SIDES] if options.split else []
    outputs = [path for path in (options.out, options.side_file, options.check_file, *sides) if path is not None]
    sources = {Path(source).resolve() for source in (*options.sources, *options.against)}
    for at, path in enumerate(outputs):
        if path.resolve() in sources:
            raise UserError("this output would replace a source", where=path, next_step="name another file")
        if path in outputs[:at]:
            raise UserError("two outputs have this name", where=path, next_step="name another --skipped or --out")


def _remove_stale(options: ProblemsOptions, outputs: _Outputs) -> None:
    """Delete the files of an earlier run beside `--out` that do not belong to this run."""
    if options.out and not outputs.first_skipped and not options.skipped:
        options.side_file.unlink(missing_ok=True)
    if options.check_file and not options.check:
        options.check_file.unlink(missing_ok=True)


def _problems(
    task: Task, options: ProblemsOptions, prepare: Callable[[Problem], Problem | None], outputs: _Outputs
) -> Iterator[Problem]:
    """The problems of the subset, one at a time; each is counted and checked."""
    found = load_strict(task, options.sources) if options.strict else load(task, options.sources)
    with Console(stderr=True).status("reading ...") as status:
        for number, each in enumerate(found, start=1):
            if number % _TOLD_EVERY == 0:
                status.update(f"reading ... {number:,} records")
            if isinstance(each, Skipped):
                outputs.skip(each)
                continue
            problem = prepare(each)
            if problem is None:
                outputs.outside_subset += 1
                continue
            outputs.tally.problem(problem)
            _check(task, problem, options, outputs)
            yield problem


def _check(task: Task, problem: Problem, options: ProblemsOptions, outputs: _Outputs) -> None:
    if options.check and task.check is not None:
        check = task.check(problem)
        outputs.tally.check(check)
        if options.check_file:
            outputs.writer(options.check_file)(check)


def _preparation(task: Task, options: ProblemsOptions) -> Callable[[Problem], Problem | None]:
    """A function that chooses the subset and the kind of support. Raises UserError for an unknown name."""
    if options.support is not None and options.support not in task.support_kinds:
        raise unknown_name(f"kind of support of {task.name}", options.support, task.support_kinds)
    if options.subset is not None and options.subset not in task.subsets:
        if not task.subsets:
            raise UserError(f"{task.name} has no subsets", next_step="omit --subset")
        raise unknown_name(f"subset of {task.name}", options.subset, task.subsets)

    def prepare(problem: Problem) -> Problem | None:
        if options.subset is not None and not task.subsets[options.subset](problem):
            return None
        return problem if options.support is None else problem.with_support(options.support)

    return prepare


def _splitter(options: ProblemsOptions) -> Callable[[Sequence[Problem]], dict[str, list[Problem]]] | None:
    """The function that splits the problems; None without --split. Raises UserError for an unknown split or invalid shares."""
    if options.split is None:
        return None
    if options.against:
        raise UserError("--split and --against exclude each other", next_step="split first, then compare the files")
    if options.split == "paper":
        return paper_split
    if options.split != "group":
        raise unknown_name("split", options.split, ("group", "paper"))
    shares = _read_shares(options.shares)
    return lambda problems: split_by_group(problems, shares, options.seed)


def _read_shares(text: str) -> dict[str, float]:
    try:
        shares = tuple(map(float, text.split(",")))
    except ValueError:
        shares = ()
    if len(shares) != len(SIDES) or not all(0 <= share <= 1 for share in shares) or abs(sum(shares) - 1) > 1e-6:
        raise UserError(
            f"invalid --shares {text!r}", expected=f"{len(SIDES)} numbers ({', '.join(SIDES)}) that add up to 1"
        )
    return {side: share for side, share in zip(SIDES, shares, strict=True) if share}


def _earlier(task: Task, options: ProblemsOptions) -> tuple[list[Problem], dict[str, int]]:
    """The problems of `--against`, and the number of its skipped records by reason."""
    if not options.against:
        return [], {}
    tally = Tally()
    problems: list[Problem] = []
    for found in load_strict(task, options.against) if options.strict else load(task, options.against):
        if isinstance(found, Problem):
            problems.append(found)
        else:
            tally.skipped(found)
    if not problems:
        raise UserError("no problem could be loaded from --against", where=options.against[0])
    return problems, tally.counts().skipped


def _write_sides(sides: dict[str, list[Problem]], options: ProblemsOptions) -> None:
    for side, problems in sides.items():
        if path := options.side_of(side):
            write_jsonl(path, problems)


def _leaks(sides: dict[str, list[Problem]], earlier: list[Problem], kept: list[Problem]) -> Leaks:
    return {"against": {"source": leakage(earlier, kept)}} if earlier else leakage_of_split(sides)


def _report(
    options: ProblemsOptions,
    outputs: _Outputs,
    sides: dict[str, list[Problem]],
    leaks: Leaks,
    not_compared: dict[str, int],
) -> Report:
    out = [] if sides else [options.out]
    files = [*out, *map(options.side_of, sides), options.check_file if options.check else None]
    return Report(
        **dict(outputs.tally.counts()),
        task=options.task,
        sources=tuple(options.sources),
        outside_subset=outputs.outside_subset,
        against_skipped=not_compared,
        files=tuple(str(path) for path in files if path),
        skipped_file=str(options.side_file) if outputs.first_skipped else None,
        split={name: _side(problems) for name, problems in sides.items()},
        leakage=leaks,
    )


def _side(problems: Sequence[Problem]) -> Side:
    tally = Tally()
    for problem in problems:
        tally.problem(problem)
    counts = tally.counts()
    return Side(problems=counts.problems, groups=len({p.group for p in problems}), classes=counts.classes)
