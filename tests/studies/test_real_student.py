"""The study of a real student, on the embedded base and in small: from the run folder to the tables."""

import json
import sys
from pathlib import Path

import pytest

import tracekd

STUDY = Path(__file__).parents[2] / "studies/real_student"
sys.path.append(str(STUDY))

pytestmark = pytest.mark.xdist_group("torch")

SMALL = (
    "seeds=[0]", 'regimes=["answer_only", "correct", "zero_shot(trace)"]', 'conditions=["implied"]', "task.questions=900",
    "sizes.train=16", "sizes.test=8", "students.0.base=embedded", "students.0.steps=2", "students.0.max_new_tokens=40",
)  # fmt: skip


def test_a_finished_study_becomes_a_page(tmp_path: Path) -> None:
    from bits import bits_of
    from results import page, read

    result = tracekd.run_study(STUDY / "generated.toml", tmp_path / "generated", overrides=SMALL, workers=1)
    assert result.failures == ()
    bits = bits_of(tmp_path / "generated")
    assert set(bits) == {"answer_only", "correct"}, "a prompted regime has no targets"
    assert bits["correct"]["targets"] == bits["answer_only"]["targets"] == 16
    # The embedded base was pretrained on such traces: longer targets, of which each token is more probable.
    assert bits["correct"]["tokens"] > 5 * bits["answer_only"]["tokens"]
    assert 0 < bits["correct"]["bits_per_token"] < 16
    (tmp_path / "generated" / "bits.json").write_text(json.dumps(bits), encoding="utf-8")
    done = read("generated", tmp_path / "generated")
    assert [regime.name for regime in done.regimes] == ["answer_only", "correct", "zero_shot(trace)"]
    assert done.steps == 2 and done.examples == 16 and done.core_hours > 0
    summary = json.loads(next((tmp_path / "generated" / "stats").glob("summary-*.json")).read_text(encoding="utf-8"))
    assert [regime.answer[0] for regime in done.regimes] == [cell["answer"]["rate"] for cell in summary["cells"]]
    text = page([done])
    assert "## (a) Generated bAbI stories" in text and "| `correct` | 8 |" in text
    assert "Llama-3.2-1B-Instruct | `answer_only` | 96.5" in text, "the paper's own, beside ours"
    json.dumps(done.as_json())


@pytest.mark.parametrize("name", ["generated", "babi", "cotempqa"])
def test_the_studies_differ_in_their_problems_and_sizes_only(name: str) -> None:
    from tracekd.study.config import load_study

    made = load_study(str(STUDY / f"{name}.toml"), ())
    first = load_study(str(STUDY / "generated.toml"), ())
    assert (made.regimes, made.seeds, made.conditions, made.analysis) == (
        first.regimes, first.seeds, first.conditions, first.analysis,
    )  # fmt: skip
    (one,), (other,) = made.students, first.students
    same = {"steps": other.steps, "max_tokens": other.max_tokens}
    assert one.model_copy(update=same) == other
