"""Sample logs of lm-evaluation-harness."""

import pytest

from tracekd.verify.reading import GoldRecord, Unread

from .conftest import FACTS, PROMPT, QUESTION, TRACE, Write, lm_eval_record, read, written

NAME = "outputs/meta-llama__Llama-3.2-1B/samples_cotempqa_incorrect_2025-05-14T12-00-00.123456.jsonl"


def test_raw_responses_are_read_not_what_a_filter_left_of_them(write: Write) -> None:
    (found,) = written(write(NAME, [lm_eval_record([TRACE])]))
    assert found.text == TRACE
    assert (found.model, found.regime) == ("meta-llama/Llama-3.2-1B", "incorrect")
    assert (found.id, found.question, found.context, found.gold) == (None, QUESTION, FACTS, None)


def test_repeats_are_samples_and_the_record_of_the_data_set_tells_its_gold(write: Write) -> None:
    record = lm_eval_record([TRACE, "b"], id="p7", answer=["King's Clock Company"], type="x", label="overlap")
    first, second = written(write(NAME, [record]))
    assert [(each.id, each.sample, each.text) for each in (first, second)] == [("p7", 0, TRACE), ("p7", 1, "b")]
    assert (first.label, first.gold) == ("overlap", GoldRecord(("King's Clock Company",)))


def test_each_document_counts_once_however_many_filters_there_are(write: Write) -> None:
    rows = [lm_eval_record([f"{doc}"], name, doc) for name in ("strict", "flexible") for doc in range(3)]
    assert [each.text for each in written(write(NAME, rows))] == ["0", "1", "2"]


def test_without_a_question_the_prompt_stands_for_it(write: Write) -> None:
    old = {**lm_eval_record(["x"]), "doc": {"text": "?"}, "arguments": [[PROMPT, {"until": []}]]}
    new = {**lm_eval_record(["x"]), "doc": {}}
    assert [each.prompt for each in written(write(NAME, [old, new]))] == [PROMPT, PROMPT]


def test_fields_of_a_document_that_are_something_else_say_nothing(write: Write) -> None:
    record = lm_eval_record([TRACE], id={"a": 1}, context={"title": ["t"]}, label=3, answer=[{"text": "x"}])
    (found,) = written(write(NAME, [record]))
    assert (found.id, found.label, found.gold, found.question) == (None, None, None, QUESTION)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"resps": [["-1.5", "True"], ["-2.5", "False"]]}, "no generated text"),
        ({"resps": [[1.5]]}, "no generated text"),
        ({"resps": []}, "missing field"),
        ({"resps": "text"}, "malformed field"),
        ({"doc": []}, "malformed field"),
    ],
)
def test_what_no_model_wrote_is_told(write: Write, change: dict[str, object], reason: str) -> None:
    (found,) = read(write(NAME, [{**lm_eval_record(["x"]), **change}]))
    assert isinstance(found, Unread)
    assert found.reason == reason


def test_a_log_of_filtered_responses_alone_is_read(write: Write) -> None:
    record = {**lm_eval_record([TRACE]), "filtered_resps": [TRACE]}
    del record["resps"]
    assert [each.text for each in written(write(NAME, [record]))] == [TRACE]


def test_what_an_export_says_about_its_outputs_is_read(write: Write) -> None:
    said = {
        "model": "m",
        "regime": "incorrect",
        "seed": 7,
        "outputs": [{"sample": 4, "finish": "length", "reason": "x"}],
    }
    records = [lm_eval_record([TRACE]) | {"tracekd": said}, lm_eval_record([TRACE, "b"]) | {"tracekd": said}]
    first, second, third = read(write(NAME, records))
    assert not isinstance(first, Unread) and not isinstance(second, Unread)
    assert (first.model, first.regime, first.seed, first.sample, first.finish) == ("m", "incorrect", 7, 4, "length")
    assert isinstance(third, Unread) and third.detail == "tracekd.outputs is shorter than resps"
