"""Converts a GGUF file, once, into a folder of the cache that is a base like any other: weights in float32 as safetensors,
configuration, tokenizer and chat template. The folder is named by the hash of the file's content.
"""

import json
import logging
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tracekd.content_hash import sha256_of
from tracekd.errors import UserError
from tracekd.students.cache import cache_folder, is_whole, make_once
from tracekd.students.gguf.header import GgufHeader, read_header
from tracekd.students.gguf.source import GgufSource, write_source

if TYPE_CHECKING:  # torch takes seconds to import, and a converted base does not need it here
    from transformers import PreTrainedModel

_FORM = 1  # raised when the same file is converted in another way
_NAME = "model.gguf"
_FLOAT32 = 4  # bytes of a parameter
_NO_PART_OF_THE_MODEL = {"transformers_version", "_model_name_or_path", "_from_model_config"}
_ROOM = 2**27  # bytes, besides the weights


def converted(file: Path) -> Path:
    """The folder of a GGUF file's model; the file is converted if that has not been done. Raises UserError if it cannot be
    converted, or could damage the memory or the disk.
    """
    if not stat.S_ISREG(file.stat().st_mode):
        raise UserError("this is not a file", where=file, expected="a GGUF file")
    sha256 = sha256_of(file)
    folder = cache_folder() / "gguf" / f"{sha256[:32]}-{_FORM}"
    if not is_whole(folder):
        make_once(folder, lambda made: _convert(file, sha256, made))
    return folder


def _convert(file: Path, sha256: str, folder: Path) -> None:
    """Write the model of a GGUF file into a folder."""
    header = read_header(file)
    _check(header, folder)
    logging.getLogger("tracekd").warning("%s is converted once, into the cache; this may take a minute", file)
    unused = _write_model(header, folder)
    _tidy_configuration(folder)
    write_source(
        folder,
        GgufSource(
            sha256=sha256, bytes=header.bytes, architecture=str(header.text("general.architecture")),
            name=header.text("general.name"), license=header.text("general.license"), types=header.types, unused=unused,
        ),
    )  # fmt: skip


def _check(header: GgufHeader, folder: Path) -> None:
    """Raises UserError if transformers cannot convert the file, or if there is no room for the weights."""
    try:
        from transformers.modeling_gguf_pytorch_utils import GGUF_SUPPORTED_ARCHITECTURES

        from tracekd.students.gguf.tokenizer import check_tokenizer
    except ImportError as error:
        raise UserError(
            f"a GGUF file needs another package ({error.name})", where=header.file,
            next_step="pip install 'tracekd[train]'",
        ) from None  # fmt: skip
    architecture = header.text("general.architecture")
    if architecture not in GGUF_SUPPORTED_ARCHITECTURES:
        raise UserError(
            f"transformers cannot convert the architecture {str(architecture)[:40]!r} from GGUF", where=header.file,
            expected=f"one of {', '.join(sorted(GGUF_SUPPORTED_ARCHITECTURES))}",
            next_step="give a folder with config.json, *.safetensors and a tokenizer of this model",
        )  # fmt: skip
    check_tokenizer(header)
    needed, free = _FLOAT32 * header.parameters + _ROOM, shutil.disk_usage(folder).free
    if needed > free:
        raise UserError(
            f"the weights in float32 need {needed / 2**30:.1f} GB on the disk, and {free / 2**30:.1f} GB are free",
            where=folder.parent, next_step="free some disk space, or set XDG_CACHE_HOME to a folder on another disk",
        )  # fmt: skip


def _write_model(header: GgufHeader, folder: Path) -> int:
    """Write weights, configuration and tokenizer. Returns how many parameters of the file the model does not use."""
    import torch
    from transformers import AutoModelForCausalLM

    from tracekd.students.gguf.tokenizer import load_gguf_tokenizer
    from tracekd.students.loading import loading
    from tracekd.students.model_size import bounded_building
    from tracekd.students.quiet import quiet

    quiet()
    with loading("the GGUF file", header.file), _alone(header.file) as place:
        tokenizer = load_gguf_tokenizer(place, _NAME, header)
        with bounded_building(header.file, header.tensors, _FLOAT32 * header.parameters):
            model, found = AutoModelForCausalLM.from_pretrained(
                place, gguf_file=_NAME, dtype=torch.float32, trust_remote_code=False, local_files_only=True,
                output_loading_info=True,
            )  # fmt: skip
        if found["missing_keys"]:
            missing = ", ".join(sorted(found["missing_keys"]))[:200]
            raise UserError(
                f"the weights are incomplete: {missing}", where=header.file, expected="all weights of a model"
            )
        _forget_quantization(model)
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    return header.parameters - int(model.num_parameters())


@contextmanager
def _alone(file: Path) -> Iterator[Path]:
    """A folder with a link to this file and nothing else: beside the file itself, libraries would read other files, which
    nobody has checked, and which are not part of the hash.
    """
    with TemporaryDirectory() as place:
        (Path(place) / _NAME).symlink_to(file.resolve())
        yield Path(place)


def _forget_quantization(model: "PreTrainedModel") -> None:
    """The weights are ordinary numbers now; transformers would not save a model that it thinks quantized."""
    if (quantizer := getattr(model, "hf_quantizer", None)) is not None:
        quantizer.remove_quantization_config(model)


def _tidy_configuration(folder: Path) -> None:
    """Remove what does not belong to the model, such as the version of transformers: the same weights should have the same
    hash.
    """
    for file in (folder / "config.json", folder / "generation_config.json"):
        if file.is_file():
            found = json.loads(file.read_text(encoding="utf-8"))
            kept = {key: value for key, value in found.items() if key not in _NO_PART_OF_THE_MODEL}
            file.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n", encoding="utf-8")
