"""Free traces whose truth is known by construction: a problem's facts and what follows, in many words, with planted errors."""

from tracekd.worlds.free_traces.made import ERRORS, MadeTrace, make_trace
from tracekd.worlds.free_traces.wording import Wording
from tracekd.worlds.free_traces.writer import Planted

__all__ = ["ERRORS", "MadeTrace", "Planted", "Wording", "make_trace"]
