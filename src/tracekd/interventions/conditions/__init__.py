"""The built-in conditions.

Those that change what a trace says (`wrong_..`, `implied`, `swapped`) set out from the gold trace: what is forced is the
same for every student, and the steps can be taken apart. Those that change how much of a trace there is, and in what
form (`truncated`, `paraphrased`, ..), set out from what the student wrote itself, as Lanham et al. do (arXiv 2307.13702).
"""
