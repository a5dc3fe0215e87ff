"""The problems of a study: split by story, nothing on both sides, the same for every regime."""

import json
from collections import Counter
from pathlib import Path

import pytest

from tracekd.errors import UserError
from tracekd.files import write_jsonl
from tracekd.pretraining.stories import Dials, part_of_opening, story
from tracekd.problem import Problem
from tracekd.randomness import share
from tracekd.regimes import Setting, Unsupported, draw_trace
from tracekd.study.config import Sizes, Student, Study, TaskSource
from tracekd.study.problems import (
    PRETRAINED,
    SIDES,
    UNREAD,
    SplitReport,
    make_world,
    prepare,
    setting_of,
    source_name,
    text_of,
)
from tracekd.tasks.babi import TASK
from tracekd.tasks.babi.families import FAMILIES, LABELS
from tracekd.tasks.babi.story_format import write_story
from tracekd.tasks.loading import load_strict
from tracekd.teacher.texts import KeptText

Sides = dict[str, list[Problem]]
ALL = ("answer_only", "correct", "incorrect")
MANY = Sizes(train=10**6, validation=10**6, test=10**6)


def write(folder: Path, family: int, stories: int, copies: int = 1, facts_between: int = 2) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    made = [story(family, 1, i, Dials(questions=3, facts_between=facts_between)) for i in range(stories)]
    text = "".join(line for _ in range(copies) for s in made for line in write_story(s))
    (folder / f"qa{family}_{FAMILIES[family]}_train.txt").write_text(text, encoding="utf-8", newline="\n")
    return folder


def a_study(folder: Path, regimes: tuple[str, ...] = ALL, sizes: Sizes = MANY, **given: object) -> Study:
    task = {key: given.pop(key) for key in TaskSource.model_fields if key in given}  # also the name, that of the task
    return Study(
        name="t",
        regimes=regimes,
        sizes=sizes,
        task=TaskSource(**{"source": str(folder), **task}),  # type: ignore[arg-type]
        students=(Student(name="s"),),
        **given,  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("source")
    for family, stories in ((1, 200), (2, 200), (6, 150), (15, 150)):
        write(folder, family, stories)
    return folder


def ids(problems: list[Problem]) -> list[str]:
    return [problem.id for problem in problems]


def pairs_of_sides(sides: Sides) -> list[tuple[list[Problem], list[Problem]]]:
    return [(sides[a], sides[b]) for i, a in enumerate(SIDES) for b in SIDES[i + 1 :]]


def test_no_story_is_on_two_sides(source: Path) -> None:
    sides, report = prepare(a_study(source), source)
    assert all(sides[side] for side in SIDES)
    for one, other in pairs_of_sides(sides):
        assert not {p.group for p in one} & {p.group for p in other}
    assert report.groups == {side: len({p.group for p in sides[side]}) for side in SIDES}


def test_no_text_is_on_two_sides_even_if_the_source_repeats_itself(tmp_path: Path) -> None:
    write(tmp_path, 1, 60, copies=4)
    write(tmp_path, 15, 40, copies=3)
    everything = list(load_strict(TASK, [str(tmp_path)]))
    sides, report = prepare(a_study(tmp_path), tmp_path)
    for one, other in pairs_of_sides(sides):
        assert not {text_of(p) for p in one} & {text_of(p) for p in other}
    repeated = [reason for reason in report.left_out if "same text" in reason]
    assert set(repeated) == {f"{side}: the same text is on another side" for side in ("validation", "train")}
    # Nothing else was lost: without a limit, each text that some regime does not rule out is on exactly one side.
    usable: set[str] = set()
    setting = setting_of(a_study(tmp_path), sorted({p.label for p in everything}))
    for problem in everything:
        if text_of(problem) not in usable and supported(problem, a_study(tmp_path), setting):
            usable.add(text_of(problem))
    assert {text_of(p) for side in SIDES for p in sides[side]} == usable


def supported(problem: Problem, study: Study, setting: Setting) -> bool:
    try:
        for regime in study.regimes:
            draw_trace(problem, regime, setting, study.data_seed)
    except Unsupported:
        return False
    return True


def test_the_test_side_stays_what_it_is_when_duplicates_are_left_out(tmp_path: Path) -> None:
    once, twice = write(tmp_path / "once", 1, 80), write(tmp_path / "twice", 1, 80, copies=2)
    first, _ = prepare(a_study(once, ("correct",)), once)
    second, _ = prepare(a_study(twice, ("correct",)), twice)
    assert set(ids(first["test"])) <= set(ids(second["test"]))


@pytest.mark.parametrize("test", [4, 10, 30])
def test_sizes_are_kept_and_even_over_the_classes(source: Path, test: int) -> None:
    sides, report = prepare(a_study(source, sizes=Sizes(train=100, validation=6, test=test)), source)
    assert [len(sides[side]) for side in SIDES] == [test, 6, 100]
    for side in SIDES:
        counts = Counter(p.label for p in sides[side])
        assert len(counts) == 4
        assert max(counts.values()) - min(counts.values()) <= 1
        assert report.sides[side] == dict(sorted(counts.items()))


def test_a_class_that_runs_short_is_not_made_up_for_by_others(tmp_path: Path) -> None:
    write(tmp_path, 1, 200)
    write(tmp_path, 15, 10)
    sides, _ = prepare(a_study(tmp_path, sizes=Sizes(train=80, validation=8, test=20)), tmp_path)
    counts = Counter(p.label for p in sides["train"])
    assert counts["single-supporting-fact"] == 40
    assert 0 < counts["basic-deduction"] < 40


def test_more_training_does_not_change_the_other_sides(source: Path) -> None:
    small, large = (
        prepare(a_study(source, sizes=Sizes(train=train, validation=8, test=20)), source)[0] for train in (20, 200)
    )
    for side in ("test", "validation"):
        assert ids(small[side]) == ids(large[side])
    assert set(ids(small["train"])) < set(ids(large["train"]))


def test_more_testing_adds_to_the_test_side(source: Path) -> None:
    small, large = (prepare(a_study(source, sizes=Sizes(test=test)), source)[0] for test in (20, 40))
    assert set(ids(small["test"])) < set(ids(large["test"]))


def test_a_sample_is_drawn_from_all_over_the_source(source: Path) -> None:
    sides, _ = prepare(a_study(source, sizes=Sizes(train=40)), source)
    numbers = [int(p.group.rpartition("/")[2]) for p in sides["train"] if p.label == FAMILIES[1]]
    assert len(numbers) == 10
    assert max(numbers) > 100, "not just the first stories"
    labels = [p.label for p in sides["train"]]
    assert labels != sorted(labels), "not class by class"


def test_more_stories_change_no_side_of_the_others(tmp_path: Path) -> None:
    """A story's side hangs on itself alone."""
    few, many = write(tmp_path / "few", 15, 90), write(tmp_path / "many", 15, 120)
    write(few, 1, 20)
    write(many, 1, 20)
    first, second = (prepare(a_study(folder), folder)[0] for folder in (few, many))
    for side in SIDES:
        assert set(ids(first[side])) <= set(ids(second[side]))


def test_a_preparation_is_deterministic_and_hangs_on_the_data_seed(source: Path) -> None:
    first, report = prepare(a_study(source), source)
    again, report_again = prepare(a_study(source), source)
    assert (first, report) == (again, report_again)
    other, _ = prepare(a_study(source, data_seed=1), source)
    assert {p.group for p in other["test"]} != {p.group for p in first["test"]}


def test_the_seeds_and_students_have_no_say(source: Path) -> None:
    first, _ = prepare(a_study(source), source)
    other, _ = prepare(a_study(source, seeds=(5, 6)), source)
    assert first == other


def test_the_shares_of_the_sides(source: Path) -> None:
    groups = {p.group for p in load_strict(TASK, [str(source)])}
    tests = sum(share(0, group, "split") < 0.25 for group in groups)
    assert 0.15 < tests / len(groups) < 0.35
    sides, _ = prepare(a_study(source), source)
    assert all(share(0, p.group, "split") < 0.25 for p in sides["test"])
    assert all(share(0, p.group, "split") >= 0.3 for p in sides["train"])


def test_longer_stories_are_left_out_and_counted(source: Path) -> None:
    everything = list(load_strict(TASK, [str(source)]))
    sides, report = prepare(a_study(source, ("correct",), most_facts=4), source)
    assert all(len(p.context) <= 4 for side in SIDES for p in sides[side])
    longer = Counter(p.label for p in everything if len(p.context) > 4)
    assert report.left_out["more than 4 facts"] == dict(longer)
    assert "basic-deduction" not in {p.label for side in SIDES for p in sides[side]}


def test_what_one_regime_cannot_support_is_left_out_for_all(source: Path) -> None:
    """Of three facts, two of them gold, no two are wrong."""
    everything = list(load_strict(TASK, [str(source)]))
    short = {p.id for p in everything if p.label == FAMILIES[2] and len({fact.text for fact in p.context}) < 4}
    assert len(short) > 10
    with_wrong, report = prepare(a_study(source), source)
    without, _ = prepare(a_study(source, ("answer_only", "correct")), source)
    assert not short & {i for side in SIDES for i in ids(with_wrong[side])}
    assert short & {i for side in SIDES for i in ids(without[side])}
    reason = "incorrect: too few facts that are not gold"
    assert report.left_out[reason] == {FAMILIES[2]: len(short)}
    setting = setting_of(a_study(source), report.labels)
    for problem in with_wrong["train"]:
        for regime in ALL:
            draw_trace(problem, regime, setting, 0)


def test_swapped_traces_come_from_the_training_side_alone(source: Path) -> None:
    study = a_study(source, ("correct", "swapped(other_class)"))
    sides, report = prepare(study, source)
    train = {problem.id: problem for problem in load_strict(TASK, [str(source)])}
    held_out = {problem.group for side in ("test", "validation") for problem in sides[side]}
    assert report.donors and all(donor.id in train for donor in report.donors)
    assert held_out and held_out.isdisjoint(donor.group for donor in report.donors)
    setting = setting_of(study, report.labels, SplitReport.model_validate_json(report.model_dump_json()).donors)
    lent = {donor.texts for donor in report.donors}
    for problem in sides["train"][:50]:
        trace = draw_trace(problem, "swapped(other_class)", setting, 0)
        assert trace is not None and trace.label != problem.label
        assert {step.texts for step in trace.steps if step.kind == "quote"} <= lent
    assert prepare(a_study(source, ("correct",)), source)[1].donors == ()


def test_only_problems_whose_teacher_was_right_are_studied(source: Path, tmp_path: Path) -> None:
    some = list(load_strict(TASK, [str(source)]))[::3]
    kept = [KeptText(id=p.id, kind="trace", text="I looked it up.", answer="a", model="m", tokens=4) for p in some]
    write_jsonl(tmp_path / "kept" / "trace.jsonl", kept)
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    study = a_study(source, ("correct", "teacher"), teacher=str(tmp_path))
    sides, report = prepare(study, source)
    assert {i for side in SIDES for i in ids(sides[side])} <= {p.id for p in some}
    assert sum(report.left_out["teacher: no teacher's trace was kept"].values()) > len(some)
    with pytest.raises(UserError, match="no teacher's texts of the kind 'trace'"):
        prepare(a_study(source, ("teacher",)), source)


def test_every_problem_is_on_a_side_or_counted(source: Path) -> None:
    sides, report = prepare(a_study(source), source)
    kept = Counter(p.label for side in SIDES for p in sides[side])
    left = Counter[str]()
    for counts in report.left_out.values():
        left.update(counts)
    assert kept + left == Counter(report.loaded) == Counter(p.label for p in load_strict(TASK, [str(source)]))


def test_the_labels_are_those_of_the_source(source: Path) -> None:
    _, report = prepare(a_study(source), source)
    assert report.labels == tuple(sorted(FAMILIES[number] for number in (1, 2, 6, 15)))


def test_only_the_families_that_are_named_are_taken(source: Path) -> None:
    families = (FAMILIES[15], FAMILIES[1])
    sides, report = prepare(a_study(source, classes=families), source)
    assert {p.label for side in SIDES for p in sides[side]} == set(families) == set(report.labels)


def test_a_family_that_the_source_has_not_is_named(source: Path) -> None:
    with pytest.raises(UserError, match="no problem of counting"):
        prepare(a_study(source, classes=(FAMILIES[1], FAMILIES[7])), source)


def test_a_source_without_questions_is_refused(tmp_path: Path) -> None:
    (tmp_path / "qa1_a.txt").write_text("1 Mary went to the office.\n", encoding="utf-8")
    with pytest.raises(UserError, match="any class"):
        prepare(a_study(tmp_path), tmp_path)


def test_a_side_that_comes_out_empty_is_named_with_the_reasons(source: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no problem is left for the test side") as caught:
        prepare(a_study(source, most_facts=1), source)
    assert "more than 1 facts" in (caught.value.expected or "")
    write(tmp_path, 1, 1)
    with pytest.raises(UserError, match="no problem is left for the"):
        prepare(a_study(tmp_path, ("correct",)), tmp_path)


def test_one_class_alone_has_no_wrong_class(tmp_path: Path) -> None:
    write(tmp_path, 1, 80)
    with pytest.raises(UserError) as caught:
        prepare(a_study(tmp_path), tmp_path)
    assert "no other class" in (caught.value.expected or "")
    assert prepare(a_study(tmp_path, ("correct",)), tmp_path)[1].labels == (FAMILIES[1],)


def test_a_faulty_source_is_named_by_file_and_line_if_reading_is_strict(tmp_path: Path) -> None:
    (tmp_path / "qa1_a.txt").write_text("1 Mary went to the office.\n2 Where is Mary?\toffice\t4\n", encoding="utf-8")
    with pytest.raises(UserError) as caught:
        prepare(a_study(tmp_path, strict=True), tmp_path)
    assert caught.value.where == f"{tmp_path / 'qa1_a.txt'}:2"


def test_faulty_records_are_otherwise_left_out_counted_and_listed(tmp_path: Path) -> None:
    write(tmp_path, 1, 80)
    write(tmp_path, 15, 80)
    faulty = tmp_path / "qa2_a.txt"
    faulty.write_text("1 Mary went to the office.\n2 Where is Mary?\toffice\t4\n", encoding="utf-8")
    _, report = prepare(a_study(tmp_path), tmp_path)
    (skipped,) = report.skipped
    assert skipped.where == f"{faulty}:2"
    assert report.left_out[f"skipped: {skipped.reason}"] == {UNREAD: 1}


def test_a_subset_is_what_the_task_says(tmp_path: Path) -> None:
    write(tmp_path, 1, 120)
    write(tmp_path, 15, 120)
    _, whole = prepare(a_study(tmp_path), tmp_path)
    _, firsts = prepare(a_study(tmp_path, subset="paper"), tmp_path)
    assert firsts.loaded == {FAMILIES[1]: 120, FAMILIES[15]: 120}
    assert whole.loaded[FAMILIES[1]] > 120


def test_traces_cite_the_kind_of_support_that_is_asked_for(tmp_path: Path) -> None:
    for label in ("equal", "overlap"):
        (tmp_path / f"{label}.json").write_text("".join(cotemporal(label, i) for i in range(120)), encoding="utf-8")
    for kind, places in ((None, ("2",)), ("full_support", ("1", "2"))):
        sides, _ = prepare(a_study(tmp_path, name="cotempqa", support=kind), tmp_path)
        assert {p.trace.facts for side in SIDES for p in sides[side]} == {places}


def test_problems_that_are_tied_together_are_one_group(tmp_path: Path) -> None:
    for label in ("equal", "overlap"):
        rows = (cotemporal(label, i) + cotemporal(label, i, mirrored=True) for i in range(120))
        (tmp_path / f"{label}.json").write_text("".join(rows), encoding="utf-8")
    sides, report = prepare(a_study(tmp_path, name="cotempqa"), tmp_path)
    assert sum(report.loaded.values()) == 480
    by_group = Counter(p.group for side in SIDES for p in sides[side])
    assert set(by_group.values()) == {2}
    for first, second in pairs_of_sides(sides):
        assert not {p.group for p in first} & {p.group for p in second}


def cotemporal(label: str, number: int, mirrored: bool = False) -> str:
    """A question about two events of one made-up person, or the other question about the same two."""
    times = {"equal": ("2001", "2004"), "overlap": ("2002", "2006")}[label]
    places = (f"Mill {label} {number}", f"Dock {label} {number}")
    facts = [
        f"Ida {number} worked for {places[0]} from 2001 to 2004.",
        f"Ida {number} worked for {places[1]} from {times[0]} to {times[1]}.",
        f"Ida {number} worked for Tern {label} {number} from 1980 to 1982.",
        f"Ida {number} worked for Gull {label} {number} from 1983 to 1985.",
        f"Ida {number} worked for Rook {label} {number} from 1986 to 1988.",
    ]
    anchor, answer = reversed(places) if mirrored else places
    question = (
        f"While Ida {number} was working for {anchor}, which employer did Ida {number} work for at the same time?"
    )
    return json.dumps({"index": number, "question": question, "facts": facts, "answer": [answer]}) + "\r\n"


def test_a_world_is_written_as_official_files(tmp_path: Path) -> None:
    families = (FAMILIES[15], FAMILIES[2])
    world = TaskSource(classes=families, questions=36, dials={"questions": 3})
    make_world(world, 7, tmp_path)
    problems = list(load_strict(TASK, [str(tmp_path)]))
    assert Counter(p.label for p in problems) == dict.fromkeys(families, 36)
    assert set(Counter(p.group for p in problems).values()) == {3}
    assert source_name(world, tmp_path) == str(tmp_path)


def test_a_world_has_all_its_classes_unless_some_are_named(tmp_path: Path) -> None:
    make_world(TaskSource(questions=2), 0, tmp_path)
    assert {p.label for p in load_strict(TASK, [str(tmp_path)])} == set(LABELS)


def test_stories_that_pretraining_may_have_met_are_left_out_whole_and_counted(tmp_path: Path) -> None:
    classes = (FAMILIES[1], FAMILIES[15])
    source = TaskSource(classes=classes, questions=3000)
    make_world(source, 0, tmp_path)
    study = a_study(tmp_path, source="world", classes=classes, questions=3000)
    sides, report = prepare(study, tmp_path)
    assert {label: report.left_out[PRETRAINED][label] for label in classes} == {
        label: 3000 - report.loaded[label] for label in classes
    }
    for problem in (p for side in SIDES for p in sides[side]):
        assert part_of_opening([fact.text for fact in problem.context[:2]]) == "study"


def test_problems_of_a_world_carry_all_their_supports(tmp_path: Path) -> None:
    make_world(TaskSource(classes=(FAMILIES[7], FAMILIES[8]), questions=3000), 0, tmp_path)
    study = a_study(tmp_path, ("correct",), source="world", classes=(FAMILIES[7], FAMILIES[8]), questions=3000)
    sides, _ = prepare(study, tmp_path)
    assert any(problem.alternatives for problem in sides["train"])


def test_a_world_of_another_task_goes_the_same_road(tmp_path: Path) -> None:
    make_world(TaskSource(name="cotempqa", questions=120), 0, tmp_path)
    _, report = prepare(a_study(tmp_path, source="world", name="cotempqa", questions=120), tmp_path)
    assert set(report.labels) == {"equal", "during", "overlap", "mix"}
    assert PRETRAINED not in report.left_out
