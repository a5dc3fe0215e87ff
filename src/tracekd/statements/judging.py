"""Judges a free trace statement by statement: cuts it, sets aside what claims nothing, and lets the task's rules decide."""

import re
from collections.abc import Hashable, Sequence
from functools import lru_cache

from tracekd.statements.cutting import Piece, cut
from tracekd.statements.grounding import Grounder, Said
from tracekd.statements.names import FILL, FILLED_STOP, Mention
from tracekd.statements.statement import Grounds, Statement, unread
from tracekd.statements.talk import WHY_NO_CLAIM, Talk, read_talk

# Longer statements are not read: no sentence of these tasks is nearly as long.
_LONGEST = 1000
_MARKUP = str.maketrans({"*": None, "_": None, "`": None, "\u2019": "'", "\u2018": "'", "$": None})
_IS_MARKUP = re.compile("[*_`$\u2018\u2019]")
_PARAGRAPH = re.compile(r"\n[ \t]*+\n")
# An explicit retraction takes back a claim at most this many statements before it.
_REACH = 3


def judge_trace(reasoning: str, grounder: Grounder, *, is_cut_off: bool = False) -> tuple[Statement, ...]:
    """The statements of a trace in order, each with its grounding. Time is linear in the length. Never raises.

    `is_cut_off`: the token limit ended the text. Its last statement is then not read, unless it ends as a sentence does.
    """
    text, mentions = grounder.mark(reasoning)
    reader = _Reader(grounder, _IS_MARKUP.search(reasoning) is not None)
    at = before = 0
    count = len(mentions)
    pieces = cut(text, reasoning)
    asks = _of_questions(pieces, reasoning)
    for number, piece in enumerate(pieces):
        start, end = piece.start, piece.end
        while at < count and mentions[at].start < start:
            at += 1
        first = at
        while at < count and mentions[at].start < end:
            at += 1
        if text.find("\n", before, start) >= 0 and _PARAGRAPH.search(text, before, start):
            reader.begin_paragraph()
        if is_cut_off and number == len(pieces) - 1 and reasoning[end - 1] not in ".!?":
            reader.skip(reasoning[start:end], piece)
            break
        reader.read(reasoning[start:end], text[start:end], piece, mentions[first:at], asks[number])
        before = end
    return tuple(_taken_back(reader.found, reader.retractions))


def _of_questions(pieces: Sequence[Piece], text: str) -> list[bool]:
    """Whether each piece belongs to a sentence that ends with a question mark.

    After an arrow or a dash, the question is about what stands before it: `1990-1995 → overlap?` states the time.
    """
    asks = [False] * len(pieces)
    for at in range(len(pieces) - 1, -1, -1):
        goes_on = at + 1 < len(pieces) and pieces[at + 1].joint[-1:].isalpha() and asks[at + 1]
        asks[at] = goes_on or text[pieces[at].end - 1] == "?"
    return asks


class _Reader:
    """Reads the pieces of a trace in order."""

    def __init__(self, grounder: Grounder, has_markup: bool) -> None:
        self.telling = grounder.begin()
        self.has_markup = has_markup
        self.found: list[Statement] = []
        self.retractions: list[int] = []
        self.supposing = (
            ""  # `sentence`: up to its end; `block`: up to the end of the paragraph, or a word that ends it
        )
        self.about_question = False
        self.continues_answer = False  # the statement before gives an answer, or announces one
        self.announces_answer = False

    def begin_paragraph(self) -> None:
        """No supposition goes on in the next paragraph."""
        self.supposing = ""
        self.about_question = False
        self.continues_answer = self.announces_answer

    def read(self, text: str, marked: str, piece: Piece, mentions: Sequence[Mention], asks: bool) -> None:
        """Read the next statement; `asks`: it belongs to a question."""
        if len(text) > _LONGEST:
            grounds = unread(bool(mentions))
            self.continues_answer = self.announces_answer = False
        else:
            quoted = piece.quoted
            talk = read_talk(self._key(marked), quoted)
            if talk.retracts:
                self.retractions.append(len(self.found))
            reason = ""
            if asks:
                reason = WHY_NO_CLAIM["question"]
            elif talk.is_sure or self.supposing or quoted:
                reason = self._why_no_claim(talk, piece)
            grounds = _no_claim(reason) if reason else self._grounds(talk, piece, text, mentions)
            self.announces_answer = talk.announces and not reason
            self.continues_answer = self.announces_answer or bool(grounds.answer)
            self.about_question = not quoted and (asks or talk.about_question)
        kind, facts, reason, is_read, slot, label, as_fact, answer = grounds
        self.found.append(
            Statement(text, piece.start, piece.end, kind, facts, reason, is_read, None, slot, label, as_fact, answer)
        )

    def skip(self, text: str, piece: Piece) -> None:
        """Count a statement that was cut off."""
        self.found.append(Statement(text, piece.start, piece.end, "no_claim", (), "the output was cut off here", False))

    def _key(self, marked: str) -> str:
        """The marked text with single blanks, without marks of Markdown, and each name as one character."""
        key = marked.replace(FILL, "")
        if FILLED_STOP in key:
            key = key.replace(FILLED_STOP, "")
        if self.has_markup:
            key = key.translate(_MARKUP)
        return " ".join(key.split()) if "\n" in key or "  " in key or "\t" in key else key

    def _why_no_claim(self, talk: Talk, piece: Piece) -> str:
        """Why a statement claims nothing, whatever the grammar may read; empty if it may claim something."""
        if self.supposing and (talk.ends or (self.supposing == "sentence" and not piece.joint)):
            self.supposing = ""
        if talk.is_sure and talk.kind in ("case", "supposition"):
            self.supposing = "block" if talk.kind == "case" or self.supposing == "block" else "sentence"
        if self.supposing:
            return WHY_NO_CLAIM["supposition"]
        if talk.is_sure:
            return WHY_NO_CLAIM[talk.kind]
        return WHY_NO_CLAIM["task"] if piece.quoted and self.about_question else ""

    def _grounds(self, talk: Talk, piece: Piece, text: str, mentions: Sequence[Mention]) -> Grounds:
        if talk.marks > len(mentions):
            return unread(bool(mentions))
        # The words that lead in may have names as well: `Find Ada's job: she works for ..`.
        mentions = mentions[len(mentions) - talk.marks :]
        grounds = self.telling.ground(Said(talk.body, mentions, text, piece.joint, self.continues_answer, piece.start))
        if grounds is not None:
            return grounds
        return unread(bool(mentions)) if talk.kind == "claim" else _no_claim(WHY_NO_CLAIM[talk.kind])


@lru_cache(maxsize=64)
def _no_claim(reason: str) -> Grounds:
    return Grounds("no_claim", reason=reason)


def _taken_back(found: list[Statement], retractions: Sequence[int]) -> list[Statement]:
    """Say of each false statement which later one takes it back: one that holds on the same slot, or a retraction."""
    if not any(one.is_error for one in found):
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
