"""Classes, facts and answers in the marks that models put around them, and wrong ones, which stay wrong."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tracekd
from tracekd.problem import Answer, Fact, Problem
from tracekd.students.output import Output
from tracekd.tasks import get_task
from tracekd.tasks.context import Context
from tracekd.tasks.loading import load_strict
from tracekd.tasks.normalize import normalize_fact
from tracekd.trace import Classify, Retrieve, Trace
from tracekd.verify.answer import answer_f1, answer_is_right, lenient_answer_is_right
from tracekd.verify.answer_forms import forms
from tracekd.verify.citation import Citation
from tracekd.verify.fact_texts import split
from tracekd.verify.judge import Judge
from tracekd.verify.marks import unmarked_name
from tracekd.verify.parse import parse
from tracekd.verify.verdict import Verdict

CASES = Path(__file__).parents[2].parent / "shared/cases"
TASK = get_task("babi")
TEMPLATE = TASK.template
LABEL = "two-supporting-facts"
FACTS = ("Bo took the milk.", "Bo went to the yard.", "Al fled.", "Rex the dog: It barks.")
FIRST, SECOND, _, TITLED = FACTS
PROBLEM = Problem(
    id="p", task="babi", group="g", question="Where is the milk?", source="s:1",
    context=tuple(Fact(id=str(number), text=text) for number, text in enumerate(FACTS)),
    answer=Answer(kind="one_of", values=("yard",)),
    trace=Trace(steps=(Classify(label=LABEL), Retrieve(facts=("0", "1")))),
)  # fmt: skip
JUDGE = Judge.of(TASK)
PREPARED = JUDGE.prepare(PROBLEM)


def verdict_on(label: str = f" {LABEL}.", facts: str = f" {[FIRST, SECOND]}", answer: str = "yard") -> Verdict:
    text = f"<think>{TEMPLATE.classify}{label}\n{TEMPLATE.retrieve}{facts}</think>\n\n{answer}"
    fields = {"id": "p", "regime": "r", "student": "s", "seed": 0, "token_ids": (), "finish": "stop", "text": text}
    return JUDGE.verdict(PREPARED, Output.model_validate(fields))


LABEL_FORMS = [
    " X.", " X", " X  ", " **X**.", " **X.**", " *X.*", " __X.__", " ***X***", ' "X."', ' "X".', " “X.”", " 'X.'", " ‘X’.",
    " `X.`", " `X`", " X。", " X．", " X;", " X；", " X!", " X,", " X:", " [X]", " [X].", " [[X]]", " (X)", " {X}",
    " <X>.", " 「X」", " 【X】。",
    " 《X》", " «X»", r" \boxed{X}", r" \boxed{X}.", r" \boxed{\text{X}}", r" $\boxed{X}$", r" \textbf{X}.", r" \(X\)",
    " $X$",
    " <label>X</label>", " <class>X</class>.", ' <category id="1">X</category>', " <a><b>X</b></a>", "\nX",
    "\n\n**X**\n", " \n- X.\n", "\n`X`",
    "** X.", "** X", " **X.** It needs two.", ' "X." It needs two.', " X。It needs two.", " X. It needs two.", " # X",
    " ＊X＊", "（X）。", " X…", " \u200bX\u200b.",
]  # fmt: skip


@pytest.mark.parametrize("form", LABEL_FORMS)
@pytest.mark.parametrize(
    "written", [LABEL, "Two-Supporting-Facts", LABEL.replace("-", "\u2011"), LABEL.replace("-", "–")]
)
def test_a_class_in_marks_is_right_and_another_class_in_them_is_wrong(form: str, written: str) -> None:
    assert verdict_on(form.replace("X", written)).class_step == "right"
    assert verdict_on(form.replace("X", "counting")).class_step == "wrong"


@pytest.mark.parametrize("hyphen", "\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d")
def test_every_hyphen_is_a_hyphen(hyphen: str) -> None:
    assert verdict_on(f" {LABEL.replace('-', hyphen)}.").class_step == "right"


def test_full_width_letters_are_letters() -> None:
    assert verdict_on(" ｔｗｏ-ｓｕｐｐｏｒｔｉｎｇ-ｆａｃｔｓ。").class_step == "right"


@pytest.mark.parametrize(
    "form",
    [" not X.", " X or counting.", " X, or counting.", " X-not.", " X, since two are needed.", " X (I guess).", " XX.",
     " X?", r" \boxed{X} or \boxed{counting}", " <label>X</label> or <label>counting</label>", " two supporting facts.",
     "\nI think that it is X."],
)  # fmt: skip
def test_what_says_more_than_a_class_is_wrong(form: str) -> None:
    assert verdict_on(form.replace("X", LABEL)).class_step == "wrong"


@pytest.mark.parametrize("form", ["", " .", " **", " \n", " **.**", " <label></label>"])
def test_marks_without_a_name_state_nothing_right(form: str) -> None:
    assert verdict_on(form).class_step != "right"


@pytest.mark.parametrize("colon", ["：", "**:", "：**", "**：", "__:"])
def test_the_colon_of_the_sentences_may_be_full_width_or_stand_in_bold(colon: str) -> None:
    classify, retrieve = (sentence.removesuffix(":") + colon for sentence in (TEMPLATE.classify, TEMPLATE.retrieve))
    for text in (f"<think>{classify} {LABEL}.\n{retrieve} {[FIRST, SECOND]}</think>x",
                 f"<think>{classify}{LABEL}\n{TEMPLATE.retrieve} {[FIRST, SECOND]}</think>x"):  # fmt: skip
        parsed = parse(text, TEMPLATE, "stop")
        assert (parsed.stated_label, parsed.cited) == (LABEL, (FIRST, SECOND))


def test_classes_in_different_marks_agree_or_state_nothing() -> None:
    again = f" **{LABEL}.**\n{TEMPLATE.classify} [%s]"
    assert verdict_on(again % LABEL).class_step == "right"
    assert verdict_on(again % "counting").class_step == "unparsed"


# X and Y are the two facts.
FACT_FORMS = [
    " ['X', 'Y']", ' ["X", "Y"]', "\n- X\n- Y", "\n* X\n* Y", "\n+ X\n+ Y", "\n• X\n• Y", "\n– X\n– Y",
    "\n1. X\n2. Y", "\n1) X\n2) Y",
    "\n(1) X\n(2) Y", "\n[6] X\n[3] Y", "\n- [6] X\n- [3] Y", "\n[6]: X\n[3]: Y", " [6] X [3] Y", " X [6] Y [3]",
    " X[6], Y[3]", "\n【6】X\n【3】Y",
    "\n> X\n> Y", "\n> - X\n> - Y", "\n> [1] X\n>\n> [2] Y", "\na) X\nb) Y", "\n(a) X\n(b) Y", "\na. X\nb. Y",
    "\ni) X\nii) Y",
    "\n① X\n② Y", "\n①X\n②Y", "\n1️⃣ X\n2️⃣ Y", "\n❶ X\n❷ Y", "\n**1.** X\n**2.** Y", "\n1. **X**\n2. **Y**",
    "\n- `X`\n- `Y`", "\n- *X*\n- *Y*",
    "\n- _X_\n- _Y_", '\n- "X"\n- "Y"', "\n- “X”\n- “Y”", " “X”、“Y”", " “X”，“Y”。", " 「X」「Y」", " 「X」、「Y」",
    " 『X』と『Y』".replace("と", " "),
    " «X» «Y»", " 《X》《Y》", ' "X" and "Y"', " X; Y", " X Y", "\n```json\n[\n  \"X\",\n  \"Y\"\n]\n```",
    "\n```json\n[\"X\", \"Y\"]\n```\nSo it is.",
    "\n```python\n['X', 'Y']\n```", "\n```\n['X', 'Y']\n```", "\n```\nX\nY\n```", "\n```text\nX\nY\n```\n",
    "\n```\n- X\n- Y\n```\nSo it is.",
    " `['X', 'Y']`", " **['X', 'Y']**", ' {"facts": ["X", "Y"]}', "\n```json\n{\"facts\": [\"X\", \"Y\"]}\n```\nSo it is.",
    ' [{"fact": "X"}, {"fact": "Y"}]', ' [{"id": "6", "text": "X"}, {"id": 3, "text": "Y"}]', ' {"1": "X", "2": "Y"}',
    ' {"a": {"b": ["X", ["Y"]]}}', " {'facts': ['X', 'Y']}",
    "\n| # | text |\n|---|---|\n| 1 | X |\n| 2 | Y |", "\n| X |\n| Y |", "\n| text |\n|:--|\n| X |\n| Y |\n\nSo it is.",
    "\n| # | text | why |\n| --- | --- | --- |\n| 1 | X | it says who |\n| 2 | Y | it says where |",
    "\n|text|n|\n|-|-|\n|`X`|1|\n|**Y**|2|",
    "\n<fact>X</fact>\n<fact>Y</fact>", "\n<facts>\n<fact>X</fact>\n<fact>Y</fact>\n</facts>",
    ' <fact id="6">X</fact> <fact id="3">Y</fact>',
    "\n<facts><fact>X</fact><fact>Y</fact></facts>", "\n<ul>\n<li>X</li>\n<li>Y</li>\n</ul>",
    "\n<li><b>X</b></li>\n<li><b>Y</b></li>", " X<br>Y",
    r" \boxed{X} and \boxed{Y}", r" \text{X}, \text{Y}", "\nFact 1: X\nFact 2: Y", "\n[Document 6] X\n[Document 3] Y",
    " ['[6] X', '[3] Y']", " ['**X**', '“Y”']", " ['1. X', '2. Y']", "\n- X\n\nSo it is.\n- Y", "** X Y",
    "\n---\nX\nY\n---",
]  # fmt: skip


@pytest.mark.parametrize("form", FACT_FORMS)
def test_facts_in_marks_are_right_and_none_is_invented(form: str) -> None:
    for first, second in ((FIRST, SECOND), (SECOND, FIRST)):
        verdict = verdict_on(facts=form.replace("X", first).replace("Y", second))
        assert (verdict.retrieval_step, verdict.invented) == ("right", 0), verdict.reason


@pytest.mark.parametrize("form", FACT_FORMS)
@pytest.mark.parametrize(
    "invented", ["Bo left the milk.", "bo took the milk.", "Bo took milk.", "Bo took the milk. It was dark."]
)
def test_an_invented_fact_in_marks_stays_invented(form: str, invented: str) -> None:
    for first, second in ((FIRST, invented), (invented, SECOND), (invented, invented)):
        verdict = verdict_on(facts=form.replace("X", first).replace("Y", second))
        assert verdict.retrieval_step == "wrong"
        # Items that are prose without marks are not counted below the first line (as before).
        assert verdict.invented > 0 or (first == FIRST and "\n" in form)


@pytest.mark.parametrize("form", FACT_FORMS)
def test_a_wrong_fact_of_the_context_in_marks_stays_wrong_and_is_not_invented(form: str) -> None:
    verdict = verdict_on(facts=form.replace("X", FIRST).replace("Y", "Al fled."))
    assert (verdict.retrieval_step, verdict.invented) == ("wrong", 0)


@pytest.mark.parametrize(
    "form",
    ["\n- **Rex the dog**: It barks.", "\n[1] *Rex the dog*: It barks.", " <b>Rex the dog</b>: It barks.",
     "\n1. `Rex the dog`: It barks.", " __Rex the dog__: It barks", r" \textbf{Rex the dog}: It barks."],
)  # fmt: skip
def test_emphasis_inside_a_fact_does_not_count(form: str) -> None:
    known, invented = Citation.of(parse(f"<think>{TEMPLATE.retrieve}{form}</think>", TEMPLATE, "stop"), CONTEXT)[1:]
    assert (known, invented) == ((normalize_fact(TITLED),), ())


@pytest.mark.parametrize(
    "said", [" It barks.", "\n- It barks.", " ['It barks.']", " Rex the dog: ~~It barks.~~ It sleeps."]
)
def test_a_part_of_a_fact_is_no_fact(said: str) -> None:
    parsed = parse(f"<think>{TEMPLATE.retrieve}{said}</think>", TEMPLATE, "stop")
    assert Citation.of(parsed, CONTEXT).known == ()


def test_a_json_text_is_read_with_its_escapes() -> None:
    facts = ('He said "no".', "Łódź grew.")
    said = json.dumps({"facts": [{"id": 1, "text": text} for text in facts]})
    parsed = parse(f"<think>{TEMPLATE.retrieve} {said}</think>", TEMPLATE, "stop")
    assert parsed.cited == facts


def test_check_reads_the_same_marks() -> None:
    story = ["Mary moved to the garden.", "Mary journeyed to the office."]
    text = (
        f"<think>{TEMPLATE.classify}\n**single-supporting-fact.**\n{TEMPLATE.retrieve}\n> [2] {story[1]}\n</think>"
        "<answer>office</answer>"
    )
    checked = tracekd.check("babi", story, "Where is Mary?", text)
    assert checked.passes and checked.label.state == "passes" and checked.cited == (1,)


CONTEXT = Context.of_texts(FACTS)
marks = st.sampled_from(
    ["**", "`", "> ", "[1] ", "a) ", "「", "」", "“", "| ", " |", "\n", "```", "<fact>", "</fact>", "{", '"k": ', "①", " ",
     "|---|", "\\text{", "}", *FACTS, "Bo", "x"]
)  # fmt: skip


@given(st.lists(marks, max_size=10).map("".join))
def test_every_known_fact_stands_in_the_text(said: str) -> None:
    parsed = parse(f"<think>{TEMPLATE.retrieve} {said}</think>", TEMPLATE, "stop")
    plain = normalize_fact(said)
    for fact in Citation.of(parsed, CONTEXT).known:
        words = iter(plain.split())
        assert fact in plain or all(any(word in other for other in words) for word in fact.split())


@given(st.text(), st.lists(marks, max_size=5).map("".join))
def test_a_text_without_facts_has_none(text: str, said: str) -> None:
    context = Context.of_texts(("Quokka 77 sleeps",))
    assert split(normalize_fact(text), context) is None
    parsed = parse(f"<think>{TEMPLATE.retrieve} {said}{text}</think>", TEMPLATE, "stop")
    assert Citation.of(parsed, context).known == ()


ANSWER_FORMS = [
    "the X", "The X.", "an X", r"\boxed{X}", r"\boxed{\text{X}}", r"$\boxed{X}$", r"\[\boxed{X}\]", r"\fbox{X}",
    r"$\text{X}$", r"\textbf{X}",
    r"So it is $\boxed{X}$.", r"\boxed{X} is right, so \boxed{X}", "**Answer:** X", "**Answer**: X", "Answer: X",
    "answer: X.", "Answer : X", "ANSWER: X",
    "Answer:\nX", "Answer: the X", "Answer: **X**", "A: X", "The answer is X.", "The answer is: X",
    "The answer is **X**.", "the final answer is X",
    "So the answer is X.", "Therefore, the answer is: X", "My answer is X.", "The correct answer is X",
    "The answer to the question is X.",
    "Final Answer: X", "Final answer: X", "**Final Answer:**\n\nX", "**Final Answer**\nX", "### Answer\n\nX",
    "## Final Answer\nX", "- Answer: X", "> Answer: X",
    "答案：X", "答案是X", "最终答案：X",
    "答：X", "Antwort: X", "Respuesta: X", "Bo went out.\nAnswer: X", "Bo went out. The answer is X.",
    "Answer: X\nExplanation: Bo went out.", '{"answer": "X"}', '{"Answer": "X"}', '{"answer": ["X"]}',
    '{"reasoning": "Bo", "answer": "X"}',
    '{"final_answer": "X"}', '```json\n{"answer": "X"}\n```', "```text\nX\n```", '```json\n{"answer": "the X"}\n```',
    'It is:\n{"answer": "X"}',
    '{"answer": "**X**"}', "<Answer>X</Answer>", "<ANSWER>the X</ANSWER>", "Bo went out.\n<Answer>X</Answer>",
    "<final_answer>X</final_answer>", "<Answer>X",
    "<b>X</b>", "<p>X</p>", r"<answer>\boxed{X}</answer>", "<answer>Answer: X</answer>", '<answer>{"answer": "X"}</answer>',
    r"The final answer is $\boxed{X}$. I hope it is correct.",
]  # fmt: skip


@pytest.mark.parametrize("form", ANSWER_FORMS)
def test_an_answer_in_a_form_is_right_leniently_only(form: str) -> None:
    right, wrong = (verdict_on(answer=form.replace("X", value)) for value in ("yard", "barn"))
    assert (right.answer, right.lenient_answer) == (False, True)
    assert (wrong.answer, wrong.lenient_answer) == (False, False)


@pytest.mark.parametrize(
    "text",
    [r"\boxed{yard} or \boxed{barn}", "Answer: yard\nAnswer: barn", "Answer: yard or barn",
     "The answer is not yard.", "yard or barn", "the the yard",
     "I first thought the answer is yard.", '{"answer": "yard", "answer": "barn"}', '{"answer": ["yard", "barn"]}',
     '{"answer": {"a": "yard"}}',
     '{"answer": "yard", "final_answer": "barn"}', '{"wrong": "yard"}', "<Answer>yard</Answer><Answer>barn</Answer>",
     "Answer:",
     r"\boxed{yard", r"\boxed{}", "```\nyard\n```\nbarn", "Question: yard", "Answer: yard. But it may be the barn."],
)  # fmt: skip
def test_two_answers_or_half_a_form_are_wrong(text: str) -> None:
    assert not verdict_on(answer=text).lenient_answer


THINGS = Answer(kind="set", values=("apple", "milk"))
PEERS = Answer(kind="set", values=("Lindow, Inc.", "Elm"), written="list")


@pytest.mark.parametrize(
    ("text", "gold"),
    [
        ("The answer is: the apple and the milk.", THINGS),
        (r"\boxed{apple, milk}", THINGS),
        (r"\boxed{apple}, \boxed{milk}", THINGS),
        ('{"answer": ["milk", "apple"]}', THINGS),
        ("Answer:\n- apple\n- milk", THINGS),
        ("1. the apple\n2. the milk", THINGS),
        ('{"answer": ["Elm", "Lindow, Inc."]}', PEERS),
        ("Answer: ['Elm', 'Lindow, Inc.']", PEERS),
        ("```python\n['Elm', 'Lindow, Inc.']\n```", PEERS),
        ("- Lindow, Inc.\n- Elm", PEERS),
        (r"\boxed{s,e}", Answer(kind="path", values=("s", "e"))),
        ("The answer is nothing.", Answer(kind="set", values=())),
        ('{"answer": []}', Answer(kind="set", values=())),
    ],
)
def test_lists_in_forms(text: str, gold: Answer) -> None:
    assert not answer_is_right(text, gold)
    assert lenient_answer_is_right(text, gold)
    extra = gold.model_copy(update={"values": (*gold.values, "pear")})
    assert not lenient_answer_is_right(text, extra)


@given(
    st.text() | st.lists(st.sampled_from([*"[]{}<>`*\\\"':|\n ", "answer", "Answer:", "\\boxed{", "x"])).map("".join)
)
def test_any_text_is_opened(text: str) -> None:
    assert all(isinstance(inner, str) for inner in forms(text))
    assert not lenient_answer_is_right(text, Answer(kind="one_of", values=("quokka 77",)))


@given(
    st.lists(st.sampled_from([*"[]{}<>`*_\\/\"'.。:- \n", "<a>", "</a>", "<a b>", "\\text{", "x", "```json"])).map(
        "".join
    )
)
def test_any_name_and_any_fact_is_read(text: str) -> None:
    name = unmarked_name(text)
    assert name is None or (name in " ".join(text.split()))
    assert verdict_on(f" {text}", f" {text}").trace is False


REX = Answer(kind="text", values=("The Red Rex",), normalize="squad")


def test_squad_normalisation_drops_articles_strictly() -> None:
    for text in ("red rex", "a Red Rex.", "The  red the rex"):
        assert answer_is_right(text, REX)
        assert answer_is_right(text, REX.model_copy(update={"normalize": "plain"})) is False
    assert not answer_is_right("red rexes", REX)
    assert not answer_is_right("the", Answer(kind="text", values=("A",), normalize="squad"))
    assert answer_is_right("A", Answer(kind="text", values=("A",), normalize="squad"))
    assert answer_f1("the red dog", REX) == pytest.approx(2 * 1 / (2 + 2))


def test_yes_has_no_f1_with_a_longer_answer_as_in_the_script_of_hotpotqa() -> None:
    yes = Answer(kind="text", values=("yes",), normalize="squad")
    assert (answer_f1("Yes.", yes), answer_f1("yes they are", yes), answer_f1("no", yes)) == (1, 0, 0)
    assert answer_f1("yes", Answer(kind="text", values=("yes men",), normalize="squad")) == 0
    assert answer_f1("yes men", yes.model_copy(update={"normalize": "plain"})) > 0


@pytest.mark.parametrize("name", ["hotpotqa", "2wikimultihopqa", "musique"])
def test_tasks_whose_official_script_drops_articles(name: str) -> None:
    assert get_task(name).example().answer.normalize == "squad"


@pytest.mark.parametrize("name", ["babi", "cotempqa", "msmarco"])
def test_tasks_in_which_articles_count(name: str) -> None:
    assert get_task(name).example().answer.normalize == "plain"


HOSTILE = [
    "[", "(", "{", '{"', '{"a":', '[{"', "\\boxed{", "\\text{", "\\", "**", "*", "`", "```\n", "```json\n", "<a ",
    "<fact>", "</fact>", "<answer>",
    "|", "| a ", "|a|\n", "|---|\n", "> ", "[1] ", "a) ", "①", "「", "“", '\\"', "\nAnswer:", "The answer is ", "A: ",
    "。", ". ", ".*", "fact 1", "the ",
    "\nreason", "-", "\u3000",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_repetition_takes_linear_time(piece: str) -> None:
    # Quadratic time would take minutes here.
    many = piece * (60_000 // len(piece))
    verdict_on(f" {many}", f" x\n{many}", many)
    verdict_on(f"\n{many}x", many, f"a{many}")
    verdict_on(facts=f" ['{many}']\n{many}")


def test_a_million_openings_end() -> None:
    for piece in ("[", "\\boxed{", "**", '{"answer":'):
        many = piece * (1_000_000 // len(piece))
        verdict_on(many, many, many)


def shared_case(name: str, task: str, file: str) -> Iterator[tuple[str, Verdict]]:
    """The verdicts on a case's outputs, by the name of the form."""
    if not (CASES / name).exists():
        pytest.skip("the shared cases are not here")
    problems = list(load_strict(get_task(task), [str(CASES / "base" / file)]))
    judge = Judge.of(get_task(task))
    for line in (CASES / name / "outputs.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        problem = next(
            problem for problem in problems
            if problem.id == row.get("id") or [fact.text for fact in problem.context] == row.get("context")
        )  # fmt: skip
        fields = {"id": problem.id, "regime": "r", "student": "s", "seed": 0, "token_ids": (), "finish": "stop"}
        yield row["model"], judge.judge(problem, Output.model_validate({**fields, "text": row["text"]}))


def test_shared_answer_forms() -> None:
    case = dict(shared_case("09-answer-forms", "babi", "qa1_single-supporting-fact_test.txt"))
    # The case expects `\boxed{}`, `**Answer:** x`, `Answer: x`, JSON and `the x` to be right leniently. What it does not name
    # stays wrong: in prose without an introduction (`sentence`, `explained`), any word of the sentence could be the answer;
    # of two `<answer>`, or of `x or y`, the model may have meant either.
    wrong = {"sentence", "explained", "two-tags-last", "empty", "tag-wrong", "both"}
    assert {name for name, verdict in case.items() if not verdict.lenient_answer} == wrong
    strict = {
        "plain", "capital", "dot", "bold", "list", "jsonlist", "zh-dot", "zh-quote", "fullwidth", "tick", "hash", "tag",
        "tag-lines", "tag-bold", "tag-unclosed", "tag-space", "prose-then-tag",
    }  # fmt: skip
    assert {name for name, verdict in case.items() if verdict.answer} == strict


def test_shared_label_marks() -> None:
    case = dict(shared_case("20-label-marks", "babi", "qa1_single-supporting-fact_test.txt"))
    # The case expects marks only. More words than the class, and other spellings of it, stay wrong: what the words mean (`x, but
    # it may be y`) cannot be known.
    wrong = {"comma-reason", "dash-reason", "em-dash", "paren", "underscores", "spaces", "camel", "stop-no-space"}
    assert {name for name, verdict in case.items() if verdict.class_step != "right"} == wrong


def test_shared_fact_lists() -> None:
    case = dict(shared_case("21-fact-lists", "hotpotqa", "hotpot_dev_distractor_v1.json"))
    assert {name for name, verdict in case.items() if verdict.retrieval_step != "right" or verdict.invented} == set()
