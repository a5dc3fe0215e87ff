"""Judges the statements of one trace about passages."""

from collections.abc import Hashable, Sequence

from tracekd.statements.grounding import Said
from tracekd.statements.passages.aligning import find_restated
from tracekd.statements.passages.answers import answer_text, concludes, is_bare, is_mark
from tracekd.statements.passages.changed import find_changed
from tracekd.statements.passages.citing import without_citations
from tracekd.statements.passages.claim import Claim
from tracekd.statements.passages.comparing import compare
from tracekd.statements.passages.contradicting import find_contradiction, slot_of
from tracekd.statements.passages.dating import check_dates
from tracekd.statements.passages.joining import find_joined
from tracekd.statements.passages.known import Known
from tracekd.statements.passages.lives import shown
from tracekd.statements.passages.naming import NAME_MARK, QUOTE_MARK, Named, Quotation
from tracekd.statements.passages.quoting import find_quoted, find_shortened
from tracekd.statements.passages.tokens import Token
from tracekd.statements.passages.words import ABOUT_TEXT
from tracekd.statements.statement import Grounding, Grounds, unread

_ONLY_NAMES = Grounds("no_claim", reason="it only names something")
# Pronouns that mean somebody besides the subject: `Ida Brandt knew him`.
_OTHERS = frozenset(("him", "her", "them"))
# Between two statements stand at most a full stop, the mark of a list item, and so on.
_LONGEST_GAP = 8
# A statement with more names and values is a list, or hostile.
_MOST_NAMES = 40
_VERBS = frozenset("is was are were has had have be been does did do".split())
_ABOUT_TEXT = Grounds("no_claim", reason="it talks about the text")
_UNDECIDED = Grounds("no_claim", reason="no rule says whether this answer is right", slot=("answer",))
_AROUND_QUOTE = " .,:;\"'“”‘’()[]-–—*" + NAME_MARK


class PassageTelling:
    """One trace in the course of reading. It remembers the title that was spoken of last, for pronouns."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.topic = ""
        self.is_topic_sure = False
        self.end = 0
        # Models repeat themselves: for each statement and topic, what was found, and the topic behind it.
        self._seen: dict[Hashable, tuple[Grounds | None, str, bool]] = {}

    def ground(self, said: Said) -> Grounds | None:
        """How the next statement stands to the context; None if it cannot be read."""
        if said.start - self.end > len(said.joint) + _LONGEST_GAP:
            self.is_topic_sure = False  # a question or a plan stood between, and may have named somebody else
        self.end = said.start + len(said.text)
        key = (said.text, said.body, said.continues_answer, self.topic, self.is_topic_sure)
        if key not in self._seen:
            self._seen[key] = (self._ground(said), self.topic, self.is_topic_sure)
        grounds, self.topic, self.is_topic_sure = self._seen[key]
        return grounds

    def _ground(self, said: Said) -> Grounds | None:
        part = said.answer
        quotes = any(isinstance(one.value, Quotation) for one in said.mentions)
        if part is not None or (not quotes and is_bare(said.text) and (said.continues_answer or concludes(said))):
            return self._answer(said, said.body if part is None else part)
        return self._statement(said)

    def _statement(self, said: Said) -> Grounds | None:
        body = without_citations(said.body)
        left = len(said.mentions) if body == said.body else sum(map(is_mark, body))
        if left < len(said.mentions):
            self._remember_titles(said.mentions[len(said.mentions) - left - 1].value)
            said = said._replace(mentions=said.mentions[len(said.mentions) - left :])
        said = said._replace(body=body)
        quoted = [one.value for one in said.mentions if isinstance(one.value, Quotation)]
        if quoted and not body.strip(_AROUND_QUOTE + QUOTE_MARK):
            return self._quoted([one.place for one in quoted])
        claim = Claim.of(said, self.known, self.topic, self.is_topic_sure)
        grounds = self._claim(said, claim)
        if grounds is None or not grounds.holds:
            self._remember(claim)
        return grounds

    def _claim(self, said: Said, claim: Claim) -> Grounds | None:
        known = self.known
        if not claim.tokens:
            return None
        if len(claim.names) + len(claim.values) > _MOST_NAMES:
            return None
        says_something = claim.values or any(token.kind == "content" for token in claim.tokens)
        if not says_something and not claim.names_a_quality and claim.forms.isdisjoint(_VERBS):
            return _ONLY_NAMES
        if (place := find_quoted(claim, known)) is not None:
            return self._quoted([place], claim)
        dated = check_dates(claim, known)
        if dated is not None and dated.false is not None:
            event, stated, given = dated.false
            reason = f"the context gives {shown(given)} for `{event}`, not {shown(stated)}"
            return Grounds("contradicted", known.ids(dated.places), reason, slot=self._slot(dated.places, event))
        if dated is not None and not dated.places:
            return unread(True)
        if dated is not None and dated.is_whole:
            return self._restated(dated.places, claim)
        place = find_shortened(claim, known)
        if place is None and claim.is_sure:
            place = find_restated(claim, known)
        if place is not None:
            return self._restated([place], claim)
        grounds = self._derived(said, claim) or self._contradicted(claim) or _unsupported(claim, known)
        if grounds is None and not claim.plain_forms.isdisjoint(ABOUT_TEXT):
            return _ABOUT_TEXT
        return unread(True) if grounds is None and claim.subject and not claim.names and claim.is_sure else grounds

    def _derived(self, said: Said, claim: Claim) -> Grounds | None:
        known = self.known
        if (found := compare(said, claim, known)) is not None:
            self._remember(claim)
            slot = ("compared", frozenset(name.titles for name in claim.names))
            kind: Grounding = "derived" if found.is_true else "contradicted"
            return Grounds(kind, known.ids(found.places), found.reason, slot=slot)
        if (joined := find_joined(said, claim, known)) is not None:
            self._remember(claim)
            ids = known.ids(joined.places)
            return Grounds("derived" if len(ids) > 1 else "restated", ids, joined.reason)
        return None

    def _contradicted(self, claim: Claim) -> Grounds | None:
        found = find_changed(claim, self.known) or find_contradiction(claim, self.known)
        if found is None:
            return None
        reason = f"the context has {found.given[:80]} there, not {found.stated[:80]}"
        slot = self._slot([found.place], found.slot)
        return Grounds("contradicted", self.known.ids([found.place]), reason, slot=slot)

    def _quoted(self, places: Sequence[int], claim: Claim | None = None) -> Grounds:
        self._remember_place(places[-1])
        slot = self._slot(places, slot_of(claim)) if claim else None
        return Grounds("quoted", self.known.ids(places), "the context says so", slot=slot)

    def _restated(self, places: Sequence[int], claim: Claim) -> Grounds:
        self._remember(claim, places[-1])
        slot = self._slot(places, slot_of(claim))
        return Grounds("restated", self.known.ids(places), "the context says so in other words", slot=slot)

    def _slot(self, places: Sequence[int], word: str) -> tuple[object, ...] | None:
        """What a statement says something of: a title and a word, such as (`Kolm Mill`, `build`)."""
        return (self.known.sentences[places[0]].title, word) if word else None

    def _answer(self, said: Said, part: str) -> Grounds | None:
        """What is given as the answer. A whole sentence is judged as well; a bare value is not, because no rule can."""
        text = answer_text(said, part)
        if not text:
            return None
        answer = (text,)
        if is_bare(text):
            return _UNDECIDED._replace(answer=answer)
        count = sum(map(is_mark, part))
        grounds = self._statement(said._replace(body=part, mentions=said.mentions[len(said.mentions) - count :]))
        if grounds is None:
            return _UNDECIDED._replace(answer=answer)
        return grounds._replace(answer=answer, slot=("answer",))

    def _remember(self, claim: Claim, place: int | None = None) -> None:
        """What a pronoun in the next statement means. It is sure only if the statement names nothing else."""
        if place is not None and self.known.sentences[place].title:
            self.topic = self.known.sentences[place].title
        elif claim.names:
            first = claim.names[0].titles
            self.topic = first[0] if len(first) == 1 else ""
        elif claim.is_topic_sure:
            return
        named = {name.titles for name in claim.names}
        is_only = named <= {(self.topic,)} and claim.forms.isdisjoint(_OTHERS) if claim.names else claim.is_topic_sure
        self.is_topic_sure = bool(self.topic) and is_only

    def _remember_place(self, place: int) -> None:
        self.topic = self.known.sentences[place].title
        self.is_topic_sure = bool(self.topic) and self.known.names_only_its_title(place)

    def _remember_titles(self, value: object) -> None:
        if isinstance(value, Named) and len(value.titles) == 1:
            self.topic, self.is_topic_sure = value.titles[0], True


def _unsupported(claim: Claim, known: Known) -> Grounds | None:
    """A claim about a title with a year, or a name of two words or more, that neither context nor question has."""
    if not claim.subject or not claim.is_plain:
        return None
    invented = next((token.form for token in claim.values if token.kind == "year" and _is_unknown([token], known)), "")
    for name in claim.names:
        own = claim.tokens[name.start : name.end]
        if not invented and not name.titles and len(own) > 1 and _is_unknown(own, known):
            invented = " ".join(token.form for token in own).title()
    if not invented:
        return None
    return Grounds("unsupported", reason=f"the context does not have {invented[:80]}", slot=("invented", invented))


def _is_unknown(tokens: Sequence[Token], known: Known) -> bool:
    return all(not known.with_token(token) and token.form not in known.question_words for token in tokens)
