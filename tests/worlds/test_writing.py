"""Worlds on disk: pure in (seed, item), whole or not at all, the same with any number of workers."""

import hashlib
import json
from pathlib import Path

import pytest

from tracekd.content_hash import remove
from tracekd.errors import UserError
from tracekd.files import files_of, write_text
from tracekd.tasks import get_task
from tracekd.tasks.loading import load_strict
from tracekd.worlds import get_world
from tracekd.worlds.contract import draw
from tracekd.worlds.loading import load_world
from tracekd.worlds.writing import MANIFEST, Manifest, read_manifest, read_supports, write_world

FAMILIES = ("equal", "mix")


def write(folder: Path, n: int = 30, seed: int = 0, workers: int = 1, families: tuple[str, ...] = FAMILIES) -> Manifest:
    world = get_world("cotempqa")
    dials = {family: world.families[family].dials() for family in families}
    return write_world("cotempqa", dials, folder, n=n, seed=seed, workers=workers)


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in files_of(folder)}


def test_the_official_files_load_and_the_manifest_counts_them(tmp_path: Path) -> None:
    manifest = write(tmp_path / "w")
    assert manifest.finished
    problems = list(load_strict(get_task("cotempqa"), [str(tmp_path / "w")]))
    assert len(problems) == 60 == sum(part.questions for part in manifest.families.values())
    assert read_manifest(tmp_path / "w") == manifest
    assert set(files(tmp_path / "w")) == {
        MANIFEST, "equal.json", "mix.json", "supports/equal.jsonl", "supports/mix.jsonl",
    }  # fmt: skip


def test_more_go_on_where_fewer_end_and_another_seed_is_another_world(tmp_path: Path) -> None:
    for name, n, seed in (("few", 20, 0), ("more", 50, 0), ("other", 20, 1)):
        write(tmp_path / name, n, seed)
    few, more, other = ((tmp_path / name / "mix.json").read_bytes() for name in ("few", "more", "other"))
    assert more.startswith(few) and few.count(b"\n") == 20 and more.count(b"\n") == 50
    assert not other.startswith(few[:200])


def test_workers_make_no_difference(tmp_path: Path) -> None:
    write(tmp_path / "one", 450)
    write(tmp_path / "two", 450, workers=2)
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_the_same_request_finds_it_done_and_another_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "w")
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "w").rglob("*")}
    write(tmp_path / "w")
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "w").rglob("*")} == before
    with pytest.raises(UserError, match="made with other settings"):
        write(tmp_path / "w", seed=1)


def test_what_was_ended_in_the_middle_is_gone_on_with(tmp_path: Path) -> None:
    whole = write(tmp_path / "whole")
    half = tmp_path / "half"
    write(half, families=FAMILIES)
    # As a kill after the first family leaves it: the manifest knows one family, and nothing of the other is there.
    remove(half / "mix.json")
    remove(half / "supports/mix.jsonl")
    left = whole.model_copy(update={"families": {"equal": whole.families["equal"]}, "finished": False})
    write_text(half / MANIFEST, left.model_dump_json())
    kept = (half / "equal.json").stat().st_mtime_ns
    write(half)
    assert files(half) == files(tmp_path / "whole")
    assert (half / "equal.json").stat().st_mtime_ns == kept


def test_a_folder_with_anything_else_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters/monday.txt").write_text("rain")
    with pytest.raises(UserError, match="this folder is not empty"):
        write(tmp_path / "letters")
    (tmp_path / "letters" / MANIFEST).write_text("{}")
    with pytest.raises(UserError, match="not the manifest of a world"):
        write(tmp_path / "letters")
    assert (tmp_path / "letters/monday.txt").read_text() == "rain"


def test_supports_are_those_of_the_items(tmp_path: Path) -> None:
    manifest = write(tmp_path / "w")
    world = get_world("cotempqa")
    rows = list(read_supports(tmp_path / "w", manifest.families["mix"]))
    assert [(row.item, row.question) for row in rows] == [(i, 0) for i in range(30)]
    dials = world.families["mix"].dials()
    assert [row.supports for row in rows] == [draw(world, "mix", dials, 0, i).supports[0] for i in range(30)]


def test_a_world_is_loaded_with_its_alternatives_in_the_order_of_its_files(tmp_path: Path) -> None:
    write(tmp_path / "w")
    problems = list(load_world(tmp_path / "w"))
    assert [p.label for p in problems] == ["equal"] * 30 + ["mix"] * 30
    for problem in problems:
        assert problem.support["full_support"] in problem.alternatives


def hashes_are_those_of_the_files(folder: Path, manifest: Manifest) -> bool:
    return all(
        hashlib.sha256((folder / written.file).read_bytes()).hexdigest() == written.sha256
        for written in manifest.families.values()
    )


def test_the_manifest_knows_the_hash_of_every_file(tmp_path: Path) -> None:
    manifest = write(tmp_path / "w")
    assert [written.file for written in manifest.families.values()] == ["equal.json", "mix.json"]
    assert hashes_are_those_of_the_files(tmp_path / "w", manifest)


def write_passages(folder: Path, families: tuple[str, ...]) -> Manifest:
    world = get_world("msmarco")
    dials = {family: world.families[family].dials() for family in families}
    return write_world("msmarco", dials, folder, n=12, seed=0)


# The official order of the classes, and another.
@pytest.mark.parametrize("families", [("NUMERIC", "PERSON"), ("PERSON", "NUMERIC")])
def test_a_world_of_passages_ends_in_one_official_file(tmp_path: Path, families: tuple[str, ...]) -> None:
    one, other = families
    manifest = write_passages(tmp_path / "w", families)
    assert {written.file for written in manifest.families.values()} == {"train_v2.1.json"}
    assert hashes_are_those_of_the_files(tmp_path / "w", manifest)
    table = json.loads((tmp_path / "w/train_v2.1.json").read_text())
    assert list(table["query_type"].values()) == [one] * 12 + [other] * 12
    problems = list(load_world(tmp_path / "w"))
    assert [p.label for p in problems] == [one] * 12 + [other] * 12
    for problem in problems:
        # Each of several selected passages is enough; one alone is what the format annotates.
        several = len(problem.trace.facts) > 1
        assert problem.alternatives == (tuple((fact,) for fact in problem.trace.facts) if several else ())


def test_an_official_file_that_the_manifest_does_not_know_yet_is_kept(tmp_path: Path) -> None:
    whole = write_passages(tmp_path / "w", ("NUMERIC", "PERSON"))
    before = files(tmp_path / "w")
    # As a kill leaves it that comes after the official file is made, and before the manifest says so.
    families = {
        family: written.model_copy(update={"file": f"{family.lower()}.jsonl", "sha256": "of its lines"})
        for family, written in whole.families.items()
    }
    left = whole.model_copy(update={"families": families, "finished": False})
    write_text(tmp_path / "w" / MANIFEST, left.model_dump_json())
    assert write_passages(tmp_path / "w", ("NUMERIC", "PERSON")) == whole
    assert files(tmp_path / "w") == before
