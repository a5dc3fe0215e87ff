"""Statements over passages: what counts as repeated, said in other words, following, contradicted; and what is never guessed."""

import time
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracekd.statements import get_grammar, grammar_names
from tracekd.statements.judging import judge_trace
from tracekd.tasks import get_task

FACTS = (
    "Kolm Mill: Kolm Mill is a paper mill on the Sarn, built in 1871 by Ida Brandt.",
    "Kolm Mill: It closed in 1954 and was not reopened.",
    "Kolm Mill: The mill employed about 120 people and had 3 steam engines.",
    "Ida Brandt: Ida Brandt (4 May 1832 – 9 June 1901) was a Danish engineer.",
    "Ida Brandt: She was born in Velden and was the daughter of Hans Brandt.",
    "Paul Rask: Paul Rask (born 1790) was a Danish painter.",
    "Paul Rask: He lived in Velden from 1811 to 1840.",
    "Velden: Velden is a town on the coast.",
    "Quarne: Quarne is a town in the hills.",
    "The Long Winter: The Long Winter is a 1949 drama film directed by Otto Lind and starring Eva Moll.",
    "Otto Lind: Otto Lind was a film director who died in Quarne in 1970.",
    "Ida Brandt: She admired Hans Holm.",
)
PASSAGES = (
    "Lay the eggs in boiling water. A large egg is hard-boiled in 12 minutes. Cool it in ice water.",
    "Other cooks say that a large egg needs 15 minutes at high altitude.",
)
TASKS = ("hotpotqa", "2wikimultihopqa", "musique", "msmarco")


@pytest.fixture
def mill(judging):
    return judging("hotpotqa", "When was the mill that Ida Brandt built closed?", FACTS)


@pytest.fixture
def eggs(judging):
    return judging("msmarco", "how long to hard boil an egg", PASSAGES)


def test_every_passage_task_has_a_grammar():
    assert set(TASKS) <= set(grammar_names())


@pytest.mark.parametrize("task", TASKS)
def test_a_gold_sentence_is_always_quoted(task):
    problem = get_task(task).example()
    grounder = get_grammar(task).prepare(problem.question, problem.context)
    for fact in problem.context:
        for text in (fact.text, fact.text.upper(), fact.text.rstrip("."), f"So {fact.text}", f"[3] {fact.text}"):
            found = judge_trace(text, grounder)
            assert {one.grounding for one in found} == {"quoted"}, (text, found)
            assert {id_ for one in found for id_ in one.facts} == {fact.id}


@pytest.mark.parametrize("text", [
    "It closed in 1954.", "Kolm Mill is a paper mill on the Sarn.", "According to passage 3, Ida Brandt was a Danish engineer.",
    "The passage about Kolm Mill states that it closed in 1954.", "[4] She was born in Velden.",
])  # fmt: skip
def test_a_part_of_a_sentence_is_quoted(text, mill):
    assert [one.grounding for one in mill(text)] in (["quoted"], ["restated"])


@pytest.mark.parametrize(("text", "fact"), [
    ("Kolm Mill closed in 1954.", "2"), ("Ida Brandt built Kolm Mill.", "1"), ("Kolm Mill was built by Ida Brandt.", "1"),
    ("The builder of Kolm Mill is Ida Brandt.", "1"), ("Ida Brandt was born in 1832.", "4"),
    ("Ida Brandt was born on May 4, 1832.", "4"), ("Ida Brandt's birth was in 1832.", "4"), ("Ida Brandt died in 1901.", "4"),
    ("Ida Brandt was Danish.", "4"), ("Velden was where Ida Brandt was born.", "5"), ("Otto Lind directed The Long Winter.",
    "10"),
    ("The Long Winter came out in 1949.", "10"), ("The Long Winter stars Eva Moll.", "10"),
    ("Paul Rask lived in Velden until 1840.", "7"), ("Kolm Mill had three steam engines.", "3"),
    ("Kolm Mill was not reopened.", "2"),
])  # fmt: skip
def test_a_sentence_in_other_words_is_restated(text, fact, mill):
    (one,) = mill(text)
    assert (one.grounding in ("quoted", "restated"), one.facts) == (True, (fact,)), one


@pytest.mark.parametrize(("text", "facts"), [
    ("Paul Rask was born before Ida Brandt.", ("4", "6")), ("Paul Rask is older than Ida Brandt.", ("4", "6")),
    ("Ida Brandt is younger than Paul Rask.", ("4", "6")), ("Both Ida Brandt and Paul Rask were Danish.", ("4", "6")),
    ("The director of The Long Winter died in Quarne.", ("10", "11")),
    ("Ida Brandt was born in 1832 in Velden.", ("4", "5")), ("Ida Brandt was a Danish engineer who was born in Velden.", ("4",
    "5")),
    ("1790 is earlier than 1832.", ()),
])  # fmt: skip
def test_what_follows_from_two_sentences_is_derived(text, facts, mill):
    (one,) = mill(text)
    assert (one.grounding, one.facts) == ("derived", facts), one


@pytest.mark.parametrize(("text", "fact"), [
    ("Kolm Mill closed in 1955.", "2"), ("Kolm Mill was built in 1880.", "1"), ("Kolm Mill was built by Jonas Weir.", "1"),
    ("Jonas Weir built Kolm Mill.", "1"), ("The builder of Kolm Mill is Jonas Weir.", "1"), ("Ida Brandt was born in 1833.", "4"),
    ("Ida Brandt was born in 1901.", "4"), ("Ida Brandt was born in Quarne.", "5"), ("Kolm Mill had 5 steam engines.", "3"),
    ("Ida Brandt was the daughter of Jonas Weir.", "5"), ("Kolm Mill is a paper mill on the Sarn, built in 1870 by Ida Brandt.",
    "1"),
    ("Paul Rask lived in Velden until 1850.", "7"), ("The Long Winter is a 1950 drama film.", "10"),
])  # fmt: skip
def test_another_value_in_the_same_slot_is_contradicted(text, fact, mill):
    contradicted = [one for one in mill(text) if one.grounding == "contradicted"]
    assert [one.facts for one in contradicted] == [(fact,)], mill(text)


@pytest.mark.parametrize("text", [
    "Ida Brandt was born after Paul Rask died.", "Kolm Mill had about 5 steam engines.", "Kolm Mill employed 150 people.",
    "Maybe Kolm Mill closed in 1955.", "Kolm Mill might have closed in 1955.", "If Kolm Mill closed in 1955, it was old.",
    "Did Kolm Mill close in 1955?", "Kolm Mill did not close in 1955.", "Ida Brandt was born in Denmark.",
    "The question says that Kolm Mill closed in 1955.", "The Long Winter was directed by Eva Moll.",
    "Eva Moll directed The Long Winter.",
    "Ida Brandt's brother Paul was born in 1840.", "Velden was built in 1500.", "The mill of Quarne closed in 1955.",
    "Ida Brandt lived in Velden until 1850.", "Kolm Mill reopened in 1960.", "Ida Brandt was the daughter of Anna Brandt.",
    "Paul Rask was a friend of Ida Brandt, born in 1835.", "He was born in 1901.", "Otto Lind's film came out in 1951.",
])  # fmt: skip
def test_what_is_not_sure_is_never_called_false(text, mill):
    assert "contradicted" not in {one.grounding for one in mill(text)}


@pytest.mark.parametrize("text", [
    "Paul Rask was a Danish engineer.", "Kolm Mill was a steel mill.", "Velden is a town in the hills.",
    "Eva Moll directed The Long Winter.",
    "The Long Winter was directed by Eva Moll.", "Ida Brandt was born in 1901 in Velden.", "Paul Rask built Kolm Mill.",
    "Kolm Mill reopened in 1954.", "Hans Brandt was the daughter of Ida Brandt.", "Both Ida Brandt and Otto Lind were Danish.",
    "Ida Brandt is older than Paul Rask.", "Hans Holm admired Ida Brandt.",
    "Paul Rask lived in Velden from 1840.", "Kolm Mill closed in 1871.",
])  # fmt: skip
def test_what_the_context_does_not_say_never_holds(text, mill):
    assert not any(one.holds for one in mill(text)), mill(text)


def test_a_year_or_a_name_that_nothing_has_is_without_ground(mill):
    for text in ("Ida Brandt married Robert Faulkner.", "Velden was flooded in 1773."):
        (one,) = mill(text)
        assert (one.grounding, one.is_read, one.is_error) == ("unsupported", True, True)


def test_what_is_not_read_is_no_error(mill):
    (one,) = mill("Ida Brandt was fond of the coast.")
    assert (one.grounding, one.is_read, one.is_error) == ("unsupported", False, False)


def test_talk_about_the_passages_claims_nothing(mill):
    text = "Passage 2 doesn't mention when it was built. Let me check paragraph 3. There is no information about Paul Rask."
    assert {one.grounding for one in mill(text)} == {"no_claim"}


def test_a_later_statement_on_the_same_slot_takes_back_a_false_one(mill):
    assert [one.taken_back_by for one in mill("Kolm Mill closed in 1955. Wait, Kolm Mill closed in 1954.")] == [1, None]


@pytest.mark.parametrize("text", [
    "Boil a small egg for 9 minutes.", "Boil a small egg for 8 minutes.", "The farm has about 3,000 hens.",
    "The farm has 2,900 hens.", "The box holds 11 kg.",
])  # fmt: skip
def test_ranges_and_rounded_numbers_contradict_nothing(text, judging):
    facts = ("Boil a small egg for 8 to 10 minutes. The farm has 2,940 hens. The box holds 10-12 kg.",)
    assert "contradicted" not in {one.grounding for one in judging("msmarco", "?", facts)(text)}


def test_what_was_only_wanted_did_not_happen(judging):
    judge = judging("hotpotqa", "?", ("Ida: Ida wanted to become a painter.",))
    assert [one.holds for one in judge("Ida was a painter. Ida wanted to be a painter.")] == [False, True]


def test_of_two_dates_in_a_sentence_each_belongs_to_its_word(judging):
    facts = (
        "Riverton: Riverton is a city in Clay County, Ohio. It was settled as a post in 1811 and incorporated as a city in 1854.",
        "Riverton: It was flooded in 1913 and 1937.",
    )
    judge = judging("musique", "?", facts)
    for text, holds in (
        ("Riverton was incorporated in 1854.", True), ("Riverton was incorporated in 1811.", False),
        ("Riverton was settled in 1811.", True), ("Riverton was flooded in 1937.", True), ("Riverton lies in Ohio.", True),
        ("Riverton is in Indiana.", False),
    ):  # fmt: skip
        (one,) = judge(text)
        assert (one.holds, one.grounding != "contradicted") == (holds, True), one


def test_a_sentence_about_something_else_says_nothing_of_the_title(judging):
    facts = (
        "Tavia: Tavia is a town in the north. The university was founded in 1820. In 1850 it had 900 inhabitants.",
        "Ida: Ida was a painter. Paul Rask was born in 1790. The school where she taught was opened in 1811.",
    )
    judge = judging("musique", "?", facts)
    for text in (
        "Tavia was founded in 1700.",
        "Tavia was founded in 1820.",
        "Ida was born in 1795.",
        "Ida was born in 1790.",
    ):
        assert [one.grounding for one in judge(text)] == ["unsupported"], text
    assert [one.grounding for one in judge("The university of Tavia was founded in 1820.")] == ["restated"]
    assert [one.grounding for one in judge("Tavia had 800 inhabitants in 1850.")] == ["contradicted"]


@pytest.mark.parametrize("text", [
    "Ida Brandt was born in 1832. What about Paul Rask? He was born in 1790.",
    "Ida Brandt was born in 1832. Now let me look at Otto Lind. He was born in 1900.",
    "Ida Brandt was born in 1832, and her brother Emil was an engineer. He was born in 1840.",
    "Paul Rask lived in Velden from 1811 to 1840. Ida Brandt knew him. He died in 1840.",
])  # fmt: skip
def test_a_pronoun_after_another_name_is_not_guessed(text, mill):
    assert "contradicted" not in {one.grounding for one in mill(text)}


def test_a_value_that_another_passage_has_is_not_called_false(eggs):
    assert [one.grounding for one in eggs("A large egg is hard-boiled in 15 minutes.")] != ["contradicted"]
    assert [one.grounding for one in eggs("A large egg is hard-boiled in 18 minutes.")] == ["contradicted"]


@pytest.mark.parametrize(("text", "answer"), [
    ("The answer is 1954.", "1954"), ("So the answer should be Kolm Mill.", "Kolm Mill"), ("**Final Answer:** 4 May 1832",
    "4 May 1832"),
    ("Therefore, the final answer is \\boxed{Ida Brandt}.", "Ida Brandt"), ("So, Ida Brandt.", "Ida Brandt"),
    ("Answer: yes", "yes"), ("The answer is: Velden", "Velden"),
])  # fmt: skip
def test_a_bare_answer_is_given_and_not_judged(text, answer, mill):
    (one,) = mill(text)
    assert (one.grounding, one.answer) == ("no_claim", (answer,))


def test_an_answer_in_a_whole_sentence_is_judged(mill):
    (right,) = mill("The answer is that Kolm Mill closed in 1954.")
    (wrong,) = mill("The answer is that Kolm Mill closed in 1955.")
    assert (right.holds, right.is_answer) == (True, True)
    assert (wrong.grounding, wrong.is_answer) == ("contradicted", True)


WORDS = st.sampled_from(
    "Kolm Mill Ida Brandt Paul Rask Velden Quarne The Long Winter Otto Lind she he it they was born died built closed in "
    "by of the and or not a is before after older than 1871 1954 1832 12 three May June 4 ( ) , . ? ! : ; \n - [2] passage "
    "says answer so both "
    'who which because " “ ” – film directed director Danish engineer \ue0c1 \ue0c2 Ünï ½ ²'.split(" ")
)


@given(st.one_of(st.lists(WORDS, max_size=40).map(" ".join), st.text(max_size=120)))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_places_are_exact_and_nothing_is_raised(mill, eggs, text):
    for judge in (mill, eggs):
        found = judge(text)
        assert all(text[one.start : one.end] == one.text for one in found)
        assert all(one.end <= other.start for one, other in pairwise(found))


@given(st.lists(st.one_of(WORDS, st.text(min_size=1, max_size=12)), min_size=1, max_size=25).map(" ".join))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_context_is_read(judging, text):
    for task in ("hotpotqa", "msmarco"):
        judge = judging(task, text, (text, f"Kolm: {text}", f"{text}: It was built in 1871."))
        found = judge(f"{text}. Kolm was built in 1871.")
        assert all(one.facts == tuple(dict.fromkeys(one.facts)) for one in found)


FRAGMENTS = (
    "Kolm Mill, " * 60 + ". ", "Ida Brandt who built and " * 30 + ". ", "1871, 1954 " * 60 + ". ", "by Ida Brandt " * 50 + ". ",
    "Kolm Mill ", "Ida Brandt and ", "It closed in 1954 and was not ", "Kolm Mill closed in 1955. ", "1871 ", "May 4, ",
    "in 1871 by ",
    "the director of The Long Winter ", "(", "[2] ", "passage 3 says that ", "a",
    "Kolm Mill is a paper mill on the Sarn, built in ",
    "1,", "'s", ", who ", "Both Ida Brandt and Paul Rask ", "Ida Brandt was born before ", "é", "A large egg is hard-boiled ",
)  # fmt: skip


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_time_is_linear_in_repetition(fragment, mill, eggs, slower):
    def judge(length: int) -> None:
        text = (fragment * length)[:length]
        mill(text)
        eggs(text)

    judge(1000)
    assert slower(judge, (10_000, 40_000), most=8) < 8


def test_time_is_linear_in_the_context(judging):
    def seconds(facts: int) -> float:
        begun = time.process_time()
        texts = [
            f"Title {n}: Title {n} was built in {1000 + n} by Ida Brandt, who was born in Velden." for n in range(facts)
        ]
        judging("hotpotqa", "?", texts)(
            "Title 7 was built in 1999 by Ida Brandt. Ida Brandt was born in Velden. Title 3 closed."
        )
        return time.process_time() - begun

    seconds(50)
    assert seconds(1600) < 10 * max(seconds(400), 0.02)
