"""The official bAbI text format: `ID text`, and on question lines `ID question<TAB>answer<TAB>supporting ids`.

Ids start at 1 in each story and count facts and questions together; an id of 1 starts a new story
(README of bAbI v1.2, arXiv 1502.05698).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from tracekd.tasks.babi.story import FactLine, QuestionLine, Story, StoryCheck, question_line, read_id
from tracekd.tasks.reading.fault import Fault, Skipped

__all__ = ["LONGEST_LINE", "FactLine", "QuestionLine", "Story", "read_lines", "read_stories", "write_story"]

# No line of the published files has more than 80 characters.
LONGEST_LINE = 2**16
_FIELDS = "question<TAB>answer<TAB>supporting ids"


def read_lines(lines: Iterable[str], name: str) -> Iterator[tuple[int, FactLine | QuestionLine] | Skipped]:
    """Yield each line with the number of its story (from 0), and a Skipped for each line that cannot be used.

    A faulty question is skipped alone. After a fault that makes a fact unknown, all later questions of the same story
    are skipped, too. Bytes that are not UTF-8 are expected as lone surrogates (`surrogateescape`).
    """
    reader = _Reader()
    for number, raw in enumerate(lines, start=1):
        try:
            line = reader.read(raw.rstrip("\r\n"), number)
        except Fault as fault:
            yield Skipped.of(fault, f"{name}:{number}")
        else:
            yield reader.story, line


def read_stories(lines: Iterable[str], name: str) -> Iterator[Story]:
    """Yield the stories of a file; `name` is used in messages. Raises UserError with `name:line` for a faulty line."""
    for _, story in groupby(_all_usable(lines, name), key=lambda found: found[0]):
        yield [line for _, line in story]


def _all_usable(lines: Iterable[str], name: str) -> Iterator[tuple[int, FactLine | QuestionLine]]:
    for found in read_lines(lines, name):
        if isinstance(found, Skipped):
            raise found.error()
        yield found


def write_story(story: Iterable[FactLine | QuestionLine], blank: str = " ") -> Iterator[str]:
    """The lines of one story, each with its line end.

    In the published files, there is a blank before the tab, except in families 4 and 15 to 20 (`blank=""`).
    """
    for line in story:
        if isinstance(line, FactLine):
            yield f"{line.id} {line.text}\n"
        else:
            yield f"{line.id} {line.text}{blank}\t{line.answer}\t{' '.join(map(str, line.support))}\n"


@dataclass
class _Reader:
    """The state of reading a file: the number of the story, and how many lines in a row before had no readable id."""

    story: int = -1
    unread: int = 0
    check: StoryCheck = field(default_factory=StoryCheck)

    def read(self, text: str, number: int) -> FactLine | QuestionLine:
        """Read a line and check it against the lines before it. Raises Fault."""
        head, _, rest = text.partition(" ")
        line_id = read_id(head)
        if not line_id:
            self.unread += 1
            self.check.lost = True
            raise _not_a_line(text)
        self._come_to(line_id)
        self.check.follow(line_id)
        if len(text) > LONGEST_LINE or not rest.strip() or _has_bytes(text):
            self.check.lost = True
            raise _unreadable(text)
        line = _read_text(line_id, rest, number)
        self.check.admit(line)
        return line

    def _come_to(self, line_id: int) -> None:
        """Begin a new story if the id is 1, or if the line with the id 1 is missing or unreadable."""
        if line_id == 1 or self.story < 0 or self._began_unread(line_id):
            self.story += 1
            self.check = StoryCheck(lost=line_id > 1)
        if self.unread:
            self.check.last = line_id - 1
            self.unread = 0

    def _began_unread(self, line_id: int) -> bool:
        """Whether the line with the id 1 was unreadable. Without this, all later stories would get other numbers."""
        return line_id <= min(self.unread + 1, self.check.last) or line_id == 2 < self.check.last


def _not_a_line(text: str) -> Fault:
    return Fault("not UTF-8", "this line") if _has_bytes(text) else Fault("not a bAbI line", f"{text[:60]!r}")


def _unreadable(text: str) -> Fault:
    if len(text) > LONGEST_LINE:
        return Fault("line too long", f"over {LONGEST_LINE} characters")
    return _not_a_line(text)


def _has_bytes(text: str) -> bool:
    """Whether the text contains lone surrogates, which stand for bytes that are not UTF-8."""
    if text.isascii():
        return False
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _read_text(line_id: int, text: str, number: int) -> FactLine | QuestionLine:
    fields = text.split("\t")
    if len(fields) == 3:
        question, answer, support = fields
        return question_line(line_id, question, answer, support.split(), number)
    if len(fields) > 1 or text.rstrip().endswith("?"):
        raise Fault("malformed question", f"it has {len(fields) - 1 or 'no'} tab(s), expected {_FIELDS}")
    return FactLine(line_id, text.strip())
