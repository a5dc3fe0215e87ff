"""The study of a real student, on the embedded base and in small: from the run folder to the tables."""

import json
import subprocess
from pathlib import Path

import pytest

STUDY = Path(__file__).parents[2] / "studies/real_student"

SMALL = (
    "seeds=[0]", 'regimes=["answer_only", "correct"]', 'conditions=["implied"]', "task.questions=900",
    "sizes.train=16", "sizes.test=8", "students.0.base=embedded", "students.0.steps=2", "students.0.max_new_tokens=40",
)  # fmt: skip
# What `run.py` does with one study.
MAKE = """
import json, sys
from pathlib import Path
study, *overrides = sys.argv[1:]
sys.path.append(study)
import tracekd
from bits import bits_of
from results import page, read
result = tracekd.run_study(Path(study) / "generated.toml", "generated", overrides=overrides, workers=1)
assert result.failures == ()
Path("generated/bits.json").write_text(json.dumps(bits_of(Path("generated"))))
done = read("generated", Path("generated"))
print(json.dumps([done.as_json(), page([done])]))
"""


def test_a_finished_study_becomes_a_page(ready_python: str, tmp_path: Path) -> None:
    made = subprocess.run(
        [ready_python, "-c", MAKE, str(STUDY), *SMALL], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    done, text = json.loads(made.stdout.splitlines()[-1])
    bits = {regime["name"]: regime["bits"] for regime in done["regimes"]}
    assert list(bits) == ["answer_only", "correct"]
    assert bits["correct"]["targets"] == bits["answer_only"]["targets"] == 16
    assert bits["correct"]["tokens"] > 5 * bits["answer_only"]["tokens"]
    assert 0 < bits["correct"]["bits_per_token"] < 16
    assert (done["steps"], done["examples"]) == (2, 16) and done["hours"] > 0
    summary = json.loads(next((tmp_path / "generated" / "stats").glob("summary-*.json")).read_text(encoding="utf-8"))
    assert [regime["answer"][0] for regime in done["regimes"]] == [cell["answer"]["rate"] for cell in summary["cells"]]
    rates = {regime["name"]: regime["answer"][0] for regime in done["regimes"]}
    (pair,) = done["pairs"]
    difference = rates[pair["first"]] - rates[pair["second"]]
    assert pair["difference"] == pytest.approx(difference)
    assert f"| `{pair['first']}` - `{pair['second']}` | {100 * difference:+.1f} (" in text
    assert done["regimes"][0]["trace"] == [None, None], "no trace is asked for"
    assert "## (a) Generated bAbI stories" in text and "| `correct` | 8 |" in text
    assert "Llama-3.2-1B-Instruct | `answer_only` | 96.5" in text, "the paper's own, beside ours"


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
