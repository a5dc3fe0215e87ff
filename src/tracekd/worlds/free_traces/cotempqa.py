"""Made free traces for CoTempQA problems."""

from collections.abc import Sequence
from random import Random

from tracekd.problem import Problem
from tracekd.tasks.cotempqa.intervals import Date, Interval, tuple_order, whole_years
from tracekd.tasks.cotempqa.rules import Reading, read_facts
from tracekd.tasks.cotempqa.sentences import DatedEvent, parse_facts, parse_question
from tracekd.worlds.free_traces.wording import Wording
from tracekd.worlds.free_traces.writer import Writer

ERRORS = ("wrong time", "wrong join", "wrong class", "invented fact", "wrong holder", "wrong answer")
_MONTHS = "January February March April May June July August September October November December".split()
_INVENTED = ("Velmora Institute", "Quillhaven Partners", "Ostrand Foundation", "Brightmere Works", "Tarnwick Society")


class CotempMaker:
    """Makes one trace for a problem. `error`: the kind of error to plant, or None."""

    def __init__(self, problem: Problem, wording: Wording, rng: Random, error: str | None) -> None:
        self.rng = rng
        self.error = error
        self.problem = problem
        self.write = Writer(wording, rng)
        self.events: list[DatedEvent] = [event for event in parse_facts([f.text for f in problem.context]) if event]
        question = parse_question(problem.question)
        assert question is not None, "the problem is of a world"
        self.question = question
        self.reading: Reading = read_facts(question, self.events)
        self.day_first = rng.random() < 0.3
        self.short = rng.random() < 0.2

    def make(self) -> Writer:
        """Write the trace."""
        write, rng = self.write, self.rng
        if rng.random() < 0.7:
            write.talk("plan", question=self.problem.question)
        anchor = self.reading.anchor
        assert anchor is not None, "the problem is of a world"
        others = self._others()
        spoiled = rng.randrange(len(others) + 1)
        self._fact(anchor, self.error == "wrong time" and spoiled == 0)
        for number, other in enumerate(others, start=1):
            if rng.random() < 0.12:
                write.talk("suppose", s=self.events[other].event.subject, o=self.events[other].event.object)
            self._fact(other, self.error == "wrong time" and spoiled == number)
            self._join(other, anchor, self.error == "wrong join" and (spoiled or 1) == number)
        if self.error in ("invented fact", "wrong holder"):
            self._unknown(self.error)
        if rng.random() < 0.5 or self.error == "wrong class":
            self._class()
        self._answer()
        return write

    def _others(self) -> list[int]:
        others = list(self.reading.cotemporal)
        rest = [at for at in self.reading.answers if at not in others]
        others += self.rng.sample(rest, min(len(rest), self.rng.randint(1, 3)))
        self.rng.shuffle(others)
        return others

    def _fact(self, place: int, spoil: bool) -> None:
        event, when = self.events[place]
        if spoil:
            self._say_fact(event.relation, event.subject, event.object, self._moved(when), "false", "wrong time")
            if self.rng.random() < 0.5:
                return
            self._say_fact(event.relation, event.subject, event.object, when, "said", None, lead="wait")
            return
        if self.rng.random() < 0.2:
            self.write.say("quote", "said", fact=self.problem.context[place].text.removesuffix("."))
            return
        lead = self.rng.choice(("", "", "lead", "hedge"))
        self._say_fact(event.relation, event.subject, event.object, when, "said", None, lead)

    def _say_fact(
        self, relation: str, subject: str, object_: str, when: Interval, worth: str, error: str | None, lead: str = ""
    ) -> None:
        form = "point" if when.is_point else "span"
        time = self.write.wording.say(self.rng, form, a=self._date(when.start), b=self._date(when.end))
        what = "listed" if self.write.style != "prose" and not lead and self.rng.random() < 0.3 else relation
        if what == "listed" and self._is_shared(subject, object_):
            what = relation
        self.write.say(what, worth, error, lead, s=subject, o=object_, when=time)  # type: ignore[arg-type]

    def _is_shared(self, subject: str, object_: str) -> bool:
        """Whether several facts connect these two."""
        return sum(e.event.subject == subject and e.event.object == object_ for e in self.events) > 1

    def _moved(self, when: Interval) -> Interval:
        """Another time: the years are other ones at both ends."""
        by = self.rng.choice((-31, -17, -8, -3, 3, 8, 17, 31))
        (y1, m1, d1), (y2, m2, d2) = when
        return Interval((y1 + by, m1, min(d1, 28)), (y2 + by, m2, min(d2, 28)))

    def _join(self, place: int, anchor: int, spoil: bool) -> None:
        one, other = self.events[place].when, self.events[anchor].when
        relation = tuple_order(one, other)
        if relation != whole_years(one, other):
            return
        what = self._relation(one, other, relation)
        if spoil:
            what = {"apart": "overlaps", "before": "after", "after": "before"}.get(what, "apart")
        if self.rng.random() < 0.4:
            x, key = "", f"it {what}"
        else:
            x, key = self._noun(place), what
        worth = "false" if spoil else "follows"
        lead = "" if spoil or not x else self.rng.choice(("", "so", "hedge"))
        self.write.say(key, worth, "wrong join" if spoil else None, lead, x=x, y=self._noun(anchor))  # type: ignore[arg-type]

    def _relation(self, one: Interval, other: Interval, relation: str | None) -> str:
        if relation is None:
            return self.rng.choice(("apart", "before" if one.end < other.start else "after"))
        if relation == "during":
            inside = other.start <= one.start and one.end <= other.end
            return self.rng.choice(("within" if inside else "contains", "overlaps"))
        return {"equal": "equal", "overlap": "overlaps"}[relation]

    def _noun(self, place: int) -> str:
        event = self.events[place].event
        forms = ["both"]
        if sum(other.event.subject == event.subject for other in self.events) == 1:
            forms.append("subject")
        return self.write.wording.say(
            self.rng, f"noun {self.rng.choice(forms)} {event.relation}", s=event.subject, o=event.object
        )

    def _unknown(self, error: str) -> None:
        place = self.rng.choice(list(self.reading.answers))
        event, when = self.events[place]
        subject, object_ = event.subject, self.rng.choice(_INVENTED)
        if error == "wrong holder":
            free = [
                (a.event.subject, b.event.object)
                for a in self.events
                for b in self.events
                if b.event.relation == a.event.relation == event.relation
                and not any(
                    c.event.subject == a.event.subject and c.event.object == b.event.object for c in self.events
                )
            ]
            if not free:
                error = "invented fact"
            else:
                subject, object_ = self.rng.choice(free)
        self._say_fact(event.relation, subject, object_, when, "invented", error)

    def _class(self) -> None:
        right = self.problem.label
        if self.error == "wrong class":
            wrong = self.rng.choice([label for label in ("equal", "during", "overlap", "mix") if label != right])
            self.write.say(f"class {wrong}", "false", "wrong class")
        else:
            self.write.say(f"class {right}", "follows", None, self.rng.choice(("", "so")))

    def _answer(self) -> None:
        names: Sequence[str] = list(dict.fromkeys(self.reading.answers[at][0] for at in self.reading.cotemporal))
        if self.error == "wrong answer":
            wrong = [name for at, (name, _) in self.reading.answers.items() if name not in names]
            if wrong:
                self.write.say("answer", "false", "wrong answer", answers=self.rng.choice(wrong))
                return
        self.write.say("answer", "follows", answers=" and ".join(names))

    def _date(self, date: Date) -> str:
        year, month, day = date
        if not month:
            return str(year)
        name = _MONTHS[month - 1][: 3 if self.short and month != 5 else None]
        if not day:
            return f"{name} {year}"
        return f"{day} {name} {year}" if self.day_first else f"{name} {day}, {year}"
