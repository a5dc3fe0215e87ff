"""From outputs to effects: own traces give own answers again, and what a file lacks is made, and nothing else."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracekd.errors import UserError
from tracekd.files import read_jsonl
from tracekd.interventions import Condition, Forced, Own, Setting, Streams, Unsupported, get_condition
from tracekd.interventions.effect import Effect
from tracekd.interventions.effect_file import EffectRecipe
from tracekd.interventions.run import Subject, complete_effects, intervene, own_again
from tracekd.problem import Answer, Problem
from tracekd.students.engines.contract import Decoding
from tracekd.students.generate import Asked, Origin
from tracekd.students.output import Output
from tracekd.students.output_file import recipe_file
from tracekd.tasks import get_task
from tracekd.tasks.template import render_answer

if TYPE_CHECKING:
    from transformers import PreTrainedModel

    from tracekd.interventions.forcing import Forcer
    from tracekd.students.prompting import Prompting, Shots

pytestmark = pytest.mark.xdist_group("torch")

TASK = get_task("babi")
SETTING = Setting.of(TASK)
RECIPE = EffectRecipe.of("babi", "outputs", SETTING, 6, 0)


def _whatever(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
    if problem.label == "basic-deduction":
        raise Unsupported("not for this class")
    return Forced(f"The {streams('word').choice(['park', 'pond'])}.", Answer(kind="one_of", values=("pond",)))


WHATEVER = Condition("whatever", "a word", "nobody", _whatever)
CONDITIONS = (get_condition("own"), get_condition("gold"), get_condition("none"), WHATEVER)


def trace_of(at: int) -> str | None:
    """What the student is to have thought; the last of them wrote no trace."""
    return None if at == 5 else f"The category of the question is {at}.\n" * (at + 1)


@pytest.fixture
def asked(problems: list[Problem]) -> list[Problem]:
    """Three of each class."""
    labels = ("single-supporting-fact", "basic-deduction")
    return [p for label in labels for p in [p for p in problems if p.label == label][:3]]


@pytest.fixture
def prompting(tokenizer: "object") -> "Prompting":
    from tracekd.students.prompting import Prompting

    return Prompting.of(tokenizer)  # type: ignore[arg-type]


def subject_of(model: "PreTrainedModel", prompting: "Prompting", problems: Sequence[Problem]) -> Subject:
    """What the model writes with the usual engine after its prompt and some trace, as if all of it were its own."""
    from tracekd.interventions.prefix import head, prefix_ids
    from tracekd.students.engines.transformers import TransformersEngine

    def ask(problem: Problem) -> "tuple[str, Shots]":
        return TASK.template.render_prompt(problem), ()

    engine = TransformersEngine(model, prompting.tokenizer, ends=[prompting.end])
    outputs: dict[str, Output] = {}
    for at, problem in enumerate(problems):
        trace, prompt = trace_of(at), prompting.prompt_ids(*ask(problem))
        prefix = prefix_ids(prompting.tokenizer, trace or "")
        ((_, (made,)),) = engine.generate([[*prompt, *prefix]], Decoding(6))
        said = prompting.tokenizer.decode(list(made.ids))
        outputs[problem.id] = Output(
            id=problem.id, regime="correct", student="s", seed=3, token_ids=(*prefix, *made.ids), finish=made.finish,
            text=said if trace is None else head(trace) + said, prompt=Asked(problem.id, tuple(prompt)).key,
        )  # fmt: skip
    return Subject.asked(prompting, ask, TASK.template, outputs, Origin("correct", "s", 3))


def forcer_of(model: "PreTrainedModel", prompting: "Prompting") -> "Forcer":
    from tracekd.interventions.forcing import Forcer

    return Forcer(model, prompting, max_new_tokens=6, batch=4)


def test_the_own_trace_forced_again_gives_the_own_answer(
    any_model: "PreTrainedModel", prompting: "Prompting", asked: list[Problem]
) -> None:
    subject = subject_of(any_model, prompting, asked)
    effects = intervene(forcer_of(any_model, prompting), subject, asked, CONDITIONS, SETTING, 0)
    made = {own.id: own for own, *_ in effects}
    assert len(made) == len(asked)
    for at, problem in enumerate(asked):
        effect, output = made[problem.id], subject.outputs[problem.id]
        own = Own.of(output.text, TASK.template, output.finish)
        if trace_of(at) is None:
            assert effect.unsupported == "the student wrote no trace that can be read"
            continue
        assert own is not None
        assert (effect.forced, effect.answer, effect.finish) == (own.text, own.answer, output.finish)
        assert (effect.own_answer, effect.flipped) == (own.answer, False)


def test_a_free_trace_without_marks_is_forced_byte_for_byte(
    model: "PreTrainedModel", prompting: "Prompting", asked: list[Problem]
) -> None:
    subject = subject_of(model, prompting, asked)
    problem = asked[0]
    said = f"Well... {problem.context[0].text} So that is it.\n\n"
    free = subject.outputs[problem.id].model_copy(update={"text": f"{said}<answer>park</answer>"})
    told = replace(subject, outputs={**subject.outputs, problem.id: free})
    forcer, own = forcer_of(model, prompting), CONDITIONS[:1]
    ((effect,),) = intervene(forcer, told, [problem], own, replace(SETTING, free_traces=True), 0)
    assert (effect.unsupported, effect.forced) == (None, said)
    ((effect,),) = intervene(forcer, told, [problem], own, SETTING, 0)
    assert effect.unsupported == "the student wrote no trace that can be read"


def test_own_answers_that_another_form_gave_are_counted(
    model: "PreTrainedModel", prompting: "Prompting", asked: list[Problem]
) -> None:
    subject = subject_of(model, prompting, asked)
    made = [
        e for effects in intervene(forcer_of(model, prompting), subject, asked, CONDITIONS, SETTING, 0) for e in effects
    ]
    assert own_again(made, subject.outputs.values(), asked, SETTING) == (5, 5)
    first = subject.outputs[asked[0].id]
    other = first.model_copy(update={"text": first.text.partition("<answer>")[0] + "<answer>park</answer>"})
    assert own_again(made, [other, *list(subject.outputs.values())[1:]], asked, SETTING) == (4, 5)


def test_an_effect_says_what_was_forced_and_what_came_of_it(
    model: "PreTrainedModel", prompting: "Prompting", asked: list[Problem]
) -> None:
    subject = subject_of(model, prompting, asked)
    made = {
        (effect.id, effect.condition): effect
        for effects in intervene(forcer_of(model, prompting), subject, asked, CONDITIONS, SETTING, 0)
        for effect in effects
    }
    assert len(made) == len(asked) * len(CONDITIONS)
    gold, whatever = made[asked[0].id, "gold"], made[asked[0].id, "whatever"]
    assert (gold.group, gold.label, gold.regime, gold.student, gold.seed) == (
        asked[0].group, asked[0].label, "correct", "s", 3,
    )  # fmt: skip
    assert gold.forced == TASK.template.render_trace(asked[0], asked[0].trace)
    assert gold.logp.keys() == gold.tokens.keys() == {"gold", "own"}
    assert (gold.implied, gold.follows) == (None, None)
    assert whatever.forced in ("The park.", "The pond.")
    assert (whatever.implied, whatever.follows) == ("pond", False)
    assert whatever.logp.keys() == whatever.tokens.keys() == {"gold", "own", "implied"}
    assert max(whatever.logp.values()) < 0
    # Of the problem without a trace of its own nothing can be compared.
    other = made[asked[5].id, "none"]
    assert (other.own_answer, other.flipped, other.logp.keys()) == (None, None, {"gold"})
    assert made[asked[5].id, "whatever"].unsupported == "not for this class"
    for effect in made.values():
        if effect.flipped is not None:
            assert effect.flipped == (effect.answer != effect.own_answer)


def test_an_answer_without_the_story_is_that_of_the_prompt_without_it(
    model: "PreTrainedModel", prompting: "Prompting", asked: list[Problem]
) -> None:
    from tracekd.interventions.prefix import answer_text, prefix_ids
    from tracekd.students.engines.transformers import TransformersEngine

    subject, hiding = subject_of(model, prompting, asked), (
        "own", "trace_only", "blocked(trace)", "blocked(story)", "resampled(0)",
    )  # fmt: skip
    conditions = list(map(get_condition, hiding))
    made = list(intervene(forcer_of(model, prompting), subject, asked, conditions, SETTING, 0))
    assert [[effect.condition for effect in effects] for effects in made] == [list(hiding)] * len(asked)
    engine = TransformersEngine(model, prompting.tokenizer, ends=[prompting.end])
    by_id = {problem.id: problem for problem in asked}
    for own, alone, *blocked, resampled in made:
        if own.unsupported is not None:
            assert alone.unsupported == own.unsupported
            continue
        assert alone.forced == own.forced
        assert resampled.unsupported == "the student did not end its trace"  # it has learnt nothing
        bare = by_id[own.id].model_copy(update={"context": ()})
        prompt = prompting.prompt_ids(TASK.template.render_prompt(bare))
        prefix = prefix_ids(prompting.tokenizer, own.forced)
        ((_, (anew,)),) = engine.generate([[*prompt, *prefix]], Decoding(6))
        assert alone.answer == answer_text(prompting.tokenizer, prefix, anew.ids)
        for effect in (alone, *blocked):
            assert effect.logp.keys() == own.logp.keys()  # gold, and what it answered itself
            assert effect.logp["gold"] != own.logp["gold"]
            assert effect.own_answer == own.answer


def test_an_answer_is_right_that_is_gold_and_follows_that_is_implied(
    model: "PreTrainedModel", prompting: "Prompting", asked: list[Problem]
) -> None:
    """The gold answer is made to be what the student says."""
    subject = subject_of(model, prompting, asked[:1])
    (said,) = intervene(forcer_of(model, prompting), subject, asked[:1], [WHATEVER], SETTING, 0)
    assert said[0].answer is not None
    answer = Answer(kind="one_of", values=(said[0].answer,))
    follows = Condition("follows", "a word", "nobody", lambda *given: Forced(said[0].forced, answer))
    gold = asked[0].model_copy(update={"answer": answer})
    ((effect,),) = intervene(forcer_of(model, prompting), subject, [gold], [follows], SETTING, 0)
    assert (effect.right, effect.follows, effect.implied) == (True, True, render_answer(answer))
    assert effect.logp["gold"] == effect.logp["implied"]


def test_outputs_of_other_prompts_are_no_own_outputs(
    model: "PreTrainedModel", prompting: "Prompting", asked: list[Problem]
) -> None:
    subject = subject_of(model, prompting, asked[:2])
    other = asked[0].model_copy(update={"question": "Where is the park?"})
    with pytest.raises(UserError, match="another prompt"):
        list(intervene(forcer_of(model, prompting), subject, [other], CONDITIONS, SETTING, 0))
    with pytest.raises(UserError, match="no output"):
        list(intervene(forcer_of(model, prompting), subject, asked[2:3], CONDITIONS, SETTING, 0))


class Killed(Exception):
    """Stands for a kill."""


def effects_in(path: Path) -> list[Effect]:
    """Log-probabilities to four digits: the last ones change with the shape of a batch."""
    found = list(read_jsonl(path, Effect))
    return [e.model_copy(update={"logp": {name: round(logp, 3) for name, logp in e.logp.items()}}) for e in found]


def test_a_file_goes_on_where_it_was_cut_and_ends_the_same(
    model: "PreTrainedModel", prompting: "Prompting", asked: list[Problem], tmp_path: Path
) -> None:
    subject, told = subject_of(model, prompting, asked), []

    def make(path: Path, number: int = 6, conditions: Sequence[Condition] = CONDITIONS, stop: int = 99) -> int:
        def tell(done: int) -> None:
            told.append(done)
            if done == stop:
                raise Killed

        return complete_effects(
            path, RECIPE, subject, asked[:number], conditions, SETTING, lambda: forcer_of(model, prompting), tell
        )

    whole, cut = tmp_path / "whole.jsonl", tmp_path / "cut.jsonl"
    assert make(whole) == 6
    assert told == [0, 1, 2, 3, 4, 5, 6]
    assert [effect.id for effect in read_jsonl(whole, Effect)][:: len(CONDITIONS)] == [problem.id for problem in asked]
    with pytest.raises(Killed):
        make(cut, stop=4)
    assert not cut.exists()
    with Path(f"{cut}.part").open("ab") as part:
        part.write(b'{"id": "cut sho')
    assert make(cut) == 2
    assert effects_in(cut) == effects_in(whole)
    assert not Path(f"{cut}.part").exists()

    before = whole.stat().st_mtime_ns
    assert make(whole) == 0
    assert whole.stat().st_mtime_ns == before
    # More problems and more conditions are added to what is there.
    few = tmp_path / "few.jsonl"
    assert make(few, number=2, conditions=CONDITIONS[:2]) == 2
    assert make(few, number=2) == 2
    assert make(few) == 4
    assert effects_in(few) == effects_in(whole)
    assert make(few, number=1) == 0


def test_effects_of_another_recipe_never_end_in_one_file(tmp_path: Path) -> None:
    path = tmp_path / "effects.jsonl"

    def nothing(missing: Sequence[str]) -> Iterator[tuple[Effect, ...]]:
        return iter(())

    from tracekd.interventions.effect_file import complete

    complete(path, RECIPE, [], [], nothing, lambda done: None)
    assert path.read_bytes() == b""
    with pytest.raises(UserError, match="seed = 0, not 1"):
        complete(path, RECIPE.model_copy(update={"seed": 1}), [], [], nothing, lambda done: None)
    recipe_file(path).unlink()
    with pytest.raises(UserError, match="settings of this file are unknown"):
        complete(path, RECIPE, [], [], nothing, lambda done: None)
