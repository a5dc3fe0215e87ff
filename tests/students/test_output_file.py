"""Outputs on their way to a file: killed at any byte, on a full disk, by another student, by two at a time."""

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.content_hash import HASHES
from tracekd.errors import UserError
from tracekd.files import read_jsonl, read_log
from tracekd.students import output_file
from tracekd.students.generate import Asked
from tracekd.students.output import Output
from tracekd.students.output_file import OutputRecipe, complete, recipe_file

RECIPE = OutputRecipe(
    task="babi", regime="correct", student="s", weights="0" * 12, engine="transformers", precision="float32", chat=False,
    max_new_tokens=8, temperature=1.0, samples=2, seed=0, stop="</answer>",
)  # fmt: skip
ASKED = [Asked(f"p{number}", (number, 5)) for number in range(7)]


class Maker:
    """Makes outputs in an order of its own, as an engine does, and remembers what it was asked."""

    def __init__(self, samples: int = 2, stop_after: int | None = None) -> None:
        self.samples, self.stop_after = samples, stop_after
        self.asked: list[str] = []

    def __call__(self, missing: Sequence[Asked]) -> Iterator[tuple[Output, ...]]:
        for count, one in enumerate(sorted(missing, key=lambda one: one.key)):
            if count == self.stop_after:
                raise KeyboardInterrupt
            self.asked.append(one.id)
            yield tuple(output(one, sample) for sample in range(self.samples))


def output(one: Asked, sample: int, **changes: Any) -> Output:
    said = {
        "id": one.id, "regime": "correct", "student": "s", "seed": 0, "text": f"é\n{one.id} {sample}", "token_ids": (1, 2),
        "finish": "stop", "sample": sample, "prompt": one.key, "prompt_tokens": len(one.ids),
    }  # fmt: skip
    return Output(**{**said, **changes})


def told(_: int) -> None:
    pass


def rows(path: Path) -> list[tuple[str, int]]:
    read = read_log if path.suffix == ".part" else read_jsonl
    return [(row.id, row.sample) for row in read(path, Output)]


IN_ORDER = [(one.id, sample) for one in ASKED for sample in (0, 1)]


def test_the_file_is_in_the_order_of_the_problems(tmp_path: Path) -> None:
    path, seen = tmp_path / "folder/o.jsonl", list[int]()
    assert complete(path, RECIPE, ASKED, Maker(), seen.append) == 7
    assert rows(path) == IN_ORDER and seen == list(range(1, 8))
    assert sorted(p.name for p in path.parent.iterdir()) == [HASHES, "o.jsonl", "o.jsonl.recipe.json"]
    assert OutputRecipe.model_validate_json(recipe_file(path).read_bytes()) == RECIPE


def test_what_is_there_is_not_made_again(tmp_path: Path) -> None:
    path, maker = tmp_path / "o.jsonl", Maker()
    complete(path, RECIPE, ASKED[:3], maker, told)
    before = path.stat().st_ino
    assert complete(path, RECIPE, ASKED[:3], maker, told) == 0
    assert complete(path, RECIPE, ASKED[1:2], maker, told) == 0
    assert path.stat().st_ino == before and len(maker.asked) == 3
    assert complete(path, RECIPE, ASKED[::-1], maker, told) == 4
    assert sorted(maker.asked) == [one.id for one in ASKED]
    assert rows(path) == [(one.id, sample) for one in reversed(ASKED) for sample in (0, 1)]


def test_what_is_not_asked_for_any_more_stays_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "o.jsonl"
    complete(path, RECIPE, ASKED[:3], Maker(), told)
    complete(path, RECIPE, ASKED[2:], Maker(), told)
    assert rows(path) == [*IN_ORDER[4:], *IN_ORDER[:4]]


@settings(max_examples=60)
@given(data=st.data())
def test_killed_at_any_byte_it_goes_on_and_loses_nothing_that_is_whole(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("kill") / "o.jsonl"
    part = path.with_name("o.jsonl.part")
    with pytest.raises(KeyboardInterrupt):
        complete(path, RECIPE, ASKED, Maker(stop_after=data.draw(st.integers(1, 6))), told)
    written = part.read_bytes()
    kept = written[: data.draw(st.integers(0, len(written)))]
    part.write_bytes(kept)
    lines = [Output.model_validate_json(line.partition(b"\t")[0]) for line in kept.split(b"\n")[:-1]]
    whole = {row.id for row in lines if row.sample == 1}
    maker = Maker()
    complete(path, RECIPE, ASKED, maker, told)
    assert sorted(maker.asked) == sorted({one.id for one in ASKED} - whole)
    assert rows(path) == IN_ORDER and not part.exists()


def test_outputs_are_on_disk_as_they_are_made(tmp_path: Path) -> None:
    path = tmp_path / "o.jsonl"
    part, seen = path.with_name("o.jsonl.part"), list[int]()
    complete(path, RECIPE, ASKED, Maker(), lambda done: seen.append(len(rows(part))))
    assert seen == [2 * done for done in range(1, 8)]
    assert not part.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"weights": "1" * 12}, "weights = '000000000000', not '111111111111'"),
        ({"max_new_tokens": 9}, "max_new_tokens = 8, not 9"),
        ({"temperature": 0.5}, "temperature = 1.0, not 0.5"),
        ({"stop": None}, "stop = '</answer>', not None"),
    ],
)
@pytest.mark.parametrize("ended", [True, False])
def test_another_recipe_is_refused_and_nothing_is_touched(
    tmp_path: Path, change: dict[str, Any], said: str, ended: bool
) -> None:
    path = tmp_path / "o.jsonl"
    if ended:
        complete(path, RECIPE, ASKED, Maker(), told)
    else:
        with pytest.raises(KeyboardInterrupt):
            complete(path, RECIPE, ASKED, Maker(stop_after=2), told)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    with pytest.raises(UserError, match=said):
        complete(path, RECIPE.model_copy(update=change), ASKED, Maker(), told)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_a_recipe_of_which_nothing_was_made_binds_nobody(tmp_path: Path) -> None:
    path = tmp_path / "o.jsonl"
    with pytest.raises(KeyboardInterrupt):
        complete(path, RECIPE, ASKED, Maker(stop_after=0), told)
    assert complete(path, RECIPE.model_copy(update={"seed": 1}), ASKED, Maker(), told) == 7


def test_a_file_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "o.jsonl"
    path.write_text("mine\n")
    for recipe in (None, "no recipe"):
        if recipe:
            recipe_file(path).write_text(recipe)
        with pytest.raises(UserError, match="it is unknown how the outputs in this file were made"):
            complete(path, RECIPE, ASKED, Maker(), told)
        assert path.read_text() == "mine\n" and not path.with_name("o.jsonl.part").exists()


def test_another_prompt_under_the_same_id_is_told(tmp_path: Path) -> None:
    path = tmp_path / "o.jsonl"
    complete(path, RECIPE, ASKED, Maker(), told)
    with pytest.raises(UserError, match="the output for 'p3' was made from another prompt"):
        complete(path, RECIPE, [*ASKED[:3], Asked("p3", (9,)), Asked("new", (1,))], Maker(), told)


@pytest.mark.parametrize("at", range(0, 180, 7))
def test_a_damaged_line_is_named_and_made_again(tmp_path: Path, caplog: pytest.LogCaptureFixture, at: int) -> None:
    path, maker = tmp_path / "o.jsonl", Maker()
    part = path.with_name("o.jsonl.part")
    with pytest.raises(KeyboardInterrupt):
        complete(path, RECIPE, ASKED, Maker(stop_after=2), told)
    text = bytearray(part.read_bytes())
    text[at] ^= 1
    part.write_bytes(text)
    complete(path, RECIPE, ASKED, maker, told)
    assert rows(path) == IN_ORDER and next(read_jsonl(path, Output)) == output(ASKED[0], 0)
    assert len(maker.asked) == 6 and "o.jsonl.part:1 is damaged; it is made again" in caplog.text


def test_a_damaged_file_is_refused_and_a_damaged_recipe_written_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "o.jsonl"
    complete(path, RECIPE, ASKED, Maker(), told)
    recipe = recipe_file(path).read_bytes()
    recipe_file(path).write_bytes(recipe.replace(b"8", b"9"))
    assert complete(path, RECIPE, ASKED, Maker(), told) == 0
    assert recipe_file(path).read_bytes() == recipe and "recipe.json is damaged; it is made again" in caplog.text
    recipe_file(path).write_bytes(recipe.replace(b"8", b"9"))
    with pytest.raises(UserError, match="damaged"):
        complete(path, RECIPE.model_copy(update={"max_new_tokens": 9}), ASKED, Maker(), told)
    recipe_file(path).write_bytes(recipe)
    path.write_bytes(path.read_bytes().replace(b"p3", b"p4"))
    with pytest.raises(UserError, match="this file is damaged"):
        complete(path, RECIPE, ASKED, Maker(), told)


def test_two_at_a_time_do_not_write_one_file(tmp_path: Path) -> None:
    path = tmp_path / "o.jsonl"

    def meanwhile(done: int) -> None:
        with pytest.raises(UserError, match="another tracekd is writing this file"):
            complete(path, RECIPE, ASKED, Maker(), told)

    complete(path, RECIPE, ASKED, Maker(), meanwhile)
    assert rows(path) == IN_ORDER


def test_a_full_disk_leaves_whole_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "o.jsonl"
    part = path.with_name("o.jsonl.part")
    limit = 900
    opened = output_file._alone

    class Full:
        """A disk on which a write ends short, and the next one fails."""

        def __init__(self, inner: Any) -> None:
            self.inner = inner

        def __getattr__(self, name: str) -> Any:
            return getattr(self.inner, name)

        def write(self, data: bytes) -> int:
            room = limit - os.fstat(self.inner.fileno()).st_size
            if room <= 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            return int(self.inner.write(data[:room]))

    @contextmanager
    def full(part: Path) -> Iterator[Full]:
        with opened(part) as log:
            yield Full(log)

    monkeypatch.setattr(output_file, "_alone", full)
    with pytest.raises(OSError, match="No space"):
        complete(path, RECIPE, ASKED, Maker(), told)
    monkeypatch.undo()
    assert part.read_bytes().endswith(b"\n") and 0 < len(rows(part)) < 14
    maker = Maker()
    complete(path, RECIPE, ASKED, maker, told)
    assert rows(path) == IN_ORDER and len(maker.asked) < 7
