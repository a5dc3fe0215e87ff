"""A question and its context, prepared to read free traces: their statements, the answer, and what follows. No gold is used."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from tracekd.errors import UserError
from tracekd.problem import Answer, Fact
from tracekd.statements import get_grammar, grammar_names
from tracekd.statements.grounding import Grounder
from tracekd.statements.judging import judge_trace
from tracekd.statements.statement import Statement
from tracekd.tasks.context import Context
from tracekd.tasks.contract import Task
from tracekd.tasks.normalize import normalize_answer, normalize_fact
from tracekd.tasks.what_follows import answers
from tracekd.transcript.transcript import Finish, Transcript
from tracekd.verify.answer import Comparison
from tracekd.verify.parse import parse_transcript
from tracekd.verify.verdict import TraceStatus

_LONGEST_ANSWER = 500  # in characters; of a text that is nothing but an answer


class SaidAnswer(NamedTuple):
    """The answer of an output with a free trace, from the place where such models put it.

    `text` is the text in the place of our template; or, in an output without marks, the last statement that says what the
    answer is. `values` are those that this statement names, normalised. `written` is always the text in the place of our
    template.
    """

    text: str
    values: tuple[str, ...]
    written: str | None

    def is_right(self, right: Comparison) -> bool:
        """Whether this is the answer `right`, by any reading."""
        return right.is_right_leniently(self.text) or (bool(self.values) and right.are_right(list(self.values)))


class FreeReading(NamedTuple):
    """What an output with a free trace says.

    `used`: the ids of the facts on which the statements rest that hold. `stated_label`: the class that they say.
    `follows_from_holding` and `follows_from_standing`: see `FreeTrace`.
    """

    status: TraceStatus
    statements: tuple[Statement, ...]
    used: tuple[str, ...]
    stated_label: str | None
    answer: SaidAnswer | None
    follows_from_holding: bool | None
    follows_from_standing: bool | None

    @property
    def answer_text(self) -> str | None:
        """The text of the answer."""
        return None if self.answer is None else self.answer.text

    def is_right(self, gold: Comparison) -> bool:
        """Whether the answer is right by any reading, also where our template has it."""
        if self.answer is None:
            return False
        said = self.answer
        return said.is_right(gold) or (said.written != said.text and gold.is_right_leniently(said.written))

    @property
    def steps(self) -> list[tuple[int, Statement]]:
        """The claims that do not say what the answer is, each with its index."""
        return [(at, one) for at, one in enumerate(self.statements) if one.is_claim and not one.is_answer]


@dataclass(frozen=True, slots=True)
class FreeQuestion:
    """A question, prepared for the free traces of its outputs. `texts`: the normalised text of each fact, by its id.

    `labels`: the classes by whose rules answers are derived; `premises`: what the question takes as given, normalised;
    `has_answer`: a rule derives an answer from the whole context.
    """

    task: Task
    question: str
    context: Context
    grounder: Grounder
    texts: dict[str, str]
    labels: tuple[str, ...]
    premises: tuple[str, ...]
    has_answer: bool

    @classmethod
    def of(cls, task: Task, question: str, facts: Sequence[Fact], context: Context) -> "FreeQuestion":
        """Prepare a question. Raises UserError if there is no grammar for the free traces of this task."""
        check_has_grammar(task)
        classes = task.classify(question, context.texts)
        labels = tuple(filter(task.has_rule, task.labels if classes is None else sorted(classes)))
        premises = task.premises(question, context.texts)
        return cls(
            task=task,
            question=question,
            context=context,
            grounder=get_grammar(task.name).prepare(question, facts),
            texts={fact.id: context.normal[fact.text] for fact in facts},
            labels=labels,
            premises=tuple([context.normal[context.texts[at]] for at in premises]),
            has_answer=any(task.derive(question, context.texts, label) is not None for label in labels),
        )

    def read(self, transcript: Transcript, finish: Finish = "stop") -> FreeReading:
        """Read an output that is divided already. Never raises.

        Without marks around the reasoning, all text before the answer's mark is the trace; but one short statement alone
        that cannot be read is an answer, not a trace.
        """
        parsed = parse_transcript(transcript, self.task.template, finish)
        if transcript.reasoning is not None:
            statements = judge_trace(transcript.reasoning, self.grounder)
            answer = _answer(parsed.answer_text, ())
        else:
            text, mark, _ = transcript.answer.partition("<answer>")
            statements = judge_trace(text, self.grounder, is_cut_off=finish == "length" and not mark)
            if len(statements) == 1 and not statements[0].is_read and len(text) <= _LONGEST_ANSWER:
                statements = ()
            answer = _answer(parsed.answer_text, () if mark else statements)
        says_more = any(one.is_claim and not one.is_answer for one in statements)
        holding, standing = self._follow(statements, answer)
        return FreeReading(
            status="ok" if parsed.status == "no_trace" and says_more else parsed.status,
            statements=statements,
            used=self._used(statements),
            stated_label=_stated_label(statements, self.task.labels),
            answer=answer,
            follows_from_holding=holding,
            follows_from_standing=standing,
        )

    def following(self, statements: Iterable[Statement]) -> Iterator[Comparison]:
        """The answers that follow by rule from what these statements rest on or state, each once, ready for comparison.

        If the question assumes an event and no statement rests on it, each such event is added in turn.
        """
        return map(Comparison.of, self._derived(self._facts(statements)))

    def _derived(self, cited: Sequence[str]) -> Iterator[Answer]:
        if not cited:
            return
        found: set[Answer] = set()
        leaves_out = self.premises and not set(cited) & set(self.premises)
        for more in [(premise,) for premise in self.premises] if leaves_out else [()]:
            for answer in answers(self.task.derive, self.question, self.context, (*cited, *more), self.labels):
                if answer not in found:
                    found.add(answer)
                    yield answer

    def _used(self, statements: Iterable[Statement]) -> tuple[str, ...]:
        """The facts on which the holding statements rest, in the order of the context; not those of the answer itself."""
        used = {id_ for one in statements if one.holds and not one.is_answer for id_ in one.facts}
        return tuple([id_ for id_ in self.texts if id_ in used])

    def _follow(self, statements: Sequence[Statement], answer: SaidAnswer | None) -> tuple[bool | None, bool | None]:
        if answer is None or not self.has_answer:
            return None, None
        holding = self._facts([one for one in statements if one.holds])
        standing = self._facts(standing_statements(statements))
        # Mostly the same answer follows from both.
        is_said = lru_cache(maxsize=None)(lambda derived: answer.is_right(Comparison.of(derived)))
        follows = any(map(is_said, self._derived(holding)))
        return follows, follows if standing == holding else any(map(is_said, self._derived(standing)))

    def _facts(self, statements: Iterable[Statement]) -> tuple[str, ...]:
        """The normalised facts that these statements rest on or state, each once, except those of the answer itself."""
        found: dict[str, None] = {}
        for one in statements:
            if one.is_answer:
                continue
            if one.holds:
                found |= dict.fromkeys([self.texts[id_] for id_ in one.facts])
            elif one.as_fact is not None:
                found[normalize_fact(one.as_fact)] = None
        return tuple(found)


def check_has_grammar(task: Task) -> None:
    """Raises UserError if there is no grammar for the free traces of this task."""
    if task.name not in grammar_names():
        raise UserError(
            f"free traces of {task.name} cannot be judged: there is no grammar for its statements",
            expected=f"a task with a grammar: {', '.join(sorted(grammar_names()))}",
            next_step=f"judge its traces by the template: tracekd verify OUTPUTS --task {task.name} --trace template",
        )


def standing_statements(statements: Sequence[Statement]) -> Iterator[Statement]:
    """The statements that the trace ends on: the last one on each slot, except what was taken back."""
    last = {one.slot: at for at, one in enumerate(statements) if one.slot is not None and one.is_claim}
    for at, one in enumerate(statements):
        if one.taken_back_by is None and one.is_claim and (one.slot is None or last[one.slot] == at):
            yield one


def _answer(written: str | None, statements: Sequence[Statement]) -> SaidAnswer | None:
    """The answer, from the last of these statements that says what it is, or else from the place of our template."""
    last = next((one for one in reversed(statements) if one.is_answer), None)
    if last is not None:
        return SaidAnswer(last.text, tuple(map(normalize_answer, last.answer)), written)
    return None if written is None else SaidAnswer(written, (), written)


def _stated_label(statements: Sequence[Statement], labels: Sequence[str]) -> str | None:
    """The class that the statements say: the last one that names it, else what the relations say together."""
    named = [one.label for one in statements if one.label is not None and one.slot == ("class",)]
    if named:
        return named[-1]
    implied = {one.label for one in statements if one.label is not None and one.holds}
    if len(implied) > 1 and "mix" in labels:
        return "mix"
    return implied.pop() if len(implied) == 1 else None
