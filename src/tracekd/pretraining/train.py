"""Trains the embedded base, from random weights or from a base that has done the first stages.

Batch i is a pure function of (seed, i), so an interrupted run continues from its last checkpoint. Muon trains the
matrices, AdamW everything else; each stage begins with new optimizers, so it needs only weights.
"""

import json
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from tracekd.content_hash import State, keep_hashes, say_again, state_of
from tracekd.errors import UserError
from tracekd.files import contents, refuse_broken_link, replacing, write_text
from tracekd.pretraining.batches import Batch, batches
from tracekd.pretraining.config import PretrainConfig, read_config, steps_done
from tracekd.pretraining.exercises import Turn, answer_turn, cite_turn, evaluation_problems, quote_turn
from tracekd.pretraining.model import build_model, build_tokenizer
from tracekd.problem import Problem
from tracekd.randomness import stream
from tracekd.sft.tokens import IGNORED
from tracekd.students.checkpoint import load
from tracekd.students.fused import fuse
from tracekd.students.generate import generate_ids


def pretrain(
    config: PretrainConfig,
    out: Path,
    *,
    base: Path | None = None,
    device: str = "cpu",
    workers: int = 1,
    report: Callable[[int, float], None] = lambda step, loss: None,
    evaluate_every: int = 400,
    evaluate_on: int = 300,
    save_every: int = 200,
    report_every: int = 50,
) -> int:
    """Train a base into the folder `out`: weights (safetensors), tokenizer, log.jsonl and pretrain.json.

    Continues from `out/checkpoint.pt` if it has the same configuration; else from `base`, a folder with a base that has
    done the first stages; else starts from random weights. Returns the number of parameters. Raises UserError if `base`
    does not have the first stages of `config`, or if `out` contains something else.
    """
    refuse_broken_link(out)
    if out.is_dir() and contents(out) and state_of(out / "log.jsonl") is State.UNKNOWN:
        raise UserError("this folder contains something else", where=out, next_step="name another --out")
    out.mkdir(parents=True, exist_ok=True)
    model, tokenizer, begun = _begin(config, base)
    model.to(device).train()
    fuse(model)
    optimizers = _optimizers(model, config)
    restored = _restore(out / "checkpoint.pt", config, model, optimizers)
    first, seconds = restored or (begun, _begin_log(out, base))
    start = time.monotonic() - seconds
    for step, batch in zip(range(first, config.steps), batches(config, tokenizer, first, workers), strict=False):
        if step in config.ends:
            optimizers = _optimizers(model, config)
        loss = _step(model, optimizers, batch, config.rate(step))
        if step % report_every == 0:
            report(step, float(loss))
        done, last = step + 1, step + 1 == config.steps
        if done % evaluate_every == 0 or last:
            row = {"step": done, "loss": float(loss), "seconds": time.monotonic() - start, "stories": evaluate_on}
            _log(out / "log.jsonl", {**row, **evaluate(model, tokenizer, config, evaluate_on)})
        if done % save_every == 0 or last:
            _save(out / "checkpoint.pt", (done, time.monotonic() - start), config, model, optimizers)
    model.to(torch.float32).save_pretrained(out)
    tokenizer.save_pretrained(out)
    write_text(out / "pretrain.json", json.dumps(asdict(config), indent=1) + "\n")
    keep_hashes(out)
    return int(sum(p.numel() for p in model.parameters()))


def _begin(config: PretrainConfig, base: Path | None) -> tuple[PreTrainedModel, PreTrainedTokenizerBase, int]:
    """The model, its tokenizer, and the number of steps that it has done."""
    if base is None:
        tokenizer = build_tokenizer(config)
        return build_model(config, tokenizer), tokenizer, 0
    done = steps_done(read_config(base), config)
    return *load(base), done


def _begin_log(out: Path, base: Path | None) -> float:
    """Begin the log with the log of the base, if there is one. Returns the seconds in its last row."""
    log = "" if base is None or not (base / "log.jsonl").is_file() else (base / "log.jsonl").read_text(encoding="utf-8")
    write_text(out / "log.jsonl", log)
    return float(json.loads(log.splitlines()[-1])["seconds"]) if log else 0.0


def evaluate(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, config: PretrainConfig, n: int
) -> dict[str, dict[str, float]]:
    """Share of exact outputs by kind of turn and family, on stories like the last stage's that pretraining never shows."""
    mix = config.stages[-1].mix
    chosen = list(evaluation_problems(mix, config.seed, n))
    kinds: dict[str, Callable[[Problem], Turn]] = {
        "answer": answer_turn,
        "quote": quote_turn,
        "cite": lambda problem: cite_turn(problem, mix, stream(config.seed, problem.id, "evaluation")),
    }
    scores: dict[str, dict[str, float]] = {}
    for name, make in kinds.items():
        exercises = [make(problem) for problem in chosen]
        prompts = [tokenizer(e.prompt)["input_ids"] for e in exercises]
        longest = 1 + max(len(tokenizer(e.completion)["input_ids"]) for e in exercises)
        outputs = generate_ids(model, tokenizer, prompts, max_new_tokens=longest, batch=100)
        hits: dict[str, list[bool]] = {}
        for problem, exercise, (ids, _) in zip(chosen, exercises, outputs, strict=True):
            text = tokenizer.decode(ids, skip_special_tokens=True)
            hits.setdefault(problem.label, []).append(text == exercise.completion)
        scores[name] = {label: round(sum(h) / len(h), 4) for label, h in sorted(hits.items())}
    return scores


def _step(model: PreTrainedModel, optimizers: list[torch.optim.Optimizer], batch: Batch, rate: float) -> Tensor:
    ids, labels = (torch.from_numpy(part).to(model.device, non_blocking=True) for part in batch)
    # Padding is on the right, and its labels are ignored: a causal model needs no mask for it.
    with torch.autocast(model.device.type, torch.bfloat16, enabled=model.device.type != "cpu"):
        hidden = model.base_model(input_ids=ids, use_cache=False).last_hidden_state
        counts = labels[:, 1:] != IGNORED  # a third of the tokens; logits of all tokens would be most of the work
        logits = model.get_output_embeddings()(hidden[:, :-1][counts])
    loss = torch.nn.functional.cross_entropy(logits.float(), labels[:, 1:][counts])
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = rate * group["full_rate"]
        optimizer.step()
        optimizer.zero_grad()
    return loss.detach()


def _optimizers(model: PreTrainedModel, config: PretrainConfig) -> list[torch.optim.Optimizer]:
    embeddings = {id(p) for p in model.get_input_embeddings().parameters()}
    matrices = [p for p in model.parameters() if p.ndim == 2 and id(p) not in embeddings]
    others = [p for p in model.parameters() if p.ndim != 2 or id(p) in embeddings]
    return [
        torch.optim.Muon([{"params": matrices, "full_rate": config.muon_rate}], weight_decay=0.01),
        torch.optim.AdamW([{"params": others, "full_rate": config.adam_rate}], betas=(0.9, 0.98), weight_decay=0.0),
    ]


def _save(
    path: Path,
    reached: tuple[int, float],
    config: PretrainConfig,
    model: PreTrainedModel,
    optimizers: list[torch.optim.Optimizer],
) -> None:
    state = {
        "reached": reached,
        "config": asdict(config),
        "model": model.state_dict(),
        "optimizers": [optimizer.state_dict() for optimizer in optimizers],
    }
    with replacing(path) as temporary:
        torch.save(state, temporary)


def _restore(
    path: Path, config: PretrainConfig, model: PreTrainedModel, optimizers: list[torch.optim.Optimizer]
) -> tuple[int, float] | None:
    """The steps that are done and their seconds; None if there is no whole checkpoint with this configuration."""
    if not path.exists():
        return None
    for file in (path, path.with_name("log.jsonl")):
        if (state_now := state_of(file)) is not State.WHOLE:
            say_again(file, state_now)
            return None
    state = torch.load(path, weights_only=True)
    if json.dumps(state.get("config")) != json.dumps(asdict(config)):
        return None
    model.load_state_dict(state["model"])
    for optimizer, saved in zip(optimizers, state["optimizers"], strict=True):
        optimizer.load_state_dict(saved)
    steps, seconds = state["reached"]
    return int(steps), float(seconds)


def _log(path: Path, row: dict[str, object]) -> None:
    write_text(path, path.read_text(encoding="utf-8") + json.dumps(row) + "\n")
