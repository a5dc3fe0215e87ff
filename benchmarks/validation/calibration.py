"""Do intervals hold the truth as often as they say, do tests err as seldom, and do studies find what they can detect?

    OMP_NUM_THREADS=1 python benchmarks/validation/calibration.py          # writes calibration.md beside this file
    OMP_NUM_THREADS=1 python benchmarks/validation/calibration.py unequal  # prints one part
    ... calibration.py --keep DIR                                          # goes on after a kill

Students are simulated whose true rates are known exactly (`simulated.py`): stories, problems, students, and pairs of story
and student differ, and regimes share the difficulty of stories and problems. "Seed SD" is the standard deviation of the
true rate between students. Each share is over new stories and new students in each simulated study. Nothing was tuned
on these settings, except that the floor of the pivot (1/4) was chosen on p 0.75, 20 and 200 groups, 2 to 10 seeds, and
that the shape of intervals of rates was chosen on others (`rate_shapes.py`) after p 0.97 and 0.99 had shown the need.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import calibration_power
import calibration_rates
import calibration_tables
from bars import Bars, Found

from tracekd.files import write_text

JOBS = 2
# Each part, and how many studies it simulates in a setting.
PARTS: dict[str, tuple[Callable[[Bars, int], Iterator[str]], int]] = {
    "grids": (calibration_rates.grids, 1500),
    "unequal": (calibration_rates.unequal, 4000),
    "near_one": (calibration_rates.near_one, 2500),
    "unbalanced": (calibration_rates.unbalanced, 600),
    "tests": (calibration_rates.tests, 1500),
    "association": (calibration_tables.association, 250),
    "null": (calibration_tables.null, 400),
    "confounded": (calibration_tables.confounded, 800),
    "detectable": (calibration_power.detectable_effects, 60),
}


def main() -> None:
    """Simulate, each part in a process of its own, and write the tables."""
    options = argparse.ArgumentParser()
    options.add_argument("parts", nargs="*", metavar="PART", help=f"only these, and only print: {', '.join(PARTS)}")
    options.add_argument("--keep", type=Path, help="a folder for finished parts, which are not simulated again")
    options.add_argument("--times", type=int, default=1, metavar="N", help="N times as many studies in each setting")
    chosen = options.parse_args()
    bars, lines, seconds = Bars(), list[str](), 0.0
    with ProcessPoolExecutor(JOBS) as pool:
        for done in pool.map(partial(simulated, keep=chosen.keep, times=chosen.times), chosen.parts or PARTS):
            lines += done["lines"]
            bars.found += [Found(**one) for one in done["found"]]
            seconds += done["seconds"]
    about = (__doc__ or "").splitlines()[6:]
    studies = ", ".join(f"{name} {chosen.times * each:,}" for name, (_, each) in PARTS.items())
    how = f"Studies in each setting: {studies}. All of it took {seconds / 60:.0f} minutes of one core."
    head = ["# Calibration", "", *about, "", how, ""]
    text = "\n".join([*head, "## The bars", "", *bars.table(), "", "## All settings", "", *lines])
    if not chosen.parts:
        write_text(Path(__file__).with_suffix(".md"), text.rstrip() + "\n")
    print(text)


def simulated(name: str, keep: Path | None, times: int) -> dict[str, Any]:
    """The lines of a part, what it found, and the seconds that it took."""
    path = None if keep is None else keep / f"{name}.json"
    if path is not None and path.exists():
        return dict(json.loads(path.read_text(encoding="utf-8")))
    start, bars = time.process_time(), Bars()
    part, studies = PARTS[name]
    lines = list(part(bars, times * studies))
    done = {"lines": lines, "found": [asdict(one) for one in bars.found], "seconds": time.process_time() - start}
    if path is not None:
        write_text(path, json.dumps(done))
    return done


if __name__ == "__main__":
    main()
