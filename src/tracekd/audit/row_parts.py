"""The parts of a row: what it says, its gold, and what its regime intends."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracekd.audit.features import cites_bare
from tracekd.audit.gold import Gold, gold_of
from tracekd.plain_text import plain_line
from tracekd.regimes.intent import Intent
from tracekd.sft.supervised_row import SupervisedRow
from tracekd.tasks import Task
from tracekd.tasks.context import Context, normalized
from tracekd.tasks.normalize import fold_space, normalize_answer
from tracekd.tasks.prompt_parts import Prompt, take_apart
from tracekd.verify.answer import lenient_answer_is_right
from tracekd.verify.parse import Parsed, parse

# What a check says about a row: "" for no fault, a description of the fault, or None if the row could not be checked.
Said = str | None
FINE = ""

_QUOTED = 100


@dataclass(frozen=True, slots=True)
class Expected:
    """The usual form of a regime's rows: whether they have a class, facts, a list of facts, an `<answer>` tag; the forms of
    prompt and answer."""

    label: bool
    facts: bool
    listed: bool
    tagged: bool
    prompt_form: str
    answer_form: str


@dataclass(frozen=True, slots=True)
class RowParts:
    """The parts of a row that do not depend on its regime. `bare`: facts are cited without a list around them."""

    source: SupervisedRow
    prompt: Prompt
    parsed: Parsed
    gold: Gold
    bare: bool


@dataclass(frozen=True, slots=True)
class RegimeRow(RowParts):
    """A row of a regime.

    `cited` are the cited facts, normalised; `context` has the facts that the row could cite.
    `differs`: the message's answer is not the row's gold answer. `asks_another` says why its messages belong to another
    question (None if they do not).
    """

    task: Task
    regime: str
    intent: Intent
    expected: Expected
    cited: tuple[str, ...]
    context: Context
    differs: bool
    asks_another: Said

    @property
    def comparable(self) -> bool:
        """Whether the row's gold belongs to its messages. A message of another row should count as one fault, not as five."""
        return not self.asks_another


def row_parts(row: SupervisedRow, task: Task, name: str) -> RowParts:
    """The parts of a row; `name` is the name of its file."""
    template = task.template
    prompt, parsed = take_apart(row.prompt, template, row.question), parse(row.completion, template, "stop")
    column = None
    if row.question is not None and row.question != prompt.question:
        column = prompt if row.question == row.prompt else take_apart(row.question, template)
    return RowParts(row, prompt, parsed, gold_of(row, prompt, column, task, name), cites_bare(parsed, template))


def regime_row(parts: RowParts, task: Task, regime: str, intent: Intent, expected: Expected) -> RegimeRow:
    """The row as one of this regime."""
    cited = tuple(map(normalized, parts.parsed.cited or ()))
    context = Context.of_texts(parts.gold.context or ())
    differs = _answer_differs(parts)
    elsewhere = intent.quotes and differs and bool(cited and context.places) and context.places.keys().isdisjoint(cited)
    return RegimeRow(
        parts.source, parts.prompt, parts.parsed, parts.gold, parts.bare, task, regime, intent, expected, cited, context,
        differs, _asks_another(parts, cited if elsewhere else ()),
    )  # fmt: skip


def _asks_another(parts: RowParts, cited_elsewhere: Sequence[str]) -> Said:
    """Why the messages belong to another row; None if they do not, or if the row says too little for a comparison."""
    row, prompt, gold, parsed = parts.source, parts.prompt, parts.gold, parts.parsed
    if row.question is None or prompt.question is None or gold.question is None:
        return None
    if prompt.question != gold.question and fold_space(prompt.question) != fold_space(gold.question):
        return f"the message asks {quoted(prompt.question)}, the row {quoted(gold.question)}"
    if row.context is not None and prompt.facts is not None and _all(row.context).isdisjoint(_all(prompt.facts)):
        return f"the message shows other facts than the row, such as {quoted(prompt.facts[0])}"
    # If the released rows have no passage, they cite the answer itself. That is a different fault.
    if cited_elsewhere and normalize_answer(parsed.answer_text or "") not in map(normalize_answer, cited_elsewhere):
        return f"the message cites other facts, such as {quoted(cited_elsewhere[0])}, and answers {answered(parsed)}"
    return FINE


def _all(texts: Iterable[str]) -> set[str]:
    return set(map(normalized, texts))


def _answer_differs(parts: RowParts) -> bool:
    said, gold = parts.parsed.answer_text, parts.gold.answer
    return gold is not None and said != parts.source.answer and not lenient_answer_is_right(said, gold)


def answered(parsed: Parsed) -> str:
    """The answer, quoted for people."""
    return "nothing" if parsed.answer_text is None else quoted(parsed.answer_text)


def answer_form(parsed: Parsed) -> str:
    """Whether the answer is written as a list."""
    return "a list" if (parsed.answer_text or "").startswith(("['", '["', "[]")) else "free text"


def quoted(text: str) -> str:
    """A short piece of a text, on one line, without control characters."""
    line = " ".join(text[: 3 * _QUOTED].split())
    shown = line if len(line) <= _QUOTED else line[: _QUOTED - 3] + "..."
    return "'" + plain_line(shown) + "'"
