"""Reads back a text that a chat template rendered: its turns. For the templates of ChatML (Qwen, SmolLM), Llama 3, Gemma,
Phi and Zephyr, and DeepSeek."""

import re
from typing import NamedTuple


class Turn(NamedTuple):
    """One turn of a rendered conversation. The last one may be only begun."""

    role: str
    content: str


_BAR, _BLOCK = "\N{FULLWIDTH VERTICAL LINE}", "\N{LOWER ONE EIGHTH BLOCK}"
_BEGIN = re.compile(rf"\s*+(?:<\|begin_of_text\|>|<bos>|<s>|<{_BAR}begin{_BLOCK}of{_BLOCK}sentence{_BAR}>)?\s*+")
# (opening of a turn, end of a turn) of each family of templates.
_FAMILIES = tuple(
    (re.compile(opening), end)
    for opening, end in (
        (r"<\|im_start\|>(?P<role>\w{1,20})\n", "<|im_end|>"),
        (r"<\|start_header_id\|>(?P<role>\w{1,20})<\|end_header_id\|>\n\n", "<|eot_id|>"),
        (r"<start_of_turn>(?P<role>\w{1,20})\n", "<end_of_turn>"),
        (r"<\|(?P<role>user|assistant|system)\|>\n", "<|end|>"),
        (r"<\|(?P<role>user|assistant|system)\|>\n", "</s>"),
        (
            rf"<{_BAR}(?P<role>User|Assistant){_BAR}>",
            f"<{_BAR}end{_BLOCK}of{_BLOCK}sentence{_BAR}>",
        ),
    )
)


def rendered_turns(text: str) -> list[Turn]:
    """The turns of a rendered conversation; none if the text does not begin as one. Takes linear time."""
    begin = _BEGIN.match(text)
    at = begin.end() if begin else 0
    fitting = [(opening, end) for opening, end in _FAMILIES if opening.match(text, at)]
    if not fitting:
        return []
    opening, end = next(((opening, end) for opening, end in fitting if end in text), fitting[0])
    found = list(opening.finditer(text, at))
    ends = [*(mark.start() for mark in found[1:]), len(text)]
    return [
        Turn(mark["role"].lower(), text[mark.end() : until].partition(end)[0])
        for mark, until in zip(found, ends, strict=True)
    ]
