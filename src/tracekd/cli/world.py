"""`tracekd world`: lists and describes worlds, makes them, and compares them with published files."""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic.fields import FieldInfo
from rich import box
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from tracekd.cli.requests.data import WorldRequest
from tracekd.cli.terminal import echo, terminal
from tracekd.problem import Problem
from tracekd.setting import read_setting
from tracekd.tasks import get_task
from tracekd.tasks.loading import load, load_strict
from tracekd.worlds import get_world, world_names
from tracekd.worlds.dials import choose_families, set_dials
from tracekd.worlds.distribution import Distribution, distribution
from tracekd.worlds.writing import MANIFEST, write_world


def run(request: WorldRequest) -> None:
    """List the worlds, compare one with a source, make one, or describe it. Raises UserError."""
    if request.name is None:
        _list_all()
    elif request.beside is not None:
        _compare(request.name, request, request.beside)
    elif request.out is not None:
        _make(request.name, request, request.out)
    else:
        _describe(request.name, request.families)


def _list_all() -> None:
    """Print a line for each world."""
    for name in world_names():
        echo(f"{name:16} {get_world(name).summary}")


def _describe(name: str, families: Sequence[str]) -> None:
    """Print the families of a world, each with its dials, their defaults and bounds."""
    world = get_world(name)
    echo(f"{world.name}: {world.summary}")
    for family in choose_families(world, families):
        made = world.families[family]
        echo(f"\n{family}: {made.summary}")
        for dial, field in made.dials.model_fields.items():
            echo(f"  {dial:24} {_describe_dial(field)}")


def _make(name: str, request: WorldRequest, out: Path) -> None:
    """Write a world. Raises UserError for unknown or contradicting dials before it writes anything."""
    world = get_world(name)
    dials = set_dials(world, choose_families(world, request.families), _read_settings(request.settings))
    with Progress(console=terminal(stderr=True), transient=True) as progress:
        bars = {family: progress.add_task(family, total=request.n) for family in dials}
        manifest = write_world(
            name, dials, out, n=request.n, seed=request.seed, workers=request.workers,
            tell=lambda family, done: progress.update(bars[family], completed=done),
        )  # fmt: skip
    written = sum(part.questions for part in manifest.families.values())
    echo(
        f"{written:,} questions of {len(manifest.families)} families are in {out}; {out / MANIFEST} tells how they were made"
    )
    echo(f"next: tracekd problems {world.task} {out} --check")


def _compare(name: str, request: WorldRequest, source: str) -> None:
    """Print the distribution of generated problems beside that of a source, for each class."""
    world = get_world(name)
    dials = set_dials(world, choose_families(world, request.families), _read_settings(request.settings))
    task = get_task(world.task)
    published = _by_class(found for found in load(task, [source]) if isinstance(found, Problem))
    with tempfile.TemporaryDirectory() as folder:
        write_world(name, dials, Path(folder), n=request.n, seed=request.seed)
        generated = _by_class(load_strict(task, [folder]))
    console = terminal()
    for label in dials:
        if label in published:
            console.print(_beside(label, distribution(generated[label]), distribution(published[label])))
        else:
            console.print(f"{escape(label)}: {escape(source)} has no problems of this class")


def _read_settings(settings: Sequence[str]) -> dict[str, object]:
    return dict(read_setting(item, "people=3") for item in settings)


def _describe_dial(field: FieldInfo) -> str:
    bounds = "; ".join(str(bound) for bound in field.metadata)
    about = field.description or ""
    return "  ".join(filter(None, (f"default {field.get_default(call_default_factory=True)!r}", bounds, about)))


def _by_class(problems: Iterable[Problem]) -> dict[str, list[Problem]]:
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        found.setdefault(problem.label, []).append(problem)
    return found


def _beside(label: str, generated: Distribution, published: Distribution) -> Table:
    table = Table(
        "", title=escape(label), box=box.SIMPLE_HEAD, title_justify="left", padding=(0, 1, 0, 0), pad_edge=False
    )
    table.add_column("generated", justify="right")
    table.add_column("published", justify="right")
    made, real = _rows(generated), _rows(published)
    for row in dict.fromkeys([*real, *made]):
        table.add_row(escape(row), made.get(row, "-"), real.get(row, "-"))
    return table


def _rows(found: Distribution) -> dict[str, str]:
    least, mean, most = found.facts
    return {
        "questions": f"{found.questions:,}",
        "questions per context": f"{found.per_group:.2f}",
        "facts (fewest / mean / most)": f"{least} / {mean:.2f} / {most}",
        "words of context": f"{found.words:.0f}",
        **{f"gold facts: {count}": f"{share:.1%}" for count, share in found.gold.items()},
        "different answers": f"{found.different_answers:,}",
        **{f"answer {answer[:40]!r}": f"{share:.1%}" for answer, share in found.answers.items() if share >= 0.01},
        **(
            {f"stratum {name}": f"{share:.1%}" for name, share in found.strata.items()} if len(found.strata) > 1 else {}
        ),
    }
