"""A teacher's trace judged statement by statement: cut before its first false statement, or taken because it has one."""

from collections.abc import Sequence

from tracekd.problem import Problem
from tracekd.regimes.contract import Unsupported
from tracekd.statements import get_grammar, grammar_names
from tracekd.statements.grounding import Grounder
from tracekd.statements.judging import judge_trace
from tracekd.statements.statement import Statement

# Marks that may close what a statement stands in, such as `**Mary is in the garden**`.
_CLOSING = "*_`)]}'\"\u201d\u2019"
_ENDS = ".!?;\u2026\u3002"


def repaired(problem: Problem, text: str) -> str:
    """The text before its first false statement, or all of it if none is false.

    The cut is at the place of a statement: what remains ends with the statement before, and the words, line ends and marks of
    list items that lead over to the false one are cut, too. A sentence that is cut in its middle gets a full stop, and bold
    text or a block of code gets its end. Headings and other announcements that nothing follows any more are cut as well.
    Raises Unsupported if no claim that holds remains, or if the task has no grammar.
    """
    statements = judged(problem, text)
    first = _first_false(statements)
    if first is None:
        return text
    kept = list(statements[:first])
    while kept and not kept[-1].holds and kept[-1].text.rstrip(_CLOSING).endswith(":"):
        kept.pop()
    if not any(one.holds for one in kept):
        raise Unsupported("no claim of the teacher's trace holds before its first false statement")
    gap = text[kept[-1].end : statements[len(kept)].start]
    closed = gap[: len(gap) - len(gap.lstrip(_CLOSING))]
    before = text[: kept[-1].end].rstrip(" ,;:") + closed
    within = "\n" not in gap and not before.rstrip(_CLOSING).endswith(tuple(_ENDS))
    return _closed(before.strip() + ("." if within else ""))


def _closed(text: str) -> str:
    """The text with the end of bold text or of a block of code that it only begins."""
    text += "**" if text.count("**") % 2 else ""
    return text + ("\n```" if text.count("```") % 2 else "")


def with_false_claim(problem: Problem, text: str) -> str:
    """The same text. Raises Unsupported if no statement of it is false, or if the task has no grammar."""
    if _first_false(judged(problem, text)) is None:
        raise Unsupported("no claim of the teacher's trace is false")
    return text


def judged(problem: Problem, text: str) -> tuple[Statement, ...]:
    """The statements of a free trace. Raises Unsupported if the task has no grammar."""
    return judge_trace(text, _grounder(problem))


def _grounder(problem: Problem) -> Grounder:
    if problem.task not in grammar_names():
        raise Unsupported(f"free traces of {problem.task} cannot be judged by rule")
    return get_grammar(problem.task).prepare(problem.question, problem.context)


def _first_false(statements: Sequence[Statement]) -> int | None:
    return next((at for at, one in enumerate(statements) if one.grounding == "contradicted"), None)
