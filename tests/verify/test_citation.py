"""Facts that are cited, one by one, run together, or bare; nothing is read into a text that is not there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.problem import Answer, Fact, Problem
from tracekd.tasks import get_task
from tracekd.tasks.context import Context, Prefixes
from tracekd.tasks.normalize import normalize_fact
from tracekd.trace import Classify, Retrieve, Trace
from tracekd.verify.citation import Citation, nearest, scores
from tracekd.verify.fact_texts import split
from tracekd.verify.judge import Judge
from tracekd.verify.parse import Parsed
from tracekd.verify.reading.output_record import OutputRecord
from tracekd.verify.without_gold import check

FACTS = ["Mary left.", "Mary left early.", "Elm Inc. closed.", "John ran", "1. A passage."]


def make_context(facts: list[str]) -> Context:
    """The context of a problem with these facts."""
    context = tuple(Fact(id=str(number), text=text) for number, text in enumerate(facts))
    trace = Trace(steps=(Classify(label="c"), Retrieve(facts=("0",))))
    answer = Answer(kind="one_of", values=("x",))
    return Context.of(
        Problem(id="p", task="t", group="g", question="q", context=context, answer=answer, trace=trace, source="s:1")
    )


CONTEXT = make_context(FACTS)


def cites(cited: list[str], bare: tuple[str, ...] = ()) -> tuple[tuple[str, ...], tuple[str, ...]]:
    citation = Citation.of(Parsed("ok", "", None, (*cited, *bare), None, bare), CONTEXT)
    return citation.known, citation.invented


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("Mary left. John ran", ["Mary left", "John ran"]),
        ("Mary left early. John ran.", ["Mary left early", "John ran"]),
        ("Elm Inc. closed. Mary left.", ["Elm Inc. closed", "Mary left"]),
        ("John ran, Mary left and Elm Inc. closed", ["John ran", "Mary left", "Elm Inc. closed"]),
        ("- John ran - Mary left", ["John ran", "Mary left"]),
        ("2. John ran 3) Mary left", ["John ran", "Mary left"]),
        ("1. A passage. John ran", ["1. A passage", "John ran"]),
        ("[John ran, 'Mary left']", ["John ran", "Mary left"]),
        ("“John ran”", ["John ran"]),
        ("John ran John ran", ["John ran", "John ran"]),
    ],
)
def test_facts_that_are_run_together_are_read_apart(text: str, facts: list[str]) -> None:
    assert split(text, CONTEXT) == facts
    assert cites([text]) == (tuple(dict.fromkeys(facts)), ())


TITLED = Context.of_texts(
    ("Kolm: It is a village.", "Kolm: It grew.", "Kolm Mill: It is a mill.", "Denn: It grew.", "It shut", "Denn: It shut.",
     "Denn: He said: no.", "Denn: Act II: It ends."),
    has_titles=True,
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("It is a village.", ["Kolm: It is a village"]),
        ("It is a mill. It is a village", ["Kolm Mill: It is a mill", "Kolm: It is a village"]),
        ("- It is a mill - Kolm: It grew", ["Kolm Mill: It is a mill", "Kolm: It grew"]),
        ("“**It is a mill.**”", ["Kolm Mill: It is a mill"]),
        ("It shut.", ["It shut"]),
        ("He said: no", ["Denn: He said: no"]),
        ("Act II: It ends.", ["Denn: Act II: It ends"]),
        ("Kolm: It grew.", ["Kolm: It grew"]),
    ],
)
def test_a_fact_may_be_cited_without_its_title(text: str, facts: list[str]) -> None:
    citation = Citation.of(Parsed("ok", "", None, (text,), None), TITLED)
    assert (citation.known, citation.invented) == (tuple(facts), ())


@pytest.mark.parametrize(
    "text",
    ["It grew.", "It is a", "a village", "Mill: It is a mill.", "no.", "It ends.", "Kolm", "Denn: It is a mill.", "Denn",
     "It is a mill. It grew", "it is a mill."],
)  # fmt: skip
def test_a_text_of_several_titles_and_a_part_of_a_text_are_no_facts(text: str) -> None:
    assert Citation.of(Parsed("ok", "", None, (text,), None), TITLED).known == ()


def test_without_titles_a_colon_means_nothing() -> None:
    context = Context.of_texts(TITLED.texts)
    assert Citation.of(Parsed("ok", "", None, ("It is a mill.",), None), context).known == ()


@pytest.mark.parametrize("name", ["hotpotqa", "2wikimultihopqa", "musique"])
def test_tasks_over_titled_paragraphs(name: str) -> None:
    task = get_task(name)
    problem = task.example()
    facts = problem.texts(problem.trace.facts)
    text = f"<think>{task.template.retrieve} {[fact.partition(': ')[2] for fact in facts]}</think>x"
    verdict = Judge.of(task).judge(problem, OutputRecord(text, "f:1", problem.id))
    assert (verdict.retrieval_step, verdict.invented) == ("right", 0)
    assert set(verdict.cited) == set(map(normalize_fact, facts))  # the report marks these facts as cited
    checked = check(task, [fact.text for fact in problem.context], problem.question, text)
    assert (checked.facts.state, len(checked.cited)) == ("passes", len(facts))


@pytest.mark.parametrize(
    "text",
    ["", ". ", "Mary leftover", "Mary left. She wept.", "Not Mary left", "mary left. john ran", "Mary left or John ran",
     "John ran Mary", "Mary left and", "xMary left"],
)  # fmt: skip
def test_what_is_not_made_of_facts_alone_is_one_text(text: str) -> None:
    known, invented = cites([text])
    assert split(text, CONTEXT) is None or text == "Mary left and"
    assert len(known) + len(invented) == 1


@pytest.mark.parametrize(
    ("bare", "known", "invented"),
    [
        ("Mary left.", ("Mary left",), ()),
        ("Mary left.\nJohn ran.", ("Mary left", "John ran"), ()),
        ("- Mary left.\n- John ran.", ("Mary left", "John ran"), ()),
        ("Mary left.\nSo it was dark.\nJohn ran.", ("Mary left", "John ran"), ()),
        ("It was dark.\nMary left.", ("Mary left",), ("It was dark",)),
        ("Mary left. It was dark.", (), ("Mary left. It was dark",)),
        ("Elm Inc.\nclosed.", ("Elm Inc. closed",), ()),
    ],
)
def test_facts_without_a_list(bare: str, known: tuple[str, ...], invented: tuple[str, ...]) -> None:
    citation = Citation.of(Parsed("ok", "", None, (bare.partition("\n")[0],), None, (bare,)), CONTEXT)
    assert (citation.known, citation.invented) == (known, invented)


def test_a_passage_of_several_lines_is_one_fact_though_its_first_line_is_another() -> None:
    context = make_context(["Mary left.", "Mary left.\nShe wept."])
    citation = Citation.of(Parsed("ok", "", None, ("Mary left.",), None, ("Mary left.\nShe wept.",)), context)
    assert citation.known == ("Mary left. She wept",)


def test_each_fact_is_cited_once_and_kept_as_it_was_first_written() -> None:
    citation = Citation.of(Parsed("ok", "", None, ("John  ran.", "John ran", "Mary fled"), None), CONTEXT)
    assert citation.facts == {"John ran": "John  ran.", "Mary fled": "Mary fled"}
    assert (citation.known, citation.invented) == (("John ran",), ("Mary fled",))


def test_letter_case_counts() -> None:
    assert cites(["mary left."]) == ((), ("mary left",))


words = st.text(alphabet="ab. ,", min_size=1, max_size=6)


@given(st.lists(words, min_size=1, max_size=4), words | st.lists(words).map(" ".join))
def test_what_is_split_is_made_of_facts_and_marks(facts: list[str], text: str) -> None:
    context = make_context(facts)
    found = split(text, context)
    if found is not None:
        assert set(found) <= set(context.places)
        rest = text
        for fact in found:
            assert fact in rest
            rest = rest.partition(fact)[2]


@given(
    st.lists(st.text(alphabet="ab ", max_size=200), max_size=8),
    st.text(alphabet="ab ", max_size=200),
    st.integers(0, 9),
)
def test_the_texts_that_begin_at_a_place_are_found_the_longest_first(facts: list[str], text: str, at: int) -> None:
    expected = sorted({fact for fact in facts if fact and text.startswith(fact, at)}, key=len, reverse=True)
    assert list(Prefixes(facts).of(text, at)) == expected


@pytest.mark.parametrize(
    "begin", ["Mary went to the room", "so " * 200 + "it"]
)  # shorter and longer than what is compared first
def test_facts_run_together_are_compared_with_few_facts(begin: str) -> None:
    compared: list[str] = []

    class Counted(str):
        def startswith(self, prefix: str, *places: int) -> bool:
            compared.append(prefix)
            return super().startswith(prefix, *places)

    context = make_context([f"{begin} {number}." for number in range(2000)])
    assert split(Counted("".join(f"{begin} {number}." for number in range(2000))), context) == list(context.places)
    assert len(compared) <= 20_000  # of 4 million pairs of a place and a fact


@given(st.lists(words, min_size=1, max_size=4, unique=True))
def test_any_facts_one_after_the_other_are_known(facts: list[str]) -> None:
    context = make_context(facts)
    citation = Citation.of(Parsed("ok", "", None, tuple(facts), None), context)
    assert citation.invented == ()
    assert set(citation.known) == set(context.places)


def test_scores() -> None:
    a, b, none = frozenset("a"), frozenset("ab"), frozenset[str]()
    assert scores(a, b) == (1, 0.5, 2 / 3)
    assert scores(b, a) == (0.5, 1, 2 / 3)
    assert scores(none, a) == scores(a, none) == scores(frozenset("c"), b) == (0, 0, 0)
    assert scores(none, none) == (1, 1, 1)
    assert nearest("a", [b, a]) == (a, (1, 1, 1))
    assert nearest("c", [b, a])[0] == b


def test_below_a_list_facts_of_the_context_and_marked_items_are_cited() -> None:
    parsed = Parsed("ok", "", None, ("Mary left",), None, (), ("John ran.\n- The pope left.\nSo much for that.",))
    assert Citation.of(parsed, CONTEXT)[1:] == (("Mary left", "John ran"), ("The pope left",))


def test_an_item_below_a_bare_fact_is_cited_though_it_is_invented() -> None:
    assert cites([], ("- Mary left.\n- The pope left.",))[1] != ()
