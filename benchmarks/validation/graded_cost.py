"""What a measure costs, counted: forced traces, and passes of a student and the tokens that it reads, for each problem."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reliance_students import Side
from transformers import PreTrainedModel

from tracekd.interventions import read_conditions
from tracekd.interventions.forcing import Forcer
from tracekd.interventions.published_measures import PublishedMeasure
from tracekd.interventions.run import Subject, intervene
from tracekd.students.checkpoint import load
from tracekd.students.generate import Origin
from tracekd.students.output import Output
from tracekd.students.prompting import Prompting

PROBLEMS = 8


@dataclass(frozen=True)
class Cost:
    """Means over problems. The prompt, the student's own trace and the scored answers are included."""

    traces: int
    passes: float
    tokens: float


@dataclass
class _Counter:
    passes: int = 0
    tokens: int = 0


def costs_of(
    folder: Path, outputs: Sequence[Output], asked: Side, measures: Mapping[str, PublishedMeasure]
) -> dict[str, Cost]:
    """The cost of each measure, on the student in a folder: one problem at a time, so that nothing is padded.

    `outputs`: what stands for the student's own, at least for the first problems.
    """
    model, tokenizer = load(folder)
    prompting = Prompting.of(tokenizer, asked.student.chat)
    subject = Subject.asked(
        prompting,
        lambda problem: (asked.prompt(problem), ()),
        asked.setting.template,
        {output.id: output for output in outputs},
        Origin("-", "-", 0),
    )
    forcer = Forcer(model, prompting, max_new_tokens=asked.student.max_new_tokens, batch=1)
    problems, found = asked.problems["test"][:PROBLEMS], dict[str, Cost]()
    for name, measure in measures.items():
        conditions = list(read_conditions(",".join(measure.needs)))
        with _counting(model) as counter:
            for _ in intervene(forcer, subject, problems, conditions, asked.setting, asked.study.data_seed):
                pass
        found[name] = Cost(measure.cost, counter.passes / len(problems), counter.tokens / len(problems))
    return found


@contextmanager
def _counting(model: PreTrainedModel) -> Iterator[_Counter]:
    """Count the calls of a model, and the tokens that it reads in them."""
    counter = _Counter()

    def count(module: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        ids = kwargs["input_ids"] if "input_ids" in kwargs else args[0]
        counter.passes += 1
        counter.tokens += ids.numel()

    handle = model.register_forward_pre_hook(count, with_kwargs=True)
    try:
        yield counter
    finally:
        handle.remove()
