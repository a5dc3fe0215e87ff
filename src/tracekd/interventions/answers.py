"""Whether two answers of students are equal, by the comparison of their problem."""

from tracekd.problem import Answer
from tracekd.tasks.list_literal import read_list
from tracekd.tasks.normalize import fold_space
from tracekd.verify.answer import answer_is_right


def same_answer(first: str | None, second: str | None, gold: Answer) -> bool:
    """Whether two texts give the same answer, right or wrong, by the problem's kind of comparison. None: no answer."""
    if first is None or second is None:
        return first is second
    if fold_space(first).casefold() == fold_space(second).casefold():
        return True
    wanted = _as_answer(second, gold)
    return wanted is not None and answer_is_right(first, wanted)


def _as_answer(text: str, gold: Answer) -> Answer | None:
    """The answer that a text gives; None if the answer must be a list and the text has none."""
    if gold.kind in ("one_of", "text"):
        return Answer(kind="one_of", values=(text,), normalize=gold.normalize)
    items = tuple(text.split(",")) if gold.written == "commas" else read_list(text)
    return None if items is None else gold.model_copy(update={"values": tuple(items)})
