"""The prompts, and the requests that they become."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.errors import UserError
from tracekd.problem import Answer
from tracekd.regimes.teacher import KINDS
from tracekd.tasks import get_task
from tracekd.teacher.manifest import Recipe
from tracekd.teacher.prompts import answer_format, ask_explanation, ask_summary, ask_trace, read_prompts

PROMPTS = read_prompts(KINDS)
RECIPE = Recipe(model="m", temperature=0.0, max_tokens=9, seed=0, prompt_sha256="")
TASK = get_task("babi")


@given(st.text())
def test_hostile_text_stands_as_it_is_and_is_not_looked_into(text: str) -> None:
    for hostile in (text, "{answer_format}{problem}{trace}{0.__class__}%s" + text):
        assert hostile in PROMPTS["trace"].fill(hostile, "FORMAT")
        assert PROMPTS["trace"].fill(hostile, "FORMAT").count("FORMAT") == 1 + hostile.count("FORMAT")
        assert hostile in PROMPTS["summary"].fill(hostile)


def test_the_trace_is_asked_with_the_prompt_of_the_task() -> None:
    problem = TASK.example()
    request = ask_trace(problem, TASK.template, PROMPTS["trace"], RECIPE)
    (message,) = request.messages
    assert message["role"] == "user"
    assert message["content"].startswith(TASK.template.render_prompt(problem).rstrip("\n"))
    assert "<answer>" in message["content"] and "{" not in message["content"]
    assert request.body["max_tokens"] == 9 and request.body["model"] == "m"


def test_an_explanation_is_a_second_turn_that_is_not_shown_the_trace() -> None:
    problem = TASK.example()
    first = ask_trace(problem, TASK.template, PROMPTS["trace"], RECIPE).messages[0]
    request = ask_explanation(problem, first, "office", PROMPTS["explanation"], RECIPE)
    assert [message["role"] for message in request.messages] == ["user", "assistant", "user"]
    assert request.messages[0] == first and request.messages[1]["content"] == "office"


def test_a_summary_is_shown_the_trace_only() -> None:
    problem = TASK.example()
    (message,) = ask_summary(problem, "He went.", PROMPTS["summary"], RECIPE).messages
    assert "He went." in message["content"] and problem.question not in message["content"]
    assert "100 words" in message["content"]


def test_a_key_is_of_all_that_is_asked() -> None:
    problem = TASK.example()
    keys = {
        ask_trace(each, TASK.template, PROMPTS["trace"], recipe).key
        for each in (problem, problem.model_copy(update={"id": "x"}), problem.model_copy(update={"question": "x"}))
        for recipe in (RECIPE, *(RECIPE.model_copy(update={name: value}) for name, value in (
            ("model", "n"), ("temperature", 0.5), ("max_tokens", 8), ("seed", 1))))
    }  # fmt: skip
    assert len(keys) == 15


def test_the_format_of_an_answer_does_not_tell_its_length() -> None:
    for written in ("commas", "list"):
        one, two = (Answer(kind="set", values=values, written=written) for values in (("a",), ("a", "b")))
        assert answer_format(one) == answer_format(two)


def test_prompts_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "trace.txt").write_text("Hm: {problem}")
    assert read_prompts(["trace"], tmp_path)["trace"].fill("why?") == "Hm: why?"
    assert read_prompts(["trace"], tmp_path)["trace"].sha256 != PROMPTS["trace"].sha256


@pytest.mark.parametrize(
    ("kind", "content", "said"),
    [
        ("trace", None, "there is no prompt"),
        ("trace", b"Think!", "{problem}"),
        ("summary", b"{problem}", "{trace}"),
        ("explanation", b" \n", "empty"),
        ("trace", b"\xff{problem}", "UTF-8"),
    ],
)
def test_invalid_prompts(tmp_path: Path, kind: str, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / f"{kind}.txt").write_bytes(content)
    with pytest.raises(UserError, match=said):
        read_prompts([kind], tmp_path)
