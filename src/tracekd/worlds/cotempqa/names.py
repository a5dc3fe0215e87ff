"""Names of people, schools, parties and so on, made up by rule.

Each name has a stem of its own: two invented syllables, such as `Brezmit`. So no name of a context is equal to another
one or part of it, in any letter case. A stem is consonants, vowel, consonants, vowel, consonant: therefore no stem begins
with another one. No stem begins with `r` or `l`, so none is another one without its first letter (`Brezmit`, `rezmit`).
The consonants in the middle and at the end are combinations that common names do not have.
"""

from collections.abc import Callable

_VOWELS = "aeiou"
_ONSETS = (
    *"b d f g j k m n p t v z".split(),
    *"br dr fr gr kr pr tr vr bl fl gl kl pl".split(),
)  # fmt: skip
_MIDDLES = "lv rv nv mv gm km tm kn pn tv lkv rkv mbr ngr zm gv rz lz kv bz vz nzk".split()
_CODAS = "bdgkmpx"
_HEADS = tuple(onset + vowel for onset in _ONSETS for vowel in _VOWELS)
_CAPITALS = tuple(head.capitalize() for head in _HEADS)
_TAILS = tuple(middle + vowel + coda for middle in _MIDDLES for vowel in _VOWELS for coda in _CODAS)
_GIVEN_MIDDLES = "lkv rkv mbr ngr zm gv rz lz kv bz vz nzk".split()
_GIVEN = tuple((head + middle + vowel).capitalize() for head in _HEADS for middle in _GIVEN_MIDDLES for vowel in "aeo")
_STEMS = len(_HEADS) * len(_TAILS)
_ACCENTS = str.maketrans("aeiouz", "áéíöüž")

# The forms of names. A `%s` is a stem; the second one in a trap is a place or similar.
_PLAIN = {
    "position": (
        "warden of %s", "mayor of %s", "Minister of %s", "member of the %s Assembly", "ambassador to %s",
        "Secretary for %s Affairs", "governor of %s", "bishop of %s", "Judge of the %s Court", "chancellor of %s",
    ),
    "employer": (
        "%s Institute", "%s Laboratories", "Bank of %s", "%s Company", "%s Press", "Museum of %s", "%s Railways",
        "Office of %s", "%s Observatory", "%s Works",
    ),
    "party": (
        "%s Party", "Party of %s", "%s Union", "%s Front", "League of %s", "%s Democrats", "%s Alliance", "%s Greens",
    ),
    "school": (
        "University of %s", "%s University", "%s College", "%s School", "%s Academy", "College of %s", "%s Gymnasium",
    ),
    "team": ("%s F.C.", "FC %s", "%s Rovers", "%s United", "%s Athletic", "Sporting %s", "%s Wanderers", "AC %s"),
    "property": ("%s FM", "%s Courier", "%s Stadium", "%s Records", "%s Hotel", "%s Castle", "%s Tower"),
    "owner": ("%s Group", "%s Holdings", "%s Media", "House of %s", "City of %s", "%s Trust"),
    "committee": ("%s Committee", "%s Council", "Board of %s", "%s Society", "Commission for %s"),
}  # fmt: skip
_TRAPS = {
    "person": ("%s, Baron of %s", "%s of %s", "%s O'%s", "%s-%s", "%s \"Zaz\" %s", "%s d'%s", "%s van %s", "%s (%s)"),
    "position": (
        "Minister for Housing, %s and %s", "envoy from %s to %s", "judge in %s, %s", "%s's deputy in %s",
        "director-general of the %s of %s", "vicar (%s, %s)",
    ),
    "employer": ("%s, %s & Sons", "%s's Works in %s", "Agency from %s to %s", "%s-%s Group", "Clinic of %s, %s"),
    "party": ("%s People's Party of %s", "Movement for %s, %s", "Workers in %s and %s", "%s List (%s)"),
    "school": ("University of %s, %s", "%s's College in %s", "Seminary of %s-%s", "%s Normal School (%s)"),
    "team": ("%s-%s F.C.", "%s Queen's Park, %s", "Team of %s in %s", "R.S.C. %s (%s)"),
    "property": ("%s, the Museum of %s", "%s's \"%s\" Hotel", "Line from %s to %s"),
    "owner": ("%s's \"%s\" Inc.", "%s, %s & Co.", "Crown of %s in %s"),
    "committee": ("%s's Council, %s", "Congress of %s in %s", "Board for %s (%s)"),
}  # fmt: skip
# A name that contains another name; the second `%s` is a new stem.
_LONGER = {"person": "%s-%s", "position": "deputy %s of %s"}
_LONGER_OTHERWISE = "%s, %s"

# The sorts of subjects and objects of each relation; subjects that are not listed are people.
_SUBJECTS = {"P127": "property"}
_OBJECTS = {
    "P39": "position", "P108": "employer", "P102": "party", "P69": "school", "P54": "team", "P127": "owner",
    "P488": "committee",
}  # fmt: skip


class Names:
    """The names of one context. `traps`: the share of names with commas, prepositions, quotes or non-ASCII letters."""

    __slots__ = ("_draw", "_traps", "_used")

    def __init__(self, draw: Callable[[], float], traps: float) -> None:
        self._draw = draw
        self._traps = traps
        self._used: set[int] = set()

    def subject(self, relation: str) -> str:
        """A new name for a subject of the relation."""
        return self._name(_SUBJECTS.get(relation, "person"))

    def object(self, relation: str) -> str:
        """A new name for an object of the relation."""
        return self._name(_OBJECTS[relation])

    def longer(self, name: str, relation: str, subject: bool) -> str:
        """A new name that contains another name, for a subject or an object of the relation."""
        sort = _SUBJECTS.get(relation, "person") if subject else _OBJECTS[relation]
        return _LONGER.get(sort, _LONGER_OTHERWISE) % (name, self._stem())

    def _name(self, sort: str) -> str:
        draw = self._draw
        if self._traps and draw() < self._traps:
            return self._trap(sort)
        if sort == "person":
            return f"{_GIVEN[int(draw() * len(_GIVEN))]} {self._stem()}"
        forms = _PLAIN[sort]
        return forms[int(draw() * len(forms))] % self._stem()

    def _trap(self, sort: str) -> str:
        draw = self._draw
        kind = draw()
        if kind < 0.5:
            accented = self._stem().translate(_ACCENTS)
            if sort == "person":
                return f"{_GIVEN[int(draw() * len(_GIVEN))].translate(_ACCENTS)} {accented}"
            forms = _PLAIN[sort]
            return forms[int(draw() * len(forms))] % accented
        forms = _TRAPS[sort]
        form = forms[int(draw() * len(forms))]
        if sort == "person":
            return form % (f"{_GIVEN[int(draw() * len(_GIVEN))]} {self._stem()}", self._stem())
        return form % (self._stem(), self._stem())

    def _stem(self) -> str:
        used, number = self._used, int(self._draw() * _STEMS)
        while number in used:
            number = (number + 1) % _STEMS
        used.add(number)
        return _CAPITALS[number // len(_TAILS)] + _TAILS[number % len(_TAILS)]
