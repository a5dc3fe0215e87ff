"""The lines of a bAbI story, and whether they are consistent."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tracekd.tasks.reading.fault import Fault

_SHOWN = 40


@dataclass(frozen=True, slots=True)
class FactLine:
    """A sentence of the story."""

    id: int
    text: str


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question, its answer as written, and the ids of its supporting facts in the order given.

    `line` is its line in the file.
    """

    id: int
    text: str
    answer: str
    support: tuple[int, ...]
    line: int


Story = list[FactLine | QuestionLine]


def read_id(text: str) -> int | None:
    """The text as an id (up to nine ASCII digits); None if it is not an id."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def question_line(line_id: int, question: str, answer: str, support: Iterable[str], line: int) -> QuestionLine:
    """A question from these fields, without white space around them. Raises Fault if one is empty or is not a number."""
    question, answer = question.strip(), answer.strip()
    ids: list[int] = []
    for text in support:
        supporting = read_id(text)
        if supporting is None:
            raise Fault("malformed question", f"supporting id {text[:_SHOWN]!r} is not a number")
        ids.append(supporting)
    if not (question and answer and ids):
        raise Fault("malformed question", "the question, the answer or the supporting ids are empty")
    return QuestionLine(line_id, question, answer, tuple(ids), line)


@dataclass
class StoryCheck:
    """Checks each line of one story against the lines before it.

    `lost`: a line of the story could not be used, so the context of its later questions is unknown.
    """

    lost: bool = False
    last: int = 0
    facts: dict[int, None] = field(default_factory=dict)

    def follow(self, line_id: int) -> None:
        """Go on to the line with this id. Raises Fault if it is not the next one."""
        expected, self.last = self.last + 1, line_id
        if line_id != expected:
            self.lost = True
            raise Fault("id gap", f"the line id is {line_id}, expected {expected}, or 1 to begin a new story")

    def admit(self, line: FactLine | QuestionLine) -> None:
        """Store a fact; check a question against the facts before it. Raises Fault."""
        if isinstance(line, FactLine):
            self._note(line)
            return
        if self.lost:
            raise Fault("after a fault in its story", f"question {line.id}: {line.text[:_SHOWN]!r}")
        if len(set(line.support)) < len(line.support):
            raise Fault("supporting id given twice", f"supporting ids {' '.join(map(str, line.support))}")
        for supporting in line.support:
            if supporting not in self.facts:
                raise Fault(
                    "support is not an earlier fact", f"supporting id {supporting}, expected {self._expected()}"
                )

    def _note(self, line: FactLine) -> None:
        if not line.text:
            self.lost = True
            raise Fault("empty fact", f"line id {line.id}")
        self.facts[line.id] = None

    def _expected(self) -> str:
        known = list(self.facts)
        if not known:
            return "one of the facts before it (there are none)"
        return f"one of {', '.join(map(str, known[:_SHOWN]))}{', ...' if len(known) > _SHOWN else ''}"
