"""Adverbs that change what a statement claims; all others say nothing to a grammar."""

DOUBTFUL = frozenset(
    "hardly barely rarely nearly scarcely supposedly allegedly unlikely seemingly falsely wrongly".split()
)
