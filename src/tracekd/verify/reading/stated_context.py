"""The context that a record states, as the texts of facts, in the layouts of data sets.

Texts: a list, a printed list (in CSV files), or a text with one on each line. Paragraphs with titles, as HotpotQA,
2WikiMultihopQA and MuSiQue have them, in rows, in columns (the Hub), or as JSON text: each sentence or paragraph with its
title before it, as in the facts of these tasks. Passages, such as MS MARCO's, in rows or columns.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import from_json

from tracekd.tasks.list_literal import read_list
from tracekd.tasks.paragraphs import sentence_facts

# The fields in which records have the context of their question.
CONTEXT_FIELDS = (
    "context", "facts", "passages", "passage", "documents", "document", "story", "paragraphs", "contexts", "evidence",
)  # fmt: skip
_TITLE, _SENTENCES = "title", "sentences"
_TEXT_FIELDS = ("paragraph_text", "passage_text", "text", "content", "contents", "sentence", "fact")


def _context(value: Any) -> Any:
    """The texts; a value in no known layout is returned as it is."""
    if isinstance(value, str):
        return _printed(value)
    if isinstance(value, list) and (not value or isinstance(value[0], str)):  # nearly always; its type is checked later
        return value
    texts = _texts(value)
    return value if texts is None else tuple(texts)


def _printed(text: str) -> tuple[str, ...]:
    start = text.lstrip()[:1]
    if start == "[" and (listed := read_list(text)) is not None:
        return listed
    if start in ("[", "{"):
        try:
            texts = _texts(from_json(text))
        except ValueError:
            texts = None
        if texts is not None:
            return tuple(texts)
    return tuple([line for line in text.split("\n") if line.strip()])


def _texts(value: Any) -> list[str] | None:
    """The texts in a list or an object; None if its layout is not known."""
    if isinstance(value, Mapping):
        value = _rows(value)
    if not isinstance(value, list | tuple):
        return None
    found = [_of_element(each) for each in value]
    return None if any(texts is None for texts in found) else [text for texts in found if texts for text in texts]


def _rows(columns: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """The rows of a table that has a list for each column; None if it has no texts, or columns of different lengths."""
    known = {name: columns[name] for name in (_TITLE, _SENTENCES, *_TEXT_FIELDS) if isinstance(columns.get(name), list)}
    if not known or len({len(column) for column in known.values()}) > 1:
        return None
    return [dict(zip(known, row, strict=True)) for row in zip(*known.values(), strict=True)]


def _of_element(element: Any) -> list[str] | None:
    """The texts of one paragraph or passage; None if its layout is not known."""
    if isinstance(element, str):
        return [element]
    if isinstance(element, list | tuple):
        title, sentences = element if len(element) == 2 else (None, None)
        return _titled(title, sentences)
    if not isinstance(element, Mapping):
        return None
    if _SENTENCES in element:
        return _titled(element.get(_TITLE), element[_SENTENCES])
    text = next((element[name] for name in _TEXT_FIELDS if isinstance(element.get(name), str)), None)
    if text is None:
        return None
    return _titled(element[_TITLE], [text]) if isinstance(element.get(_TITLE), str) else [text] if text.strip() else []


def _titled(title: Any, sentences: Any) -> list[str] | None:
    """Sentences with the title before each of them."""
    if not isinstance(title, str) or not isinstance(sentences, list | tuple):
        return None
    if not all(isinstance(each, str) for each in sentences):
        return None
    return [fact.text for fact in sentence_facts([(title, tuple(sentences))])]


StatedContext = Annotated[tuple[str, ...], BeforeValidator(_context)]
