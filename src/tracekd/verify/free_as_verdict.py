"""The verdict on an output with a free trace, in the same terms as that of any other output.

Statistics, selection and reports then need not know how a trace was judged. What only free traces have is in `free`.
"""

from itertools import islice

from tracekd.tasks.normalize import normalize_label
from tracekd.transcript.transcript import Transcript
from tracekd.verify.citation import nearest
from tracekd.verify.free_judge import FreeJudge, FreeProblem
from tracekd.verify.free_verdict import FreeVerdict
from tracekd.verify.prepared import Prepared
from tracekd.verify.reason import about_free_trace
from tracekd.verify.said import Said
from tracekd.verify.verdict import STORED_CHARS, STORED_FACTS, StepVerdict, Verdict


def judge_free_trace(
    prepared: Prepared, free: FreeProblem, judge: FreeJudge, output: Said, transcript: Transcript
) -> Verdict:
    """Judge an output as a free trace; `free` is the same problem, prepared for free traces."""
    found = judge.verdict(free, transcript, output.finish)
    trace, question = found.trace, free.question
    texts = {fact.id: fact.text for fact in prepared.problem.context}
    facts = frozenset([question.texts[id_] for id_ in found.used])
    precision, recall, f1 = nearest(facts, prepared.golds)[1] if facts else (0.0, 0.0, 0.0)
    fields = {
        "id": found.id,
        "group": prepared.problem.group,
        "label": found.label,
        "regime": output.regime,
        "student": output.student,
        "seed": output.seed,
        "sample": output.sample,
        "status": found.status,
        "class_step": _class_step(prepared, found),
        "retrieval_step": _retrieval_step(facts, prepared.golds),
        "support": prepared.support,
        "retrieval": {kind: _retrieval_step(facts, golds) for kind, golds in prepared.kinds.items()},
        "trace": trace.all_hold and found.status != "hidden",
        "answer": found.answer,
        "lenient_answer": found.lenient_answer,
        "answer_f1": prepared.answer.f1(found.answer_text) if prepared.problem.answer.kind == "text" else None,
        "answer_parsed": found.answer_text is not None,
        "stated_label": None if found.stated_label is None else found.stated_label[:STORED_CHARS],
        "cited": tuple([texts[id_][:STORED_CHARS] for id_ in islice(found.used, STORED_FACTS)]),
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "invented": trace.invented_steps,
        "consistent": bool(found.follows_from_standing) if question.has_answer else None,
        "finish": output.finish,
        "reason": about_free_trace(prepared, found),
        "free": trace,
    }
    return Verdict.of(fields)


def _class_step(prepared: Prepared, found: FreeVerdict) -> StepVerdict:
    if found.stated_label is None:
        return "unparsed"
    return "right" if normalize_label(found.stated_label) == prepared.label else "wrong"


def _retrieval_step(facts: frozenset[str], golds: tuple[frozenset[str], ...]) -> StepVerdict:
    if not facts:
        return "unparsed"
    return "right" if facts in golds else "wrong"
