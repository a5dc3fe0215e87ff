"""The process that renders a chat template: `python -m tracekd.students.template_worker`.

A chat template is a program of whoever made the tokenizer. jinja2's sandbox keeps it from files and from Python, but not
from using all time and memory: nested loops, doubled texts, `'a'.center(10**10)`. So it runs in this process, which the
operating system ends after `SECONDS` of CPU time for one prompt. `MEGABYTES` is the memory it may use in addition to what
it has when it starts (Linux), and `CHARACTERS` limits a prompt.

It reads one JSON object per line from standard input, and answers each with one: first the template and its variables,
then the turns of each prompt. It ends when its input is closed.
"""

import json
import os
import resource
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from jinja2 import nodes
from jinja2.exceptions import TemplateError
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

SECONDS, MEGABYTES, CHARACTERS = 2.0, 512, 4_000_000
_LONGEST_ERROR = 300


class _Generation(Extension):
    """`{% generation %}` marks what an assistant writes. Only its content matters here."""

    tags = {"generation"}  # noqa: RUF012  # as jinja2 declares it

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        return nodes.Scope(parser.parse_statements(("name:endgeneration",), drop_needle=True), lineno=line)


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is handled by the process that asks
    _limit_memory()
    first = json.loads(sys.stdin.readline())
    template, why = None, ""
    try:
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        template = _environment(datetime.fromisoformat(first["now"])).from_string(first["template"])
    except Exception as error:
        why = _said(error)
    for line in sys.stdin:
        signal.setitimer(signal.ITIMER_PROF, SECONDS)  # at its end, this process ends
        answer = {"error": why}
        if template is not None:
            try:
                answer = {"text": template.render(**first["variables"], **json.loads(line))}
                if len(answer["text"]) > CHARACTERS:
                    answer = {"error": f"it writes more than {CHARACTERS:,} characters"}
            except Exception as error:  # a template may raise any error
                answer = {"error": _said(error)}
        signal.setitimer(signal.ITIMER_PROF, 0)
        print(json.dumps(answer), flush=True)


def _environment(now: datetime) -> ImmutableSandboxedEnvironment:
    """What transformers gives to a template, with a pinned date."""

    def raise_exception(message: str) -> NoReturn:
        raise TemplateError(message)

    def tojson(value: Any, **options: Any) -> str:
        return json.dumps(value, **{"ensure_ascii": False, **options})

    made = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, loopcontrols])
    made.filters["tojson"] = tojson
    made.globals |= {"raise_exception": raise_exception, "strftime_now": now.strftime}
    return made


def _limit_memory() -> None:
    used = Path("/proc/self/statm")
    if used.is_file():
        most = int(used.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE") + MEGABYTES * 2**20
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (most if hard < 0 else min(most, hard), hard))


def _said(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return f"it needs more than {MEGABYTES} MB of memory"
    return (str(error)[:_LONGEST_ERROR].splitlines() or [type(error).__name__])[0]


if __name__ == "__main__":
    main()
