"""The study as one HTML file that opens offline: it has no script and loads nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evidence import Evidence
from findings import FALLS, OPEN, STANDS, Finding
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined
from markupsafe import Markup
from sheet import Sheet
from wording import counted_share

from tracekd.report.visible import bounded, visible
from tracekd.tasks.reading.fault import Skipped

# Points that the descriptions of the official code leave open, and our choices.
ASSUMPTIONS = (
    "Before its parser was corrected, the official code searched the whole output of CoTempQA for names, including the trace; "
    "afterwards only the text after the answer tag. We chose this and the next point among nine readings (what is searched, "
    "and how a name of the question is ignored), because they are closest to the published answers of Llama-3.2-1B. So "
    "closeness to these answers does not test them.",
    "Of the names that also occur in the question, the first one found is ignored, once.",
    "A name ends at the first word that could begin its date; dates have the form from … to …, or in ….",
    "The answer rule of bAbI and MARCO ignores letter case, punctuation and tags; it was not corrected.",
    "If the join finds no row and there is no previous row, the official script crashes; here both steps count as wrong.",
    "If a trace has too few full stops to find the sentence of the class, the class counts as wrong.",
)
_LISTED = 20
_MARKS = {STANDS: "right", FALLS: "wrong", OPEN: "unparsed"}


@dataclass(frozen=True, slots=True)
class Content:
    """What the page shows. `rebuilt`: cells whose test items were rebuilt from the outputs.

    `unread`: invalid lines of files; `unmatched`: outputs without a problem.
    """

    source: str
    evidence: Evidence
    findings: tuple[Finding, ...]
    sheets: tuple[Sheet, ...]
    missing: tuple[str, ...]
    rebuilt: tuple[str, ...]
    unread: tuple[Skipped, ...]
    unmatched: tuple[Skipped, ...]
    failed: tuple[str, ...]
    version: str


def render(content: Content) -> str:
    """The page as HTML text. All strings are escaped; text from files is bounded, and invisible characters become
    visible signs.
    """
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(Path(__file__).parent), PackageLoader("tracekd.report", "templates")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Every string that the template prints goes through this function.
        finalize=_printable,
    )
    return environment.get_template("page.html.j2").render(
        content=content,
        tables={sheet.name: sheet.table() for sheet in content.sheets if sheet.entries},
        rulings=[(ruling, _MARKS[ruling], sum(f.ruling == ruling for f in content.findings)) for ruling in _MARKS],
        marks=_MARKS,
        short=tuple(_in_short(content)),
        missing=_first(content.missing),
        listed=(
            ("Invalid lines, or tables that are not used", content.unread, _said(content.unread)),
            (
                "Outputs whose record contains no problem",
                content.unmatched,
                _said(content.unmatched),
            ),
        ),
        assumptions=ASSUMPTIONS,
    )


def _first(items: Sequence[str]) -> list[str]:
    more = [f"and {len(items) - _LISTED:,} more"] if len(items) > _LISTED else []
    return [*items[:_LISTED], *more]


def _said(found: Sequence[Skipped]) -> list[str]:
    return [bounded(f"{one.where}: {one.reason} {one.detail}", 300).text for one in found[:_LISTED]]


def _in_short(content: Content) -> list[str]:
    """The rulings with their first figure, then the two most important faults, cell by cell."""
    said = [f"{f.key} {f.ruling}: {f.claim} {f.figures[0]}" for f in content.findings if f.ruling != OPEN]
    for cell, found in content.evidence.cells.items():
        joined, n = found.official.joined, found.official.n
        text = f"{cell}: the official join finds the gold of another problem for {counted_share(joined['other'], n)} outputs"
        if cell.traced:
            facts = found.disagreement.steps["retrieval"]
            wrong = facts.right_wrong + facts.wrong_wrong
            text += f"; of {wrong:,} outputs that cite wrong facts the official rule accepts {facts.right_wrong:,}"
        said.append(f"{text}.")
    return said


def _printable(value: object) -> object:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
