"""`tracekd audit`: what is wrong with supervised data."""

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tracekd.audit import audit as auditing
from tracekd.audit.faults import thresholds
from tracekd.cli.audit_report import show
from tracekd.cli.requests.data import AuditRequest
from tracekd.cli.terminal import terminal
from tracekd.errors import UserError, unknown_name
from tracekd.files import jsonl_writer, refuse_foreign
from tracekd.regimes import regime_names
from tracekd.sft.layouts import Decode
from tracekd.sft.tokens import FastTokenizer, load_tokenizer
from tracekd.students.base import tokenizer_source
from tracekd.tasks import get_task
from tracekd.transcript.trace_tags import TraceTags
from tracekd.verify.trace_kind import read_trace_kind


def run(request: AuditRequest) -> None:
    """Audit, and print what was found. Exits with 1 if a fault is above its threshold. Raises UserError."""
    scope = auditing.AuditScope(
        paths=request.paths, thresholds=thresholds(request.thresholds), against=request.against, task=request.task,
        regime=request.regime, max_tokens=request.max_tokens, trace_tags=TraceTags.read(request.trace_tags),
        trace=read_trace_kind(request.trace), problems=request.problems,
    )  # fmt: skip
    _check(request)
    tokenizer = _tokenizer(request)
    with ExitStack() as opened:
        write = opened.enter_context(jsonl_writer(request.out)) if request.out else None
        status = opened.enter_context(terminal(stderr=True).status("reading ..."))
        report = auditing.audit(
            scope,
            tokenizer=tokenizer,
            decode=_decoder(tokenizer) if tokenizer else None,
            write=write,
            tell=lambda rows: status.update(f"reading ... {rows:,} rows"),
        )
    show(report, request.out, as_json=request.json)
    if report.is_faulty:
        sys.exit(1)


def _check(request: AuditRequest) -> None:
    if request.task is not None:
        get_task(request.task)
    if request.regime is not None and request.regime.partition("(")[0] not in regime_names():
        raise unknown_name("regime", request.regime, regime_names())
    if request.problems and request.trace == "template":
        raise UserError(
            "--problems is only for free traces", expected="--trace free or --trace auto", next_step="add --trace free"
        )
    if request.out is None:
        return
    if request.out.is_dir() or not request.out.name:
        raise UserError("this is a folder", where=request.out, expected="the name of a file, such as findings.jsonl")
    refuse_foreign(request.out, "audit")
    sources = {Path(path).resolve() for path in (*request.paths, *request.against, *request.problems)}
    if not sources.isdisjoint((request.out.resolve(), request.out.resolve().parent)):
        raise UserError(
            "this would replace an audited file, or be in a folder that is audited", where=request.out,
            next_step="name a file in another folder",
        )  # fmt: skip


def _tokenizer(request: AuditRequest) -> FastTokenizer | None:
    if request.tokenizer is None:
        if request.max_tokens is not None:
            raise UserError(
                "--max-tokens needs a tokenizer", expected="embedded, or a folder with tokenizer.json",
                next_step="add --tokenizer embedded",
            )  # fmt: skip
        return None
    return load_tokenizer(tokenizer_source(request.tokenizer))


def _decoder(tokenizer: FastTokenizer) -> Decode:
    inner: Any = tokenizer.inner

    def decode(ids: Sequence[int]) -> str:
        if any(not 0 <= ident < 2**32 for ident in ids):
            return ""
        # Only the end token is left out: `<think>` may also be a special token.
        return str(inner.decode([ident for ident in ids if ident != tokenizer.eos_token_id], skip_special_tokens=False))

    return decode
