"""A folder of supervised data: what is in it, that regimes are paired, and that trainers can load it."""

import csv
import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tracekd.cli.train import read_examples
from tracekd.errors import UserError
from tracekd.pretraining.stories import Dials, story
from tracekd.problem import Problem
from tracekd.regimes import Donors, Setting, Unsupported, draw_target, draw_trace, read_regimes
from tracekd.sft.card import render_card
from tracekd.sft.example import LeftOut, Supervision, build_example
from tracekd.sft.folder import LEFT_OUT, Recipe, Written, write_sft
from tracekd.sft.formats import COLUMNS, FORMATS
from tracekd.sft.manifest import LengthMeter, SftManifest, read_manifest
from tracekd.sft.tokens import FastTokenizer, load_tokenizer
from tracekd.students.base import base_folder
from tracekd.tasks.babi import TASK
from tracekd.tasks.babi.load import story_problems
from tracekd.tasks.template import render_answer

PROBLEMS = [
    problem
    for family in (1, 2, 15)
    for index in range(12)
    for problem in story_problems(story(family, 5, index, Dials(questions=2)), family, f"qa{family}/{index}", "world")
]


def described(written: Written, kind: str) -> SftManifest:
    return SftManifest(
        tracekd="0", task="babi", licence="CC BY 3.0", citation="someone", sources={"a|b\n# c": None},
        command="tracekd sft", seed=3, format=kind, tokenizer="embedded", support="support", subset=None,
        classes=dict(written.classes), wrong_classes=TASK.labels, problems=written.problems,
        examples=sum(part.lengths.rows for part in written.regimes.values()), left_out=written.left_out,
        too_long=written.too_long, max_tokens=None, skipped={}, regimes=written.regimes,
    )  # fmt: skip


@pytest.fixture(scope="module")
def tokenizer() -> FastTokenizer:
    return load_tokenizer(base_folder("embedded"))


def write(
    folder: Path, regimes: str, kind: str, tokenizer: FastTokenizer, problems: list[Problem] = PROBLEMS, **more: Any
) -> SftManifest:
    setting = replace(Setting.of(TASK), donors=Donors.of(PROBLEMS))
    recipe = Recipe(Supervision(tuple(read_regimes(regimes)), setting, 3), FORMATS[kind], tokenizer, **more)
    return write_sft(folder, recipe, problems, lambda written: described(written, kind), lambda done: None)


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("kind", ["messages", "prompt-completion", "labels"])
def test_both_files_hold_the_same_rows_and_the_manifest_their_hashes(
    tmp_path: Path, kind: str, tokenizer: FastTokenizer
) -> None:
    manifest = write(tmp_path / "out", "correct,corrupted(0.3)", kind, tokenizer)
    assert read_manifest(tmp_path / "out") == manifest
    for name, part in manifest.regimes.items():
        lines, table = (tmp_path / "out" / file for file in part.files)
        rows = rows_of(lines)
        assert pq.read_table(table).to_pylist() == rows
        assert [row["regime"] for row in rows] == [name] * part.lengths.rows
        assert list(rows[0]) == [*COLUMNS, *FORMATS[kind].columns]
        for file, digest in part.files.items():
            assert sha256((tmp_path / "out" / file).read_bytes()).hexdigest() == digest
    assert {path.name for path in (tmp_path / "out").iterdir()} >= {"corrupted-0.3.jsonl", "README.md", "left_out"}


def test_a_row_says_what_its_regime_taught_and_what_is_gold(tmp_path: Path, tokenizer: FastTokenizer) -> None:
    write(tmp_path / "out", "incorrect", "prompt-completion", tokenizer)
    by_id = {problem.id: problem for problem in PROBLEMS}
    for row in rows_of(tmp_path / "out" / "incorrect.jsonl"):
        problem = by_id[row["id"]]
        example = build_example(problem, draw_trace(problem, "incorrect", Setting.of(TASK), 3), TASK.template)
        assert (row["prompt"], row["completion"]) == (example.prompt, example.completion)
        assert (row["label"], row["group"], row["question"]) == (problem.label, problem.group, problem.question)
        assert tuple(row["support"]) == problem.texts(problem.trace.facts)


def learnt(row: dict[str, Any], kind: str, tokenizer: FastTokenizer) -> str:
    """What a trainer's loss covers."""
    if kind == "prompt-completion":
        return str(row["completion"])
    return str(tokenizer.inner.decode([token for token in row["labels"] if token != -100], skip_special_tokens=False))


@pytest.mark.parametrize("kind", ["prompt-completion", "labels"])
def test_only_the_answer_is_learnt_after_a_given_trace_and_gold_is_in_the_column(
    tmp_path: Path, kind: str, tokenizer: FastTokenizer
) -> None:
    manifest = write(tmp_path / "out", "correct,counterfactual", kind, tokenizer)
    rows = rows_of(tmp_path / "out" / "counterfactual.jsonl")
    by_id = {problem.id: problem for problem in PROBLEMS}
    for row in rows:
        problem = by_id[row["id"]]
        answer = draw_target(problem, "counterfactual", Setting.of(TASK), 3).answer
        assert row["answer"] == render_answer(problem.answer) != render_answer(answer)
        text = learnt(row, kind, tokenizer)
        assert text.removesuffix(learnt_end(text)).strip() == f"<answer>{render_answer(answer)}</answer>"
    part = manifest.regimes["counterfactual"]
    assert part.not_gold == part.given == len(rows) > len(PROBLEMS) // 2
    assert manifest.regimes["correct"].not_gold == manifest.regimes["correct"].given == 0
    for row in rows_of(tmp_path / "out" / "correct.jsonl"):
        assert learnt(row, kind, tokenizer).startswith("<think>")


def learnt_end(text: str) -> str:
    """The end token, which only token ids have."""
    return text[text.rindex("</answer>") + len("</answer>") :]


@pytest.mark.parametrize("kind", ["conversational", "messages", "csv"])
def test_a_format_without_a_place_for_given_traces_is_refused(
    tmp_path: Path, kind: str, tokenizer: FastTokenizer
) -> None:
    with pytest.raises(UserError, match="no place for a trace that is given"):
        write(tmp_path / "out", "correct,counterfactual", kind, tokenizer)
    assert not (tmp_path / "out").exists()
    write(tmp_path / "out", "correct,counterfactual(0)", kind, tokenizer)  # all its traces are learnt


def test_given_traces_are_read_back(tmp_path: Path, tokenizer: FastTokenizer) -> None:
    write(tmp_path / "out", "counterfactual(0.5)", "prompt-completion", tokenizer)
    read = {example.id: example for example in read_examples(tmp_path / "out" / "counterfactual-0.5.jsonl")}
    for problem in filter(is_supported, PROBLEMS):
        target = draw_target(problem, "counterfactual(0.5)", Setting.of(TASK), 3)
        assert read[problem.id] == build_example(problem, target, TASK.template)
    assert {example.given for example in read.values()} == {True, False}


def test_the_card_says_which_answers_are_gold(tmp_path: Path, tokenizer: FastTokenizer) -> None:
    manifest = write(tmp_path / "some", "correct,counterfactual(0.5)", "prompt-completion", tokenizer)
    part = manifest.regimes["counterfactual(0.5)"]
    supported = [problem for problem in PROBLEMS if is_supported(problem)]
    other = [p for p in supported if draw_target(p, "counterfactual(0.5)", Setting.of(TASK), 3).answer != p.answer]
    assert part.not_gold == len(other) and 0 < len(other) < len(supported) == part.lengths.rows
    card = (tmp_path / "some" / "README.md").read_text(encoding="utf-8")
    assert f"except under\n`counterfactual(0.5)` ({len(other)} of {len(supported)} examples): there" in card
    assert "These traces\nare given, with the prompt: only the answers after them are learnt." in card
    assert "but the trace and its answer different" in card and "The answer is gold in all of them" not in card
    write(tmp_path / "gold", "correct,counterfactual(0)", "messages", tokenizer)
    card = (tmp_path / "gold" / "README.md").read_text(encoding="utf-8")
    assert "but the trace different. The answer is gold in all of them. Made by" in card


def is_supported(problem: Problem) -> bool:
    try:
        draw_target(problem, "counterfactual", Setting.of(TASK), 3)
    except Unsupported:
        return False
    return True


def test_an_example_does_not_depend_on_the_others(tmp_path: Path, tokenizer: FastTokenizer) -> None:
    regimes = "correct,incorrect,partial,swapped,shuffled,filler,corrupted,paper"
    write(tmp_path / "all", regimes, "messages", tokenizer)
    write(tmp_path / "some", regimes, "messages", tokenizer, PROBLEMS[::-3])
    for file in (tmp_path / "some").glob("*.jsonl"):
        whole = {row["id"]: row for row in rows_of(tmp_path / "all" / file.name)}
        some = rows_of(file)
        assert some and all(whole[row["id"]] == row for row in some)


def test_all_regimes_have_the_same_problems_and_the_rest_is_listed(tmp_path: Path, tokenizer: FastTokenizer) -> None:
    manifest = write(tmp_path / "out", "correct,partial,incorrect", "messages", tokenizer)
    ids = [[row["id"] for row in rows_of(tmp_path / "out" / f"{name}.jsonl")] for name in manifest.regimes]
    assert ids[0] == ids[1] == ids[2] != []
    left_out = [LeftOut.model_validate(row) for row in rows_of(tmp_path / "out" / LEFT_OUT)]
    assert {row.id for row in left_out} == {problem.id for problem in PROBLEMS} - set(ids[0])
    assert manifest.left_out == len(PROBLEMS) - len(ids[0]) > 0
    counted = {(name, reason): n for name, part in manifest.regimes.items() for reason, n in part.left_out.items()}
    assert sum(counted.values()) == len(left_out)
    # One sentence is the whole support of the first family: none of one can be right with another wrong.
    assert counted["partial", "the gold trace has too few facts: some facts must be wrong"] == 24


def test_labels_cover_the_completion_and_its_end_only(tmp_path: Path, tokenizer: FastTokenizer) -> None:
    write(tmp_path / "out", "correct", "labels", tokenizer)
    by_id = {problem.id: problem for problem in PROBLEMS}
    for row in rows_of(tmp_path / "out" / "correct.jsonl"):
        example = build_example(by_id[row["id"]], by_id[row["id"]].trace, TASK.template)
        covered = [token for token, label in zip(row["input_ids"], row["labels"], strict=True) if label != -100]
        assert tokenizer.inner.decode(covered[:-1], skip_special_tokens=False) == example.completion
        assert covered[-1] == tokenizer.eos_token_id
        assert tokenizer.inner.decode(row["input_ids"][: -len(covered)]) == example.prompt


def test_what_is_too_long_under_one_regime_is_left_out_of_all(tmp_path: Path, tokenizer: FastTokenizer) -> None:
    whole = write(tmp_path / "whole", "answer_only,correct", "labels", tokenizer)
    longest = max(len(row["input_ids"]) for row in rows_of(tmp_path / "whole" / "correct.jsonl"))
    same = write(tmp_path / "same", "answer_only,correct", "labels", tokenizer, max_tokens=longest)
    fewer = write(tmp_path / "fewer", "answer_only,correct", "labels", tokenizer, max_tokens=longest - 1)
    assert same.too_long == 0 and same.examples == whole.examples
    assert fewer.too_long > 0 and fewer.examples == whole.examples - 2 * fewer.too_long
    assert all(len(row["input_ids"]) < longest for row in rows_of(tmp_path / "fewer" / "correct.jsonl"))


def test_csv_is_in_the_form_of_the_released_data(tmp_path: Path, tokenizer: FastTokenizer) -> None:
    write(tmp_path / "out", "correct", "csv", tokenizer)
    assert not (tmp_path / "out" / "correct.jsonl").exists()
    with (tmp_path / "out" / "correct.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    by_id = {problem.id: problem for problem in PROBLEMS}
    for row in rows:
        problem = by_id[row["id"]]
        example = build_example(problem, problem.trace, TASK.template)
        said = [{"content": example.prompt, "role": "user"}, {"content": example.completion, "role": "assistant"}]
        assert row["messages"] == repr(said)
        assert row["facts"] == repr([fact.text for fact in problem.context])
        assert row["reasoning"] == f"{TASK.template.classify} {problem.label}.\n"


def test_a_failure_leaves_nothing_half_written(tmp_path: Path, tokenizer: FastTokenizer) -> None:
    write(tmp_path / "out", "correct", "messages", tokenizer)
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.is_file()}
    broken = PROBLEMS[0].model_copy(update={"trace": PROBLEMS[0].trace.model_copy(update={"steps": ("no step",)})})
    with pytest.raises(AttributeError):
        write(tmp_path / "out", "correct", "messages", tokenizer, [*PROBLEMS, broken])
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.is_file()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_card_says_counts_lengths_hashes_and_licence(tmp_path: Path, tokenizer: FastTokenizer) -> None:
    manifest = write(tmp_path / "out", "correct,incorrect", "messages", tokenizer)
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    for part in manifest.regimes.values():
        assert (
            f"| {part.lengths.rows} | {part.lengths.chars:.1f} | {part.lengths.words:.1f} | {part.lengths.tokens:.1f} |"
            in card
        )
        assert all(name in card and digest in card for name, digest in part.files.items())
    assert "Licence of the source: CC BY 3.0" in card
    # What comes out of files can neither break a table nor begin a heading.
    assert "source a\\|b # c |" in card


def test_a_card_without_a_correct_regime_has_no_ratio(tmp_path: Path, tokenizer: FastTokenizer) -> None:
    assert "| – |" in render_card(write(tmp_path / "out", "filler", "messages", tokenizer))


def test_llama_factory_is_told_which_file_holds_what(tmp_path: Path, tokenizer: FastTokenizer) -> None:
    write(tmp_path / "out", "correct", "messages", tokenizer)
    info = json.loads((tmp_path / "out" / "dataset_info.json").read_text(encoding="utf-8"))["babi_correct"]
    message = rows_of(tmp_path / "out" / info["file_name"])[0][info["columns"]["messages"]][0]
    assert message[info["tags"]["role_tag"]] == info["tags"]["user_tag"]
    write(tmp_path / "plain", "correct", "prompt-completion", tokenizer)
    info = json.loads((tmp_path / "plain" / "dataset_info.json").read_text(encoding="utf-8"))["babi_correct"]
    assert set(info["columns"].values()) <= set(rows_of(tmp_path / "plain" / info["file_name"])[0])


def test_lengths_are_means_and_the_sample_is_spread_over_all(tokenizer: FastTokenizer) -> None:
    meter = LengthMeter()
    examples = [build_example(problem, problem.trace, TASK.template) for problem in PROBLEMS]
    for number in range(5000):
        meter.add(examples[number % len(examples)])
    found = meter.lengths(tokenizer)
    chosen = [examples[number % len(examples)].completion for number in range(5000)]
    assert found.rows == 5000
    assert found.chars == pytest.approx(sum(map(len, chosen)) / 5000)
    assert found.words == pytest.approx(sum(len(text.split()) for text in chosen) / 5000)
    assert 1000 < found.sampled <= 2000
    assert found.tokens == pytest.approx(sum(tokenizer.lengths(chosen)) / 5000, rel=0.03)
    assert LengthMeter().lengths(None).tokens is None


def test_a_folder_without_a_tokenizer_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no readable tokenizer"):
        load_tokenizer(tmp_path)
    with pytest.raises(UserError, match="not a folder of supervised data"):
        read_manifest(tmp_path)
