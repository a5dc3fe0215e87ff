"""Supervision with facts that imply another answer than gold, and with that answer, for a share of the problems.

Only the trace tells a student which answer to give, because from the story the gold answer follows. So students learn to
rely on their traces: the larger the share, the more. After the counterfactual rationales of SCOTT (arXiv 2305.01879). There,
a language model writes them. Here, they are facts from which another answer follows by the task's rule (`implied_facts`),
as many as the gold facts; the class stays right. As there, such a trace is given, and only the answer after it is learnt:
a student that learnt to write it would write wrong traces.
"""

from tracekd.parameter import Parameter
from tracekd.problem import Problem
from tracekd.regimes.contract import Regime, Setting, Streams, Supervise, Target, Unsupported
from tracekd.regimes.implied_facts import implying
from tracekd.regimes.intent import Intent
from tracekd.regimes.share import read_share
from tracekd.tasks.check import same_answer
from tracekd.tasks.context import Context, normalized
from tracekd.tasks.what_follows import answers
from tracekd.trace import Classify, Quote, Trace


def _at_share(written: str) -> Supervise:
    """Shares are nested: a problem with a counterfactual target at share 0.3 has the same target at share 0.5."""
    share = read_share(written)

    def supervise(problem: Problem, setting: Setting, streams: Streams) -> Target:
        # Always drawn: a problem without such facts must be left out of those with the gold trace, too.
        found = implying(problem, setting, streams("counterfactual facts"))
        if len(found.texts) < len(problem.trace.facts):
            raise Unsupported("only fewer facts than the gold ones imply another answer")
        if _misleads(problem, setting):
            raise Unsupported("from the facts of the gold trace, another answer than gold follows")
        if streams("counterfactual").random() >= share:
            return Target(problem.trace, problem.answer)
        trace = Trace(steps=(Classify(label=problem.label), Quote(texts=found.texts)))
        return Target(trace, found.answer, given=True)

    return supervise


def _misleads(problem: Problem, setting: Setting) -> bool:
    """Whether an answer follows from the facts of the gold trace, but not the gold one. Labels of published data have faults."""
    cited = map(normalized, problem.texts(problem.trace.facts))
    derived = list(answers(setting.derive, problem.question, Context.of(problem), cited, (problem.label,)))
    return bool(derived) and not any(same_answer(answer, problem.answer) for answer in derived)


REGIME = Regime.with_parameter(
    "counterfactual",
    "for a share of the problems, the answer to given facts that imply another one; for the others, the correct trace",
    Parameter("share", "a share from 0 to 1", "1", _at_share),
    # An altered fact, such as one with another place in it, is not in the context.
    intent=Intent("right", "any", quotes=False, alike=True, answer="follows"),
)
