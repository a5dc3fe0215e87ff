"""The page about the free traces of outputs: one HTML file that opens offline, has no script and loads nothing."""

from dataclasses import dataclass, replace

from tracekd.report.free_shown import FreeShown
from tracekd.report.free_tables import RIGHT, free_rates, sentences, steps_and_answer, with_free
from tracekd.report.free_trace import KINDS, free_view
from tracekd.report.layout import StudentPart, parts_of
from tracekd.report.page import environment
from tracekd.report.wording import NOT_RELIANCE_HERE, counted
from tracekd.stats.summary import Summary

# Of all students together. The tables beside the page have all.
MOST_REGIMES = 24


@dataclass(frozen=True)
class TracesContent:
    """The page about free traces of outputs from any model. `total`: the free traces among all outputs; `shown`: those that
    were drawn as examples, by `seed`.
    """

    task: str
    summary: Summary
    total: int
    shown: tuple[FreeShown, ...]
    seed: int


def render_traces(content: TracesContent) -> str:
    """The page as HTML text: the same content gives the same bytes.

    All strings of the content are escaped. Strings from a model or a data set are bounded, and invisible characters are
    replaced by visible signs.
    """
    parts = [found for part in parts_of(content.summary) if (found := with_free(part)) is not None]
    parts, left_out = _bounded(parts)
    return (
        environment()
        .get_template("traces.html.j2")
        .render(
            content=content,
            right=RIGHT,
            not_reliance=NOT_RELIANCE_HERE,
            kinds=KINDS,
            in_short=list(sentences(parts)),
            rates=[free_rates(part) for part in parts],
            steps=[steps_and_answer(part) for part in parts],
            left_out=counted(left_out, "regime") if left_out else "",
            examples=[free_view(i, shown) for i, shown in enumerate(content.shown, start=1)],
        )
    )


def _bounded(parts: list[StudentPart]) -> tuple[list[StudentPart], int]:
    """The first regimes, each under the name of its model, and how many are left out."""
    kept, room = [], MOST_REGIMES
    for part in parts:
        if room > 0:
            kept.append(replace(part, prefix=f"{part.student}: ", cells=part.cells[:room]))
        room -= len(part.cells)
    return kept, max(0, -room)
