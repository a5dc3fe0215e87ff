"""Makes the token ids of prompts: the same ones in training and in testing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from transformers import PreTrainedTokenizerBase

from tracekd.errors import UserError
from tracekd.sft.example import Example
from tracekd.sft.tokens import IGNORED, TokenizedExample
from tracekd.students.chat_template import ChatTemplate, unusable

# Some templates begin the trace for the model. Our completions contain this beginning themselves.
_BEGUN = re.compile(r"<think>\s*\Z")
# A placeholder for the text of the assistant when a template is rendered: some templates remove the thoughts of earlier
# turns.
_MARK = "\x02said {}\x02"

BETWEEN = "\n\n"  # separates worked examples if there is no chat template

# Worked examples before a prompt, each with its prompt and completion.
Shots = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Prompting:
    """Renders prompts, through the tokenizer's chat template if there is a `template`. The token `end` ends a completion."""

    tokenizer: PreTrainedTokenizerBase
    end: int
    template: ChatTemplate | None = None

    @classmethod
    def of(cls, tokenizer: PreTrainedTokenizerBase, chat: bool | None = None) -> "Prompting":
        """With the chat template if there is one, unless `chat` says otherwise. Raises UserError if a required template
        is missing or unusable.
        """
        has_template = bool(getattr(tokenizer, "chat_template", None))
        if chat and not has_template:
            raise UserError(
                "the tokenizer has no chat template", expected="chat = false, or a base with a chat template"
            )
        if not (has_template if chat is None else chat):
            return cls(tokenizer, int(tokenizer.eos_token_id))
        template = _template(tokenizer)
        return cls(tokenizer, _end(tokenizer, template), template)

    @property
    def chat(self) -> bool:
        """Whether prompts go through a chat template."""
        return self.template is not None

    def prompt(self, text: str, shots: Shots = ()) -> str:
        """The prompt for the model, up to the place where the model writes."""
        if self.template is None:
            return "".join(f"{asked}{said}{BETWEEN}" for asked, said in shots) + text
        said = {_MARK.format(at): completion for at, (_, completion) in enumerate(shots)}
        turns = [
            turn
            for (asked, _), mark in zip(shots, said, strict=True)
            for turn in (_turn("user", asked), _turn("assistant", mark))
        ]
        rendered = _BEGUN.sub("", self.template.render([*turns, _turn("user", text)], add_generation_prompt=True))
        lost = next((part for part in (*said, text.strip()) if part not in rendered), None)
        if lost is not None:
            raise unusable(f"it loses {lost[:40]!r}")
        return re.sub("\x02said [0-9]+\x02", lambda mark: said.get(mark[0], mark[0]), rendered)

    def prompt_ids(self, text: str, shots: Shots = ()) -> list[int]:
        """The token ids of the prompt.

        A template writes its special tokens itself; without one, a text begins with the tokenizer's first special
        token, if any.
        """
        ids = list(self.tokenizer.encode(self.prompt(text, shots), add_special_tokens=False))
        return ids if self.chat else [*self._begin, *ids]

    def places(self, text: str, part: tuple[int, int], shots: Shots = ()) -> tuple[int, int]:
        """Which token ids of the prompt hold a part of the text (begin and end, in characters): the first, and the one after."""
        whole = self.prompt(text, shots)
        lead = len(text) - len(text.lstrip())
        at = whole.rindex(text.strip()) - lead  # a chat template may remove blanks around the text
        coded = self.tokenizer(whole, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
        inside = [i for i, (begin, end) in enumerate(coded) if begin < at + part[1] and end > at + part[0]]
        before = 0 if self.chat else len(self._begin)
        return (before + inside[0], before + inside[-1] + 1) if inside else (0, 0)

    @cached_property
    def _begin(self) -> list[int]:
        """The token at the beginning of every text, such as Llama's; a base that was trained with it fails without it."""
        first, tokenizer = self.tokenizer.encode("", add_special_tokens=True)[:1], self.tokenizer
        return list(first) if first and first[0] == tokenizer.bos_token_id != tokenizer.eos_token_id else []

    def row(self, example: Example, *, trace_weight: float = 1.0, answer_weight: float = 1.0) -> TokenizedExample:
        """An example as token ids, labels, and weights of the loss. Only the completion and its end token have labels, and
        no trace that is given. Prompt and completion are tokenised separately, so that the prompt's ids are the same as in
        testing. The tags of the trace have its weight; the tags of the answer, and the end token, have the weight of the
        answer.
        """
        prompt = self.prompt_ids(example.prompt)
        learnt_from = 0  # among the tokens of the completion
        if example.trace is None or (trace_weight == answer_weight == 1.0 and not example.given):
            completion = list(self.tokenizer.encode(example.completion, add_special_tokens=False))
            weights = [answer_weight] * (len(completion) + 1)
        else:
            coded = self.tokenizer(example.completion, add_special_tokens=False, return_offsets_mapping=True)
            completion, until = list(coded["input_ids"]), example.trace[1] + len("</think>")
            in_trace = sum(begin < until for begin, _ in coded["offset_mapping"])
            weights = [*[trace_weight] * in_trace, *[answer_weight] * (len(completion) - in_trace + 1)]
            learnt_from = in_trace if example.given else 0
        completion.append(self.end)
        ids = [*prompt, *completion]
        labels = [*[IGNORED] * (len(prompt) + learnt_from), *completion[learnt_from:]]
        is_weighted = any(weight != 1.0 for weight in weights[learnt_from:])
        return TokenizedExample(ids, labels, [*[0.0] * len(prompt), *weights] if is_weighted else None)

    def check(self, example: Example) -> None:
        """Raises UserError if the tokenizer loses a part of the completion, such as the tags or a line end."""
        ids = self.tokenizer.encode(example.completion, add_special_tokens=False)
        back = self.tokenizer.decode(ids, skip_special_tokens=False, clean_up_tokenization_spaces=False)
        if back.strip() != example.completion.strip():
            at = next((i for i, (a, b) in enumerate(zip(example.completion, back, strict=False)) if a != b), len(back))
            raise UserError(
                f"the tokenizer loses a part of the completions: it reads {example.completion[at : at + 20]!r} as "
                f"{back[at : at + 20]!r}",
                where=f"example {example.id}", expected="a tokenizer that can write the tags, and any text",
            )  # fmt: skip


def _turn(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def _template(tokenizer: PreTrainedTokenizerBase) -> ChatTemplate:
    try:
        return ChatTemplate(tokenizer.get_chat_template(), tokenizer.special_tokens_map)
    except (ValueError, TypeError) as error:  # several templates, of which none is the default one
        raise unusable((str(error).splitlines() or [type(error).__name__])[0][:200]) from error


def _end(tokenizer: PreTrainedTokenizerBase, template: ChatTemplate) -> int:
    """The special token that the template puts after the text of the assistant; it may differ from the tokenizer's end
    token.
    """
    mark = _MARK.format(0)
    _, found, rest = template.render([_turn("user", "?"), _turn("assistant", mark)]).rpartition(mark)
    if not found:
        raise unusable("it loses the text of the assistant")
    after = tokenizer.encode(rest, add_special_tokens=False)
    special = set(tokenizer.all_special_ids) | set(getattr(tokenizer, "added_tokens_decoder", {}))
    return next((token for token in after if token in special), int(tokenizer.eos_token_id))
