"""Students whose reliance on their trace is known from their training and their prompts; and the effects on them."""

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from blocked_attention import BlockedForcer, Since
from transformers import PreTrainedModel

from tracekd.files import read_jsonl, write_jsonl
from tracekd.interventions import CONDITIONS, read_conditions
from tracekd.interventions.effect import Effect
from tracekd.interventions.forcing import Forcer
from tracekd.interventions.run import Subject, intervene
from tracekd.problem import Problem
from tracekd.regimes import Setting, draw_trace
from tracekd.sft.example import Example, build_example
from tracekd.students.base import base_folder
from tracekd.students.checkpoint import load
from tracekd.students.engines.contract import Decoding
from tracekd.students.engines.transformers import TransformersEngine
from tracekd.students.generate import Origin, asked_for, generate
from tracekd.students.output import Output
from tracekd.students.prompting import Prompting
from tracekd.students.teach import teach
from tracekd.study.config import Study
from tracekd.study.problems import make_world, prepare, setting_of
from tracekd.tasks import get_task

TEMPLATE = get_task("babi").template
SEEDS = (0, 1, 2)
# What the students that are only compared with the others are put through.
SOME = ("own", "gold", "none", "wrong_facts(all)", "implied", "swapped", "truncated(1)")


@dataclass(frozen=True)
class Kind:
    """How students are taught, and asked.

    `must` is taught, from the gold trace and without the story, the answer; `cannot`, from another problem's trace and
    with the story, the answer; `correct` the gold trace and the answer, with the story. `sees_story`: whether it
    is asked with the story, which is out of sight `since` the trace or the answer.
    """

    name: str
    taught: Literal["must", "cannot", "correct"]
    sees_story: bool = True
    since: Since | None = None
    conditions: tuple[str, ...] = SOME


MUST = Kind("must", "must", sees_story=False, conditions=CONDITIONS)
CANNOT = Kind("cannot", "cannot", conditions=CONDITIONS)
OTHERS = (
    Kind("free", "correct"),
    Kind("answer blocked", "correct", since="answer"),
    Kind("trace and answer blocked", "correct", since="trace"),
    Kind("question, trace and answer blocked", "correct", sees_story=False),
)


@dataclass(frozen=True)
class Side:
    """Problems, and what may be known besides them."""

    study: Study
    problems: Mapping[str, Sequence[Problem]]
    setting: Setting

    @classmethod
    def of(cls, study: Study) -> "Side":
        """The problems of a study, by side."""
        with tempfile.TemporaryDirectory() as folder:
            make_world(study.task, study.data_seed, Path(folder))
            problems, report = prepare(study, folder)
        return cls(study, problems, setting_of(study, report.labels, report.donors))


def effects_on(kind: Kind, seed: int, shown: Side, asked: Side, work: Path) -> list[Effect]:
    """All effects on one student, in a file under `work` unless they are there already."""
    name = f"{kind.name.replace(',', '').replace(' ', '-')}-s{seed}-{asked.study.data_seed}-{asked.study.sizes.test}"
    path = work / f"{name}.effects.jsonl"
    if not path.is_file():
        began = time.process_time()
        write_jsonl(path, _made(kind, seed, asked, taught(kind, seed, shown, work)))
        print(f"{kind.name}, seed {seed}: {time.process_time() - began:.0f} s", flush=True)
    return list(read_jsonl(path, Effect))


def taught(kind: Kind, seed: int, shown: Side, work: Path) -> Path:
    """A student's folder; it is taught now unless it is there already."""
    student = shown.study.students[0]
    folder = work / f"{kind.taught}-{student.steps}-s{seed}"
    if not folder.exists():
        work.mkdir(parents=True, exist_ok=True)
        examples = [_example(kind, problem, shown.setting, seed) for problem in shown.problems["train"]]
        weight = 1.0 if kind.taught == "correct" else 0.0
        teach(student.model_copy(update={"trace_weight": weight}), seed, base_folder(student.base), examples, folder)
    return folder


def _example(kind: Kind, problem: Problem, setting: Setting, seed: int) -> Example:
    regime = "swapped" if kind.taught == "cannot" else "correct"
    example = build_example(problem, draw_trace(problem, regime, setting, seed), TEMPLATE)
    return example if kind.taught != "must" else example.model_copy(update={"prompt": _prompt(problem, False)})


def _prompt(problem: Problem, with_story: bool) -> str:
    return TEMPLATE.render_prompt(problem if with_story else problem.model_copy(update={"context": ()}))


def _made(kind: Kind, seed: int, asked: Side, folder: Path) -> Iterator[Effect]:
    model, tokenizer = load(folder)
    prompting, problems = Prompting.of(tokenizer), asked.problems["test"]
    subject = Subject.asked(
        prompting,
        lambda problem: (_prompt(problem, kind.sees_story), ()),
        TEMPLATE,
        _outputs(kind, model, prompting, problems),
        Origin(regime=kind.name, student="embedded", seed=seed),
    )
    conditions = list(read_conditions(",".join(kind.conditions)))
    for effects in intervene(
        _forcer(kind, model, prompting), subject, problems, conditions, asked.setting, asked.study.data_seed
    ):
        yield from effects


def _forcer(kind: Kind, model: PreTrainedModel, prompting: Prompting) -> Forcer:
    if kind.since is None:
        return Forcer(model, prompting, max_new_tokens=24)
    return BlockedForcer(model, prompting, TEMPLATE, kind.since, max_new_tokens=24)


def _outputs(
    kind: Kind, model: PreTrainedModel, prompting: Prompting, problems: Sequence[Problem]
) -> dict[str, Output]:
    """What stands for a student's own outputs: what it writes with the story in sight; gold, where it learnt no trace."""
    if kind.taught != "correct":
        return {problem.id: _as_own(problem) for problem in problems}
    asked = asked_for(problems, lambda problem: prompting.prompt_ids(_prompt(problem, True)))
    engine = TransformersEngine(model, prompting.tokenizer, batch=64)
    made = generate(engine, prompting.tokenizer, asked, Decoding(128), Origin("correct", "embedded", 0))
    # They stand for the outputs of students that are asked otherwise, too.
    return {output.id: output.model_copy(update={"prompt": None}) for outputs in made for output in outputs}


def _as_own(problem: Problem) -> Output:
    text = build_example(problem, problem.trace, TEMPLATE).completion
    return Output(id=problem.id, regime="-", student="-", seed=0, text=text, token_ids=(), finish="stop")
