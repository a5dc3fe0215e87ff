"""bAbI files as problems."""

from collections import Counter
from pathlib import Path

import pytest

from tracekd.errors import UserError
from tracekd.problem import Answer
from tracekd.tasks import get_task
from tracekd.tasks.babi import TASK
from tracekd.tasks.babi.answers import read_answer
from tracekd.tasks.babi.families import FAMILIES, LABELS
from tracekd.tasks.loading import load_strict

REAL = Path(__file__).parents[2].parent / "shared/data/babi/en"
STORY = "1 Mary moved to the bathroom.\n2 Where is Mary? \tbathroom\t1\n"


def write(folder: Path, name: str, text: str = STORY) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return folder / name


def test_a_question_sees_only_the_facts_before_it(tmp_path: Path) -> None:
    text = (
        "1 Mary moved to the bathroom.\n"
        "2 John went to the hallway.\n"
        "3 Where is Mary? \tbathroom\t1\n"
        "4 Mary went to the hallway.\n"
        "5 Where is Mary? \thallway\t4\n"
        "6 Where is John? \thallway\t2\n"
    )
    first, second, third = load_strict(TASK, [str(write(tmp_path, "qa1_a.txt", text))])
    assert [fact.id for fact in first.context] == ["1", "2"]
    assert [fact.id for fact in second.context] == ["1", "2", "4"] == [fact.id for fact in third.context]
    assert second.texts(second.trace.facts) == ("Mary went to the hallway.",)
    assert [p.id for p in (first, second, third)] == ["qa1_a/0/3", "qa1_a/0/5", "qa1_a/0/6"]
    assert {p.group for p in (first, second, third)} == {"qa1_a/0"}
    assert third.source == "qa1_a.txt:6"
    assert third.label == "single-supporting-fact"


def test_stories_are_groups_of_their_own(tmp_path: Path) -> None:
    problems = list(load_strict(TASK, [str(write(tmp_path, "qa1_a.txt", STORY * 3))]))
    assert [p.group for p in problems] == ["qa1_a/0", "qa1_a/1", "qa1_a/2"]
    assert len({p.id for p in problems}) == 3
    assert [p.source for p in problems] == ["qa1_a.txt:2", "qa1_a.txt:4", "qa1_a.txt:6"]


def test_a_sentence_may_be_repeated(tmp_path: Path) -> None:
    (problem,) = load_strict(TASK, [str(write(tmp_path, "qa1_a.txt", "1 A.\n2 A.\n3 Which?\ta\t2\n"))])
    assert [(fact.id, fact.text) for fact in problem.context] == [("1", "A."), ("2", "A.")]
    assert problem.trace.facts == ("2",)


def test_a_folder_is_read_by_number_of_the_family(tmp_path: Path) -> None:
    for name in ("qa10_b.txt", "qa2_b.txt", "qa2_a.txt", "qa1_z.txt"):
        write(tmp_path, name)
    assert [p.source for p in load_strict(TASK, [str(tmp_path)])] == [
        "qa1_z.txt:2",
        "qa2_a.txt:2",
        "qa2_b.txt:2",
        "qa10_b.txt:2",
    ]


def test_foreign_files_in_a_folder_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "qa1_a.txt")
    for name in ("README.txt", "qa1_a.txt.bak", "qa_1.txt", "notes.md"):
        write(tmp_path, name, "no story\n")
    write(tmp_path / "deeper", "qa2_a.txt")
    assert [p.source for p in load_strict(TASK, [str(tmp_path)])] == ["qa1_a.txt:2"]


@pytest.mark.parametrize("name", ["qa21_a.txt", "qa0_a.txt", "stories.txt", "qa1.txt"])
def test_a_name_that_says_no_family_is_refused(tmp_path: Path, name: str) -> None:
    file = write(tmp_path, name)
    with pytest.raises(UserError, match=r"which bAbI task") as caught:
        list(load_strict(TASK, [str(file)]))
    assert caught.value.where == str(file)


def test_a_missing_source_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file or folder") as caught:
        list(load_strict(TASK, [str(tmp_path / "nowhere")]))
    assert caught.value.where == str(tmp_path / "nowhere")


def test_a_folder_without_bAbI_files_is_refused(tmp_path: Path) -> None:  # noqa: N802
    write(tmp_path, "README.txt")
    with pytest.raises(UserError, match="no bAbI file"):
        list(load_strict(TASK, [str(tmp_path)]))


def test_a_folder_with_the_name_of_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "qa1_a.txt").mkdir()
    with pytest.raises(UserError) as caught:
        list(load_strict(TASK, [str(tmp_path)]))
    assert caught.value.where == str(tmp_path / "qa1_a.txt")


def test_a_fault_names_its_own_file(tmp_path: Path) -> None:
    write(tmp_path, "qa1_a.txt")
    faulty = write(tmp_path, "qa2_a.txt", STORY + "1 Mary moved to the bathroom.\n2 Where is Mary?\tbathroom\t7\n")
    with pytest.raises(UserError, match="supporting id 7") as caught:
        list(load_strict(TASK, [str(tmp_path)]))
    assert caught.value.where == f"{faulty}:4"


@pytest.mark.parametrize(
    ("text", "family", "answer"),
    [
        ("bathroom", 1, Answer(kind="one_of", values=("bathroom",))),
        ("nothing", 8, Answer(kind="set", values=())),
        ("apple", 8, Answer(kind="set", values=("apple",))),
        ("milk,apple", 8, Answer(kind="set", values=("milk", "apple"))),
        ("s,e", 19, Answer(kind="path", values=("s", "e"))),
        ("none", 7, Answer(kind="one_of", values=("none",))),
        ("nothing", 1, Answer(kind="one_of", values=("nothing",))),
        ("a,b", 1, Answer(kind="one_of", values=("a,b",))),
    ],
)
def test_answers_compare_as_their_family_says(text: str, family: int, answer: Answer) -> None:
    assert read_answer(text, family) == answer


def test_the_family_of_the_file_decides_how_answers_compare(tmp_path: Path) -> None:
    story = "1 Daniel took the apple.\n2 What is Daniel carrying?\tapple,milk\t1\n3 And now?\tnothing\t1\n"
    kinds = [
        (p.answer.kind, p.answer.values) for p in load_strict(TASK, [str(write(tmp_path, "qa8_lists-sets.txt", story))])
    ]
    assert kinds == [("set", ("apple", "milk")), ("set", ())]
    path = "1 A is north of B.\n2 How do you go?\ts,e\t1\n"
    (problem,) = load_strict(TASK, [str(write(tmp_path, "qa19_path-finding.txt", path))])
    assert (problem.answer.kind, problem.answer.values) == ("path", ("s", "e"))


def test_there_are_twenty_classes() -> None:
    assert sorted(FAMILIES) == list(range(1, 21))
    assert len(set(LABELS)) == 20
    assert get_task("babi").labels == LABELS


def test_an_unknown_task_is_named_with_the_nearest() -> None:
    assert get_task("babi").name == "babi"
    with pytest.raises(UserError, match="did you mean 'babi'"):
        get_task("bAbl")


@pytest.mark.skipif(not REAL.is_dir(), reason="the real bAbI files are not on this machine")
def test_the_real_files_are_read_whole() -> None:
    problems = list(load_strict(TASK, [str(REAL)]))
    assert Counter(p.label for p in problems) == dict.fromkeys(LABELS, 1000)
    assert len({p.id for p in problems}) == 20_000
    assert [p.label for p in problems[::1000]] == list(LABELS)
    assert len({p.source.partition(":")[0] for p in problems}) == 20
    assert max(len(p.context) for p in problems) > 200
    assert all(set(p.trace.facts) <= {fact.id for fact in p.context} for p in problems)
    by_label = {label: [p for p in problems if p.label == label] for label in LABELS}
    assert {p.answer.kind for p in by_label["path-finding"]} == {"path"}
    assert sum(not p.answer.values for p in by_label["lists-sets"]) == 344
    assert len({p.group for p in by_label["basic-deduction"]}) == 250
