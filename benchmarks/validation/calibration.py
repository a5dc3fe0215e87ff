"""Do intervals hold the truth as often as they say, do tests err as seldom, and do studies find what they can detect?

    OMP_NUM_THREADS=1 python benchmarks/validation/calibration.py          # writes calibration.md beside this file
    OMP_NUM_THREADS=1 python benchmarks/validation/calibration.py unequal  # prints one part

Students are simulated whose true rates are known exactly (`simulated.py`): stories, problems, students, and pairs of story
and student differ, and regimes share the difficulty of stories and problems. "Seed SD" is the standard deviation of the
true rate between students. Each share is over new stories and new students in each simulated study. Nothing was tuned
on these settings, except that the floor of the pivot (1/4) was chosen on p 0.75, 20 and 200 groups, 2 to 10 seeds.
"""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import calibration_power
import calibration_rates
import calibration_tables
from bars import Bars

from tracekd.files import write_text

# Each part, and how many studies it simulates in a setting.
PARTS: dict[str, tuple[Callable[[Bars, int], Iterator[str]], int]] = {
    "grids": (calibration_rates.grids, 4000),
    "unequal": (calibration_rates.unequal, 4000),
    "near_one": (calibration_rates.near_one, 4000),
    "unbalanced": (calibration_rates.unbalanced, 1500),
    "tests": (calibration_rates.tests, 4000),
    "association": (calibration_tables.association, 1500),
    "null": (calibration_tables.null, 2000),
    "confounded": (calibration_tables.confounded, 2000),
    "detectable": (calibration_power.detectable_effects, 200),
}


def main() -> None:
    """Simulate, and write the tables."""
    start = time.process_time()
    bars, lines = Bars(), list[str]()
    for name in sys.argv[1:] or PARTS:
        part, studies = PARTS[name]
        lines += part(bars, studies)
        print(f"{name}: {time.process_time() - start:.0f} s", file=sys.stderr, flush=True)
    minutes = (time.process_time() - start) / 60
    about = [line for line in (__doc__ or "").splitlines()[5:] if line]
    head = ["# Calibration", "", *about, f"All of it took {minutes:.0f} minutes of one core.", ""]
    text = "\n".join([*head, "## The bars", "", *bars.table(), "", "## All settings", "", *lines])
    if len(sys.argv) == 1:
        write_text(Path(__file__).with_suffix(".md"), text.rstrip() + "\n")
    print(text)


if __name__ == "__main__":
    main()
