"""The engine behind `/v1/completions`: what it makes of good servers, and how it finds out the others."""

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tracekd.errors import UserError
from tracekd.http import retries
from tracekd.http.endpoint import Endpoint
from tracekd.students.engines.contract import Decoding, EngineError, Generation
from tracekd.students.engines.endpoint import EndpointEngine

from .server import OPENAI, Server, written

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

pytestmark = pytest.mark.xdist_group("torch")


def named(value: object) -> str:
    """The order of a set differs between processes, and so would the names of tests."""
    return " and ".join(sorted(value)) or "none" if isinstance(value, set) else str(value)


KINDS_OF_SERVER: list[set[str]] = [set(), {"text only"}, {"names"}, {"plain"}, {"no extras"}, {"no extras", "plain"}]


@pytest.fixture
def server(tokenizer: "PreTrainedTokenizerBase", monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(retries, "_FIRST", 0.001)
    made = Server(tokenizer)
    yield made
    made.end()


def engine(server: Server, **more: Any) -> EndpointEngine:
    return EndpointEngine(Endpoint.of(server.url, timeout=120.0, key_name=""), "m", server.tokenizer, **more)


def text_of(made: Generation, tokenizer: "PreTrainedTokenizerBase") -> str:
    return made.text if made.text is not None else tokenizer.decode(list(made.ids))


@pytest.mark.parametrize("faults", KINDS_OF_SERVER, ids=named)
def test_outputs_are_the_same_whatever_the_server_says_of_their_end(
    server: Server, prompts: list[list[int]], faults: set[str]
) -> None:
    server.faults = faults
    made = dict(engine(server).generate(prompts, Decoding(200)))
    assert sorted(made) == list(range(len(prompts)))
    for prompt, (one,) in zip(prompts, (made[index] for index in range(len(prompts))), strict=True):
        text = written(prompt).removesuffix(" and so on")
        assert one == Generation(tuple(server.tokenizer.encode(text, add_special_tokens=False)), "stop")


@pytest.mark.parametrize("faults", KINDS_OF_SERVER, ids=named)
def test_without_a_stop_string_the_end_token_ends_an_output_and_the_limit_cuts_it(
    server: Server, prompts: list[list[int]], faults: set[str]
) -> None:
    server.faults = faults
    for limit in (200, 5):
        made = dict(engine(server).generate(prompts[:4], Decoding(limit, stop=None)))
        for index, prompt in enumerate(prompts[:4]):
            ids = server.tokenizer.encode(written(prompt), add_special_tokens=False)
            assert made[index] == (Generation(tuple(ids[:limit]), "length" if limit == 5 else "stop"),)


def test_a_request_holds_token_ids_and_asks_for_one_output(server: Server, prompts: list[list[int]]) -> None:
    list(engine(server).generate(prompts[:2], Decoding(77)))
    asked = [body for body in server.seen if body["max_tokens"] == 77]
    assert sorted(body["prompt"] for body in asked) == sorted(prompts[:2])
    for body in asked:
        assert body["temperature"] == 0 and body["n"] == 1 and body["stop"] == ["</answer>"] and body["top_p"] == 1
        assert body["repetition_penalty"] == 1 and body["skip_special_tokens"] is False


def test_a_server_that_takes_openais_fields_alone_is_sent_no_others(server: Server, prompts: list[list[int]]) -> None:
    server.faults = {"no extras"}
    list(engine(server).generate(prompts[:2], Decoding(50)))
    assert all(body.keys() <= OPENAI for body in server.seen[1:])


def test_samples_have_seeds_of_their_own_and_depend_on_no_order(server: Server, prompts: list[list[int]]) -> None:
    decoding = Decoding(200, temperature=0.8, samples=3, seed=4, stop=None)
    made = dict(engine(server, concurrency=3).generate(prompts[:4], decoding))
    for index, prompt in enumerate(prompts[:4]):
        texts = [text_of(one, server.tokenizer) for one in made[index]]
        assert texts == [written(prompt, 0.8, decoding.seed_of(prompt, sample)) for sample in range(3)]
    turned = dict(engine(server).generate(prompts[:4][::-1], decoding))
    assert [turned[3 - index] for index in range(4)] == [made[index] for index in range(4)]


def test_several_are_asked_at_a_time_but_not_more_than_said(server: Server, prompts: list[list[int]]) -> None:
    server.barrier = threading.Barrier(3)  # breaks if fewer come
    assert len(prompts) % 3 == 0
    assert len(dict(engine(server, concurrency=3).generate(prompts, Decoding(50)))) == len(prompts)
    assert server.most_together == 3


def test_a_server_that_fails_now_and_then_is_asked_again(server: Server, prompts: list[list[int]]) -> None:
    server.fails = [500, 429, 503]
    made = dict(engine(server, retries=3).generate(prompts[:5], Decoding(200)))
    assert len(made) == 5 and all(one.finish == "stop" for (one,) in made.values())


def test_what_came_before_a_failure_is_yielded(server: Server, prompts: list[list[int]]) -> None:
    distinct = list(map(list, dict.fromkeys(map(tuple, prompts))))
    made = []

    def collect() -> None:
        for done in engine(server, retries=1, concurrency=1).generate(distinct, Decoding(200)):
            made.append(done)
            if len(made) == 3:
                server.fails = [500, 500]

    with pytest.raises(EngineError, match=r"gave no answer in 2 attempts(.|\n)*HTTP 500 \(not now\)"):
        collect()
    assert [index for index, _ in made] == [0, 1, 2]


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        ({"no ids"}, "does not accept a prompt of token ids: .*prompt must be a string"),
        ({"no completions"}, "HTTP 404"),
        ({"no max_tokens"}, "ignores max_tokens: it wrote"),
        ({"no stop"}, "does not stop at a stop string"),
        ({"no stop", "text only"}, "does not stop at a stop string"),
        ({"random"}, "draws at random at temperature 0"),
        ({"start token"}, r"read \d+ tokens, but \d+ were sent"),
        ({"other prompt"}, "read other tokens, but"),
        ({"no usage"}, "does not report how many tokens it read"),
        ({"two choices"}, "2 choices, but one was requested"),
        ({"aborts"}, "ended with the reason 'abort'"),
        ({"HTML"}, "HTML instead of JSON"),
    ],
    ids=named,
)
def test_a_server_that_does_otherwise_is_found_out_by_a_few_small_questions(
    server: Server, prompts: list[list[int]], faults: set[str], said: str
) -> None:
    server.faults = faults
    with pytest.raises(UserError, match=said) as raised:
        next(engine(server, retries=1).generate(prompts, Decoding(200)))
    assert "Traceback" not in str(raised.value) and server.url in str(raised.value)
    assert len(server.seen) <= 8 and all(body["max_tokens"] <= 16 for body in server.seen)


@pytest.mark.parametrize(
    ("fault", "said"), [("no temperature", "ignores the temperature"), ("no seed", "ignores the seed")]
)
def test_what_drawing_needs_is_asked_where_it_is_needed(
    server: Server, prompts: list[list[int]], fault: str, said: str
) -> None:
    server.faults = {fault}
    with pytest.raises(UserError, match=said):
        next(engine(server).generate(prompts, Decoding(200, temperature=1.0)))
    if fault == "no temperature":
        assert len(dict(engine(server).generate(prompts[:2], Decoding(200)))) == 2


def test_a_prompt_that_is_read_otherwise_later_ends_it(server: Server, prompts: list[list[int]]) -> None:
    made = engine(server, concurrency=1).generate(prompts, Decoding(200))
    next(made)
    server.faults = {"start token"}
    with pytest.raises(UserError, match="were sent"):
        list(made)


def test_text_that_no_ids_decode_to_is_what_counts(
    server: Server, prompts: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    server.faults = {"text only"}
    tokenizer = server.tokenizer

    class Lossy:
        """Forgets capital letters, as some tokenizers do."""

        eos_token_id = tokenizer.eos_token_id

        def encode(self, text: str, **options: Any) -> list[int]:
            return list(tokenizer.encode(text.lower(), **options))

        def decode(self, ids: list[int], **options: Any) -> str:
            return str(tokenizer.decode(ids, **options))

    lossy = EndpointEngine(Endpoint.of(server.url, timeout=120.0, key_name=""), "m", Lossy())  # type: ignore[arg-type]
    made = dict(lossy.generate(prompts, Decoding(200)))
    texts = [written(prompt).removesuffix(" and so on") for prompt in prompts]
    assert any(text != text.lower() for text in texts)
    for index, text in enumerate(texts):
        assert text_of(made[index][0], tokenizer) == text
        assert (made[index][0].text is None) == (text == text.lower())


def test_tags_that_are_special_tokens_need_a_server_that_gives_ids(server: Server, prompts: list[list[int]]) -> None:
    from copy import deepcopy

    special = deepcopy(server.tokenizer)
    special.add_special_tokens({"additional_special_tokens": ["<think>", "</think>"]})
    given = EndpointEngine(Endpoint.of(server.url, timeout=120.0, key_name=""), "m", special)
    server.faults = {"text only"}
    with pytest.raises(UserError, match="the tags of this tokenizer are special tokens"):
        next(given.generate(prompts, Decoding(200)))
    server.faults = set()
    assert len(dict(given.generate(prompts[:2], Decoding(200)))) == 2


def test_nobody_there_is_told(server: Server, prompts: list[list[int]]) -> None:
    server.end()
    with pytest.raises(EngineError, match="no connection"):
        next(engine(server, retries=1).generate(prompts, Decoding(200)))


def test_nothing_to_ask_asks_nobody(server: Server) -> None:
    assert list(engine(server).generate([], Decoding(200))) == []
    with pytest.raises(UserError, match="prompt 1 of 1 is empty"):
        next(engine(server).generate([[]], Decoding(200)))
    assert not server.seen


def test_who_stops_listening_ends_it(server: Server, prompts: list[list[int]]) -> None:
    made = engine(server, concurrency=2).generate(prompts, Decoding(200))
    next(made)
    made.close()  # type: ignore[attr-defined]
    asked = len(server.seen)
    assert asked < len(prompts)
    assert list(made) == []
