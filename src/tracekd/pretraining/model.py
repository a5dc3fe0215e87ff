"""The start of pretraining: a tokenizer, and a model with random weights."""

import torch
from transformers import BloomConfig, BloomForCausalLM, PreTrainedModel, PreTrainedTokenizerFast

from tracekd.pretraining.config import PretrainConfig
from tracekd.pretraining.exercises import PUBLISHED_WORDS, draw
from tracekd.students.tokenizer import train_tokenizer
from tracekd.tasks.babi.families import LABELS, TEMPLATE


def build_tokenizer(config: PretrainConfig) -> PreTrainedTokenizerFast:
    """A tokenizer, trained on exercises and on the words of the tasks' templates and labels."""
    exercises = (draw(config.stages[0].mix, config.seed, i, 0.5) for i in range(4000))
    templates = (
        f"<think>{TEMPLATE.classify} {label}.\n{TEMPLATE.retrieve} ['A.', 'B.']</think> <answer>{label}</answer>"
        for label in LABELS
    )
    texts = (
        ["".join(t.prompt + t.completion for t in turns) for turns in exercises]
        + [t for t in templates for _ in range(20)]
        + [f" {w} {w}\n{w}" for w in PUBLISHED_WORDS] * 5
    )
    return train_tokenizer(texts, config.vocabulary)


def build_model(config: PretrainConfig, tokenizer: PreTrainedTokenizerFast) -> PreTrainedModel:
    """A BLOOM model (ALiBi positions, arXiv 2211.05100) with random weights."""
    torch.manual_seed(config.seed)
    return BloomForCausalLM(
        BloomConfig(
            vocab_size=len(tokenizer),
            hidden_size=config.hidden_size,
            n_layer=config.layers,
            n_head=config.heads,
            initializer_range=0.05,
            hidden_dropout=0.0,
            attention_dropout=0.0,
            pad_token_id=tokenizer.pad_token_id,
            bos_token_id=tokenizer.eos_token_id,
            eos_token_id=tokenizer.eos_token_id,
        )
    )
