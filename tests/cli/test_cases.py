"""Files of the kinds that public bug reports show, each with its right value; they are not part of this repository."""

import json
from pathlib import Path

import pytest

from .conftest import Run

CASES = Path(__file__).parents[2].parent / "shared/cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not on this machine")

QA1 = "--task babi --problems base/qa1_single-supporting-fact_test.txt"
HOTPOT = "--task hotpotqa --problems base/hotpot_dev_distractor_v1.json"
CONTENT = "--map text=.response.body.choices[0].message.content --map id=.custom_id"
OWN = "--task babi --problems {}/problems"
CUT = "truncated - -"
RIGHT = "ok trace answer"
# (files, options) -> for each output in order: the trace's status, whether trace and answer are right.
VERIFIED = {
    ("02-harmony/outputs.jsonl", QA1): [RIGHT] * 5,
    ("04-reasoning-field/batch.jsonl", f"{QA1} {CONTENT}"): [RIGHT, RIGHT, CUT],
    ("04-reasoning-field/batch.jsonl", QA1): [RIGHT, RIGHT, CUT],
    ("04-reasoning-field/chat.jsonl", QA1): [RIGHT],
    ("04-reasoning-field/harmony_msgs.jsonl", QA1): [RIGHT],
    ("04-reasoning-field/ours_like.jsonl", QA1): [RIGHT] * 3,
    ("04-reasoning-field/parts.jsonl", QA1): [RIGHT],
    ("05-several-samples/batch_n2.jsonl", QA1): [RIGHT, "ok trace -"],
    ("05-several-samples/generations.jsonl", QA1): [RIGHT, "ok trace -"],
    ("05-several-samples/generations.jsonl", f"{QA1} --map text=.generations --map id=.id"): [RIGHT, "ok trace -"],
    ("05-several-samples/text_list.jsonl", QA1): [RIGHT, "ok trace -"],
    ("05-several-samples/vllm_outputs.jsonl", QA1): [RIGHT, "ok trace -"],
    ("07-lm-eval/own_babi", QA1): [RIGHT],
    ("07-lm-eval/own_babi_stripped", QA1): ["no_trace - answer"],
    ("07-lm-eval/chat_template", QA1): [RIGHT],
    ("07-lm-eval/custom_name", QA1): [RIGHT],
    ("07-lm-eval/local_chat", QA1): [RIGHT],
    ("07-lm-eval/two_filters", QA1): [RIGHT],
    ("07-lm-eval/nan", QA1): [RIGHT],
    ("07-lm-eval/with_facts", QA1): [RIGHT, "ok trace -"],
    ("07-lm-eval/hotpot", HOTPOT): [RIGHT],
    ("11-finish/outputs.jsonl", QA1): [CUT] * 7 + ["unclosed - -"],
    ("17-prediction-with-id/preds.jsonl", QA1): [RIGHT],
    ("17-prediction-with-id/preds_answer.jsonl", QA1): [RIGHT],
    ("17-prediction-with-id/preds_gold.jsonl", QA1): [RIGHT],
    ("17-prediction-with-id/preds_list.jsonl", QA1): [RIGHT, RIGHT],
    ("24-null-content-truncated/batch.jsonl", f"{QA1} {CONTENT}"): ["ok - answer", "ok - answer", CUT, CUT],
    ("24-null-content-truncated/same_as_ours.jsonl", QA1): ["no_trace - answer", "no_trace - answer", CUT, CUT],
    ("25-inspect-zstd/log.eval", QA1): [RIGHT],
    ("25-inspect-zstd/log_deflate_ok.eval", QA1): [RIGHT],
    ("client-02-inspect-eval-zstd", OWN): [RIGHT] * 16,
    ("client-03-inspect-redacted-reasoning", OWN): ["hidden - answer"] * 8,
    ("client-07-custom-means-correct/samples_*.jsonl", OWN): [RIGHT] * 16,
    ("client-07-custom-means-correct/details_*.parquet", OWN): [RIGHT] * 16,
    ("client-09-reasoning-content-batch/batch_reasoning.jsonl", f"{OWN} {CONTENT}"): [RIGHT] * 8,
    ("client-11-lm-eval-one-model-two-tasks/m", f"{OWN} --regime x"): [RIGHT] * 32,
}


def options(files: str, given: str) -> list[str]:
    """The files of a case and the options, with whole paths."""
    named = sorted(map(str, CASES.glob(files)))
    problems = given.format(files.partition("/")[0]).split()
    return [*named, *(str(CASES / each) if (CASES / each).exists() else each for each in problems)]


@pytest.mark.parametrize(("files", "given"), VERIFIED)
def test_what_is_judged(files: str, given: str, tracekd: Run, tmp_path: Path) -> None:
    made = tracekd("verify", *options(files, given), "--out", "judged")
    assert made.returncode == 0, made.stderr
    lines = (tmp_path / "judged/verdicts.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    assert [
        f"{each['status']} {'trace' if each['trace'] else '-'} {'answer' if each['answer'] else '-'}" for each in found
    ] == VERIFIED[files, given]


def test_several_blocks_of_reasoning(tracekd: Run, tmp_path: Path) -> None:
    tracekd("verify", *options("10-think-structure/outputs.jsonl", QA1), "--out", "judged")
    lines = (tmp_path / "judged/verdicts.jsonl").read_text(encoding="utf-8").splitlines()
    found = {each["student"]: (each["trace"], each["answer"]) for each in map(json.loads, lines)}
    right = {"two-think-blocks", "nested-open", "repeated-close", "mentions-close", "preamble", "prompt-echoed"}
    assert all(found[name] == (True, True) for name in right)
    assert found["empty-think"] == found["empty-then-text"] == (False, True)


def test_two_logs_of_one_model_are_two_runs(tracekd: Run) -> None:
    made = tracekd("verify", *options("client-11-lm-eval-one-model-two-tasks/m", f"{OWN} --regime x"), "--json")
    assert {cell["model"] for cell in json.loads(made.stdout)["cells"]} == {"m", "m [custom_babi]"}
    assert "given twice" not in made.stderr


def test_a_story_that_was_never_seen_is_not_judged(tracekd: Run) -> None:
    case = "client-01-lm-eval-babi-passage"
    for problems, judged in (("own_problems", 8), ("other_problems", 0)):
        given = f"--task babi --problems {case}/{problems}"
        made = tracekd("verify", *options(f"{case}/samples_*.jsonl", given), "--json")
        found = json.loads(made.stdout)
        assert sum(cell["n"] for cell in found["cells"]) == judged


def test_a_part_of_a_context_is_not_judged(tracekd: Run) -> None:
    """LongBench's document shows one of the three paragraphs: what its model was asked is another problem."""
    made = tracekd("verify", *options("07-lm-eval/longbench_hotpot", HOTPOT))
    assert made.returncode == 1 and "1 outputs do not belong to a known problem" in made.stderr


def test_repeated_lines_without_a_number_are_samples(tracekd: Run, tmp_path: Path) -> None:
    """Two lines for one problem, one after the other. A file that comes back to a problem later may be a generation that was
    run again: then none counts twice, and the message says how to number samples.
    """
    lines = "05-several-samples/repeated_lines.jsonl"
    made = tracekd("verify", *options(lines, QA1), "--out", "out")
    assert made.returncode == 0, made.stderr
    assert "1 outputs follow another one for the same problem and have no number" in " ".join(made.stdout.split())
    rows = [json.loads(line) for line in (tmp_path / "out" / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["sample"], row["answer"]) for row in rows] == [(0, True), (1, False)]


def test_a_name_of_custom_states_no_regime(tracekd: Run) -> None:
    made = tracekd("verify", *options("client-07-custom-means-correct/samples_*.jsonl", OWN), "--json")
    assert [cell["regime"] for cell in json.loads(made.stdout)["cells"]] == ["unknown"]


def test_hidden_reasoning_is_told(tracekd: Run) -> None:
    made = tracekd("verify", *options("client-03-inspect-redacted-reasoning", OWN))
    assert "8 outputs have hidden reasoning" in made.stdout
