"""What the names and pronouns of a trace mean: the facts that they may stand for, by what was spoken of last."""

from collections.abc import Sequence

from tracekd.statements.cotempqa.known import Known
from tracekd.tasks.cotempqa.intervals import Interval

_MOST_RECENT = 4


class Memory:
    """The facts that a trace spoke of last, by their places in the context; the last one is the most recent.

    `focus` is the person who was spoken of last.
    """

    def __init__(self, known: Known) -> None:
        self.known = known
        self.recent: list[int] = []
        self.focus: str | None = None
        self.is_lost = False  # a statement was not understood since

    def remember(self, places: Sequence[int]) -> None:
        """These facts were spoken of, in this order."""
        if not places:
            return
        self.is_lost = False
        recent = self.recent
        for place in places:
            if place in recent:
                recent.remove(place)
            recent.append(place)
        if len(recent) > _MOST_RECENT:
            del recent[:-_MOST_RECENT]
        event = self.known.events[recent[-1]]
        self.focus = event.event.subject if event else self.focus

    def remember_names(self, names: tuple[str, ...]) -> None:
        """These names stand alone, as a heading does."""
        self.remember([place for group in self.facts_meant(names, "") for place in group[:1]])
        self.focus = names[-1]

    def forget(self, names: tuple[str, ...] = ()) -> None:
        """Nobody knows what `this` means after a statement that was not understood, unless its names mean one fact."""
        self.recent.clear()
        self.focus = None
        groups = self.facts_meant(names, "") if names else []
        if len(groups) == 1 == len(groups[0]):
            self.remember(groups[0])
        self.is_lost = True

    def when(self, place: int) -> Interval:
        """The time of a fact."""
        return self.known.times[place][0]

    def facts_meant(self, names: tuple[str, ...], pronoun: str) -> list[list[int]]:
        """The facts that each named person or thing may mean; an empty group if no fact connects the names."""
        if names:
            groups, is_of_objects = self.known.facts_of(names)
            return [self._of_focus(group) for group in groups] if is_of_objects else groups
        last = self.recent[-1:] or ([] if self.known.anchor is None or self.is_lost else [self.known.anchor])
        return [last] if last else []

    def _of_focus(self, places: list[int]) -> list[int]:
        """Those of these facts that are about the person spoken of last; all of them if none is."""
        about = [p for p in places if (event := self.known.events[p]) and event.event.subject == self.focus]
        return about or places
