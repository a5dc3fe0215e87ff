"""What a regime intends: whether its traces are right, wrong, either, or absent, and whether its answers are gold.

Audits compare supervised data with it.
"""

from dataclasses import dataclass
from typing import Literal

Meant = Literal["right", "wrong", "any", "none"]
MeantAnswer = Literal["gold", "follows"]


@dataclass(frozen=True, slots=True)
class Intent:
    """What the steps of a regime's traces, and its answers, are meant to be.

    `label` and `facts`: the class step and the cited facts are meant to be right, wrong, either of the two (`any`), or
    absent (`none`). `quotes`: cited facts are in the problem's own context. `alike`: only the content of the steps
    should tell these traces from correct ones, nothing of their form. `traced`: there is a trace. `claims`: what the
    statements of free traces are meant to be; `right`: none is false, `wrong`: at least one is.
    `answer`: `gold`, or that which `follows` by the task's rule from the cited facts, gold or not.
    """

    label: Meant
    facts: Meant
    quotes: bool = True
    alike: bool = False
    traced: bool = True
    claims: Meant = "any"
    answer: MeantAnswer = "gold"


CORRECT = Intent("right", "right", alike=True)
INCORRECT = Intent("wrong", "wrong", alike=True)
UNKNOWN = Intent("any", "any")
