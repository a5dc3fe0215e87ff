"""The report's first figure as a file of its own, for a README or a paper."""

from tracekd.report.build import rates_figure
from tracekd.report.content import ReportContent
from tracekd.report.layout import by_student

# The colours of the page in light mode: a figure outside the page must define its own.
_STYLE = (
    "<style>svg { color: #1b1f24; background: #ffffff; --rule: #d3d8de; --answer: #0072b2; --trace: #d55e00;"
    " --paper: #ffffff; --faint: #c9ced4; }</style>"
)


def rates_svg(content: ReportContent) -> str:
    """Answers and traces by regime, with intervals: an SVG document with its own colours."""
    drawn = str(rates_figure(by_student(content)))
    opening, _, rest = drawn.partition(">")
    return f'{opening} xmlns="http://www.w3.org/2000/svg">{_STYLE}{rest}\n'
