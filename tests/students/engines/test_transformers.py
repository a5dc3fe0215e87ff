"""What a prompt gets is what a plain loop gives it, whatever is beside it in its batch."""

import inspect
import random
from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from tracekd.errors import UserError
from tracekd.students.engines.contract import Decoding, EngineError, Generation
from tracekd.students.engines.stopping import Stopping

from .conftest import build

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

pytestmark = pytest.mark.xdist_group("torch")
LIMIT = 10


def engine(
    student: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", batch: int = 64, ends: Sequence[int] = ()
) -> Any:
    from tracekd.students.engines.transformers import TransformersEngine

    return TransformersEngine(student, tokenizer, batch=batch, ends=ends)


def plain_loop(
    student: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", prompt: list[int], decoding: Decoding,
    ends: Sequence[int] = (), sample: int = 0,
) -> Generation:  # fmt: skip
    """One token at a time, without padding, without a cache; draws by walking along the distribution."""
    import torch

    stopping, ids, draws = (
        Stopping(tokenizer, None, [tokenizer.eos_token_id, *ends]),
        list(prompt),
        decoding.draws(prompt, sample),
    )
    with torch.inference_mode():
        while len(ids) < len(prompt) + decoding.max_new_tokens:
            logits = student(input_ids=torch.tensor([ids]), use_cache=False).logits[0, -1]
            token = int(logits.argmax()) if decoding.temperature == 0 else drawn(logits, decoding.temperature, draws)
            if token in stopping.ends:
                return Generation(tuple(ids[len(prompt) :]), "stop")
            ids.append(token)
            if decoding.stop and decoding.stop in tokenizer.decode(ids[len(prompt) :]):
                return Generation(tuple(ids[len(prompt) :]), "stop")
    return Generation(tuple(ids[len(prompt) :]), "length")


def drawn(logits: Any, temperature: float, draws: random.Random) -> int:
    left = draws.random()
    chances = (logits.double() / temperature).softmax(-1).tolist()
    for token, chance in enumerate(chances):
        left -= chance
        if left < 0:
            return token
    return len(chances) - 1


@pytest.fixture(scope="session")
def ends(student: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", prompts: list[list[int]]) -> list[int]:
    """An end token that about half of the outputs hold, so that both ways to finish are seen."""
    endless = [plain_loop(student, tokenizer, prompt, Decoding(LIMIT, stop=None)).ids for prompt in prompts]
    held = Counter(token for ids in endless for token in set(ids))
    end = min(sorted(held), key=lambda token: abs(held[token] - len(prompts) / 2))
    assert 2 <= held[end] <= len(prompts) - 2
    return [end]


@pytest.fixture(scope="session")
def likeliest(
    student: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", prompts: list[list[int]], ends: list[int]
) -> list[Generation]:
    """What a plain loop writes for each prompt."""
    made = [plain_loop(student, tokenizer, prompt, Decoding(LIMIT, stop=None), ends) for prompt in prompts]
    assert {one.finish for one in made} == {"stop", "length"}, "both ways to finish must be seen"
    assert len({len(one.ids) for one in made}) > 2, "rows must leave their batch at different times"
    return made


@pytest.mark.parametrize("batch", [1, 5, 64])
def test_the_likeliest_tokens_are_those_of_a_plain_loop(
    student: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    prompts: list[list[int]],
    ends: list[int],
    likeliest: list[Generation],
    batch: int,
) -> None:
    made = dict(engine(student, tokenizer, batch, ends).generate(prompts, Decoding(LIMIT, stop=None)))
    assert [made[index] for index in range(len(prompts))] == [(one,) for one in likeliest]


@pytest.mark.parametrize("batch", [3, 64])
def test_samples_are_those_of_a_plain_loop(
    bloom: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", prompts: list[list[int]], batch: int
) -> None:
    decoding = Decoding(4, temperature=1.5, samples=3, seed=9, stop=None)
    chosen = prompts[:6]
    made = dict(engine(bloom, tokenizer, batch).generate(chosen, decoding))
    for index, prompt in enumerate(chosen):
        assert made[index] == tuple(plain_loop(bloom, tokenizer, prompt, decoding, sample=i) for i in range(3))
    assert len({made[index] for index in made}) == len(set(map(tuple, chosen)))
    assert all(len(set(samples)) > 1 for samples in made.values())


def test_samples_depend_on_neither_order_nor_others_but_on_the_seed(
    bloom: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", prompts: list[list[int]]
) -> None:
    def samples(chosen: list[list[int]], seed: int = 1) -> list[tuple[Generation, ...]]:
        made = dict(engine(bloom, tokenizer, 4).generate(chosen, Decoding(LIMIT, 1.0, 2, seed)))
        return [made[index] for index in range(len(chosen))]

    whole = samples(prompts[:8])
    assert samples(prompts[:8][::-1]) == whole[::-1]
    assert samples(prompts[3:5]) == whole[3:5]
    assert samples(prompts[:8], seed=2) != whole


def test_a_row_ends_with_the_token_that_completes_the_stop_string(
    student: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", prompts: list[list[int]], ends: list[int]
) -> None:
    stop = tokenizer.decode(ends)
    assert stop.strip()
    decoding = Decoding(LIMIT, stop=stop)
    made = dict(engine(student, tokenizer, 7).generate(prompts, decoding))
    expected = [plain_loop(student, tokenizer, prompt, decoding) for prompt in prompts]
    assert [made[index] for index in range(len(prompts))] == [(one,) for one in expected]
    stopped = [one for (one,) in made.values() if one.finish == "stop"]
    assert stopped and all(stop in tokenizer.decode(list(one.ids)) for one in stopped)


def test_a_limit_that_cuts_is_told_from_an_end(
    bloom: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", prompts: list[list[int]]
) -> None:
    (whole,) = dict(engine(bloom, tokenizer).generate(prompts[:1], Decoding(LIMIT, stop=None)))[0]
    for place in range(1, LIMIT):
        end, before = whole.ids[place], whole.ids[:place]
        if end in before:
            continue
        for limit in (place, place + 1):
            (made,) = dict(engine(bloom, tokenizer, ends=[end]).generate(prompts[:1], Decoding(limit, stop=None)))[0]
            # The end token itself needs a place: an output as long as the limit was cut.
            assert made == Generation(before, "stop" if limit > place else "length")


def test_a_models_own_list_of_end_tokens_is_kept_to(
    tokenizer: "PreTrainedTokenizerBase", prompts: list[list[int]]
) -> None:
    student = build("llama", len(tokenizer))
    (whole,) = dict(engine(student, tokenizer).generate(prompts[:1], Decoding(LIMIT, stop=None)))[0]
    student.generation_config.eos_token_id = [len(tokenizer) - 1, whole.ids[3]]
    (made,) = dict(engine(student, tokenizer).generate(prompts[:1], Decoding(LIMIT, stop=None)))[0]
    assert made == Generation(whole.ids[: whole.ids.index(whole.ids[3])], "stop")


@pytest.fixture
def forgetful(bloom: "PreTrainedModel", monkeypatch: pytest.MonkeyPatch) -> tuple["PreTrainedModel", list[int]]:
    """A student with memory for three rows, and the sizes of the batches that it was given."""
    student, sizes, forward = deepcopy(bloom), [], bloom.forward

    def limited(input_ids: Any, **rest: Any) -> Any:
        sizes.append(len(input_ids))
        if len(input_ids) > 3:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate a lot")
        return forward(input_ids=input_ids, **rest)

    limited.__signature__ = inspect.signature(forward)  # type: ignore[attr-defined]
    monkeypatch.setattr(student, "forward", limited)
    return student, sizes


def test_where_memory_runs_out_batches_are_halved_from_there_on(
    forgetful: tuple["PreTrainedModel", list[int]], bloom: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase",
    prompts: list[list[int]],
) -> None:  # fmt: skip
    student, sizes = forgetful
    decoding = Decoding(LIMIT, temperature=1.0, samples=2, stop=None)
    made = dict(engine(student, tokenizer, 16).generate(prompts, decoding))
    assert made == dict(engine(bloom, tokenizer, 16).generate(prompts, decoding))
    assert [size for size in sizes if size > 3] == [16, 8, 4], "once it is known what fits, nothing larger is tried"


def test_memory_that_does_not_do_for_one_row_ends_in_one_message(
    bloom: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    prompts: list[list[int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import torch

    def full(**options: Any) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")

    made = engine(bloom, tokenizer, 4)
    monkeypatch.setattr(made, "_step", lambda *given: full())
    with pytest.raises(EngineError, match="needs too much memory"):
        list(made.generate(prompts, Decoding(LIMIT)))


def test_another_fault_of_the_library_is_no_matter_of_memory(
    bloom: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    prompts: list[list[int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*given: Any) -> None:
        raise RuntimeError("shapes do not fit")

    made = engine(bloom, tokenizer, 4)
    monkeypatch.setattr(made, "_step", broken)
    with pytest.raises(RuntimeError, match="shapes do not fit"):
        list(made.generate(prompts, Decoding(LIMIT)))


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_a_student_of_no_numbers_is_told(
    bloom: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", prompts: list[list[int]], temperature: float
) -> None:
    import torch

    broken = deepcopy(bloom)
    with torch.no_grad():
        broken.get_input_embeddings().weight[0, 0] = float("nan")
    with pytest.raises(EngineError, match="are not numbers"):
        list(engine(broken, tokenizer).generate(prompts[:2], Decoding(LIMIT, temperature)))


@pytest.mark.parametrize("kind", ["gpt2", "llama"])
def test_an_output_ends_where_the_context_does(
    tokenizer: "PreTrainedTokenizerBase", prompts: list[list[int]], kind: str
) -> None:
    short, long = sorted(prompts, key=len)[0], sorted(prompts, key=len)[-1]
    size = "n_positions" if kind == "gpt2" else "max_position_embeddings"
    student = build(kind, len(tokenizer), **{size: len(long) + 3})
    made = dict(engine(student, tokenizer).generate([short, long], Decoding(LIMIT, stop=None)))
    assert len(made[1][0].ids) == 3 and made[1][0].finish == "length"
    room = len(long) + 3 - len(short)
    assert made[0] == (plain_loop(student, tokenizer, short, Decoding(min(LIMIT, room), stop=None)),)


def test_a_prompt_that_leaves_no_room_is_told_before_anything_is_generated(
    tokenizer: "PreTrainedTokenizerBase", prompts: list[list[int]]
) -> None:
    longest = max(map(len, prompts))
    student = build("gpt2", len(tokenizer), n_positions=longest)
    with pytest.raises(UserError, match=rf"{longest} tokens: no room is left(.|\n)*fewer than {longest}"):
        next(engine(student, tokenizer).generate(prompts, Decoding(1)))
    with pytest.raises(UserError, match="prompt 2 of 2 is empty"):
        next(engine(student, tokenizer).generate([prompts[0][:5], []], Decoding(1)))


def test_outputs_come_as_batches_are_done_the_longest_prompts_first(
    bloom: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", prompts: list[list[int]]
) -> None:
    order = [index for index, _ in engine(bloom, tokenizer, 4).generate(prompts, Decoding(2))]
    assert sorted(order) == list(range(len(prompts)))
    lengths = [len(prompts[index]) for index in order]
    assert lengths == sorted(lengths, reverse=True)
    assert list(engine(bloom, tokenizer).generate([], Decoding(2))) == []


@pytest.mark.parametrize("training", [True, False])
def test_the_model_is_left_in_the_mode_it_was_in_and_does_not_drop_out(
    bloom: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", prompts: list[list[int]], training: bool
) -> None:
    import torch

    dropping = deepcopy(bloom)
    for module in dropping.modules():
        if hasattr(module, "hidden_dropout"):
            module.hidden_dropout = 0.5
    dropping.train(training)
    for done in engine(dropping, tokenizer, 2).generate(prompts[:4], Decoding(3)):
        assert dropping.training is training and not torch.is_inference_mode_enabled()
        assert done in list(engine(bloom, tokenizer).generate(prompts[:4], Decoding(3)))


def test_an_adapter_that_is_not_merged_generates_too(
    tokenizer: "PreTrainedTokenizerBase", prompts: list[list[int]]
) -> None:
    from peft import LoraConfig, get_peft_model

    adapted = get_peft_model(
        build("llama", len(tokenizer)), LoraConfig(r=2, target_modules="all-linear", init_lora_weights=False)
    )
    decoding = Decoding(LIMIT, stop=None)
    made = dict(engine(adapted, tokenizer, 5).generate(prompts[:8], decoding))
    merged = adapted.merge_and_unload().eval()
    assert [made[index] for index in range(8)] == [(plain_loop(merged, tokenizer, p, decoding),) for p in prompts[:8]]
