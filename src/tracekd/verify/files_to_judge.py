"""The files of outputs that are to be judged, and the problems that these outputs answer."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tracekd.errors import UserError
from tracekd.problem import Problem
from tracekd.tasks.contract import Task
from tracekd.tasks.reading.fault import Skipped
from tracekd.transcript.trace_tags import TraceTags
from tracekd.verify.join import Problems, problems_in
from tracekd.verify.reading import OutputRecord, Unread, read_outputs

Outputs = Iterator[OutputRecord | Unread]

_LONGEST_NAME = 200


@dataclass(frozen=True)
class FilesToJudge:
    """Files and folders of outputs. The formats are those of `verify.reading`.

    `mapping` says where the fields of any other format are: field -> path into a record. `model` and `regime` replace what
    the files say. `trace_tags` are the opening and the closing mark of reasoning in a text, for marks that are not known.
    Raises UserError for a model or regime whose name is empty or longer than 200 characters.
    """

    paths: Sequence[str]
    format: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    model: str | None = None
    regime: str | None = None
    trace_tags: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        for name in (self.model, self.regime):
            if name is not None and not 0 < len(name) <= _LONGEST_NAME:
                raise UserError(f"a model or a regime has a name of 1 to {_LONGEST_NAME} characters")

    def read(self) -> Outputs:
        """The outputs, one at a time. Raises UserError at once for a path, a format or a mapping that cannot be used."""
        found = read_outputs(self.paths, self.format, self.mapping)
        if self.trace_tags is not None:
            tags = TraceTags(*self.trace_tags)
            found = (output if isinstance(output, Unread) else _divided(output, tags) for output in found)
        given = {name: value for name in ("model", "regime") if (value := getattr(self, name)) is not None}
        if not given:
            return found
        return (output if isinstance(output, Unread) else output._replace(**given) for output in found)

    def problems(self, task: Task, given: Iterable[Problem | Skipped] | None = None) -> tuple[Problems, Counter[str]]:
        """The given problems, or else those that the outputs' own records hold; and the faulty records, by reason."""
        faulty: Counter[str] = Counter()
        found = problems_in(self.read(), task) if given is None else given
        return Problems.of(_valid(found, faulty), task.template, has_titles=task.has_titles), faulty


def _divided(output: OutputRecord, tags: TraceTags) -> OutputRecord:
    """The output with its reasoning, between these marks, in a field of its own."""
    divided = None if output.reasoning is not None else tags.divide(output.text)
    if divided is None:
        return output
    reasoning, text = divided
    return output._replace(text=text, reasoning=reasoning)


def _valid(found: Iterable[Problem | Skipped], faulty: Counter[str]) -> Iterator[Problem]:
    for each in found:
        if isinstance(each, Skipped):
            faulty[each.reason] += 1
        else:
            yield each
