"""True and false statements over real passages that nobody made of their sentences: relations of Wikidata, written answers.

2WikiMultihopQA comes with triples (subject, relation, object): each becomes a sentence in one of a few wordings, true as it
is, and false with the object of another record. The answers of MS MARCO were written by people who read the passages: whole
sentences among them are taken as true. Both have mistakes of their own, so a few of the true ones are false.
"""

from collections.abc import Iterator, Sequence

from passage_edits import Writer

from tracekd.problem import Hop, Problem
from tracekd.randomness import stream
from tracekd.worlds.free_traces import MadeTrace

WORDINGS = {
    "director": ("{s} was directed by {o}.", "The director of {s} is {o}.", "{o} directed {s}."),
    "performer": ("{s} was performed by {o}.", "The performer of {s} is {o}."),
    "composer": ("The composer of {s} is {o}.", "The music of {s} was composed by {o}."),
    "date of birth": ("{s} was born on {o}.", "{s}'s date of birth is {o}."),
    "date of death": ("{s} died on {o}.", "{s}'s date of death is {o}."),
    "place of birth": ("{s} was born in {o}.", "{s}'s birthplace is {o}."),
    "place of death": ("{s} died in {o}.",),
    "father": ("{s}'s father is {o}.", "{o} is the father of {s}.", "{s} is a child of {o}."),
    "mother": ("{s}'s mother is {o}.", "{o} is the mother of {s}."),
    "spouse": ("{s} was married to {o}.", "{s}'s spouse is {o}."),
    "publication date": ("{s} was released in {o}.", "{s} came out in {o}."),
    "inception": ("{s} was founded in {o}.",),
}
KINDS = {"date of birth": "year", "date of death": "year", "publication date": "year", "inception": "year"}
_ARROW = " >> "
_FEWEST_WORDS = 6


def evidence_traces(problems: Sequence[Problem], half: int, seed: int) -> Iterator[tuple[Problem, MadeTrace]]:
    """For each record of one half: a trace of its true relations, and one in which an object is another record's."""
    others: dict[str, list[str]] = {}
    for problem in problems:
        for hop in problem.hops:
            others.setdefault(_relation(hop), []).append(hop.answer)
    for number, problem in enumerate(problems):
        if number % 2 == half:
            for is_false in (False, True):
                rng = stream(seed, f"{problem.id}/{is_false}", "evidences")
                hops = [hop for hop in problem.hops if _relation(hop) in WORDINGS]
                if not hops:
                    continue
                writer = Writer(rng)
                wrong = rng.randrange(len(hops)) if is_false else -1
                for at, hop in enumerate(hops):
                    subject, relation = hop.question.partition(_ARROW)[0], _relation(hop)
                    told = hop.answer if at != wrong else rng.choice(others[relation])
                    is_other = not _occurs(told, problem) and told != hop.answer
                    if at == wrong and not is_other:
                        continue
                    text = rng.choice(WORDINGS[relation]).format(s=subject, o=told)
                    if at == wrong:
                        writer.say(text, "false", KINDS.get(relation, "agent" if relation == "director" else "name"))
                    else:
                        writer.say(text, "said")
                yield problem, MadeTrace(writer.text, tuple(writer.planted))


def answer_traces(problems: Sequence[Problem], half: int, seed: int) -> Iterator[tuple[Problem, MadeTrace]]:
    """For each question of MS MARCO in one half: the written answers that are whole sentences."""
    for number, problem in enumerate(problems):
        answers = [
            value for value in problem.answer.values if len(value.split()) >= _FEWEST_WORDS and value[-1:] == "."
        ]
        if number % 2 == half and problem.stratum == "answerable" and answers:
            writer = Writer(stream(seed, problem.id, "written answers"))
            for answer in answers:
                writer.say(answer, "said")
            yield problem, MadeTrace(writer.text, tuple(writer.planted))


def _relation(hop: Hop) -> str:
    return hop.question.partition(_ARROW)[2]


def _occurs(value: str, problem: Problem) -> bool:
    return any(value.lower() in fact.text.lower() for fact in problem.context)
