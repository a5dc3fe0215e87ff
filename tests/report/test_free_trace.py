"""A free trace on a page: every statement once and in order, with its verdict and facts; safe and bounded whatever it says."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tracekd.report
from tracekd.problem import Answer, Fact, Problem
from tracekd.report.free_draw import FreeDraw
from tracekd.report.free_shown import WRITTEN_CHARS, FreeShown
from tracekd.report.free_trace import KINDS, MOST_FACTS, MOST_STATEMENTS, FreeView, free_view
from tracekd.report.traces_page import MOST_REGIMES, TracesContent, render_traces
from tracekd.stats.summary import summarise
from tracekd.students.output import Output
from tracekd.tasks import get_task
from tracekd.trace import Classify, Retrieve, Trace
from tracekd.transcript.transcript import Transcript
from tracekd.verify.free_trace import FreeTrace
from tracekd.verify.judge import Judge
from tracekd.verify.verdict import Verdict

from .page import Page, check_ids, check_safe

TASK = get_task("babi")
JUDGE = Judge.of(TASK, trace="free")
PROBLEM = Problem(
    id="p",
    task="babi",
    group="g",
    question="Where is Mary?",
    context=(
        Fact(id="1", text="Mary moved to the bathroom."),
        Fact(id="2", text="John went to the hallway."),
        Fact(id="3", text="Mary journeyed to the garden."),
    ),
    answer=Answer(kind="one_of", values=("garden",)),
    trace=Trace(steps=(Classify(label="single-supporting-fact"), Retrieve(facts=("3",)))),
    source="s:1",
)
ALL_KINDS = (
    "Let me think. Mary journeyed to the garden. Mary was in the bathroom before, so John is in the hallway. "
    "John is in the garden. Wait, no, that is wrong. Mary is holding the cosmic apple upon a time. Sandra is in the office. "
    "Therefore, Mary is in the garden. The answer is garden."
)
HOSTILE = (
    "<script>alert(1)</script> John is in the garden.\x00\x1b[31m\u202e</span></div>{{ 7*7 }} "
    "Mary is in the <b onclick=x>garden</b>."
)


def shown(
    text: str, problem: Problem = PROBLEM, *, student: str = "m", regime: str = "r", sample: int = 0
) -> FreeShown:
    output = Output(
        id=problem.id, regime=regime, student=student, seed=0, sample=sample, text=text, token_ids=(), finish="stop"
    )
    return FreeShown.of(problem, Transcript.of(text), JUDGE.judge(problem, output))


def free_of(verdict: Verdict) -> FreeTrace:
    assert verdict.free is not None
    return verdict.free


def rendered(examples: Sequence[FreeShown], verdicts: Sequence[Verdict] = ()) -> str:
    counted = verdicts or [one.verdict for one in examples]
    return render_traces(TracesContent("babi", summarise(counted), len(counted), tuple(examples), 0))


class Statements(Page):
    """Also the text of each statement, the classes of each, and the text of the box of the trace without what is added."""

    def __init__(self, html: str) -> None:
        self.said_by: list[str] = []
        self.kinds: list[list[str]] = []
        self._classes: list[str] = []
        super().__init__(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        name = dict(attrs).get("class") or ""
        if name == "said":
            self.said_by.append("")
        if name.startswith("st ") and "id" in dict(attrs):
            self.kinds.append(name.split()[1:])
        if self.open and self.open[-1] == tag:
            self._classes.append(name)

    def handle_endtag(self, tag: str) -> None:
        super().handle_endtag(tag)
        self._classes.pop()

    def handle_data(self, data: str) -> None:
        super().handle_data(data)
        if "said" in self._classes:
            self.said_by[-1] += data


@cache
def page(text: str) -> Statements:
    return Statements(rendered([shown(text)]))


def whole(view: FreeView) -> str:
    return "".join(one.before + one.text for one in view.statements) + view.after


def test_every_statement_is_on_the_page_once_and_in_order() -> None:
    found = free_of(shown(ALL_KINDS).verdict)
    assert page(ALL_KINDS).said_by == [ALL_KINDS[one.start : one.end] for one in found.statements]
    assert len(found.statements) > 7


def test_each_kind_has_its_class_and_none_is_told_by_colour_alone() -> None:
    found = shown(ALL_KINDS).verdict
    kinds = [one.grounding if one.is_read else "unread" for one in free_of(found).statements]
    assert [names[0] for names in page(ALL_KINDS).kinds] == kinds
    assert {"quoted", "derived", "contradicted", "unread", "no_claim"} <= set(kinds)
    assert len({words.sign for words in KINDS}) == len(KINDS)
    view = free_view(1, shown(ALL_KINDS))
    assert [one.words.kind for one in view.statements] == kinds
    said = page(ALL_KINDS).text
    for one in view.statements:
        assert f"Statement {one.number}: {one.words.name}" in said
        assert not one.reason or one.reason in said


def test_what_is_taken_back_is_struck_out_and_leads_to_what_takes_it_back() -> None:
    view = free_view(1, shown(ALL_KINDS))
    (taken,) = [one for one in view.statements if one.taken_back_by is not None]
    assert (taken.text, taken.words.kind) == ("John is in the garden.", "contradicted")
    assert taken.taken_back_by is not None and taken.taken_back_by.number > taken.number
    assert [names for names in page(ALL_KINDS).kinds if "taken-back" in names] == [["contradicted", "taken-back"]]
    assert f"Taken back by statement {taken.taken_back_by.number}" in page(ALL_KINDS).text


def test_facts_lead_to_statements_and_back_and_gold_ones_are_marked() -> None:
    view = free_view(1, shown(ALL_KINDS))
    assert [fact.gold for fact in view.facts] == [False, False, True]
    for fact in view.facts:
        using = [one.number for one in view.statements if fact.number in [link.number for link in one.facts]]
        assert [link.number for link in fact.statements] == using
    check_ids(page(ALL_KINDS))
    links = {a["href"] for tag, a in page(ALL_KINDS).elements if tag == "a" and "href" in a}
    assert {f"#{fact.anchor}" for fact in view.facts if fact.statements} <= links
    assert {f"#{link.anchor}" for fact in view.facts for link in fact.statements} <= links


def test_without_a_script_every_statement_can_be_reached_and_tells_its_facts() -> None:
    check_safe(rendered([shown(ALL_KINDS)]), page(ALL_KINDS))
    ids = {a.get("id") for _, a in page(ALL_KINDS).elements}
    statements = [a for _, a in page(ALL_KINDS).elements if re.fullmatch(r"e1-s\d+", a.get("id") or "")]
    assert len(statements) == free_of(shown(ALL_KINDS).verdict).total
    assert all(a["tabindex"] == "0" and a["aria-describedby"] in ids and a["aria-label"] for a in statements)
    style = (Path(tracekd.report.__file__).parent / "templates" / "free_trace.css").read_text(encoding="utf-8")
    assert ".st:focus-within > .why" in style and ".st:hover > .why" in style


def test_reasoning_between_marks_is_the_trace_and_the_answer_follows() -> None:
    view = free_view(1, shown(f"<think>{ALL_KINDS}</think> <answer>garden</answer>"))
    assert whole(view) == ALL_KINDS
    assert view.rest is not None and "garden" in view.rest.text
    assert free_view(1, shown(ALL_KINDS)).rest is None


@pytest.mark.parametrize(
    ("text", "said"), [(" \n\n", "(nothing, or only white space)"), ("kitchen", "no statement in it")]
)
def test_an_output_without_a_statement_says_so(text: str, said: str) -> None:
    assert said in Page(rendered([shown(text)])).text


WORDS = st.sampled_from(
    ["Mary is in the garden. ", "John ", "so ", "\n- ", "Wait, no. ", "? ", "</think>", "<think>", "\x00"]
)


@settings(deadline=None, max_examples=40)
@given(st.lists(WORDS | st.text(max_size=8), max_size=12).map("".join))
def test_the_page_shows_all_of_a_short_output_whatever_it_says(text: str) -> None:
    view = free_view(1, shown(text))
    divided = Transcript.of(text)
    assert whole(view) == (divided.answer if divided.reasoning is None else divided.reasoning)
    assert (view.cut, view.more_statements) == (0, 0)


def test_hostile_text_is_shown_and_nothing_else() -> None:
    fact = Fact(id="<i>4</i>\x07", text="<img src=x onerror=alert(1)>\u202e")
    problem = PROBLEM.model_copy(update={"question": HOSTILE, "context": (*PROBLEM.context, fact)})
    html = rendered([shown(HOSTILE, problem, student=HOSTILE[:60], regime="<u>")])
    found = Statements(html)
    check_safe(html, found)
    check_ids(found)
    assert "<script>alert(1)</script>" in found.text and "{{ 7*7 }}" in found.text and "<i>4</i>" in found.text
    assert "\u27e8U+202E\u27e9" in found.text and "\u27e8U+0000\u27e9" in found.text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e]", html)
    assert not [tag for tag, _ in found.elements if tag in ("i", "u", "img")]


LONG = {
    "sentences": "Mary is in the garden. " * 5000,
    "one word": "x" * 10**6,
    "tags": "<b>" * 50_000,
    "reasoning": f"<think>{'John is in the garden. ' * 3000}</think>{'y' * 10**6}",
}


@pytest.mark.parametrize("name", LONG)
def test_a_long_output_is_bounded_and_the_page_says_so(name: str) -> None:
    example, divided = shown(LONG[name]), Transcript.of(LONG[name])
    view, free = free_view(1, example), free_of(example.verdict)
    length = len(divided.answer if divided.reasoning is None else divided.reasoning)
    assert len(whole(view)) + view.cut == length and len(whole(view)) <= WRITTEN_CHARS
    assert len(view.statements) + view.more_statements == free.total and len(view.statements) <= MOST_STATEMENTS
    html = rendered([example])
    assert len(html) < 250_000
    found = Statements(html)
    check_ids(found)
    assert f"{view.cut:,} more characters" in found.text
    assert len(found.said_by) == len(view.statements)


def test_a_context_of_thousands_of_facts_is_bounded_and_links_stay_whole() -> None:
    others = [Fact(id=f"x{i}", text=f"Person{i} went to the kitchen.") for i in range(3000)]
    problem = PROBLEM.model_copy(update={"context": (*others, *PROBLEM.context)})
    found = free_view(1, shown(ALL_KINDS, problem))
    assert (len(found.facts), found.more_facts) == (MOST_FACTS, 3003 - MOST_FACTS)
    assert sum(fact.gold for fact in found.facts) == 1
    check_ids(Page(rendered([shown(ALL_KINDS, problem)])))


TEXTS = (
    ALL_KINDS,
    "John is in the garden. The answer is kitchen.",
    "Hm.",
    "Mary journeyed to the garden. The answer is attic.",
)


def test_examples_are_drawn_whatever_the_order_and_kinds_take_turns() -> None:
    outputs = [(text, sample) for sample in range(30) for text in TEXTS]
    drawn = []
    for some in (outputs, outputs[::-1]):
        draw = FreeDraw(seed=3, most=6)
        for text, sample in some:
            one = shown(text, sample=sample * 10 + TEXTS.index(text))
            draw.see(one.problem, Transcript.of(text), one.verdict)
        drawn.append([one.verdict for one in draw.shown()])
    assert drawn[0] == drawn[1] and len(drawn[0]) == 6
    kinds = [(v.lenient_answer, free_of(v).steps > 0, free_of(v).false_steps > 0) for v in drawn[0]]
    assert len(set(kinds[:4])) == len(set(kinds)) == 4
    other = FreeDraw(seed=4, most=6)
    other.see(PROBLEM, Transcript.of("x"), Judge.of(TASK).judge(PROBLEM, Output.model_validate(_output("x"))))
    assert other.shown() == ()


def _output(text: str) -> dict[str, object]:
    return {"id": PROBLEM.id, "regime": "r", "student": "m", "seed": 0, "text": text, "token_ids": (), "finish": "stop"}


def test_the_numbers_are_those_of_the_summary() -> None:
    examples = [shown(text, sample=at) for at, text in enumerate(TEXTS)]
    (cell,) = summarise([one.verdict for one in examples]).cells
    free = cell.free
    assert free is not None and free.claims_hold.rate is not None
    found = Page(rendered(examples))
    rates = {row[0]: row[1] for row in found.tables["m: Free traces, with 95\u00a0% intervals"]}
    assert rates["Free traces"] == f"{free.outputs}"
    assert rates["Claims that hold"].startswith(f"{100 * free.claims_hold.rate:.1f}\u00a0%")
    assert f"{free.claims_hold.right} of {free.claims_hold.n}" in found.text
    assert f"{free.unread.right} of {free.unread.n}" in found.text
    assert f"{free.no_false_step.right} of {free.no_false_step.n}" in found.text
    (table,) = [rows for caption, rows in found.tables.items() if "Steps and answer" in caption]
    assert [row[1:5] for row in table[1:]] == [[str(n) for n in step.counts] for step in cell.association.free.values()]
    assert "A free trace is called right if it makes at least one step" in found.text


def test_many_models_do_not_make_a_page_without_end() -> None:
    verdicts = [shown("Mary is in the garden.", student=f"m{i:02}").verdict for i in range(MOST_REGIMES + 5)]
    found = Page(rendered([shown(ALL_KINDS)], verdicts))
    assert "5 regimes more" in found.text
    assert sum("Free traces" in caption for caption in found.tables) == MOST_REGIMES


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(first: str, second: str) -> float:
    """The contrast of two colours by WCAG 2: 4.5 is enough for text."""
    low, high = sorted([_luminance(first), _luminance(second)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", [0, 1])
def test_text_has_enough_contrast_in_light_and_dark(mode: int) -> None:
    folder = Path(tracekd.report.__file__).parent / "templates"
    colours = {}
    for name in ("style.css", "free_trace.css"):
        block = re.findall(r":root \{(.*?)\}", (folder / name).read_text(encoding="utf-8"), re.S)[mode]
        colours |= dict(re.findall(r"--([\w-]+): (#\w{6})", block))
    for words in KINDS:
        assert _contrast(colours["paper"], colours[words.kind]) >= 4.5
        assert words.kind == "no_claim" or _contrast(colours["ink"], colours[f"{words.kind}-bg"]) >= 7
    assert _contrast(colours["soft"], colours["panel"]) >= 4.5
