"""Risk-coverage curves as an SVG document: a panel for each model and regime, a line for each score."""

from collections.abc import Mapping, Sequence
from io import StringIO
from textwrap import shorten

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tracekd.report.visible import visible
from tracekd.stats.selection import LENGTH, LOG_PROBABILITY, ORACLE
from tracekd.stats.selective import Curve

_COLUMNS = 3
# Nobody would read a figure with more panels.
_MOST_PANELS = 24
_WIDTH, _HEIGHT = 3.1, 2.6  # inches of a panel

# The name, colour and line style of each score; the lines differ even without colours.
_LINES = {
    "all": ("all checks passed", "#0072b2", "-"),
    "trace": ("checks of the trace passed", "#d55e00", "--"),
    LENGTH: ("shorter first", "#8a8f98", "-."),
    LOG_PROBABILITY: ("log-probability", "#009e73", ":"),
    ORACLE: ("oracle", "#1b1f24", (0, (1, 3))),
}


def risk_coverage_svg(drawn: Sequence[tuple[str, str, Mapping[str, Curve]]]) -> str:
    """The figure of (model, regime, curves by score), the first 24 of them; the same input gives the same bytes."""
    shown = drawn[:_MOST_PANELS]
    columns = min(len(shown), _COLUMNS)
    rows = -(-len(shown) // columns)
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update({"svg.hashsalt": "tracekd", "text.parse_math": False, "font.size": 9})
        figure = Figure(figsize=(_WIDTH * columns, _HEIGHT * rows + 0.5), layout="constrained")
        panels = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).ravel()
        for axes, (model, regime, curves) in zip(panels, shown, strict=False):
            _draw(axes, f"{model}\n{regime}", curves)
        for axes in panels[len(shown) :]:
            axes.set_axis_off()
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=min(len(labels), columns + 1), frameon=False)
        out = StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def _draw(axes: Axes, title: str, curves: Mapping[str, Curve]) -> None:
    for name, (label, colour, line) in _LINES.items():
        if name in curves:
            curve = curves[name]
            axes.plot(curve.coverage, curve.risk, color=colour, linestyle=line, linewidth=1.4, label=label)
    axes.set_title("\n".join(shorten(visible(part), 44, placeholder="...") for part in title.split("\n")), fontsize=8)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_xlabel("coverage (share answered)")
    axes.set_ylabel("risk (share wrong)")
    axes.grid(color="#d3d8de", linewidth=0.5)
