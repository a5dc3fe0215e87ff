"""`tracekd power`: how many problems and seeds does a study need?"""

from collections.abc import Iterator, Sequence
from math import isfinite
from pathlib import Path

from pydantic import ValidationError

from tracekd.cli.analyze import SUMMARY, read_verdicts, verdict_files
from tracekd.cli.plain_table import print_table, say, short
from tracekd.cli.requests.power import PowerRequest
from tracekd.cli.terminal import echo_json, terminal
from tracekd.content_hash import check
from tracekd.errors import UserError, unknown_name
from tracekd.stats.families import Analysis
from tracekd.stats.pairs import OUTCOMES, Pair, compare_all
from tracekd.stats.plan import GROUPS, MOST_GROUPS, SEEDS, Aim, StudyPlan, plan_study
from tracekd.stats.power import NO_REPLICATES, Components, components
from tracekd.stats.summary import Summary

_STATED = ("--sd-groups", "--sd-seeds", "--sd-rest")
_LONGEST_SUMMARY = 1 << 28  # bytes
_MOST_NAMED = 12


def run(request: PowerRequest) -> None:
    """Print the power of studies of many sizes, and the smallest that are large enough. Raises UserError."""
    aim, size = _aim(request)
    stated = _stated(request)
    if stated is not None:
        plan = plan_study(aim, size, stated)
    else:
        pair = _pair(request)
        plan = plan_study(aim, size, _of_pilot(pair), pair.problems / pair.groups)
    if request.json:
        echo_json(plan)
    else:
        _show(plan)


def _aim(request: PowerRequest) -> tuple[Aim, float]:
    """What the study is to show, and the share that it is about."""
    if (request.effect is None) == (request.margin is None):
        raise UserError(
            "a study is planned for an effect or for a margin", expected="one of --effect and --margin, in points",
            next_step="tracekd power runs/first --first correct --second incorrect --effect 3",
        )  # fmt: skip
    aim: Aim = "margin" if request.effect is None else "effect"
    points = request.margin if request.effect is None else request.effect
    if points is None or not 0 < points < 100:
        raise UserError(f"--{aim} {points} is invalid", expected="points, above 0 and below 100")
    return aim, points / 100


def _stated(request: PowerRequest) -> Components | None:
    """The variances that the command states; None where they come from a pilot."""
    values = (request.sd_groups, request.sd_seeds, request.sd_rest)
    said = dict(zip(_STATED, values, strict=True))
    missing = [name for name, value in said.items() if value is None]
    if len(missing) == len(said):
        if request.pilot is None:
            raise UserError(
                "there is no pilot, and no variance is stated", expected=f"a run folder, or {', '.join(_STATED)}"
            )
        return None
    if request.pilot is not None:
        raise UserError("variances are stated, and there is a pilot", where=request.pilot, expected="one of both")
    if missing:
        raise UserError(f"{', '.join(missing)} is missing", expected=f"all of {', '.join(_STATED)}, in points")
    shares = [0.0 if value is None else value / 100 for value in values]
    if not all(isfinite(share) and 0 <= share <= 1 for share in shares) or not any(shares):
        raise UserError("a standard deviation is invalid", expected="points from 0 to 100, and one above 0")
    groups, seeds, rest = shares
    return Components(groups=groups**2, seeds=seeds**2, rest=rest**2)


def _pair(request: PowerRequest) -> Pair:
    """The pair of regimes of the pilot that the request names, either way round."""
    if request.outcome not in OUTCOMES:
        raise unknown_name("outcome", request.outcome, OUTCOMES)
    path = Path(str(request.pilot))
    pairs = [pair for pair in _pairs(path) if pair.outcome == request.outcome and pair.tested]
    chosen = [pair for pair in pairs if _is_named(pair, request)]
    if len(chosen) != 1:
        known = list(_commands(pairs))
        raise UserError(
            f"{len(chosen) or 'no'} pairs of regimes of the pilot fit", where=path,
            expected="options that name one pair: " + ("; or ".join(known[:_MOST_NAMED]) or "(the pilot has none)"),
        )  # fmt: skip
    return chosen[0]


def _is_named(pair: Pair, request: PowerRequest) -> bool:
    wanted = {name for name in (request.first, request.second) if name is not None}
    return wanted <= {pair.first, pair.second} and request.model in (None, pair.model)


def _commands(pairs: Sequence[Pair]) -> Iterator[str]:
    several = len({pair.model for pair in pairs}) > 1
    for pair in pairs:
        model = f" --model {short(pair.model)}" if several else ""
        yield f"--first {short(pair.first)} --second {short(pair.second)}{model}"


def _pairs(path: Path) -> Sequence[Pair]:
    """All pairs of a summary, or of the verdicts of a folder."""
    if not path.exists():
        raise UserError("there is no such file or folder", where=path)
    summary = path / SUMMARY if path.is_dir() else path
    if summary.suffix == ".json" and summary.exists():
        return _summary(summary).comparisons
    columns = read_verdicts(list(verdict_files([str(path)])), lambda _: None)
    try:
        return compare_all(columns.cells(), Analysis())[0]
    except ValueError as error:
        raise UserError(str(error), where=path, next_step="name the run folder of one study") from None


def _summary(path: Path) -> Summary:
    if not path.is_file() or path.stat().st_size > _LONGEST_SUMMARY:
        raise UserError("this is no summary", where=path, expected="what tracekd verify or analyze wrote")
    try:
        check(path)
        return Summary.model_validate_json(path.read_bytes())
    except ValidationError:
        raise UserError(
            "this is no summary of this version", where=path, expected="what tracekd verify or analyze wrote",
            next_step="tracekd analyze VERDICTS --out DIR writes it anew",
        ) from None  # fmt: skip


def _of_pilot(pair: Pair) -> Components:
    """The variances of a pair. Raises UserError where it has no replicates."""
    reason = NO_REPLICATES if pair.spread.seeds < 2 else "one group says nothing of how much groups differ"
    if min(pair.spread.seeds, pair.spread.groups) < 2:
        raise UserError(f"this pilot plans no study: {reason}", expected="at least two seeds and two groups")
    found = components(pair.spread)
    if not found.groups + found.seeds + found.rest > 0:
        raise UserError("this pilot plans no study: its regimes never differ", expected="a pair that differs somewhere")
    return found


def _show(plan: StudyPlan) -> None:
    """The tables, and how to read them."""
    console = terminal()
    points = f"{100 * plan.size:g} points"
    what = (
        f"a true difference of {points}"
        if plan.aim == "effect"
        else f"that regimes truly alike are equal within {points}"
    )
    say(console, f"Power to show {what} (two-sided alpha 0.05), from these variances of the difference:")
    for name, variance in plan.components.model_dump().items():
        say(console, f"  SD between {name}: {100 * variance**0.5:.1f} points" if name != "rest" else
            f"  SD of what is left, of one group with one seed: {100 * variance**0.5:.1f} points")  # fmt: skip
    power = {(study.seeds, study.groups): f"{100 * study.power:.0f}" for study in plan.studies}
    rows = [[f"{seeds} seeds", *(power[seeds, groups] for groups in GROUPS)] for seeds in SEEDS]
    print_table(console, "power, per cent, by groups of problems", ["", *(f"{groups:,}" for groups in GROUPS)], rows)
    smallest = [
        [f"{one.seeds} seeds", "-" if one.groups is None else f"{one.groups:,}", f"{100 * one.most:.0f}"]
        for one in plan.smallest
    ]
    print_table(
        console, "the smallest study with 80 % power", ["", "groups", f"power with {MOST_GROUPS:,} groups, %"], smallest
    )
    for line in _notes(plan):
        say(console, f"\n{line}")


def _notes(plan: StudyPlan) -> Iterator[str]:
    few = [one.seeds for one in plan.smallest if one.groups is None]
    if few:
        yield f"With {', '.join(map(str, few))} seeds no number of problems is enough: what is missing is seeds, not problems."
    size = plan.problems_a_group
    if size is None:
        yield "A group is a story with all its problems, and the variances are those of a group as a whole."
        return
    if size > 1:
        yield (
            f"A group has {size:.3g} problems in the pilot: 100 groups are {100 * size:,.0f} problems. More problems of the same "
            "stories add less than new stories do, and how much less a pilot does not tell."
        )
    yield "The variances are estimated from the pilot, and the power is as unsure as they are: few seeds tell little of seeds."
