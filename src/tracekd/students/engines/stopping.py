"""Finds the end of an output: an end token, or the token that completes the stop string."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tracekd.students.engines.contract import Finish, Generation

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_BYTES_A_CHARACTER = 4
_PART = "\N{REPLACEMENT CHARACTER}"  # a token that is only a part of a character decodes to this


class Stopping:
    """The end tokens and the stop string. A token may contain a part of the stop string together with other text."""

    def __init__(self, tokenizer: "PreTrainedTokenizerBase", stop: str | None, ends: Iterable[int]) -> None:
        self.ends = frozenset(ends)
        self._tokenizer, self._stop = tokenizer, stop
        self._tail = _BYTES_A_CHARACTER * len(stop or "")  # every token has at least one byte
        self._may_complete: dict[int, bool] = {}

    def completes(self, ids: Sequence[int]) -> bool:
        """Whether the last of these tokens completes the stop string."""
        if self._stop is None or not ids or not self._is_candidate(ids[-1]):
            return False
        return self._stop in self._decode(ids[-self._tail :])

    def _is_candidate(self, token: int) -> bool:
        """Most tokens do not contain the last character of the stop string, and then nothing more is decoded."""
        if token not in self._may_complete:
            text = self._decode([token])
            self._may_complete[token] = self._stop is not None and (self._stop[-1] in text or _PART in text)
        return self._may_complete[token]

    def _decode(self, ids: Sequence[int]) -> str:
        text = self._tokenizer.decode(list(ids), skip_special_tokens=False, clean_up_tokenization_spaces=False)
        return str(text)

    def cut(self, ids: Sequence[int], finish: Finish) -> Generation:
        """The output of another engine, up to its end; `finish` is the reason that this engine gives."""
        for place, token in enumerate(ids):
            if token in self.ends:
                return Generation(tuple(ids[:place]), "stop")
            if self.completes(ids[max(0, place + 1 - self._tail) : place + 1]):
                return Generation(tuple(ids[: place + 1]), "stop")
        return Generation(tuple(ids), finish)


def end_tokens(tokenizer: "PreTrainedTokenizerBase", said: int | Sequence[int] | None = None) -> set[int]:
    """The tokenizer's end token, and those of a generation configuration (Llama's has several)."""
    more = [said] if isinstance(said, int) else said or []
    return {token for token in (tokenizer.eos_token_id, *more) if token is not None}
