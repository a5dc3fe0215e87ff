"""The generator of bAbI stories, against a simulation of the world that is written here from the task descriptions."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.pretraining.stories import FAMILIES, Dials, Part, part_of, story
from tracekd.problem import Answer, Problem
from tracekd.tasks.babi import TASK
from tracekd.tasks.babi.families import FAMILIES as NAMES
from tracekd.tasks.babi.load import story_problems
from tracekd.tasks.babi.story_format import FactLine, QuestionLine, Story, read_stories, write_story
from tracekd.tasks.loading import load_strict

MOVES = ("moved to", "went back to", "went to", "journeyed to", "travelled to")
GRABS = ("got", "took", "grabbed", "picked up")
DROPS = ("dropped", "left", "discarded", "put down")
ANIMALS = {"mice": "mouse", "cats": "cat", "sheep": "sheep", "wolves": "wolf"}
DIALS = (
    Dials(),
    Dials(questions=3, facts_between=1),
    Dials(questions=4, facts_between=7, questions_at_once=4),
    Dials(questions=4, facts_between=9, questions_at_once=4, handling=0.8, recency=6),
)


class Rooms:
    """Plays a story forward, event by event, and refuses what cannot be."""

    def __init__(self) -> None:
        self.place: dict[str, str] = {}  # of people, and of things as far as it is known
        self.carrier: dict[str, str] = {}
        self.visited: dict[str, list[str]] = {}  # by each thing, in order

    def play(self, text: str) -> None:
        assert text.endswith(".")
        sentence = text.removesuffix(".")
        for verbs, act in ((MOVES, self._move), (GRABS, self._grab), (DROPS, self._drop)):
            for verb in verbs:
                who, found, what = sentence.partition(f" {verb} the ")
                if found:
                    act(who, what.removesuffix(" there") if act != self._move else what)
                    return
        raise AssertionError(f"no sentence of this world: {text}")

    def _move(self, who: str, place: str) -> None:
        people = who.split(" and ")
        assert len(people) == len(set(people)) <= 2
        for person in people:
            assert self.place.get(person) != place, "nobody moves to where they are"
            self.place[person] = place
        for thing, person in self.carrier.items():
            if person in people:
                self._put(thing, place)

    def _grab(self, person: str, thing: str) -> None:
        assert thing not in self.carrier, "somebody carries it already"
        assert self.place.get(thing) in (None, self.place.get(person)), "nobody picks up what lies elsewhere"
        self.carrier[thing] = person
        if person in self.place:
            self._put(thing, self.place[person])

    def _drop(self, person: str, thing: str) -> None:
        assert self.carrier.pop(thing) == person, "nobody drops what another one carries"

    def _put(self, thing: str, place: str) -> None:
        self.place[thing] = place
        if self.visited.setdefault(thing, [])[-1:] != [place]:
            self.visited[thing].append(place)

    def answer(self, question: str) -> str:
        words = question.removesuffix("?").replace(" the ", " ").split()
        match words:
            case ["Where", "is", name]:
                return self.place[name]
            case ["Is", person, "in", place]:
                return "yes" if self.place[person] == place else "no"
            case ["Where", "was", thing, "before", place]:
                places = self.visited[thing]
                return places[len(places) - 2 - places[::-1].index(place)]
        raise AssertionError(f"no question of this world: {question}")


def fear(facts: list[str], question: str) -> str:
    pets, fears = {}, {}
    for fact in facts:
        words = fact.lower().removesuffix(".").split()
        if words[1] == "is":
            pets[words[0]] = words[3]
        else:
            assert words[1:4] == ["are", "afraid", "of"]
            fears[ANIMALS[words[0]]] = ANIMALS[words[4]]
    assert len(pets) == len(fears) == 4
    assert all(kind != feared for kind, feared in fears.items())
    return fears[pets[question.removeprefix("What is ").removesuffix(" afraid of?")]]


def simulated_answers(made: Story, family: int) -> list[str]:
    rooms, facts, answers = Rooms(), [], []
    for line in made:
        if isinstance(line, FactLine):
            facts.append(line.text)
            if family != 15:
                rooms.play(line.text)
        else:
            answers.append(fear(facts, line.text) if family == 15 else rooms.answer(line.text))
    return answers


def stories(family: int, n: int, seed: int = 0, part: Part = "study", dials: Dials = DIALS[0]) -> list[Story]:
    return [story(family, seed, i, dials, part) for i in range(n)]


def problems(made: list[Story], family: int) -> list[Problem]:
    return [p for i, s in enumerate(made) for p in story_problems(s, family, f"g{i}", "world")]


def without_lines(made: Story) -> Story:
    return [replace(line, line=0) if isinstance(line, QuestionLine) else line for line in made]


def test_there_are_six_families() -> None:
    assert sorted(FAMILIES) == [1, 2, 3, 6, 12, 15]
    with pytest.raises(KeyError):
        story(4, 0, 0, Dials())


@pytest.mark.parametrize("family", FAMILIES)
def test_item_i_depends_only_on_seed_family_and_i(family: int) -> None:
    alone = story(family, 5, 3, Dials())
    many = [story(other, 5, i, Dials()) for i in (7, 3, 0) for other in (15, family, 1)]
    assert many[4] == alone == stories(family, 6, seed=5)[3]


@pytest.mark.parametrize("family", FAMILIES)
def test_other_seeds_and_other_items_are_other_stories(family: int) -> None:
    texts = {"".join(write_story(s)) for seed in (0, 1, 2) for s in stories(family, 20, seed)}
    assert len(texts) == 60


@pytest.mark.parametrize("dials", DIALS)
@pytest.mark.parametrize("family", FAMILIES)
def test_answers_are_those_of_a_forward_simulation(family: int, dials: Dials) -> None:
    for made in [*stories(family, 40, dials=dials), *stories(family, 20, 1, "pretraining", dials)]:
        assert simulated_answers(made, family) == [line.answer for line in made if isinstance(line, QuestionLine)]


@given(st.sampled_from(sorted(FAMILIES)), st.integers(), st.integers(0, 10**9))
@settings(max_examples=60, deadline=None)
def test_answers_are_those_of_a_forward_simulation_for_any_seed(family: int, seed: int, index: int) -> None:
    made = story(family, seed, index, Dials(facts_between=4))
    assert simulated_answers(made, family) == [line.answer for line in made if isinstance(line, QuestionLine)]


@pytest.mark.parametrize("family", FAMILIES)
def test_the_support_suffices_and_none_of_it_can_be_spared(family: int) -> None:
    for problem in problems(stories(family, 40, dials=Dials(questions=4, facts_between=3)), family):
        gold = [fact for fact in problem.context if fact.id in problem.trace.facts]
        assert len(gold) == len(problem.trace.facts) > 0
        assert TASK.derive(problem.question, [f.text for f in gold], problem.label) == problem.answer, problem
        for spared in gold:
            rest = [f.text for f in gold if f != spared]
            assert TASK.derive(problem.question, rest, problem.label) != problem.answer, (problem, spared)


@pytest.mark.parametrize(("family", "size"), [(1, 1), (2, 2), (3, 3), (6, 1), (12, 1), (15, 2)])
def test_how_many_facts_are_gold(family: int, size: int) -> None:
    assert {len(p.trace.facts) for p in problems(stories(family, 30), family)} == {size}


@pytest.mark.parametrize("family", FAMILIES)
def test_a_written_file_is_read_back_by_the_loader(family: int, tmp_path: Path) -> None:
    made = stories(family, 25)
    lines = [line for s in made for line in write_story(s)]
    file = tmp_path / f"qa{family}_{NAMES[family]}_world.txt"
    file.write_text("".join(lines), encoding="utf-8", newline="\n")
    assert [without_lines(s) for s in read_stories(lines, "f")] == [without_lines(s) for s in made]
    loaded = list(load_strict(TASK, [str(tmp_path)]))
    assert len(loaded) == 25 * 5
    ours = [p for i, s in enumerate(made) for p in story_problems(s, family, f"{file.stem}/{i}", file.name)]
    assert [p.model_copy(update={"source": ""}) for p in loaded] == [p.model_copy(update={"source": ""}) for p in ours]
    assert all(lines[int(p.source.rpartition(":")[2]) - 1].split(" ", 1)[1].startswith(p.question) for p in loaded)


def openings(made: list[Story]) -> set[tuple[str, ...]]:
    return {tuple(line.text for line in s if isinstance(line, FactLine))[:2] for s in made}


def texts(made: list[Story], family: int) -> set[tuple[str, ...]]:
    return {(*(f.text for f in p.context), p.question) for p in problems(made, family)}


@pytest.mark.parametrize("family", FAMILIES)
def test_no_problem_of_a_study_can_be_met_in_pretraining(family: int) -> None:
    study = [s for seed in (0, 1) for s in stories(family, 100, seed)]
    pretraining = [s for seed in (0, 2) for s in stories(family, 400, seed, "pretraining")]
    assert {part_of(s) for s in study} == {"study"}
    assert {part_of(s) for s in pretraining} == {"pretraining"}
    assert not openings(study) & openings(pretraining)
    assert len(texts(study, family)) > 400
    assert not texts(study, family) & texts(pretraining, family)


def test_yes_and_no_are_balanced() -> None:
    answers = Counter(p.answer.values[0] for p in problems(stories(6, 200), 6))
    assert set(answers) == {"yes", "no"}
    assert 0.4 < answers["yes"] / answers.total() < 0.6


@pytest.mark.parametrize(("family", "kinds"), [(1, 6), (2, 6), (3, 6), (12, 6), (15, 4)])
def test_no_answer_is_given_away_by_its_frequency(family: int, kinds: int) -> None:
    answers = Counter(p.answer for p in problems(stories(family, 120), family))
    assert len(answers) == kinds
    assert all(isinstance(answer, Answer) and len(answer.values) == 1 for answer in answers)
    assert max(answers.values()) < 1.6 * answers.total() / kinds
    assert min(answers.values()) > 0.5 * answers.total() / kinds


def rounds(made: Story) -> list[tuple[int, int]]:
    """(facts, questions after them), as often as questions follow facts."""
    counted: list[list[int]] = []
    asked = True
    for line in made:
        is_fact = isinstance(line, FactLine)
        if is_fact and asked:
            counted.append([0, 0])
        counted[-1][0 if is_fact else 1] += 1
        asked = not is_fact
    return [(facts, questions) for facts, questions in counted]


@pytest.mark.parametrize("family", [f for f in FAMILIES if f != 15])
@given(questions=st.integers(1, 9), between=st.integers(1, 8), at_once=st.integers(1, 4), index=st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_the_dials_say_how_many_questions_and_facts(
    family: int, questions: int, between: int, at_once: int, index: int
) -> None:
    counted = rounds(story(family, 0, index, Dials(questions, between, at_once)))
    asked = [n for _, n in counted]
    full, rest = divmod(questions, at_once)
    assert asked == [at_once] * full + [rest] * (rest > 0)
    facts = [n for n, _ in counted]
    if family in (1, 12):
        assert facts == [between] * len(facts)
    else:
        assert min(facts) >= between


@pytest.mark.parametrize("family", [1, 2, 6, 12])
def test_what_is_asked_about_changed_lately(family: int) -> None:
    dials = Dials(questions=3, facts_between=12, questions_at_once=3, recency=4)
    for problem in problems(stories(family, 40, dials=dials), family):
        assert problem.trace.facts[0] in [fact.id for fact in problem.context[-4:]]


def handled(dials: Dials) -> float:
    facts = [line.text for s in stories(2, 40, dials=dials) for line in s if isinstance(line, FactLine)]
    return sum(any(f" {verb} " in text for verb in (*GRABS, *DROPS)) for text in facts) / len(facts)


def test_things_change_hands_as_often_as_the_dial_says() -> None:
    shares = [handled(Dials(facts_between=12, handling=chance)) for chance in (0.1, 0.4, 0.9)]
    assert shares == sorted(shares)
    assert shares[0] < 0.15 < 0.3 < shares[2]
    assert handled(Dials(facts_between=12)) == shares[1]


def test_deduction_has_eight_facts_and_then_the_questions() -> None:
    assert rounds(story(15, 0, 0, Dials(questions=6, facts_between=2))) == [(8, 6)]


def test_people_who_move_together_are_two() -> None:
    facts = [line.text for s in stories(12, 20) for line in s if isinstance(line, FactLine)]
    assert all(" and " in text for text in facts)
