"""How much of a training step is kept in memory at a time, which depends on the device."""

from typing import TYPE_CHECKING

from tracekd.students.student import Student

if TYPE_CHECKING:  # it takes seconds to import
    from transformers import PreTrainedConfig, PreTrainedModel

# Larger parts are not faster on a CPU, whose time goes into products of matrices.
_CPU_BYTES = 2**30
_GPU_TOKENS = 32768
_FLOAT = 4  # bytes


def is_checkpointed(student: Student, device: str) -> bool:
    """Whether activations are computed again in the backward pass. Unless the student says it, they are on a GPU, where
    memory is scarce, and not on a CPU, where time is.
    """
    return device != "cpu" if student.gradient_checkpointing is None else student.gradient_checkpointing


def tokens_at_once(model: "PreTrainedModel", *, checkpointed: bool) -> int:
    """How many tokens go through a model at a time, unless the student says it: on a CPU, so many that their activations
    take about 1 GiB.
    """
    if model.device.type != "cpu" or checkpointed:
        return _GPU_TOKENS
    return max(1, _CPU_BYTES // activation_bytes(model.config.get_text_config()))


def activation_bytes(config: "PreTrainedConfig") -> int:
    """An estimate of the bytes that a training step keeps for a token in float32. Each block keeps about eight vectors of its
    width, and four of the width inside its MLP; the head keeps the logits, their logarithms and their gradient.
    """
    width = int(config.hidden_size)
    inside = int(getattr(config, "intermediate_size", None) or 4 * width)
    return _FLOAT * (int(config.num_hidden_layers) * (8 * width + 4 * inside) + 3 * int(config.vocab_size))
