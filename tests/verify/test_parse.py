"""Every form of output that the released models were seen to write, and hostile ones (arXiv 2505.13792's own files)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.problem import Answer, Fact, Problem
from tracekd.tasks.babi.families import TEMPLATE
from tracekd.trace import Classify, Retrieve, Trace
from tracekd.verify.parse import Parsed, parse

CLASS = f"{TEMPLATE.classify} conjunction.\n"
FACTS = f"{TEMPLATE.retrieve} "
GOOD = f"<think>{CLASS}{FACTS}['Mary left.', 'John ran.']</think> <answer>green</answer>"


def read(text: str, finish: str = "stop") -> Parsed:
    return parse(text, TEMPLATE, finish)


def cited(said: str) -> tuple[str, ...] | None:
    return read(f"<think>{CLASS}{FACTS}{said}</think> <answer>green</answer>").cited


def label(said: str) -> str | None:
    return read(f"<think>{said}</think> <answer>green</answer>").stated_label


def test_a_complete_output() -> None:
    parsed = read(GOOD)
    assert parsed.status == "ok"
    assert parsed.stated_label == "conjunction"
    assert parsed.cited == ("Mary left.", "John ran.")
    assert parsed.answer_text == "green"
    assert parsed.trace_text == GOOD.removeprefix("<think>").partition("</think>")[0]


@pytest.mark.parametrize(
    "text",
    [
        f"assistant\n{GOOD}",
        f"assistant\n\n{GOOD}",
        f"\nassistant \r\n {GOOD}",
        f"assistant{GOOD}",
        f"assistant {GOOD}",
        f"model\n{GOOD}",
        f"<start_of_turn>model\n{GOOD}<end_of_turn>\n",
        f"<|im_start|>assistant\n{GOOD}<|im_end|>\n",
        f"<|start_header_id|>assistant<|end_header_id|>\n\n{GOOD}<|eot_id|>",
        f"  \n{GOOD}",
        GOOD.removeprefix("<think>"),
        f"assistant\n{GOOD.removeprefix('<think>')}",
        GOOD.replace("<think>", "<think>\n"),
        GOOD.replace("</think>", "\n</think>\n\n"),
        GOOD.removesuffix("</answer>"),
        GOOD + "<|im_end|>",
        GOOD + " and <answer>red</answer>",
        GOOD.replace("</think> <answer>green</answer>", "</think>\n\ngreen"),
        GOOD.replace("<answer>green", "<answer>\n green \n"),
        GOOD.replace(TEMPLATE.classify, TEMPLATE.classify.upper()),
        GOOD.replace(TEMPLATE.retrieve, TEMPLATE.retrieve.replace(" ", " \n ")),
    ],
)
def test_forms_that_say_the_same(text: str) -> None:
    parsed = read(text)
    assert parsed.status == "ok"
    assert parsed.stated_label == "conjunction"
    assert parsed.cited == ("Mary left.", "John ran.")
    assert parsed.answer_text == "green"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("green", "green"),
        ("assistant\ngreen", "green"),
        ("assistant\n<think>\n\ngreen", "green"),
        ("<think>\n\ngreen", "green"),
        ("<think><think>green", "green"),
        ("assistant<answer>green</answer>", "green"),
        ("model\ngreen", "green"),
        ("model", "model"),
        ("model\n", "model"),
        ("model train", "model train"),
        ("green<|im_end|>", "green"),
        ("<|im_start|>assistant\ngreen<|im_end|>\n</s> ", "green"),
        ("</think>green<|eot_id|><|eot_id|>", "green"),
        ("</s>", None),
        ("green</s>er", "green</s>er"),
        ("<answer>green</s>", "green"),
        ("assistant professor", "assistant professor"),
        ("assistants", "assistants"),
        ("assistant", None),
        ("assistant\n", None),
        ("<answer>assistant</answer>", "assistant"),
        ("<answer>assistant\n</answer>", "assistant"),
        ("<answer></answer>", None),
        ("</think>", None),
        ("</think> <answer> </answer> green", None),
        ("<answer>green</answer></think>", None),
        ("<answer>green</answer></think>red", "red"),
        ("</think><think>green", "green"),
        ("", None),
        (" \n", None),
        ("<answer><answer>green</answer></answer>", "<answer>green"),
        ("</think> <answer>green</answer> <answer>red</answer>", "green"),
        ("</think> green </think> red", "red"),
        ("</think> green </think> ", "green"),
        ("</think> green </think><|im_end|>", "green"),
        ("</think>green<|im_end|>\n<|im_start|>user\nAnd now?", "green"),
    ],
)
def test_answers(text: str, answer: str | None) -> None:
    assert read(text).answer_text == answer


@pytest.mark.parametrize(
    ("text", "finish", "status"),
    [
        (GOOD, "length", "ok"),
        (GOOD.replace("</think>", ""), "stop", "unclosed"),
        (GOOD.replace("</think>", ""), "length", "truncated"),
        (GOOD.replace("</think>", "").replace("<think>", ""), "stop", "no_trace"),
        ("green", "stop", "no_trace"),
        ("I think so", "stop", "no_trace"),
        ("green", "length", "truncated"),
        ("", "stop", "no_trace"),
    ],
)
def test_statuses(text: str, finish: str, status: str) -> None:
    parsed = read(text, finish)
    assert parsed.status == status
    if status != "ok":
        # The sentences stand there, but outside of any trace.
        assert (parsed.stated_label, parsed.cited, parsed.trace_text) == (None, None, "")


def test_a_closing_tag_that_is_repeated_belongs_to_the_trace() -> None:
    parsed = read(f"<think><think>{CLASS}</think>{FACTS}['Mary left.']</think> <answer>green</answer>")
    assert parsed.stated_label == "conjunction"
    assert parsed.cited == ("Mary left.",)
    assert parsed.answer_text == "green"


def test_nothing_after_the_answer_belongs_to_the_trace() -> None:
    parsed = read(f"<think>{CLASS}</think> <answer>green</answer> {FACTS}['Mary left.']</think> red")
    assert (parsed.stated_label, parsed.cited, parsed.answer_text) == ("conjunction", None, "green")


def test_an_answer_inside_the_trace_is_none() -> None:
    assert read(f"<think>{CLASS}<answer>red</answer></think> <answer>green</answer>").answer_text == "green"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (TEMPLATE.classify + " conjunction.\n", "conjunction"),
        (TEMPLATE.classify + " conjunction", "conjunction"),
        (TEMPLATE.classify + "conjunction.", "conjunction"),
        (TEMPLATE.classify + " Conjunction \n", "Conjunction"),
        (TEMPLATE.classify + "  a \t b.\r\nmore", "a b"),
        (TEMPLATE.classify + " conjunction. I need more.", "conjunction"),
        (TEMPLATE.classify + " **conjunction**.\n", "conjunction"),
        (TEMPLATE.classify + " v1.2 of it. No.", "v1.2 of it"),
        (TEMPLATE.classify + " conjunction " + FACTS + "['A.']", "conjunction"),
        (TEMPLATE.classify + " mix of overlap and during.\n", "mix of overlap and during"),
        (TEMPLATE.classify.upper().replace(" ", "\n ") + " conjunction.", "conjunction"),
        ("Well. " + TEMPLATE.classify + " conjunction.", "conjunction"),
        (CLASS + CLASS, "conjunction"),
        (CLASS + CLASS.replace("conjunction", "CONJUNCTION"), "conjunction"),
        (CLASS + CLASS.replace("conjunction", "counting"), None),
        (CLASS + TEMPLATE.classify, "conjunction"),
        (TEMPLATE.classify, None),
        (TEMPLATE.classify + " .\n", None),
        (TEMPLATE.classify + "\nconjunction", "conjunction"),
        ("The time period is: 1974 to 1998.\n", None),
        ("The category of the question asked is: conjunction.\n", None),
        ("conjunction", None),
        ("", None),
    ],
)
def test_labels(said: str, expected: str | None) -> None:
    assert label(said) == expected


@pytest.mark.parametrize(
    ("said", "facts"),
    [
        ("['A.']", ("A.",)),
        ("['King's College is big.', 'B.']", ("King's College is big.", "B.")),
        ("[]", ()),
        ("\n['A.',\n 'B.']", ("A.", "B.")),
        ("A.", ("A.",)),
        ("\nA.\nB.", ("A.",)),
        ("A. B.", ("A. B.",)),
        ("['A. B.']", ("A. B.",)),
        ("[1] A.", ("[1] A.",)),
        ("['A.'", None),
        ("['A.", None),
        ("[", None),
        ("", None),
        (" \n", None),
        (f"['A.'] {FACTS}['B.']", ("A.", "B.")),
        (f"A. {FACTS}['B.', 'A.']", ("A.", "B.", "A.")),
        (f"{FACTS}['B.']", ("B.",)),
        (f"['A. {FACTS}['B.']", None),
        (f"['A.'] {CLASS}", ("A.",)),
        ("['A.'] is what I use, not ['B.']", ("A.", "is what I use, not", "B.")),
        ("['A.'].", ("A.",)),
        ("['A.']\nAlso: ['B.']", ("A.", "B.")),
        ("['A.'], and B", ("A.", "and B")),
        ("['A.'] ['B.'", None),
        ("['A.']" + " ['B.']" * 100, None),
    ],
)
def test_cited_facts(said: str, facts: tuple[str, ...] | None) -> None:
    assert cited(said) == facts


@pytest.mark.parametrize(
    ("said", "bare"),
    [
        ("A.", ("A.",)),
        (" \nA.\nB. ", ("A.\nB.",)),
        (f"A. {FACTS}['B.'] {FACTS}C.\n\nD.", ("A.", "C.\n\nD.")),
        ("['A.']\nB.", ()),
        (f"A. {FACTS}['B.", ()),
        ("", ()),
    ],
)
def test_what_is_introduced_without_a_list_is_kept_whole(said: str, bare: tuple[str, ...]) -> None:
    assert read(f"<think>{CLASS}{FACTS}{said}</think>").bare == bare


sentences = (CLASS, FACTS, CLASS.upper(), FACTS.replace(" ", "\n "), "is:", "question:", " x. ", "['A.']", "\n", "the ")


@given(st.lists(st.sampled_from(sentences), max_size=8).map("".join), st.sampled_from("éſK"))
def test_the_sentences_are_the_same_whether_or_not_there_is_more_than_ascii(said: str, char: str) -> None:
    # Text without these, and in ASCII alone, is searched in other ways.
    one, other = read(f"<think>e\n{said}</think>"), read(f"<think>{char}\n{said}</think>")
    assert (one.stated_label, one.cited, one.bare) == (other.stated_label, other.cited, other.bare)


def test_letters_that_are_the_same_where_case_is_free_count() -> None:
    assert label(TEMPLATE.classify.replace("s", "ſ") + " conjunction.") == "conjunction"
    assert label(CLASS + TEMPLATE.classify.replace("k", "\u212a").replace("i", "İ") + " counting.") is None


def test_facts_without_their_introduction_are_not_cited() -> None:
    assert read(f"<think>{CLASS}['Mary left.']</think> <answer>green</answer>").cited is None


def test_the_introduction_of_another_task_is_none() -> None:
    other = "I need to use the following facts to answer the question: "
    assert read(f"<think>{CLASS}{other}['A.']</think>green").cited is None


fact_texts = st.text().filter(lambda text: "think>" not in text)


@given(st.lists(fact_texts), st.text(alphabet="abc-XYZ0 9", min_size=1).filter(str.strip))
@settings(max_examples=200)
def test_a_rendered_trace_is_read_back(texts: list[str], name: str) -> None:
    facts = tuple(Fact(id=str(i), text=text) for i, text in enumerate(texts))
    trace = Trace(steps=(Classify(label=name), Retrieve(facts=tuple(fact.id for fact in facts))))
    answer = Answer(kind="one_of", values=("x",))
    problem = Problem(
        id="p", task="t", group="g", question="q?", context=facts, answer=answer, trace=trace, source="s:1"
    )
    parsed = read(f"<think>{TEMPLATE.render_trace(problem, trace)}</think> <answer>x</answer>")
    assert parsed.stated_label == " ".join(name.split())
    assert parsed.cited == tuple(texts)
    assert parsed.answer_text == "x"


PIECES = ("<think>", "</think>", "<answer>", "</answer>", "assistant", "\n", " ", "[", "'", '"', "]", ",", ".", "A")
outputs = st.lists(st.sampled_from((*PIECES, TEMPLATE.classify, TEMPLATE.retrieve)) | st.text(max_size=3)).map("".join)


@given(outputs, st.sampled_from(["stop", "length"]))
@settings(max_examples=300)
def test_any_text_is_taken_apart(text: str, finish: str) -> None:
    parsed = read(text, finish)
    assert (parsed.status == "ok") == ("</think>" in text)
    assert parsed.answer_text is None or (parsed.answer_text and parsed.answer_text == parsed.answer_text.strip())
    assert parsed.stated_label is None or parsed.stated_label in " ".join(text.split())


HOSTILE = [
    "<think>", "</think>", "<answer>", "</answer>", "assistant", "assistant\n", "[", "['", "['a', ", "'", " ", "\n",
    "\\", ".", "The category ", "The category of the question ", "the ", CLASS, FACTS, TEMPLATE.classify + " a",
    FACTS + "['", FACTS + "['a'", FACTS + "['a', ", FACTS + "[ ", "a", "\u0301\u0316", "\ufdfa",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_repetition_is_read_in_linear_time(piece: str) -> None:
    # Quadratic time would take minutes here.
    many = piece * (200_000 // len(piece))
    for trace in (f"{CLASS}{FACTS}{many}", f"{TEMPLATE.classify}{many}", f"a{many}a"):
        read(trace)
        read(f"<think>{trace}</think> <answer>x")
    read(many)
