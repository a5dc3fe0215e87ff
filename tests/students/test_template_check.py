"""What the chat templates of model families do to a completion."""

import pytest

from tracekd.errors import UserError
from tracekd.sft.example import Example
from tracekd.sft.manifest import Kept
from tracekd.students.chat_template import ChatTemplate
from tracekd.students.template_check import TemplateCheck

SAID = "<think>\nThe category is: x.\nI need: ['a']\n</think> <answer>office</answer>"
TRACED = Example(
    id="1", prompt="Where?\n", completion=SAID, trace=(7, SAID.index("</think>")),
    answer=(SAID.index("<answer>") + 8, SAID.index("</answer>")),
)  # fmt: skip
BARE = Example(id="2", prompt="Where?\n", completion="office", trace=None, answer=(0, 6))

CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
BEGINS_THE_TRACE = CHATML.replace("assistant\n{% endif", "assistant\n<think>\n{% endif")
# What Qwen3 does to the last turn: it takes the trace out, and puts it back with other blanks, even an empty one.
REWRITES = (
    "{% for m in messages %}{% if m.role == 'user' %}<|im_start|>user\n{{ m.content }}<|im_end|>\n{% else %}"
    "{% set trace = m.content.split('</think>')[0].split('<think>')[-1] if '</think>' in m.content else '' %}"
    "<|im_start|>assistant\n<think>\n{{ trace.strip() }}\n</think>\n\n"
    "{{ m.content.split('</think>')[-1].strip() }}<|im_end|>\n{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
# DeepSeek-R1: only what stands after </think>.
DROPS = (
    "{% for m in messages %}{% if m.role == 'user' %}<U>{{ m.content }}{% else %}<A>{{ m.content.split('</think>')[-1] }}"
    "<E>{% endif %}{% endfor %}{% if add_generation_prompt %}<A><think>\n{% endif %}"
)
DROPS_ANSWERS = CHATML.replace("{{ m.content }}", "{{ m.content.split('<answer>')[0] }}")


@pytest.mark.parametrize(
    ("template", "kept"),
    [
        (CHATML, Kept(examples=2)),
        (BEGINS_THE_TRACE, Kept(examples=2)),
        (REWRITES, Kept(examples=2, changed=1, added=1)),
        (DROPS, Kept(examples=2, lost=1)),
        (DROPS_ANSWERS, Kept(examples=2, lost=1)),
    ],
    ids=["ChatML", "begins the trace", "rewrites", "drops", "drops answers"],
)
def test_what_a_template_keeps(template: str, kept: Kept) -> None:
    check = TemplateCheck(ChatTemplate(template, {}))
    for example in (TRACED, BARE):
        check.see(example)
    assert check.kept == kept


def test_a_hostile_template_is_refused() -> None:
    check = TemplateCheck(
        ChatTemplate("{% for a in range(10**9) %}{% for b in range(10**9) %}{% endfor %}{% endfor %}", {})
    )
    with pytest.raises(UserError, match="cannot be used"):
        check.see(TRACED)
