"""The engine for vLLM, against a stand-in with its documented interface: vLLM itself needs a GPU."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from tracekd.errors import UserError
from tracekd.students.engines.contract import Decoding, EngineError, Generation
from tracekd.students.engines.vllm import VllmEngine

from .server import written

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

pytestmark = pytest.mark.xdist_group("torch")


@dataclass(frozen=True, kw_only=True)
class SamplingParams:
    """The fields of `vllm.SamplingParams` that are used; another name is a TypeError, as there."""

    n: int = 1
    temperature: float = 1.0
    seed: int | None = None
    max_tokens: int | None = 16
    stop: list[str] | None = None
    include_stop_str_in_output: bool = False
    stop_token_ids: list[int] | None = None
    skip_special_tokens: bool = True
    spaces_between_special_tokens: bool = True


@dataclass(frozen=True)
class LoRARequest:
    lora_name: str
    lora_int_id: int
    lora_path: str


@dataclass
class CompletionOutput:
    index: int
    text: str
    token_ids: Sequence[int]
    finish_reason: str | None
    stop_reason: int | str | None


@dataclass
class RequestOutput:
    prompt_token_ids: list[int]
    outputs: list[CompletionOutput]


@dataclass
class Vllm:
    """What was asked of the stand-in, and what it is to do."""

    tokenizer: "PreTrainedTokenizerBase"
    loaded: list[dict[str, Any]] = field(default_factory=list)
    calls: list[tuple[list[Any], list[SamplingParams], Any]] = field(default_factory=list)
    finish: str | None = None
    fails: Exception | None = None

    def complete(self, prompt: list[int], params: SamplingParams) -> RequestOutput:
        """Token ids hold the end token, or all tokens of the stop string; the text is cut at the stop string."""
        text = written(prompt, params.temperature, params.seed or 0)
        ids = self.tokenizer.encode(text, add_special_tokens=False)
        ids.append(self.tokenizer.eos_token_id)
        reason: int | str | None = self.tokenizer.eos_token_id if params.stop_token_ids else None
        if params.stop and params.stop[0] in text:
            reason = params.stop[0]
            ids = ids[: next(n for n in range(len(ids)) if reason in self.tokenizer.decode(ids[:n]))]
        finish = "stop" if len(ids) <= (params.max_tokens or 16) else "length"
        output = CompletionOutput(0, text, tuple(ids[: params.max_tokens]), self.finish or finish, reason)
        return RequestOutput(prompt, [output])


@pytest.fixture
def vllm(tokenizer: "PreTrainedTokenizerBase", monkeypatch: pytest.MonkeyPatch) -> Vllm:
    made = Vllm(tokenizer)

    class LLM:
        def __init__(self, model: str, **options: Any) -> None:
            if made.fails:
                raise made.fails
            made.loaded.append({"model": model, **options})

        def generate(
            self, prompts: list[Any], sampling_params: list[SamplingParams], *, use_tqdm: bool, lora_request: Any
        ) -> list[RequestOutput]:
            if made.fails:
                raise made.fails
            assert not use_tqdm and len(prompts) == len(sampling_params)
            made.calls.append((prompts, sampling_params, lora_request))
            return [made.complete(p["prompt_token_ids"], s) for p, s in zip(prompts, sampling_params, strict=True)]

    module, lora = ModuleType("vllm"), ModuleType("vllm.lora.request")
    module.LLM, module.SamplingParams, lora.LoRARequest = LLM, SamplingParams, LoRARequest  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "vllm", module)
    monkeypatch.setitem(sys.modules, "vllm.lora", ModuleType("vllm.lora"))
    monkeypatch.setitem(sys.modules, "vllm.lora.request", lora)
    return made


def test_outputs_end_with_the_stop_string_or_without_the_end_token(
    vllm: Vllm, prompts: list[list[int]], tmp_path: Path
) -> None:
    engine = VllmEngine.load(tmp_path, vllm.tokenizer, batch=5)
    for stop, ending in (("</answer>", ""), (None, " and so on")):
        made = dict(engine.generate(prompts, Decoding(200, stop=stop)))
        for index, prompt in enumerate(prompts):
            text = written(prompt).removesuffix(" and so on") + ending
            ids = tuple(vllm.tokenizer.encode(text, add_special_tokens=False))
            assert made[index] == (Generation(ids, "stop"),)
    assert [len(asked) for asked, _, _ in vllm.calls[:5]] == [5, 5, 5, 5, 4]


def test_an_output_that_is_cut_off_is_told(vllm: Vllm, prompts: list[list[int]], tmp_path: Path) -> None:
    for _, (one,) in VllmEngine.load(tmp_path, vllm.tokenizer).generate(prompts, Decoding(4)):
        assert one.finish == "length" and len(one.ids) == 4


def test_a_request_is_for_one_output_by_token_ids(vllm: Vllm, prompts: list[list[int]], tmp_path: Path) -> None:
    engine = VllmEngine.load(tmp_path, vllm.tokenizer, ends=[7])
    list(engine.generate(prompts[:1], Decoding(33)))
    ((asked,), (params,), lora) = vllm.calls[0]
    assert asked == {"prompt_token_ids": prompts[0]} and lora is None
    assert params.temperature == 0 and params.n == 1 and params.max_tokens == 33
    assert params.stop == ["</answer>"] and params.include_stop_str_in_output and not params.skip_special_tokens
    assert params.stop_token_ids == sorted({vllm.tokenizer.eos_token_id, 7})
    (loaded,) = vllm.loaded
    assert loaded["trust_remote_code"] is False and loaded["load_format"] == "safetensors"
    assert loaded["generation_config"] == "vllm" and loaded["model"] == str(tmp_path)


def test_each_sample_has_a_seed_of_its_own(vllm: Vllm, prompts: list[list[int]], tmp_path: Path) -> None:
    decoding = Decoding(200, temperature=0.7, samples=2, seed=3, stop=None)
    made = dict(VllmEngine.load(tmp_path, vllm.tokenizer).generate(prompts[:3], decoding))
    for index, prompt in enumerate(prompts[:3]):
        texts = [vllm.tokenizer.decode(list(one.ids)) for one in made[index]]
        assert texts == [written(prompt, 0.7, decoding.seed_of(prompt, sample)) for sample in (0, 1)]


def test_an_adapter_goes_on_its_base(vllm: Vllm, prompts: list[list[int]], tmp_path: Path) -> None:
    base, adapter = tmp_path / "base", tmp_path / "adapter"
    base.mkdir()
    adapter.mkdir()
    (base / "config.json").write_text("{}")
    (base / "model.safetensors").write_bytes(b"")
    (adapter / "adapter_config.json").write_text(
        f'{{"base_model_name_or_path": "{base}", "r": 8, "peft_type": "LORA", "target_modules": ["q_proj"]}}'
    )
    list(VllmEngine.load(adapter, vllm.tokenizer).generate(prompts[:1], Decoding(4)))
    assert vllm.loaded[0]["model"] == str(base)
    assert (vllm.loaded[0]["enable_lora"], vllm.loaded[0]["max_lora_rank"]) == (True, 8)
    assert vllm.calls[0][2] == LoRARequest("student", 1, str(adapter))
    (adapter / "adapter_config.json").write_text("{}")
    with pytest.raises(UserError, match="not a LoRA adapter"):
        VllmEngine.load(adapter, vllm.tokenizer)


def test_without_vllm_it_says_what_to_install(
    tokenizer: "PreTrainedTokenizerBase", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "vllm", None)
    with pytest.raises(UserError, match=r"pip install 'tracekd\[vllm\]'"):
        VllmEngine.load(tmp_path, tokenizer)


def test_what_vllm_refuses_is_told_on_one_line(vllm: Vllm, prompts: list[list[int]], tmp_path: Path) -> None:
    engine = VllmEngine.load(tmp_path, vllm.tokenizer)
    vllm.fails = ValueError("The decoder prompt is longer than the maximum model length\nand more")
    with pytest.raises(EngineError, match=r"vLLM failed: The decoder prompt .* length$"):
        list(engine.generate(prompts, Decoding(4)))
    with pytest.raises(UserError, match="vLLM cannot load the model: The decoder"):
        VllmEngine.load(tmp_path, vllm.tokenizer)
    vllm.fails, vllm.finish = None, "abort"
    with pytest.raises(EngineError, match="for the reason 'abort'"):
        list(engine.generate(prompts, Decoding(4)))
