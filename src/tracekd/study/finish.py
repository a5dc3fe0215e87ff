"""From the verdicts of a study's cells to its statistics and its report."""

import platform
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tracekd import __version__
from tracekd.files import file_hash, read_json, read_jsonl, recipe_key, write_text
from tracekd.interventions import get_condition
from tracekd.interventions.effect import Effect
from tracekd.interventions.effect_file import read_effects
from tracekd.interventions.measures import RelianceSummary, measure
from tracekd.interventions.run import own_again
from tracekd.problem import Problem
from tracekd.randomness import share
from tracekd.regimes import Setting, get_regime
from tracekd.report.build import render_report
from tracekd.report.content import CellTimes, Interventions, ReportContent, Shown
from tracekd.report.standalone import rates_svg
from tracekd.stats.summary import Summary, summarise
from tracekd.students.base import base_folder
from tracekd.students.gguf.source import source_of
from tracekd.students.output import Output
from tracekd.study.cell_processes import Failure
from tracekd.study.config import WORLD
from tracekd.study.declaration import in_words
from tracekd.study.effects import EffectPart, effect_parts, unfinished_others, why_not
from tracekd.study.plan import Cell, Plan
from tracekd.study.problems import read_split
from tracekd.study.record import read_record
from tracekd.study.resolved import resolved_toml
from tracekd.tasks import get_task
from tracekd.verify.trace_kind import DEFAULT_KIND
from tracekd.verify.verdict import Verdict

EXAMPLES = 12
_PACKAGES = ("torch", "transformers", "trl", "datasets", "accelerate", "tokenizers", "numpy", "scipy", "statsmodels")


def finish(plan: Plan, failures: Sequence[Failure], command: Sequence[str]) -> Path | None:
    """Write the statistics, if they are not there, and the report.

    Returns the path of the report; None if no cell is finished, so that there is nothing to report.
    """
    failed = {failure.cell for failure in failures if not failure.is_finished}
    cells = [cell for cell in plan.cells if cell.name not in failed]
    if not cells:
        return None
    verdicts = {cell.name: list(read_jsonl(cell.verdicts, Verdict)) for cell in cells}
    summary = _summary(plan, cells, [v for rows in verdicts.values() for v in rows])
    split = read_split(plan.split)
    content = ReportContent(
        title=f"Study {plan.study.name}",
        command=shlex.join(command),
        study_toml=resolved_toml(plan.study),
        source=_source(plan),
        regimes={name: get_regime(name).summary for name in plan.study.regimes},
        labels=split.labels,
        left_out=split.left_out,
        sides=split.sides,
        groups=split.groups,
        summary=summary,
        declared=in_words(plan),
        interventions=_interventions(plan, cells, failures),
        examples=_examples(plan, cells, verdicts),
        times=tuple(_times(cell) for cell in cells),
        failures={failure.cell: failure.message for failure in failures if failure.cell in failed},
        versions=_versions(),
        hashes=_hashes(plan, cells),
    )
    write_text(plan.run / "figures" / "rates.svg", rates_svg(content))
    write_text(plan.report, render_report(content))
    return plan.report


def _summary(plan: Plan, cells: Sequence[Cell], verdicts: Sequence[Verdict]) -> Summary:
    # Named by a hash of the verdicts: a student that is trained again may have other weights, and other numbers.
    hashes = {cell.name: file_hash(cell.verdicts) for cell in cells}
    analysis = plan.study.analysis
    # With the schema, as for `_reliance`.
    key = recipe_key(
        verdicts=hashes,
        analysis=analysis.model_dump(mode="json"),
        version=__version__,
        schema=Summary.model_json_schema(),
    )
    path = plan.run / "stats" / f"summary-{key}.json"
    if path.is_file():
        return read_json(path, Summary)
    summary = summarise(verdicts, analysis)
    write_text(path, summary.model_dump_json(indent=1) + "\n")
    return summary


def _interventions(plan: Plan, cells: Sequence[Cell], failures: Sequence[Failure]) -> Interventions:
    conditions = [get_condition(name) for name in plan.study.conditions]
    failed = {failure.cell: failure.message for failure in failures if failure.is_finished}
    tried = [cell for cell in cells if conditions and why_not(cell) is None and cell.name not in failed]
    crossed = [one for one in conditions if one.crosses is not None]
    lacking = {cell.name: others for cell in tried if (others := unfinished_others(cell, plan.cells, crossed))}
    if lacking:  # students are compared under the same conditions, so all go without these
        conditions = [one for one in conditions if one.crosses is None]
        reason = "there are no traces yet that could be forced on it, of"
        failed |= {name: f"{reason} {', '.join(others)}" for name, others in lacking.items()}
    problems = list(read_jsonl(plan.problems["test"], Problem))
    setting = Setting.of(get_task(plan.study.task.name))
    setting = replace(setting, free_traces=plan.study.trace != DEFAULT_KIND)
    parts = {cell.name: list(effect_parts(cell, plan.cells, conditions)) for cell in tried}
    effects = {
        name: [effect for part in of_cell for effect in _effects(part, problems)] for name, of_cell in parts.items()
    }
    again = [own_again(effects[cell.name], read_jsonl(cell.outputs, Output), problems, setting) for cell in tried]
    return Interventions(
        conditions={condition.name: condition.summary for condition in conditions},
        reliance=_reliance(
            plan,
            [part.path for of_cell in parts.values() for part in of_cell],
            [effect for rows in effects.values() for effect in rows],
        ),
        own_again=sum(same for same, _ in again),
        own_traces=sum(of for _, of in again),
        failures=failed,
    )


def _effects(part: EffectPart, problems: Sequence[Problem]) -> Iterator[Effect]:
    ids, names = [problem.id for problem in problems], [condition.name for condition in part.conditions]
    return read_effects(part.path, ids, names)


def _reliance(plan: Plan, files: Sequence[Path], effects: Sequence[Effect]) -> RelianceSummary | None:
    if not effects:
        return None
    hashes = [file_hash(file) for file in files]
    # With the schema, a file of an older version, with other measures, is not taken for one of this.
    key = recipe_key(effects=hashes, conditions=plan.study.conditions, schema=RelianceSummary.model_json_schema())
    path = plan.run / "stats" / f"reliance-{key}.json"
    if path.is_file():
        return read_json(path, RelianceSummary)
    reliance = measure(effects)
    write_text(path, reliance.model_dump_json(indent=1) + "\n")
    return reliance


def _source(plan: Plan) -> str:
    source = plan.study.task
    if source.source != WORLD:
        return f"{source.name}, from {source.source}"
    return f"{source.name}, generated by the world ({source.questions:,} questions of each class, seed {plan.study.data_seed})"


def _examples(plan: Plan, cells: Sequence[Cell], verdicts: dict[str, list[Verdict]]) -> tuple[Shown, ...]:
    """The same number of examples for each regime, from its first cell; combinations of right and wrong trace and
    answer alternate.
    """
    problems = {p.id: p for p in read_jsonl(plan.problems["test"], Problem)}
    firsts = list({cell.regime: cell for cell in reversed(cells)}.values())[::-1]
    shown: list[Shown] = []
    for i, cell in enumerate(firsts):
        wanted = EXAMPLES // len(firsts) + (i < EXAMPLES % len(firsts))
        outputs = {output.id: output for output in read_jsonl(cell.outputs, Output)}
        for verdict in _in_turn(verdicts[cell.name], plan.study.data_seed)[:wanted]:
            shown.append(Shown(problems[verdict.id], outputs[verdict.id], verdict))
    return tuple(shown)


def _in_turn(verdicts: Sequence[Verdict], seed: int) -> list[Verdict]:
    drawn = sorted(verdicts, key=lambda v: (share(seed, v.id, "examples"), v.id))
    rank: dict[tuple[bool, bool], int] = {}
    keys: list[tuple[int, bool, bool]] = []
    for verdict in drawn:
        kind = (verdict.trace, verdict.answer)
        rank[kind] = rank.get(kind, -1) + 1
        keys.append((rank[kind], not verdict.trace, not verdict.answer))
    return [verdict for _, verdict in sorted(zip(keys, drawn, strict=True), key=lambda pair: pair[0])]


def _times(cell: Cell) -> CellTimes:
    return CellTimes(**read_record(cell).model_dump())


def _versions() -> dict[str, str]:
    found = {"tracekd": __version__, "python": platform.python_version(), "platform": platform.platform()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _hashes(plan: Plan, cells: Sequence[Cell]) -> dict[str, str]:
    folders = {student.name: base_folder(student.base) for student in plan.study.students}
    bases = {f"base of {name}": file_hash(folder) for name, folder in folders.items()}
    sources = {f"source of the base of {name}": source_of(folder) for name, folder in folders.items()}
    problems = {f"{side} problems": file_hash(path) for side, path in plan.problems.items()}
    return {
        **bases,
        **{name: source.in_words() for name, source in sources.items() if source},
        **problems,
        **{f"verdicts of {cell.name}": file_hash(cell.verdicts) for cell in cells},
    }
