"""Prompts: rendered by us, the same every day, the same in training and in testing, with every tag of a trace."""

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.errors import UserError
from tracekd.problem import Problem
from tracekd.sft.example import Example, build_example
from tracekd.sft.tokens import IGNORED
from tracekd.tasks import get_task, task_names
from tracekd.tasks.babi.families import TEMPLATE

from .conftest import LLAMA_CHAT, QWEN_CHAT, chatting

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

    from tracekd.students.prompting import Prompting

pytestmark = pytest.mark.xdist_group("torch")

COMPLETION = "<think>one\n['two']</think> <answer>three</answer>"
EXAMPLE = Example(id="e", prompt="Who?\n", completion=COMPLETION, trace=(7, 18), answer=(35, 40))
HEADER = "<|header|>assistant<|/header|>\n\n"
BEGINS = LLAMA_CHAT.replace(HEADER, f"{HEADER}<think>\n")
DATED = LLAMA_CHAT.replace("if not date_string is defined", "if true")


def prompting(tokenizer: "PreTrainedTokenizerBase", chat: bool | None = None) -> "Prompting":
    from tracekd.students.prompting import Prompting

    return Prompting.of(tokenizer, chat)


def with_template(tokenizer: "PreTrainedTokenizerBase", template: str) -> "PreTrainedTokenizerBase":
    made = deepcopy(tokenizer)
    made.chat_template = template
    return made


def test_without_a_template_the_prompt_is_the_text(tokenizer: "PreTrainedTokenizerBase") -> None:
    raw = prompting(tokenizer)
    assert (raw.chat, raw.end) == (False, tokenizer.eos_token_id)
    assert raw.prompt("Who?\n") == "Who?\n"
    assert raw.prompt_ids("Who?\n") == tokenizer.encode("Who?\n", add_special_tokens=False)
    assert raw.prompt("Who?\n", [("a\n", "b"), ("c\n", "d")]) == "a\nb\n\nc\nd\n\nWho?\n"


def test_a_text_begins_as_the_tokenizer_has_it_begin(chat_tokenizer: "PreTrainedTokenizerBase") -> None:
    """A base such as Llama has never seen a text without its first token; a template writes it by itself, once."""
    from tokenizers.processors import TemplateProcessing

    begin = chat_tokenizer.bos_token_id
    beginning = deepcopy(chat_tokenizer)
    beginning.backend_tokenizer.post_processor = TemplateProcessing(
        single="<|begin|> $A", special_tokens=[("<|begin|>", begin)]
    )
    assert prompting(chat_tokenizer, chat=False).prompt_ids("Who?") == chat_tokenizer.encode("Who?")
    assert prompting(beginning, chat=False).prompt_ids("Who?") == [begin, *chat_tokenizer.encode("Who?")]
    assert prompting(beginning).prompt_ids("Who?").count(begin) == 1
    assert prompting(beginning, chat=False).row(EXAMPLE).ids[0] == begin
    assert prompting(beginning).row(EXAMPLE).ids.count(begin) == 1


def test_a_template_is_rendered_up_to_where_the_student_writes(chat_tokenizer: "PreTrainedTokenizerBase") -> None:
    asked = prompting(chat_tokenizer).prompt("Who?")
    assert asked == (
        "<|begin|><|header|>system<|/header|>\n\nToday Date: 26 Jul 2024<|eot|>"
        "<|header|>user<|/header|>\n\nWho?<|eot|><|header|>assistant<|/header|>\n\n"
    )
    ids = prompting(chat_tokenizer).prompt_ids("Who?")
    assert chat_tokenizer.decode(ids) == asked
    assert ids.count(chat_tokenizer.bos_token_id) == 1


@pytest.mark.parametrize("template", [LLAMA_CHAT, DATED], ids=["date_string", "strftime_now"])
def test_the_prompt_does_not_depend_on_the_day(
    tokenizer: "PreTrainedTokenizerBase", template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transformers.utils import chat_template_utils

    class Today(datetime):
        day_of_year = 1

        @classmethod
        def now(cls, tz: Any = None) -> "Today":
            return cls(2031, 1, cls.day_of_year)

    monkeypatch.setattr(chat_template_utils, "datetime", Today)
    chat = chatting(tokenizer, template)
    first = prompting(chat).prompt("Who?")
    own = chat.apply_chat_template([{"role": "user", "content": "Who?"}], tokenize=False)
    Today.day_of_year = 2
    assert prompting(chat).prompt("Who?") == first
    assert "26 Jul 2024" in first
    assert prompting(with_template(chat, "{{ strftime_now('%A, %-d. %B %Y, 100 %') }} " + template)).prompt("Who?") == (
        f"Friday, 26. July 2024, 100 %{first}"
    )
    assert chat.apply_chat_template([{"role": "user", "content": "Who?"}], tokenize=False) != own, "the day must matter"


def test_the_end_is_that_of_the_template(
    tokenizer: "PreTrainedTokenizerBase", chat_tokenizer: "PreTrainedTokenizerBase"
) -> None:
    end = chat_tokenizer.convert_tokens_to_ids("<|eot|>")
    assert end != chat_tokenizer.eos_token_id
    for template in (LLAMA_CHAT, QWEN_CHAT, BEGINS):
        chat = prompting(chatting(tokenizer, template))
        assert (chat.chat, chat.end) == (True, end)
        assert chat.row(EXAMPLE).ids[-1] == chat.row(EXAMPLE).labels[-1] == end
    raw = prompting(chat_tokenizer, chat=False)
    assert raw.end == chat_tokenizer.eos_token_id


@pytest.mark.parametrize(
    "before", ["", "\n", "\n\n", "  \n", "   {% if true %}x{% endif %}", "{# note #}\n", "{%- if true %}{% endif %}\n"]
)
def test_a_template_keeps_its_white_space(tokenizer: "PreTrainedTokenizerBase", before: str) -> None:
    chat = with_template(tokenizer, before + "{% for m in messages %}{{ m['content'] }}{% endfor %}")
    own = chat.apply_chat_template([{"role": "user", "content": "Who?"}], tokenize=False)
    assert prompting(chat).prompt("Who?") == own


def test_a_template_without_an_end_ends_as_the_tokenizer_does(tokenizer: "PreTrainedTokenizerBase") -> None:
    plain = with_template(tokenizer, "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}")
    assert prompting(plain).end == tokenizer.eos_token_id


@pytest.mark.parametrize("begun", ["<think>", "<think>\n", "<think>\n\n  "])
def test_a_trace_that_the_template_begins_is_begun_once(tokenizer: "PreTrainedTokenizerBase", begun: str) -> None:
    template = LLAMA_CHAT.replace(HEADER, HEADER + begun)
    assert template != LLAMA_CHAT
    chat = prompting(chatting(tokenizer, template))
    row = chat.row(EXAMPLE)
    whole = chat.tokenizer.decode(row.ids)
    assert whole.count("<think>") == 1
    assert whole.endswith(f"<|/header|>\n\n{COMPLETION}<|eot|>")
    # A tag in the question is the question's.
    assert chat.prompt("What is <think>?").count("<think>") == 1


def test_worked_examples_are_shown_whole_though_a_template_drops_thoughts(tokenizer: "PreTrainedTokenizerBase") -> None:
    chat = prompting(chatting(tokenizer, QWEN_CHAT))
    dropped = chat.tokenizer.apply_chat_template(
        [{"role": "user", "content": "a"}, {"role": "assistant", "content": COMPLETION}, {"role": "user", "content": "b"}],
        tokenize=False,
    )  # fmt: skip
    assert "<think>" not in dropped, "the template must be such a one"
    asked = chat.prompt("Who?", [("a?", COMPLETION), ("b?", "\x02said 0\x02")])
    assert asked == (
        f"<|header|>user\na?<|eot|>\n<|header|>assistant\n{COMPLETION}<|eot|>\n"
        "<|header|>user\nb?<|eot|>\n<|header|>assistant\n\x02said 0\x02<|eot|>\n"
        "<|header|>user\nWho?<|eot|>\n<|header|>assistant\n"
    )


@cache
def example_problems() -> tuple[tuple[str, Problem], ...]:
    return tuple((name, get_task(name).example()) for name in task_names())


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)


@pytest.mark.parametrize("template", [None, LLAMA_CHAT, QWEN_CHAT, BEGINS], ids=["raw", "llama", "qwen", "begins"])
def test_training_and_testing_have_the_same_prompt_and_the_trace_is_whole(
    tokenizer: "PreTrainedTokenizerBase", template: str | None
) -> None:
    """Over problems of every task, with questions, facts and answers of any text."""
    asked = prompting(tokenizer if template is None else chatting(tokenizer, template))
    tokens = asked.tokenizer

    @given(st.sampled_from(example_problems()), TEXTS, TEXTS, st.sampled_from([(1.0, 1.0), (0.0, 1.0), (0.5, 2.0)]))
    @settings(max_examples=60, deadline=None)
    def check(named: tuple[str, Problem], question: str, fact: str, weights: tuple[float, float]) -> None:
        task, problem = named
        facts = tuple(f.model_copy(update={"text": f"{f.text}{fact}"}) for f in problem.context)
        problem = problem.model_copy(update={"question": f"{problem.question} {question}?", "context": facts})
        example = build_example(problem, problem.trace, get_task(task).template)
        row = asked.row(example, trace_weight=weights[0], answer_weight=weights[1])
        asked.check(example)
        test_prompt = asked.prompt_ids(get_task(task).template.render_prompt(problem))
        assert row.ids[: len(test_prompt)] == test_prompt
        assert all(label == IGNORED for label in row.labels[: len(test_prompt)])
        assert list(row.labels[len(test_prompt) :]) == list(row.ids[len(test_prompt) :])
        assert tokens.decode(row.labels[len(test_prompt) : -1], skip_special_tokens=False) == example.completion
        assert row.labels[-1] == asked.end
        assert problem.question.strip() in tokens.decode(test_prompt) or problem.question not in example.prompt

    check()


def test_weights_change_at_the_end_of_the_trace(tokenizer: "PreTrainedTokenizerBase") -> None:
    raw = prompting(tokenizer)
    row = raw.row(EXAMPLE, trace_weight=0.25, answer_weight=4)
    assert row.weights is not None and len(row.weights) == len(row.ids)
    by_weight = {
        weight: tokenizer.decode([i for i, w in zip(row.ids, row.weights, strict=True) if w == weight])
        for weight in (0.0, 0.25, 4.0)
    }
    end = tokenizer.eos_token
    head, tail = COMPLETION.split("</think>")
    assert by_weight == {0.0: "Who?\n", 0.25: f"{head}</think>", 4.0: f"{tail}{end}"}
    assert row[:2] == raw.row(EXAMPLE)[:2], "weights change no ids"


@pytest.mark.parametrize("weight", [1.0, 2.0])
def test_a_trace_that_is_given_has_no_labels(tokenizer: "PreTrainedTokenizerBase", weight: float) -> None:
    raw = prompting(tokenizer)
    row = raw.row(EXAMPLE.model_copy(update={"given": True}), answer_weight=weight)
    head, tail = COMPLETION.split("</think>")
    unlearnt = [token for token, label in zip(row.ids, row.labels, strict=True) if label == IGNORED]
    assert tokenizer.decode(unlearnt) == f"Who?\n{head}</think>"
    assert tokenizer.decode([label for label in row.labels if label != IGNORED]) == f"{tail}{tokenizer.eos_token}"
    assert row.ids == raw.row(EXAMPLE).ids, "the same ids as when it is learnt"
    assert (row.weights is None) == (weight == 1.0)


def test_equal_weights_of_1_are_none_and_an_answer_alone_has_one_weight(tokenizer: "PreTrainedTokenizerBase") -> None:
    raw = prompting(tokenizer)
    assert raw.row(EXAMPLE).weights is None
    alone = Example(id="e", prompt="Who?\n", completion="three", trace=None, answer=(0, 5))
    assert raw.row(alone, trace_weight=0).weights is None
    weighted = raw.row(alone, answer_weight=2).weights
    assert weighted is not None and set(weighted) == {0.0, 2.0}
    assert set(raw.row(EXAMPLE, trace_weight=2, answer_weight=2).weights or ()) == {0.0, 2.0}


def losing(tokenizer: "PreTrainedTokenizerBase", normalizer: Any) -> "PreTrainedTokenizerBase":
    made = deepcopy(tokenizer)
    made.backend_tokenizer.normalizer = normalizer
    return made


def test_a_tokenizer_that_loses_a_part_is_refused(tokenizer: "PreTrainedTokenizerBase") -> None:
    from tokenizers import normalizers

    lossy: dict[str, Any] = {
        "<think>": normalizers.Replace("<think>", ""), "\n": normalizers.Replace("\n", " "), "A": normalizers.Lowercase()
    }  # fmt: skip
    text = "<think>A\nb</think> <answer>c</answer>"
    example = EXAMPLE.model_copy(update={"completion": text})
    prompting(tokenizer).check(example)
    for lost, normalizer in lossy.items():
        with pytest.raises(UserError, match="loses a part") as caught:
            prompting(losing(tokenizer, normalizer)).check(example)
        assert repr(text[text.index(lost) :][:5])[1:-1] in caught.value.problem
        assert caught.value.where == "example e"


HOSTILE = {
    "attribute": "{{ messages.__class__.__mro__ }}",
    "escape": "{{ ''.__class__.__base__.__subclasses__() }}",
    "import": "{% include '/etc/passwd' %}",
    "extends": "{% extends 'x' %}",
    "error": "{{ raise_exception('roles must\nalternate') }}",
    "undefined": "{{ nothing.at.all }}",
    "syntax": "{% for %}",
    "division": "{{ 1 / 0 }}",
    "range": "{% for i in range(10**9) %}{% endfor %}",
    "recursion": "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "change": "{{ messages.append(1) }}",
    "type": "{{ messages + 1 }}",
    "index": "{{ [][1:].pop() }}",
    "roles": "{% if messages[0]['role'] != 'system' %}{{ raise_exception('no system turn') }}{% endif %}",
    "silent": "Hello",
    "drops the user": "{% for m in messages if m['role'] == 'assistant' %}{{ m['content'] }}{% endfor %}<|eot|>",
    "drops the assistant": "{% for m in messages if m['role'] == 'user' %}{{ m['content'] }}{% endfor %}<|eot|>",
    "upper case": "{% for m in messages %}{{ m['content'] | upper }}{% endfor %}",
}  # fmt: skip


@pytest.mark.parametrize("template", HOSTILE.values(), ids=HOSTILE)
def test_a_template_that_cannot_be_used_is_refused(tokenizer: "PreTrainedTokenizerBase", template: str) -> None:
    with pytest.raises(UserError, match="the chat template cannot be used") as caught:
        prompting(with_template(tokenizer, template)).prompt("Who said Ha?", [("a?", COMPLETION)])
    assert "\n" not in caught.value.problem and len(caught.value.problem) < 300
    assert caught.value.next_step == "set chat = false for this student"
    assert prompting(with_template(tokenizer, template), chat=False).prompt("Who?") == "Who?"


def test_a_chat_without_a_template_is_refused(tokenizer: "PreTrainedTokenizerBase") -> None:
    with pytest.raises(UserError, match="no chat template"):
        prompting(tokenizer, chat=True)


def test_a_row_is_what_the_data_set_writes(
    tokenizer: "PreTrainedTokenizerBase", examples: list[Example], problems: list[Problem]
) -> None:
    """Without a template it is the row of `tracekd sft --format labels`."""
    from tracekd.sft.tokens import tokenize

    raw = prompting(tokenizer)
    render: Callable[[Problem], str] = TEMPLATE.render_prompt
    for example, problem in zip(examples[:20], problems[:20], strict=True):
        assert raw.row(example) == tokenize(example, tokenizer)
        assert raw.prompt_ids(render(problem)) == list(raw.row(example).ids[: len(raw.prompt_ids(example.prompt))])
