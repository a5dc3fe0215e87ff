"""Claim C3a: R1's own traces are the best supervision."""

from collections.abc import Iterator

from evidence import Compared, Evidence
from findings import FALLS, OPEN, STANDS, Finding, Ruling, narrowest, of_all
from released import TITLES
from wording import points

_R1 = "r1_traces"
_OTHERS = ("r1_summaries", "r1_explanations", "r1_set_answer_only", "r1_set_correct", "r1_set_incorrect")


def best_supervision(evidence: Evidence) -> Finding:
    """Whether R1's traces lead to more right answers than each other regime on the same test items."""
    compared = list(_against_others(evidence))
    parts: list[Ruling] = [STANDS if one.low > 0 else FALLS if one.high < 0 else OPEN for _, _, one in compared]
    figures = [f"{name} against {other}: {points(one)}." for name, other, one in compared]
    return Finding(
        key="C3a",
        claim="R1's own traces are the best supervision, decomposed ones the worst.",
        rule="Right answers by the corrected official rule (R1's answers are free text), R1's traces minus each other regime "
        "on its test items, paired on problem and seed: it falls if any 95\u00a0% interval is below 0, and stands if all are "
        "above.",
        ruling=of_all(parts),
        figures=tuple(figures) or ("There are no outputs of a model trained on R1's traces.",),
        official=(
            "Even with these outputs, three faults would prevent a conclusion: the decomposed traces of that comparison were "
            "joined to other questions, the prompts ask for answers in another form, and R1's traces are "
            "cut off at 500 tokens.",
        ),
        scope=narrowest(one.scope for _, _, one in compared),
    )


def _against_others(evidence: Evidence) -> Iterator[tuple[str, str, Compared]]:
    for (data_set, model, first, second), found in evidence.by_official_rule.items():
        if first == _R1 and second in _OTHERS:
            yield f"{TITLES[data_set]}, {model}, {first}", second, found
