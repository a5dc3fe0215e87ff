"""The verbs of the package, for programs: what the commands do, as functions that return their results.

`import tracekd` offers them, and the classes that they take, each imported when it is first used.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from tracekd.errors import UserError
from tracekd.problem import Problem
from tracekd.regimes import Donors, Regime, Setting, Unsupported, get_regime
from tracekd.sft.example import Example, LeftOut, Supervision
from tracekd.tasks import Task, get_task, loading
from tracekd.tasks.reading.fault import Skipped
from tracekd.verify.files_to_judge import FilesToJudge
from tracekd.verify.join_report import JoinReport
from tracekd.verify.judge import Judge
from tracekd.verify.reading.output_record import OutputRecord
from tracekd.verify.run import verify_outputs
from tracekd.verify.trace_kind import TraceKind
from tracekd.verify.verdict import Verdict

if TYPE_CHECKING:  # what a study needs takes seconds to import
    from tracekd.study.cell_processes import Failure
    from tracekd.study.config import Study
    from tracekd.study.progress import Progress, Tell

_NO_MAPPING: Mapping[str, str] = MappingProxyType({})


def load(
    task: Task | str, *sources: str | Path, on_faulty: Callable[[Skipped], object] | None = None
) -> Iterator[Problem]:
    """Yield the problems of files, folders or Hub names (`hub:ID[:CONFIG[:SPLIT]]`), one at a time.

    The formats are those of the task (`tracekd tasks NAME`), and the files of problems that tracekd wrote. Memory grows by
    about 60 bytes a problem (its id).

    A faulty record raises UserError with its file and line. With `on_faulty`, it does not: the function gets each faulty
    record (`where`, `reason`, `detail`), the record is left out, and loading goes on. Nothing is left out silently.
    Raises UserError at once for an unknown task, and, when it is read, for a source that cannot be read at all.

    >>> import tracekd
    >>> from pathlib import Path
    >>> written = Path("qa1_test.txt").write_text("1 Mary went home.\\n2 Where is Mary? \\thome\\t1\\n1 No number\\n")
    >>> faulty = []
    >>> [problem.question for problem in tracekd.load("babi", "qa1_test.txt", on_faulty=faulty.append)]
    ['Where is Mary?']
    """
    found = get_task(task) if isinstance(task, str) else task
    if not sources:
        raise UserError("no source is named", expected=f"files, folders or hub:ID, with problems of {found.name}")
    return _valid(loading.load(found, map(str, sources)), on_faulty)


def _valid(found: Iterable[Problem | Skipped], on_faulty: Callable[[Skipped], object] | None) -> Iterator[Problem]:
    for each in found:
        if not isinstance(each, Skipped):
            yield each
        elif on_faulty is not None:
            on_faulty(each)
        else:
            error = each.error()
            next_step = "correct the record, or pass on_faulty, such as a list's append, to leave such records out"
            raise UserError(error.problem, where=error.where, next_step=next_step)


def supervise(
    problems: Iterable[Problem],
    regime: Regime | str,
    seed: int,
    *,
    setting: Setting | None = None,
    on_left_out: Callable[[LeftOut], object] | None = None,
) -> Iterator[Example]:
    """Yield what a student is taught for each problem under a regime: a prompt, its completion, and two spans.

    `trace` and `answer` are spans of characters (begin, end) in the completion; `trace` is None where none is taught. The
    strings are those of the paper's data (arXiv 2505.13792, its released code). The answer is gold, unless the regime teaches
    the answer of other facts (`counterfactual`). An example is a pure function of the
    seed, the problem and the regime; a regime that borrows traces, such as `swapped`, takes them from these problems.
    `setting` is for what a regime may know besides (`tracekd.regimes.Setting`), such as the texts of a teacher. All
    problems are kept in memory.

    A problem for which the regime has no trace raises Unsupported with the reason. With `on_left_out`, it does not: the
    function gets the problem's id, class, regime and reason, and the problem is left out. Regimes are compared on the
    problems that all of them support: leave out of all what one of them leaves out, as `tracekd sft` does.
    Raises UserError for an unknown regime, for one that teaches nothing, and for problems of several tasks.

    >>> import tracekd
    >>> problem = tracekd.get_task("babi").example()
    >>> (example,) = tracekd.supervise([problem], "incorrect", seed=0)
    >>> begin, end = example.answer
    >>> example.completion[begin:end]
    'office'
    >>> example.prompt == next(tracekd.supervise([problem], "correct", seed=0)).prompt
    True
    """
    found = get_regime(regime) if isinstance(regime, str) else regime
    if found.prompted is not None:
        raise UserError(
            f"under {found.name!r}, nothing is taught: a base is asked as it is",
            next_step="name it as a regime of a study",
        )
    known = tuple(problems)
    return (
        _examples(known, Supervision([found], setting or _setting(known, found), seed), on_left_out)
        if known
        else iter(())
    )


def _setting(problems: tuple[Problem, ...], regime: Regime) -> Setting:
    first, *others = dict.fromkeys(problem.task for problem in problems)
    if others:
        raise UserError(
            f"these are problems of several tasks: {first}, {', '.join(others)}", expected="one task a call"
        )
    setting = Setting.of(get_task(first))
    return replace(setting, donors=Donors.of(problems)) if regime.borrows else setting


def _examples(
    problems: Iterable[Problem], supervision: Supervision, on_left_out: Callable[[LeftOut], object] | None
) -> Iterator[Example]:
    for found in supervision.examples(problems):
        if not isinstance(found, LeftOut):
            yield found[1][0]
        elif on_left_out is not None:
            on_left_out(found)
        else:
            raise Unsupported(f"{found.regime} has no trace for the problem {found.id}: {found.reason}")


def judge(
    problem: Problem,
    text: str,
    *,
    finish: Literal["stop", "length"] = "stop",
    support: str | None = None,
    reasoning: str | None = None,
    trace: TraceKind = "template",
) -> Verdict:
    """The verdict on one raw output for a problem: each step, the whole trace and the answer, held against gold.

    Whatever the text is, it is judged: text that cannot be parsed is wrong. `finish` is `length` if the token limit cut
    the output off. `support` is the kind of gold support that a right trace cites; None means the one that the problem's
    gold trace is built on. `reasoning` is what a field of its own says, such as `reasoning_content`; without it, the
    reasoning is looked for in the text. `trace`: the trace is judged by our `template`, as a `free` one (statement by
    statement, `Verdict.free`), or `auto`: by the template if it has a sentence of it. Neither torch nor a GPU is needed.
    Where gold is not known, use `check`.
    Raises UserError for a problem of an unknown task, for a kind of support that the task or the problem lacks, and for free
    traces of a task that has no grammar for them.

    >>> import tracekd
    >>> problem = tracekd.get_task("babi").example()
    >>> verdict = tracekd.judge(problem, "<think>I guess.</think> <answer>office</answer>")
    >>> verdict.answer, verdict.trace, verdict.class_step
    (True, False, 'unparsed')
    >>> text = "<think>Daniel took the apple. Then he went to the kitchen.</think> <answer>office</answer>"
    >>> free = tracekd.judge(problem, text, trace="free").free
    >>> [(one.text, one.grounding) for one in free.statements]
    [('Daniel took the apple.', 'restated'), ('Then he went to the kitchen.', 'contradicted')]
    """
    output = OutputRecord(text, problem.source, problem.id, finish=finish, reasoning=reasoning)
    ready = Judge.of(get_task(problem.task), support, trace)
    return ready.verdict(ready.prepare(problem), output, output.transcript)


@dataclass(frozen=True)
class JudgedFiles:
    """What `judge_files` found.

    `verdicts` are in the order of the outputs. `joined` says how many outputs were read and judged, and which were not,
    with file, line and reason. `faulty` counts, by reason, the outputs' own records that hold no valid problem; it is
    empty where the problems were given.
    """

    verdicts: tuple[Verdict, ...]
    joined: JoinReport
    faulty: Mapping[str, int]


def judge_files(
    task: Task | str,
    *outputs: str | Path,
    problems: Iterable[Problem] | None = None,
    format: str | None = None,
    mapping: Mapping[str, str] = _NO_MAPPING,
    model: str | None = None,
    regime: str | None = None,
    support: str | None = None,
    trace_tags: tuple[str, str] | None = None,
    trace: TraceKind = "template",
) -> JudgedFiles:
    """The verdicts on anyone's outputs, in files or folders of any format that `tracekd verify` reads.

    Each output is joined to its problem by id, or else by question and context, never by position or by its question
    alone. `problems` are those that were asked; None means those that the outputs' own records hold. How a file begins
    tells its `format` (`ours`, `trace-check-qa`, `lm-eval`, `inspect`, `lighteval`, `langsmith`, `langfuse`, `chat`);
    `mapping` says where the fields of any other format are (field -> path). `model` and `regime` replace what the files
    say; `support` and `trace` are as for `judge`.
    `trace_tags` are an opening and a closing mark of reasoning, if they are none of the known ones. All verdicts are kept
    in memory, about 3 kB each, and 1.5 kB for each statement of a free trace.
    No output is left out silently: `joined` counts and lists what could not be read or joined.
    Raises UserError for an unknown task, format or kind of support, a file that cannot be used, free traces of a task
    without a grammar for them, and where there is no valid problem.

    >>> import tracekd
    >>> from pathlib import Path
    >>> problem = tracekd.get_task("babi").example()
    >>> written = Path("log.csv").write_text(f"key,said\\n{problem.id},<answer>office</answer>\\n0/1,home\\n")
    >>> judged = tracekd.judge_files("babi", "log.csv", problems=[problem], mapping={"id": ".key", "text": ".said"})
    >>> [verdict.answer for verdict in judged.verdicts], judged.joined.unknown.reasons
    ([True], {'unknown problem': 1})
    """
    found = get_task(task) if isinstance(task, str) else task
    ready = Judge.of(found, support, trace)
    files = FilesToJudge(tuple(map(str, outputs)), format, mapping, model, regime, trace_tags)
    reading = files.read()  # what is wrong with the request is told before any problem is read
    known, faulty = files.problems(found, problems)
    if not known.all:
        raise UserError(
            "there is no valid problem" + (f": {', '.join(faulty)}" if faulty else ""),
            expected=f"problems of {found.name}, or outputs whose records hold question, context and gold",
            next_step="pass problems=tracekd.load(TASK, SOURCE)",
        )
    verdicts: list[Verdict] = []
    joined = verify_outputs(reading, known, ready, verdicts.append)
    return JudgedFiles(tuple(verdicts), joined, MappingProxyType(dict(faulty)))


@dataclass(frozen=True)
class StudyResult:
    """What `run_study` made: the run folder, the report, and the cells that failed, each with a message.

    `report` is None if no cell was finished.
    """

    run: Path
    report: Path | None
    failures: "tuple[Failure, ...]"


def _tell_nobody(progress: "Progress") -> None:
    pass


def run_study(
    study: "str | Path | Study",
    out: str | Path,
    *,
    overrides: Iterable[str] = (),
    workers: int = 0,
    tell: "Tell" = _tell_nobody,
) -> StudyResult:
    """Run a study in the folder `out`, and write its report: problems, students, outputs, verdicts, statistics.

    `study` is a study file, the name of an embedded study (`first`, `hard`, `babi`), or a `tracekd.study.config.Study`.
    `overrides` are settings of the file, `key=value`, such as `students.0.steps=50`. `workers` cells are made at a time,
    each in a process with one thread; 0 means one for each core (one where there is a GPU). `tell` gets the progress of
    each cell. What is finished is not made again: after an interruption, the same call goes on. A cell that fails does not
    stop the others. It needs the libraries of `tracekd[train]`; the default study takes about eight minutes on two cores.
    Raises UserError, before anything is written, for a study that cannot be run and for a folder that holds anything else.

    >>> import tracekd
    >>> few = ["task.questions=900", "sizes.train=8", "sizes.validation=4", "sizes.test=4", "students.0.steps=2"]
    >>> small = ["seeds=[0]", 'regimes=["answer_only"]', "conditions=[]", *few]
    >>> result = tracekd.run_study("first", "runs/small", overrides=small)
    >>> result.report.name, result.failures
    ('report.html', ())
    """
    from tracekd.study.cell_processes import default_workers
    from tracekd.study.config import Study, load_study
    from tracekd.study.finish import finish
    from tracekd.study.run import run_study as make_cells

    settings = tuple(overrides)
    if not isinstance(study, Study):
        study = load_study(str(study), settings)
    elif settings:
        raise UserError("overrides are for study files", next_step="make the Study with these values")
    run = Path(out)
    cells = len(study.regimes) * len(study.students) * len(study.seeds)
    plan, failures = make_cells(study, run, workers=workers or default_workers(cells), tell=tell)
    report = finish(plan, failures, ["tracekd", "study", str(run / "study.toml"), "--out", str(run)])
    return StudyResult(run, report, tuple(failures))
