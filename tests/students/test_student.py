"""A student as a study file says it: presets, what they fill in, and what cannot be."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tracekd.students.memory import is_checkpointed
from tracekd.students.student import NOT_TRAINING, PRESETS, Lora, Student


def test_paper_is_what_the_papers_scripts_say() -> None:
    """arXiv 2505.13792, its released scripts: QLoRA r 16 alpha 32, 16 a step as 4 x 4, 3 epochs, 2e-4 cosine."""
    paper = Student(name="s", preset="paper")
    assert paper.base == "meta-llama/Llama-3.2-1B-Instruct"
    assert (paper.method, paper.lora) == ("qlora", Lora(r=16, alpha=32, dropout=0.05, targets=()))
    assert (paper.epochs, paper.steps, paper.seconds) == (3, None, None)
    assert (paper.batch, paper.micro_batch) == (16, 4)
    assert (paper.learning_rate, paper.schedule, paper.warmup) == (2e-4, "cosine", 0.1)
    assert (paper.precision, paper.gradient_checkpointing, paper.max_tokens) == ("bfloat16", None, 1024)
    assert [is_checkpointed(paper, device) for device in ("cuda", "cpu")] == [True, False]
    assert paper.max_new_tokens == 500
    assert paper.embedding_learning_rate is None and paper.trace_weight == paper.answer_weight == 1


def test_the_embedded_preset_is_every_default_and_the_first_one() -> None:
    assert Student(name="s") == Student(name="s", preset="embedded")
    assert Student(name="s").base == "embedded" and Student(name="s").steps is not None


@pytest.mark.parametrize("preset", PRESETS)
def test_what_is_said_goes_before_the_preset(preset: str) -> None:
    plain = Student(name="s", preset=preset)
    assert set(PRESETS[preset]) <= set(Student.model_fields)
    said = Student(name="s", preset=preset, base="here", learning_rate=0.5, batch=8, lora={"r": 3})
    assert (said.base, said.learning_rate, said.batch) == ("here", 0.5, 8)
    assert said.lora == plain.lora.model_copy(update={"r": 3}), "the rest of the adapters is the preset's"
    changed = {"base", "learning_rate", "batch", "lora"}
    assert plain.model_dump(exclude=changed) == said.model_dump(exclude=changed)


@pytest.mark.parametrize("preset", PRESETS)
def test_steps_and_epochs_take_the_place_of_one_another(preset: str) -> None:
    by_steps, by_epochs = Student(name="s", preset=preset, steps=7), Student(name="s", preset=preset, epochs=0.5)
    assert (by_steps.steps, by_steps.epochs) == (7, None)
    assert (by_epochs.steps, by_epochs.epochs) == (None, 0.5)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"preset": "papr"}, "did you mean 'paper'?"),
        ({"preset": "papr"}, "cpu, embedded, full-1b, paper"),
        ({"preset": ["paper"]}, "there is no preset"),
        ({"preset": None}, "there is no preset"),
        ({"steps": 5, "epochs": 2}, "either in steps or in epochs"),
        ({"steps": None}, "one of steps, epochs"),
        ({"preset": "paper", "epochs": None}, "one of steps, epochs"),
        ({"trace_weight": 0, "answer_weight": 0}, "nothing is left to learn"),
        ({"base": " "}, "the base has no name"),
        ({"base": "a\nb"}, "the base has no name"),
        ({"method": "Lora"}, "'full', 'lora' or 'qlora'"),
        ({"schedule": "cosin"}, "'linear', 'cosine' or 'constant'"),
        ({"precision": "float16"}, "'float32' or 'bfloat16'"),
        ({"report_to": ["wandbb"]}, "'tensorboard', 'wandb', 'trackio' or 'mlflow'"),
        ({"lora": {"rank": 3}}, "lora.rank"),
        ({"lora": {"r": 0}}, "greater than 0"),
        ({"lora": {"dropout": 1}}, "less than 1"),
        ({"learning_rte": 1}, "learning_rte"),
        ({"learning_rate": float("nan")}, "learning_rate"),
        ({"learning_rate": 2}, "less than or equal to 1"),
        ({"warmup": 1}, "less than 1"),
        ({"epochs": float("inf")}, "finite"),
        ({"trace_weight": -1}, "greater than or equal to 0"),
        ({"name": "../s"}, "name"),
    ],
)
def test_what_cannot_be_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Student(**{"name": "s", **given})
    assert said in str(caught.value)


def test_what_is_no_table_is_refused() -> None:
    for table in (5, [], "paper", None):
        with pytest.raises(ValidationError):
            Student.model_validate(table)


OVERRIDES = st.fixed_dictionaries(
    {"name": st.just("s"), "preset": st.sampled_from(sorted(PRESETS))},
    optional={
        "steps": st.integers(1, 9), "seconds": st.floats(1, 9), "batch": st.integers(1, 9),
        "lora": st.fixed_dictionaries({}, optional={"r": st.integers(1, 9), "targets": st.just(["q_proj"])}),
        "method": st.sampled_from(["full", "lora", "qlora"]), "chat": st.none() | st.booleans(),
        "report_to": st.just(["wandb"]), "trace_weight": st.floats(0.1, 9),
    },
)  # fmt: skip


@given(OVERRIDES)
def test_a_record_of_a_student_is_read_as_that_student(given: dict[str, Any]) -> None:
    student = Student(**given)
    assert Student.model_validate(student.model_dump()) == student
    assert Student.model_validate_json(student.model_dump_json()) == student


def test_what_the_weights_do_not_depend_on_are_fields() -> None:
    assert set(Student.model_fields) > NOT_TRAINING
    assert not {"seconds", "chat", "base", "method", "max_tokens", "micro_batch"} & NOT_TRAINING
