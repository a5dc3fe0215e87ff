"""From examples to a student in a folder: what is left out, what is recorded, what goes wrong."""

import errno
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracekd.errors import UserError
from tracekd.sft.example import Example

from .conftest import LLAMA_CHAT, a_student, chatting, tiny_model

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

    from tracekd.students.clock import Watch
    from tracekd.students.prompting import Prompting

pytestmark = pytest.mark.xdist_group("torch")


@pytest.fixture
def base(model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", tmp_path: Path) -> Path:
    from tracekd.students.checkpoint import save

    save(model, tokenizer, tmp_path / "base")
    return tmp_path / "base"


def refused(base: Path, examples: list[Example], out: Path, **given: object) -> UserError:
    from tracekd.students.teach import teach

    with pytest.raises(UserError) as caught:
        teach(a_student(**given), 0, base, examples, out)
    assert not out.exists()
    return caught.value


def test_a_student_is_written_with_its_record(base: Path, examples: list[Example], tmp_path: Path) -> None:
    import torch

    from tracekd.students.checkpoint import load
    from tracekd.students.teach import RECORD, TrainingRecord, teach

    student, out = a_student(base=str(base)), tmp_path / "deep" / "out"
    record = teach(student, 5, base, examples[:12], out)
    assert TrainingRecord.model_validate_json((out / RECORD).read_text()) == record
    assert (record.student, record.seed, record.steps, record.trained_on) == (student, 5, 4, 12)
    assert (record.too_long, record.tokens, record.out_of_time) == (0, 1024, False)
    assert record.seconds > 0 and record.loss > 0
    assert sorted(path.name for path in out.parent.iterdir()) == ["out"], "nothing is left over"
    before, after = load(base)[0].state_dict(), load(out)[0].state_dict()
    assert set(before) == set(after)
    assert not any(torch.equal(before[name], after[name]) for name in before if "dense.weight" in name)


def test_the_watcher_is_given_what_prompts_are_made_with(base: Path, examples: list[Example], tmp_path: Path) -> None:
    from tracekd.students.teach import teach

    made: list[Prompting] = []
    steps: list[int] = []

    def watcher(prompting: "Prompting") -> "Watch":
        made.append(prompting)
        return lambda step: steps.append(step.number)

    teach(a_student(steps=2), 0, base, examples[:8], tmp_path / "out", watcher)
    assert [prompting.chat for prompting in made] == [False] and steps == [1, 2]


def test_examples_that_are_too_long_are_counted_and_left_out(
    base: Path, examples: list[Example], tokenizer: "PreTrainedTokenizerBase", tmp_path: Path
) -> None:
    from tracekd.sft.tokens import tokenize
    from tracekd.students.teach import teach

    lengths = sorted(len(tokenize(example, tokenizer).ids) for example in examples[:20])
    limit = lengths[12]
    record = teach(a_student(max_tokens=limit), 0, base, examples[:20], tmp_path / "out")
    assert record.trained_on == sum(length <= limit for length in lengths) < 20
    assert (record.too_long, record.tokens) == (20 - record.trained_on, limit)


def test_the_context_of_the_base_is_a_limit_too(
    tokenizer: "PreTrainedTokenizerBase", examples: list[Example], tmp_path: Path
) -> None:
    from tracekd.students.checkpoint import save
    from tracekd.students.teach import teach

    save(tiny_model("llama", tokenizer, max_position_embeddings=120), tokenizer, tmp_path / "short")
    record = teach(a_student(steps=1), 0, tmp_path / "short", examples[:20], tmp_path / "out")
    assert record.tokens == 120 and 0 < record.too_long < 20
    save(tiny_model("llama", tokenizer, max_position_embeddings=8), tokenizer, tmp_path / "shorter")
    error = refused(tmp_path / "shorter", examples[:20], tmp_path / "none")
    assert error.problem == "all 20 examples are longer than 8 tokens"
    assert "max_tokens = 1024" in (error.expected or "") and "context of 8" in (error.expected or "")


def test_a_base_without_a_limit_has_none(model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase") -> None:
    from tracekd.students.teach import context_of

    assert context_of(model) > 10**9
    assert context_of(tiny_model("qwen3", tokenizer)) == 2048


def test_nothing_to_learn_from_is_said(base: Path, examples: list[Example], tmp_path: Path) -> None:
    error = refused(base, examples[:5], tmp_path / "out", max_tokens=3)
    assert (error.problem, error.where) == ("all 5 examples are longer than 3 tokens", "student s")
    assert error.expected == "examples within max_tokens = 3"
    assert refused(base, [], tmp_path / "out").problem == "there are no examples"


def test_a_tokenizer_that_loses_tags_is_refused_before_the_training(
    base: Path, examples: list[Example], tmp_path: Path
) -> None:
    tokenizer = json.loads((base / "tokenizer.json").read_text())
    tokenizer["normalizer"] = {"type": "Replace", "pattern": {"String": "<think>"}, "content": ""}
    (base / "tokenizer.json").write_text(json.dumps(tokenizer))
    error = refused(base, examples, tmp_path / "out")
    assert "loses a part" in error.problem and "'<think>" in error.problem
    assert not (tmp_path / "out.training").exists()


def test_a_chatting_base_is_trained_in_its_own_words(
    tokenizer: "PreTrainedTokenizerBase", examples: list[Example], tmp_path: Path
) -> None:
    """Its template stays with the student, and what ends its turns ends its outputs."""
    from tracekd.students.checkpoint import load, save
    from tracekd.students.prompting import Prompting
    from tracekd.students.teach import teach

    chat = chatting(tokenizer, LLAMA_CHAT)
    save(tiny_model("llama", chat), chat, tmp_path / "base")
    teach(a_student(), 0, tmp_path / "base", examples[:8], tmp_path / "out")
    model, loaded = load(tmp_path / "out")
    again = Prompting.of(loaded)
    assert again.chat and again.prompt("Who?") == Prompting.of(chat).prompt("Who?")
    assert model.generation_config.eos_token_id == again.end == chat.convert_tokens_to_ids("<|eot|>")
    teach(a_student(chat=False), 0, tmp_path / "base", examples[:8], tmp_path / "raw")
    assert load(tmp_path / "raw")[0].generation_config.eos_token_id == chat.eos_token_id


def test_a_disk_that_is_full_at_the_end_keeps_the_state(
    base: Path, examples: list[Example], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import functools

    from tracekd.students import teach as module

    def full(*args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    out = tmp_path / "out"
    monkeypatch.setattr(module, "train", functools.partial(module.train, save_every=0))
    with monkeypatch.context() as patched:
        patched.setattr(module, "save", full)
        error = refused(base, examples[:8], out)
    assert "the student cannot be written: [Errno 28] No space left on device" in error.problem
    assert error.where == str(out)
    assert sorted(path.name for path in tmp_path.glob("out.training/checkpoint-*")) == ["checkpoint-2", "checkpoint-3"]
    assert not list(tmp_path.glob(".out*")), "nothing half-written is left"
    steps: list[int] = []
    module.teach(a_student(), 0, base, examples[:8], out, lambda prompting: lambda step: steps.append(step.number))
    assert steps == [4] and (out / "training.json").is_file()
