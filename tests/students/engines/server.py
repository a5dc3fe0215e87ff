"""A server of raw completions, or of chat completions, on the loopback, which misbehaves as it is told."""

import json
import random
import threading
from collections import Counter
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

WORDS = "kitchen garden office hallway bathroom bedroom Mary John Daniel Sandra went moved back to the".split()
OPENAI = {
    "model", "prompt", "max_tokens", "temperature", "seed", "top_p", "frequency_penalty", "presence_penalty", "n", "stream",
    "stop",
}  # fmt: skip


def written(prompt: Sequence[int], temperature: float = 0.0, seed: int = 0) -> str:
    """What the student behind the server writes, if nothing stops it."""
    drawn = random.Random(f"{list(prompt)}" + (f" {seed}" if temperature else ""))
    words = drawn.choices(WORDS, k=drawn.randint(4, 12))
    return f"<think>{' '.join(words)}</think> <answer>{words[-1]}</answer> and so on"


class Server:
    """Does what vLLM does. `faults` say what it does not; `fails` holds statuses for the first requests of each kind."""

    def __init__(self, tokenizer: "PreTrainedTokenizerBase") -> None:
        self.tokenizer = tokenizer
        self.faults: set[str] = set()
        self.fails: list[int] = []
        self.seen: list[dict[str, Any]] = []
        self.asked: Counter[str] = Counter()
        self.together = self.most_together = 0
        self.barrier = threading.Barrier(1)  # how many real questions must be there before one is answered
        self._lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # 40 ms a reply

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status, said = server.respond(self.path, body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *arguments: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *arguments: object) -> None:
                pass  # a client that was killed

        self._http = Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def end(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def respond(self, path: str, body: dict[str, Any]) -> tuple[int, bytes]:
        """Status and body of the answer."""
        with self._lock:
            self.seen.append(body)
            key = json.dumps(body.get("prompt", body.get("messages")))
            before = self.asked[key]
            self.asked[key] += 1
            self.together += 1
            self.most_together = max(self.most_together, self.together)
        try:
            if body["max_tokens"] > 16:
                self.barrier.wait(timeout=300)
            if path == "/v1/chat/completions" and "chat" in self.faults:
                return 200, json.dumps(self._chat(body)).encode()
            if path != "/v1/completions" or "no completions" in self.faults:
                return 404, b'{"detail":"Not Found"}'
            if before < len(self.fails):
                return self.fails[before], b"not now"
            if "no ids" in self.faults and not isinstance(body["prompt"], str):
                return 400, b'{"detail":"prompt must be a string."}'
            if "no extras" in self.faults and body.keys() - OPENAI:
                return 422, b'{"detail":"Unexpected keys"}'
            if "HTML" in self.faults:
                return 200, b"<html>"
            return 200, json.dumps(self._complete(body)).encode()
        finally:
            with self._lock:
                self.together -= 1

    def _chat(self, body: dict[str, Any]) -> dict[str, Any]:
        """A server of messages: it drops what it stops at, and has the reasoning in a field (unless told otherwise)."""
        asked = [*body["messages"][-1]["content"].encode()]
        words = written(asked, body["temperature"], body["seed"]).split()[: body["max_tokens"]]
        text, finish = " ".join(words), "stop" if len(words) < body["max_tokens"] else "length"
        message: dict[str, Any] = {"role": "assistant", "content": text}
        if "inline" not in self.faults:
            thought, _, rest = text.removeprefix("<think>").partition("</think>")
            message = {"role": "assistant", "content": rest.strip() or None, "reasoning_content": thought}
        if "hidden" in self.faults:
            message = {
                "role": "assistant",
                "content": [{"type": "text", "text": "office"}, {"type": "redacted_thinking", "data": "x"}],
            }
        count = 99 if "no max_tokens" in self.faults else len(words)
        usage = {"prompt_tokens": 7, "completion_tokens": count}
        return {"choices": [{"index": 0, "message": message, "finish_reason": finish}], "usage": usage}

    def _complete(self, body: dict[str, Any]) -> dict[str, Any]:
        faults, prompt = self.faults, body["prompt"]
        temperature = 1.0 if "random" in faults else 0.0 if "no temperature" in faults else body["temperature"]
        seed = random.random() if faults & {"random", "no seed"} else body["seed"]
        ids = self.tokenizer.encode(written(prompt, temperature, seed), add_special_tokens=False)
        limit = len(ids) + 1 if "no max_tokens" in faults else body["max_tokens"]
        text, reason, finish = self.tokenizer.decode(ids[:limit]), None, "stop" if len(ids) < limit else "length"
        ids = [*ids, self.tokenizer.eos_token_id][:limit]
        stop = body.get("stop", [None])[0]
        if stop and stop in text and "no stop" not in faults:
            included = "plain" not in faults and "names" not in faults and body.get("include_stop_str_in_output")
            reason, finish = stop, "stop"
            count = next(n for n in range(len(ids) + 1) if stop in self.tokenizer.decode(ids[:n]))
            ids, text = ids[:count], text.partition(stop)[0] + (stop if included else "")
        choice = {"index": 0, "text": text, "finish_reason": "abort" if "aborts" in faults else finish}
        if "plain" not in faults:
            choice["stop_reason"] = reason
        if body.get("return_token_ids") and not faults & {"plain", "names", "text only"}:
            choice |= {"token_ids": ids, "prompt_token_ids": prompt[::-1] if "other prompt" in faults else prompt}
        read = len(prompt) + ("start token" in faults)
        usage = {"prompt_tokens": read, "completion_tokens": len(ids), "total_tokens": read + len(ids)}
        choices = [choice, choice] if "two choices" in faults else [choice]
        return {"choices": choices, **({} if "no usage" in faults else {"usage": usage})}
