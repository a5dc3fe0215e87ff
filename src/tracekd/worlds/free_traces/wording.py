"""How made traces say things. A set of wordings has several templates for each thing to say."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Wording:
    """A set of wordings: `templates` maps each thing to say to templates with named parts."""

    name: str
    templates: Mapping[str, tuple[str, ...]]

    def say(self, rng: Random, what: str, **parts: str) -> str:
        """One of the templates, with its parts filled in."""
        return rng.choice(self.templates[what]).format(**parts)

    def knows(self, what: str) -> bool:
        """Whether there is a template for this."""
        return what in self.templates
