"""Looks for text on which judging a free trace takes more than linear time; writes the table beside this file.

    python benchmarks/fuzz/free_trace_time.py [--seconds 60] [--seed 0]

Each text repeats a row of one to four fragments, such as `so `, a full stop, a quotation mark or a name of the context. Its time
with 32,000 characters is divided by that with 8,000: 4 if time is linear. Times are processor times without garbage
collection, because a collection may fall into the longer run alone. Texts of less than 50 ms are left out: their times are
too short to be divided.
"""

import argparse
import gc
import time
from pathlib import Path
from random import Random

from tracekd.files import write_text
from tracekd.problem import Fact
from tracekd.statements import get_grammar
from tracekd.statements.grounding import Grounder
from tracekd.statements.judging import judge_trace

TABLE = Path(__file__).with_suffix(".md")
SHORT, LONG = 8_000, 32_000
MEASURABLE = 0.05
BAR = 8.0
EMPLOYERS = "While Ada Brook was working for Mill Lane, which employer did Ada Brook work for simultaneously?"
JOBS = ("Ada Brook works for Mill Lane from 1991 to 1999.", "Ada Brook works for Dock from 1996 to 2004.")
CONTEXTS = {
    "babi": ("Where is Mary?", ("Mary went to the kitchen.", "John moved to the garden.")),
    "cotempqa": (EMPLOYERS, JOBS),
    "hotpotqa": (
        "Which magazine was started first, Alpha Monthly or Beta Weekly?",
        ("Alpha Monthly: Alpha Monthly was founded in 1844.", "Beta Weekly: Beta Weekly was started in 1990."),
    ),
}  # fmt: skip
FRAGMENTS = (
    "so ", ". ", ".", "a", "the answer is ", "what the question is after is ", "Mary ", "Ada Brook ", "1991 ", "-> ", "\u2192 ",
    "neither ", "nor ", ", ", "(", "[1991, ", "it was only when ", "that ", "no wait, ", "\n", "- ", "* ", ": ", "; ", '"', "'",
    "**", "|", "is ", "not ", "and ", "because ", "if ", "?", "!", "\u2026", " ", "before ", "the other ", "in ", "garden ", "{",
    "$", "\\boxed{", "by then ", "during ", "1991-1999 ", "May ", "/", "who ", "which ", "<", ">", "=", "1. ", "\t", "\u201c",
    "Alpha ",
)  # fmt: skip
BEFORE = ("", "so ", "Hence ", "The answer ", "Mary ", "Ada Brook ")
AFTER = ("", "a", ".", "a.", "x")


def grounder_of(task: str) -> Grounder:
    """A small context of a task, ready."""
    question, texts = CONTEXTS[task]
    facts = tuple([Fact(id=str(number), text=text) for number, text in enumerate(texts, start=1)])
    return get_grammar(task).prepare(question, facts)


def seconds(text: str, grounder: Grounder) -> float:
    """Processor time of judging a trace."""
    begun = time.process_time()
    judge_trace(text, grounder)
    return time.process_time() - begun


def main() -> None:
    """Try texts until the time is over, then write the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--seed", type=int, default=0)
    chosen = options.parse_args()
    rng = Random(chosen.seed)
    grounders = {task: grounder_of(task) for task in CONTEXTS}
    tried = dict.fromkeys(CONTEXTS, 0)
    worst = dict.fromkeys(CONTEXTS, (0.0, 0.0, ""))
    gc.disable()
    end = time.process_time() + chosen.seconds
    while time.process_time() < end:
        task = rng.choice(list(CONTEXTS))
        unit = "".join(rng.choices(FRAGMENTS, k=rng.randint(1, 4)))
        before, after = rng.choice(BEFORE), rng.choice(AFTER)
        short, long = [
            seconds(before + (unit * size)[:size] + after, grounders[task]) for size in (SHORT, LONG)
        ]  # fmt: skip
        gc.collect()
        tried[task] += 1
        if long > MEASURABLE:
            worst[task] = max(worst[task], (long / max(short, 1e-6), long, f"{before}{unit}..{after}"))
    rows = [
        f"| {task} | {tried[task]:,} | {ratio:.1f} | {1000 * took:.0f} | `{text!a}` |"
        for task, (ratio, took, text) in worst.items()
    ]
    doc = (__doc__ or "").splitlines()
    write_text(TABLE, "\n".join([
        "# Time of judging free traces, on hostile text", "", *doc[4:], "",
        f"Bar: at most {BAR:g} times the time for 4 times the length. {chosen.seconds:g} s, seed {chosen.seed}.", "",
        "| context | texts | largest ratio | its longer time, ms | its text |", "|---|---:|---:|---:|---|", *rows, "",
    ]))  # fmt: skip
    print(TABLE.read_text(encoding="utf-8"))
    if any(ratio > BAR for ratio, _, _ in worst.values()):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
