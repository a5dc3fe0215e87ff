"""The figures: matplotlib, as SVG text inside the page, with the colours of the page and a title for screen readers.

No pyplot, so no global figure; the same input gives the same bytes.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any, Literal

import matplotlib
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from tracekd.report.visible import visible
from tracekd.stats.estimate import Measure, Share

if TYPE_CHECKING:
    from matplotlib.typing import RcKeyType

Series = Literal["answer", "trace", "consistent", "relied on"]

# Placeholders for the colours of the page, which differ in light mode, dark mode and print. No drawing uses them by chance.
INK, RULE, ANSWER, TRACE, PAPER, FAINT, CONSISTENT, RELIANCE = (f"#0a0b{n:02x}" for n in range(12, 20))
_PAGE_COLOURS = {
    INK: "currentColor",
    RULE: "var(--rule)",
    ANSWER: "var(--answer)",
    TRACE: "var(--trace)",
    PAPER: "var(--paper)",
    FAINT: "var(--faint)",
    CONSISTENT: "var(--consistent)",
    RELIANCE: "var(--reliance)",
}
_COLOUR: dict[Series, str] = {"answer": ANSWER, "trace": TRACE, "consistent": CONSISTENT, "relied on": RELIANCE}
_SHAPE: dict[Series, str] = {"answer": "o", "trace": "D", "consistent": "s", "relied on": "^"}

_STYLE: "dict[RcKeyType, Any]" = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],  # part of matplotlib, so that the layout is the same everywhere
    "font.size": 9,
    "text.parse_math": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "text.color": INK,
    "axes.edgecolor": RULE,
    "axes.labelcolor": INK,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "ytick.major.size": 0,
    "ytick.major.pad": 9,
    "hatch.linewidth": 0.6,
}
_WIDTH = 6.2  # inches of 72 points: narrow enough to be readable on a phone
_LEFT, _INNER = 0.15, 0.65  # shares of the width: left of the axes (for names), and of the axes


@dataclass(frozen=True)
class Bar:
    """A point with its interval, the values of the seeds, and the text beside it. Shares in [-1, 1].

    `hollow`: drawn as an outline, because it is not comparable with the others.
    """

    series: Series
    value: float
    low: float
    high: float
    seeds: tuple[float, ...]
    text: str
    hollow: bool = False


def bar_of(series: Series, found: Share | Measure, text: str, *, hollow: bool = False) -> Bar:
    """The bar of a number; without an interval, it has only a point. An undefined number is drawn at 0."""
    value = found.value or 0.0
    low, high = found.ci or (value, value)
    seeds = tuple(one for one in found.per_seed if one is not None) if len(found.per_seed) > 1 else ()
    return Bar(series, value, low, high, seeds, text, hollow)


@dataclass(frozen=True)
class Group:
    """A label, and the bars under it."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Mosaic:
    """Outputs of one regime and student, summed over seeds: trace first, answer second."""

    right_right: int
    right_wrong: int
    wrong_right: int
    wrong_wrong: int


def intervals(name: str, title: str, groups: Sequence[Group], *, limits: tuple[float, float], label: str) -> Markup:
    """Groups of points with their intervals. `limits`: of the axis, as shares; a line marks 0 if it is inside."""
    rows = sum(1.2 + len(group.bars) for group in groups)
    with _style(name):
        figure = Figure(figsize=(_WIDTH, 0.65 + 0.24 * rows))
        axes = figure.add_axes((_LEFT, 0.5 / (0.65 + 0.24 * rows), _INNER, 1 - 0.55 / (0.65 + 0.24 * rows)))
        axes.set_xlim(100 * limits[0], 100 * limits[1])
        axes.set_ylim(rows, 0)
        axes.set_xlabel(label)
        axes.grid(axis="x", color=RULE, linewidth=0.5)
        axes.set_axisbelow(True)
        if limits[0] < 0 < limits[1]:
            axes.axvline(0, color=INK, linewidth=1)
        _draw_groups(axes, groups)
        return _to_page(figure, name, title)


def mosaic(name: str, title: str, counts: Mosaic) -> Markup:
    """Widths: shares of right and wrong traces; heights: shares of right answers among each. Counts are printed beside."""
    with _style(name):
        figure = Figure(figsize=(4.4, 2.5))
        axes = figure.add_axes((0.25, 0.04, 0.5, 0.8))
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        axes.axis("off")
        _draw_column(axes, "right", counts.right_right, counts.right_wrong, counts)
        _draw_column(axes, "wrong", counts.wrong_right, counts.wrong_wrong, counts)
        return _to_page(figure, name, title)


@contextmanager
def _style(name: str) -> Iterator[None]:
    """Our settings on top of matplotlib's defaults, independent of a user's `matplotlibrc`; `name` makes the ids unique."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update({**_STYLE, "svg.hashsalt": name})
        yield


def _draw_groups(axes: Axes, groups: Sequence[Group]) -> None:
    left, beside = axes.get_xlim()[0], axes.get_yaxis_transform()
    ticks: list[float] = []
    names: list[str] = []
    top = 0.0
    for group in groups:
        axes.text(-_LEFT / _INNER, top + 0.65, visible(group.label), transform=beside, va="center", weight="bold")
        for i, bar in enumerate(group.bars):
            row = top + 1.5 + i
            ticks.append(row)
            names.append(bar.series)
            _draw_bar(axes, bar, row)
            axes.text(1.02, row, bar.text, transform=beside, va="center")
        top += 1.2 + len(group.bars)
    axes.set_yticks(ticks, names)
    axes.set_xlim(left=left)


def _draw_bar(axes: Axes, bar: Bar, row: float) -> None:
    colour = _COLOUR[bar.series]
    axes.plot(
        [100 * bar.low, 100 * bar.high], [row, row], color=colour, linewidth=2, solid_capstyle="butt", clip_on=False
    )
    fill = PAPER if bar.hollow else colour
    axes.plot(
        [100 * bar.value], [row], _SHAPE[bar.series], color=colour, markerfacecolor=fill, markersize=6.5, clip_on=False
    )
    if len(bar.seeds) > 1:
        x = [100 * seed for seed in bar.seeds]
        axes.plot(x, [row + 0.34] * len(x), "o", color=colour, markersize=2.6, markeredgewidth=0, clip_on=False)


def _draw_column(axes: Axes, trace: Literal["right", "wrong"], right: int, wrong: int, counts: Mosaic) -> None:
    """One column of a mosaic, from the left (right traces) or from the right; its counts are on its outer side."""
    total = counts.right_right + counts.right_wrong + counts.wrong_right + counts.wrong_wrong
    width, is_left = (right + wrong) / total, trace == "right"
    side, edge, outside = ("right", -0.03, 0.0) if is_left else ("left", 1.03, 1 - width)
    heading = f"trace {trace}: {right + wrong:,}"
    axes.text(-0.03 if is_left else 1.03, 1.07, heading, ha="left" if is_left else "right", va="bottom", weight="bold")
    if right + wrong == 0:
        return
    share = right / (right + wrong)
    for bottom, height, verdict, count in ((1 - share, share, "right", right), (0.0, 1 - share, "wrong", wrong)):
        if not count:
            continue
        face, hatch = (ANSWER, "") if verdict == "right" else (FAINT, "////")
        axes.add_patch(
            Rectangle((outside, bottom), width, height, facecolor=face, edgecolor=PAPER, linewidth=1.5, hatch=hatch)
        )
        axes.text(edge, bottom + height / 2, f"answer {verdict}\n{count:,}", ha=side, va="center", linespacing=1.25)


def _to_page(figure: Figure, name: str, title: str) -> Markup:
    """The figure as an inline SVG element: no prolog, no metadata, no name spaces, colours of the page, a title."""
    out = StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    drawn = out.getvalue()
    drawn = drawn[drawn.index("<svg") :]
    drawn = re.sub(r"\s*<metadata>.*?</metadata>|<defs>\s*<style.*?</style>\s*</defs>", "", drawn, flags=re.DOTALL)
    # The ids of groups are the same in every figure; nothing refers to them.
    drawn = re.sub(r'<g id="[^"]*"', "<g", drawn).replace("xlink:href=", "href=")
    for colour, page in _PAGE_COLOURS.items():
        drawn = drawn.replace(colour, page)
    opening = re.compile(r'<svg [^>]*?viewBox="([^"]*)"[^>]*>', re.DOTALL)
    head = Markup(
        '<svg role="img" aria-labelledby="{0}-title" viewBox="{1}" width="{2}pt"><title id="{0}-title">{3}</title>'
    )
    box = opening.match(drawn)
    assert box is not None, "matplotlib always writes a viewBox"
    return head.format(name, box[1], box[1].split()[2], visible(title)) + Markup(drawn[box.end() :])
