"""Judges outputs: is each step right, is the answer right, is the answer consistent with the cited facts?"""

from dataclasses import dataclass
from functools import cache, partial
from itertools import islice

from tracekd.errors import UserError, unknown_name
from tracekd.problem import Problem
from tracekd.tasks.contract import Task
from tracekd.tasks.normalize import normalize_label
from tracekd.transcript.transcript import Transcript
from tracekd.verify.citation import Citation, Scores, nearest
from tracekd.verify.free_as_verdict import judge_free_trace
from tracekd.verify.free_judge import FreeJudge
from tracekd.verify.parse import Parsed, parse_transcript
from tracekd.verify.prepared import ConsistentAnswers, Prepared
from tracekd.verify.reason import about_answer, about_steps
from tracekd.verify.said import Said
from tracekd.verify.trace_kind import TraceKind, is_free, read_trace_kind
from tracekd.verify.verdict import STORED_CHARS, STORED_FACTS, StepVerdict, Verdict

__all__ = ["Judge", "Prepared"]

# The number of sets of cited facts for which a problem caches the consistent answers.
_KNOWN = 64
_ALL, _NONE = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges the outputs of one task, against the gold trace and by rule.

    A problem is prepared once for all its outputs. `support` is the kind of support that the headline verdict uses; None
    means the kind on which each problem's gold trace is built. `trace` says which traces the outputs have. `free` judges
    the free ones; None if all are judged by the template.
    """

    task: Task
    support: str | None = None
    trace: TraceKind = "template"
    free: FreeJudge | None = None

    @classmethod
    def of(cls, task: Task, support: str | None = None, trace: TraceKind = "template") -> "Judge":
        """The judge of a task. Raises UserError if the task has no such kind of support, or no grammar for free traces."""
        if support is not None and support not in task.support_kinds:
            raise unknown_name("kind of support", support, task.support_kinds)
        kind = read_trace_kind(trace)
        return cls(task, support, kind, None if kind == "template" else FreeJudge.of(task))

    def prepare(self, problem: Problem) -> Prepared:
        """Prepare a problem. Raises UserError if it lacks the kind of support that the headline uses."""
        if self.support is not None and self.support not in problem.support:
            raise UserError(
                f"this problem has no support of the kind {self.support!r}",
                where=problem.source,
                expected=f"one of {', '.join(problem.support) or 'none: only its trace says which facts are gold'}",
            )
        free = None if self.free is None else cache(partial(self.free.prepare, problem))
        return Prepared.of(problem, self.task, self.support, free=free)

    def judge(self, problem: Problem, output: Said) -> Verdict:
        """The verdict on one output. For several outputs of a problem, `prepare` the problem once."""
        return self.verdict(self.prepare(problem), output)

    def verdict(self, prepared: Prepared, output: Said, transcript: Transcript | None = None) -> Verdict:
        """The verdict on an output. `transcript` is given if the text alone does not say all (None: it does).

        Raises ValueError if it belongs to another problem: a faulty join must never look like wrong answers.
        """
        problem, label = prepared.problem, prepared.problem.label
        if output.id != problem.id:
            raise ValueError(f"the output is of problem {output.id!r}, not of {problem.id!r}")
        transcript = transcript or Transcript.of(output.text, finish=output.finish)
        if self.free is not None and prepared.free is not None and is_free(self.trace, transcript, self.task.template):
            return judge_free_trace(prepared, prepared.free(), self.free, output, transcript)
        parsed = parse_transcript(transcript, self.task.template, output.finish)
        citation = Citation.of(parsed, prepared.context)
        class_step = _class_step(prepared, parsed)
        retrieval_step = _retrieval_step(parsed, citation, prepared.golds)
        precision, recall, f1 = _scores(prepared, citation, retrieval_step)
        items = prepared.answer.items(parsed.answer_text)
        answer = prepared.answer.are_right(items)
        wrong = about_steps(prepared, parsed, citation, class_step, retrieval_step)
        if not answer:
            wrong.append(about_answer(prepared, parsed))
        fields = {
            "id": problem.id,
            "group": problem.group,
            "label": label,
            "regime": output.regime,
            "student": output.student,
            "seed": output.seed,
            "sample": output.sample,
            "status": parsed.status,
            "class_step": class_step,
            "retrieval_step": retrieval_step,
            "support": prepared.support,
            "retrieval": {
                kind: retrieval_step if golds is prepared.golds else _retrieval_step(parsed, citation, golds)
                for kind, golds in prepared.kinds.items()
            },
            "trace": class_step == retrieval_step == "right",
            "answer": answer,
            "lenient_answer": answer or prepared.answer.is_right_otherwise(parsed.answer_text),
            "answer_f1": prepared.answer.f1(parsed.answer_text) if problem.answer.kind == "text" else None,
            "answer_parsed": parsed.answer_text is not None,
            "stated_label": None if parsed.stated_label is None else parsed.stated_label[:STORED_CHARS],
            "cited": tuple([fact[:STORED_CHARS] for fact in islice(citation.facts.values(), STORED_FACTS)]),
            "precision": precision,
            "recall": recall,
            "f1": f1,
            "invented": len(citation.invented),
            "consistent": self._is_consistent(prepared, parsed, citation, items) if prepared.has_rule else None,
            "finish": output.finish,
            "reason": "; ".join(wrong) or "right",
            "free": None,
        }
        return Verdict.of(fields)

    def _is_consistent(self, prepared: Prepared, parsed: Parsed, citation: Citation, items: list[str] | None) -> bool:
        if parsed.answer_text is None or not citation.facts:
            return False
        # The consistent answers are kept for each set of facts of the context.
        known = None if citation.invented else prepared.known.get(citation.known)
        if known is None:
            known = ConsistentAnswers.of(self.task, prepared.problem, prepared.context, citation)
            if not citation.invented and len(prepared.known) < _KNOWN:
                prepared.known[citation.known] = known
        return known.include(parsed.answer_text, items)


def _class_step(prepared: Prepared, parsed: Parsed) -> StepVerdict:
    if parsed.stated_label is None:
        return "unparsed"
    stated = parsed.stated_label
    return "right" if stated == prepared.label or normalize_label(stated) == prepared.label else "wrong"


def _retrieval_step(parsed: Parsed, citation: Citation, golds: tuple[frozenset[str], ...]) -> StepVerdict:
    if parsed.cited is None:
        return "unparsed"
    return "right" if citation.facts.keys() in golds else "wrong"


def _scores(prepared: Prepared, citation: Citation, retrieval_step: StepVerdict) -> Scores:
    """Precision, recall and F1 against the nearest of the headline's gold sets; all 0 if no facts can be read."""
    if retrieval_step == "wrong":
        return nearest(citation.facts, prepared.golds)[1]
    return _ALL if retrieval_step == "right" else _NONE
