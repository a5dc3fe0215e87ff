"""vLLM, for GPUs: `pip install 'tracekd[vllm]'`.

Written for vLLM's documented interface (`LLM.generate`, `SamplingParams`, `RequestOutput`; 0.11 and later) and tested
with a stand-in for it. No GPU was available, so this file was never run with vLLM itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracekd.errors import UserError
from tracekd.students.adapter_config import base_of, read_adapter_config
from tracekd.students.engines.context import check_prompts
from tracekd.students.engines.contract import Decoding, EngineError, Generation
from tracekd.students.engines.stopping import Stopping, end_tokens
from tracekd.students.weight_files import check_weight_files

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


class VllmEngine:
    """Chunks of `batch` prompts, so that outputs are yielded from time to time; vLLM makes its own batches of them. The
    arithmetic is that of the checkpoint, usually bfloat16, and the shape of a batch depends on the other prompts: if
    two tokens are almost equally likely, an output may differ from run to run.
    """

    def __init__(
        self,
        llm: Any,
        tokenizer: "PreTrainedTokenizerBase",
        *,
        adapter: Any = None,
        batch: int = 1024,
        ends: Iterable[int] = (),
    ) -> None:
        self.llm, self.tokenizer, self.adapter, self.batch = llm, tokenizer, adapter, batch
        self.ends = end_tokens(tokenizer) | set(ends)

    @classmethod
    def load(
        cls, folder: Path, tokenizer: "PreTrainedTokenizerBase", *, batch: int = 1024, ends: Iterable[int] = ()
    ) -> "VllmEngine":
        """A checkpoint, or an adapter on its base. Raises UserError if it cannot be loaded."""
        try:
            from vllm import LLM
            from vllm.lora.request import LoRARequest
        except ImportError:
            raise UserError("this engine needs another package", next_step="pip install 'tracekd[vllm]'") from None
        base, lora, adapter = folder, {}, None
        if (said := read_adapter_config(folder)) is not None:
            base, lora = base_of(folder, said), {"enable_lora": True, "max_lora_rank": said.r}
            adapter = LoRARequest("student", 1, str(folder))
        check_weight_files(folder)
        check_weight_files(base)
        try:
            # The model's own sampling settings (`generation_config`) must not be used.
            llm = LLM(model=str(base), trust_remote_code=False, load_format="safetensors", seed=0,
                      generation_config="vllm", **lora)  # fmt: skip
        except (ValueError, RuntimeError, OSError) as error:
            raise UserError(f"vLLM cannot load the model: {_first_line(error)}", where=folder) from error
        return cls(llm, tokenizer, adapter=adapter, batch=batch, ends=ends)

    def generate(
        self, prompts: Sequence[Sequence[int]], decoding: Decoding
    ) -> Iterator[tuple[int, tuple[Generation, ...]]]:
        """See `Engine.generate`."""
        check_prompts(prompts, None)
        stopping = Stopping(self.tokenizer, decoding.stop, self.ends)
        for begin in range(0, len(prompts), self.batch):
            chosen = range(begin, min(begin + self.batch, len(prompts)))
            made = iter(self._complete([prompts[index] for index in chosen], decoding))
            for index in chosen:
                samples = [next(made).outputs[0] for _ in range(decoding.samples)]
                yield index, tuple(_cut(sample, stopping) for sample in samples)

    def _complete(self, prompts: Sequence[Sequence[int]], decoding: Decoding) -> list[Any]:
        """One request for each sample, with its own seed, so samples do not depend on their number."""
        pairs = [(prompt, sample) for prompt in prompts for sample in range(decoding.samples)]
        asked = [{"prompt_token_ids": list(prompt)} for prompt, _ in pairs]
        params = [self._params(decoding, decoding.seed_of(prompt, sample)) for prompt, sample in pairs]
        try:
            return list(self.llm.generate(asked, params, use_tqdm=False, lora_request=self.adapter))
        except (ValueError, RuntimeError) as error:  # a prompt longer than the context, memory
            raise EngineError(f"vLLM failed: {_first_line(error)}") from error

    def _params(self, decoding: Decoding, seed: int) -> Any:
        from vllm import SamplingParams

        return SamplingParams(
            n=1,
            temperature=decoding.temperature,
            seed=seed,
            max_tokens=decoding.max_new_tokens,
            stop=[decoding.stop] if decoding.stop else None,
            include_stop_str_in_output=True,
            stop_token_ids=sorted(self.ends),
            skip_special_tokens=False,  # otherwise a stop string of special tokens is never found
            spaces_between_special_tokens=False,
        )


def _cut(output: Any, stopping: Stopping) -> Generation:
    if output.finish_reason not in ("stop", "length"):
        raise EngineError(f"vLLM ended an output for the reason {str(output.finish_reason)[:40]!r}")
    return stopping.cut(list(output.token_ids), output.finish_reason)


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
