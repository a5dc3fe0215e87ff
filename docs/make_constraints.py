"""Writes `constraints.txt` and `docs/licences.md` from what is installed: `make constraints`.

Both list everything that the package and the extras `train`, `qlora` and `dev` need, directly or not, in the versions of
this environment. The extra `vllm` is not among them: it needs CUDA, and has its own version of torch.

To move to newer versions: leave only the line of torch in `constraints.txt`, then `make clean constraints test`.
(On the machines of the tests, another version of torch would bring several gigabytes of CUDA packages.)
"""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
CONSTRAINTS, LICENCES = ROOT / "constraints.txt", ROOT / "docs" / "licences.md"
PACKAGE, EXTRAS = "tracekd", ("train", "qlora", "dev")
# Some packages put the whole text of their licence into the field for its name.
_LONGEST = 80
_CLASSIFIER = "License :: "
# Texts of well-known licences, by how they begin.
_TEXTS = {
    "mit license": "MIT",
    "apache license": "Apache-2.0",
    "bsd 3-clause": "BSD-3-Clause",
    "bsd 2-clause": "BSD-2-Clause",
}


def main() -> None:
    found = needed()
    CONSTRAINTS.write_text(constraints(found), encoding="utf-8")
    LICENCES.write_text(licences(found), encoding="utf-8")
    print(f"{len(found)} packages: {CONSTRAINTS.name}, docs/{LICENCES.name}")


def needed() -> dict[str, Distribution]:
    """Every installed distribution that the package with these extras needs, by name, sorted."""
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(PACKAGE, extra) for extra in ("", *EXTRAS)]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        installed = distribution(name)
        found[name] = installed
        for line in installed.requires or ():
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
                waiting += [(canonicalize_name(requirement.name), wanted) for wanted in ("", *requirement.extras)]
    del found[PACKAGE]
    return dict(sorted(found.items()))


def constraints(found: dict[str, Distribution]) -> str:
    """The text of `constraints.txt`. The build of torch (`+cpu`) differs between machines and is left out."""
    pins = [f"{name}=={made.version.partition('+')[0]}" for name, made in found.items()]
    return (
        "\n".join(["# The versions that the tests were run with. `make constraints` writes this file.", *pins]) + "\n"
    )


def licences(found: dict[str, Distribution]) -> str:
    """The text of `licences.md`."""
    rows = [f"| {name} | {made.version.partition('+')[0]} | {licence(made)} |" for name, made in found.items()]
    return "\n".join(
        [
            "# Licences of what tracekd needs",
            "",
            "tracekd itself: Apache-2.0. `make constraints` writes this table from the metadata of the installed packages: those",
            f"of the package and of its extras {', '.join(f'`{extra}`' for extra in EXTRAS)}.",
            "Not listed: `vllm`, which needs CUDA.",
            "",
            "| package | version | licence |",
            "|---|---|---|",
            *rows,
        ]
    ) + "\n"  # fmt: skip


def licence(made: Distribution) -> str:
    """What the metadata state: an expression, the field `License` if it is short, or the classifiers."""
    return next(_stated(made), "not stated").replace("|", "\\|")


def _stated(made: Distribution) -> Iterator[str]:
    if expression := made.metadata.get("License-Expression"):
        yield expression
    text = re.sub(r"\s+", " ", made.metadata.get("License") or "").strip()
    if text and text.upper() != "UNKNOWN" and len(text) <= _LONGEST:
        yield text
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in made.metadata.get_all("Classifier") or ()
        if line.startswith(_CLASSIFIER) and not line.endswith("OSI Approved")
    ]
    if classifiers:
        yield ", ".join(classifiers)
    start = (made.metadata.get("License") or "").strip().lower()
    yield from (name for text, name in _TEXTS.items() if start.startswith(text))


if __name__ == "__main__":
    try:
        main()
    except PackageNotFoundError as missing:
        sys.exit(f"{missing.name} is not installed; next: make constraints")
