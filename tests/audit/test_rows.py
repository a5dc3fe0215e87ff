"""Rows in every layout that trainers read, and rows that are none."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracekd.audit.gold import label_of_name
from tracekd.audit.survey import regime_of_content
from tracekd.errors import UserError
from tracekd.regimes import get_regime, regime_names
from tracekd.regimes.intent import UNKNOWN
from tracekd.regimes.names import intent_of, regime_of_name, split_of_name
from tracekd.sft.supervised_row import read_row
from tracekd.tasks import all_tasks, get_task
from tracekd.tasks.contract import Task
from tracekd.tasks.cotempqa.intervals import LABELS
from tracekd.tasks.prompt_parts import OTHER_FORM, take_apart
from tracekd.tasks.reading.fault import Fault
from tracekd.tasks.reading.record import Record

from .conftest import audited, gold_texts, problems, right, template_of, wrong

USER, SAID = {"role": "user", "content": "Where?"}, {"role": "assistant", "content": "here"}
TASKS = [task for task in all_tasks() if isinstance(task, Task)]


def decode(ids: Any) -> str:
    return "".join(map(chr, ids))


@pytest.mark.parametrize(
    "columns",
    [
        {"messages": [USER, SAID]},
        {"messages": [{"role": "system", "content": "Be kind."}, USER, SAID]},
        {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hi"}, USER, SAID, USER]},
        {"messages": repr([USER, SAID])},
        {"messages": json.dumps([USER, SAID, {"role": "user", "content": "\ud83d\ude00"}])},
        {"prompt": "Where?", "completion": "here"},
        {"prompt": [USER], "completion": [SAID]},
        {"prompt": [USER], "completion": "here"},
        {
            "input_ids": [*map(ord, "Where?here")],
            "labels": [*[-100] * 6, *map(ord, "here")],
        },
    ],
)
def test_every_layout_says_the_same(columns: dict[str, Any]) -> None:
    row = read_row(Record.of(json.dumps(columns).encode()), decode)
    assert (row.prompt, row.completion) == ("Where?", "here")
    assert read_row(Record.of(columns), decode) == row


@pytest.mark.parametrize(
    "columns",
    [
        {}, {"messages": []}, {"messages": [SAID]}, {"messages": [USER]}, {"messages": [SAID, USER]}, {"messages": "[1]"},
        {"messages": 3}, {"prompt": "a"}, {"completion": "a"}, {"prompt": "a", "completion": None},
        {"input_ids": [1]}, {"input_ids": [1], "labels": [1, 2]}, {"messages": [{"role": "user", "content": None}]},
    ],
)  # fmt: skip
def test_what_is_no_row_is_a_fault(columns: dict[str, Any]) -> None:
    with pytest.raises(Fault):
        read_row(Record.of(columns), decode)
    with pytest.raises(Fault, match="tokenizer"):
        read_row(Record.of({"input_ids": [1], "labels": [1]}), None)


def test_columns_of_other_types_say_nothing() -> None:
    columns = {"messages": [USER, SAID], "label": 3, "answer": 1.5, "question": None, "support": {"a": 1}, "facts": 2}
    row = read_row(Record.of(columns), None)
    assert (row.label, row.answer, row.question, row.support, row.context) == (None, None, None, None, None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["role", "content", "a"]), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMES = st.sampled_from(
    ["messages", "prompt", "completion", "input_ids", "labels", "question", "label", "facts", "support", "answer", "regime",
     "reasoning", "passages", "query_type", "answer_passage"]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(NAMES, JSON, max_size=6))
def test_any_json_is_a_row_or_a_fault(columns: dict[str, Any]) -> None:
    try:
        row = read_row(Record.of(columns), lambda ids: "")
    except Fault:
        return
    assert isinstance(row.prompt, str) and isinstance(row.completion, str)


TEXT = st.text(st.sampled_from("ab'\"[]<>\\\n .,:\u0130\u0345é"), max_size=25)


@given(
    st.lists(st.tuples(TEXT, TEXT, TEXT, TEXT), min_size=1, max_size=4),
    st.sampled_from(["babi", "cotempqa", "msmarco"]),
)
@settings(max_examples=60, deadline=None)
def test_hostile_texts_break_no_check(tmp_path_factory: pytest.TempPathFactory, rows: Any, task: str) -> None:
    template = get_task(task).template
    path = tmp_path_factory.mktemp("hostile") / "incorrect.jsonl"
    lines = [
        {
            "messages": [
                {"role": "user", "content": template.prompt.replace("{facts}", a).replace("{question}", b)},
                {"role": "assistant", "content": f"<think>{template.classify} {c}.\n{template.retrieve} {d}</think>{a}"},
            ],
            "question": c, "facts": [a, d], "support": [d], "answer": b, "label": "mix", "regime": d,
        }
        for a, b, c, d in rows
    ]  # fmt: skip
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    report = audited(path, task=task)
    assert report.report.rows == len(rows)
    for fault in report.report.faults:
        for finding in fault.examples:
            assert len(finding.said) < 2500 and finding.said.isprintable()


@pytest.mark.parametrize("task", ["babi", "cotempqa", "msmarco"])
def test_a_prompt_is_taken_apart(task: str) -> None:
    for problem in problems(task, 3):
        template = template_of(problem)
        prompt = template.render_prompt(problem)
        found = take_apart(prompt, template)
        assert found.question == problem.question
        assert found.facts == tuple(fact.text for fact in problem.context)
        kind = "{facts, as a list}" if template.context == "list" else "{facts, one a line}"
        assert found.form == template.prompt.replace("{facts}", kind)
        assert take_apart("Tell me: " + prompt, template).form == OTHER_FORM


@given(st.text(max_size=60), st.sampled_from([task.template for task in TASKS]))
def test_any_prompt_has_a_form(text: str, template: Any) -> None:
    assert take_apart(text, template).form
    assert take_apart(template.prompt.replace("{question}", text), template).form


def test_a_long_prompt_ends_soon() -> None:
    template = get_task("msmarco").template
    for middle in ("['" * 10**5, "Question:" * 10**5, " " * 10**6, "['a'," + " " * 10**6):
        assert take_apart(f"{template.prompt.partition('{')[0]}{middle}", template).form


@pytest.mark.parametrize(
    ("name", "regime", "split"),
    [
        ("sft_dataset_reasoning_with_facts_chat_template", "correct", None),
        ("sft_dataset_reasoning_with_facts_perturbed", "incorrect", None),
        ("sft_dataset_r1_set_custom_traces", "correct", None),
        ("sft_dataset_r1_set_custom_incorrect_traces", "incorrect", None),
        ("r1_summaries", "teacher", None),
        ("equal_vanilla_test", "answer_only", "test"),
        ("incorrect_facts", "incorrect_facts", None),
        ("class-only.val", "class_only", "validation"),
        ("counterfactual-0.5_train", "counterfactual", "train"),
        ("train", None, "train"),
        ("latest", None, None),
        ("train_test", None, None),
    ],
)
def test_what_names_say(name: str, regime: str | None, split: str | None) -> None:
    assert (regime_of_name(name), split_of_name(name)) == (regime, split)


def test_the_intent_of_each_regime_of_ours_is_known() -> None:
    for name in regime_names():
        regime = get_regime(name)
        assert (regime.intent == UNKNOWN) == (regime.prompted is not None)
        assert regime.intent == UNKNOWN or regime.intent.traced == regime.traced
    assert intent_of("correct(support)") == intent_of("paper(correct)") == intent_of("correct")
    assert intent_of("paper(incorrect)") == intent_of("incorrect")
    assert intent_of("partial(none such)") == intent_of("partial(2)") == get_regime("partial").intent
    assert intent_of("of another package") == UNKNOWN


def test_what_content_says() -> None:
    assert regime_of_content(0.0, 0.0, 0.0, None) == "answer_only"
    assert regime_of_content(1.0, 1.0, 1.0, 0.97) == "correct"
    assert regime_of_content(1.0, 1.0, 1.0, 0.05) == "incorrect"
    assert regime_of_content(1.0, 1.0, 1.0, 0.5) == "unknown"
    assert regime_of_content(1.0, 1.0, 0.0, 1.0) == "class_only"
    assert regime_of_content(1.0, 0.0, 0.0, None) == "teacher"


def test_the_class_that_a_name_states() -> None:
    assert label_of_name("equal_test", LABELS) == "equal"
    assert label_of_name("equally_mixed", LABELS) is None
    assert label_of_name("mix_of_overlap_and_during", LABELS) is None
    assert label_of_name("qa15_basic-deduction_train", get_task("babi").labels) == "basic-deduction"


def hub(path: Path, said: list[tuple[str, str]]) -> Path:
    lines = [
        {"messages": [{"role": "user", "content": asked}, {"role": "assistant", "content": text}]}
        for asked, text in said
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_messages_alone_are_audited_as_far_as_they_go(folder: Path) -> None:
    found = problems("cotempqa", 20)
    said = [(template_of(p).render_prompt(p), right(p)) for p in found]
    report = audited(hub(folder / "rows.jsonl", [*said, ("Hello", "Hi"), said[0]]))
    assert report.report.task == "cotempqa"
    assert report.faults["answer_differs"].verdict == "not checked"
    assert report.rows("duplicate_row") == 1
    assert report.rows("prompt_form_differs") == report.rows("malformed_step") == 1
    said[2] = (said[2][0], right(found[2]).replace(gold_texts(found[2])[0][:-8], "Nobody"))
    assert audited(hub(folder / "rows.jsonl", said)).rows("fact_not_in_context") == 1


def test_the_regime_is_told_by_content(folder: Path) -> None:
    found = [problem for problem in problems("cotempqa", 20) if problem.label == "equal"]
    for write, regime in ((right, "correct"), (wrong, "incorrect")):
        path = hub(folder / "equal.jsonl", [(template_of(p).render_prompt(p), write(p)) for p in found])
        (part,) = audited(path).report.parts
        assert (part.regime, part.regime_from) == (regime, f"its first {len(found)} rows")


def test_a_task_that_nothing_tells_is_asked_for(folder: Path) -> None:
    path = hub(folder / "rows.jsonl", [("Where is it?", "Here.")])
    with pytest.raises(UserError, match="--task"):
        audited(path)
    assert audited(path, task="babi").report.rows == 1
    (folder / "empty.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(UserError, match="no row"):
        audited(folder / "empty.jsonl")
    with pytest.raises(UserError, match="no row to audit"):
        audited(folder / "empty.jsonl", task="babi")
    (folder / "bad.jsonl").write_text('{"messages": 1}\n{\n', encoding="utf-8")
    bad = audited(folder / "bad.jsonl", task="babi")
    assert bad.rows("unreadable") == bad.faults["unreadable"].checked == 2
    with pytest.raises(UserError, match="no such file"):
        audited(folder / "nothing")
