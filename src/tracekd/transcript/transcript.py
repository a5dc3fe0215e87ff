"""One output, divided into its reasoning and the text after it.

All readers of outputs and of supervised data use it. The forms are in `delimiters.py` (marks within the text) and
`message.py` (fields and parts of messages). Everything here takes linear time, evaluates nothing and never raises.
"""

from typing import Literal, NamedTuple

from tracekd.transcript import delimiters
from tracekd.transcript.delimiters import ABSENT, HIDDEN, OPEN, WHOLE, State
from tracekd.transcript.end_marks import without_end_marks

__all__ = ["FIELD", "Finish", "State", "Transcript", "unknown_delimiter"]

Finish = Literal["stop", "length"]

FIELD = "field"  # the form of reasoning that was not within the text
_NO_FORM = "none"


class Transcript(NamedTuple):
    """An output in parts.

    `reasoning` is the text of the reasoning; None unless `state` is `whole`. `answer` is the text after it, or all text
    if there is no reasoning. `state`: the reasoning is `whole`, or `open` (begun and not ended), `hidden` (the provider
    keeps it back) or `absent`. `form` says how it was marked, for example `think`, `harmony` or `field`; `none` without
    reasoning. `disagrees`: the field and the text have different reasoning; the field counts.
    """

    reasoning: str | None
    answer: str
    state: State
    form: str = _NO_FORM
    disagrees: bool = False

    @classmethod
    def of(
        cls, text: str, *, reasoning: str | None = None, is_hidden: bool = False, finish: Finish = "stop"
    ) -> "Transcript":
        """Divide an output. `reasoning` is what a field of its own said (None or blank: there was no such field).

        `is_hidden`: the provider said that it kept reasoning back. `finish`: `length` if the token limit cut it off.
        """
        inline = delimiters.divide(_encodable(text))
        stated = delimiters.without_tags(_encodable(reasoning)) if reasoning else ""
        if not stated:
            if is_hidden and inline.state == ABSENT:
                return cls(None, inline.answer, HIDDEN, FIELD)
            return tuple.__new__(cls, (*inline, False))  # by far the most frequent way; `_make` would count them
        if finish == "length" and not without_end_marks(inline.answer).strip():
            return cls(None, "", OPEN, FIELD)  # the limit fell into the reasoning
        said = (inline.reasoning or "").strip()
        return cls(stated, inline.answer, WHOLE, FIELD, disagrees=said not in ("", stated))

    @property
    def is_plain(self) -> bool:
        """Whether the output's own text says all of it in the form of our templates, `<think>..</think>..`."""
        return self.form in (delimiters.THINK, _NO_FORM)

    def written(self) -> str:
        """The output as one text in the form of our templates."""
        if self.reasoning is None:
            # Reasoning that never ends has its opening mark in the text, unless it was in a field.
            return f"<think>{self.answer}" if self.state == OPEN and self.form == FIELD else self.answer
        return f"<think>{self.reasoning}</think>{self.answer}"


def unknown_delimiter(transcript: Transcript) -> str | None:
    """What looks like a delimiter of reasoning that is not known, at the beginning of a text without reasoning."""
    return delimiters.unknown(transcript.answer) if transcript.state == ABSENT else None


def _encodable(text: str) -> str:
    """The text with `?` for lone surrogates, because no file can contain them."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
