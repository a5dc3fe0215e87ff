"""Supervision with a trace as long as the correct one that says nothing: is it the content, or the room to compute?

After the filler tokens of arXiv 2307.13702 (section 2.5) and arXiv 2404.15758. There, a tokenizer's own `...` is
repeated; here, it is a word that is one token for nearly every tokenizer. It is as long as the trace in the unit of the
setting, characters or tokens; it cannot be in both, because names and dates are many short tokens and the word is one.
So if the room to compute must be the same, the setting must count tokens.
"""

from tracekd.problem import Problem
from tracekd.regimes.contract import Regime, Setting, Streams
from tracekd.trace import Say, Trace

WORD = "the"


def _supervise(problem: Problem, setting: Setting, streams: Streams) -> Trace:
    """The word, repeated until it is as long as the rendered gold trace, to within half a word."""
    length = setting.length(setting.template.render_trace(problem, problem.trace))
    words = max(1, round(length / setting.length(f" {WORD}")))
    return Trace(steps=(Say(text=" ".join([WORD] * words)),))


REGIME = Regime("filler", "one word repeated, as long as the correct trace", _supervise)
