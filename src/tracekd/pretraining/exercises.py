"""The exercises of pretraining: stories, questions, answers and quotes, without the traces of the regimes.

Direct answers are learnt slowly. The base first learns to quote the supporting sentences before the answer. Then the
quote is shortened from the left, word by word, until only the answer is left (stepwise internalization, arXiv
2405.14838). One exercise asks several questions about one story, one after the other: so the base learns more from each
story, and at more distances from it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from tracekd.pretraining.stories import PEOPLE, PETS, Dials, Part, story
from tracekd.problem import Problem
from tracekd.randomness import stream
from tracekd.tasks.babi.families import FAMILIES, LABELS, TEMPLATE
from tracekd.tasks.babi.load import story_problems
from tracekd.tasks.template import render_answer

# Words of the published bAbI files that the generator never writes.
PUBLISHED_WORDS = (
    "afternoon evening morning yesterday school cinema park either no longer is in not north south east west of "
    "what how many objects carrying nothing one two three none maybe and then after that she he they following "
    "swan lion frog rhino white green gray yellow color Lily Brian Bernhard Greg Julius "
    "box chest suitcase container chocolate chocolates fits inside bigger than does fit "
    "triangle square rectangle circle sphere red blue pink left right above below to "
    "hungry thirsty tired bored pajamas Yann Sumit Jason Antoine will why did go gave handed passed received "
    "Fred Jeff Bill Julie who person discarded given"
).split()
# Written in random order before an answer, so that the base also learns all words of the tasks' templates and labels.
WORDS = (*PUBLISHED_WORDS, *TEMPLATE.classify.split(), *TEMPLATE.retrieve.split(), *LABELS)

# Names of tags around a part of an output, without the tags of traces, think and answer.
TAGS = ("say", "note", "reply", "one", "two", "first", "last", "text", "words", "end", "box", "part")

# Marks before, between and after cited sentences, without the marks of traces.
MARKS = (("", " ", ""), ('"', " ", '"'), ("'", ", ", "'"), ("(", " ", ")"), ("- ", "\n", ""), ("", " ; ", ""))

QUOTE = "Quote the text, then answer.\n"
ANSWER = "Only return the answer.\n"


@dataclass(frozen=True)
class Turn:
    """A prompt and its completion."""

    prompt: str
    completion: str


@dataclass(frozen=True)
class Mix:
    """The families to draw from, the lengths of their stories, and how quotes are shortened during training.

    `short_share`: share of stories with at most `short_facts` sentences. Without them, the comparison of the asked place
    with the quoted place (yes or no) is not learnt (measured over 2,400 steps). `detour_share`: share of turns that say
    something else before the answer, so that the base can answer after a longer output; there, too, the quote before
    the answer may be shortened to nothing. `cite_share`: share of turns that say words, cite the supporting sentences
    in any marks, and then answer. `handling`, `recency`: see `Dials`.
    """

    families: tuple[int, ...] = (1, 2, 6, 12, 15)
    weights: tuple[float, ...] = (2, 4, 4, 3, 2)
    short_share: float = 0.35
    short_facts: int = 3
    most_facts: int = 12
    turns: int = 4
    shorten_from: float = 0.15
    shorten_until: float = 0.65
    detour_share: float = 0.0
    detour_words: int = 24
    detour_shorten_from: float = -1.0
    detour_shorten_until: float = 0.0
    cite_share: float = 0.0
    handling: float | None = None
    recency: int | None = None


def draw(mix: Mix, seed: int, index: int, progress: float) -> list[Turn]:
    """Exercise `index`, at `progress` in [0, 1] of the training: turns that follow one another."""
    rng = stream(seed, str(index), "exercise")
    asked = _draw_story(mix, rng, seed, index, "pretraining")
    turns = [_turn(problem, mix, rng, progress) for problem in asked]
    context, _, _ = turns[0].prompt.rpartition("Question:")
    # Only the first turn shows the story; each later turn continues after the one before.
    return [turns[0], *(Turn("\n" + t.prompt.removeprefix(context), t.completion) for t in turns[1:])]


def _turn(problem: Problem, mix: Mix, rng: Random, progress: float) -> Turn:
    if mix.cite_share and rng.random() < mix.cite_share:
        return cite_turn(problem, mix, rng)
    if mix.detour_share and rng.random() < mix.detour_share:
        return detour_turn(problem, mix, rng, progress)
    kind = rng.random()
    if kind < 0.55:
        return answer_turn(problem, _shortening(mix.shorten_from, mix.shorten_until, rng, progress))
    if kind < 0.9:
        return quote_turn(problem)
    return _repeat_turn(problem, rng)


def quote_turn(problem: Problem) -> Turn:
    """Quote the supporting sentences, then answer."""
    quote = " ".join(problem.texts(problem.trace.facts))
    return Turn(_prompt(problem, QUOTE), f"{quote}\n{render_answer(problem.answer)}")


def answer_turn(problem: Problem, shortening: float = 1.0) -> Turn:
    """Answer after the rest of the quote: the share `shortening` of its words is removed from the left."""
    words = " ".join(problem.texts(problem.trace.facts)).split(" ")
    left = " ".join(words[round(shortening * len(words)) :])
    return Turn(
        _prompt(problem, ANSWER), f"{left}\n{render_answer(problem.answer)}" if left else render_answer(problem.answer)
    )


def evaluation_problems(mix: Mix, seed: int, n: int) -> Iterator[Problem]:
    """n problems from n stories of the part of the world that pretraining never shows."""
    for index in range(n):
        yield _draw_story(mix, stream(seed, str(index), "evaluation"), seed, index, "study")[0]


def _draw_story(mix: Mix, rng: Random, seed: int, index: int, part: Part) -> list[Problem]:
    family = rng.choices(mix.families, mix.weights)[0]
    tries = 2 * mix.turns  # some repeat an earlier question
    facts = rng.randint(1, mix.short_facts) if rng.random() < mix.short_share else rng.randint(2, mix.most_facts)
    dials = Dials(
        questions=tries, facts_between=facts, questions_at_once=tries, handling=mix.handling, recency=mix.recency
    )
    made = story(family, seed, index, dials, part)
    asked = story_problems(made, family, f"qa{family}_{FAMILIES[family]}/{index}", "world")
    return list({problem.question: problem for problem in asked}.values())[: mix.turns]


def _shortening(begin: float, end: float, rng: Random, progress: float) -> float:
    # Random, so that the base sees the next lengths in advance (the smoothing of arXiv 2405.14838, section 3).
    done = (progress - begin) / (end - begin)
    return min(1.0, max(0.0, done) + rng.expovariate(10.0))


def _repeat_turn(problem: Problem, rng: Random) -> Turn:
    name, found = _last_sentences(problem, rng)
    prompt = _prompt(problem, "").rpartition("Question:")[0]
    return Turn(f"{prompt}Question: Repeat the last sentences about {name}.\n", found)


def detour_turn(problem: Problem, mix: Mix, rng: Random, progress: float) -> Turn:
    """Say something else before the answer, random words or sentences of the story, with each part in a tag of any name."""
    if rng.random() < 0.5:
        said = " ".join(rng.choices(WORDS, k=rng.randint(2, mix.detour_words)))
        instruction = f"Say {said}"
    else:
        name, said = _last_sentences(problem, rng)
        instruction = f"Repeat the last sentences about {name}"
    first, second = rng.sample(TAGS, 2)
    answer = answer_turn(problem, _shortening(mix.detour_shorten_from, mix.detour_shorten_until, rng, progress))
    completion = f"<{first}>{said}</{first}> <{second}>{answer.completion}</{second}>"
    return Turn(_prompt(problem, f"{instruction} in {first}, then answer in {second}.\n"), completion)


def cite_turn(problem: Problem, mix: Mix, rng: Random) -> Turn:
    """Say random words, cite the supporting sentences, then answer; in tags of any name, and in the marks of the prompt."""
    said = " ".join(rng.choices(WORDS, k=rng.randint(1, mix.detour_words)))
    before, between, after = rng.choice(MARKS)
    cited = between.join(before + text + after for text in problem.texts(problem.trace.facts))
    first, second = rng.sample(TAGS, 2)
    shown = f"{before}A.{after}{between}{before}B.{after}"
    completion = f"<{first}>{said} {cited}</{first}> <{second}>{render_answer(problem.answer)}</{second}>"
    return Turn(_prompt(problem, f"Say {said}, cite like {shown} in {first}, then answer in {second}.\n"), completion)


def _last_sentences(problem: Problem, rng: Random) -> tuple[str, str]:
    named = [name for name in (*PEOPLE, *PETS) if any(name in fact.text for fact in problem.context)]
    name = rng.choice(named)
    return name, " ".join([fact.text for fact in problem.context if name in fact.text][-2:])


def _prompt(problem: Problem, instruction: str) -> str:
    return TEMPLATE.render_prompt(problem).removesuffix(ANSWER) + instruction
