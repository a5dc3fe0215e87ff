"""A folder of supervised data: one or two files for each regime, a list of what was left out, a manifest and a card."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tracekd.content_hash import sha256_of
from tracekd.errors import UserError
from tracekd.files import jsonl_writer, write_folder, write_text
from tracekd.problem import Problem
from tracekd.regimes import Regime
from tracekd.sft.card import dataset_info, render_card
from tracekd.sft.example import Example, LeftOut, Supervision
from tracekd.sft.formats import FORMATS, Format, RowWriter, common_columns
from tracekd.sft.manifest import MANIFEST, LengthMeter, RegimePart, SftManifest
from tracekd.sft.rendering import PlainRendering, Rendering
from tracekd.sft.tokens import FastTokenizer

LEFT_OUT = Path("left_out", "problems.jsonl")
_TOLD_EVERY = 1000


@dataclass(frozen=True)
class Recipe:
    """What to write: in which format, and with which tokenizer, if any. `max_tokens` needs a tokenizer. `rendering` writes
    the prompts (None: as they are); `look` is called with every example that is written.
    """

    supervision: Supervision
    kind: Format
    tokenizer: FastTokenizer | None = None
    max_tokens: int | None = None
    rendering: Rendering | None = None
    look: Callable[[Example], None] = lambda example: None

    @property
    def renders(self) -> Rendering:
        """The rendering of prompts."""
        return self.rendering or PlainRendering(self.tokenizer)


@dataclass
class Written:
    """What was written: problems read, left out and too long, the classes of written problems, and each regime's part.

    `not_gold` counts by regime the examples that teach another answer than gold, `given` those whose trace is given.
    """

    problems: int = 0
    left_out: int = 0
    too_long: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    not_gold: Counter[str] = field(default_factory=Counter)
    given: Counter[str] = field(default_factory=Counter)
    regimes: dict[str, RegimePart] = field(default_factory=dict)


class _Empty(Exception):
    """There is no example to write."""


def write_sft(
    folder: Path,
    recipe: Recipe,
    problems: Iterable[Problem],
    describe: Callable[[Written], SftManifest],
    tell: Callable[[int], None],
) -> SftManifest:
    """Write the folder, which appears complete at the end. If there is no example, nothing is changed.

    `describe` makes the manifest; `tell` is called with the number of problems read.
    """
    made: list[SftManifest] = []

    def fill(temporary: Path) -> None:
        written = _write_rows(temporary, recipe, problems, tell)
        made.append(describe(written))
        if not made[0].examples:
            raise _Empty
        write_text(temporary / MANIFEST, made[0].model_dump_json(indent=1) + "\n")
        write_text(temporary / "README.md", render_card(made[0]))
        if made[0].format in ("messages", "prompt-completion"):
            write_text(temporary / "dataset_info.json", dataset_info(made[0]))

    with suppress(_Empty):
        write_folder(folder, fill)
    return made[0]


def _write_rows(folder: Path, recipe: Recipe, problems: Iterable[Problem], tell: Callable[[int], None]) -> Written:
    written = Written()
    regimes = recipe.supervision.regimes
    meters = [LengthMeter() for _ in regimes]
    with ExitStack() as files:
        writers = [RowWriter(folder, regime.file_name, recipe.kind, files) for regime in regimes]
        list_left_out = files.enter_context(jsonl_writer(folder / LEFT_OUT))
        for made in recipe.supervision.examples(_counted(problems, written, tell)):
            if isinstance(made, LeftOut):
                list_left_out(made)
                continue
            problem, examples = made
            if _is_too_long(examples, recipe):
                written.too_long += 1
                continue
            written.classes[problem.label] += 1
            _write(problem, examples, recipe, writers, written)
            for meter, example in zip(meters, examples, strict=True):
                meter.add(example)
    written.left_out = written.problems - written.classes.total() - written.too_long
    _describe_parts(written, recipe, writers, meters)
    return written


def _counted(problems: Iterable[Problem], written: Written, tell: Callable[[int], None]) -> Iterable[Problem]:
    for problem in problems:
        written.problems += 1
        if written.problems % _TOLD_EVERY == 0:
            tell(written.problems)
        yield problem


def _is_too_long(examples: Sequence[Example], recipe: Recipe) -> bool:
    if recipe.max_tokens is None or recipe.tokenizer is None:
        return False
    # One more for the end token.
    texts = [text for example in examples for text in (recipe.renders.prompt(example.prompt), example.completion)]
    lengths = recipe.tokenizer.lengths(texts)
    return max(prompt + completion for prompt, completion in zip(lengths[::2], lengths[1::2], strict=True)) >= (
        recipe.max_tokens
    )


def _write(
    problem: Problem,
    examples: Sequence[Example],
    recipe: Recipe,
    writers: Sequence[RowWriter],
    written: Written,
) -> None:
    common = common_columns(problem)
    regimes: Sequence[Regime] = recipe.supervision.regimes
    for regime, example, writer in zip(regimes, examples, writers, strict=True):
        if example.given and not recipe.kind.renders:
            raise _no_place(regime, recipe.kind)
        recipe.look(example)
        written.not_gold[regime.name] += example.completion[slice(*example.answer)] != common["answer"]
        written.given[regime.name] += example.given
        columns = recipe.kind.row(problem, example, recipe.supervision.setting.template, recipe.renders)
        writer.write({**common, "regime": regime.name, **columns})


def _no_place(regime: Regime, kind: Format) -> UserError:
    rendering = ", ".join(name for name, one in FORMATS.items() if one.renders)
    return UserError(
        f"the format {kind.name} has no place for a trace that is given: trainers would teach students to write it",
        where=f"regime {regime.name}", expected=f"one of: {rendering}", next_step="--format prompt-completion",
    )  # fmt: skip


def _describe_parts(
    written: Written, recipe: Recipe, writers: Sequence[RowWriter], meters: Sequence[LengthMeter]
) -> None:
    for regime, writer, meter in zip(recipe.supervision.regimes, writers, meters, strict=True):
        written.regimes[regime.name] = RegimePart(
            summary=regime.summary,
            files={path.name: sha256_of(path) for path in writer.paths},
            lengths=meter.lengths(recipe.tokenizer),
            left_out=dict(sorted(recipe.supervision.reasons.get(regime.name, Counter()).items())),
            not_gold=written.not_gold[regime.name],
            given=written.given[regime.name],
        )
