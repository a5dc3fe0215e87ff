"""A real server of raw completions, `transformers serve`: it takes text alone, and is told so."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tracekd.errors import UserError
from tracekd.http.endpoint import Endpoint
from tracekd.students.base import base_folder
from tracekd.students.engines.contract import Decoding
from tracekd.students.engines.endpoint import EndpointEngine

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

pytestmark = pytest.mark.xdist_group("real server")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder, log = base_folder("embedded"), tmp_path_factory.mktemp("server") / "log"
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


def test_a_server_that_takes_no_token_ids_is_refused(url: str, tokenizer: "PreTrainedTokenizerBase") -> None:
    endpoint = Endpoint.of(url, timeout=600.0, key_name="")
    engine = EndpointEngine(endpoint, str(base_folder("embedded")), tokenizer, retries=0)
    with pytest.raises(UserError, match=r"does not accept a prompt of token ids(.|\n)*vllm serve"):
        next(engine.generate([[5, 6, 7]], Decoding(4)))
