"""The faults that are looked for, what each means, and how many rows may have it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracekd.errors import UserError, unknown_name


@dataclass(frozen=True, slots=True)
class FaultKind:
    """`threshold`: the share of rows (of those that could be checked) that is borne; None where it is only reported."""

    name: str
    about: str
    threshold: float | None = 0.0


FAULTS: Mapping[str, FaultKind] = {
    kind.name: kind
    for kind in (
        FaultKind("unreadable", "the row is none: not JSON, not CSV, a messages column that is no list of messages"),
        FaultKind("message_of_another_question", "the messages ask, quote or answer what another row asks"),
        FaultKind("answer_differs", "the assistant's answer is not the row's"),
        FaultKind("answer_in_trace", "what the trace cites (or says, where it cites nothing) names an answer", None),
        FaultKind("incorrect_is_right", "a step that is meant to be wrong is right, or the answer follows from it"),
        FaultKind("correct_is_wrong", "a step that is meant to be right is not: another class, facts too many or few"),
        FaultKind("trace_not_sufficient", "class or answer do not follow from the cited facts alone", None),
        FaultKind("fact_not_in_context", "what is cited as a fact stands nowhere in the context"),
        FaultKind("fact_case_changed", "a fact is cited in other letter case than it has in the context"),
        FaultKind("empty_step", "a step is there and says nothing, where gold says something"),
        FaultKind(
            "malformed_step", "tags or sentences are missing, a list cannot be read, or is none where others are"
        ),
        FaultKind("duplicate_prompt", "the same prompt, to the byte, as an earlier row of the same data", 0.1),
        FaultKind("duplicate_row", "the same prompt and completion, to the byte, as an earlier row", 0.1),
        FaultKind("overlap_verbatim", "a test row asks the same of the same facts as a training row"),
        FaultKind("overlap_mirrored", "a test row shares a tie with a training row: the same two events, asked about"),
        FaultKind("overlap_shared_facts", "a fact of a test row's context stands in a training row's", None),
        FaultKind("overlap_shared_gold_facts", "all gold facts of a test row stand in training contexts", None),
        FaultKind("prompt_form_differs", "the prompt is put together in another way than most training prompts"),
        FaultKind("answer_form_differs", "the answer is a list where most are free text, or the other way round"),
        FaultKind("target_lost", "prompt and completion exceed --max-tokens: the end, which is the target, is cut"),
        FaultKind("class_imbalance", "how many rows are of the most frequent gold class", None),
        FaultKind("give_away", "one number that a completion has tells which of two regimes it is of", 0.53),
    )
}


def thresholds(settings: Iterable[str]) -> dict[str, float | None]:
    """The threshold of every fault, with those of `NAME=SHARE` set; `none` only reports.

    Raises UserError, with the nearest valid name, for what is no such setting.
    """
    found = {kind.name: kind.threshold for kind in FAULTS.values()}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise UserError(f"--threshold {setting[:60]!r} is none", expected="NAME=SHARE, such as duplicate_row=0.02")
        if name not in FAULTS:
            raise unknown_name("fault", name[:60], FAULTS)
        found[name] = None if value == "none" else _share(value, setting)
    return found


def _share(value: str, setting: str) -> float:
    try:
        share = float(value)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise UserError(f"--threshold {setting[:60]!r} has no share", expected="a number from 0 to 1, or none")
    return share
