"""SmolLM2-135M-Instruct itself, if the one who runs the tests has fetched it (`tracekd fetch smollm2`)."""

from pathlib import Path

import pytest

from tracekd.sft.example import Example
from tracekd.sft.tokens import IGNORED
from tracekd.students.base import base_folder
from tracekd.students.fetched import SMOLLM2
from tracekd.students.gguf.source import source_of

pytestmark = [
    pytest.mark.xdist_group("torch"),
    pytest.mark.skipif(not SMOLLM2.is_there, reason="tracekd fetch smollm2 was not run"),
]

STORY = "John went to the kitchen. Mary went to the bathroom. Where is Mary?\n"


@pytest.fixture(scope="module")
def folder() -> Path:
    return base_folder("smollm2")


def test_it_has_its_types_of_weights_and_its_licence(folder: Path) -> None:
    source = source_of(folder)
    assert source is not None and source.unused == 0
    assert source.types == {"F32": 35_136, "Q4_1": 106_168_320, "Q8_0": 28_311_552}
    assert source.license == "apache-2.0" and "Apache License" in (SMOLLM2.folder / "LICENSE").read_text()


def test_prompts_ends_and_labels_are_right(folder: Path, examples: list[Example]) -> None:
    from tracekd.students.session import load_prompting
    from tracekd.students.template_check import TemplateCheck

    prompting = load_prompting(folder, None)
    tokenizer = prompting.tokenizer
    assert prompting.template is not None
    assert (tokenizer.bos_token, tokenizer.eos_token) == ("<|im_start|>", "<|im_end|>")
    assert prompting.end == tokenizer.eos_token_id == 2
    assert tokenizer.convert_ids_to_tokens(tokenizer.encode("in 2019\n\n12")) == "in Ġ 2 0 1 9 ĊĊ 1 2".split()
    check = TemplateCheck(prompting.template)
    for example in examples[:20]:
        check.see(example)
        prompting.check(example)
        row = prompting.row(example)
        begin = len(prompting.prompt_ids(example.prompt))
        assert tokenizer.decode(row.ids[:begin]) == (
            "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n"
            f"<|im_start|>user\n{example.prompt}<|im_end|>\n<|im_start|>assistant\n"
        )
        assert set(row.labels[:begin]) == {IGNORED} and list(row.labels[begin:]) == list(row.ids[begin:])
        assert tokenizer.decode(row.ids[begin:]) == f"{example.completion}<|im_end|>"
    assert (check.kept.examples, check.kept.lost, check.kept.changed, check.kept.added) == (20, 0, 0, 0)


def test_it_answers_and_its_logits_are_those_of_the_gguf_file(folder: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    from tracekd.students.checkpoint import load
    from tracekd.students.prompting import Prompting

    model, tokenizer = load(folder)
    prompting = Prompting.of(tokenizer)
    ids = torch.tensor([prompting.prompt_ids(STORY)])
    direct = AutoModelForCausalLM.from_pretrained(
        SMOLLM2.folder, gguf_file=SMOLLM2.file.name, dtype=torch.float32, local_files_only=True
    )
    with torch.inference_mode():
        assert torch.equal(model.eval()(ids).logits, direct.eval()(ids).logits)
    said = model.generate(ids, max_new_tokens=20, do_sample=False, eos_token_id=prompting.end)[0, ids.shape[1] :]
    assert tokenizer.decode(said) == "Mary is in the bathroom.<|im_end|>"
