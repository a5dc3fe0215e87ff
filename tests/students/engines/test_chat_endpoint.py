"""A student behind a server that has only chat completions."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tracekd.errors import UserError
from tracekd.http.endpoint import Endpoint
from tracekd.students.engines.chat_endpoint import ChatEndpointEngine, speaks_chat
from tracekd.students.engines.contract import Decoding, EngineError, Generation, Turns

from .server import Server, written

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

ASKED: list[Turns] = [(("user", f"Where is {name}?\n"),) for name in ("Mary", "John", "Sandra", "Daniel")]
LONG = Decoding(99, stop="</answer>")


@pytest.fixture
def server(tokenizer: "PreTrainedTokenizerBase") -> Iterator[Server]:
    started = Server(tokenizer)
    started.faults = {"chat", "no completions"}
    yield started
    started.end()


def engine(server: Server, tokenizer: "PreTrainedTokenizerBase", retries: int = 0) -> ChatEndpointEngine:
    return ChatEndpointEngine(Endpoint.of(server.url, timeout=20, key_name=""), "m", tokenizer, 3, retries)


def answers(server: Server, tokenizer: "PreTrainedTokenizerBase", decoding: Decoding = LONG) -> list[Generation]:
    made = dict(engine(server, tokenizer).answer(ASKED, decoding))
    return [each for at in range(len(ASKED)) for each in made[at]]


def said_by_student(turns: Turns) -> str:
    return written([*turns[-1][1].encode()]).partition("</answer>")[0] + "</answer>"


@pytest.mark.parametrize("form", ["inline", "field"])
def test_reasoning_is_part_of_the_output_and_it_ends_at_the_stop_string(
    server: Server, tokenizer: "PreTrainedTokenizerBase", form: str
) -> None:
    server.faults.add(form)
    made = answers(server, tokenizer)
    expected = [said_by_student(turns) for turns in ASKED]
    assert [each.text for each in made] == [
        text if form == "inline" else text.replace("> <", "><") for text in expected
    ]
    assert {each.finish for each in made} == {"stop"}
    assert all(tokenizer.decode(list(each.ids)) == each.text for each in made)
    assert all("stop" not in body and "prompt" not in body for body in server.seen)
    assert len(server.seen) == len(ASKED)


def test_an_output_that_the_limit_cut_within_its_reasoning_is_open(
    server: Server, tokenizer: "PreTrainedTokenizerBase"
) -> None:
    made = answers(server, tokenizer, Decoding(2))
    assert {each.finish for each in made} == {"length"}
    assert all((each.text or "").startswith("<think>") and "</think>" not in (each.text or "") for each in made)
    assert all(len((each.text or "").split()) == 2 for each in made)


def test_samples_are_a_function_of_seed_prompt_and_number(server: Server, tokenizer: "PreTrainedTokenizerBase") -> None:
    drawn = answers(server, tokenizer, Decoding(99, temperature=1.0, samples=2, seed=5))
    assert drawn == answers(server, tokenizer, Decoding(99, temperature=1.0, samples=2, seed=5))
    assert drawn != answers(server, tokenizer, Decoding(99, temperature=1.0, samples=2, seed=6))
    assert drawn[0] != drawn[1]


@pytest.mark.parametrize(
    ("fault", "error", "said"),
    [("hidden", EngineError, "keeps the reasoning"), ("no max_tokens", UserError, "ignores max_tokens")],
)
def test_what_cannot_be_an_output_is_refused(
    server: Server, tokenizer: "PreTrainedTokenizerBase", fault: str, error: type[UserError], said: str
) -> None:
    server.faults.add(fault)
    with pytest.raises(error, match=said):
        answers(server, tokenizer, Decoding(20))


def test_only_failures_of_the_transport_are_repeated(server: Server, tokenizer: "PreTrainedTokenizerBase") -> None:
    usual, statuses = server.respond, iter([500, 429])

    def respond(path: str, body: dict[str, object]) -> tuple[int, bytes]:
        found = usual(path, body)
        return next(((status, b"later") for status in statuses), found)

    server.respond = respond  # type: ignore[method-assign]
    (made,) = [each for _, each in engine(server, tokenizer, retries=2).answer(ASKED[:1], Decoding(99))]
    assert made[0].finish == "stop" and len(server.seen) == 3


def test_a_server_is_recognised_by_an_answer(server: Server) -> None:
    endpoint = Endpoint.of(server.url, timeout=20, key_name="")
    assert speaks_chat(endpoint, "m")
    server.faults.discard("chat")
    assert not speaks_chat(endpoint, "m")
