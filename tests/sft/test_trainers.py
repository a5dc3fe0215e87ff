"""TRL and `datasets` load what `tracekd sft` writes as it is."""

import os
from pathlib import Path
from typing import Any

import pytest

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_DATASETS_OFFLINE"] = "1"

from tracekd.regimes import Setting, read_regimes
from tracekd.sft.example import Supervision
from tracekd.sft.folder import Recipe, write_sft
from tracekd.sft.formats import FORMATS
from tracekd.sft.tokens import load_tokenizer
from tracekd.students.base import base_folder
from tracekd.tasks.babi import TASK

from .test_folder import PROBLEMS, described

pytestmark = pytest.mark.xdist_group("torch")
# Of each format, whether TRL's loss covers the prompt, too.
LEAKS = {"conversational": False, "messages": True, "prompt-completion": False, "labels": False}
CHAT = "{% for m in messages %}{{ m['content'] }}{% endfor %}{{ eos_token }}"


@pytest.fixture(scope="module", params=["conversational", "messages", "prompt-completion", "labels"])
def loaded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    from datasets import load_dataset

    folder = tmp_path_factory.mktemp("sft") / "data"
    supervision = Supervision(tuple(read_regimes("correct,corrupted(0.3)")), Setting.of(TASK), 0)
    recipe = Recipe(supervision, FORMATS[request.param], load_tokenizer(base_folder("embedded")))
    write_sft(folder, recipe, PROBLEMS, lambda written: described(written, request.param), lambda done: None)
    cache = str(folder.parent / "cache")
    return load_dataset(str(folder), "corrupted(0.3)", split="train", cache_dir=cache), folder, cache


@pytest.fixture
def leaks(request: pytest.FixtureRequest) -> bool:
    return LEAKS[request.node.callspec.params["loaded"]]


def test_datasets_finds_every_regime_as_a_configuration(loaded: Any) -> None:
    from datasets import get_dataset_config_names, load_dataset

    rows, folder, cache = loaded
    assert get_dataset_config_names(str(folder)) == ["correct", "corrupted(0.3)"]
    assert set(rows["regime"]) == {"corrupted(0.3)"}
    lines = load_dataset("json", data_files=str(folder / "corrupted-0.3.jsonl"), split="train", cache_dir=cache)
    assert lines.to_list() == rows.to_list()


def test_trl_trains_on_it_as_it_is_and_the_card_says_what_its_loss_covers(
    loaded: Any, leaks: bool, tmp_path: Path
) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from trl import SFTConfig, SFTTrainer

    rows, folder, _ = loaded
    base = base_folder("embedded")
    tokenizer = AutoTokenizer.from_pretrained(base)
    tokenizer.chat_template = CHAT
    arguments = SFTConfig(
        output_dir=str(tmp_path), max_steps=2, per_device_train_batch_size=2, report_to=[], use_cpu=True, bf16=False,
        save_strategy="no", disable_tqdm=True, gradient_checkpointing=False,
    )  # fmt: skip
    trainer = SFTTrainer(
        AutoModelForCausalLM.from_pretrained(base), arguments, train_dataset=rows, processing_class=tokenizer
    )
    assert 0 < trainer.train().training_loss < 20
    batch = trainer.data_collator([trainer.train_dataset[0]])
    covered = batch["labels"][0][batch["labels"][0] != -100]
    said = tokenizer.decode(covered)
    assert "<answer>" in said
    assert ("Only return the answer" in said) == leaks
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert ("the loss covers **the prompt, too**" in card) == leaks
