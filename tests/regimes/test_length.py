"""Is a trace told wrong without reading it? Its length, and what else one can count, against that of the right one."""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer

import tracekd
from tracekd.problem import Problem
from tracekd.tasks import task_names
from tracekd.trace import Trace

TOKENIZER = Tokenizer.from_file(str(Path(tracekd.__file__).parent / "students/embedded/tokenizer.json"))
AS_LONG = ["incorrect", "incorrect_class", "incorrect_facts", "swapped", "shuffled", "partial", "filler"]
Pairs = list[tuple[str, str]]


@cache
def tokens(text: str) -> int:
    return len(TOKENIZER.encode(text).ids)


def ratio(pairs: Pairs, length: Callable[[str], int]) -> float:
    """The mean length of the first of each pair, as a share of that of the second."""
    return sum(length(one) for one, _ in pairs) / sum(length(other) for _, other in pairs)


def pairs_of(problems: Iterable[Problem], regime: str, setting: Any, drawn: Callable[..., Any]) -> Pairs:
    """What the regime teaches and what `correct` does, of each problem that has both."""
    traces = ((problem, drawn(problem, regime, setting)) for problem in problems)
    render = setting.template.render_trace
    return [(render(p, trace), render(p, p.trace)) for p, trace in traces if isinstance(trace, Trace)]


@pytest.mark.parametrize("name", task_names())
@pytest.mark.parametrize("regime", AS_LONG)
def test_traces_are_as_long_as_correct_ones_on_average(
    name: str, regime: str, sample: Callable[..., Any], drawn: Callable[..., Any]
) -> None:
    setting, problems = sample(name).setting, sample(name).problems
    pairs = pairs_of(problems, regime, setting, drawn)
    # Of 320 made-up questions to MS MARCO, few cite more than one passage.
    assert len(pairs) > (100 if regime != "partial" else 2)
    assert 0.9 < ratio(pairs, len) < 1.1
    # No word repeated is as long in characters and in tokens: the next test.
    assert regime == "filler" or 0.9 < ratio(pairs, tokens) < 1.1


@pytest.mark.parametrize("name", task_names())
def test_filler_is_as_long_in_tokens_where_tokens_are_counted(
    name: str, sample: Callable[..., Any], drawn: Callable[..., Any]
) -> None:
    setting = replace(sample(name).setting, length=tokens)
    for filler, correct in pairs_of(sample(name, of=4).problems, "filler", setting, drawn):
        assert abs(tokens(filler) - tokens(correct)) <= 1


def features(trace: str, sentence: str) -> dict[str, float]:
    """What can be counted of a trace; `sentence` introduces its facts."""
    cited = trace.partition(sentence)[2]
    capitals, digits = (len(re.findall(chars, cited)) / len(cited) for chars in ("[A-Z]", "[0-9]"))
    facts = cited.count("', ") + cited.count('", ') + 1
    return {
        "characters": len(trace), "words": len(trace.split()), "cited characters": len(cited), "facts": facts,
        "mean length": len(cited) / facts, "share of capitals": capitals, "share of digits": digits,
    }  # fmt: skip


def told_apart(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any], half: np.ndarray[Any, Any]) -> float:
    """The accuracy of the best threshold of one half of the pairs on the other half, both ways; 0.5 is chance."""
    return float(np.mean([accuracy(one[~half], other[~half], *best(one[half], other[half])) for half in (half, ~half)]))


def best(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> tuple[float, bool]:
    cuts = np.unique(np.concatenate([one, other]))
    below = (np.searchsorted(np.sort(x), cuts, side="left") / len(x) for x in (one, other))
    more = next(below) - next(below)
    at = int(np.argmax(np.abs(more)))
    return float(cuts[at]), bool(more[at] > 0)


def accuracy(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any], cut: float, one_is_below: bool) -> float:
    right = (np.mean(one < cut) + np.mean(other >= cut)) / 2
    return float(right if one_is_below else 1 - right)


@pytest.mark.parametrize(("name", "size"), [("babi", 2000), ("cotempqa", 1600), ("msmarco", 1000)])
def test_nothing_that_can_be_counted_tells_incorrect_from_correct(
    name: str, size: int, sample: Callable[..., Any], drawn: Callable[..., Any]
) -> None:
    setting, problems = sample(name).setting, sample(name, size=size).problems
    sentence = setting.template.retrieve
    found: list[tuple[dict[str, float], dict[str, float]]] = []
    first_half: list[bool] = []
    for problem in problems:
        for wrong, right in pairs_of([problem], "incorrect", setting, drawn):
            found.append((features(wrong, sentence), features(right, sentence)))
            first_half.append(hashlib.sha256(problem.id.encode()).digest()[0] % 2 == 0)
    assert len(found) > 600
    for feature in found[0][0]:
        one, other = (np.array([pair[at][feature] for pair in found]) for at in (0, 1))
        assert 0.47 <= told_apart(one, other, np.array(first_half)) <= 0.53, feature


def test_a_feature_that_differs_is_told() -> None:
    half = np.arange(400) % 20 < 10
    one, other = np.arange(400) % 10, np.arange(400) % 10 + 5
    assert told_apart(one, other, half) == pytest.approx(0.75)
    assert told_apart(other, one, half) == pytest.approx(0.75)
    assert told_apart(one, one, half) == 0.5
