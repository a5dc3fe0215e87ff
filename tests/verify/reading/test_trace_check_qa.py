"""The released files: names that say model, regime, seed and class, and records that hold their gold."""

from pathlib import Path

import pytest

from tracekd.verify.reading import GoldRecord
from tracekd.verify.reading.trace_check_qa import origin_of

from .conftest import FACTS, QUESTION, STORY, Write, babi_record, cotempqa_record, written

LLAMA = "Llama-3.2-1B-Instruct"


@pytest.mark.parametrize(
    ("name", "model", "regime", "seed", "label"),
    [
        (f"equal/{LLAMA}-sft-adapter_default", LLAMA, "answer_only", 0, "equal"),
        (f"mix/{LLAMA}-sft-adapter-reasoning-facts_default", LLAMA, "correct", 0, "mix"),
        (f"mix/{LLAMA}-sft-adapter-reasoning-facts-perturbed_default", LLAMA, "incorrect", 0, "mix"),
        ("during/Qwen3-1.7B-sft-adapter-121_default", "Qwen3-1.7B", "answer_only", 121, "during"),
        ("x/Qwen3-1.7B-sft-adapter-reasoning-facts-perturbed-122_default", "Qwen3-1.7B", "incorrect", 122, None),
        ("during_default/with_reasoning/Qwen3-8B-sft-adapter-reasoning_default_during", "Qwen3-8B", "class_only", 0, "during"),
        ("overlap/Qwen3-8B-sft-adapter-reasoning-r1-set-vanilla_default", "Qwen3-8B", "r1_set_vanilla", 0, "overlap"),
        ("overlap/Qwen3-8B-sft-adapter-reasoning-summarized-r1-traces_default", "Qwen3-8B", "summarized_r1_traces", 0, "overlap"),
        (f"equal/{LLAMA}_default", LLAMA, "zero_shot", 0, "equal"),
        (f"equal/{LLAMA}_few_shot_cot", LLAMA, "few_shot_cot", 0, "equal"),
        ("prompted/Qwen3-1.7B_equal", "Qwen3-1.7B", "unknown", 0, "equal"),
        ("prompted/Qwen3-1.7B_equality", "Qwen3-1.7B_equality", "unknown", 0, None),
        ("outputs/anything", "anything", "unknown", 0, None),
        ("outputs/my_incorrect", "my_incorrect", "incorrect", 0, None),
    ],
)  # fmt: skip
def test_names_say_where_outputs_come_from(name: str, model: str, regime: str, seed: int, label: str | None) -> None:
    origin = origin_of(Path("/results") / f"{name}.json")
    assert (origin.model, origin.regime, origin.seed, origin.label) == (model, regime, seed, label)


def test_a_record_of_cotempqa(write: Write) -> None:
    path = write(f"overlap/{LLAMA}-sft-adapter-reasoning-facts_default.json", [cotempqa_record()])
    (found,) = written(path)
    assert found.text.startswith("assistant\n\n<think>")
    assert (found.question, found.context, found.label) == (QUESTION, FACTS, "overlap")
    assert found.gold == GoldRecord(("King's Clock Company",), None)
    assert (found.id, found.model, found.regime) == (None, LLAMA, "correct")


def test_a_record_of_babi_and_one_of_marco(write: Write) -> None:
    marco = {
        **babi_record(),
        "gold": "['No Answer Present.']",
        "answer_passage": "['No Answer Present.']",
        "query_type": "DESCRIPTION",
    }
    babi, of_marco = written(write(f"{LLAMA}-sft-adapter_default.json", [babi_record(), marco]))
    assert (babi.context, babi.label, babi.gold) == (STORY, "basic-induction", GoldRecord(("green",), STORY))
    assert of_marco.gold == GoldRecord(("No Answer Present.",), ("No Answer Present.",))


def test_json_lines_named_csv_are_read_for_what_they_are(write: Write) -> None:
    assert len(written(write(f"{LLAMA}-sft-adapter_default.csv", [babi_record(), babi_record()]))) == 2
