"""Prompts that a student cannot read are told before anything is generated."""

from collections.abc import Sequence

from tracekd.errors import UserError


def check_prompts(prompts: Sequence[Sequence[int]], context: int | None) -> None:
    """Raises UserError for a prompt without a token, or with no room for one more in a context of so many tokens."""
    for number, prompt in enumerate(prompts, start=1):
        if not prompt:
            raise UserError(f"prompt {number:,} of {len(prompts):,} is empty")
        if context is not None and len(prompt) >= context:
            raise UserError(
                f"prompt {number:,} of {len(prompts):,} has {len(prompt):,} tokens: no room is left for an answer",
                expected=f"fewer than {context:,}, which is all that the student can read at a time",
                next_step="take a student with a longer context, or leave such problems out",
            )  # fmt: skip
