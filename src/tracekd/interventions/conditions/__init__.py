"""The built-in conditions.

Those that change what a trace says (`wrong_..`, `implied`, `swapped`) start from the gold trace: the forced trace is the
same for every student, and the effects of its steps can be separated. Those that change how much of a trace there is, or
its form (`truncated`, `paraphrased`, ..), start from what the student wrote, as in Lanham et al. (arXiv 2307.13702).
"""
