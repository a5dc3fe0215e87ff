"""Whether the trace of an example is still there after a trainer rendered it through the student's chat template.

Some templates drop what stands before `</think>` (DeepSeek-R1's), or write an empty trace where there is none (Qwen3's).
"""

from dataclasses import dataclass, field

from tracekd.sft.example import Example
from tracekd.sft.manifest import Kept
from tracekd.students.chat_template import ChatTemplate
from tracekd.transcript.trace_tags import TraceTags
from tracekd.transcript.transcript import Transcript

_TAG = "<think>"


@dataclass
class TemplateCheck:
    """Renders examples as trainers do, one at a time, and counts what became of their completions.

    `tags` are the marks that the template writes around reasoning, if they are none of the known ones.
    """

    template: ChatTemplate
    tags: TraceTags | None = None
    kept: Kept = field(default_factory=Kept)

    def see(self, example: Example) -> None:
        """Render one more example. Raises UserError if the template cannot be used."""
        said = self._completion(example)
        reasoning, answered = self._divided(said)
        trace = None if example.trace is None else example.completion[slice(*example.trace)].strip()
        answer = example.completion[slice(*example.answer)]
        lost = answer not in answered or (trace is not None and (reasoning or "").strip() != trace)
        added = trace is None and reasoning is not None
        changed = not lost and not added and not said.startswith(example.completion)
        now = self.kept
        self.kept = Kept(
            examples=now.examples + 1, lost=now.lost + lost, changed=now.changed + changed, added=now.added + added
        )

    def _divided(self, said: str) -> tuple[str | None, str]:
        """The reasoning of a rendered completion, and the text after it."""
        divided = None if self.tags is None else self.tags.divide(said)
        if divided is not None:
            return divided
        found = Transcript.of(said)
        return found.reasoning, found.answer

    def _completion(self, example: Example) -> str:
        """What stands after the prompt, up to the place where both are the same."""
        asked = {"role": "user", "content": example.prompt}
        prompt = self.template.render([asked], add_generation_prompt=True)
        whole = self.template.render([asked, {"role": "assistant", "content": example.completion}])
        before = _common_beginning(prompt, whole)
        # Templates of reasoning models begin the trace themselves: then the tag is at the end of the prompt, too.
        openings = (_TAG,) if self.tags is None else (_TAG, self.tags.opening)
        begun = next((tag for tag in openings if before.rstrip().endswith(tag)), None)
        return whole[len(before) if begun is None else before.rindex(begun) :]


def _common_beginning(one: str, other: str) -> str:
    differ = (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return one[: next(differ, min(len(one), len(other)))]
