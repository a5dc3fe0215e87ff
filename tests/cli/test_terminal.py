"""No control character of a name or a text reaches the terminal, whichever command prints it."""

import ast
import json
from pathlib import Path

import pytest

import tracekd.cli
from tracekd.cli.terminal import echo, echo_json, terminal
from tracekd.errors import UserError, unknown_name
from tracekd.plain_text import plain, plain_json, plain_line

from .conftest import Run

# It would change the terminal's title, move the cursor (in one character, too), reverse the direction, and ring.
EVIL = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\x7f"
STORY = "1 Mary went to the kitchen.\n2 Where is Mary?\tkitchen\t1\n"


def unprintable(text: str) -> list[str]:
    return [char for char in text if not char.isprintable() and char != "\n"]


def test_text_keeps_its_lines_and_nothing_else_that_cannot_be_seen() -> None:
    assert plain(f"a\n{EVIL}b") == "a\n�]0;owned��[2J�31m��b"
    assert plain_line("a\nb\tc") == "a�b�c"
    assert plain("Zoë – 東京") == plain_line("Zoë – 東京") == "Zoë – 東京"
    assert not unprintable(plain("\ud800"))


def test_json_keeps_its_data() -> None:
    for text in (EVIL, "Zoë\n", "\ud83d\ude00", "\U000e0001", "\u2028"):
        printed = plain_json(json.dumps({"name": text}, ensure_ascii=False, indent=1))
        assert not unprintable(printed) and json.loads(printed) == json.loads(json.dumps({"name": text}))


def test_an_error_is_plain_wherever_it_goes() -> None:
    error = UserError(f"no {EVIL}", where=Path(f"a{EVIL}\nb"), expected=EVIL, next_step=f"rm {EVIL}")
    for text in (str(error), error.problem, str(error.where), str(error.expected), str(error.next_step)):
        assert not unprintable(text)
    assert "\n" not in str(error.where), "a name must not begin a line of its own"
    assert not unprintable(str(unknown_name("task", EVIL, [EVIL, "b"])))


def test_everything_that_prints_is_plain(capsys: pytest.CaptureFixture[str]) -> None:
    from rich.table import Table

    table = Table(EVIL, title=EVIL)
    table.add_row(EVIL)
    echo(EVIL)
    echo(EVIL, err=True)
    echo_json(json.dumps(EVIL, ensure_ascii=False))
    for console in (terminal(), terminal(stderr=True)):
        console.print(EVIL, table)
    printed = "".join(capsys.readouterr())
    assert printed.count("owned") == 11 and not unprintable(printed)


def test_commands_print_in_no_other_way() -> None:
    for file in Path(tracekd.cli.__path__[0]).glob("*.py"):
        called = {
            ast.unparse(node.func) for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)
        }
        if file.name != "terminal.py":
            assert not called & {
                "print",
                "typer.echo",
                "typer.secho",
                "Console",
                "sys.stdout.write",
                "sys.stderr.write",
            }, file


@pytest.mark.parametrize(
    "arguments",
    [
        ["problems", "babi", "{folder}"],
        ["problems", "babi", "{folder}", "--json"],
        ["problems", "babi", "absent{evil}"],
        ["problems", "babi", "{folder}", "--out", "{folder}/made{evil}.jsonl"],
        ["sft", "babi", "{folder}", "--regime", "correct", "--out", "made{evil}"],
        ["sft", "babi", "{folder}", "--regime", "correct{evil}", "--out", "made"],
        ["audit", "{rows}"],
        ["audit", "{rows}", "--json"],
        ["verify", "{outputs}", "--task", "babi", "--problems", "{folder}"],
        ["verify", "{outputs}", "--task", "babi", "--problems", "{folder}", "--json"],
        ["verify", "{outputs}", "--task", "ba{evil}bi"],
        ["select", "{outputs}", "--task", "babi", "--problems", "{folder}"],
        ["analyze", "{rows}"],
        ["analyze", "{folder}"],
        ["study", "{file}"],
        ["study", "absent{evil}.toml"],
        ["study", "first", "one more{evil}"],
        ["study", "first", "--set", "name={evil}"],
        ["tasks", "{evil}"],
        ["world", "babi{evil}"],
        ["train", "{folder}", "--out", "made"],
        ["train", "{rows}", "--base", "{folder}", "--out", "made"],
        ["generate", "{folder}", "babi", "{folder}", "--out", "made"],
        ["generate", "{student}", "babi", "{folder}", "--out", "made"],
        ["teacher", "babi", "{folder}", "--endpoint", "http://localhost:9", "--model", "{evil}", "--retries", "0",
         "--out", "made{evil}"],
        ["--limit{evil}"],
        ["{evil}"],
    ],
)  # fmt: skip
def test_a_hostile_name_or_value_is_printed_plain(tracekd: Run, tmp_path: Path, arguments: list[str]) -> None:
    folder = tmp_path / f"folder{EVIL}"
    folder.mkdir()
    (folder / f"qa1_{EVIL}.txt").write_text(STORY)
    (folder / "qa1_fine.txt").write_text(STORY * 3)
    row = {"prompt": EVIL, "completion": EVIL, "id": EVIL, "regime": EVIL, "model": EVIL, "text": EVIL, "task": "babi"}
    for name in ("rows", "outputs"):
        (tmp_path / f"{name}{EVIL}.jsonl").write_text(3 * f"{json.dumps(row)}\n")
    student = tmp_path / f"student{EVIL}"
    student.mkdir()
    (student / "config.json").write_text(json.dumps({"model_type": EVIL}))
    (student / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": EVIL}))
    (student / "model.safetensors").write_bytes(b"\0" * 8)
    names = {
        "evil": EVIL, "folder": folder.name, "file": f"{folder.name}/qa1_{EVIL}.txt", "rows": f"rows{EVIL}.jsonl",
        "outputs": f"outputs{EVIL}.jsonl", "student": student.name,
    }  # fmt: skip
    result = tracekd(*(argument.format(**names) for argument in arguments))
    assert result.returncode in (0, 1, 2) and result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    assert not unprintable(result.stdout) and not unprintable(result.stderr), (result.stdout, result.stderr)
