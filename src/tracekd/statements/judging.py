"""Judges a free trace statement by statement: cuts it, sets aside what claims nothing, and lets the task's rules decide."""

from collections.abc import Hashable, Sequence
from functools import lru_cache

from tracekd.statements.forms import LONGEST, Form, Placed, placed_forms
from tracekd.statements.grounding import Grounder, Said, Telling
from tracekd.statements.names import Mention
from tracekd.statements.statement import Grounds, Statement, unread
from tracekd.statements.talk import WHY_NO_CLAIM, Talk

# An explicit retraction takes back a claim at most this many statements before it.
_REACH = 3
# Makes a named tuple in less time than its own class does.
_new = tuple.__new__


def judge_trace(reasoning: str, grounder: Grounder, *, is_cut_off: bool = False) -> tuple[Statement, ...]:
    """The statements of a trace in order, each with its grounding. Time is linear in the length. Never raises.

    `is_cut_off`: the token limit ended the text. Its last statement is then not read, unless it ends as a sentence does.
    """
    reader = _Reader(grounder.begin())
    placed = list(placed_forms(grounder.mark(reasoning)))
    cut_off = placed.pop() if is_cut_off and placed and reasoning[placed[-1].end - 1] not in ".!?" else None
    for one in placed:
        reader.read(reasoning[one.start : one.end], one)
    if cut_off:
        reader.skip(reasoning[cut_off.start : cut_off.end], cut_off)
    return tuple(_taken_back(reader.found, reader.retractions))


class _Reader:
    """Reads the statements of a trace in order."""

    def __init__(self, telling: Telling) -> None:
        self.telling = telling
        self.found: list[Statement] = []
        self.retractions: list[int] = []
        self.supposing = (
            ""  # `sentence`: up to its end; `block`: up to the end of the paragraph, or a word that ends it
        )
        self.about_question = False
        self.continues_answer = False  # the statement before gives an answer, or announces one
        self.announces_answer = False

    def read(self, text: str, placed: Placed) -> None:
        """Read the next statement."""
        start, end, form, mentions, opens_paragraph = placed
        _, _, _, _, joint, asks, is_quoted, talk = form
        if opens_paragraph:
            self._begin_paragraph()
        if talk is None or end - start > LONGEST:
            grounds = unread(bool(mentions))
            self.continues_answer = self.announces_answer = False
        else:
            if talk.retracts:
                self.retractions.append(len(self.found))
            reason = ""
            if asks:
                reason = WHY_NO_CLAIM["question"]
            elif talk.is_sure or self.supposing or is_quoted:
                reason = self._why_no_claim(talk, form)
            grounds = _no_claim(reason) if reason else self._grounds(talk, joint, text, mentions, start)
            self.announces_answer = talk.answer == "" and not reason
            self.continues_answer = self.announces_answer or bool(grounds.answer)
            self.about_question = not is_quoted and (asks or talk.about_question)
        kind, facts, reason, is_read, slot, label, as_fact, answer = grounds
        self.found.append(
            _new(Statement, (text, start, end, kind, facts, reason, is_read, None, slot, label, as_fact, answer))
        )

    def _begin_paragraph(self) -> None:
        """No supposition goes on in the next paragraph."""
        self.supposing = ""
        self.about_question = False
        self.continues_answer = self.announces_answer

    def skip(self, text: str, placed: Placed) -> None:
        """Count a statement that was cut off."""
        reason = "the output was cut off here"
        self.found.append(Statement(text, placed.start, placed.end, "no_claim", (), reason, False))

    def _why_no_claim(self, talk: Talk, form: Form) -> str:
        """Why a statement claims nothing, whatever the grammar may read; empty if it may claim something."""
        if self.supposing and (talk.ends or (self.supposing == "sentence" and not form.joint)):
            self.supposing = ""
        if talk.is_sure and talk.kind in ("case", "supposition"):
            self.supposing = "block" if talk.kind == "case" or self.supposing == "block" else "sentence"
        if self.supposing:
            return WHY_NO_CLAIM["supposition"]
        if talk.is_sure:
            return WHY_NO_CLAIM[talk.kind]
        return WHY_NO_CLAIM["task"] if form.quoted and self.about_question else ""

    def _grounds(self, talk: Talk, joint: str, text: str, mentions: Sequence[Mention], start: int) -> Grounds:
        kind, body, _, _, _, marks, _, answer = talk
        more = len(mentions) - marks
        if more > 0:  # the words that lead in may have names as well: `Find Ada's job: she works for ..`
            mentions = mentions[more:]
        said = _new(Said, (body, mentions, text, joint, self.continues_answer, start, answer))
        grounds = self.telling.ground(said)
        if grounds is not None:
            return grounds
        return unread(bool(mentions)) if kind == "claim" else _no_claim(WHY_NO_CLAIM[kind])


@lru_cache(maxsize=64)
def _no_claim(reason: str) -> Grounds:
    return Grounds("no_claim", reason=reason)


def _taken_back(found: list[Statement], retractions: Sequence[int]) -> list[Statement]:
    """Say of each false statement which later one takes it back: one that holds on the same slot, or a retraction."""
    if not any(one.is_error for one in found if one.grounding in ("contradicted", "unsupported")):
        return found
    by: dict[int, int] = {}
    for at in retractions:
        # What is taken back is the last claim before the retraction.
        last = next((i for i in range(at - 1, max(-1, at - 1 - _REACH), -1) if found[i].is_claim), None)
        if last is not None and found[last].is_error:
            by[last] = at
    right: dict[Hashable, int] = {}
    for at in range(len(found) - 1, -1, -1):
        one = found[at]
        if one.slot is None:
            continue
        if one.is_error:
            if at not in by and one.slot in right:
                by[at] = right[one.slot]
        elif one.holds:
            right[one.slot] = at
    return [one._replace(taken_back_by=by[at]) if at in by else one for at, one in enumerate(found)]
