"""Forces traces on a student: what it then answers, and the probability that it gives to certain answers.

A prompt is read once for all its traces, and so is a common beginning of several traces. After a trace, given answers
are scored, and the student's answer is decoded greedily, from the same keys and values; if a scored answer turns out to be
the greedy one, decoding is skipped.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import torch
from transformers import PreTrainedModel

from tracekd.interventions.case import Answered, Answers, Blocked, Case, Forcing, Scored, Traces, WrittenOn
from tracekd.interventions.prefix import (
    CLOSED,
    CLOSING,
    answer_ids,
    answer_text,
    beginning_ids,
    prefix_ids,
    trace_in_prefix,
    written_trace,
)
from tracekd.interventions.reading import Read, Reader, sampled
from tracekd.regimes.contract import Unsupported
from tracekd.students.engines.contract import EngineError, Generation
from tracekd.students.engines.stopping import Stopping, end_tokens
from tracekd.students.engines.transformers import TransformersEngine
from tracekd.students.prompting import Prompting
from tracekd.students.session import Session
from tracekd.students.shared_prefixes import Ids, shared_prefixes

_OUT_OF_MEMORY = ("out of memory", "can't allocate memory")
# A shared prefix is read separately only if that saves this many tokens, because it needs a pass through the model. Most
# forced traces of a problem state the same class.
_WORTH = 64
_NO_ROOM = "the student's context length leaves no room for an answer"


@dataclass(frozen=True, slots=True)
class _Row:
    """One forced trace: its token ids, the token ids of the answers to score after it, and where to store its answer."""

    case: Case
    forcing: Forcing
    trace: str
    prefix: Ids
    answers: dict[str, Ids]
    made: Answers


@dataclass(frozen=True, slots=True)
class _Part:
    """What to read after the text at index `after`: rows that agree from token `begin` to `end`."""

    after: int
    begin: int
    end: int
    rows: Sequence[_Row]

    @property
    def ids(self) -> Ids:
        return self.rows[0].prefix[self.begin : self.end]


class Forcer:
    """A student on which traces are forced, at most `batch` at a time; after running out of memory, fewer at a time.

    An answer has at most `max_new_tokens` tokens. Raises UserError if the student's cache cannot be shared.
    """

    def __init__(self, model: PreTrainedModel, prompting: Prompting, *, max_new_tokens: int, batch: int = 64) -> None:
        self.tokenizer, self.max_new_tokens, self.batch = prompting.tokenizer, max_new_tokens, batch
        ends = end_tokens(self.tokenizer, getattr(model.generation_config, "eos_token_id", None)) | {prompting.end}
        self._stopping = Stopping(self.tokenizer, CLOSING, ends)
        self._trace_stopping = Stopping(self.tokenizer, CLOSED, ends)
        self._reader = Reader(model, self.tokenizer.pad_token_id or 0)

    @classmethod
    def of(cls, session: Session) -> "Forcer":
        """For the local student of a session. Raises UserError if it cannot be loaded."""
        engine = session.engine
        assert isinstance(engine, TransformersEngine)  # the only engine with local weights
        limit = session.decoding.max_new_tokens
        return cls(engine.model, session.prompting, max_new_tokens=limit, batch=engine.batch)

    def force(self, cases: Sequence[Case]) -> Iterator[tuple[int, Answers]]:
        """Yield (index of the case, its answers), long prompts first.

        Raises EngineError if a single trace needs too much memory.
        """
        waiting = sorted(range(len(cases)), key=lambda at: -len(cases[at].prompt))
        while waiting:
            chosen = waiting[: self.batch]
            made = self._fits([cases[at] for at in chosen])
            if made is not None:
                del waiting[: len(chosen)]
                yield from zip(chosen, made, strict=True)
            elif self.batch == 1:
                raise EngineError("a single trace needs too much memory", next_step="lower --max-new-tokens")
            else:
                self.batch = max(1, min(self.batch, len(chosen)) // 2)

    def _fits(self, cases: Sequence[Case]) -> list[Answers] | None:
        """The answers of some cases, None if memory runs out."""
        try:
            return self._force(cases)
        except (MemoryError, RuntimeError) as error:
            is_known = isinstance(error, MemoryError | torch.OutOfMemoryError)
            if not is_known and not any(said in str(error) for said in _OUT_OF_MEMORY):
                raise
        torch.cuda.empty_cache()  # here, because the error no longer keeps the batch alive; does nothing on a CPU
        return None

    def _force(self, cases: Sequence[Case]) -> list[Answers]:
        made: list[Answers] = [{} for _ in cases]
        prompts = self._reader.read([case.prompt for case in cases])
        # The student's own traces first: the answers after them are scored after all other traces.
        for is_own in (True, False):
            traces = [_traces(case, is_own) for case in cases]
            if not is_own:
                self._write_on(prompts, cases, traces)
            rows = [list(self._rows(*each)) for each in zip(cases, traces, made, strict=True)]
            whole = [[row for row in of_case if not isinstance(row.forcing, Blocked)] for of_case in rows]
            self._read_on(prompts, [(0, of_case) for of_case in whole])
            blocked = [
                (at, row) for at, of_case in enumerate(rows) for row in of_case if isinstance(row.forcing, Blocked)
            ]
            self._answer_blocked(prompts, blocked)
        return made

    def _write_on(self, prompts: Read, cases: Sequence[Case], traces: Sequence[Traces]) -> None:
        """Let the student write the traces that it begins with; stores each whole trace, or the reason why there is none."""
        open_ = [(at, one) for at, case in enumerate(cases) for one in case.traces if isinstance(one, WrittenOn)]
        for begin in range(0, len(open_), self.batch):
            batch = open_[begin : begin + self.batch]
            begun = [beginning_ids(self.tokenizer, one.begin) for _, one in batch]
            draws = {row: _draws(cases[at], one) for row, (at, one) in enumerate(batch)}
            rooms = [self._room(cases[at], ids) for (at, _), ids in zip(batch, begun, strict=True)]
            limits = {row: min(self.max_new_tokens, room) for row, room in enumerate(rooms) if room > 0}
            read = prompts.then([at for at, _ in batch], begun)
            made = read.write(self._trace_stopping, limits, sampled(draws)) if limits else {}
            for row, (at, one) in enumerate(batch):
                trace = written_trace(self.tokenizer, begun[row], made[row].ids) if row in made else None
                reason = "the student did not end its trace" if row in made else _NO_ROOM
                traces[at][one] = Unsupported(reason) if trace is None else trace

    def _rows(self, case: Case, traces: Traces, made: Answers) -> Iterator[_Row]:
        """The rows to read; a reason why there is no row is stored in `made`."""
        own = None if case.own is None else made.get(case.own)
        known = [own.answer] if isinstance(own, Answered) and own.answer is not None else []
        for forcing, trace in traces.items():
            if isinstance(trace, Unsupported):
                made[forcing] = trace
                continue
            row = _Row(case, forcing, trace, prefix_ids(self.tokenizer, trace), {}, made)
            try:
                self._check_room(row, 1)
                for answer in (*case.traces.get(forcing, ()), *known):
                    self._add(row, answer)
                yield row
            except Unsupported as why:
                made[forcing] = why

    def _add(self, row: _Row, answer: str) -> None:
        """Add an answer to score. Raises Unsupported if it cannot be scored."""
        ids = answer_ids(self.tokenizer, row.trace, row.prefix, answer)
        self._check_room(row, len(ids))
        row.answers[answer] = ids

    def _room(self, case: Case, prefix: Ids) -> int:
        """The largest number of tokens after the prompt and these ids."""
        context = self._reader.context
        return 2**31 if context is None else context - len(case.prompt) - len(prefix)

    def _check_room(self, row: _Row, tokens: int) -> None:
        if self._room(row.case, row.prefix) < tokens:
            raise Unsupported(_NO_ROOM)

    def _read_on(self, read: Read, nodes: Sequence[tuple[int, Sequence[_Row]]]) -> None:
        """For each text that was read: the rows that continue it, and how many of their tokens are read already."""
        parts = [
            _Part(after, begin, end, [rows[place] for place in places])
            for after, (begin, rows) in enumerate(nodes)
            if rows
            for end, places in shared_prefixes([row.prefix for row in rows], begin, _WORTH)
        ]
        for part in self._batches([part for part in parts if len(part.rows) == 1]):
            self._answer(_then(read, part), [one.rows[0] for one in part])
        for part in self._batches([part for part in parts if len(part.rows) > 1]):
            self._read_on(_then(read, part), [(one.end, one.rows) for one in part])

    def _batches(self, parts: Sequence[_Part]) -> Iterator[list[_Part]]:
        """Batches of parts with similar length."""
        ordered = sorted(parts, key=lambda part: part.begin - part.end)
        return (ordered[at : at + self.batch] for at in range(0, len(ordered), self.batch))

    def _answer_blocked(self, prompts: Read, rows: Sequence[tuple[int, _Row]]) -> None:
        """Answer after traces of which a part is then hidden, each with the index of its prompt."""
        ordered = sorted(rows, key=lambda one: -len(one[1].prefix))
        for begin in range(0, len(ordered), self.batch):
            batch = ordered[begin : begin + self.batch]
            places = [trace_in_prefix(self.tokenizer, row.trace) for _, row in batch]
            ends = [max(1, end) for _, end in places]
            read = prompts.then(
                [at for at, _ in batch], [row.prefix[:end] for (_, row), end in zip(batch, ends, strict=True)]
            )
            hidden = [_hidden(row, place) for (_, row), place in zip(batch, places, strict=True)]
            tails = [row.prefix[end:] for (_, row), end in zip(batch, ends, strict=True)]
            self._answer(read.hiding(hidden).then(range(len(batch)), tails), [row for _, row in batch])

    def _answer(self, read: Read, rows: Sequence[_Row]) -> None:
        """Decode the answers after these traces, and score given answers."""
        scored: list[dict[str, Scored]] = [{} for _ in rows]
        made = self._score(read, rows, scored)
        rooms = [self._room(row.case, row.prefix) for row in rows]
        limits = {at: min(self.max_new_tokens, room) for at, room in enumerate(rooms) if at not in made}
        made |= read.write(self._stopping, limits)
        answers = [answer_text(self.tokenizer, row.prefix, made[at].ids) for at, row in enumerate(rows)]
        kept = [at for at, row in enumerate(rows) if self._add_own(row, answers[at])]
        self._score(read, rows, scored)
        for at in kept:
            rows[at].made[rows[at].forcing] = Answered(rows[at].trace, answers[at], made[at].finish, scored[at])

    def _add_own(self, row: _Row, answer: str | None) -> bool:
        """Add the answer after the student's own trace to the answers to score; False if it cannot be scored."""
        try:
            if row.forcing == row.case.own and answer is not None and answer not in row.answers:
                self._add(row, answer)
            return True
        except Unsupported as why:
            row.made[row.forcing] = why
            return False

    def _score(self, read: Read, rows: Sequence[_Row], scored: Sequence[dict[str, Scored]]) -> dict[int, Generation]:
        """Score the answers that are not scored yet. Returns, by row, those that the student would write."""
        found: dict[int, Generation] = {}
        wanted = [
            (at, *item) for at, row in enumerate(rows) for item in row.answers.items() if item[0] not in scored[at]
        ]
        for begin in range(0, len(wanted), self.batch):
            part = wanted[begin : begin + self.batch]
            scores = read.score([at for at, _, _ in part], [ids for _, _, ids in part])
            for (at, answer, ids), (logp, is_likeliest) in zip(part, scores, strict=True):
                scored[at][answer] = Scored(logp, len(ids))
                if is_likeliest and self._is_whole(whole := Generation(ids, "stop")):
                    found[at] = whole
        return found

    def _is_whole(self, made: Generation) -> bool:
        """Whether an answer ends exactly where the student would stop."""
        return len(made.ids) <= self.max_new_tokens and self._stopping.cut(made.ids, "length") == made


def _traces(case: Case, own: bool) -> Traces:
    """The student's own trace, or all others that are forced, each once. Those that it writes on are only their beginnings."""
    forcings = dict.fromkeys([*case.traces, *([] if case.own is None else [case.own])])
    return {one: one if isinstance(one, str) else one[0] for one in forcings if (one == case.own) == own}


def _draws(case: Case, one: WrittenOn) -> Random:
    assert case.draws is not None, "what a student writes on needs random draws"
    return case.draws(one.purpose)


def _hidden(row: _Row, trace: tuple[int, int]) -> tuple[int, int]:
    """The tokens of prompt and prefix that are hidden; `trace` says which of the prefix hold the trace."""
    assert isinstance(row.forcing, Blocked)
    if row.forcing.part == "story":
        return row.case.story
    return len(row.case.prompt) + trace[0], len(row.case.prompt) + trace[1]


def _then(read: Read, parts: Sequence[_Part]) -> Read:
    return read.then([part.after for part in parts], [part.ids for part in parts])
