"""Contexts of titled paragraphs in the layouts of data sets and prompts: found if they were shown, and only then."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.problem import Problem
from tracekd.tasks import get_task
from tracekd.tasks.loading import load_strict
from tracekd.verify.files_to_judge import FilesToJudge
from tracekd.verify.join_report import JoinReport
from tracekd.verify.judge import Judge
from tracekd.verify.run import verify_outputs
from tracekd.verify.verdict import Verdict

Paragraphs = list[tuple[str, list[str]]]
QUESTION = "When was the mill built?"
KOLM: Paragraphs = [
    ("Kolm", ["Kolm is a village on the river Sarn.", " It has 412 inhabitants."]),
    ("Kolm Mill", ["Kolm Mill is a paper mill built in 1871.", " It closed in 1954."]),
    ("Kolm: A Story", ["It is a novel.", " He said: no."]),
]
# Another context of the same question.
DENN: Paragraphs = [*KOLM[:1], ("Denn Mill", ["Denn Mill was built in 1780.", " It closed in 1954."])]


def hotpotqa(ident: str, paragraphs: Paragraphs) -> dict[str, Any]:
    return {
        "_id": ident, "type": "comparison", "level": "easy", "question": QUESTION, "answer": "1871",
        "supporting_facts": [[paragraphs[1][0], 0]], "context": paragraphs,
    }  # fmt: skip


def musique(ident: str, paragraphs: Paragraphs) -> dict[str, Any]:
    return {
        "id": f"2hop__{ident}", "question": QUESTION, "answer": "1871", "answer_aliases": [], "answerable": True,
        "paragraphs": [
            {"idx": at, "title": title, "paragraph_text": "".join(said), "is_supporting": at == 1}
            for at, (title, said) in enumerate(paragraphs)
        ],
        "question_decomposition": [{"question": "a", "answer": "1871", "paragraph_support_idx": 1}],
    }  # fmt: skip


RECORDS: dict[str, Callable[[str, Paragraphs], dict[str, Any]]] = {
    "hotpotqa": hotpotqa, "2wikimultihopqa": hotpotqa, "musique": musique,
}  # fmt: skip


def columns(paragraphs: Paragraphs) -> dict[str, Any]:
    """The layout of the Hub."""
    return {"title": [title for title, _ in paragraphs], "sentences": [said for _, said in paragraphs]}


def passages(paragraphs: Paragraphs) -> str:
    """The layout of LongBench."""
    return "\n".join(f"Passage {at}:\n{title}\n{''.join(said)}" for at, (title, said) in enumerate(paragraphs, start=1))


def lines(paragraphs: Paragraphs) -> str:
    return "\n".join(f"[{at}] {title}: {''.join(said)}" for at, (title, said) in enumerate(paragraphs, start=1))


# How a record states a context: the field and its value.
LAYOUTS: dict[str, Callable[[Paragraphs], dict[str, Any]]] = {
    "columns": lambda p: {"context": columns(p)},
    "rows": lambda p: {"context": p},
    "JSON text": lambda p: {"context": json.dumps(p)},
    "objects with sentences": lambda p: {"context": [{"title": title, "sentences": said} for title, said in p]},
    "paragraphs": lambda p: {
        "paragraphs": [{"idx": 0, "title": title, "paragraph_text": "".join(said)} for title, said in p]
    },
    "documents": lambda p: {"documents": [{"title": title, "text": "".join(said)} for title, said in p]},
    "facts": lambda p: {"facts": [f"{title}: {each.strip()}" for title, said in p for each in said]},
    "numbered passages": lambda p: {"context": passages(p)},
    "lines": lambda p: {"context": lines(p)},
    "titles and lines": lambda p: {"context": [line for title, said in p for line in (title, *said)]},
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("titled")


def problems(folder: Path, task: str, known: list[tuple[str, Paragraphs]]) -> list[Problem]:
    file = folder / "problems.jsonl"
    file.write_text("".join(json.dumps(RECORDS[task](*each)) + "\n" for each in known), encoding="utf-8")
    return list(load_strict(get_task(task), [str(file)]))


def judged(
    folder: Path, task: str, known: list[Problem], records: list[dict[str, Any]], name: str = "x.jsonl"
) -> tuple[list[Verdict], JoinReport]:
    file = folder / name
    file.write_text("".join(json.dumps(each) + "\n" for each in records), encoding="utf-8")
    files = FilesToJudge([str(file)])
    verdicts: list[Verdict] = []
    found, _ = files.problems(get_task(task), known)
    return verdicts, verify_outputs(files.read(), found, Judge.of(get_task(task)), verdicts.append)


def ours(**said: Any) -> dict[str, Any]:
    return {"text": "1871", **said}


def lm_eval(**doc: Any) -> dict[str, Any]:
    return {"doc_id": 0, "doc": doc, "arguments": {"gen_args_0": {"arg_0": "x"}}, "resps": [["1871"]], "filter": "none"}


def chat(**said: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": "x"}, {"role": "assistant", "content": "1871"}], **said}


# Facts of MuSiQue are whole paragraphs: its records never have sentences.
OF_SENTENCES = ("columns", "rows", "JSON text", "objects with sentences", "facts")
PAIRS = [(task, layout) for task in RECORDS for layout in LAYOUTS if task != "musique" or layout not in OF_SENTENCES]


@pytest.mark.parametrize(("task", "layout"), PAIRS)
@pytest.mark.parametrize("make", [ours, lm_eval, chat])
def test_a_context_in_any_layout_finds_its_problem(folder: Path, task: str, layout: str, make: Any) -> None:
    known = problems(folder, task, [("a", KOLM), ("b", DENN)])
    for paragraphs, problem in ((KOLM, known[0]), (DENN, known[1])):
        stated = LAYOUTS[layout](paragraphs)
        for more in ({"question": QUESTION}, {"question": QUESTION, "id": problem.id}):
            verdicts, report = judged(folder, task, known, [make(**more, **stated)])
            found = [verdict.id for verdict in verdicts]
            assert (found, report.unknown.count) == ([problem.id], 0)


PROMPTS = (
    "Answer the question by the passages.\n{}\n\nQuestion: {}\nAnswer:",
    "{}\n{}",
    "Passages: {} Question: {} Only return the answer.",
    "<|im_start|>user\nRead this. {}\nNow answer: {} Think first.<|im_end|>\n<|im_start|>assistant\n",
)


@pytest.mark.parametrize("task", RECORDS)
@pytest.mark.parametrize("form", [passages, lines])
@pytest.mark.parametrize("prompt", PROMPTS)
def test_a_prompt_that_shows_the_paragraphs_finds_their_problem(
    folder: Path, task: str, form: Callable[[Paragraphs], str], prompt: str
) -> None:
    known = problems(folder, task, [("a", KOLM), ("b", DENN)])
    asked = {at: prompt.format(form(each), QUESTION) for at, each in enumerate((KOLM, DENN, KOLM[:2], KOLM + DENN[1:]))}
    verdicts, report = judged(folder, task, known, [ours(prompt=each, model=f"m{at}") for at, each in asked.items()])
    found = {verdict.student: verdict.id for verdict in verdicts}
    # A part of the paragraphs is not enough. Where a prompt shows both contexts, the one with most text counts.
    assert found == {"m0": known[0].id, "m1": known[1].id, "m3": known[0].id} and report.unknown.count == 1
    by_id = [ours(id=known[0].id, prompt=each, model=f"m{at}") for at, each in asked.items()]
    verdicts, _ = judged(folder, task, known, by_id)
    assert all(verdict.id == {"m1": known[1].id}.get(verdict.student, known[0].id) for verdict in verdicts)
    assert {verdict.student for verdict in verdicts} == {"m0", "m1", "m3"}


def test_a_paragraph_may_begin_as_another_one(folder: Path) -> None:
    twice = [("Kolm", ["It grew."]), ("Denn", ["It burned."]), ("Kolm", ["It grew.", "It shut."])]
    for known in (twice, twice[::-1]):
        (problem,) = problems(folder, "hotpotqa", [("a", known)])
        verdicts, _ = judged(folder, "hotpotqa", [problem], [ours(question=QUESTION, context=passages(twice))])
        assert [verdict.id for verdict in verdicts] == ["a"]


def test_a_prompt_with_worked_examples_is_not_guessed(folder: Path) -> None:
    """It shows two problems with all of their paragraphs; which one is asked is not known, if their sizes are equal."""
    first = [("Kolm", ["Kolm is old."]), ("Kolm Mill", ["It grew."])]
    second = [("Denn", ["Denn is old."]), ("Denn Mill", ["It grew."])]
    known = problems(folder, "hotpotqa", [("a", first), ("b", second)])
    both = f"{passages(first)}\n{QUESTION}\n1871\n{passages(second)}\n{QUESTION}\n"
    verdicts, report = judged(folder, "hotpotqa", known, [ours(prompt=both)])
    assert (verdicts, report.unknown.reasons) == ([], {"several problems ask this": 1})


@pytest.mark.parametrize("text", ["Kolm: " * 20_000, "Kolm. " * 20_000, "? " * 20_000, ": " * 20_000, "[" * 20_000])
def test_hostile_contexts_end(folder: Path, text: str) -> None:
    known = problems(folder, "hotpotqa", [("a", KOLM)])
    records = [ours(question=QUESTION, context=text), ours(prompt=text + QUESTION), ours(id="a", context=[text])]
    assert judged(folder, "hotpotqa", known, records)[1].unknown.count == 3


@pytest.mark.parametrize("task", RECORDS)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("make", [ours, lm_eval, chat])
def test_a_right_id_with_another_context_is_not_judged_on_its_own(
    folder: Path, task: str, layout: str, make: Any
) -> None:
    known = problems(folder, task, [("a", KOLM)])
    others = {
        "another": DENN,
        "a part": KOLM[:2],
        "one more": [*KOLM, DENN[1]],
        "other titles": [(f"Old {title}", said) for title, said in KOLM],
        "no titles": [("", said) for _, said in KOLM],
        "another sentence": [KOLM[0], ("Kolm Mill", ["Kolm Mill was a mill built in 1872.", " It closed in 1954."]), KOLM[2]],
        "titles exchanged": [(KOLM[1][0], KOLM[0][1]), (KOLM[0][0], KOLM[1][1]), KOLM[2]],
        "a sentence twice": [*KOLM[:2], ("Kolm: A Story", ["It is a novel.", " It is a novel.", " He said: no."])],
        "another end": [*KOLM[:2], ("Kolm: A Story", ["It is a novel.", " He said: yes."])],
    }  # fmt: skip
    for name, paragraphs in others.items():
        records = [make(question=QUESTION, id=known[0].id, **LAYOUTS[layout](paragraphs))]
        verdicts, report = judged(folder, task, known, records)
        assert (verdicts, report.unknown.count) == ([], 1), name


words = st.sampled_from(["It grew.", "It closed.", "Kolm is old.", "He said: no.", "Ed left."])
titles = st.sampled_from(["Kolm", "Denn", "Kolm Mill", "Act: One"])
paragraphs = st.tuples(titles, st.lists(words, min_size=1, max_size=2))
contexts = st.lists(paragraphs, min_size=2, max_size=3, unique_by=lambda paragraph: paragraph[0])


@given(st.lists(contexts, min_size=1, max_size=3), contexts, st.sampled_from(sorted(LAYOUTS)), st.booleans())
@settings(max_examples=80, deadline=None)
def test_what_is_judged_was_shown(
    folder: Path, known: list[Paragraphs], other: Paragraphs, layout: str, with_id: bool
) -> None:
    loaded = problems(folder, "2wikimultihopqa", [(f"p{at}", each) for at, each in enumerate(known)])
    records = []
    for at, each in enumerate([*known, other]):
        ident = {"id": f"p{min(at, len(known) - 1)}"} if with_id else {}
        records.append(ours(question=QUESTION, **ident, **LAYOUTS[layout](each), model=f"m{at}"))
    verdicts, report = judged(folder, "2wikimultihopqa", loaded, records)
    assert len(verdicts) + report.unknown.count + report.given_twice.count == len(records)
    by_id = {problem.id: problem for problem in loaded}
    for verdict in verdicts:
        shown = [*known, other][int(verdict.student.removeprefix("m"))]
        sentences = sorted(" ".join(f"{title}: {said}".split()) for title, many in shown for said in many)
        assert sorted(fact.text for fact in by_id[verdict.id].context) == sentences
