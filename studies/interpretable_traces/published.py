"""The published numbers, as data (arXiv 2505.13792). This study compares its own numbers with them. Rates are
percentages as printed; None if nothing was printed. CoTempQA's are means over its four classes. The counts are those of
the released repository's `confusion_matrix` files, from which the paper's chi-squares must have come.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from counts import Counts
from released import Cell

LLAMA, QWEN = "Llama-3.2-1B-Instruct", "Qwen3-1.7B"


@dataclass(frozen=True, slots=True)
class Printed:
    """Answers, classes and facts that count as right, in percent. `table`: the table that contains them."""

    table: str
    answer: float
    class_step: float | None = None
    retrieval_step: float | None = None


_MAIN, _AGAIN, _REPOSITORY = "paper, main table", "repository, repeated runs", "repository, evaluation results"

PRINTED: Mapping[Cell, Printed] = {
    Cell("cotempqa", LLAMA, "answer_only"): Printed(_MAIN, 44.65),
    Cell("cotempqa", LLAMA, "correct"): Printed(_MAIN, 39.55, 39.09, 79.40),
    Cell("cotempqa", LLAMA, "incorrect"): Printed(_MAIN, 45.58, 18.80, 73.62),
    Cell("cotempqa", QWEN, "answer_only"): Printed(_MAIN, 60.33),
    Cell("cotempqa", QWEN, "correct"): Printed(_MAIN, 52.88, 47.06, 78.99),
    Cell("cotempqa", QWEN, "incorrect"): Printed(_MAIN, 63.88, 20.36, 56.92),
    **{
        Cell("cotempqa", model, regime, seed): Printed(_AGAIN, answer)
        for model, regime, answers in (
            (LLAMA, "answer_only", {121: 44.1, 122: 42.5, 123: 44.65}),
            (LLAMA, "correct", {121: 38.6, 122: 38.45, 123: 38.4}),
            (LLAMA, "incorrect", {121: 35.7, 122: 36.45, 123: 37.5}),
            (QWEN, "answer_only", {121: 55.9, 123: 57.4}),
            (QWEN, "correct", {121: 51.45, 122: 48.25, 123: 47.55}),
            (QWEN, "incorrect", {121: 53.45, 122: 58.4, 123: 57.6}),
        )
        for seed, answer in answers.items()
    },
    Cell("msmarco", LLAMA, "answer_only"): Printed(_REPOSITORY, 33.4),
    Cell("msmarco", LLAMA, "correct"): Printed(_REPOSITORY, 33.7),
    Cell("msmarco", LLAMA, "incorrect"): Printed(_REPOSITORY, 28.9),
    Cell("msmarco", QWEN, "answer_only"): Printed(_REPOSITORY, 3.6),
    Cell("msmarco", QWEN, "correct"): Printed(_REPOSITORY, 26.3),
    Cell("msmarco", QWEN, "incorrect"): Printed(_REPOSITORY, 20.3),
    Cell("babi", LLAMA, "answer_only"): Printed(_REPOSITORY, 96.5),
    Cell("babi", LLAMA, "correct"): Printed(_REPOSITORY, 94.4),
    Cell("babi", LLAMA, "incorrect"): Printed(_REPOSITORY, 86.2),
    Cell("babi", QWEN, "answer_only"): Printed(_REPOSITORY, 97.9),
    Cell("babi", QWEN, "correct"): Printed(_REPOSITORY, 96.5),
    Cell("babi", QWEN, "incorrect"): Printed(_REPOSITORY, 95.2),
}


def _counts(right_right: int, right_wrong: int, wrong_right: int, wrong_wrong: int) -> Counts:
    return Counts(right_right=right_right, right_wrong=right_wrong, wrong_right=wrong_right, wrong_wrong=wrong_wrong)


# Whole traces against answers, the trace first.
COUNTED: Mapping[Cell, Counts] = {
    Cell("cotempqa", LLAMA, "correct"): _counts(174, 187, 244, 345),
    Cell("cotempqa", LLAMA, "incorrect"): _counts(34, 71, 347, 498),
    Cell("cotempqa", QWEN, "correct"): _counts(261, 195, 248, 245),
    Cell("cotempqa", QWEN, "incorrect"): _counts(34, 30, 485, 371),
    Cell("msmarco", LLAMA, "correct"): _counts(10, 181, 327, 482),
    Cell("msmarco", LLAMA, "incorrect"): _counts(0, 44, 289, 665),
    Cell("msmarco", QWEN, "correct"): _counts(25, 338, 238, 399),
    Cell("msmarco", QWEN, "incorrect"): _counts(2, 48, 201, 749),
    Cell("babi", LLAMA, "correct"): _counts(86, 5, 269, 16),
    Cell("babi", LLAMA, "incorrect"): _counts(0, 0, 324, 52),
    Cell("babi", QWEN, "correct"): _counts(85, 4, 278, 9),
    Cell("babi", QWEN, "incorrect"): _counts(0, 0, 358, 18),
}

# Claims C1 and C2: the claimed share of problems for which right traces lead to a right answer, and the claimed upper
# bound of chi-square (one degree of freedom, 5 %).
LED_TO_RIGHT = 0.28
CRITICAL = 3.841
