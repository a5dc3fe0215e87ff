"""Generated questions per second, with all minimal supports and the official text; writes the table beside this file.

    python benchmarks/speed/worlds.py --questions 20000 --seed 0

Seconds are processor time of one process. The yardstick makes the table comparable across machines: how often a second
the same process draws a random stream and shuffles 100 numbers with it.
"""

import argparse
import platform
import time
from collections.abc import Iterator
from pathlib import Path

from tracekd.randomness import stream
from tracekd.worlds import get_world, world_names
from tracekd.worlds.contract import World, draw

TABLE = Path(__file__).with_suffix(".md")


def main() -> None:
    """Measure every family of every world and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=20_000, help="questions in each family")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=TABLE)
    given = parser.parse_args()
    yardstick = measure_yardstick()
    command = f"python benchmarks/speed/worlds.py --questions {given.questions} --seed {given.seed}"
    lines = [
        "# Making problems",
        "",
        f"`{command}`, Python {platform.python_version()}, one core ({platform.machine()}).",
        "Processor time, with all minimal supports and the official text.",
        f"Yardstick: {yardstick:,.0f} random streams a second, each drawn and used to shuffle 100 numbers.",
        "",
        "| world | family | questions/s | questions for one yardstick |",
        "|---|---|---|---|",
        *rows(given.questions, given.seed, yardstick),
    ]
    given.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


def rows(questions: int, seed: int, yardstick: float) -> Iterator[str]:
    """A line for each family, and one for each world: the mean time of a question over its families."""
    for name in world_names():
        world = get_world(name)
        seconds = {family: seconds_a_question(world, family, questions, seed) for family in world.families}
        for family, taken in seconds.items():
            yield row(name, family, 1 / taken, yardstick)
        yield row(name, "**average**", len(seconds) / sum(seconds.values()), yardstick)


def row(world: str, family: str, rate: float, yardstick: float) -> str:
    """One line of the table."""
    return f"| {world} | {family} | {rate:,.0f} | {rate / yardstick:.2f} |"


def seconds_a_question(world: World, family: str, questions: int, seed: int) -> float:
    """Draw items until there are enough questions."""
    dials = world.families[family].dials()
    made = index = 0
    begun = time.process_time()
    while made < questions:
        item = draw(world, family, dials, seed, index)
        item.text()
        made += len(item.supports)
        index += 1
    return (time.process_time() - begun) / made


def measure_yardstick(times: int = 20_000) -> float:
    """Random streams a second."""
    begun = time.process_time()
    for index in range(times):
        stream(0, str(index), "yardstick").shuffle(list(range(100)))
    return times / (time.process_time() - begun)


if __name__ == "__main__":
    main()
