"""A first look at the files: their splits and regimes, the task, and the form that most of their rows have."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tracekd.audit.row_parts import Expected, RowParts, answer_form, row_parts
from tracekd.errors import UserError
from tracekd.regimes.names import UNKNOWN_REGIME, intent_of, regime_of_name, split_of_name
from tracekd.sft.copies import copies
from tracekd.sft.supervised_row import ReadRow, SupervisedRow
from tracekd.tasks import Task, all_tasks, get_task, task_names
from tracekd.tasks.normalize import normalize_label
from tracekd.tasks.reading.fault import Fault, Skipped
from tracekd.tasks.reading.source import ENDINGS, data_files, records_of_file


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file. `side`: named as the data, or by --against. Split and regime are None if no name states them."""

    path: Path
    side: str
    split: str | None
    regime: str | None
    said_by: str


def audited_files(sources: Iterable[str], side: str) -> list[DataFile]:
    """The files of all sources, without copies. Raises UserError for an invalid source."""
    found = [(Path(source), path) for source in sources for path in data_files(Path(source), ENDINGS)]
    not_read = copies(path for _, path in found)
    unique = {path: source for source, path in found if path not in not_read}
    return [_described(path, source, side) for path, source in unique.items()]


def copies_of(sources: Iterable[str]) -> list[Path]:
    """The files that are not read, because they are copies of others. Raises UserError for an invalid source."""
    return sorted(copies(path for source in sources for path in data_files(Path(source), ENDINGS)))


def _described(path: Path, source: Path, side: str) -> DataFile:
    # Only the named path and what is below it count: folders above may have any name.
    names = [("the file's name", path.stem)] + ([("the folder's name", source.name)] if source != path else [])
    said_by, regime = next(_stated((place, regime_of_name(name)) for place, name in names), ("", None))
    split = next(_stated((place, split_of_name(name)) for place, name in names), ("", None))[1]
    return DataFile(path, side, split, regime, said_by)


def _stated(found: Iterable[tuple[str, str | None]]) -> Iterator[tuple[str, str | None]]:
    return ((place, name) for place, name in found if name is not None)


_LOOKED_AT = 200
# Shares that count as "nearly all rows" and "almost no row".
_MOST, _FEW = 0.8, 0.2


@dataclass(frozen=True)
class Survey:
    """The findings of the first look. `regimes` maps each file to the regime of its rows that do not name one, and to
    the source of that knowledge."""

    task: Task
    regimes: Mapping[Path, tuple[str, str]]
    expected: Mapping[str, Expected]
    usual: Expected

    def regime(self, row: SupervisedRow, file: DataFile) -> str:
        """The regime of a row."""
        return row.regime or self.regimes[file.path][0]

    def expected_of(self, regime: str) -> Expected:
        """The usual form of this regime's rows."""
        # A regime that is not in the first rows of any file has the form that it intends.
        return self.expected.get(regime) or _expected(regime, (), self.usual)


def survey(files: Sequence[DataFile], task_name: str | None, regime: str | None, read: ReadRow) -> Survey:
    """Look at the first rows of each file. Raises UserError if no row can be read, or if no row tells the task."""
    heads = {file: list(islice(_rows(file.path, read), _LOOKED_AT)) for file in files}
    task = get_task(task_name) if task_name else infer_task(row for rows in heads.values() for row in rows)
    parts = {file: [row_parts(row, task, file.path.stem) for row in rows] for file, rows in heads.items()}
    regimes = {file.path: _regime(file, seen, regime) for file, seen in parts.items()}
    by_regime: dict[str, list[RowParts]] = defaultdict(list)
    for file, seen in parts.items():
        for one in seen:
            by_regime[one.source.regime or regimes[file.path][0]].append(one)
    usual = _usual(parts, by_regime)
    return Survey(task, regimes, {name: _expected(name, seen, usual) for name, seen in by_regime.items()}, usual)


def _rows(path: Path, read: ReadRow) -> Iterator[SupervisedRow]:
    for record in records_of_file(path):
        if not isinstance(record, Skipped):
            try:
                yield read(record)
            except Fault:
                continue


def infer_task(rows: Iterable[SupervisedRow]) -> Task:
    """The task that the rows name; else the only task whose sentences and classes they have. Raises UserError."""
    looked = list(rows)
    if not looked:
        raise UserError(
            "no row of supervised data could be read",
            expected="rows with messages, or prompt and completion, or (with --tokenizer) input_ids and labels",
            next_step="add --task NAME to see the fault of each row; token ids need --tokenizer",
        )
    named = {row.task for row in looked if row.task}
    if len(named) == 1 and named <= set(task_names()):
        return get_task(named.pop())
    fitting = [task for task in all_tasks() if isinstance(task, Task) and _fits(task, looked)]
    if len(fitting) == 1:
        return fitting[0]
    raise UserError(
        "the task of these rows cannot be determined",
        expected=f"one of {', '.join(task_names())}", next_step="add --task NAME",
    )  # fmt: skip


def _fits(task: Task, rows: Iterable[SupervisedRow]) -> bool:
    """Whether the rows have the task's class sentence, and only classes of the task."""
    labels = set(map(normalize_label, task.labels))
    found: set[str] = set()
    for row in rows:
        stated = (_after(task, row.reasoning or ""), _after(task, row.completion))
        met = {normalize_label(label) for label in stated if label}
        if met and row.label:
            met.add(normalize_label(row.label))
        found |= met
    return bool(found) and found <= labels


def _after(task: Task, text: str) -> str | None:
    met = task.template.classify_pattern.search(text)
    return text[met.end() :].lstrip().partition("\n")[0].rstrip().removesuffix(".") if met else None


def _regime(file: DataFile, seen: Sequence[RowParts], option: str | None) -> tuple[str, str]:
    if seen and all(one.source.regime for one in seen):
        return "unknown", "its rows name it"
    if option is not None:
        return option, "--regime"
    if file.regime is not None:
        return file.regime, file.said_by
    judged = [one for one in seen if one.parsed.stated_label and one.gold.label]
    right = sum(
        normalize_label(one.parsed.stated_label or "") == normalize_label(one.gold.label or "") for one in judged
    )
    found = regime_of_content(
        _share(seen, [one.parsed.status == "ok" for one in seen]),
        _share(seen, [one.parsed.stated_label is not None for one in seen]),
        _share(seen, [one.parsed.cited is not None for one in seen]),
        right / len(judged) if judged else None,
    )
    return found, f"its first {len(seen)} rows"


def regime_of_content(traced: float, stating: float, citing: float, class_right: float | None) -> str:
    """The regime that the rows seem to have, from the shares of rows with a trace, with a class, and with facts.

    `class_right`: the share of stated classes that are gold; None if gold is unknown.
    """
    if traced < 0.5:
        return "answer_only"
    if stating < 0.5:
        return "facts_only" if citing >= 0.5 else "teacher"
    if citing < 0.5:
        return "class_only" if class_right is not None and class_right >= _MOST else UNKNOWN_REGIME
    if class_right is None or _FEW < class_right < _MOST:
        return UNKNOWN_REGIME
    return "correct" if class_right >= _MOST else "incorrect"


def _share(seen: Sequence[RowParts], holds: Sequence[bool]) -> float:
    return sum(holds) / max(1, len(seen))


def _usual(parts: Mapping[DataFile, Sequence[RowParts]], by_regime: Mapping[str, Sequence[RowParts]]) -> Expected:
    """The file that sets the form of prompts and answers: a training file if possible, with a correct regime if any."""
    first = min(
        (file for file, seen in parts.items() if seen),
        key=lambda file: (file.side != "path", file.split != "train", file.regime != "correct"),
        default=None,
    )
    seen = parts[first] if first else ()
    citing = [one for many in by_regime.values() for one in many if one.parsed.cited]
    return Expected(
        label=False,
        facts=False,
        listed=_share(citing, [not one.bare for one in citing]) >= 0.5,
        tagged=True,
        prompt_form=_most_common(one.prompt.form for one in seen),
        answer_form=_most_common(answer_form(one.parsed) for one in seen),
    )


def _most_common(forms: Iterable[str]) -> str:
    return next((form for form, _ in Counter(forms).most_common(1)), "")


def _expected(regime: str, seen: Sequence[RowParts], usual: Expected) -> Expected:
    intent = intent_of(regime)
    label = _share(seen, [one.parsed.stated_label is not None for one in seen]) > 0.5
    facts = _share(seen, [one.parsed.cited is not None for one in seen]) > 0.5
    # If hardly any row has the tag, the answer is what follows the trace (as in the data of R1): a layout, not a fault.
    tagged = not seen or _share(seen, ["<answer>" in one.source.completion for one in seen]) > _FEW
    return Expected(
        label if intent.label == "any" else intent.label != "none",
        facts if intent.facts == "any" else intent.facts != "none",
        usual.listed, tagged, usual.prompt_form, usual.answer_form,
    )  # fmt: skip
