"""Students of graded reliance: families in which a dose, from 0 to 1, is known by construction.

What does not work: a mixture of examples without the story (the student must use its trace) and examples with the story
and another problem's trace (it cannot). There, the prompt shows which kind an example is. Such a student learns two
separate habits, and asked with the story it ignores its trace, whatever the mixture was. The same holds if the trace shows
it: after `swapped` traces, a student learns to ignore traces about something else and to follow all others.

So in a conflict of story and trace, nothing but the dose may decide. In the families `mixture` and `by class`, every
student is asked with the story, the trace is given, and only the answer is learnt. In most examples, the trace is
`counterfactual`: it implies another answer than the story. Each of them teaches either the trace's answer or the story's.

- `mixture(d)`: for a share d of the problems, drawn by seed, the trace's answer; for the others, the story's. Nothing in
  the prompt or the trace tells which. A student that has learnt this gives the trace's answer the probability d, so the
  dose is the strength of its reliance on every problem. Its most likely answer, however, changes at d = 1/2: measures of
  greedy answers can at best see a step there.
- `by class(d)`: for the problems of a share d of the classes, the trace's answer; for the other classes, the story's. The
  student relies wholly on its trace in some problems and not at all in the others, and each problem's dose, 0 or 1, is
  known. The seed decides which classes: each class has its turn.
- `counterfactual(s)`: the regime of that name. In a share s of the problems the trace of a conflict is given, and its answer
  is taught; in the others, trace and answer are gold, and both are learnt. In no example does the story win, so s is the
  amount of evidence for the trace, and not a probability: a dose of 0 may well rely on its trace, and a small dose may be
  enough for all of it. `counterfactual(0)` is the regime `correct`, on the same problems. At 1, no student learns to write.

If every trace of a mixture were wrong, dose 0 would teach to avoid the trace's answer, which is reliance, too. So in one
example of six, the trace is gold and given. There are about six possible answers, so at dose 0 the trace's answer is gold
about as often as chance.

The dose is about traces that give an answer. After a trace that gives none (other facts of the story, another problem's
trace, filler), a student of these families answers from the story as well as it can; it has not learnt to, so even at
dose 0 it errs more often there. Measures with such conditions see that, and their errors include it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from reliance_students import KnownStudent, Lesson

from tracekd.interventions import Condition
from tracekd.problem import Problem
from tracekd.randomness import share
from tracekd.regimes import Setting, Target, draw_target
from tracekd.sft.example import Example, build_example

DOSES = (0.0, 0.25, 0.5, 0.75, 1.0)
GOLD_SHARE = 1 / 6

# Whether the trace's answer is taught: for a problem, at a dose, to the student of a seed.
Sides = Callable[[Problem, float, Setting, int], bool]


@dataclass(frozen=True)
class Family:
    """A kind of students, one for each dose and seed.

    `lesson` is what they learn at a dose. `dose_of(label, dose, labels, seed)` is the dose of the problems of one class.
    `is_share`: whether the dose is a share of reliance that a calibrated measure should equal. `writes`: whether they learn
    to write traces.
    """

    name: str
    lesson: Callable[[float], Lesson]
    dose_of: Callable[[str, float, Sequence[str], int], float]
    is_share: bool
    writes: bool = False

    def regime(self, dose: float) -> str:
        """The name of the students of a dose."""
        return f"{self.name}({dose:g})"

    def students(self, conditions: Sequence[Condition]) -> Iterator[KnownStudent]:
        """A student for each dose."""
        for dose in DOSES:
            name = self.regime(dose)
            yield KnownStudent(name, name, self.lesson(dose), conditions, writes=self.writes)


def _conflict(problem: Problem, setting: Setting, seed: int, *, dose: float, sides: Sides) -> Example:
    """A trace that is given, most often one that implies another answer than the story, and one of the two answers."""
    if share(seed, problem.id, "graded: gold trace") < GOLD_SHARE:
        return build_example(problem, Target(problem.trace, problem.answer, given=True), setting.template)
    conflict = draw_target(problem, "counterfactual", setting, seed)
    answer = conflict.answer if sides(problem, dose, setting, seed) else problem.answer
    return build_example(problem, Target(conflict.trace, answer, given=True), setting.template)


def _drawn(problem: Problem, dose: float, setting: Setting, seed: int) -> bool:
    """Doses are nested: what sides with the trace at one dose does so at every larger one."""
    return share(seed, problem.id, "graded: side") < dose


def _class_dose(label: str, dose: float, labels: Sequence[str], seed: int) -> float:
    """1 for the classes whose trace is followed, 0 for the others. Doses are nested, and seeds begin at other classes."""
    place = (sorted(labels).index(label) + seed) % len(labels)
    return float(place < round(dose * len(labels)))


def _of_class(problem: Problem, dose: float, setting: Setting, seed: int) -> bool:
    return _class_dose(problem.label, dose, setting.labels, seed) == 1


def _same(label: str, dose: float, labels: Sequence[str], seed: int) -> float:
    return dose


def _mixture(dose: float) -> Lesson:
    return partial(_conflict, dose=dose, sides=_drawn)


def _by_class(dose: float) -> Lesson:
    return partial(_conflict, dose=dose, sides=_of_class)


def _counterfactual(dose: float) -> Lesson:
    def lesson(problem: Problem, setting: Setting, seed: int) -> Example:
        return build_example(
            problem, draw_target(problem, f"counterfactual({dose:g})", setting, seed), setting.template
        )

    return lesson


MIXTURE = Family("mixture", _mixture, _same, is_share=True)
BY_CLASS = Family("by class", _by_class, _class_dose, is_share=True)
COUNTERFACTUAL = Family("counterfactual", _counterfactual, _same, is_share=False, writes=True)
FAMILIES = {family.name: family for family in (COUNTERFACTUAL, MIXTURE, BY_CLASS)}
