"""Facts in which the answer is exchanged, on records written for these tests."""

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.problem import Answer, Fact, Problem, gold_trace
from tracekd.randomness import stream
from tracekd.regimes.contract import Setting, Unsupported
from tracekd.regimes.exchanged_names import Exchanged, exchanged
from tracekd.tasks import get_task

from . import independent_reader as reader
from .made_records import Record, marco, multi_hop, musique, problems


def made(problem: Problem, seed: int = 0) -> Exchanged:
    """What is made of a problem; the independent reader must have no objection."""
    one = exchanged(problem, Setting.of(get_task(problem.task)), stream(seed, problem.id, "implied"))
    assert reader.faults(problem, one.texts, one.answer) == []
    assert one.altered
    return one


def of(task: str, record: Record, folder: Path, seed: int = 0) -> Exchanged:
    return made(problems(task, [record], folder)[0], seed)


def refused(task: str, record: Record, folder: Path) -> str:
    with pytest.raises(Unsupported) as caught:
        of(task, record, folder)
    return str(caught.value)


MILL = [
    ["Kolm Mill", ["Kolm Mill was built by Ida Brandt, an engineer.", "Brandt's husband owned it."]],
    ["Ida Brandt", ["Ida Maria Brandt (born 9 May 1910) was a Swedish engineer.", "Ms. Brandt died in Lund."]],
]


def test_a_person_is_followed_through_all_forms_of_the_name(tmp_path: Path) -> None:
    one = of("hotpotqa", multi_hop("Who built Kolm Mill?", "Ida Brandt", MILL), tmp_path)
    (name,) = one.answer.values
    first, last = name.split(" ", 1)
    assert (first, last) == ("Ada", "Fenn")  # the only other woman in the context
    assert one.texts == (
        f"Kolm Mill: Kolm Mill was built by {name}, an engineer.",
        f"Kolm Mill: {last}'s husband owned it.",
        f"{name}: {name} (born 9 May 1910) was a Swedish engineer.",
        f"{name}: Ms. {last} died in Lund.",
    )


def test_a_surname_that_another_name_has_too_stays(tmp_path: Path) -> None:
    gold = [
        ["Kolm Mill", ["Kolm Mill was built by Ida Brandt.", "Brandt sold it."]],
        ["Otto Brandt", ["Otto Brandt was her son, a sculptor."]],
    ]
    one = of("hotpotqa", multi_hop("Who built Kolm Mill?", "Ida Brandt", gold), tmp_path)
    assert one.texts[1] == "Kolm Mill: Brandt sold it."
    assert one.texts[2] == "Otto Brandt: Otto Brandt was her son, a sculptor."


def test_york_is_no_part_of_new_york(tmp_path: Path) -> None:
    gold = [["Ann Hall", ["Ann Hall was born in York.", "She worked in New York."]], ["York", ["York is a city."]]]
    reason = refused("hotpotqa", multi_hop("Where was Ann Hall born?", "York", gold), tmp_path)
    assert reason == "the answer is a part of a longer name in the facts"


def test_a_place_with_its_state_becomes_such_a_place(tmp_path: Path) -> None:
    gold = [["Ann Hall", ["Ann Hall was born in Salem, Oregon."]], ["Hall House", ["Hall House is Ann Hall's home."]]]
    more = [["Mark Ott", ["Mark Ott was born in Provo, Utah."]], ["Jon Ek", ["Jon Ek died in Boise, Idaho."]]]
    record = multi_hop("Where was the owner of Hall House born?", "Salem, Oregon", gold)
    one = of("hotpotqa", {**record, "context": [*record["context"], *more]}, tmp_path)
    assert one.answer.values[0] in ("Provo, Utah", "Boise, Idaho", "Voss, Norway")
    assert one.texts[0] == f"Ann Hall: Ann Hall was born in {one.answer.values[0]}."


@pytest.mark.parametrize("seed", range(20))
def test_a_year_keeps_its_place_between_the_others(tmp_path: Path, seed: int) -> None:
    gold = [
        ["Kolm Mill", ["Kolm Mill was built in 1890 by Ida Brandt."]],
        ["Ida Brandt", ["Ida Brandt (9 May 1860 – 2 June 1931) was an engineer."]],
    ]
    record = multi_hop("When was the engineer of Kolm Mill born?", "9 May 1860", gold)
    one = of("hotpotqa", record, tmp_path, seed)
    day, month, year = one.answer.values[0].split()
    assert 1 <= int(day) <= 31 and month.isalpha()
    assert int(year) < 1875  # at least 15 years before the mill
    assert one.texts[1] == f"Ida Brandt: Ida Brandt ({day} {month} {year} – 2 June 1931) was an engineer."


def test_a_nationality_changes_the_country_and_the_article(tmp_path: Path) -> None:
    gold = [
        ["The Ferry", ["The Ferry is a 1932 film by Ole Lind."]],
        ["Ole Lind", ["Ole Lind, born in Sweden, was a Swedish director."]],
    ]
    record = multi_hop("What nationality is the director of The Ferry?", "Swedish", gold)
    found = {of("hotpotqa", record, tmp_path, seed).texts[1] for seed in range(12)}
    countries = {"Denmark": "a Danish", "Norway": "a Norwegian", "Finland": "a Finnish", "Estonia": "an Estonian"}
    assert found == {f"Ole Lind: Ole Lind, born in {name}, was {word} director." for name, word in countries.items()}


FILMS = [
    ["Night Owls", ["Night Owls is a 1932 film by Ole Lind."]],
    ["The Ferry (film)", ["The Ferry is a 1958 film by Per Dahl."]],
    ["Ole Lind", ["Ole Lind (9 May 1890 – 2 June 1960) was a Swedish director."]],
    ["Per Dahl", ["Per Dahl (1 April 1921 – 3 March 1999) was a Danish director."]],
]
CHOICE = "Which film has the director who was born first, Night Owls or The Ferry (Film)?"


def hops(relation: str, one: str, other: str) -> list[list[str]]:
    directors = [["Night Owls", "director", "Ole Lind"], ["The Ferry (film)", "director", "Per Dahl"]]
    return [*directors, ["Ole Lind", relation, one], ["Per Dahl", relation, other]]


def test_in_a_choice_the_two_names_are_exchanged(tmp_path: Path) -> None:
    evidences = hops("date of birth", "9 May 1890", "1 April 1921")
    record = multi_hop(CHOICE, "Night Owls", FILMS, "bridge_comparison", evidences=evidences)
    (problem,) = problems("2wikimultihopqa", [record], tmp_path)
    one = made(problem)
    assert one.answer.values == ("The Ferry", "The Ferry (Film)")
    assert one.texts[:2] == (
        "The Ferry: The Ferry is a 1932 film by Ole Lind.",
        "Night Owls (film): Night Owls is a 1958 film by Per Dahl.",
    )
    assert reader.choice_by_dates(problem, problem.texts(problem.trace.facts)) == "Night Owls"
    assert reader.choice_by_dates(problem, one.texts) == "The Ferry"


def test_a_title_with_an_article_is_told_from_the_same_common_word(tmp_path: Path) -> None:
    films = [
        ["A Robbery", ["A Robbery is a 2012 film about a robbery."]],
        ["The Ferry", ["The Ferry is a 1958 film, and the robbery of the ferry is its theme."]],
    ]
    record = multi_hop("Which film was released first, The Ferry or A Robbery?", "The Ferry", films, "comparison")
    one = of("hotpotqa", record, tmp_path)
    assert one.answer.values == ("A Robbery",)
    assert one.texts == (
        "The Ferry: The Ferry is a 2012 film about a robbery.",
        "A Robbery: A Robbery is a 1958 film, and the robbery of the ferry is its theme.",
    )


def test_the_year_of_a_date_follows_it(tmp_path: Path) -> None:
    gold = [
        ["Kolm Mill", ["Kolm Mill is Per Dahl's."]],
        ["Per Dahl", ["Per Dahl died on 2 May 1990.", "In 1990, he was 53."]],
    ]
    one = of("hotpotqa", multi_hop("When did the owner of Kolm Mill die?", "2 May 1990", gold), tmp_path)
    assert one.texts[2] == f"Per Dahl: In {one.answer.values[0].split()[-1]}, he was 53."


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("other", "gold"), [("Danish", "no"), ("Swedish", "yes")])
def test_of_two_countries_one_becomes_the_other_or_a_third(tmp_path: Path, other: str, gold: str, seed: int) -> None:
    films = [*FILMS[:3], ["Per Dahl", [f"Per Dahl (1 April 1921 – 3 March 1999) was a {other} director."]]]
    question = "Are director of film Night Owls and director of film The Ferry (Film) from the same country?"
    evidences = hops("country of citizenship", "Swedish", other)
    record = multi_hop(question, gold, films, "bridge_comparison", evidences=evidences)
    one = of("2wikimultihopqa", record, tmp_path, seed)
    assert one.answer.values == ({"yes": "no", "no": "yes"}[gold],)
    nations = [reader.words(text)[-2] for text in one.texts[2:]]
    assert (nations[0] == nations[1]) == (gold == "no")


def test_what_a_choice_says_more_is_refused(tmp_path: Path) -> None:
    films = [FILMS[0], ["The Ferry (1958 film)", FILMS[1][1]], *FILMS[2:]]
    question = "Which film has the director who was born first, Night Owls or The Ferry (1958 Film)?"
    reason = refused("2wikimultihopqa", multi_hop(question, "Night Owls", films, "bridge_comparison"), tmp_path)
    assert reason == "the question says more about one of the things that it compares"


def test_other_questions_with_yes_or_no_are_refused(tmp_path: Path) -> None:
    reason = refused("hotpotqa", multi_hop("Is Night Owls longer than The Ferry?", "no", FILMS, "comparison"), tmp_path)
    assert reason == "a question with yes or no that is not read by rule"


def test_an_alias_is_exchanged_with_the_name_of_which_it_is_a_part(tmp_path: Path) -> None:
    gold = [
        ["Dahl", ["Dahl teaches at the Royal Skagen University (RSU).", "RSU is old."]],
        ["Skagen", ["The Royal Skagen University stands in Skagen."]],
    ]
    record = musique(
        "Which university employs Dahl?", "Royal Skagen University", [[t, " ".join(s)] for t, s in gold], ["RSU"]
    )
    context = [*record["paragraphs"], {**record["paragraphs"][-1], "idx": 9, "title": "Turku Abo College",
                                       "paragraph_text": "Turku Abo College is a college."}]  # fmt: skip
    one = of("musique", {**record, "paragraphs": context}, tmp_path)
    assert one.answer.values == ("Turku Abo College", "TAC")
    assert one.texts[0] == "Dahl: Dahl teaches at the Turku Abo College (TAC). TAC is old."


def test_a_reference_that_the_question_names_stays(tmp_path: Path) -> None:
    gold = [["Kolm", "Ida Brandt, the Owl of Kolm, built it."], ["Ida Brandt", "Ida Brandt was a woman."]]
    one = of("musique", musique("Who was the Owl of Kolm?", "Ida Brandt", gold, ["Owl of Kolm"]), tmp_path)
    assert one.texts[0] == f"Kolm: {one.answer.values[0]}, the Owl of Kolm, built it."


def test_the_question_may_not_name_the_answer(tmp_path: Path) -> None:
    reason = refused("hotpotqa", multi_hop("Who is called Ida Brandt?", "Ida Brandt", MILL), tmp_path)
    assert reason == "the question names the answer"


def test_a_number_becomes_one_with_the_same_unit(tmp_path: Path) -> None:
    record = marco(
        "how long to hard boil an egg", ["12 minutes", "It takes 12 minutes."],
        "A large egg is hard-boiled in 12 minutes. Take 6 eggs.", ("A soft one takes 5 minutes, with 8 eggs.",),
    )  # fmt: skip
    one = of("msmarco", record, tmp_path)
    assert one.answer.values == ("5 minutes", "It takes 5 minutes.")
    assert one.texts == ("A large egg is hard-boiled in 5 minutes. Take 6 eggs.",)


@pytest.mark.parametrize("seed", range(10))
def test_a_range_stays_a_range(tmp_path: Path, seed: int) -> None:
    one = of("msmarco", marco("cost of a mill", ["$1,200 to $2,500"], "A mill is $1,200 to $2,500."), tmp_path, seed)
    low, high = (int(word) for word in reader.words(one.answer.values[0]) if word.isdigit())
    assert low < high and one.texts == (f"A mill is ${low:,} to ${high:,}.",)


def test_references_in_which_nothing_changes_are_dropped(tmp_path: Path) -> None:
    record = marco("when was it built", ["In 1890", "Long before"], "It was built in 1890, long ago.")
    assert len(of("msmarco", record, tmp_path).answer.values) == 1


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (["Yes, it is."], "a question with yes or no that is not read by rule"),
        (["No Answer Present."], "the question has no answer, or no gold fact"),
        (["a quiet thing"], "the answer has no name, date, number or common word that could be exchanged"),
        (["An owl"], "the answer does not stand in the gold facts, nor a name, date, number or common word of it"),
    ],
)
def test_what_is_refused_has_a_reason_of_its_own(tmp_path: Path, answers: list[str], reason: str) -> None:
    assert refused("msmarco", marco("what is it", answers, "It is a quiet thing.", kind="ENTITY"), tmp_path) == reason


def test_draws_come_only_from_the_stream(tmp_path: Path) -> None:
    (problem,) = problems("hotpotqa", [multi_hop("Where did Ida Brandt die?", "Lund", MILL)], tmp_path)
    assert made(problem, 5) == made(problem, 5)


SETTING = Setting.of(get_task("hotpotqa"))


def long_problem(size: int) -> Problem:
    texts = (
        f"Ida Brandt: {'Ida Maria Brandt of Kolm met Dr. Otto Berg in Rome. ' * size}",
        "Ada Fenn: Ada Fenn was a woman.",
    )
    return Problem(
        id="long", task="hotpotqa", group="long", question="Who met Otto?", source="made",
        context=tuple(Fact(id=str(at), text=text) for at, text in enumerate(texts)),
        answer=Answer(kind="text", values=("Ida Brandt",)), trace=gold_trace("bridge", ("0",)),
    )  # fmt: skip


def test_takes_linear_time() -> None:
    def seconds(size: int) -> float:
        problem, best = long_problem(size), float("inf")
        for _ in range(3):
            begin = time.process_time()
            exchanged(problem, SETTING, stream(0, "long", "implied"))
            best = min(best, time.process_time() - begin)
        return best

    assert seconds(400) < 10 * seconds(100)


def test_facts_without_an_end_are_refused() -> None:
    with pytest.raises(Unsupported, match="the facts are too long"):
        exchanged(long_problem(5_000), SETTING, stream(0, "long", "implied"))


SIGNS = st.text(st.sampled_from("Ab 1é9.,'’-()$:–\n\u0301\u202e中"), max_size=60)


@settings(max_examples=150, deadline=None)
@given(SIGNS, SIGNS, SIGNS, SIGNS)
def test_hostile_text_is_exchanged_or_refused(question: str, fact: str, other: str, value: str) -> None:
    if not value.strip():
        return
    fields: dict[str, Any] = {"kind": "text", "values": (value,)}
    problem = Problem(
        id="h", task="musique", group="h", question=question, source="made", answer=Answer(**fields),
        context=(Fact(id="0", text=f"{fact} {value} {fact}"), Fact(id="1", text=other)), trace=gold_trace("2hop", ("0",)),
    )  # fmt: skip
    try:
        one = exchanged(problem, Setting.of(get_task("musique")), stream(0, "h", "implied"))
    except Unsupported:
        return
    assert one.texts != problem.texts(["0"])
