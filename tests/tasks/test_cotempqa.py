"""CoTempQA files as problems."""

import csv
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracekd.errors import UserError
from tracekd.problem import Problem
from tracekd.sft.example import build_example
from tracekd.tasks.cotempqa import TASK
from tracekd.tasks.cotempqa.load import CotempRecord, label_of_name
from tracekd.tasks.cotempqa.sentences import parse_facts, parse_question
from tracekd.tasks.loading import load, load_strict
from tracekd.tasks.reading.fault import Skipped
from tracekd.tasks.reading.record import Record

REAL = Path(__file__).parents[2].parent / "shared/data/cotempqa"
real = pytest.mark.skipif(not REAL.is_dir(), reason="the real CoTempQA files are not on this machine")

ROW: dict[str, Any] = {
    "index": 0,
    "triple_element": "S2_R1_O1",
    "question": "While Tern FM was owned by Ørsted's \"Box\" Inc., who was also owned by Ørsted's \"Box\" Inc. concurrently?",
    "facts": [
        "Tern FM is owned by Ørsted's \"Box\" Inc. from 2019 to 2022.",
        "Gull\u00a0TV is owned by Ørsted's \"Box\" Inc. from 2019 to 2022.",
        "Owl's  Nest is owned by Ørsted's \"Box\" Inc. in March, 2015.",
    ],
    "answer": ["Gull\u00a0TV"],
}  # fmt: skip
OTHER: dict[str, Any] = {
    "index": 0,
    "triple_element": None,
    "question": "While Ida Moss was a member of independent politician, which political party did Ida Moss belong to "
    "at the same time?",
    "facts": [
        "Ida Moss is a member of the Lantern Party in March 11, 2019.",
        "Ida Moss is a member of the independent politician in March 11, 2019.",
    ],
    "answer": ["Lantern Party"],
}


def lines(*rows: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(row).encode("ascii") + b"\r\n" for row in rows)


def write(file: Path, *rows: dict[str, Any]) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(lines(*rows))
    return file


def write_csv(file: Path, *rows: dict[str, Any]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return file


def as_text(row: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**row, "facts": str(row["facts"]), "answer": str(row["answer"]), **more}


def as_prompt(row: dict[str, Any]) -> str:
    return f"Answer the question based on the context:\n{row['facts']}\nQuestion: {row['question']} Only return the answer.\n"


def problems(file: Path) -> list[Problem]:
    return list(load_strict(TASK, [str(file)]))


def reasons(*sources: Path) -> list[str]:
    found = load(TASK, map(str, sources))
    return [skipped.reason for skipped in found if isinstance(skipped, Skipped)]


def test_json_lines_with_carriage_returns(tmp_path: Path) -> None:
    first, second = problems(write(tmp_path / "equal.json", ROW, OTHER))
    assert first.question == ROW["question"]
    assert [fact.text for fact in first.context] == ROW["facts"]
    assert [fact.id for fact in first.context] == ["1", "2", "3"]
    assert (first.answer.kind, first.answer.values, first.answer.written) == ("set", ("Gull\u00a0TV",), "list")
    assert (first.label, first.source, second.source) == ("equal", "equal.json:1", "equal.json:2")
    assert first.support["full_support"] == ("1", "2")
    assert second.support == {"support": ("1",), "full_support": ("2", "1"), "answer_facts": ("1",)}


def test_the_index_is_no_key(tmp_path: Path) -> None:
    write(tmp_path / "a/equal.json", ROW, OTHER)
    write(tmp_path / "b/equal.json", {**OTHER, "index": 3491})
    ids = [found.id for found in problems(tmp_path / "a")]
    assert len(set(ids)) == 2
    assert [found.id for found in problems(tmp_path / "b")] == ids[1:]
    assert reasons(tmp_path / "a", tmp_path / "b") == ["duplicate id"]


def test_every_format_gives_the_same_problem(tmp_path: Path) -> None:
    (expected,) = problems(write(tmp_path / "equal.json", ROW))
    columns = ("triple_element", "facts", "question", "answer")
    bare = {key: as_text(ROW)[key] for key in columns}
    sentence = "The temporal relation between the event in question and the event in context is: equal.\n"
    files = [
        write_csv(tmp_path / "equal_test.csv", bare),
        write_csv(tmp_path / "train.csv", {**bare, "question": as_prompt(ROW), "reasoning": sentence}),
        write_csv(tmp_path / "val.csv", {**bare, "class": "Equal"}),
        write(tmp_path / "rows.jsonl", as_text(ROW, label="equal", question=as_prompt(ROW))),
        write(tmp_path / "equal.inference.json", as_text(ROW, question=as_prompt(ROW).replace("? Only", "?\nOnly"))),
        write(tmp_path / "x.json", {**ROW, "category": "equal", "reasoning": None}),
        write(tmp_path / "y.json", {**ROW, "type": " EQUAL "}),
    ]
    (tmp_path / "equal_array.json").write_text(json.dumps([ROW]), encoding="utf-8")
    for file in [*files, tmp_path / "equal_array.json"]:
        (found,) = problems(file)
        assert found.model_copy(update={"source": expected.source}) == expected, file.name


def test_lists_in_csv_files_mix_their_quotes(tmp_path: Path) -> None:
    row = as_text(ROW, facts=str([*ROW["facts"], "It's A is owned by B in 1.", 'Say "A" is owned by B in 1.']))
    (found,) = problems(write_csv(tmp_path / "equal.csv", row))
    assert [fact.text for fact in found.context][3:] == ["It's A is owned by B in 1.", 'Say "A" is owned by B in 1.']


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("equal", "equal"),
        ("mix_val", "mix"),
        ("CoTempQA-During.test", "during"),
        ("2_overlap_20", "overlap"),
        ("equal_and_mix", None),
        ("mixed", None),
        ("train", None),
    ],
)
def test_the_name_of_a_file_may_state_the_class(name: str, label: str | None) -> None:
    assert label_of_name(name) == label


def test_the_class_is_stated_once_or_the_same_way(tmp_path: Path) -> None:
    assert reasons(write(tmp_path / "test.json", ROW)) == ["no class"]
    assert reasons(write(tmp_path / "equal.json", {**ROW, "label": "mix"})) == ["class disagrees with the file's name"]
    assert reasons(write(tmp_path / "test.json", {**ROW, "label": "before"})) == ["unknown class"]
    assert reasons(write(tmp_path / "test.json", {**ROW, "reasoning": "No such sentence: equal."})) == ["no class"]
    (found,) = problems(write(tmp_path / "equal.json", {**ROW, "label": ""}))
    assert found.label == "equal"


def test_on_the_hub_a_configuration_or_a_split_may_state_the_class(monkeypatch: pytest.MonkeyPatch) -> None:
    def rows(source: str) -> list[Record]:
        return [Record(Path(f"hub:some/CotempQA/{part}"), 1, 0, ROW) for part in ("equal/train", "default/mix")]

    monkeypatch.setattr("tracekd.tasks.reading.source.records", rows)
    assert [found.label for found in load_strict(TASK, ["hub:some/CotempQA"])] == ["equal", "mix"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"facts": [*ROW["facts"], "Tern FM is a good station."]}, "fact does not parse"),
        ({"facts": [*ROW["facts"], ""]}, "fact does not parse"),
        ({"facts": ROW["facts"][1:]}, "event of the question not in the facts"),
        ({"facts": []}, "empty context"),
        ({"question": "Who owned Tern FM?"}, "question does not parse"),
        ({"question": ""}, "question does not parse"),
        ({"question": "Answer the question based on the context:\n[]\n"}, "question does not parse"),
        ({"answer": []}, "no fact supports the answer"),
        ({"answer": ["Gull"]}, "no fact supports the answer"),
        ({"answer": "Gull TV"}, "malformed field"),
        ({"facts": "['Tern FM is owned by"}, "malformed field"),
        ({"facts": [1]}, "malformed field"),
        ({"question": None}, "malformed field"),
        ({"facts": ROW["facts"] * 400}, "too many facts or answers"),
        ({"answer": ["a"] * 1001}, "too many facts or answers"),
    ],
)
def test_a_record_that_is_no_problem_is_skipped_and_counted(
    tmp_path: Path, change: dict[str, Any], reason: str
) -> None:
    file = write(tmp_path / "equal.json", ROW, {**ROW, **change}, OTHER)
    found = list(load(TASK, [str(file)]))
    assert [type(entry) for entry in found] == [Problem, Skipped, Problem]
    assert isinstance(found[1], Skipped)
    assert (found[1].reason, found[1].where) == (reason, f"{file}:2")
    with pytest.raises(UserError, match=reason) as caught:
        list(load_strict(TASK, [str(file)]))
    assert caught.value.where == f"{file}:2"


@pytest.mark.parametrize(
    ("answer", "extra", "support", "fault"),
    [
        ("Owl's Nest", (), ("3",), "gold_answer_not_cotemporal"),
        ("Ada Rook", ('Ada Rook works for Ørsted\'s "Box" Inc. in 2020.',), ("4",), "gold_answer_of_another_relation"),
    ],
)
def test_a_label_that_is_at_fault_is_kept_and_told(
    tmp_path: Path, answer: str, extra: tuple[str, ...], support: tuple[str, ...], fault: str
) -> None:
    file = write(tmp_path / "equal.json", {**ROW, "facts": [*ROW["facts"], *extra], "answer": [answer]})
    (problem,) = load_strict(TASK, [str(file)])
    assert problem.trace.facts == support
    assert problem.support["full_support"] == ("1", *support)
    assert TASK.check is not None
    assert fault in TASK.check(problem).faults


def test_damaged_lines_are_skipped(tmp_path: Path) -> None:
    file = tmp_path / "equal.json"
    whole = lines(ROW)
    without = {key: value for key, value in ROW.items() if key != "answer"}
    file.write_bytes(whole[:200] + b"\r\n" + b'{"question": "\xff"}\r\n' + lines(without, OTHER) + whole[:-9])
    assert reasons(file) == ["not JSON", "not UTF-8", "missing field", "not JSON"]


def test_a_name_of_an_element_may_be_missing(tmp_path: Path) -> None:
    without = {key: ROW[key] for key in ("question", "facts", "answer")}
    assert len(problems(write(tmp_path / "equal.json", without))) == 1


def test_a_question_and_its_mirror_image_belong_together(tmp_path: Path) -> None:
    def asked(one: str) -> str:
        return f"While {one} attended Elm School, who also attended Elm School at the same time?"

    def attended(one: str) -> str:
        return f"{one} attended Elm School from 1990 to 1993."

    facts = [attended("Ida"), attended("Leo"), attended("Max"), "Una attended Oak School in 1950."]
    rows = [
        {"question": asked("Ida"), "facts": facts, "answer": ["Leo", "Max"]},
        {"question": asked("Max"), "facts": facts[::-1], "answer": ["Ida"]},
        {"question": asked("Leo"), "facts": facts[1:], "answer": ["Max"]},
    ]
    first, mirror, third = problems(write(tmp_path / "equal.json", *rows))
    assert len(first.ties) == 2
    assert set(mirror.ties) < set(first.ties)
    assert not set(third.ties) & set(first.ties)
    assert all(found.group == found.ties[0] for found in (first, mirror, third))


def test_prompts_and_traces_are_the_papers_to_the_byte(tmp_path: Path) -> None:
    (found,) = problems(write(tmp_path / "equal.json", OTHER))
    prompt = (
        "Answer the question based on the context:\n"
        "['Ida Moss is a member of the Lantern Party in March 11, 2019.', "
        "'Ida Moss is a member of the independent politician in March 11, 2019.']\n"
        "Question: While Ida Moss was a member of independent politician, which political party did Ida Moss belong to "
        "at the same time? Only return the answer.\n"
    )
    assert TASK.template.render_prompt(found) == prompt
    correct = build_example(found, found.with_support("answer_facts").trace, TASK.template)
    assert correct.prompt == prompt
    assert correct.completion == (
        "<think>The temporal relation between the event in question and the event in context is: equal.\n"
        "I need to use the following facts to answer the question: "
        "['Ida Moss is a member of the Lantern Party in March 11, 2019.']</think> <answer>['Lantern Party']</answer>"
    )
    assert build_example(found, None, TASK.template).completion == "['Lantern Party']"


def test_the_example_of_the_documentation_is_right_by_rule() -> None:
    assert TASK.check is not None
    example = TASK.example()
    check = TASK.check(example)
    assert all(check.agree.values())
    assert (check.faults, set(example.support)) == ((), set(TASK.support_kinds))
    assert len(example.context) > len(example.support["full_support"]) > len(example.support["support"]) > 0


def test_a_row_needs_no_more_than_three_fields() -> None:
    assert {name for name, field in CotempRecord.model_fields.items() if field.is_required()} == {
        "question",
        "facts",
        "answer",
    }


_FILES = {
    "equal.json": lines(ROW, OTHER, ROW),
    "equal.csv": (
        "facts,question,answer\r\n" + "\r\n".join(
            ",".join('"' + text.replace('"', '""') + '"' for text in (str(row["facts"]), as_prompt(row), str(row["answer"])))
            for row in (ROW, OTHER)
        )
    ).encode(),
    "equal_array.json": json.dumps([ROW, OTHER]).encode(),
}  # fmt: skip


@given(
    name=st.sampled_from(sorted(_FILES)),
    edits=st.lists(
        st.tuples(
            st.sampled_from(["delete", "insert", "change", "cut", "swap", "double"]),
            st.integers(0, 5000),
            st.integers(1, 40),
            st.binary(min_size=1, max_size=6)
            | st.sampled_from([b"\xed\xa0\x80", b"\\ud800", b'"', b"'", b"\r\n", b"[", b"\x00"]),
        ),
        min_size=1,
        max_size=4,
    ),
)
@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_mutilation_ends_in_problems_skips_or_an_error_for_people(
    tmp_path: Path, name: str, edits: list[tuple[str, int, int, bytes]]
) -> None:
    data = _FILES[name]
    for kind, at, length, new in edits:
        data = mutilate(data, kind, at % (len(data) + 1), length, new)
    file = tmp_path / name
    file.write_bytes(data)
    try:
        found = list(load(TASK, [str(file)]))
    except UserError:
        return
    for entry in found:
        if isinstance(entry, Problem):
            assert TASK.check is not None
            TASK.check(entry)
            TASK.template.render_prompt(entry).encode("utf-8")


def mutilate(data: bytes, kind: str, at: int, length: int, new: bytes) -> bytes:
    if kind == "delete":
        return data[:at] + data[at + length :]
    if kind == "insert":
        return data[:at] + new + data[at:]
    if kind == "change":
        return data[:at] + new + data[at + len(new) :]
    if kind == "cut":
        return data[:at]
    pieces = data.split(b"\n")
    place = at % len(pieces)
    if kind == "swap":
        pieces[place], pieces[-1] = pieces[-1], pieces[place]
    else:
        pieces.insert(place, pieces[place])
    return b"\n".join(pieces)


@pytest.fixture(scope="module")
def whole() -> list[Problem]:
    return list(load_strict(TASK, [str(REAL)]))


@real
def test_every_real_record_is_a_problem(whole: list[Problem]) -> None:
    # That none is skipped also says that every fact and every question parses, and that every event is found.
    assert Counter(found.label for found in whole) == {"equal": 436, "overlap": 653, "mix": 281}
    sizes = defaultdict(list)
    for found in whole:
        sizes[found.label].append(len(found.context))
    assert (min(sizes["equal"]), max(sizes["equal"])) == (10, 31)
    assert (min(sizes["overlap"]), max(sizes["overlap"])) == (10, 35)
    assert Counter(len(found.answer.values) for found in whole if found.label == "equal") == {1: 367, 2: 63, 3: 6}
    assert Counter(len(found.answer.values) for found in whole if found.label == "overlap") == {
        1: 520,
        2: 117,
        3: 12,
        4: 4,
    }


@real
def test_the_labels_of_the_real_records_by_rule(whole: list[Problem]) -> None:
    assert TASK.check is not None
    agree: Counter[tuple[str, str, bool]] = Counter()
    faults: Counter[tuple[str, str]] = Counter()
    for found in whole:
        check = TASK.check(found)
        agree.update((found.label, name, holds) for name, holds in check.agree.items())
        faults.update((found.label, fault) for fault in check.faults)

    def counts(label: str, name: str) -> tuple[int, int]:
        right = agree[label, name, True]
        return right, right + agree[label, name, False]

    # Agreeing and analysable, as measured independently for the whole data set (mix: the first half of it).
    assert counts("equal", "class_agree") == (436, 436)
    assert counts("overlap", "class_agree") == (650, 652)
    assert counts("mix", "class_agree") == (277, 280)
    assert counts("equal", "class_agree_whole_years") == (436, 436)
    assert counts("overlap", "class_agree_whole_years") == (591, 652)
    assert counts("equal", "support_sufficient") == (436, 436)
    assert counts("overlap", "support_sufficient") == (652, 653)
    assert counts("mix", "support_sufficient") == (281, 281)
    assert faults == {
        ("equal", "gold_answer_incomplete"): 2,
        ("equal", "interval_ends_before_it_starts"): 1,
        ("overlap", "gold_answer_incomplete"): 2,
        ("overlap", "class_disagrees"): 2,
        ("overlap", "gold_answer_of_another_relation"): 1,
        ("overlap", "anchor_not_unique"): 1,
        ("mix", "gold_answer_incomplete"): 1,
        ("mix", "class_disagrees"): 3,
        ("mix", "gold_answer_is_the_event_itself"): 1,
        ("mix", "anchor_not_unique"): 2,
    }


@real
def test_the_papers_facts_are_too_many_and_leave_the_event_out(whole: list[Problem]) -> None:
    extra = Counter(
        found.label for found in whole if set(found.support["answer_facts"]) > set(found.support["support"])
    )
    assert extra["equal"] == 10
    with_event = sum(found.support["full_support"][0] in found.support["answer_facts"] for found in whole)
    assert 0 < with_event < 0.02 * len(whole)
    assert all(set(found.support["support"]) <= set(found.support["answer_facts"]) for found in whole)


@real
def test_real_questions_and_their_mirror_images_share_a_tie(whole: list[Problem]) -> None:
    holders = defaultdict(set)
    asked = set()
    for found in whole:
        question = parse_question(found.question)
        assert question is not None
        for fact in parse_facts(found.texts(found.support["support"])):
            assert fact is not None
            asked.add((question.anchor, fact.event))
        for tie in found.ties:
            holders[tie].add(found.id)
    mirrored = {frozenset(pair) for pair in asked if pair[::-1] in asked and pair[0] != pair[1]}
    assert len(mirrored) == 158
    assert Counter(map(len, holders.values())) == {1: 1632, 2: len(mirrored)}
