"""Keeps a configuration from describing a model that its weights cannot fill: libraries build the whole model first, and
fill what is missing with random numbers, whatever time and memory it takes.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from safetensors import safe_open
from torch import Tensor
from torch.nn import Module
from torch.nn.modules.module import (
    register_module_buffer_registration_hook,
    register_module_module_registration_hook,
    register_module_parameter_registration_hook,
)

from tracekd.errors import UserError

# Slack of the checks: weights of 4 bits are half a byte each, and a tied head counts twice.
_PARAMETERS_A_BYTE, _PARAMETERS = 3, 2**20
_BUFFER_BYTES = 2**30  # such as masks of attention
_MODULES_A_TENSOR, _MODULES = 64, 10_000


@dataclass
class _Built:
    """What a model under construction has so far."""

    modules: int = 0
    parameters: int = 0
    buffer_bytes: int = 0


@contextmanager
def bounded_building(where: Path, tensors: int, size: int) -> Iterator[None]:
    """In this block, a model may be built that is about as large as its weights: `tensors` with `size` bytes in all. `where`
    is the file that describes the model.

    Raises UserError before memory is used: transformers builds without memory (on `meta`), and then loads the weights.
    """
    built = _Built()

    def check() -> None:
        if (
            built.modules > _MODULES_A_TENSOR * tensors + _MODULES
            or built.parameters > _PARAMETERS_A_BYTE * size + _PARAMETERS
            or built.buffer_bytes > 4 * size + _BUFFER_BYTES
        ):
            raise UserError(
                f"the configuration describes a larger model than the {tensors:,} tensors of {size:,} bytes",
                where=where, expected="the configuration of these weights",
            )  # fmt: skip

    def module(_: Module, name: str, part: Module | None) -> None:
        built.modules += 1
        check()

    def parameter(_: Module, name: str, part: Tensor | None) -> None:
        built.parameters += 0 if part is None else part.numel()
        check()

    def buffer(_: Module, name: str, part: Tensor | None) -> None:
        built.buffer_bytes += 0 if part is None else part.numel() * part.element_size()
        check()

    with ExitStack() as hooks:
        for handle in (
            register_module_module_registration_hook(module),
            register_module_parameter_registration_hook(parameter),
            register_module_buffer_registration_hook(buffer),
        ):
            hooks.callback(handle.remove)
        yield


def size_of_weights(folder: Path) -> tuple[int, int]:
    """The number of tensors in the safetensors files of a folder, and the bytes of the files. Raises the library's errors."""
    files = sorted(folder.glob("*.safetensors"))
    return sum(map(_tensors, files)), sum(file.stat().st_size for file in files)


def _tensors(file: Path) -> int:
    with safe_open(file, framework="pt") as weights:  # reads the header only; raises for an invalid one
        return len(weights.keys())
