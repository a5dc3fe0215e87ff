"""Students whose reliance on their trace is known from how they are taught: teaching them, and the effects on them.

Each student has a folder of its own, with its weights, its outputs, and the effects on it. What is there is not made again.
Several processes may each make another student.
"""

import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from transformers import PreTrainedModel

from tracekd.content_hash import sha256_of
from tracekd.files import read_jsonl, write_jsonl
from tracekd.interventions import Condition
from tracekd.interventions.effect import Effect
from tracekd.interventions.effect_file import EffectRecipe, read_effects
from tracekd.interventions.forcing import Forcer
from tracekd.interventions.run import Subject, complete_effects
from tracekd.problem import Problem
from tracekd.regimes import Setting, Target, draw_trace
from tracekd.sft.example import Example, build_example
from tracekd.students.base import base_folder
from tracekd.students.checkpoint import load
from tracekd.students.engines.contract import Decoding
from tracekd.students.engines.transformers import TransformersEngine
from tracekd.students.generate import Origin, asked_for, generate
from tracekd.students.output import Output
from tracekd.students.prompting import Prompting
from tracekd.students.student import Student
from tracekd.students.teach import teach
from tracekd.study.config import Study
from tracekd.study.problems import make_world, prepare, setting_of, text_of

SEEDS = (0, 1, 2)

# What a student is taught for a problem. The seed is the student's.
Lesson = Callable[[Problem, Setting, int], Example]


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

    def without(self, shown: "Side") -> "Side":
        """Without the test problems whose text is also among the training problems of `shown`: short stories can recur."""
        known = {text_of(problem) for problem in shown.problems["train"]}
        fresh = [problem for problem in self.problems["test"] if text_of(problem) not in known]
        return replace(self, problems={**self.problems, "test": fresh})

    @property
    def student(self) -> Student:
        """The base, and how it is trained and asked."""
        return self.study.students[0]

    def prompt(self, problem: Problem, *, with_story: bool = True) -> str:
        """The text that a student is asked."""
        asked = problem if with_story else problem.model_copy(update={"context": ()})
        return self.setting.template.render_prompt(asked)


# How traces are forced on a student.
MakeForcer = Callable[[PreTrainedModel, Prompting, Side], Forcer]


def plain_forcer(model: PreTrainedModel, prompting: Prompting, asked: Side) -> Forcer:
    """Nothing but what the conditions hide is hidden."""
    return Forcer(model, prompting, max_new_tokens=asked.student.max_new_tokens)


@dataclass(frozen=True)
class KnownStudent:
    """How a student is taught, and asked.

    `name` is the regime of its effects; students with the same `taught` are the same student, asked in other ways.
    `sees_story`: whether it is asked with the story. `writes`: whether it learns to write its trace; if not, the gold trace
    and answer stand for its own output.
    """

    name: str
    taught: str
    lesson: Lesson
    conditions: Sequence[Condition]
    sees_story: bool = True
    writes: bool = False
    forcer: MakeForcer = plain_forcer


def regime_lesson(regime: str, *, given: bool) -> Lesson:
    """Gold answers after the traces of a regime. `given`: only the answers are learnt."""

    def lesson(problem: Problem, setting: Setting, seed: int) -> Example:
        target = Target(draw_trace(problem, regime, setting, seed), problem.answer, given)
        return build_example(problem, target, setting.template)

    return lesson


def make_effects(known: KnownStudent, seed: int, shown: Side, asked: Side, work: Path) -> None:
    """Make the missing effects on one student on the test problems of `asked`, and print the processor time."""
    outputs, effects = (_file(known, seed, asked, work, kind) for kind in ("outputs", "effects"))
    began = time.process_time()
    folder = taught_in(known, seed, shown, work)
    taught = time.process_time() - began
    model, tokenizer = load(folder)
    prompting = Prompting.of(tokenizer, asked.student.chat)
    origin = Origin(regime=known.name, student=asked.student.name, seed=seed)
    if not outputs.is_file():
        write_jsonl(outputs, _outputs(known, model, prompting, asked, origin))
    limit = asked.student.max_new_tokens
    made = complete_effects(
        effects,
        EffectRecipe.of(asked.study.task.name, sha256_of(outputs), asked.setting, limit, asked.study.data_seed),
        Subject.asked(
            prompting,
            lambda problem: (asked.prompt(problem, with_story=known.sees_story), ()),
            asked.setting.template,
            {output.id: output for output in read_jsonl(outputs, Output)},
            origin,
        ),
        asked.problems["test"],
        known.conditions,
        asked.setting,
        lambda: known.forcer(model, prompting, asked),
        lambda done: None,
    )
    asking = time.process_time() - began - taught
    print(f"{known.name}, seed {seed}: taught in {taught:.0f} s, {made} problems in {asking:.0f} s", flush=True)


def effects_of(known: KnownStudent, seed: int, asked: Side, work: Path) -> list[Effect]:
    """All effects on one student, which `make_effects` has made."""
    path = _file(known, seed, asked, work, "effects")
    ids, names = [problem.id for problem in asked.problems["test"]], [one.name for one in known.conditions]
    return list(read_effects(path, ids, names))


def outputs_of(known: KnownStudent, seed: int, asked: Side, work: Path) -> list[Output]:
    """What stands for a student's own outputs; `make_effects` has made them."""
    return list(read_jsonl(_file(known, seed, asked, work, "outputs"), Output))


def taught_in(known: KnownStudent, seed: int, shown: Side, work: Path) -> Path:
    """The folder of a student's weights; it is taught now unless it is there already."""
    folder = _home(known, seed, shown, work) / "student"
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        examples = [known.lesson(problem, shown.setting, seed) for problem in shown.problems["train"]]
        teach(shown.student, seed, base_folder(shown.student.base), examples, folder)
    return folder


def _home(known: KnownStudent, seed: int, side: Side, work: Path) -> Path:
    """The folder of a student and of everything about it: only one process may write into a folder."""
    return work / f"{_plain(known.taught)}-{side.student.steps}-s{seed}"


def _file(known: KnownStudent, seed: int, asked: Side, work: Path, kind: str) -> Path:
    problems = f"{asked.study.data_seed}-{asked.study.sizes.test}"
    return _home(known, seed, asked, work) / f"{_plain(known.name)}-{problems}.{kind}.jsonl"


def _plain(name: str) -> str:
    """A name as part of a file's name."""
    return re.sub(r"[^\w.]+", "-", name).strip("-")


def _outputs(
    known: KnownStudent, model: PreTrainedModel, prompting: Prompting, asked: Side, origin: Origin
) -> Iterator[Output]:
    """What a student writes with the story in sight; gold if it learnt no trace."""
    problems, student = asked.problems["test"], asked.student
    if not known.writes:
        yield from (_as_own(problem, asked, origin) for problem in problems)
        return
    engine = TransformersEngine(model, prompting.tokenizer, batch=student.generation_batch)
    prompts = asked_for(problems, lambda problem: prompting.prompt_ids(asked.prompt(problem)))
    made = generate(engine, prompting.tokenizer, prompts, Decoding(student.max_new_tokens), origin)
    # They stand for the outputs of students that are asked in another way, too.
    by_id = {output.id: output.model_copy(update={"prompt": None}) for outputs in made for output in outputs}
    yield from (by_id[problem.id] for problem in problems)


def _as_own(problem: Problem, asked: Side, origin: Origin) -> Output:
    text = build_example(problem, problem.trace, asked.setting.template).completion
    return Output(
        id=problem.id, regime=origin.regime, student=origin.student, seed=origin.seed, text=text, token_ids=(),
        finish="stop",
    )  # fmt: skip
