"""The card of an exported data set: Markdown with the Hub's YAML head."""

import json
from collections.abc import Mapping
from typing import Any

from tracekd import __version__
from tracekd.export.judged_run import JudgedRun
from tracekd.export.rate_tables import rates_table
from tracekd.stats.table_files import as_markdown

# The sizes of data sets that the Hub knows.
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_LARGEST = "n>1M"
TEXT, YES_NO, NUMBER, COUNT, TEXTS = "string", "bool", "float64", "int64", "list of texts"
EFFECT: Mapping[str, str] = {
    "condition": TEXT, "unsupported": TEXT, "forced": TEXT, "answer": TEXT, "right": YES_NO, "flipped": YES_NO,
    "implied": TEXT, "follows": YES_NO,
}  # fmt: skip
# The types of the columns are stated in the card, because a column may be empty at the beginning of the file.
COLUMNS: Mapping[str, str | Mapping[str, str]] = {
    "id": TEXT, "group": TEXT, "task": TEXT, "question": TEXT, "context": TEXTS, "prompt": TEXT, "label": TEXT,
    "gold_answer": TEXTS, "gold_facts": TEXTS, "model": TEXT, "regime": TEXT, "seed": COUNT, "sample": COUNT,
    "text": TEXT, "reasoning": TEXT, "is_hidden": YES_NO, "finish": TEXT, "status": TEXT, "class_step": TEXT,
    "retrieval_step": TEXT, "trace_right": YES_NO, "answer_right": YES_NO, "lenient_answer": YES_NO,
    "consistent": YES_NO, "stated_label": TEXT, "cited": TEXTS, "precision": NUMBER, "recall": NUMBER, "f1": NUMBER,
    "invented": COUNT, "reason": TEXT, "effects": EFFECT,
}  # fmt: skip


def render_card(run: JudgedRun, data: str) -> str:
    """The card of a data set whose rows are in the file `data`. Values in the head are JSON, which is YAML."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("tracekd.export"), undefined=StrictUndefined, keep_trailing_newline=True
    )
    features = [{"name": name, **_feature(kind)} for name, kind in COLUMNS.items()]
    return environment.get_template("card.md").render(
        run=run,
        version=__version__,
        pretty_name=json.dumps(f"Judged outputs of {run.task.name}"),
        size=next((name for most, name in _SIZES if len(run.outputs) < most), _LARGEST),
        configs=json.dumps([{"config_name": "default", "data_files": [{"split": "test", "path": data}]}]),
        dataset_info=json.dumps({"features": features}),
        rates=as_markdown(rates_table(run)),
    )


def _feature(kind: str | Mapping[str, str]) -> dict[str, Any]:
    if isinstance(kind, Mapping):
        return {"list": [{"name": name, "dtype": inner} for name, inner in kind.items()]}
    return {"list": TEXT} if kind == TEXTS else {"dtype": kind}
