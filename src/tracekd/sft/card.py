"""Descriptions of a folder of supervised data, for people and for trainers: `README.md` and `dataset_info.json`."""

import json
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from tracekd.sft.manifest import RegimePart, SftManifest

_SHAREGPT = {"role_tag": "role", "content_tag": "content", "user_tag": "user", "assistant_tag": "assistant"}


def render_card(manifest: SftManifest) -> str:
    """The dataset card, Markdown with the Hub's YAML head."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("tracekd.sft"), undefined=StrictUndefined, keep_trailing_newline=True
    )
    correct = next((part for name, part in manifest.regimes.items() if name.partition("(")[0] == "correct"), None)
    return environment.get_template("card.md").render(
        m=_on_one_line(manifest),
        ratio=lambda part: _ratio(part, correct),
        counted=_counted,
        other_answers=_other_answers(_on_one_line(manifest)),
        first_file=stem_of(next(iter(manifest.regimes.values()))),
    )


def dataset_info(manifest: SftManifest) -> str:
    """LLaMA-Factory's description of the files: of messages, or of prompts and completions as texts."""
    found = {f"{manifest.task}_{stem_of(part)}": _described(part, manifest) for part in manifest.regimes.values()}
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def stem_of(part: RegimePart) -> str:
    """The name of a regime's files, without extension."""
    return PurePath(next(iter(part.files))).stem


def _described(part: RegimePart, manifest: SftManifest) -> dict[str, Any]:
    file = next(iter(part.files))
    if manifest.format == "messages":
        return {"file_name": file, "formatting": "sharegpt", "columns": {"messages": "messages"}, "tags": _SHAREGPT}
    return {"file_name": file, "columns": {"prompt": "prompt", "response": "completion"}}


def _ratio(part: RegimePart, correct: RegimePart | None) -> str:
    if correct is None or not correct.lengths.chars:
        return "–"
    return f"{part.lengths.chars / correct.lengths.chars:.3f}"


def _other_answers(manifest: SftManifest) -> str:
    """The regimes that teach other answers than gold, and how many."""
    return ", ".join(
        f"`{name}` ({part.not_gold:,} of {part.lengths.rows:,} examples)"
        for name, part in manifest.regimes.items()
        if part.not_gold
    )


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{reason} ({count:,})" for reason, count in sorted(counts.items(), key=lambda item: -item[1]))


def _on_one_line(manifest: SftManifest) -> SftManifest:
    """Make names and reasons safe for a table: they come from files, and a line end or a bar would break it."""

    def plain(value: Any) -> Any:
        if isinstance(value, str):
            return " ".join(value.split()).replace("|", "\\|").replace("```", "'''")
        if isinstance(value, dict):
            return {plain(key): plain(inner) for key, inner in value.items()}
        return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value

    return SftManifest.model_validate(plain(manifest.model_dump()))
