"""Words that take back a claim, and words that end a supposition. The patterns are for a key (see `talk`)."""

import re

from tracekd.statements.alternatives import any_of

_INTERJECTIONS = any_of("but |and |oh |oops|hmm+|wait|no|actually|hold on|sorry|ah|well")
_WRONG = any_of("wrong|incorrect|right|correct|a mistake|an error|false|true|mistaken|a slip|inaccurate")
_WHAT_WAS_SAID = any_of(
    "that|this|it|what i (?:said|wrote)",
    "the " + any_of("last|previous") + " " + any_of("statement|claim|line|step|sentence"),
)
# `It is not true that ..` takes nothing back: it denies what follows.
_NO_CLAUSE = r"(?!,? (?:that|to (?:say|claim|state|think|believe|assume|conclude))\b)"
_ERRED = any_of(
    "a mistake|an error|a slip|wrong|mistaken",
    "that wrong|it wrong|this wrong|that backwards|it backwards|confused|mixed up",
)
_RETRACTS = re.compile(
    rf"(?:no wait\b|(?:{_INTERJECTIONS}[,.;:!—– -]*+)*+"
    + any_of(
        any_of("wait|hold on|actually|oops|hmm+|oh|ah|sorry") + r"[,.;:!—– -]*+no\b",
        "no[,.;:!—– -]++" + any_of(r"wait|that|this|it|actually|sorry|scratch|i\b"),
        "scratch that|strike that|correction|fixed",
        rf"{_WHAT_WAS_SAID}(?:'s| is| was| isn't| wasn't)(?: just)?(?: not)? ?{_WRONG}\b{_NO_CLAUSE}",
        "(?:i|we) " + any_of("made|have made|'ve made|was|were|am|got|had|have|have got|'ve got") + f" {_ERRED}",
        "i " + any_of(
            "meant|mean to say|misread|misspoke|mixed|confused|misremembered|take that back|stand corrected|retract",
            "must correct|need to correct|should correct",
        ),
        "my " + any_of("mistake|bad|error"),
        "let me " + any_of("correct|fix|rephrase|redo|restate"),
        "oops|on second thought|not so fast|that can't be right|that cannot be right|forget that|never ?mind",
    )
    + ")"
)  # fmt: skip
_RIGHT = re.compile(r"\b(?:that|this|it)(?:'s| is| was) (?:just )?(?:right|correct|true)\b")
_FAILS = any_of(
    "contradicts|is a contradiction|is impossible|is not possible|can't be|cannot be|leads to a contradiction",
    "does not " + any_of("work|fit|match|hold"),
    "doesn't " + any_of("work|fit|match|hold"),
    "fails|is ruled out|conflicts|clashes|would contradict",
)
_ENDS = re.compile(
    "(?:but |so |and |thus |therefore,? |hence,? |however,? )*+"
    + any_of(
        f"(?:this|that|which|it) {_FAILS}",
        "(?:this|that|our|the) " + any_of("assumption|case|hypothesis|supposition|guess"),
        "a contradiction|contradiction",
        "in " + any_of("conclusion|fact|reality"),
        "back to|returning|in reality|actually",
        "the " + any_of("context|story|text|facts?") + " " + any_of("says?|states?"),
        "the (?:final |correct )?answer(?! (?:would|could|might|may))",
        "regardless|in either case|either way|in both cases|wait|setting that aside|dropping that",
        "without (?:the|that) assumption",
    )
    + r"\b"
)


def begins_retraction(key: str) -> bool:
    """Whether a statement begins with words that take something back."""
    return _RETRACTS.match(key) is not None


def retracts(key: str) -> bool:
    """Whether a statement takes back a claim before it; it may make a new one."""
    return _RETRACTS.match(key) is not None and not (_RIGHT.search(key) and "not" not in key and "n't" not in key)


def after_retraction(key: str) -> str:
    """What a statement says after the words that take something back."""
    found = _RETRACTS.match(key)
    return key[found.end() :].lstrip(" ,.;:!—–-") if found else key


def ends_supposition(key: str) -> bool:
    """Whether a supposition before this statement ends here."""
    return _ENDS.match(key) is not None
