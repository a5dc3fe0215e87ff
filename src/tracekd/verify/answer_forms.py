"""The forms in which models write a final answer around its value: boxes, fences, JSON fields, tags, introductions.

Only the lenient reading uses them. A form is opened only if the whole text has one value in it: two different boxes are
two values, and after two introductions nothing is read. Time is linear in the length of the text.
"""

import json
import re
from collections.abc import Iterator, Sequence

from tracekd.tasks.list_literal import write_list
from tracekd.verify.marks import without_marks

# A box in a field in a fence in a tag is the deepest that was seen.
_DEEPEST = 5
_NAMES = (
    "answer",
    "final_answer",
    "final answer",
    "finalanswer",
    "short_answer",
    "prediction",
    "output",
    "result",
    "答案",
)
# Every form has one of these characters, or the word `answer`.
_SIGNS = frozenset("\\{<`:：答")
_FENCE = re.compile(r"```[^\S\n]*+\w*+[^\S\n]*+\n?")
_TAG = re.compile(r"<(/?)(?:final[_-]?)?(?:answer|ans)(?: [^<>]{0,100})?>", re.IGNORECASE)
_BOX = re.compile(r"\\f?boxed\s*+\{")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_MARKS = r"[^\S\n]*+(?:[>*_#`\-][^\S\n]*+)*+"
_INTRODUCTION = re.compile(
    rf"(?:^|(?<=[.!?。])\s++){_MARKS}(?:(?:so|thus|hence|therefore),? ++)?+(?:(?:the|my) ++)?+(?:(?:final|correct|short) ++)?+"
    r"(?:(?:answer|ans|réponse|respuesta|antwort)(?: to the question)?|(?:最终)?答案|回?答|A(?= *:))[*_`]*+[^\S\n]*+"
    r"(?:is\b[*_`]*+[^\S\n]*+:?+|[是为]\s*+[:：]?+|[:：]|(?=\n))[*_`]*+\s*+",
    re.IGNORECASE | re.MULTILINE,
)
_EXPLANATION = re.compile(
    rf"\n{_MARKS}(?:explanation|reason|reasoning|justification|evidence|because|since)\b", re.IGNORECASE
)


def forms(text: str) -> Iterator[str]:
    """The text inside the outermost form, then inside the next one, and so on; nothing if the text has no such form."""
    for _ in range(_DEEPEST):
        if _SIGNS.isdisjoint(text) and "nswer" not in text.lower():
            return
        inner = _inside(text.strip())
        if inner is None:
            return
        yield inner
        text = inner


def _inside(text: str) -> str | None:
    for read in (_in_fence, _in_tag, _in_field, _in_boxes, _after_introduction, without_marks):
        inner = read(text)
        if inner is not None and inner != text:
            return inner
    return None


def _in_fence(text: str) -> str | None:
    opening = _FENCE.match(text)
    return text[opening.end() :].removesuffix("```") if opening and text.count("```") <= 2 else None


def _in_tag(text: str) -> str | None:
    """The content of the only `<answer>`, in any letter case."""
    tags = list(_TAG.finditer(text))
    if not tags or [tag[1] for tag in tags] not in ([""], ["", "/"]):
        return None
    return text[tags[0].end() : tags[1].start() if len(tags) > 1 else len(text)]


def _in_field(text: str) -> str | None:
    """The answer in a JSON object; of a list, its literal."""
    begin, end = text.find("{"), text.rfind("}") + 1
    if begin < 0 or '"' not in text:
        return None
    try:
        # Duplicate names are an object without names: it is unknown which of them is meant.
        field = json.loads(text[begin:end], object_pairs_hook=_with_unique_names)
    except (ValueError, RecursionError):
        return None
    names = {name.strip().casefold(): name for name in field} if isinstance(field, dict) else {}
    found = [field[names[name]] for name in _NAMES if name in names]
    return _written(found[0]) if len(found) == 1 else None


def _with_unique_names(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) else {}


def _written(value: object) -> str | None:
    if isinstance(value, list) and all(isinstance(item, str | int) for item in value):
        return write_list(tuple(map(str, value)))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, str | int | float) else None


def _in_boxes(text: str) -> str | None:
    """What the boxes of LaTeX contain, each once, joined by commas."""
    found: dict[str, None] = {}
    at = 0
    while box := _BOX.search(text, at):
        end = _closing_brace(text, box.end())
        if end is None:
            return None
        found[text[box.end() : end].strip()] = None
        at = end
    return ", ".join(found) or None


def _closing_brace(text: str, begin: int) -> int | None:
    depth = 1
    for brace in _BRACE.finditer(text, begin):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if not depth:
            return brace.start()
    return None


def _after_introduction(text: str) -> str | None:
    """The text after the only introduction (`Answer:`, `The answer is`), without the explanation that follows it."""
    introductions = list(_INTRODUCTION.finditer(text))
    if len(introductions) != 1:
        return None
    rest = text[introductions[0].end() :]
    explanation = _EXPLANATION.search(rest)
    return rest[: explanation.start()] if explanation else rest
