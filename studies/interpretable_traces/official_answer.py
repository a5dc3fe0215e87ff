"""The official judgement of an answer, written anew from its description (paper.md, section 8, F7 to F9 and F11).

CoTempQA: the code searches names in the text; the answer is right if it finds exactly the gold names. The other names
come from the wrong side of the facts (F8), so a wrong name in the answer is rarely noticed.
"""

import re
import string
from collections.abc import Iterator
from typing import Literal

from lines import Line
from released import DataSet

from tracekd.tasks.cotempqa.wording import WORDINGS
from tracekd.tasks.normalize import fold_space

When = Literal["paper", "fixed"]

_ASKS_SUBJECT = "S2_R1_O1"
_RELATIONS = sorted({words for wording in WORDINGS for words in wording.facts}, key=len, reverse=True)
_NO_ANSWER = "no answer present"
_TAG = re.compile(r"</?(?:answer|think)>")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def official_answer(line: Line, data_set: DataSet, when: When) -> bool:
    """Whether the official code counts the answer as right: `paper` is before, `fixed` after its parser was corrected.
    Before, the step that keeps the text after `<answer>` had no effect, so traces were also searched (F7). The
    correction changed only CoTempQA.
    """
    if data_set == "cotempqa":
        return _names_found(line, _cotempqa_text(line.prediction, when)) == {gold.lower() for gold in line.gold}
    return _flat_is_right(line)


def _cotempqa_text(prediction: str, when: When) -> str:
    text = prediction.lower()
    if when == "fixed" and "<answer>" in text:
        text = text.split("<answer>")[1]
    return text.replace("assistant", "").replace("think", "")  # also in `assistant professor` (F9)


def _names_found(line: Line, text: str) -> set[str]:
    """The names in the text. The longest is searched first, and each found name is removed; one name that is in the
    question is ignored once.
    """
    question, found, let_go = line.question.lower(), set[str](), False
    names = {name.lower() for name in (*_names(line), *line.gold)}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        if name not in text:
            continue
        if not let_go and name in question:
            text, let_go = text.replace(name, "", 1), True
        else:
            found.add(name)
            text = text.replace(name, "")
    return found


def _names(line: Line) -> Iterator[str]:
    """One name from each fact: the object if the question asks for the subject, otherwise the subject (F8: the wrong
    way round).
    """
    for fact in line.facts:
        relation = next((words for words in _RELATIONS if f" {words} " in fact), None)
        if relation is None:
            continue
        subject, _, rest = fact.partition(f" {relation} ")
        yield _before_date(rest) if _ASKS_SUBJECT in line.triple_element else subject


def _before_date(text: str) -> str:
    """The text up to the first word that could begin a date; this cuts `member of the board in exile in 1941` too early
    (F9).
    """
    before, _, after = text.partition(" from ")
    return before if " to " in after else text.partition(" in ")[0]


def _flat_is_right(line: Line) -> bool:
    """bAbI and MARCO: the whole answer must equal the only gold answer; a list of several answers never matches (F11)."""
    after = line.prediction.rpartition("<answer>" if "<answer>" in line.prediction else "</think>")[2]
    said = _normalised(_TAG.sub("", after).strip().removeprefix("assistant"))
    golds = [_normalised(gold) for gold in line.gold]
    if _NO_ANSWER in golds[0]:
        return _NO_ANSWER in said
    return len(golds) == 1 and said == golds[0]


def _normalised(text: str) -> str:
    return fold_space(text.lower().translate(_PUNCTUATION))
