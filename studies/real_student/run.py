"""Teaches SmolLM2-135M-Instruct under five regimes, and writes what came of it beside this file.

    tracekd fetch smollm2
    python studies/real_student/run.py --data DATA --work WORK [generated babi cotempqa]

`DATA` has the published files: `babi/en/*.txt` and `cotempqa/*.json`. `WORK` gets a run folder of each study; after a stop,
the same command goes on there. Only studies whose cells are all finished are written into `results.md` and `results.json`.
"""

import argparse
import json
from pathlib import Path

from bits import bits_of
from results import Done, page, read

from tracekd import run_study
from tracekd.files import write_text

HERE = Path(__file__).parent
# Where the problems of each study lie in `DATA`; generated ones need no file.
SOURCES = {"generated": None, "babi": "babi/en", "cotempqa": "cotempqa"}


def main() -> None:
    """Run the studies that are named, then write the tables of all that are finished."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("studies", nargs="*", metavar="STUDY", help=f"by default all: {', '.join(SOURCES)}")
    options.add_argument("--data", type=Path, help="the folder of published files; without it, only `generated` runs")
    options.add_argument("--work", type=Path, required=True, help="the folder of the run folders")
    options.add_argument("--workers", type=int, default=0, help="cells at a time; by default one for each core")
    chosen = options.parse_args()
    for name in chosen.studies or SOURCES:
        if name not in SOURCES:
            options.error(f"there is no study {name!r}; expected: {', '.join(SOURCES)}")
        if SOURCES[name] is None or chosen.data is not None:
            made(name, chosen.data, chosen.work, chosen.workers)
    done = [read(name, chosen.work / name) for name in SOURCES if (chosen.work / name / "bits.json").is_file()]
    write_text(HERE / "results.json", json.dumps([one.as_json() for one in done], indent=1) + "\n")
    write_text(HERE / "results.md", page(done))


def made(name: str, data: Path | None, work: Path, workers: int) -> Done | None:
    """Run one study to its end. None if a cell failed."""
    source = SOURCES[name]
    overrides = [] if source is None or data is None else [f'task.source="{data / source}"']
    result = run_study(HERE / f"{name}.toml", work / name, overrides=overrides, workers=workers, tell=print)
    if result.failures:
        print(f"{name}: {len(result.failures)} cells failed: {', '.join(f.cell for f in result.failures)}")
        return None
    found = bits_of(work / name)
    write_text(work / name / "bits.json", json.dumps(found, indent=1) + "\n")
    return read(name, work / name)


if __name__ == "__main__":
    main()
