"""How pages are made from templates: all text is escaped, and every character becomes visible."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tracekd.report.visible import visible


def environment() -> Environment:
    """The templates of this package."""
    return Environment(
        loader=PackageLoader("tracekd.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Every string that the template prints goes through this function.
        finalize=_printable,
    )


def _printable(value: object) -> object:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
