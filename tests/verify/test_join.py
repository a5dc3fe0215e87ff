"""Each output meets its own problem or none: by id, by question and context, never by anything less."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracekd.problem import Answer, Fact, Problem, gold_trace
from tracekd.tasks import get_task
from tracekd.tasks.cotempqa.wording import TEMPLATE
from tracekd.tasks.loading import load
from tracekd.tasks.reading.fault import Skipped
from tracekd.verify.join import Found, Miss, Problems, problems_in
from tracekd.verify.reading import GoldRecord, OutputRecord, Unread, read_outputs

REAL = Path(__file__).parents[2].parent / "shared/data/released_outputs"
needs_real = pytest.mark.skipif(not REAL.is_dir(), reason="the real data is not on this machine")

STORY = ("Mary went to the office.", "John moved to the garden.", "Mary went to the hall.")


def make(ident: str, question: str = "Where is Mary?", facts: Sequence[str] = STORY, gold: str = "hall") -> Problem:
    return Problem(
        id=ident,
        task="babi",
        group=ident,
        question=question,
        context=tuple(Fact(id=str(at), text=text) for at, text in enumerate(facts)),
        answer=Answer(kind="one_of", values=(gold,)),
        trace=gold_trace("single-supporting-fact", ["0"]),
        source="s:1",
    )


def found(written: OutputRecord, *problems: Problem, **how: Any) -> str:
    place = Problems.of(problems, **how).find(written)
    return place.reason if isinstance(place, Miss) else place.id


def output(**fields: Any) -> OutputRecord:
    return OutputRecord(text="t", where="f:1", **fields)


def test_an_id_finds_its_problem_even_if_others_ask_the_same() -> None:
    assert found(output(id="b"), make("a"), make("b")) == "b"


def test_an_unknown_id_with_nothing_else_is_of_no_problem() -> None:
    assert found(output(id="c"), make("a"), make("b")) == "unknown problem"


def test_an_id_that_a_tool_made_up_is_not_taken_for_another_problems() -> None:
    other = make("1", "Where is John?", gold="garden")
    assert found(output(id="1", question="Where is Mary?", context=STORY), other, make("a")) == "a"
    assert found(output(id="1", question="Where is Ann?"), other, make("a")) == "unknown problem"
    assert found(output(id="1", question="Now tell me:\nWhere  is John? Only that."), other) == "1"


def test_question_and_context_find_a_problem_whatever_the_white_space_and_full_stops() -> None:
    context = tuple(f"  {text.replace(' ', '  ').removesuffix('.')} " for text in STORY)
    assert found(output(question=" Where is  Mary? ", context=context), make("a")) == "a"


@pytest.mark.parametrize(
    "context", [STORY[:2], STORY[::-1], (*STORY, "John left."), ("Mary went to the office.John moved", *STORY[2:])]
)
def test_another_context_is_another_problem(context: tuple[str, ...]) -> None:
    assert found(output(question="Where is Mary?", context=context), make("a")) == "unknown problem"


@pytest.mark.parametrize("context", [None, ()])
def test_a_question_alone_is_never_enough_for_a_problem_with_a_context(context: tuple[str, ...] | None) -> None:
    asked = output(question="Where is Mary?", context=context)
    assert found(asked, make("a"), make("b", "Where is John?")) == "its context is not seen"
    assert found(asked, make("a"), make("b", facts=STORY[:2])) == "its context is not seen"


@pytest.mark.parametrize(
    "context",
    [
        tuple(f"{number}. {text}" for number, text in enumerate(STORY, 1)),
        tuple(f"[{number}] {text}" for number, text in enumerate(STORY, 1)),
        (" ".join(STORY),),
        ("Story:", *STORY),
        (("\n\n".join(STORY)),),
    ],
)
def test_a_context_in_another_form_is_recognised(context: tuple[str, ...]) -> None:
    others = (make("b", facts=STORY[:2]), make("c", facts=(*STORY, "John left.")), make("d", "Where is John?"))
    for ident in ("a", None):
        problems = Problems.of([make("a"), *others], TEMPLATE)
        place = problems.place(output(id=ident, question="Where is Mary?", context=context))
        assert place == Found(0, by_content=True)


def test_with_its_id_a_context_may_be_in_another_order() -> None:
    asked = output(id="a", question="Where is Mary?", context=STORY[::-1])
    assert Problems.of([make("a")]).place(asked) == Found(0, by_content=True)
    assert (
        found(output(id="a", question="Where is Mary?", context=(*STORY, "Mary left.")), make("a")) == "unknown problem"
    )


@pytest.mark.parametrize(
    "form", ["{story}\n\n{question}", "Story:\n{story}\nQuestion: {question}\nAnswer:", "Q: {question}\n{numbered}"]
)
def test_a_prompt_in_any_form_shows_its_problem(form: str) -> None:
    problems = (make("a"), make("b", facts=STORY[:2]), make("d", "Where is John?"))
    numbered = "\n".join(f"{number}) {text}" for number, text in enumerate(STORY, 1))
    prompt = form.format(story="\n".join(STORY), numbered=numbered, question="Where is Mary?")
    assert found(output(prompt=prompt), *problems) == "a"
    longer = form.format(
        story="\n".join([*STORY, "John left."]), numbered=f"{numbered}\n9) John left.", question="Where is Mary?"
    )
    known = make("c", facts=(*STORY, "John left."))
    assert found(output(prompt=longer), *problems, known) == "c"
    assert (
        found(output(prompt=longer), *problems, make("e", "Where is Ann?", facts=("John left.",))) == "unknown problem"
    )


def test_problems_that_ask_the_same_of_the_same_facts_are_told_apart_only_by_what_is_gold() -> None:
    asked = output(question="Where is Mary?", context=STORY)
    assert found(asked, make("a"), make("b")) == "a"
    assert found(asked, make("a"), make("b", gold="office"), make("c")) == "several problems ask this"


def test_without_id_and_question_there_is_nothing_to_join_by() -> None:
    assert found(output(), make("a")) == "nothing to join by"


def test_a_whole_prompt_is_taken_apart() -> None:
    problem = make("a")
    prompt = TEMPLATE.render_prompt(problem)
    chat = f"<|user|>\n{TEMPLATE.render_prompt(make('b', 'Who?', STORY[:1]))}<|end|>\n<|user|>\n{prompt}<|end|>\n"
    for asked in (prompt, chat):
        assert found(output(question=asked), problem, template=TEMPLATE) == "a"
        assert found(output(question=asked), problem) == "unknown problem"
        assert found(output(question=asked), make("b", facts=STORY[:2]), template=TEMPLATE) == "unknown problem"


# None begins with a point: before a fact, it would be the mark of a list, as in `. b`.
TEXTS = st.text(st.sampled_from("ab \n."), min_size=1, max_size=4).filter(
    lambda text: text.strip()[:1] not in ("", ".")
)


@given(st.lists(st.tuples(TEXTS, st.lists(TEXTS, min_size=1, max_size=3)), min_size=1, max_size=6))
@example([("b", [" b"]), ("b", ["b"]), ("b", [" b"])])  # the same fact, but for a blank
def test_what_is_found_asks_the_same_of_the_same_facts(asked: list[tuple[str, list[str]]]) -> None:
    def folded(*texts: str) -> list[str]:
        return [" ".join(text.split()).removesuffix(".").rstrip() for text in texts]

    problems = [make(str(at), question, facts) for at, (question, facts) in enumerate(asked[1:])]
    question, facts = asked[0]
    place = Problems.of(problems).find(output(question=question, context=tuple(facts)))
    same = [p for p in problems if folded(p.question, *(f.text for f in p.context)) == folded(question, *facts)]
    assert place in (same[:1] if same else [Miss("unknown problem")])


BABI = OutputRecord(
    "t", "/x/f.json:3", question="What color is Bernhard?", label="basic-induction",
    context=("Greg is a lion.", "Greg is green.", "Greg is a lion.", "Bernhard is a lion."),
    gold=GoldRecord(("green",), ("Greg is a lion.", "Greg is green", "Bernhard is a lion.")),
)  # fmt: skip
MARCO = OutputRecord(
    "t", "/x/f.json:3", question="what is sccm", label="DESCRIPTION",
    context=("It is a cat.", "SCCM is a product made by Microsoft to manage systems."),
    gold=GoldRecord(("A product made by Microsoft.",), ("A product made by Microsoft.",)),
)  # fmt: skip


def one(written: OutputRecord, task: str) -> Problem:
    (problem,) = problems_in([written], get_task(task))
    assert isinstance(problem, Problem), problem
    return problem


def skipped(task: str, *written: OutputRecord | Unread) -> list[str]:
    return [each.reason for each in problems_in(written, get_task(task)) if isinstance(each, Skipped)]


def test_a_record_of_babi_is_a_problem() -> None:
    problem = one(BABI, "babi")
    assert (problem.label, problem.support, problem.answer.values) == (
        "basic-induction",
        {"support": ("1", "2", "4")},
        ("green",),
    )
    assert (problem.source, problem.group) == ("f.json:3", problem.id.rpartition("/")[0])


def test_a_set_and_a_path_of_babi_are_read_as_the_task_reads_them() -> None:
    carried = BABI._replace(label="lists-sets", gold=BABI.gold._replace(answers=("apple,milk",)))
    assert one(carried, "babi").answer == Answer(kind="set", values=("apple", "milk"))


def test_a_record_of_marco_has_the_passage_that_shares_most_words_as_gold() -> None:
    problem = one(MARCO, "msmarco")
    assert problem.support == {"word_overlap": ("1",)} and problem.trace.facts == ("1",)
    nothing = MARCO._replace(gold=GoldRecord(("No Answer Present.",), None))
    assert (one(nothing, "msmarco").stratum, one(nothing, "msmarco").trace.facts) == ("no_answer", ())


@pytest.mark.parametrize(
    ("task", "written", "reason"),
    [
        ("babi", BABI._replace(gold=None), "no gold in the record"),
        ("babi", BABI._replace(gold=GoldRecord(("green",), None)), "no gold in the record"),
        ("babi", BABI._replace(gold=GoldRecord(("green",), ("Else.",))), "support is not in the context"),
        ("babi", BABI._replace(gold=GoldRecord(("green",), ())), "malformed question"),
        ("babi", BABI._replace(label="overlap"), "unknown class"),
        ("babi", BABI._replace(label=None), "no class"),
        ("babi", BABI._replace(context=None), "no problem in the record"),
        ("babi", BABI._replace(question=None), "no problem in the record"),
        ("cotempqa", BABI._replace(label="mix"), "question does not parse"),
        ("hotpotqa", BABI, "no problem in the record"),
    ],
)
def test_a_record_that_holds_no_problem_is_told(task: str, written: OutputRecord, reason: str) -> None:
    assert skipped(task, written) == [reason]


def test_each_problem_comes_once_and_gold_that_disagrees_is_told() -> None:
    other = BABI._replace(gold=BABI.gold._replace(answers=("gray",)), where="g:9")
    found: Iterator[Problem | Skipped] = problems_in([BABI, BABI, Unread("x", "y"), other, BABI], get_task("babi"))
    first, second = found
    assert isinstance(first, Problem) and first.answer.values == ("green",)
    assert isinstance(second, Skipped)
    assert (second.where, second.reason) == ("g:9", "gold disagrees with an earlier record")


@needs_real
@pytest.mark.parametrize(("task", "count", "outputs"), [("cotempqa", 950, 2850), ("babi", 375, 376)])
def test_every_released_output_finds_the_problem_of_its_own_record(task: str, count: int, outputs: int) -> None:
    source = [str(REAL / task)]
    made = [problem for problem in problems_in(read_outputs(source), get_task(task)) if isinstance(problem, Problem)]
    problems = Problems.of(made)
    assert len(made) == len({problem.id for problem in made}) == count
    joined = [
        (written, problems.find(written)) for written in read_outputs(source) if isinstance(written, OutputRecord)
    ]
    assert len(joined) == outputs
    for written, problem in joined:
        assert isinstance(problem, Problem)
        assert problem.question == written.question
        assert tuple(fact.text for fact in problem.context) == written.context
        assert written.gold is not None and (",".join(problem.answer.values) or "nothing") == ",".join(
            written.gold.answers
        )


@needs_real
def test_problems_of_released_records_have_the_ids_of_the_published_files() -> None:
    published = REAL.parent / "cotempqa"
    task = get_task("cotempqa")
    known = {
        p.id
        for p in load(task, [str(published / "equal.json"), str(published / "overlap.json")])
        if isinstance(p, Problem)
    }
    folders = [str(REAL / "cotempqa" / label) for label in ("equal", "overlap")]
    made = {problem.id for problem in problems_in(read_outputs(folders), task) if isinstance(problem, Problem)}
    assert len(made) == 87 + 131
    assert made <= known


def test_an_id_with_the_facts_of_another_problem_is_not_that_problem() -> None:
    assert found(output(id="a", question="Where is Mary?", context=STORY), make("a")) == "a"
    assert (
        found(output(id="a", question="Where is Mary?", context=("Mary flew to the moon.",)), make("a"))
        == "unknown problem"
    )
    assert found(output(id="a", context=("Mary flew to the moon.",)), make("a")) == "unknown problem"


def test_an_unknown_id_is_not_joined_by_its_question_alone() -> None:
    assert found(output(id="someone/7", question="Where is Mary?"), make("a")) == "unknown problem"
