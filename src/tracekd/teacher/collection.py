"""The texts of a teacher for some problems: the requests, and their results."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracekd.files import write_jsonl
from tracekd.problem import Problem
from tracekd.regimes.teacher import KINDS
from tracekd.tasks.template import Template
from tracekd.teacher.completion import take_apart
from tracekd.teacher.gate import ANSWER_GATE, Gate
from tracekd.teacher.log import RawLog
from tracekd.teacher.manifest import Counts, Recipe
from tracekd.teacher.prompts import ChatRequest, Prompt, ask_explanation, ask_summary, ask_trace
from tracekd.teacher.texts import REJECTED, KeptText, RejectedText, judge_derived, judge_trace, kept_file
from tracekd.transcript.chat_completion import Completion, read_completion
from tracekd.transcript.trace_tags import TraceTags

TRACE, SUMMARY = KINDS[:2]


@dataclass(frozen=True)
class Collection:
    """The texts for some problems, in their order: the requests, and their results. A pure function of the logs.

    `tags` are marks of reasoning that the user names; `gate` decides which traces are kept.
    """

    problems: Sequence[Problem]
    template: Template
    recipes: Mapping[str, Recipe]
    prompts: Mapping[str, Prompt]
    logs: Mapping[str, RawLog]
    tags: TraceTags | None = None
    gate: Gate = ANSWER_GATE

    def requests(self, kind: str) -> Iterator[ChatRequest]:
        """The requests for a kind of text: a trace for every problem; the other kinds only if the trace is kept."""
        prompt, recipe = self.prompts[kind], self.recipes[kind]
        if kind == TRACE:
            for problem in self.problems:
                yield ask_trace(problem, self.template, prompt, recipe)
            return
        for first, kept, reply in self._kept_traces():
            if kind == SUMMARY:
                yield ask_summary(first.problem, kept.text, prompt, recipe)
            else:
                yield ask_explanation(first.problem, first.messages[0], reply, prompt, recipe)

    def is_open(self, kind: str) -> bool:
        """Whether a request has no answer yet. A text that is made from a trace counts only if the trace exists."""
        return any(not self.logs[kind].has_answer(request.key) for request in self.requests(kind))

    def _kept_traces(self) -> Iterator[tuple[ChatRequest, KeptText, str]]:
        """The request of each kept trace, the trace, and the text that followed it."""
        for request in self.requests(TRACE):
            completion = self._completion(request)
            if completion is not None:
                judged = judge_trace(request.problem, completion, self.template, self.gate)
                if isinstance(judged, KeptText):
                    parts = take_apart(completion, self.template)
                    yield request, judged, parts.text or judged.answer

    def _completion(self, request: ChatRequest) -> Completion | None:
        attempt = self.logs[request.kind].answer(request.key)
        return None if attempt is None else read_completion(attempt.payload, self.tags)

    def judged(self, kind: str) -> Iterator[KeptText | RejectedText | None]:
        """The result of each request of a kind, in the order of the problems; None for a request that was not sent yet."""
        answers = {} if kind == TRACE else {kept.id: kept.answer for _, kept, _ in self._kept_traces()}
        for request in self.requests(kind):
            completion, problem = self._completion(request), request.problem
            if completion is None:
                reason = self.logs[kind].failures.get(request.key)
                yield None if reason is None else RejectedText(id=problem.id, kind=kind, reason=reason, failed=True)
            elif kind == TRACE:
                yield judge_trace(problem, completion, self.template, self.gate)
            else:
                yield judge_derived(problem, kind, answers[problem.id], completion, self.template)

    def write(self, folder: Path) -> dict[str, Counts]:
        """Write the kept and the rejected texts, in the order of the problems. Returns the counts of each kind."""
        counts: dict[str, Counts] = {}
        rejected: list[RejectedText] = []
        for kind in filter(self.recipes.__contains__, KINDS):
            judged = list(self.judged(kind))
            kept = [each for each in judged if isinstance(each, KeptText)]
            refused = [each for each in judged if isinstance(each, RejectedText)]
            write_jsonl(kept_file(folder, kind), kept)
            rejected += refused
            counts[kind] = self._counts(kind, len(judged), kept, refused)
        write_jsonl(folder / REJECTED, rejected)
        return counts

    def _counts(self, kind: str, wanted: int, kept: Sequence[KeptText], refused: Sequence[RejectedText]) -> Counts:
        log = self.logs[kind]
        return Counts(
            wanted=wanted,
            kept=len(kept),
            rejected=_by_reason(each for each in refused if not each.failed),
            failed=_by_reason(each for each in refused if each.failed),
            left=wanted - len(kept) - len(refused),
            requests=log.requests,
            tokens=log.tokens,
            estimated=log.estimated,
            served_by=dict(Counter(each.model for each in kept).most_common()),
        )


def _by_reason(refused: Iterator[RejectedText]) -> dict[str, int]:
    return dict(Counter(each.reason for each in refused).most_common())
