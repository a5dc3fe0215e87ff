"""Questions of one's own in Inspect, checked by rule: no gold answers are needed.

inspect eval own_questions.py --model openai/NAME
"""

from inspect_ai import Task, task
from inspect_ai.dataset import Sample
from inspect_ai.solver import generate

from tracekd.integrations.inspect import checked

STORIES = (
    (["Mary moved to the garden.", "Mary journeyed to the office."], "Where is Mary?"),
    (["John took the apple.", "John went to the kitchen."], "Where is the apple?"),
)
PROMPT = "{facts}\n{question}\nThink between <think> and </think>, then answer between <answer> and </answer>."


@task
def own_questions() -> Task:
    samples = [
        Sample(
            input=PROMPT.format(facts="\n".join(facts), question=question),
            metadata={"question": question, "facts": facts},
        )
        for facts, question in STORIES
    ]
    return Task(dataset=samples, solver=generate(), scorer=checked("babi"))
