"""How the published files are distributed, class by class (arXiv 2406.09072; its released files).

The counts of triple elements are of all problems; the other counts are of the files at hand (all of equal and overlap,
half of mix, a fifth of during). If the dials allow only values that a class never has, all of them are equally likely.
"""

from typing import Literal

TripleElement = Literal["S1_R1_O2", "S1_R2_O2", "S2_R1_O1", "S2_R1_O2", "S2_R2_O2"]
Relation = Literal["P39", "P108", "P102", "P69", "P54", "P127", "P488"]
TRIPLE_ELEMENTS: tuple[TripleElement, ...] = ("S1_R1_O2", "S1_R2_O2", "S2_R1_O1", "S2_R1_O2", "S2_R2_O2")
RELATIONS: tuple[Relation, ...] = ("P39", "P108", "P102", "P69", "P54", "P127", "P488")

# Problems of each triple element, in the order of TRIPLE_ELEMENTS.
SHAPES = {
    "equal": (305, 62, 65, 4, 0),
    "during": (217, 443, 282, 353, 402),
    "overlap": (129, 123, 138, 150, 113),
    "mix": (177, 16, 154, 136, 80),
}

# How many problems have one answer, two answers, ...
ANSWERS = {
    "equal": (367, 63, 6),
    "during": (1199, 444, 45, 9),
    "overlap": (520, 117, 12, 4),
    "mix": (0, 442, 92, 29),
}

# For each triple element: the relation of the question's event, and the relation that the question asks for.
_BETWEEN_PEOPLE = {
    "S2_R1_O2": {"P39 P39": 87, "P108 P108": 88, "P69 P69": 51, "P102 P102": 46},
    "S2_R2_O2": {
        "P102 P108": 35, "P108 P69": 38, "P69 P108": 34, "P39 P108": 24, "P39 P102": 26, "P102 P39": 22,
        "P102 P69": 20, "P108 P39": 19, "P69 P39": 16, "P69 P102": 12,
    },
}  # fmt: skip
PAIRS: dict[str, dict[str, dict[str, int]]] = {
    "equal": {
        "S1_R1_O2": {"P39 P39": 221, "P102 P102": 63, "P108 P108": 21},
        "S1_R2_O2": {"P39 P108": 35, "P54 P69": 23, "P39 P102": 2, "P108 P69": 1, "P69 P102": 1},
        "S2_R1_O1": {"P54 P54": 38, "P102 P102": 12, "P127 P127": 8, "P69 P69": 4, "P39 P39": 3},
        "S2_R1_O2": {"P69 P69": 3, "P108 P108": 1},
        "S2_R2_O2": _BETWEEN_PEOPLE["S2_R2_O2"],
    },
    "during": {
        "S1_R1_O2": {"P39 P39": 55, "P108 P108": 30, "P102 P102": 4},
        "S1_R2_O2": {
            "P39 P102": 50, "P39 P108": 39, "P69 P102": 31, "P108 P69": 18, "P54 P69": 12, "P108 P39": 8,
            "P69 P108": 7, "P102 P39": 4,
        },
        "S2_R1_O1": {
            "P108 P108": 33, "P102 P102": 20, "P127 P127": 15, "P69 P69": 13, "P54 P54": 13, "P39 P39": 12,
            "P488 P488": 1,
        },
        **_BETWEEN_PEOPLE,
    },
    "overlap": {
        "S1_R1_O2": {"P108 P108": 73, "P39 P39": 48, "P102 P102": 8},
        "S1_R2_O2": {"P39 P102": 41, "P108 P69": 36, "P39 P108": 35, "P54 P69": 6, "P69 P102": 5},
        "S2_R1_O1": {"P69 P69": 31, "P102 P102": 29, "P108 P108": 28, "P39 P39": 26, "P127 P127": 15, "P54 P54": 9},
        **_BETWEEN_PEOPLE,
    },
    "mix": {
        "S1_R1_O2": {"P39 P39": 158, "P108 P108": 19},
        "S1_R2_O2": {"P39 P108": 10, "P108 P39": 3, "P39 P102": 2, "P108 P69": 1},
        "S2_R1_O1": {"P108 P108": 28, "P54 P54": 27, "P102 P102": 17, "P39 P39": 10, "P127 P127": 4, "P69 P69": 2},
        **_BETWEEN_PEOPLE,
    },
}  # fmt: skip

# How many problems have no fact, one fact, two facts, ... of other slots than those of the question.
OTHER_FACTS: dict[TripleElement, tuple[int, ...]] = {
    "S1_R1_O2": (510, 85, 72, 17, 7, 6, 2, 1),
    "S1_R2_O2": (220, 89, 39, 14, 5, 2, 1),
    "S2_R1_O1": (297, 25, 15, 8, 8, 7, 11, 9, 3, 2, 6, 2, 2, 2),
    "S2_R1_O2": (0, 0, 0, 0, 0, 4, 6, 10, 58, 66, 30, 59, 24, 13, 5, 0, 1),
    "S2_R2_O2": (0, 0, 0, 0, 0, 4, 5, 12, 26, 31, 27, 66, 46, 22, 5, 2),
}
OTHER_RELATIONS: dict[Relation, int] = {"P69": 2494, "P108": 1778, "P39": 1594, "P102": 390, "P54": 7, "P488": 5}

# Shares of years, months and days in four kinds of dates: event and answers that are points, event and answers that are
# intervals, other facts that are points, other facts that are intervals.
GRANULARITY: dict[str, tuple[tuple[float, float, float], ...]] = {
    "equal": ((0.0, 0.0, 1.0), (0.72, 0.02, 0.26), (0.21, 0.34, 0.45), (0.35, 0.26, 0.39)),
    "during": ((0.8, 0.05, 0.15), (0.62, 0.04, 0.34), (0.42, 0.27, 0.31), (0.48, 0.18, 0.34)),
    "overlap": ((0.8, 0.05, 0.15), (0.65, 0.06, 0.29), (0.44, 0.27, 0.29), (0.52, 0.15, 0.33)),
    "mix": ((0.25, 0.02, 0.73), (0.4, 0.04, 0.56), (0.34, 0.32, 0.34), (0.39, 0.24, 0.37)),
}
# The share of facts about an employer with `worked for` instead of `works for`.
WORKED_FOR = 0.13
