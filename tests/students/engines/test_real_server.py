"""A real server, `transformers serve`: of raw completions, it takes text alone, and is told so; so it is asked through
messages."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracekd.http.endpoint import Endpoint
from tracekd.students.base import base_folder
from tracekd.students.engines.chat_endpoint import ChatEndpointEngine, speaks_chat
from tracekd.students.engines.contract import Decoding
from tracekd.students.engines.endpoint import EndpointEngine
from tracekd.students.engines.probe import NoTokenIds

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

pytestmark = pytest.mark.xdist_group("real server")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The embedded base, with a chat template that writes the text and nothing else."""
    made = tmp_path_factory.mktemp("model") / "base"
    shutil.copytree(base_folder("embedded"), made)
    (made / "chat_template.jinja").write_text("{{ messages[-1]['content'] }}", encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def url(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log = tmp_path_factory.mktemp("server") / "log"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "transformers.cli.transformers", "serve", str(folder), "--host", "127.0.0.1",
         "--port", str(port), "--device", "cpu"],
        env={**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1", "HF_HOME": str(log.parent / "cache")},
        stdout=subprocess.DEVNULL, stderr=log.open("w"),
    )  # fmt: skip
    try:
        end = time.monotonic() + 600
        while not _listens(port):
            assert server.poll() is None, log.read_text()[-3000:]
            assert time.monotonic() < end, "the server never came up"
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


def _listens(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def test_a_server_that_takes_no_token_ids_is_refused(
    url: str, folder: Path, tokenizer: "PreTrainedTokenizerBase"
) -> None:
    endpoint = Endpoint.of(url, timeout=600.0, key_name="")
    engine = EndpointEngine(endpoint, str(folder), tokenizer, retries=0)
    with pytest.raises(NoTokenIds, match=r"does not accept a prompt of token ids(.|\n)*vllm serve"):
        next(engine.generate([[5, 6, 7]], Decoding(4)))


def test_through_messages_it_writes_what_the_model_writes_here(url: str, folder: Path) -> None:
    from tracekd.students.checkpoint import load
    from tracekd.students.engines.transformers import TransformersEngine

    endpoint = Endpoint.of(url, timeout=600.0, key_name="")
    asked = ["Mary went to the kitchen.\nWhere is Mary? Answer in say.\n", "John is in the hall.\nWhere is John?\n"]
    turns = [(("user", text),) for text in asked]
    assert speaks_chat(endpoint, str(folder))
    model, tokenizer = load(folder, device="cpu")
    engine = ChatEndpointEngine(endpoint, str(folder), tokenizer, retries=0)
    found = dict(engine.answer(turns, Decoding(12, stop=None)))
    here = TransformersEngine(model.eval(), tokenizer)
    ids = [tokenizer.encode(text, add_special_tokens=False) for text in asked]
    expected = dict(here.generate(ids, Decoding(12, stop=None)))
    for at in range(len(asked)):
        (served,), (local,) = found[at], expected[at]
        assert served.text == tokenizer.decode(list(local.ids)) and served.finish == local.finish
