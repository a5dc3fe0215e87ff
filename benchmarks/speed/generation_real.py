"""Generation with a base or a trained student as it is, against `model.generate` one by one. Called by `generation.py --base`.

The problems are of the default study's families, generated and drawn by seed. Prompts go through the chat template, if there is
one. Everything is in float32, in one process on one core, by processor time; decoding is greedy, at most 96 tokens.

- engine: reads prompts without padding and common beginnings once, and writes in batches;
- one by one: `model.generate` with its cache, on one prompt at a time; measured on some of the problems, and scaled.

Log-probabilities of the beginnings of outputs are computed in two ways: after shared keys and values, as interventions do, and
by reading prompt and output in one piece, without a cache.
"""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import torch
from generation import BATCH, STOP, Taught, by_batches, by_engine, drawn_problems, measured, prompt

from tracekd.files import write_text
from tracekd.interventions.reading import Reader
from tracekd.students.base import base_folder
from tracekd.students.checkpoint import load
from tracekd.students.prompting import Prompting

LIMIT = 96


def with_base(base: str, problems: int, by_ones: int) -> None:
    """Measure a base or a student as it is, and write its table."""
    model, tokenizer = load(base_folder(base), device="cpu")
    prompting = Prompting.of(tokenizer)
    with tempfile.TemporaryDirectory() as made:
        asked = drawn_problems(Path(made))[:problems]
    prompts = [prompting.prompt_ids(prompt(problem)) for problem in asked]
    student = Taught(model.eval(), tokenizer, prompts, (prompting.end,))
    lines = [
        f"# Generating {problems} answers with a real model", "", *(__doc__ or "").splitlines()[2:], "", *about(model), "",
        *table(student, by_ones),
    ]  # fmt: skip
    write_text(Path(__file__).with_suffix(".md"), "\n".join(lines) + "\n")
    print("\n".join(lines))


def about(model: torch.nn.Module) -> Iterator[str]:
    """The architecture of a model."""
    config = model.config
    keys = getattr(config, "num_key_value_heads", config.num_attention_heads)
    yield f"The model is a {config.model_type} of {config.num_hidden_layers} blocks, {config.hidden_size} wide, with "
    yield f"{config.num_attention_heads} heads, {keys} heads of keys and values, and a vocabulary of {config.vocab_size:,}."


def table(student: Taught, by_ones: int) -> Iterator[str]:
    """A row for each way, and the differences."""
    count = len(student.prompts)
    some = Random(1).sample(range(count), by_ones)
    seconds, (texts, tokens) = measured(lambda: by_engine(student, LIMIT))
    ones_seconds, ones_texts = measured(lambda: by_batches(student, some, 1, use_cache=True, limit=LIMIT))
    differ = sum(texts[at] != text for at, text in ones_texts.items())
    spent, read = ones_seconds / by_ones * count, sum(map(len, student.prompts)) / count
    ended = sum(STOP in text for text in texts.values())
    yield f"{read:.0f} tokens a prompt, {tokens / count:.1f} an output; {ended} of {count} come to `{STOP}`."
    yield ""
    yield f"| way | seconds for {count} | to the engine | outputs that differ from the engine's |"
    yield "|---|---:|---:|---:|"
    yield f"| engine, batches of {BATCH} | {seconds:,.1f} | 1 | |"
    yield f"| one by one, on {by_ones} | {spent:,.1f} | {spent / seconds:.1f} | {differ} of {by_ones} |"
    yield ""
    gaps = list(differences(student, [(student.prompts[at], ids_of(student, texts[at])) for at in some]))
    yield f"The {len(gaps)} log-probabilities differ by {max(gaps):.1e} at most."


def ids_of(student: Taught, text: str) -> list[int]:
    """The token ids of an output."""
    return list(student.tokenizer.encode(text, add_special_tokens=False))


@torch.inference_mode()
def differences(student: Taught, texts: Sequence[tuple[list[int], list[int]]]) -> Iterator[float]:
    """How much the log-probabilities of a quarter, a half and the whole of each output differ between the two ways."""
    read = Reader(student.model).read([prompt for prompt, _ in texts])
    for row, (before, ids) in enumerate(texts):
        logits = student.model(input_ids=torch.tensor([[*before, *ids]]), use_cache=False).logits[0]
        each = logits.double().log_softmax(-1)[len(before) - 1 : -1].gather(-1, torch.tensor(ids)[:, None])[:, 0]
        ends = [max(1, len(ids) // parts) for parts in (4, 2, 1)]
        shared = read.score([row] * len(ends), [ids[:end] for end in ends])
        yield from (abs(logp - float(each[:end].sum())) for (logp, _), end in zip(shared, ends, strict=True))


if __name__ == "__main__":
    raise SystemExit("run generation.py --base FOLDER")
