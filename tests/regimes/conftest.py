"""Problems of every task and hand-made nasty ones, and what verification says of a trace that is taught for them."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import strategies as st

from tracekd.problem import Answer, Fact, Problem, gold_trace
from tracekd.regimes import Donor, Donors, Setting, Target, Unsupported, draw_target, draw_trace
from tracekd.sft.example import build_example
from tracekd.students.output import Output
from tracekd.tasks import Task, get_task, task_names
from tracekd.tasks.loading import load_strict
from tracekd.tasks.normalize import normalize_fact
from tracekd.trace import Trace
from tracekd.verify.judge import Judge
from tracekd.verify.verdict import Verdict
from tracekd.worlds import get_world, world_names
from tracekd.worlds.loading import load_world
from tracekd.worlds.writing import write_world

SIZE = 320
MULTI_HOP = ("hotpotqa", "2wikimultihopqa", "musique")


@dataclass(frozen=True)
class Sample:
    """Problems of a task, and a setting in which every regime has what it may know: donors, a teacher's texts."""

    task: Task
    problems: tuple[Problem, ...]
    setting: Setting


def setting_of(task: Task, problems: tuple[Problem, ...]) -> Setting:
    collected = {kind: {p.id: f"{kind} of {p.question}" for p in problems} for kind in ("trace", "summary")}
    return replace(Setting.of(task), donors=Donors.of(problems), collected=collected)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Sample]:
    """`sample(task)` has some 320 problems, the same ones always; `sample(task, of=6)` every sixth of them.

    `sample(task, size=2000)` has about as many as are asked for.
    """

    @cache
    def made(name: str, size: int) -> Sample:
        task = get_task(name)
        folder = tmp_path_factory.mktemp(f"{name}_{size}") / "source"
        problems = from_world(name, folder, size) if name in world_names() else multi_hop(task, folder, size)
        return Sample(task, problems, setting_of(task, problems))

    @cache
    def thinned(name: str, of: int = 1, size: int = SIZE) -> Sample:
        whole = made(name, size)
        return replace(whole, problems=whole.problems[::of])

    return thinned


def from_world(name: str, folder: Path, size: int) -> tuple[Problem, ...]:
    families = get_world(name).families
    write_world(name, {key: made.dials() for key, made in families.items()}, folder, n=size // len(families), seed=5)
    return tuple(load_world(folder))


def multi_hop(task: Task, folder: Path, size: int) -> tuple[Problem, ...]:
    rows = [record(task, index) for index in range(size)]
    text = "".join(json.dumps(row) + "\n" for row in rows) if task.name == "musique" else json.dumps(rows)
    folder.mkdir()
    file = folder / ("rows.jsonl" if task.name == "musique" else "rows.json")
    file.write_text(text, encoding="utf-8")
    return tuple(load_strict(task, [str(file)]))


def record(task: Task, index: int) -> dict[str, Any]:
    """A made-up record in the data set's own format: six paragraphs, two to four of which are gold."""
    rng = Random(f"{task.name} {index}")
    names = rng.sample([f"{a}{b}" for a in ("Zoë ", "O'Hara ", "Tin ", "Ole ") for b in ("Moon", "Lind", "Gap")], 6)
    texts = [list(paragraph(name, rng)) for name in names]
    gold = rng.sample(range(6), rng.choice((2, 2, 2, 3, 4)))
    label = rng.choice(task.labels)
    last_word = texts[gold[0]][0].split()[-1].rstrip(".")
    question, answer = f"Which {index} of {names[gold[0]]} is it?", rng.choice(["yes", last_word, last_word])
    if task.name == "musique":
        steps = [{"id": 1, "question": question, "answer": answer, "paragraph_support_idx": at} for at in gold]
        hops = int(label[0])
        return {
            "id": f"{hops}hop__{index}", "question": question, "answer": answer, "answer_aliases": [],
            "answerable": True, "question_decomposition": (steps * 2)[:hops],
            "paragraphs": [
                {"idx": at, "title": name, "paragraph_text": " ".join(lines), "is_supporting": at in gold[:hops]}
                for at, (name, lines) in enumerate(zip(names, texts, strict=True))
            ],
        }  # fmt: skip
    return {
        "_id": f"made-up-{index}", "type": label, "level": "hard", "question": question, "answer": answer,
        "context": [list(pair) for pair in zip(names, texts, strict=True)],
        "supporting_facts": [[names[at], 0] for at in gold], "evidences": [],
    }  # fmt: skip


def paragraph(name: str, rng: Random) -> Iterator[str]:
    """As in an encyclopaedia: the first sentence is the longest, has dates, and is what questions are about."""
    until = rng.choice(["– today", "- 1951", "- 1988", "- 2001"])
    yield f"{name} ({rng.randint(1, 28)} May {year(rng)} {until}) was {words(rng, 6)}."
    for _ in range(rng.randint(1, 3)):
        when = rng.choice(["", f" in {year(rng)}"])
        what = rng.choice([words(rng, 2)] * 3 + [f'"{words(rng, 2)}"'])
        yield f"{rng.choice(['It', 'She', name])} {words(rng, 5)} {what}{when}."


def words(rng: Random, most: int) -> str:
    return " ".join(rng.choices(["a", "of", "film's", "gorge", "directed", "Garn", "toll"], k=rng.randint(2, most)))


def year(rng: Random) -> int:
    return rng.randint(1800, 1990)


# Repeated, nearly equal, quoted, of several scripts, composed in two ways, of one character.
TEXTS = [
    "A.", "A", "A .", " A.", "a.", "B.", "C c.", "C  c.", "King's College.", 'He said "King\'s".', "Café 9.",
    "Cafe\u0301 9.", "ﬁve in 1999.", "five in 1999.", "Ⅷ of May, 1990.", "a\\b [x, 'y']", "日本は島国。", "a\xa0b 👍.",
]  # fmt: skip
IDS = [str(2 * at) for at in range(9)]
ANSWERS = [
    Answer(kind="one_of", values=("office",)),
    Answer(kind="text", values=('It\'s "so".', "No Answer Present.")),
    Answer(kind="set", values=()),
    Answer(kind="set", values=("milk", "apple")),
    Answer(kind="path", values=("s", "e")),
    Answer(kind="set", values=("King's College", "a, b"), written="list"),
]


@st.composite
def nasty_problems(draw: st.DrawFn) -> tuple[Problem, Setting]:
    """A few sentences, gold in any order, perhaps none or all of them, and a rule that says what it likes."""
    texts = draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=len(IDS)))
    ids = IDS[: len(texts)]
    some = st.lists(st.sampled_from(ids), max_size=4, unique=True).map(tuple)
    gold = draw(st.one_of(some, st.permutations(ids).map(tuple)))
    task = get_task("babi")
    problem = Problem(
        id=draw(st.sampled_from(["p", "q", "ä/1"])), task="babi", group="g", question="Where is Mary?",
        context=tuple(Fact(id=ident, text=text) for ident, text in zip(ids, texts, strict=True)),
        answer=draw(st.sampled_from(ANSWERS)), trace=gold_trace(draw(st.sampled_from(task.labels)), gold),
        support={"support": gold, "full_support": draw(some)},
        alternatives=tuple(draw(st.lists(some, max_size=2))), source="f:1",
    )  # fmt: skip
    template = get_task(draw(st.sampled_from(task_names()))).template
    often = draw(st.sampled_from([0, 1, 2, 5]))
    # A rule derives one value where any of several is right.
    one_of = problem.answer.kind in ("one_of", "text")
    gold_answer = problem.answer.model_copy(
        update={"values": problem.answer.values[:1] if one_of else problem.answer.values}
    )

    def derive(question: str, facts: Any, label: str) -> Answer | None:
        """Gold for one in so many lists of facts, another answer or none for the others."""
        number = hashlib.sha256("\n".join(map(normalize_fact, facts)).encode()).digest()[0]
        if often and number % often == 0:
            return gold_answer
        return Answer(kind="set", values=("x",)) if number % 2 else None

    thoughts = {"p": "Let me think.", "ä/1": "So, “yes”."}
    collected = {"trace": thoughts, "summary": thoughts}
    return problem, Setting(task.labels[:-1], derive, template, Donors.from_list(DONORS), collected)


DONORS = [
    Donor(id=f"d{at}", group="g" if at % 5 == 0 else f"d{at}", label=get_task("babi").labels[at % 3], texts=texts)
    for at, texts in enumerate(tuple(TEXTS[first : first + size]) for size in (1, 2, 3, 4) for first in range(0, 14, 2))
]


@pytest.fixture(scope="session")
def nasty() -> st.SearchStrategy[tuple[Problem, Setting]]:
    return nasty_problems()


@pytest.fixture(scope="session")
def drawn() -> Callable[..., Any]:
    """`drawn(problem, regime, setting, seed)` is the trace that is taught, or the reason why there is none."""

    def draw_or_why(problem: Problem, regime: str, setting: Setting, seed: int = 0) -> Trace | str | None:
        try:
            return draw_trace(problem, regime, setting, seed)
        except Unsupported as why:
            return str(why)

    return draw_or_why


@pytest.fixture(scope="session")
def taught() -> Callable[..., Any]:
    """`taught(problem, regime, setting, seed)`: the trace and answer that are taught, or the reason why there are none."""

    def draw_or_why(problem: Problem, regime: str, setting: Setting, seed: int = 0) -> Target | str:
        try:
            return draw_target(problem, regime, setting, seed)
        except Unsupported as why:
            return str(why)

    return draw_or_why


@pytest.fixture(scope="session")
def judged() -> Callable[..., Verdict]:
    """`judged(problem, taught, setting)`: the verdict on an output that is to the byte what is taught."""

    def judge(problem: Problem, taught: Target | Trace | None, setting: Setting) -> Verdict:
        text = build_example(problem, taught, setting.template).completion
        output = Output(id=problem.id, text=text, token_ids=(), finish="stop", regime="r", student="s", seed=0)
        task = get_task(problem.task)
        task = replace(task, template=setting.template, slots=None, has_rule=lambda label: True)
        return Judge.of(task).judge(problem, output)

    return judge
