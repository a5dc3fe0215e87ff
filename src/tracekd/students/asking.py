"""The prompt for a problem under a regime, and the worked examples before it, if any."""

from collections.abc import Callable, Sequence

from tracekd.problem import Problem
from tracekd.randomness import stream
from tracekd.regimes import Regime
from tracekd.sft.example import Example
from tracekd.students.engines.contract import STOP, Turns
from tracekd.students.prompting import BETWEEN, Shots
from tracekd.tasks.template import Template

Ask = Callable[[Problem], tuple[str, Shots]]


def asker(regime: Regime, template: Template, examples: Sequence[Example], seed: int) -> Ask:
    """A function that asks problems under a regime: as in training, or, if the regime trains no student, after some of
    these examples. The examples for a problem are a pure function of (seed, problem id) and of the list to choose from;
    the problem itself is never among them.
    """
    if regime.prompted is None:
        return lambda problem: (template.render_prompt(problem), ())
    number, told = regime.prompted.shots, regime.traced

    def ask(problem: Problem) -> tuple[str, Shots]:
        others = [example for example in examples if example.id != problem.id]
        chosen = stream(seed, problem.id, "shots").sample(others, min(number, len(others)))
        prompts = [*(example.prompt for example in chosen), template.render_prompt(problem)]
        *before, last = [_told(prompt, template) for prompt in prompts] if told else prompts
        return last, tuple((prompt, example.completion) for prompt, example in zip(before, chosen, strict=True))

    return ask


def stop_of(regime: Regime, chat: bool) -> str:
    """The stop string of an output. A base that continues examples with plain answers ends an answer as the examples
    do, with a blank line.
    """
    bare = regime.prompted is not None and regime.prompted.shots and not regime.traced and not chat
    return BETWEEN if bare else STOP


def conversation(prompt: str, shots: Shots = ()) -> Turns:
    """A prompt after worked examples, as the turns of a conversation."""
    before = [turn for asked, said in shots for turn in (("user", asked), ("assistant", said))]
    return (*before, ("user", prompt))


def _told(prompt: str, template: Template) -> str:
    """The prompt, with the instruction to think instead of `Only return the answer.`"""
    return f"{prompt.removesuffix(template.prompt.partition('{question}')[2])}\n{instruction(template)}"


def instruction(template: Template) -> str:
    """The instruction about the form of a trace, for a base without training."""
    return (
        f"First think, between <think> and </think>: write '{template.classify} ...' and, on the next line, "
        f"'{template.retrieve} [...]' with a list of the texts that are needed, each in quotes. "
        "Then write the answer between <answer> and </answer>.\n"
    )
