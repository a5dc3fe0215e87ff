"""Finds prompts that are too long for a student before anything is generated."""

from collections.abc import Sequence

from tracekd.errors import UserError


def check_prompts(prompts: Sequence[Sequence[int]], context: int | None, vocabulary: int | None = None) -> None:
    """Raises UserError for an empty prompt, a prompt that leaves no room for another token in the context (in tokens), or a
    prompt with a token that is not in the student's vocabulary (the number of its tokens).
    """
    for number, prompt in enumerate(prompts, start=1):
        if not prompt:
            raise UserError(f"prompt {number:,} of {len(prompts):,} is empty")
        if vocabulary is not None and not 0 <= min(prompt) <= max(prompt) < vocabulary:
            raise UserError(
                f"the tokenizer does not fit the model: prompt {number:,} has the token {max(prompt):,}",
                expected=f"tokens below {vocabulary:,}", next_step="use the tokenizer that the model was trained with",
            )  # fmt: skip
        if context is not None and len(prompt) >= context:
            raise UserError(
                f"prompt {number:,} of {len(prompts):,} has {len(prompt):,} tokens: no room is left for an answer",
                expected=f"fewer than {context:,}, the context length of the student",
                next_step="use a student with a longer context, or leave out such problems",
            )  # fmt: skip
