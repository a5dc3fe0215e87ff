"""Words with which a trace says where something stands: `[2]`, `passage 3 says that`, `in the second paragraph,`."""

import re

from tracekd.statements.alternatives import any_of
from tracekd.statements.names import MARKS

_NUMBER = r"(?:#|no\. )?\d{1,3}"
_WHERE = any_of(
    rf"\[{_NUMBER}\]|\({_NUMBER}\)",
    any_of("the |this |that ") + "?(?:\\w{2,8} )?"
    + any_of(
        "passages?|paragraphs?|documents?|docs?|articles?|sources?|texts?|entr(?:y|ies)|contexts?",
        "snippets?|facts?|sentences?",
    )
    + rf"(?: {_NUMBER}| \[{_NUMBER}\]|\[{_NUMBER}\]| \({_NUMBER}\))?",
)  # fmt: skip
_ABOUT = rf"(?: (?:about|on|for|of|titled) [{MARKS}])?"
_SAYS = (
    any_of("also |clearly |then |explicitly ")
    + "?"
    + any_of(
        "says|states|mentions|tells us|tells me|notes|reads|shows|indicates|confirms|explains|describes|reports|gives"
    )
)
_LEAD = re.compile(
    any_of(
        rf"(?:in|from|per|as per|according to|based on|looking at|see|reading|by) {_WHERE}{_ABOUT}(?:,|:|;)? ?"
        rf"(?:it {_SAYS}(?: that|,|:)? ?|there is )?",
        rf"{_WHERE}{_ABOUT},? (?:it )?{_SAYS}(?: that|,|:)? ?(?:there is )?",
        rf"{_WHERE}{_ABOUT} ?[:.–-]+ ?",
        rf"\[{_NUMBER}\] ?",
        r"(?:it's|it is|it was|as) (?:stated|mentioned|noted|said|written|given)(?: there| here)? (?:that|as)? ?",
        r"(?:i|we) (?:can )?(?:see|read|find|found|learn|know|note|notice)(?: here| there)? that ",
    )
)  # fmt: skip
_MOST_LEADS = 4


def without_citations(body: str) -> str:
    """A body without the words that only say where something stands."""
    for _ in range(_MOST_LEADS):
        found = _LEAD.match(body)
        if found is None or found.end() == 0:
            break
        body = body[found.end() :]
    return body
