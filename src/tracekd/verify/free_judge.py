"""Judges outputs with free traces: each statement by rule, and the answer against gold and against the statements."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tracekd.problem import Problem
from tracekd.statements import get_grammar
from tracekd.statements.grounding import Grammar, Grounder
from tracekd.statements.judging import judge_trace
from tracekd.statements.statement import Statement
from tracekd.tasks.context import Context
from tracekd.tasks.contract import Task
from tracekd.tasks.normalize import normalize_answer, normalize_fact
from tracekd.tasks.what_follows import answers
from tracekd.transcript.transcript import Finish, Transcript
from tracekd.verify.answer import Comparison
from tracekd.verify.citation import nearest, scores
from tracekd.verify.free_verdict import FreeVerdict
from tracekd.verify.parse import parse_transcript


@dataclass(frozen=True, slots=True)
class FreeProblem:
    """A problem, prepared for the free traces of its outputs. `texts`: the normalised text of each fact, by its id.

    `labels`: the classes by whose rules answers are derived; `has_answer`: a rule derives one from the whole context.
    """

    problem: Problem
    context: Context
    grounder: Grounder
    comparison: Comparison
    texts: dict[str, str]
    golds: dict[str, tuple[frozenset[str], ...]]
    labels: tuple[str, ...]
    premises: tuple[str, ...]
    has_answer: bool


@dataclass(frozen=True, slots=True)
class FreeJudge:
    """Judges the free traces of one task."""

    task: Task
    grammar: Grammar[Any]

    @classmethod
    def of(cls, task: Task) -> "FreeJudge":
        """The judge of a task. Raises UserError if there is no grammar for its free traces."""
        return cls(task, get_grammar(task.name))

    def prepare(self, problem: Problem) -> FreeProblem:
        """Prepare a problem for all its outputs."""
        context = Context.of(problem)
        texts = {fact.id: context.normal[fact.text] for fact in problem.context}
        golds: dict[str, tuple[frozenset[str], ...]] = {
            kind: (frozenset([texts[id_] for id_ in ids]),) for kind, ids in problem.support.items()
        }
        golds["trace"] = tuple([frozenset([texts[id_] for id_ in ids]) for ids in problem.gold_sets])
        classes = self.task.classify(problem.question, context.texts)
        labels = tuple(filter(self.task.has_rule, self.task.labels if classes is None else sorted(classes)))
        premises = self.task.premises(problem.question, context.texts)
        derived = any(self.task.derive(problem.question, context.texts, label) is not None for label in labels)
        return FreeProblem(
            problem, context, self.grammar.prepare(problem.question, problem.context), Comparison.of(problem.answer),
            texts, golds, labels, tuple([context.normal[context.texts[at]] for at in premises]), derived,
        )  # fmt: skip

    def judge(
        self, prepared: FreeProblem, text: str, *, reasoning: str | None = None, finish: Finish = "stop"
    ) -> FreeVerdict:
        """The verdict on the output `text`. `reasoning` is what a field of its own says. Never raises, whatever the text."""
        return self.verdict(prepared, Transcript.of(text, reasoning=reasoning, finish=finish), finish)

    def verdict(self, prepared: FreeProblem, transcript: Transcript, finish: Finish = "stop") -> FreeVerdict:
        """The verdict on an output that is divided already. Without marks around the reasoning, all of it is the trace."""
        parsed = parse_transcript(transcript, self.task.template, finish)
        whole = transcript.answer if transcript.reasoning is None else transcript.reasoning
        # After whole reasoning, the token limit cut the answer, not the trace.
        is_cut_off = finish == "length" and transcript.reasoning is None
        statements = judge_trace(whole, prepared.grounder, is_cut_off=is_cut_off)
        answer_text = parsed.answer_text
        is_right = prepared.comparison.is_right_leniently(answer_text)
        last = _last_answer(statements)
        if last is not None and transcript.reasoning is None and "<answer>" not in transcript.answer:
            answer_text = last.text
            is_right = is_right or prepared.comparison.is_right_leniently(last.text) or _is_right(prepared, last)
        used = self._used(prepared, statements)
        facts = frozenset([prepared.texts[id_] for id_ in used])
        holding, standing = self._follow(prepared, statements, answer_text)
        return FreeVerdict(
            id=prepared.problem.id,
            statements=statements,
            used=used,
            support={
                kind: nearest(facts, golds)[1] if len(golds) > 1 else scores(facts, golds[0])
                for kind, golds in prepared.golds.items()
            },
            label=prepared.problem.label,
            stated_label=_stated_label(statements, self.task.labels),
            answer_text=answer_text,
            answer=prepared.comparison.is_right(answer_text),
            lenient_answer=is_right,
            follows_from_holding=holding,
            follows_from_standing=standing,
        )

    def _used(self, prepared: FreeProblem, statements: Iterable[Statement]) -> tuple[str, ...]:
        """The facts on which the holding statements rest, in the order of the context; not those of the answer itself."""
        used = {id_ for one in statements if one.holds and not one.is_answer for id_ in one.facts}
        return tuple([fact.id for fact in prepared.problem.context if fact.id in used])

    def _follow(
        self, prepared: FreeProblem, statements: Sequence[Statement], answer: str | None
    ) -> tuple[bool | None, bool | None]:
        if answer is None or not prepared.has_answer:
            return None, None
        holding = _facts(prepared, [one for one in statements if one.holds])
        standing = _facts(prepared, _standing(statements))
        follows = self._is_derived(prepared, holding, answer)
        return follows, follows if standing == holding else self._is_derived(prepared, standing, answer)

    def _is_derived(self, prepared: FreeProblem, cited: Sequence[str], answer: str) -> bool:
        """Whether the answer follows from these facts; with each event that the question assumes, if none is cited."""
        if not cited:
            return False
        leaves_out = prepared.premises and not set(cited) & set(prepared.premises)
        for more in [(premise,) for premise in prepared.premises] if leaves_out else [()]:
            found = answers(
                self.task.derive, prepared.problem.question, prepared.context, (*cited, *more), prepared.labels
            )
            if any(Comparison.of(derived).is_right_leniently(answer) for derived in dict.fromkeys(found)):
                return True
        return False


def _facts(prepared: FreeProblem, statements: Iterable[Statement]) -> tuple[str, ...]:
    """The normalised facts that these statements rest on or state, each once, except those of the answer itself."""
    found: dict[str, None] = {}
    for one in statements:
        if one.is_answer:
            continue
        if one.holds:
            found |= dict.fromkeys([prepared.texts[id_] for id_ in one.facts])
        elif one.as_fact is not None:
            found[normalize_fact(one.as_fact)] = None
    return tuple(found)


def _standing(statements: Sequence[Statement]) -> Iterator[Statement]:
    """The statements that the trace ends on: the last one on each slot, except what was taken back."""
    last = {one.slot: at for at, one in enumerate(statements) if one.slot is not None and one.is_claim}
    for at, one in enumerate(statements):
        if one.taken_back_by is None and one.is_claim and (one.slot is None or last[one.slot] == at):
            yield one


def _last_answer(statements: Sequence[Statement]) -> Statement | None:
    return next((one for one in reversed(statements) if one.is_answer), None)


def _is_right(prepared: FreeProblem, said: Statement) -> bool:
    """Whether the values that a statement names are the gold answer."""
    return prepared.comparison.are_right([normalize_answer(value) for value in said.answer])


def _stated_label(statements: Sequence[Statement], labels: Sequence[str]) -> str | None:
    """The class that the statements say: the last one that names it, else what the relations say together."""
    named = [one.label for one in statements if one.label is not None and one.slot == ("class",)]
    if named:
        return named[-1]
    implied = {one.label for one in statements if one.label is not None and one.holds}
    if len(implied) > 1 and "mix" in labels:
        return "mix"
    return implied.pop() if len(implied) == 1 else None
