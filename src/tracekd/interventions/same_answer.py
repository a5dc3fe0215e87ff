"""Whether a student gave the same answer twice, right or wrong."""

from tracekd.problem import Answer
from tracekd.tasks.list_literal import read_list
from tracekd.tasks.normalize import fold_space
from tracekd.verify.answer import answer_is_right


def same_answer(first: str | None, second: str | None, gold: Answer) -> bool:
    """Whether two texts give the same answer, compared as answers of the problem's kind are. None is no answer."""
    if first is None or second is None:
        return first is second
    if fold_space(first).casefold() == fold_space(second).casefold():
        return True
    wanted = _as_answer(second, gold)
    return wanted is not None and answer_is_right(first, wanted)


def _as_answer(text: str, gold: Answer) -> Answer | None:
    """The answer that a text gives; None where it holds no list, and one is wanted."""
    if gold.kind in ("one_of", "text"):
        return Answer(kind="one_of", values=(text,))
    items = tuple(text.split(",")) if gold.written == "commas" else read_list(text)
    return None if items is None else gold.model_copy(update={"values": tuple(items)})
