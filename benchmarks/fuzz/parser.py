"""A coverage-guided fuzzer (atheris) for the judging of outputs; writes the result beside this file.

    pip install atheris
    python benchmarks/fuzz/parser.py --seconds 3600 --seed 0

Only this script needs atheris, so no extra installs it. Inputs are bytes that choose pieces (tags, the sentences of
the template, facts, labels, marks of lists) and raw text between them; what reaches new code is kept and varied. Of
every output that is made so:

- judging raises nothing, and the verdict can be written and read back;
- a right class needs the label, and a right retrieval step every gold sentence, to the letter, in the text;
- the same text many times over (64 KiB) is judged within a fixed time a byte, which no quadratic time stays below.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

REPORT = Path(__file__).with_suffix(".md")
CHILD = "--fuzz"
LONG = 1 << 16
# Seconds: what a verdict may take in all, and for each character. Judging takes about 1e-7 s a character.
FIXED, EACH = 0.05, 1e-5
EVERY = 256
SEEN = "seen:"
PIECES = ("<think>", "</think>", "<answer>", "</answer>", "assistant\n", "model\n", "['", "', '", "']", "[]", '["', '"]',
          "\n", ". ", " and ", "- ", "1. ", "\\", "\\x41", "<|im_end|>", "'", "\u0301\u0316", "\ufdfa", "\xa0", "İ",
          "\u2028")  # fmt: skip


def main() -> None:
    """Fuzz for so long, in a process of its own (libFuzzer ends the process that it runs in)."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=3600)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=REPORT)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        limits = [f"-max_total_time={given.seconds}", f"-seed={given.seed + 1}", "-max_len=4096", "-timeout=60"]
        command = [sys.executable, __file__, CHILD, f"-artifact_prefix={folder}/", *limits, "-print_final_stats=1"]
        (Path(folder) / "corpus").mkdir()
        with log.open("wb") as file:
            done = subprocess.run([*command, f"{folder}/corpus"], stderr=file, stdout=file, check=False)
        text = report(log.read_text(encoding="utf-8", errors="replace"), done.returncode, given.seconds, given.seed)
    given.out.write_text(text, encoding="utf-8")
    print(text)
    sys.exit(done.returncode != 0)


def report(log: str, code: int, seconds: int, seed: int) -> str:
    """What libFuzzer said at the end, in a few lines."""
    last = re.findall(r"#(\d+)\s+(?:DONE|pulse|NEW|REDUCE)\s+cov: (\d+) ft: (\d+) corp: (\d+)", log)[-1]
    edges = re.search(r"\((\d+) inline 8-bit counters\)", log)
    seen = (re.findall(rf"{SEEN} {{(.*)}}", log) or ["none"])[-1].replace("'", "")
    found = "nothing" if code == 0 else f"a failure:\n\n```\n{log[-3000:]}\n```"
    return "\n".join([
        "# Fuzzing the parser and the verdicts",
        "",
        f"`python benchmarks/fuzz/parser.py --seconds {seconds} --seed {seed}`",
        "",
        "| executions | time | edges reached | feature pairs | kept inputs |",
        "|---|---|---|---|---|",
        f"| {int(last[0]):,} | {seconds} s | {last[1]}{f' (of {edges[1]} counters)' if edges else ''} | {last[2]} | "
        f"{last[3]} |",
        "",
        "Checked: no exception; the verdict can be written and read back; no class right without the label, and no "
        f"retrieval right without every gold sentence in the text; every {EVERY}th input, repeated to 64 KiB, judged within "
        f"{FIXED} s and {EACH * 1e6:.0f} µs a character.",
        f"Verdicts on the inputs, counted up to the last 10,000: {seen}.",
        f"Found: {found}.",
        "",
    ])  # fmt: skip


@dataclass(frozen=True)
class Target:
    """One problem with its judge, and the pieces that outputs are made of."""

    judge: Any
    prepared: Any
    pieces: tuple[str, ...]
    gold: tuple[str, ...]
    label: str


def fuzz(arguments: Sequence[str]) -> None:
    """Hand over to libFuzzer."""
    import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore]

    with atheris.instrument_imports(include=["tracekd.verify", "tracekd.tasks"]):
        from tracekd.students.output import Output
        from tracekd.tasks import get_task
        from tracekd.tasks.normalize import fold_space, normalize_fact
        from tracekd.tasks.template import render_answer
        from tracekd.verify.judge import Judge
        from tracekd.verify.verdict import Verdict

    def target(name: str) -> Target:
        task = get_task(name)
        problem = task.example()
        judge = Judge.of(task)
        prepared = judge.prepare(problem)
        facts = tuple(fact.text for fact in problem.context)
        steps = task.template.render_trace(problem, problem.trace).splitlines(keepends=True)
        said = (task.template.classify + " ", task.template.retrieve + " ", problem.label, task.labels[0], *steps)
        pieces = (*PIECES, *said, *facts, facts[0].lower(), *problem.answer.values, render_answer(problem.answer))
        gold = tuple(normalize_fact(text) for text in problem.texts(problem.trace.facts))
        return Target(judge, prepared, pieces, gold, problem.label)

    targets = [target("babi"), target("cotempqa")]
    seen: Counter[str] = Counter()

    def verdict(one: Target, text: str, finish: Literal["stop", "length"]) -> Any:
        output = Output(
            id=one.prepared.problem.id, regime="r", student="s", seed=0, text=text, token_ids=(), finish=finish
        )
        return one.judge.verdict(one.prepared, output)

    def once(data: bytes) -> None:
        source = atheris.FuzzedDataProvider(data)
        one = targets[source.ConsumeIntInRange(0, len(targets) - 1)]
        finish: Literal["stop", "length"] = "length" if source.ConsumeBool() else "stop"
        text = write(source, one.pieces)
        said = verdict(one, text, finish)
        assert Verdict.model_validate_json(said.model_dump_json()) == said
        whole = normalize_fact(text)
        if said.retrieval_step == "right":
            assert all(fact in whole for fact in one.gold), "a gold sentence is not there"
        if said.class_step == "right":
            assert one.label.casefold() in fold_space(text).casefold(), "the label is not there"
        assert said.trace == (said.class_step == said.retrieval_step == "right")
        count(said)
        if text and seen["outputs"] % EVERY == 0:
            long = (text * (LONG // len(text) + 1))[:LONG]
            assert min(seconds(one, long, finish) for _ in range(2)) < FIXED + EACH * len(long), "too slow"

    def count(said: Any) -> None:
        seen.update(["outputs", said.status])
        seen["right class"] += said.class_step == "right"
        seen["right facts"] += said.retrieval_step == "right"
        seen["right trace"] += said.trace
        seen["right answer"] += said.answer
        if seen["outputs"] % 10_000 == 0:  # libFuzzer ends the process without a word of ours
            print(SEEN, dict(seen), file=sys.stderr, flush=True)

    def seconds(one: Target, text: str, finish: Literal["stop", "length"]) -> float:
        begin = time.process_time()
        verdict(one, text, finish)
        return time.process_time() - begin

    atheris.Setup([sys.argv[0], *arguments], once)
    atheris.Fuzz()


def write(source: Any, pieces: Sequence[str]) -> str:
    """The output that these bytes choose: pieces, and raw text between them."""
    said: list[str] = []
    while source.remaining_bytes():
        choice = source.ConsumeIntInRange(0, len(pieces) + len(pieces) // 4)
        raw = choice >= len(pieces)
        said.append(source.ConsumeUnicodeNoSurrogates(source.ConsumeIntInRange(0, 8)) if raw else pieces[choice])
    return "".join(said)


if __name__ == "__main__":
    if CHILD in sys.argv:
        fuzz([argument for argument in sys.argv[1:] if argument != CHILD])
    else:
        main()
