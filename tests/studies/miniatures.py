"""Miniatures in the released formats, written by us, on which the official evaluation goes wrong in known ways."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

LLAMA = "Llama-3.2-1B-Instruct"
VANILLA, CORRECT, INCORRECT = "", "-reasoning-facts", "-reasoning-facts-perturbed"


def _problem(who: str, anchor: str, gold: str, other: str, dates: str, when: str) -> dict[str, Any]:
    facts = [
        f"{who} works for {anchor} {dates}.",
        f"{who} works for {gold} {when}.",
        f"{who} works for {other} in 1901.",
    ]
    question = f"While {who} was working for {anchor}, which employer did {who} work for simultaneously?"
    return {"question": question, "facts": facts, "gold": [gold], "triple_element": "S1_R1_O2"}


# The second answer is a part of the first, so that the official join takes the first problem for gold of both.
EQUAL = (
    _problem(
        "Ada Brook", "Mill Lane Bakery", "Tidewater College", "Quarry Press", "from 1990 to 1999", "from 1990 to 1999"
    ),
    _problem("Bo Lind", "North Mill", "Tidewater", "Harbour Clocks", "from 2001 to 2003", "from 2001 to 2003"),
    _problem("Cy Marsh", "Ostler Inn", "Fernhill Tower", "Salt Works", "from 1950 to 1952", "from 1950 to 1952"),
)
DURING = (_problem("Di Rook", "Glass Works", "Lantern Room", "Rope Yard", "from 1970 to 1979", "in 1975"),)


def trace(label: str, facts: Sequence[str] | str, answer: Sequence[str]) -> str:
    """An output as the paper's students write it; a single fact may stand bare."""
    cited = facts if isinstance(facts, str) else list(facts)
    return (
        "assistant\n\n<think>The temporal relation between the event in question and the event in context is: "
        f"{label}.\nI need to use the following facts to answer the question: {cited}</think> "
        f"<answer>{list(answer)}</answer>"
    )


def _write(path: Path, problems: Sequence[dict[str, Any]], predictions: Sequence[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [{**p, "input": {"text": "..."}, "prediction": said} for p, said in zip(problems, predictions, strict=True)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def write_cotempqa(folder: Path, regime: str, equal: Sequence[str], during: Sequence[str], model: str = LLAMA) -> None:
    """The files of one regime."""
    name = f"{model}-sft-adapter{regime}_default.json"
    _write(folder / "equal" / name, EQUAL, equal)
    _write(folder / "during" / name, DURING, during)


def write_released(folder: Path) -> None:
    """CoTempQA of Llama: four problems, three regimes. Correct regime, output by output (official class, facts, answer; ours):

    0: class right, a fact that is none of the gold ones, answer right (yes, yes, yes; yes, no, yes)
    1: all right, but judged against problem 0 (yes, no, yes; yes, yes, yes)
    2: all right (yes, yes, yes; yes, yes, yes)
    3: two classes at once, facts right, an answer too many (yes, yes, yes; no, yes, no)
    """
    folder = folder / "results/Cotempqa/evaluation_outputs"
    (a, b, c), (d,) = EQUAL, DURING
    write_cotempqa(folder, VANILLA, [f"assistant\n\n{p['gold']}" for p in (a, b)] + ["assistant\n\n['Salt Works']"],
                   [f"assistant\n\n{d['gold']}"])  # fmt: skip
    write_cotempqa(
        folder, CORRECT,
        [trace("equal", [a["facts"][2]], a["gold"]), trace("equal", [b["facts"][1]], b["gold"]),
         trace("equal", [c["facts"][1]], c["gold"])],
        [trace("mix of overlap and during", [d["facts"][1]], ["Lantern Room", "Rope Yard"])],
    )  # fmt: skip
    # 0: the wrong answer, but its trace names the right one, which counted as right before the mend.
    write_cotempqa(
        folder, INCORRECT,
        [trace("mix", a["facts"][1], ["Quarry Press"]), trace("mix", b["facts"][2], b["gold"]),
         trace("overlap", c["facts"][2], ["Salt Works"])],
        [trace("equal", d["facts"][2], d["gold"])],
    )  # fmt: skip


BABI = (
    ("What color is Lily?", "green", "basic-induction", ["Lily is a frog.", "Greg is a frog.", "Greg is green."]),
    ("What color is Brian?", "green", "basic-induction", ["Brian is a swan.", "Julius is a swan.", "Julius is green."]),
    ("Where is Mary?", "hallway", "single-supporting-fact", ["Mary went to the hallway."]),
)


def write_flat(path: Path, rows: Sequence[tuple[str, str, str, list[str]]], predictions: Sequence[str]) -> None:
    """A file of bAbI or MARCO outputs; all facts are gold."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(
        json.dumps({
            "input": "...", "prediction": said, "gold": gold, "question": question, "query_type": label,
            "passage": repr(facts), "reasoning": "...", "answer_passage": repr(facts),
        }) + "\n"
        for (question, gold, label, facts), said in zip(rows, predictions, strict=True)
    )  # fmt: skip
    path.write_text(text)
