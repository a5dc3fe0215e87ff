"""What happened to the outputs that were read: how many were judged, and where the others are."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from tracekd.problem import Problem
from tracekd.transcript.transcript import Transcript, unknown_delimiter
from tracekd.verify.join import Found, Miss
from tracekd.verify.reading.output_record import OutputRecord, Unread
from tracekd.verify.reading.records import SHARD

LISTED = 20
_MOST_CELLS = 1000
# An index in a set takes about 64 bytes.
_BITS_OF_INDEX = 512
_Run = tuple[str, str, int, int]
# What lm-evaluation-harness adds to the name of a task.
_LOG = re.compile(r"^samples_|_[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9.-]+$")


class Listed(BaseModel):
    """How many there are, by reason, and where the first few are."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    count: int = 0
    reasons: dict[str, int] = {}
    first: tuple[str, ...] = ()


class JoinedRun(BaseModel):
    """One run (model, regime, seed and sample): its judged outputs, the problems without one, and where the first is."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    model: str
    regime: str
    seed: int
    sample: int
    outputs: int
    without_output: int
    first: str


class Delimiters(BaseModel):
    """How the judged outputs mark their reasoning: their number by form (`think`, `harmony`, `field`, .., `none`).

    `hidden`: outputs whose provider kept the reasoning back. `disagree`: outputs with different reasoning in a field and in
    the text; the field counts. `unknown`: outputs without reasoning, by the unknown mark at their beginning.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    forms: dict[str, int] = {}
    hidden: int = 0
    disagree: int = 0
    unknown: dict[str, int] = {}


class JoinReport(BaseModel):
    """Of the `read` outputs, `judged` were judged; the others are `unknown` or `given_twice` (the first one counts).

    `unread`: lines and files without an output. `unknown`: outputs that belong to no known problem; they are not
    counted. `without_output`: problems for which a run (model, regime, seed and sample) has no output. `runs` are the
    first thousand. `by_content`: judged outputs whose record has the context of their problem in another form.
    `by_order`: judged outputs that follow another one for the same problem, without a number: they are further samples.
    `as_free`: judged outputs whose traces were judged as free ones; all others were judged by the template.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    problems: int
    read: int
    judged: int
    unread: Listed
    unknown: Listed
    given_twice: Listed
    without_output: Listed
    runs: tuple[JoinedRun, ...]
    by_content: int = 0
    by_order: int = 0
    as_free: int = 0
    delimiters: Delimiters = Delimiters()

    @property
    def is_whole(self) -> bool:
        """Every line was an output, and every problem has one in every run."""
        return not any(part.count for part in (self.unread, self.unknown, self.given_twice, self.without_output))


@dataclass
class _Part:
    reasons: Counter[str] = field(default_factory=Counter)
    first: list[str] = field(default_factory=list)

    def note(self, reason: str, place: str) -> None:
        self.reasons[reason] += 1
        if len(self.first) < LISTED:
            self.first.append(place)

    def listed(self) -> Listed:
        return Listed(count=self.reasons.total(), reasons=dict(self.reasons.most_common()), first=tuple(self.first))


class _Answered:
    """The problems for which a run has outputs: their indexes if they are few, otherwise one bit for each problem."""

    def __init__(self, problems: int, first: str) -> None:
        self._problems = problems
        self._few: set[int] = set()
        self._bits: bytearray | None = None
        self.count = 0
        self.first = first

    def __contains__(self, place: int) -> bool:
        return place in self._few if self._bits is None else bool(self._bits[place >> 3] >> (place & 7) & 1)

    def take(self, place: int) -> bool:
        """Mark the problem at this index as having an output. Returns whether it had none before."""
        if self._bits is not None:
            byte, bit = self._bits[place >> 3], 1 << (place & 7)
            if byte & bit:
                return False
            self._bits[place >> 3] = byte | bit
        elif place in self._few:
            return False
        else:
            self._few.add(place)
            if len(self._few) * _BITS_OF_INDEX > self._problems:
                self._use_bits()
        self.count += 1
        return True

    def _use_bits(self) -> None:
        self._bits = bytearray((self._problems + 7) // 8)
        for place in self._few:
            self._bits[place >> 3] |= 1 << (place & 7)
        self._few.clear()


def _file_of(where: str) -> str:
    """The file in FILE:LINE or ARCHIVE:MEMBER.json, all parts of a divided file as one; empty without a file."""
    file, _, place = where.rpartition(":")
    return _whole_file(file) if place.isdigit() or place.endswith(".json") else ""


@lru_cache(maxsize=64)  # asked for each output, and files are few
def _whole_file(file: str) -> str:
    return SHARD.sub("", file)


def _run_of(output: OutputRecord) -> tuple[str, str, int, str]:
    return output.model, output.regime, output.seed, _file_of(output.where)


class JoinTally:
    """Counts outputs one at a time; keeps at most one bit for each problem of each run, and the places of the first few."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self._problems = problems
        self._unread, self._unknown, self._twice = _Part(), _Part(), _Part()
        self._answered: dict[_Run, _Answered] = {}
        self._read = 0
        self._forms: Counter[str] = Counter()
        self._unknown_marks: Counter[str] = Counter()
        self._hidden = self._disagree = self._by_content = self._by_order = 0
        self.as_free = 0  # judged outputs with free traces; whoever judges counts them
        self._before: OutputRecord | None = None
        self._before_place = self._first_sample = self._samples = 0
        self._models: dict[tuple[str, str, int, str], str] = {}
        self._by_file: dict[tuple[str, str, int, int, str], tuple[str, _Answered]] = {}

    def divided(self, transcript: Transcript) -> None:
        """Count how a judged output marks its reasoning."""
        self._forms[transcript.form] += 1
        if transcript.state == "absent":
            mark = unknown_delimiter(transcript)
            if mark is not None and (mark in self._unknown_marks or len(self._unknown_marks) < LISTED):
                self._unknown_marks[mark] += 1
        elif transcript.state == "hidden":
            self._hidden += 1
        self._disagree += transcript.disagrees

    def unread(self, unread: Unread) -> None:
        """Count a line without an output."""
        detail = f"{unread.reason}: {unread.detail}" if unread.detail else unread.reason
        self._unread.note(unread.reason, f"{unread.where}: {detail}")

    def missed(self, output: OutputRecord, miss: Miss) -> None:
        """Count an output that belongs to no known problem."""
        self._read += 1
        self._unknown.note(miss.reason, f"{output.where}: {miss.reason}")

    def take(self, output: OutputRecord, found: Found) -> OutputRecord | None:
        """Count an output; None if its run has one for this problem already.

        Two files with outputs of one model for the same problems are two runs: the second one's model is returned with the
        name of its file.
        """
        self._read += 1
        before, self._before = self._before, output
        if not output.is_numbered:  # most are
            output = self._of_its_place(output, before, found.place)
        key = (output.model, output.regime, output.seed, output.sample, _file_of(output.where))
        known = self._by_file.get(key)
        if known is None:
            known = self._by_file[key] = self._run_of_file(output, found.place)
        model, answered = known
        if model != output.model:
            output = output._replace(model=model)
        if answered.take(found.place):
            self._by_content += found.by_content
            self._by_order += not output.is_numbered and self._first_sample > 0
            return output
        self._twice.note("given twice", f"{output.where}: another output for {self._problems[found.place].id}")
        return None

    def _of_its_place(self, output: OutputRecord, before: OutputRecord | None, place: int) -> OutputRecord:
        """The output, numbered by its place, because the file does not number it: lines for one problem that follow each
        other are its samples. (Where the file comes back to a problem later, a generation may have been run again.)
        """
        if before is None or before.where != output.where:
            follows = before is not None and self._before_place == place and _run_of(before) == _run_of(output)
            self._first_sample = self._samples if follows and self._samples < _MOST_CELLS else 0
        self._before_place, self._samples = place, self._first_sample + output.sample + 1
        return output._replace(sample=self._first_sample + output.sample) if self._first_sample else output

    def _run_of_file(self, output: OutputRecord, place: int) -> tuple[str, _Answered]:
        """The name of the model in the file of this output, and its run. The first output of a file decides whether the
        file is a run of its own.
        """
        key = _run_of(output)
        model = self._models.get(key)
        if model is None:
            run = (output.model, output.regime, output.seed, output.sample)
            is_answered = run in self._answered and place in self._answered[run]
            model = self._models[key] = self._own_name(output.model, key[3]) if is_answered else output.model
        answered = self._answered.setdefault(
            (model, output.regime, output.seed, output.sample), _Answered(len(self._problems), output.where)
        )
        return model, answered

    def _own_name(self, model: str, file: str) -> str:
        """A name for a further run of a model, from the name of its file."""
        path = Path(file)
        taken = set(self._models.values())
        names = (f"{model} [{_LOG.sub('', name)}]" for name in (path.stem, f"{path.parent.name}/{path.stem}", file))
        return next((name for name in names if name not in taken), f"{model} [{len(taken)}]")

    def report(self) -> JoinReport:
        """What was counted."""
        runs = sorted(self._answered.items())
        return JoinReport(
            problems=len(self._problems),
            read=self._read,
            judged=sum(answered.count for _, answered in runs),
            unread=self._unread.listed(),
            unknown=self._unknown.listed(),
            given_twice=self._twice.listed(),
            without_output=self._without_output(runs),
            runs=tuple(self._joined(run, answered) for run, answered in runs[:_MOST_CELLS]),
            by_content=self._by_content,
            by_order=self._by_order,
            as_free=self.as_free,
            delimiters=Delimiters(
                forms=dict(self._forms.most_common()),
                hidden=self._hidden,
                disagree=self._disagree,
                unknown=dict(self._unknown_marks.most_common()),
            ),
        )

    def _joined(self, run: _Run, answered: _Answered) -> JoinedRun:
        model, regime, seed, sample = run
        return JoinedRun(
            model=model, regime=regime, seed=seed, sample=sample, outputs=answered.count,
            without_output=len(self._problems) - answered.count, first=answered.first,
        )  # fmt: skip

    def _without_output(self, runs: list[tuple[_Run, _Answered]]) -> Listed:
        reasons: Counter[str] = Counter()
        first: list[str] = []
        for (model, regime, seed, sample), answered in runs:
            missing = len(self._problems) - answered.count
            if not missing:
                continue
            reasons[f"{model}, {regime}"] += missing
            run = f"{model}, {regime}, seed {seed}, sample {sample}"
            for place in range(len(self._problems)):
                if len(first) == LISTED:
                    break
                if place not in answered:
                    first.append(f"{run}: no output for {self._problems[place].id}")
        return Listed(count=reasons.total(), reasons=dict(reasons.most_common(LISTED)), first=tuple(first))
