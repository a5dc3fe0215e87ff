"""Judges a free trace statement by statement: cuts it, sets aside what claims nothing, and lets the task's rules decide."""

import re
from collections.abc import Hashable, Sequence

from tracekd.statements.cutting import Piece, cut
from tracekd.statements.grounding import Grounder, Said
from tracekd.statements.names import FILL, Mention
from tracekd.statements.statement import Grounds, Statement, unread
from tracekd.statements.talk import WHY_NO_CLAIM, Talk, read_talk

# Longer statements are not read: no sentence of these tasks is nearly as long.
_LONGEST = 1000
_MARKUP = str.maketrans({"*": None, "_": None, "`": None, "\u2019": "'", "\u2018": "'", "$": None, FILL: None})
_PARAGRAPH = re.compile(r"\n[ \t]*+\n")
# An explicit retraction takes back a claim at most this many statements before it.
_REACH = 3


def judge_trace(reasoning: str, grounder: Grounder) -> tuple[Statement, ...]:
    """The statements of a trace in order, each with its grounding. Time is linear in the length. Never raises."""
    marked = grounder.mark(reasoning)
    reader = _Reader(grounder)
    mentions, at = marked.mentions, 0
    before = 0
    pieces = list(cut(marked.text, reasoning))
    asks = _of_questions(pieces, reasoning)
    for number, piece in enumerate(pieces):
        while at < len(mentions) and mentions[at].start < piece.start:
            at += 1
        first = at
        while at < len(mentions) and mentions[at].start < piece.end:
            at += 1
        gap = marked.text[before : piece.start]
        reader.read(reasoning, marked.text, piece, mentions[first:at], "\n" in gap and bool(_PARAGRAPH.search(gap)), asks[number])
        before = piece.end
    return tuple(_taken_back(reader.found, reader.retractions))


def _of_questions(pieces: Sequence[Piece], text: str) -> list[bool]:
    """Whether each piece belongs to a sentence that ends with a question mark."""
    asks = [False] * len(pieces)
    for at in range(len(pieces) - 1, -1, -1):
        goes_on = at + 1 < len(pieces) and pieces[at + 1].joint != "" and asks[at + 1]
        asks[at] = goes_on or text[pieces[at].end - 1] == "?"
    return asks


class _Reader:
    """Reads the pieces of a trace in order."""

    def __init__(self, grounder: Grounder) -> None:
        self.telling = grounder.begin()
        self.found: list[Statement] = []
        self.retractions: list[int] = []
        self.supposing = ""  # `sentence`: up to its end; `block`: up to the end of the paragraph, or a word that ends it
        self.about_question = False

    def read(
        self, original: str, marked: str, piece: Piece, mentions: Sequence[Mention], paragraph: bool, asks: bool
    ) -> None:
        text = original[piece.start : piece.end]
        if piece.end - piece.start > _LONGEST:
            self._add(piece, text, unread(bool(mentions)))
            return
        key = " ".join(marked[piece.start : piece.end].translate(_MARKUP).split())
        talk = read_talk(key, piece.quoted)
        if asks:
            talk = talk._replace(kind="question", is_sure=True)
        if talk.retracts:
            self.retractions.append(len(self.found))
        self._add(piece, text, self._grounds(talk, piece, text, mentions, paragraph))
        self.about_question = talk.kind in ("task", "question") and not piece.quoted

    def _grounds(self, talk: Talk, piece: Piece, text: str, mentions: Sequence[Mention], paragraph: bool) -> Grounds:
        if self.supposing == "sentence" and not piece.joint:
            self.supposing = ""
        if self.supposing and (paragraph or talk.ends):
            self.supposing = ""
        if talk.kind in ("case", "supposition") and talk.is_sure:
            self.supposing = "block" if talk.kind == "case" or self.supposing == "block" else "sentence"
        if self.supposing:
            return Grounds("no_claim", reason=WHY_NO_CLAIM["supposition"])
        if talk.is_sure:
            return Grounds("no_claim", reason=WHY_NO_CLAIM[talk.kind])
        if piece.quoted and self.about_question:
            return Grounds("no_claim", reason=WHY_NO_CLAIM["task"])
        grounds = self.telling.ground(Said(talk.body, mentions, text, piece.joint))
        if grounds is not None:
            return grounds
        if talk.kind != "claim":
            return Grounds("no_claim", reason=WHY_NO_CLAIM[talk.kind])
        return unread(bool(mentions))

    def _add(self, piece: Piece, text: str, grounds: Grounds) -> None:
        kind, facts, reason, is_read, slot, label, as_fact, answer = grounds
        self.found.append(
            Statement(text, piece.start, piece.end, kind, facts, reason, is_read, None, slot, label, as_fact, answer)
        )


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
