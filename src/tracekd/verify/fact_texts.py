"""Which facts a text cites: one item of a list, a text without a list, or the lines below.

Facts are compared after `normalize_fact`. A fact with a title may be quoted without it, if no other fact has the same
text. Models also write several facts as one text, and put marks around them. Such a text is read as facts if it consists
of exact facts of the context and marks (`verify.marks`), and nothing else; otherwise it is one fact, which the context
does not have.
"""

from collections.abc import Iterator, Sequence

from tracekd.tasks.context import Context
from tracekd.tasks.normalize import normalize_fact
from tracekd.verify.marks import BETWEEN, ITEM, without_marks
from tracekd.verify.parse import first_line

# A cited fact, normalised and as written.
Cited = tuple[str, str]
_FENCE = "```"


def split(text: str, context: Context) -> list[str] | None:
    """The facts that a normalised text consists of; None if the text contains anything else.

    If several facts begin at the same place, the longest is used, without backtracking: time is linear in the
    length of the text, and grows with the logarithm of the number of facts.
    """
    found: list[str] = []
    at = 0
    while at < len(text):
        if quotation := _longest_at(text, at, context):
            found.append(context.quotations[quotation])
            at += len(quotation)
        elif between := BETWEEN.match(text, at):
            at = between.end()
        else:
            return None
    return found or None


def _longest_at(text: str, at: int, context: Context) -> str:
    """The longest quotation of a fact that begins here and ends a word; an empty text if there is none."""
    begun = context.prefixes.of(text, at)
    return next((quotation for quotation in begun if _ends_word(text, at + len(quotation))), "")


def _ends_word(text: str, at: int) -> bool:
    return not text[at : at + 1].isalnum()


def facts_of_item(written: str, context: Context) -> Iterator[Cited]:
    """The facts of one item of a list."""
    yield from _known_facts(written, context) or [(normalize_fact(written), written)]


def _known_facts(written: str, context: Context) -> list[Cited]:
    """The facts of the context that a text consists of; empty if it contains anything else."""
    text = normalize_fact(written)
    if text in context.places:
        return [(text, written)]
    if fact := context.quotations.get(text):
        return [(fact, fact)]
    return [(fact, fact) for fact in split(text, context) or _split_unmarked(written, context) or ()]


def _split_unmarked(written: str, context: Context) -> list[str] | None:
    """The facts in a text after marks inside it are removed; None if it has no such marks, or contains anything else."""
    plain = without_marks(written)
    if plain == written:
        return None
    text = normalize_fact(plain)
    fact = context.quotations.get(text)
    return split(text, context) if fact is None else [fact]


def facts_of_bare_text(written: str, context: Context) -> Iterator[Cited]:
    """The facts in a text without a list: the whole text, or its first line and what is cited below it."""
    if known := _known_facts(written, context):
        yield from known
        return
    text = _from_first_words(written)
    if _is_row(text):
        yield from facts_of_lines(text, context)
    else:
        yield from facts_of_item(first_line(text), context)
        yield from facts_of_lines(text.partition("\n")[2], context)


def facts_of_lines(text: str, context: Context) -> Iterator[Cited]:
    """The facts in lines without an introduction: lines that are facts of the context, or marked as items of a list.

    Rows of a table and lines inside a fence are items.
    """
    rows: list[str] = []
    has_fences = text.count(_FENCE) % 2 == 0  # otherwise it is unknown which of them opens
    is_fenced = False
    for line in filter(None, map(str.strip, text.splitlines())):
        if _is_row(line):
            rows.append(line)
            continue
        yield from _facts_of_table(rows, context)
        rows = []
        if line.startswith(_FENCE):
            is_fenced = has_fences and not is_fenced
        elif _has_words(line):
            yield from _facts_of_line(line, is_fenced, context)
    yield from _facts_of_table(rows, context)


def _facts_of_line(line: str, is_item: bool, context: Context) -> Iterator[Cited]:
    item = ITEM.match(line)
    for fact, written in facts_of_item(line[item.end() :] if item else line, context):
        if item or is_item or fact in context.places:
            yield fact, written


def _facts_of_table(rows: Sequence[str], context: Context) -> Iterator[Cited]:
    """The facts in a table's columns of facts. Without such a column, every row is one fact, which is invented."""
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in _body(rows)]
    columns = sorted({at for row in cells for at, cell in enumerate(row) if cell and _known_facts(cell, context)})
    for row in cells:
        cited = [row[at] for at in columns if at < len(row)] or [max(row, key=len)]
        for cell in filter(_has_words, cited):
            yield from facts_of_item(cell, context)


def _body(rows: Sequence[str]) -> Sequence[str]:
    """The rows without the heading and the line below it."""
    return rows[2:] if len(rows) > 1 and not rows[1].strip("|-: ") else rows


def _is_row(line: str) -> bool:
    return line.startswith("|")


def _from_first_words(text: str) -> str:
    """The text from the first line that has more than marks."""
    at = 0
    for line in text.splitlines(keepends=True):
        if not line.startswith(_FENCE) and _has_words(line):
            return text[at:].lstrip()
        at += len(line)
    return text


def _has_words(line: str) -> bool:
    return any(map(str.isalnum, without_marks(line)))
