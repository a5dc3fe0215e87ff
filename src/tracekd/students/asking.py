"""What a student is asked for a problem: the prompt of its regime, and the worked examples before it, if there are any."""

from collections.abc import Callable, Sequence

from tracekd.problem import Problem
from tracekd.randomness import stream
from tracekd.regimes import Regime
from tracekd.sft.example import Example
from tracekd.students.prompting import Shots
from tracekd.tasks.template import Template

Ask = Callable[[Problem], tuple[str, Shots]]


def asker(regime: Regime, template: Template, examples: Sequence[Example], seed: int) -> Ask:
    """How problems are asked under a regime: as in training, or, where nobody is taught, after some of these examples.

    The examples of a problem are a pure function of (seed, problem id) and of the list to choose from; it is never one
    of its own.
    """
    if regime.prompted is None:
        return lambda problem: (template.render_prompt(problem), ())
    number, asked = regime.prompted.shots, instruction(template) if regime.traced else ""

    def ask(problem: Problem) -> tuple[str, Shots]:
        others = [example for example in examples if example.id != problem.id]
        chosen = stream(seed, problem.id, "shots").sample(others, min(number, len(others)))
        shots = tuple((example.prompt + asked, example.completion) for example in chosen)
        return template.render_prompt(problem) + asked, shots

    return ask


def instruction(template: Template) -> str:
    """What a base that was not taught is told about the form of a trace."""
    return (
        f"First think, between <think> and </think>: write '{template.classify} ...' and, on the next line, "
        f"'{template.retrieve} [...]' with a list of the texts that are needed, each in quotes. "
        "Then write the answer between <answer> and </answer>.\n"
    )
