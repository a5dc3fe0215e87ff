"""Makes the files of `odd_shapes.py`: python benchmarks/speed/odd_files.py SHAPE FOLDER SIZE

Each function makes the files of one shape of this size in a folder, and prints nothing. All texts are made here.
"""

import json
import random
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from tracekd.tasks.babi.families import TEMPLATE
from tracekd.tasks.cotempqa.wording import TEMPLATE as COTEMPQA

Rows = Iterable[dict[str, Any]]

LABEL = "single-supporting-fact"
PEOPLE = ("Mary", "John", "Sandra", "Daniel")
PLACES = ("kitchen", "garden", "hallway", "office", "bedroom", "bathroom")
PROBLEMS, OUTPUTS, VERDICTS = "problems.jsonl", "outputs.jsonl", "verdicts.jsonl"


def main() -> None:
    shape, folder, size = sys.argv[1:]
    MAKERS[shape](Path(folder), int(size))


def _write(path: Path, rows: Rows) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, separators=(",", ":")) + "\n")


def problem(ident: str, facts: list[str], answers: list[str], gold: int = 1, task: str = "babi") -> dict[str, Any]:
    """A problem in tracekd's own format, whose gold fact has this number."""
    return {
        "id": ident, "task": task, "group": ident, "question": "Where is Mary?",
        "context": [{"id": str(at), "text": fact} for at, fact in enumerate(facts, start=1)],
        "answer": {"kind": "set" if len(answers) > 1 else "one_of", "values": answers},
        "trace": {"steps": [{"kind": "classify", "label": LABEL}, {"kind": "retrieve", "facts": [str(gold)]}]},
        "support": {"support": [str(gold)]}, "source": f"made:{ident}",
    }  # fmt: skip


def short_problem(number: int) -> dict[str, Any]:
    """A problem of six sentences, which are different for each number."""
    rng = random.Random(number)
    facts = [f"{rng.choice(PEOPLE)} went to the {rng.choice(PLACES)} {number}." for _ in range(5)]
    where = rng.choice(PLACES)
    return problem(f"made/{number}", [*facts, f"Mary went to the {where} {number}."], [where], 6)


def text(facts: str, answer: str, label: str = LABEL) -> str:
    """An output that cites facts in this form."""
    return f"<think>{TEMPLATE.classify} {label}.\n{TEMPLATE.retrieve} {facts}</think> <answer>{answer}</answer>"


def output(ident: str, said: str, regime: str = "made", seed: int = 0) -> dict[str, Any]:
    """A line of an outputs file."""
    return {"id": ident, "regime": regime, "student": "made", "seed": seed, "text": said}


def _answered(number: int, regime: str = "made", seed: int = 0) -> dict[str, Any]:
    """An output for a short problem; by chance, its answer or its fact is wrong."""
    made, rng = short_problem(number), random.Random(f"{regime} {seed} {number}")
    answer = made["answer"]["values"][0] if rng.random() < 0.6 else "attic"
    cited = made["context"][5 if rng.random() < 0.7 else 0]["text"]
    return output(made["id"], text(repr([cited]), answer), regime, seed)


def seed_per_output(folder: Path, size: int) -> None:
    """Each output has a seed of its own."""
    _write(folder / PROBLEMS, map(short_problem, range(size)))
    _write(folder / OUTPUTS, (_answered(number, seed=number) for number in range(size)))


def regimes(folder: Path, size: int) -> None:
    """So many regimes, each with two seeds and ten problems."""
    _write(folder / PROBLEMS, map(short_problem, range(10)))
    names = [f"regime_{number}" for number in range(size)]
    _write(folder / OUTPUTS, (_answered(n, name, seed) for name in names for seed in (0, 1) for n in range(10)))


def regimes_and_samples(folder: Path, size: int) -> None:
    """So many runs: regimes with one seed each, by a hundred models; ten outputs each."""
    _write(folder / PROBLEMS, map(short_problem, range(10)))
    _write(
        folder / OUTPUTS,
        ({**_answered(n, f"regime_{run}"), "student": f"model_{run}"} for run in range(size) for n in range(10)),
    )


def run_together(folder: Path, size: int) -> None:
    """All facts of a long context, quoted without a separator."""
    facts = [f"Mary went to the room {number}." for number in range(size)]
    _write(folder / PROBLEMS, [problem("long", facts, ["kitchen"])])
    _write(folder / OUTPUTS, [output("long", text("".join(facts), "kitchen"))])


def nested_facts(folder: Path, size: int) -> None:
    """Facts that each begin with the one before, and an output that quotes the longest, then something else."""
    facts = [" ".join(["so"] * number) for number in range(1, size + 1)]
    _write(folder / PROBLEMS, [problem("nested", facts, ["kitchen"])])
    _write(folder / OUTPUTS, [output("nested", text(f"{facts[-1]} " * 20 + "no", "kitchen"))])


def cotempqa_anchors(folder: Path, size: int) -> None:
    """A story in which every fact states the event of the question, at another time."""
    facts = [f"Ann Lee works for Acme in {1000 + number}." for number in range(size)]
    facts.append("Ann Lee works for Bolt from 1100 to 1101.")
    question = "While Ann Lee was working for Acme, which employer did Ann Lee work for at the same time?"
    _write(folder / "during.jsonl", [{"question": question, "facts": facts, "answer": ["Bolt"], "type": "during"}])
    trace = f"{COTEMPQA.classify} during.\n{COTEMPQA.retrieve} {facts!r}"
    said = f"<think>{trace}</think> <answer>['Bolt']</answer>"
    row = {"question": question, "context": facts, "regime": "made", "student": "made", "text": said}
    _write(folder / OUTPUTS, [row])


def parquet_bomb(folder: Path, size: int) -> None:
    """A small Parquet file with one text of 5 MB, written once for all of its rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    column = pa.DictionaryArray.from_arrays(pa.array([0] * size, pa.int32()), pa.array(["so " * 1_700_000]))
    table = pa.table(
        {"id": [f"made/{row}" for row in range(size)], "text": column.cast(pa.dictionary(pa.int32(), pa.string()))}
    )
    pq.write_table(table, folder / "outputs.parquet", compression="zstd", use_dictionary=["text"])
    _write(folder / PROBLEMS, map(short_problem, range(10)))


def parquet_list_bomb(folder: Path, size: int) -> None:
    """A small Parquet file whose one row has a list with the same long text many times."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({"id": ["made/1"], "text": ["kitchen"], "context": [["so " * 300_000] * size]})
    pq.write_table(table, folder / "outputs.parquet", compression="zstd")
    _write(folder / PROBLEMS, map(short_problem, range(10)))


def parquet_zeros(folder: Path, size: int) -> None:
    """A small Parquet file with one text of so many megabytes, which compression makes small."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({"id": ["made/1"], "text": ["a" * (size * 10**6)]})
    pq.write_table(table, folder / "outputs.parquet", compression="zstd", use_dictionary=False)
    _write(folder / PROBLEMS, map(short_problem, range(10)))


def many_problems(folder: Path, size: int) -> None:
    """So many problems, and an output for every tenth."""
    _write(folder / PROBLEMS, map(short_problem, range(size)))
    _write(folder / OUTPUTS, (_answered(number) for number in range(0, size, 10)))


def many_answers(folder: Path, size: int) -> None:
    """One question with so many answers, all of which are given, in another order."""
    answers = [f"place{number}" for number in range(size)]
    _write(folder / PROBLEMS, [problem("answers", ["Mary went to the kitchen."], answers)])
    _write(folder / OUTPUTS, [output("answers", text("['Mary went to the kitchen.']", ",".join(reversed(answers))))])


def many_classes(folder: Path, size: int) -> None:
    """Verdicts, each on a problem with a class of its own."""
    _write(folder / VERDICTS, (_verdict(number, label=f"class {number}") for number in range(size)))


def many_stated_classes(folder: Path, size: int) -> None:
    """Outputs that each state another class, which the task does not have."""
    _write(folder / PROBLEMS, map(short_problem, range(size)))
    _write(folder / OUTPUTS, (output(f"made/{n}", text("['no']", "kitchen", label=f"class {n}")) for n in range(size)))


def _verdict(number: int, **fields: object) -> dict[str, Any]:
    right = number % 3 == 0
    made: dict[str, Any] = {
        "id": f"p{number}", "group": f"g{number}", "label": LABEL, "regime": "made", "student": "made", "seed": 0,
        "status": "ok", "class_step": "right", "retrieval_step": "right", "trace": True, "answer": right,
        "lenient_answer": right, "answer_parsed": True, "stated_label": LABEL, "cited": [], "precision": 1.0,
        "recall": 1.0, "f1": 1.0, "invented": 0, "consistent": right, "finish": "stop", "reason": "right",
    }  # fmt: skip
    return {**made, **fields}


def different_scores(folder: Path, size: int) -> None:
    """Verdicts with other scores each, of a model and regime of their own for every tenth."""
    _write(folder / VERDICTS, (_verdict(n, f1=n / size, precision=1 - n / size) for n in range(size)))


def long_line(folder: Path, size: int) -> None:
    """An outputs file with one line of so many megabytes, between two short ones."""
    _write(folder / PROBLEMS, map(short_problem, range(10)))
    with (folder / OUTPUTS).open("w", encoding="utf-8") as file:
        file.write(json.dumps(_answered(1)) + "\n")
        file.write('{"id":"made/2","text":"')
        for _ in range(size):
            file.write("so so so " * 111_111)
        file.write('"}\n' + json.dumps(_answered(3)) + "\n")


def long_output(folder: Path, size: int) -> None:
    """One output of so many megabytes, which is one list of facts of the context."""
    made = short_problem(1)
    fact = made["context"][0]["text"]
    _write(folder / PROBLEMS, [made])
    times = size * 10**6 // (len(fact) + 4)
    _write(folder / OUTPUTS, [output(made["id"], text(repr([fact] * times), "kitchen"))])


def deep_json(folder: Path, size: int) -> None:
    """An outputs file whose second line is nested so deep."""
    _write(folder / PROBLEMS, map(short_problem, range(10)))
    first, deep = json.dumps(_answered(1)), "[" * size + "]" * size
    (folder / OUTPUTS).write_text(f'{first}\n{{"id":"made/2","text":"no","context":{deep}}}\n', encoding="utf-8")


def unknown_ids(folder: Path, size: int) -> None:
    """So many outputs, none of which belongs to a problem."""
    _write(folder / PROBLEMS, map(short_problem, range(10)))
    _write(folder / OUTPUTS, (output(f"other/{number}", "kitchen") for number in range(size)))


def many_questions(folder: Path, size: int) -> None:
    """A bAbI file with one story that has so many questions."""
    (folder / "qa1_single-supporting-fact_test.txt").write_text("".join(_story(size)), encoding="utf-8")


def _story(size: int) -> Iterator[str]:
    yield "1 Mary went to the kitchen.\n"
    for number in range(size):
        yield f"{number + 2} Where is Mary?\tkitchen\t1\n"


def long_context(folder: Path, size: int) -> None:
    """A problem with so many facts, and a hundred outputs that each cite other facts of it."""
    facts = [f"Mary went to the room {number}." for number in range(size)]
    _write(folder / PROBLEMS, [problem("long", facts, ["kitchen"])])
    _write(folder / OUTPUTS, (output("long", text(repr(facts[seed::7]), "kitchen"), seed=seed) for seed in range(100)))


def many_tasks(folder: Path, size: int) -> None:
    """A study file with so many regimes."""
    listed = ", ".join(f'"partial({number})"' for number in range(size))
    (folder / "study.toml").write_text(f'name = "odd"\nregimes = [{listed}]\n', encoding="utf-8")


MAKERS: dict[str, Callable[[Path, int], None]] = {
    made.__name__: made
    for made in (
        seed_per_output, regimes, regimes_and_samples, run_together, nested_facts, cotempqa_anchors, parquet_bomb,
        parquet_list_bomb, parquet_zeros, many_problems, many_answers, many_classes, many_stated_classes,
        different_scores, long_line, long_output, deep_json, unknown_ids, many_questions, long_context, many_tasks,
    )
}  # fmt: skip


if __name__ == "__main__":
    main()
