"""`tracekd problems`: loads problems, decomposes them, checks them by rule, splits them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel

from tracekd.cli.problems_report import Leaks, Report, Side, show
from tracekd.cli.requests.data import ProblemsRequest
from tracekd.cli.terminal import echo, terminal
from tracekd.errors import UserError, unknown_name
from tracekd.files import jsonl_writer, refuse_foreign, remove_own, write_jsonl
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


@dataclass
class _Outputs:
    """The outputs of a run: files, which appear when the command is finished, and counts."""

    request: ProblemsRequest
    files: ExitStack
    tally: Tally = field(default_factory=Tally)
    first_skipped: list[Skipped] = field(default_factory=list)
    outside_subset: int = 0
    _writers: dict[Path, Callable[[BaseModel], None]] = field(default_factory=dict)

    def writer(self, path: Path) -> Callable[[BaseModel], None]:
        """A function that writes a record to this file. The file is opened at the first call."""
        if path not in self._writers:
            refuse_foreign(path, "problems")
            self._writers[path] = self.files.enter_context(jsonl_writer(path))
        return self._writers[path]

    def skip(self, skipped: Skipped) -> None:
        """Count and list an invalid record."""
        self.tally.skipped(skipped)
        if len(self.first_skipped) < _LISTED:
            self.first_skipped.append(skipped)
        self.writer(self.request.side_file)(skipped)


def run(request: ProblemsRequest) -> None:
    """Run the command and print the result. Raises UserError for invalid options or sources; no file is left half-written."""
    task = get_task(request.task)
    prepare, split = _preparation(task, request), _splitter(request)
    _check_paths(request)
    earlier, not_compared = _earlier(task, request)
    with ExitStack() as files:
        outputs = _Outputs(request, files)
        if request.skipped:
            outputs.writer(request.skipped)
        kept: list[Problem] = []
        write = outputs.writer(request.out) if request.out and not split else None
        for problem in _problems(task, request, prepare, outputs):
            if split or earlier:
                kept.append(problem)
            if write:
                write(problem)
    sides = split(kept) if split else {}
    _write_sides(sides, request)
    _remove_stale(request, outputs)
    report = _report(request, outputs, sides, _leaks(sides, earlier, kept), not_compared)
    show(report, outputs.first_skipped, as_json=request.json)
    if not report.problems:
        echo("tracekd: no problem could be loaded. Is this the right task for these files?", err=True)


def _check_paths(request: ProblemsRequest) -> None:
    """Raises UserError for outputs that would replace a source, another output, or a folder."""
    for path in (request.out, request.skipped):
        if path is not None and (path.is_dir() or not path.name):
            raise UserError("this is a folder", where=path, expected="the name of a file, such as problems.jsonl")
    sides = [request.side_of(side) for side in SIDES] if request.split else []
    outputs = [path for path in (request.out, request.side_file, request.check_file, *sides) if path is not None]
    sources = {Path(source).resolve() for source in (*request.sources, *request.against)}
    for at, path in enumerate(outputs):
        if path.resolve() in sources:
            raise UserError("this output would replace a source", where=path, next_step="name another file")
        is_certain = request.check if path == request.check_file else bool(request.out or request.skipped)
        if is_certain:
            refuse_foreign(path, "problems")
        if path in outputs[:at]:
            raise UserError("two outputs have this name", where=path, next_step="name another --skipped or --out")


def _remove_stale(request: ProblemsRequest, outputs: _Outputs) -> None:
    """Delete the files of an earlier run beside `--out` that do not belong to this run."""
    if request.out and not outputs.first_skipped and not request.skipped:
        remove_own(request.side_file)
    if request.check_file and not request.check:
        remove_own(request.check_file)


def _problems(
    task: Task, request: ProblemsRequest, prepare: Callable[[Problem], Problem | None], outputs: _Outputs
) -> Iterator[Problem]:
    """The problems of the subset, one at a time; each is counted and checked."""
    found = load_strict(task, request.sources) if request.strict else load(task, request.sources)
    with terminal(stderr=True).status("reading ...") as status:
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
            _check(task, problem, request, outputs)
            yield problem


def _check(task: Task, problem: Problem, request: ProblemsRequest, outputs: _Outputs) -> None:
    if request.check and task.check is not None:
        check = task.check(problem)
        outputs.tally.check(check)
        if request.check_file:
            outputs.writer(request.check_file)(check)


def _preparation(task: Task, request: ProblemsRequest) -> Callable[[Problem], Problem | None]:
    """A function that chooses the subset and the kind of support. Raises UserError for an unknown name."""
    if request.support is not None and request.support not in task.support_kinds:
        raise unknown_name(f"kind of support of {task.name}", request.support, task.support_kinds)
    if request.subset is not None and request.subset not in task.subsets:
        if not task.subsets:
            raise UserError(f"{task.name} has no subsets", next_step="omit --subset")
        raise unknown_name(f"subset of {task.name}", request.subset, task.subsets)

    def prepare(problem: Problem) -> Problem | None:
        if request.subset is not None and not task.subsets[request.subset](problem):
            return None
        return problem if request.support is None else problem.with_support(request.support)

    return prepare


def _splitter(request: ProblemsRequest) -> Callable[[Sequence[Problem]], dict[str, list[Problem]]] | None:
    """The function that splits the problems; None without --split. Raises UserError for an unknown split or invalid shares."""
    if request.split is None:
        return None
    if request.against:
        raise UserError("--split and --against exclude each other", next_step="split first, then compare the files")
    if request.split == "paper":
        return paper_split
    if request.split != "group":
        raise unknown_name("split", request.split, ("group", "paper"))
    shares = _read_shares(request.shares)
    return lambda problems: split_by_group(problems, shares, request.seed)


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


def _earlier(task: Task, request: ProblemsRequest) -> tuple[list[Problem], dict[str, int]]:
    """The problems of `--against`, and the number of its skipped records by reason."""
    if not request.against:
        return [], {}
    tally = Tally()
    problems: list[Problem] = []
    for found in load_strict(task, request.against) if request.strict else load(task, request.against):
        if isinstance(found, Problem):
            problems.append(found)
        else:
            tally.skipped(found)
    if not problems:
        raise UserError("no problem could be loaded from --against", where=request.against[0])
    return problems, tally.counts().skipped


def _write_sides(sides: dict[str, list[Problem]], request: ProblemsRequest) -> None:
    for side, problems in sides.items():
        if path := request.side_of(side):
            write_jsonl(path, problems)


def _leaks(sides: dict[str, list[Problem]], earlier: list[Problem], kept: list[Problem]) -> Leaks:
    return {"against": {"source": leakage(earlier, kept)}} if earlier else leakage_of_split(sides)


def _report(
    request: ProblemsRequest,
    outputs: _Outputs,
    sides: dict[str, list[Problem]],
    leaks: Leaks,
    not_compared: dict[str, int],
) -> Report:
    out = [] if sides else [request.out]
    files = [*out, *map(request.side_of, sides), request.check_file if request.check else None]
    return Report(
        **dict(outputs.tally.counts()),
        task=request.task,
        sources=tuple(request.sources),
        outside_subset=outputs.outside_subset,
        against_skipped=not_compared,
        files=tuple(str(path) for path in files if path),
        skipped_file=str(request.side_file) if outputs.first_skipped else None,
        split={name: _side(problems) for name, problems in sides.items()},
        leakage=leaks,
    )


def _side(problems: Sequence[Problem]) -> Side:
    tally = Tally()
    for problem in problems:
        tally.problem(problem)
    counts = tally.counts()
    return Side(problems=counts.problems, groups=len({p.group for p in problems}), classes=counts.classes)
