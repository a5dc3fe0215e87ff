"""What templates of the two sets may have besides plain parts: other forms of a time, and words that agree with others.

`{v}`, `{ve}`, `{was}`, `{has}`, `{is_}` agree with `{p}`; `{d}` is `{n}` as a digit and `{are}` its verb; `{A}` and `{kl}` are
`{a}` and `{k}` in the other case; `{ao}` is the office `{o}` with an article if it needs one.
"""

MONTHS = "January February March April May June July August September October November December".split()
MONTH = {name[:3]: number for number, name in enumerate(MONTHS, start=1)}
_DIGITS = {word: str(number) for number, word in enumerate("no one two three four five".split())}
# Offices that several people can hold at once.
_WITH_ARTICLE = ("member", "envoy", "judge")

# The two rarest relations were added to two sets later, by a hand that had not read the grammars' words for them.
RARE_RELATIONS: dict[str, tuple[str, ...]] = {
    "P488": (
        "{s} was the chair of {o} {when}",
        "{s} served as {o}'s chairperson {when}",
        "the chair of {o} was {s} {when}",
    ),
    "P6": ("{s} was the head of {o} {when}", "{s} was at the head of {o} {when}", "{s} governed {o} {when}"),
    "noun both P488": ("{s}'s time as chair of {o}", "{s}'s chairmanship of {o}"),
    "noun both P6": ("{s}'s time as head of {o}", "{s}'s time at the head of {o}"),
    "noun subject P488": ("{s}'s time as chair", "{s}'s chairmanship"),
    "noun subject P6": ("{s}'s time in office",),
}


class When(str):
    """A time as an adverbial, such as "from 1999 to 2003"; its attributes have it in other forms."""

    bare: str
    a: str
    b: str
    in_a: str
    in_b: str
    is_span: bool


def ordinal(day: int) -> str:
    """A day of the month, such as `3rd`."""
    return f"{day}{'th' if 10 < day < 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"


def agreement(parts: dict[str, str]) -> dict[str, str]:
    """The words that agree with the parts of a template."""
    more: dict[str, str] = {}
    if "p" in parts:
        several = " and " in parts["p"]
        more |= {"v": "", "ve": "", "was": "were", "has": "have", "is_": "are"} if several else {
            "v": "s", "ve": "es", "was": "was", "has": "has", "is_": "is"}  # fmt: skip
    if "n" in parts:
        more |= {"d": _DIGITS[parts["n"]], "are": "are" if parts["s"] else "is"}
    if "o" in parts:
        first = parts["o"].split()[0]
        more["ao"] = f"{'an' if first[0] in 'aeiou' else 'a'} {parts['o']}" if first in _WITH_ARTICLE else parts["o"]
    if "a" in parts:
        more["A"] = parts["a"][:1].upper() + parts["a"][1:]
    if "k" in parts:
        more["kl"] = parts["k"].lower()
    return more
