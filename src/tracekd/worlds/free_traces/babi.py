"""Made free traces for bAbI problems. Family 3 and stories longer than 40 facts are told in part only, as people would."""

from itertools import pairwise
from random import Random

from tracekd.problem import Problem
from tracekd.tasks.babi import rules
from tracekd.tasks.babi.families import FAMILIES
from tracekd.tasks.babi.sentences import Transfer, Whereabouts, plain, read_transfer, read_whereabouts
from tracekd.worlds.free_traces.babi_natures import tell_natures
from tracekd.worlds.free_traces.wording import Wording
from tracekd.worlds.free_traces.writer import Writer

ERRORS = ("wrong place", "wrong time", "wrong holder", "invented fact", "wrong count", "wrong relation", "wrong answer")
_PLACES = "bathroom hallway garden office bedroom kitchen cinema school park".split()
_NUMBERS = ("no", "one", "two", "three", "four", "five")
_STILL = {FAMILIES[number] for number in (4, 15, 16, 17, 18, 19, 20)}
_UNTOLD = {FAMILIES[14]}


class BabiMaker:
    """Makes one trace for a problem. `error`: the kind of error to plant, or None."""

    def __init__(self, problem: Problem, wording: Wording, rng: Random, error: str | None) -> None:
        self.problem, self.rng, self.error = problem, rng, error
        self.write = Writer(wording, rng)
        self.facts = [plain(fact.text) for fact in problem.context]
        self.seen = list(read_whereabouts(self.facts))
        self.transfers = [one for at, fact in enumerate(self.facts) if (one := read_transfer(at, fact))]
        self.places = sorted({place for one in self.seen for place in one.places}) or _PLACES

    def make(self) -> Writer:
        """Write the trace."""
        if self.rng.random() < 0.6:
            self.write.talk("plan", question=self.problem.question)
        if self.problem.label in _STILL:
            tell_natures(self.problem, self.facts, self.write, self.rng, self.error)
        elif self.problem.label in _UNTOLD:
            self._quote_support()
        elif self.transfers and self.rng.random() < 0.7:
            self._tell_thing(self.rng.choice(sorted({one.thing for one in self.transfers})))
        else:
            self._tell_person()
        if self.rng.random() < 0.7:
            self._answer()
        return self.write

    def _quote_support(self) -> None:
        for id_ in self.problem.support["support"]:
            (text,) = self.problem.texts([id_])
            self.write.say("quote", "said", fact=text.removesuffix("."))

    def _tell_person(self) -> None:
        """Where a person was, one place after the other, and where the person is at the end."""
        people = sorted({name for one in self.seen for name in one.people if not one.denied and len(one.places) == 1})
        if not people:
            return
        name = self.rng.choice(people)
        way = [one for one in self.seen if name in one.people]
        told = way[-self.rng.randint(1, 4) :]
        known = [one for one in way if not one.denied and len(one.places) == 1]
        if self.error == "wrong place" and not self._move_elsewhere(name, known):
            self.error = "wrong answer"
        for one in told:
            self._visit(name, one)
        last = way[-1]
        if self.rng.random() < 0.15:
            self.write.talk("suppose", p=_cap(name), l=self.rng.choice(self.places))
        if last.denied or len(last.places) > 1:
            return
        if self.error == "wrong time":
            self._at_wrong_time(name, known)
        elif self.rng.random() < 0.7:
            self.write.say(
                "at now", "follows", None, self.rng.choice(("", "so", "hedge")), p=_cap(name), l=last.places[0]
            )
        self._before(name, known)

    def _visit(self, name: str, one: Whereabouts) -> None:
        place = one.places[0]
        if self.rng.random() < 0.25:
            self.write.say("quote", "said", fact=self.problem.context[one.facts[-1]].text.removesuffix("."))
        elif len(one.places) > 1:
            self.write.say("either", "said", p=_cap(name), l=place, k=one.places[1])
        elif one.denied:
            self.write.say("not at", "said", p=_cap(name), l=place)
        elif " is " in self.facts[one.facts[-1]]:
            self.write.say("at", "said", p=_cap(name), l=place)
        else:
            people = (
                " and ".join(map(_cap, one.people)) if len(one.people) > 1 and self.rng.random() < 0.5 else _cap(name)
            )
            self.write.say("move", "said", None, self.rng.choice(("", "", "lead", "hedge")), p=people, l=place)

    def _move_elsewhere(self, name: str, known: list[Whereabouts]) -> bool:
        never = [place for place in _PLACES if all(place not in one.places for one in self.seen if name in one.people)]
        if not known or not never:
            return False
        self.write.say("move", "false", "wrong place", "", p=_cap(name), l=self.rng.choice(never))
        if self.rng.random() < 0.5:
            self.write.say("move", "said", None, "wait", p=_cap(name), l=known[0].places[0]) if _moved(
                self.facts, known[0]
            ) else None
        return True

    def _at_wrong_time(self, name: str, known: list[Whereabouts]) -> None:
        """Say that a person is now where the person was once."""
        now = known[-1].places[0]
        old = [one.places[0] for one in known if one.places[0] != now]
        wrong = old or [place for place in _PLACES if place != now]
        self.write.say("at now", "false", "wrong time", "", p=_cap(name), l=self.rng.choice(wrong))
        if self.rng.random() < 0.5:
            self.write.say("at now", "follows", None, "wait", p=_cap(name), l=now)

    def _before(self, name: str, known: list[Whereabouts]) -> None:
        way = [one.places[0] for one in known]
        steps = [(a, b) for a, b in pairwise(way) if a != b]
        clear = len(known) == len([one for one in self.seen if name in one.people])
        if steps and clear and self.rng.random() < 0.3:
            self.write.say("before", "follows", x=_cap(name), l=steps[-1][0], k=steps[-1][1])

    def _tell_thing(self, thing: str) -> None:
        """Who got a thing and gave it away, and who has it at the end, or where it lies."""
        those = [one for one in self.transfers if one.thing == thing]
        people = sorted({name for one in self.transfers for name in (one.giver, one.taker) if name})
        strangers = [
            name
            for name in sorted({n for one in self.seen for n in one.people})
            if all(name not in (o.giver, o.taker) for o in those)
        ]
        if self.error == "invented fact" and strangers:
            self.write.say("get", "false", "invented fact", "", p=_cap(self.rng.choice(strangers)), t=thing)
        for one in those[-self.rng.randint(1, 4) :]:
            self._transfer(one)
        last = those[-1]
        wrong = [name for name in people if name != last.taker] or strangers
        if self.error == "wrong holder" and wrong:
            self.write.say("has now", "false", "wrong holder", "", p=_cap(self.rng.choice(wrong)), t=thing)
        elif last.taker and self.rng.random() < 0.7:
            self.write.say(
                "has now", "follows", None, self.rng.choice(("", "so", "hedge")), p=_cap(last.taker), t=thing
            )
        self._lies(last)
        self._count(self.rng.choice(people))

    def _transfer(self, one: Transfer) -> None:
        lead = self.rng.choice(("", "", "lead"))
        if self.rng.random() < 0.2:
            self.write.say("quote", "said", fact=self.problem.context[one.fact].text.removesuffix("."))
        elif one.giver and one.taker:
            self.write.say("give", "said", None, lead, p=_cap(one.giver), t=one.thing, k=_cap(one.taker))
        elif one.taker:
            self.write.say("get", "said", None, lead, p=_cap(one.taker), t=one.thing)
        else:
            self.write.say("drop", "said", None, lead, p=_cap(one.giver or ""), t=one.thing)

    def _lies(self, last: Transfer) -> None:
        name = last.taker or last.giver or ""
        way = [s for s in self.seen if name in s.people and (last.taker or s.facts[-1] < last.fact)]
        if not way or way[-1].denied or len(way[-1].places) > 1:
            return
        place = way[-1].places[0]
        if self.error in ("wrong place", "wrong time"):
            wrong = self.rng.choice([other for other in _PLACES if other != place])
            self.write.say("lies now", "false", self.error, "", t=last.thing, l=wrong)
            if self.rng.random() < 0.5:
                self.write.say("lies now", "follows", None, "wait", t=last.thing, l=place)
        elif self.rng.random() < 0.6:
            self.write.say("lies now", "follows", None, self.rng.choice(("", "so")), t=last.thing, l=place)

    def _count(self, name: str) -> None:
        held = {one.thing: one.taker == name for one in self.transfers}
        things = sorted(thing for thing, has in held.items() if has)
        if self.error == "wrong count":
            number = (len(things) + self.rng.randint(1, 2)) or 1
            self.write.say(
                "count",
                "false",
                "wrong count",
                "",
                p=_cap(name),
                n=_NUMBERS[min(number, 5)],
                s="s" if number > 1 else "",
            )
        elif 0 < len(things) < 5 and self.rng.random() < 0.5:
            self.write.say("count", "follows", p=_cap(name), n=_NUMBERS[len(things)], s="s" if len(things) > 1 else "")

    def _answer(self) -> None:
        solution = rules.solve(self.problem.question, self.facts, self.problem.label)
        if solution is None or solution.answer.kind == "path":
            return
        values = solution.answer.values
        if self.error == "wrong answer":
            wrong = {"yes": "no", "no": "yes", "maybe": "no"}.get(values[0] if values else "")
            if wrong is None and values and values[0] in _PLACES:
                wrong = next(place for place in self.places if place != values[0]) if len(self.places) > 1 else None
            if wrong:
                self.write.say("answer", "false", "wrong answer", a=wrong)
            return
        self.write.say("answer", "follows", a=" and ".join(values) or "nothing")


def _moved(facts: list[str], one: Whereabouts) -> bool:
    return " is " not in facts[one.facts[-1]]


def _cap(name: str) -> str:
    return name.capitalize()
