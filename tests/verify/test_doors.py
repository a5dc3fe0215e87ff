"""At every door: no output is lost, none counts twice, and none is judged on a problem whose context it did not show."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import tracekd
from tracekd.problem import Answer, Fact, Problem, gold_trace
from tracekd.tasks import get_task
from tracekd.verify.check import Check
from tracekd.verify.join import Problems
from tracekd.verify.join_report import JoinTally
from tracekd.verify.judge import Judge
from tracekd.verify.reading import OutputRecord, Unread
from tracekd.verify.run import check_outputs, joined, verify_outputs
from tracekd.verify.verdict import Verdict

TASK = get_task("babi")
TEMPLATE = TASK.template
PEOPLE, PLACES = ("Mary", "John"), ("office", "garden", "hall")
FACTS = tuple(f"{person} went to the {place}." for person in PEOPLE for place in PLACES)


def problem(number: int, story: tuple[str, ...], question: str) -> Problem:
    return Problem(
        id=f"q/{number}", task="babi", group="g", question=question, source=f"s:{number}",
        context=tuple(Fact(id=str(at), text=text) for at, text in enumerate(story)),
        answer=Answer(kind="one_of", values=("hall",)), trace=gold_trace("single-supporting-fact", ["0"]),
    )  # fmt: skip


stories = st.lists(st.sampled_from(FACTS), min_size=1, max_size=4).map(tuple)
questions = st.sampled_from(tuple(f"Where is {person}?" for person in PEOPLE))
# How a record shows its story: exactly, numbered, in one line, only in a prompt, not at all.
FORMS = ("exact", "numbered", "joined", "prompt", "own prompt", "none")


def record(number: int, story: tuple[str, ...], question: str, form: str, ident: str | None) -> OutputRecord:
    numbered = tuple(f"{at}) {text}" for at, text in enumerate(story, 1))
    shown: dict[str, dict[str, Any]] = {
        "exact": {"question": question, "context": story},
        "numbered": {"question": question, "context": numbered},
        "joined": {"question": question, "context": (" ".join(story),)},
        "prompt": {"prompt": "Read the story.\n" + "\n".join(story) + f"\nQuestion: {question}\nAnswer:"},
        "own prompt": {"question": TEMPLATE.render_prompt(problem(0, story, question))},
        "none": {"question": question},
    }
    return OutputRecord(text="hall", where=f"file:{number}", id=ident, sample=number, **shown[form])


known_stories = st.lists(st.tuples(stories, questions), min_size=1, max_size=6, unique=True)
records = st.lists(st.tuples(stories, questions, st.sampled_from(FORMS), st.none() | st.integers(0, 6)), max_size=8)


def problems_and_outputs(known: list[Any], written: list[Any]) -> tuple[Problems, list[OutputRecord]]:
    """Half of the outputs are for a known story."""
    problems = Problems.of([problem(at, story, asked) for at, (story, asked) in enumerate(known)], TEMPLATE)
    return problems, [
        record(
            number,
            *(known[number % len(known)] if number % 2 else (story, asked)),
            form,
            None if at is None else f"q/{at}",
        )
        for number, (story, asked, form, at) in enumerate(written)
    ]


@given(known_stories, records)
@settings(max_examples=200)
def test_what_is_judged_was_seen(known: list[Any], written: list[Any]) -> None:
    problems, outputs = problems_and_outputs(known, written)
    tally = JoinTally(problems.all)
    judged = list(joined(outputs, problems, tally))
    report = tally.report()
    assert report.judged == len(judged) == len({output.where for output, _ in judged})
    assert report.judged + report.unknown.count + report.given_twice.count + report.unread.count == len(outputs)
    for output, place in judged:
        asked = problems.all[place]
        seen = " ".join((output.question or "", *(output.context or ()), output.prompt or ""))
        assert asked.question in seen
        if output.context or output.prompt:
            assert all(fact.text in seen for fact in asked.context)
        else:
            assert output.id == asked.id or all(fact.text in seen for fact in asked.context)


@given(known_stories, records, st.lists(st.sampled_from((0, 0, 1)), min_size=8, max_size=8))
@settings(max_examples=60)
def test_select_checks_what_verify_judges(known: list[Any], written: list[Any], samples: list[int]) -> None:
    """The same outputs, each once, on the same problems; some of them are given twice, and some lines are unreadable."""
    problems, outputs = problems_and_outputs(known, written)
    given: list[OutputRecord | Unread] = []
    for output, sample in zip(outputs, samples, strict=False):
        given += [output._replace(sample=sample), Unread(f"{output.where}0", "not JSON")]
    verdicts: list[Verdict] = []
    judged = verify_outputs(given, problems, Judge.of(TASK), verdicts.append)
    checked: list[tuple[OutputRecord, Problem, Check]] = []
    selected = check_outputs(given, problems, TASK, lambda *found: checked.append(found[:3]))
    assert selected == judged
    assert judged.read + judged.unread.count == len(given) and judged.judged == len(checked)
    assert [(verdict.id, verdict.sample) for verdict in verdicts] == [(p.id, o.sample) for o, p, _ in checked]
    assert len({(o.model, o.regime, o.seed, o.sample, p.id) for o, p, _ in checked}) == len(checked)
    for output, asked, check in checked:
        # The check is that of the output on its own problem, and of no other one.
        alone = tracekd.check(TASK, [fact.text for fact in asked.context], asked.question, output.text)
        assert check == alone


@given(known_stories, st.sampled_from(FORMS[:-1]))
def test_every_form_of_a_known_story_finds_it(known: list[Any], form: str) -> None:
    """Unless another problem has the same story in another cut: then it is never the wrong one."""
    made = [problem(at, story, asked) for at, (story, asked) in enumerate(known)]
    problems = Problems.of(made, TEMPLATE)
    for at, (story, asked) in enumerate(known):
        found = problems.find(record(at, story, asked, form, None))
        if isinstance(found, Problem):
            assert (found.question, tuple(fact.text for fact in found.context)) == (asked, story)
        else:
            assert form not in ("exact", "own prompt")
        by_id = problems.find(record(at, story, asked, form, f"q/{at}"))
        assert isinstance(by_id, Problem)
        assert by_id.id == f"q/{at}" or by_id == made[at]
