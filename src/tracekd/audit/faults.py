"""The faults that an audit looks for, what each means, how many rows may have it; and the faults that were found."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from tracekd.audit.ledger import PartKey
from tracekd.audit.row_parts import Said
from tracekd.errors import UserError, unknown_name


@dataclass(frozen=True, slots=True)
class FaultKind:
    """`threshold`: the largest share of the checked rows that may have the fault; None if it is only reported.

    `of_free`: it is a fault of traces that are judged statement by statement.
    """

    name: str
    about: str
    threshold: float | None = 0.0
    of_free: bool = False


# The rules that judge statements are wrong about a few.
_RULES_ERR = 0.02

FAULTS: Mapping[str, FaultKind] = {
    kind.name: kind
    for kind in (
        FaultKind(
            "unreadable",
            "the row cannot be read: invalid JSON or CSV, messages that are not a list of messages, or a redacted trace",
        ),
        FaultKind("message_of_another_question", "the messages belong to the question of another row"),
        FaultKind(
            "answer_differs",
            "the assistant's answer is not the answer of the row; in a regime that teaches the answer that follows from the "
            "cited facts, another one follows",
        ),
        FaultKind(
            "answer_not_gold", "the answer is not gold, in a regime that teaches the answer of the cited facts", None
        ),
        FaultKind("answer_in_trace", "the cited facts name an answer (or the trace does, if it cites no facts)", None),
        FaultKind("incorrect_is_right", "a step that is meant to be wrong is right, or the answer follows from it"),
        FaultKind(
            "correct_is_wrong", "a step that is meant to be right is wrong: another class, or too many or too few facts"
        ),
        FaultKind("trace_not_sufficient", "class or answer do not follow from the cited facts alone", None),
        FaultKind("fact_not_in_context", "a cited fact is not in the context"),
        FaultKind("fact_case_changed", "a fact is cited with different letter case than in the context"),
        FaultKind("empty_step", "a step is present but empty, although the gold step is not empty"),
        FaultKind(
            "malformed_step", "tags or sentences are missing, a list cannot be read, or facts are outside a list"
        ),
        FaultKind(
            "duplicate_prompt", "the prompt is byte for byte the same as in an earlier row of the same data", 0.1
        ),
        FaultKind("duplicate_row", "prompt and completion are byte for byte the same as in an earlier row", 0.1),
        FaultKind("overlap_verbatim", "a test row asks the same of the same facts as a training row"),
        FaultKind("overlap_mirrored", "a test row shares a tie with a training row: the same two events, asked about"),
        FaultKind("overlap_shared_facts", "a fact of a test row's context is also in a training row's context", None),
        FaultKind("overlap_shared_gold_facts", "all gold facts of a test row are in training contexts", None),
        FaultKind("prompt_form_differs", "the prompt is assembled in another way than most training prompts"),
        FaultKind("answer_form_differs", "the answer is a list although most answers are free text, or the reverse"),
        FaultKind(
            "trace_of_another_problem",
            "most statements of the trace name nothing of the row's context, or contradict it",
            _RULES_ERR,
            of_free=True,
        ),
        FaultKind(
            "false_statement",
            "the context contradicts a statement of the trace, and no later one takes it back",
            _RULES_ERR,
            of_free=True,
        ),
        FaultKind("false_taken_back", "a false statement that a later one takes back", None, of_free=True),
        FaultKind("groundless_claim", "nothing in the context says what the trace claims", None, of_free=True),
        FaultKind("answer_first", "the trace says the answer before anything else", None, of_free=True),
        FaultKind("answer_not_following", "the answer does not follow from what the trace states", None, of_free=True),
        FaultKind("unread_trace", "more than half of the statements of the trace cannot be read", None, of_free=True),
        FaultKind(
            "target_lost",
            "prompt and completion exceed --max-tokens: the end of the completion, which is the target, is cut off",
        ),
        FaultKind("class_imbalance", "the share of rows that have the most frequent gold class", None),
        FaultKind(
            "give_away", "a single number of a completion (such as its length) tells which of two regimes it has", 0.53
        ),
    )
}


def thresholds(settings: Iterable[str]) -> dict[str, float | None]:
    """The threshold of every fault, after the settings `NAME=SHARE`; with `none`, the fault is only reported.

    Raises UserError, with the nearest valid name, for an invalid setting.
    """
    found = {kind.name: kind.threshold for kind in FAULTS.values()}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise UserError(
                f"--threshold {setting[:60]!r} is not a threshold", expected="NAME=SHARE, such as duplicate_row=0.02"
            )
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
        raise UserError(f"--threshold {setting[:60]!r} has an invalid share", expected="a number from 0 to 1, or none")
    return share


class Finding(BaseModel):
    """One fault of one row: where it is (`file:line`), its regime and split, and what is wrong."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    fault: str
    where: str
    regime: str
    split: str | None
    said: str


@dataclass
class Findings:
    """`checked` and `found` count rows by fault and part; `examples` are the first few of each fault."""

    write: Callable[[BaseModel], None] | None
    most_examples: int = 5
    checked: Counter[tuple[str, PartKey]] = field(default_factory=Counter)
    found: Counter[tuple[str, PartKey]] = field(default_factory=Counter)
    examples: dict[str, list[Finding]] = field(default_factory=lambda: defaultdict(list))

    def tell(self, fault: str, key: PartKey, where: str, said: Said) -> None:
        """Count what a check says about a row (see `Said`)."""
        if said is None:
            return
        self.checked[fault, key] += 1
        if said:
            self.add(fault, key, where, said)

    def count_checked(self, fault: str, key: PartKey, rows: int) -> None:
        """Count rows that were checked for a fault; `add` adds the faulty ones, one by one."""
        self.checked[fault, key] += rows

    def add(self, fault: str, key: PartKey, where: str, said: str) -> None:
        """A fault of a row."""
        self.found[fault, key] += 1
        finding: Finding | None = None
        if len(self.examples[fault]) < self.most_examples or self.write:
            finding = Finding(fault=fault, where=where, regime=key.regime, split=key.split, said=said)
        if finding and len(self.examples[fault]) < self.most_examples:
            self.examples[fault].append(finding)
        if finding and self.write:
            self.write(finding)
