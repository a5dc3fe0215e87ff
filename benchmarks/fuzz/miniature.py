"""What the benchmarks of kills and of damaged files share: a tiny base, a tiny study, and a teacher that answers at once."""

import json
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false")

from tracekd.files import is_bookkeeping

STUDY = """
name = "small"
seeds = [7]
regimes = ["correct", "answer_only"]
conditions = ["implied"]

[sizes]
train = 12
validation = 2
test = 6

[task]
source = "world"
classes = ["single-supporting-fact"]
questions = 1200

[[students]]
name = "tiny"
base = "BASE"
steps = 4
batch = 4
max_new_tokens = 8
"""
PLACES = ("kitchen", "garden", "office", "hallway", "bathroom", "bedroom")
# They record times, so two undisturbed runs differ in them.
TIMED = re.compile(
    r"(^|/)(cells/.*\.json|training\.json|report\.html|stats/reliance-.*|checkpoint\.pt|log\.jsonl|README\.md|raw/.*|.*\.logs?)$"
)


def make_base(folder: Path) -> None:
    """Write a base that knows nothing."""
    from tracekd.pretraining.config import PretrainConfig
    from tracekd.pretraining.model import build_model, build_tokenizer
    from tracekd.students.checkpoint import save

    config = replace(PretrainConfig(), hidden_size=16, layers=1, heads=2, vocabulary=400)
    tokenizer = build_tokenizer(config)
    save(build_model(config, tokenizer), tokenizer, folder)


def write_inputs(folder: Path) -> None:
    """The base, the study file, and stories whose answers the teacher knows."""
    make_base(folder / "base")
    (folder / "small.toml").write_text(STUDY.replace("BASE", str(folder / "base")), encoding="utf-8")
    stories = (
        f"1 Mary{i} went to the {PLACES[i % 6]}.\n2 John{i} went to the {PLACES[(i + 1) % 6]}.\n"
        f"3 Where is Mary{i}?\t{PLACES[i % 6]}\t1\n"
        for i in range(24)
    )
    (folder / "qa1_stories.txt").write_text("".join(stories), encoding="utf-8")


def hashes(folder: Path) -> dict[str, str]:
    """The hash of each file, except bookkeeping and files with times."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not is_bookkeeping(path.name))
    named = {str(path.relative_to(folder)): path for path in files}
    return {name: sha256(_without_scores(path)).hexdigest() for name, path in named.items() if not TIMED.search(name)}


def _without_scores(path: Path) -> bytes:
    """The bytes of a file; of effects, all but the log-probabilities: their last digits depend on what else is in a batch."""
    text = path.read_bytes()
    return re.sub(rb'"logp":\{[^}]*\}', b"", text) if "effects" in path.parts or "effects" in path.name else text


class _Teacher(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._send({"data": [{"id": "m"}]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        text = body["messages"][-1]["content"]
        places, name = dict(re.findall(r"(\w+) went to the (\w+)\.", text)), re.search(r"Where is (\w+)\?", text)
        said = "<answer>kitchen</answer>" if name is None else f"<answer>{places[name[1]]}</answer>"
        message = {"role": "assistant", "content": said, "reasoning_content": "It says so."}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        usage = {"prompt_tokens": 3, "completion_tokens": 4}
        self._send({"model": "served", "choices": [choice], "usage": usage})

    def _send(self, found: object) -> None:
        body = json.dumps(found).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *arguments: object) -> None:
        """A client was killed."""


@contextmanager
def teacher() -> Iterator[str]:
    """The address of a teacher that answers every question about the stories."""
    server = _Quiet(("127.0.0.1", 0), _Teacher)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
