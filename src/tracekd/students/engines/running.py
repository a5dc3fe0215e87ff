"""Runs the requests of an engine, several at a time, and yields what is done."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Iterator
from itertools import islice

from tracekd.students.engines.contract import Generation

# The index of a prompt, and its samples.
Done = tuple[int, tuple[Generation, ...]]


def run_through(made: AsyncGenerator[Done, None]) -> Iterator[Done]:
    """Yield what an asynchronous generator yields. It is closed at the end, or at an error."""

    async def following() -> Done | None:
        return await anext(made, None)

    async def end() -> None:
        await made.aclose()

    with asyncio.Runner() as runner:
        try:
            while (done := runner.run(following())) is not None:
                yield done
        finally:
            runner.run(end())


async def as_done(work: Iterator[Coroutine[None, None, Done]], at_a_time: int) -> AsyncGenerator[Done, None]:
    """Yield results as they arrive. Results that arrived before an error are yielded before it is raised."""
    running: set[asyncio.Task[Done]] = set()
    try:
        while True:
            running |= {asyncio.create_task(one) for one in islice(work, at_a_time - len(running))}
            if not running:
                return
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in sorted(done, key=lambda task: task.exception() is not None):
                yield task.result()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
