"""Every form of reasoning is divided as its model means it, in linear time, and nothing raises."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.transcript.finish import finish_of
from tracekd.transcript.message import read_message, read_reasoning
from tracekd.transcript.transcript import Transcript, unknown_delimiter

# Form -> how a model writes reasoning R and answer A in it.
FORMS = {
    "think": "<think>R</think>A",
    "<thinking>": "<thinking>R</thinking>A",
    "<thought>": '<thought type="long">R</thought>A',
    "<reasoning>": "<reasoning>R</reasoning><response>A</response>",
    "<reason>": "<reason>R</reason>A",
    "<reflection>": "<reflection>R</reflection><output>A</output>",
    "<think>": "<seed:think>R</seed:think>A",
    "[THINK]": "[THINK]R[/THINK]A</s>",
    "\u25c1think\u25b7": "\u25c1think\u25b7R\u25c1/think\u25b7A",
    "<|START_THINKING|>": "<|START_THINKING|>R<|END_THINKING|><|START_RESPONSE|>A<|END_RESPONSE|>",
    "<|begin_of_thought|>": "<|begin_of_thought|>R<|end_of_thought|>\n<|begin_of_solution|>A<|end_of_solution|>",
    "<|inner_prefix|>": "<|inner_prefix|>R<|inner_suffix|>A",
    "<|channel>thought": "<|channel>thought\nR<channel|>A<end_of_turn>",
    "<unused94>": "<unused94>thought\nR<unused95>A",
    "thought process": "Here is my thought process: R Here is my response: A",
    "harmony": "<|channel|>analysis<|message|>R<|end|><|start|>assistant<|channel|>final<|message|>A<|return|>",
    "harmony without its marks": "analysis\nRassistantfinalA",
}
words = st.text("abc d.\n", min_size=1, max_size=30).filter(str.strip)


@pytest.mark.parametrize("form", FORMS)
@given(reasoning=words, answer=words)
@settings(max_examples=30)
def test_a_form_is_divided_where_its_model_divides_it(form: str, reasoning: str, answer: str) -> None:
    before, between, after = (
        FORMS[form].replace("R", "\0").replace("A", "\0").split("\0")
        if FORMS[form].count("R") == 1 and FORMS[form].count("A") == 1
        else _parts(FORMS[form])
    )
    made = Transcript.of(f"{before}{reasoning}{between}{answer}{after}")
    assert (made.state, made.form) == ("whole", form)
    assert (made.reasoning or "").split() == reasoning.split()
    from tracekd.transcript.end_marks import without_end_marks

    assert without_end_marks(made.answer).split() == answer.split()


def _parts(form: str) -> list[str]:
    """The text before, between and after the two places, which are single letters between marks."""
    import re

    return re.split(r"(?<![A-Z_])[RA](?![A-Z_])", form)


@pytest.mark.parametrize(
    ("text", "reasoning", "answer"),
    [
        ("<think>a</think>\n<think>b</think> c", "a\nb", " c"),  # several blocks are joined in order
        ("<think>a</think> so <think>b</think> c", "a\nb", " c"),
        ("<think>a</think></think> c", "a", " c"),
        ("</think> c", "", " c"),
        ("a</think> c", "a", " c"),  # the opening was in the prompt
        ("<think>a</think> c </think>", "a", " c "),
        ("<think>a</think><answer>c</answer><think>b</think>", "a", "<answer>c</answer><think>b</think>"),
        ("<thinking>a<reflection>b</reflection>d</thinking> c", "a<reflection>b\nd", " c"),
        ("<think>the tag <reasoning> helps</think> c", "the tag <reasoning> helps", " c"),
        ("<reasoning>use <think>?</reasoning> c", "use <think>?", " c"),
        (
            "<|channel|>commentary<|message|>p<|end|><|channel|>analysis<|message|>a<|end|><|channel|>final<|message|>c",
            "p\na",
            "c",
        ),
    ],
)
def test_several_marks(text: str, reasoning: str, answer: str) -> None:
    made = Transcript.of(text)
    assert (made.state, made.reasoning, made.answer) == ("whole", reasoning, answer)


@pytest.mark.parametrize(
    "text",
    ["<think>a", "<thinking>a", "[THINK]a", "<|channel|>analysis<|message|>a", "analysisThe user", "<seed:think>a"],
)
def test_reasoning_that_never_ends_is_open(text: str) -> None:
    assert (Transcript.of(text).state, Transcript.of(text).reasoning) == ("open", None)


@pytest.mark.parametrize("text", ["", "hallway", "analysis of the story", "I think so", "<b>hallway</b>", "[1] a"])
def test_text_without_marks_has_no_reasoning(text: str) -> None:
    assert Transcript.of(text) == Transcript(None, text, "absent")


def test_a_field_counts_more_than_the_text() -> None:
    assert Transcript.of("c", reasoning=" a ") == Transcript("a", "c", "whole", "field")
    assert Transcript.of("c", reasoning="<think>a</think>") == Transcript("a", "c", "whole", "field")
    assert Transcript.of("<think>a</think>c", reasoning="a") == Transcript("a", "c", "whole", "field")
    assert Transcript.of("<think>b</think>c", reasoning="a") == Transcript("a", "c", "whole", "field", disagrees=True)
    assert Transcript.of("<think>b</think>c", reasoning=" \n") == Transcript("b", "c", "whole", "think")
    assert Transcript.of("", reasoning="a", finish="length").state == "open"
    assert Transcript.of("c", is_hidden=True).state == "hidden"


def test_an_open_transcript_is_written_with_one_opening() -> None:
    assert Transcript.of("<think>a").written() == "<think>a"
    assert Transcript.of("", reasoning="a", finish="length").written() == "<think>"
    assert Transcript.of("c", reasoning="a").written() == "<think>a</think>c"


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("<plan>a</plan> c", "<plan>"),
        ("<|brainstorm|>a", "<|brainstorm|>"),
        ("[PLAN]a[/PLAN] c", "[PLAN]"),
        ("<plan>a", None),
        ("<answer>a</answer>", None),
        ("<b>a</b>", None),
        ("a <plan>b</plan>", None),
    ],
)
def test_what_looks_like_a_delimiter_is_named(text: str, mark: str | None) -> None:
    assert unknown_delimiter(Transcript.of(text)) == mark


MARKS = [
    "<think>",
    "</think>",
    "<think></think>",
    "<thinking>",
    "</thinking>",
    "<thinking x=",
    "[THINK]",
    "[/THINK]",
    "\u25c1think\u25b7",
    "<|channel|>",
    "<|channel|>analysis<|message|>",
    "<|end|>",
    "<|start|>",
    "<answer>",
    "</answer>",
    "analysis",
    "assistantfinal",
    "<answer></think>",
    "</think><answer>",
    "<think></think><answer>",
    "<",
    "[",
    "Here's my thought process:",
    "</s>",
    "<plan>",
    " ",
    "a",
    "\ud800",
]


@given(st.lists(st.sampled_from(MARKS) | st.text(max_size=3), max_size=12).map("".join), st.none() | words)
@settings(max_examples=300)
def test_any_text_is_divided(text: str, reasoning: str | None) -> None:
    made = Transcript.of(text, reasoning=reasoning)
    assert (made.reasoning is not None) == (made.state == "whole")
    assert (made.form == "none") == (made.state == "absent")
    made.written().encode()
    unknown_delimiter(made)


@pytest.mark.parametrize("piece", MARKS)
def test_many_marks_take_linear_time(piece: str) -> None:
    # Quadratic time would take many minutes here.
    many = piece * (200_000 // len(piece))
    for text in (many, f"<think>{many}</think>{many}", f"<|channel|>analysis<|message|>{many}", f"<reasoning>{many}"):
        Transcript.of(text)
        Transcript.of("", reasoning=text)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"content": "c", "reasoning_content": "a"}, ("c", "a", False)),
        ({"content": "c", "reasoning": "a", "thinking": None}, ("c", "a", False)),
        ({"content": None, "thinking": "a"}, (None, "a", False)),
        (
            {"content": [{"type": "thinking", "thinking": "a", "signature": "x"}, {"type": "text", "text": "c"}]},
            ("c", "a", False),
        ),
        (
            {
                "content": [
                    {"type": "thinking", "thinking": [{"type": "text", "text": "a"}]},
                    {"type": "text", "text": "c"},
                ]
            },
            ("c", "a", False),
        ),
        (
            {"content": [{"type": "redacted_thinking", "data": "Zm9v"}, {"type": "text", "text": "c"}]},
            ("c", None, True),
        ),
        (
            {
                "content": [
                    {"type": "reasoning", "reasoning": "Zm9v", "redacted": True, "summary": "s"},
                    {"type": "text", "text": "c"},
                ]
            },
            ("c", None, True),
        ),
        ({"content": [{"type": "reasoning", "reasoning": "a"}, {"type": "text", "text": "c"}]}, ("c", "a", False)),
        (
            {"content": [{"type": "reasoning", "summary": [{"text": "s"}]}, {"type": "output_text", "text": "c"}]},
            ("c", None, True),
        ),
        ({"content": [{"text": "a", "thought": True}, {"text": "c"}]}, ("c", "a", False)),
        ({"content": "c", "reasoning_details": [{"type": "reasoning.text", "text": "a"}]}, ("c", "a", False)),
        ({"content": "c", "reasoning_details": [{"type": "reasoning.encrypted", "data": "x"}]}, ("c", None, True)),
        ({"content": "c", "reasoning": 7}, ("c", None, False)),
        ({}, (None, None, False)),
    ],
)
def test_what_a_message_says(message: dict[str, object], said: tuple[str | None, str | None, bool]) -> None:
    assert read_message(message) == said


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["thinking", "reasoning", "text"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "content", "thinking", "reasoning", "thought", "x"]), inner, max_size=3
        )
    ),
    max_leaves=12,
)


@given(json_values)
def test_any_json_is_a_message(value: object) -> None:
    read_reasoning(value)
    read_message({"content": value, "reasoning": value, "thinking_blocks": value})
    finish_of(value)


@pytest.mark.parametrize(
    ("reason", "finish"),
    [
        ("length", "length"),
        ("MAX_TOKENS", "length"),
        ("max-tokens", "length"),
        ("Max Output Tokens", "length"),
        ({"reason": "max_output_tokens"}, "length"),
        ("incomplete", "length"),
        ("model_length", "length"),
        ("stop", "stop"),
        ("end_turn", "stop"),
        ("eos", "stop"),
        (None, "stop"),
        (3, "stop"),
        ("content_filter", "stop"),
    ],
)
def test_how_an_output_ended(reason: object, finish: str) -> None:
    assert finish_of(reason) == finish
