"""A process that we start ends when its parent process ends, for whatever reason. The child watches a pipe: the
operating system closes the parent's end of it when the parent is gone. This works even if the parent ends before the
child first looks; watching the parent's id does not.
"""

import multiprocessing
import os
import select
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_PAUSE = 50  # milliseconds between two checks whether to continue watching


def end_when_closed(pipe: int) -> None:
    """End this process as soon as nobody holds the writing end of a pipe any more.

    `pipe` is the file descriptor of the reading end. Nothing is read from it.
    """
    threading.Thread(target=_watch, args=(pipe, threading.Event()), daemon=True).start()


@contextmanager
def ending_when_closed(pipe: int) -> Iterator[None]:
    """The same for as long as the block lasts. After it there is no other thread, so that this process may fork."""
    enough = threading.Event()
    thread = threading.Thread(target=_watch, args=(pipe, enough), daemon=True)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()


def _watch(pipe: int, enough: threading.Event) -> None:
    waiting = select.poll()
    waiting.register(pipe, 0)  # a hang-up is always reported
    while not enough.is_set():
        if waiting.poll(_PAUSE):
            os._exit(1)


def end_with_parent() -> None:
    """For a process of `multiprocessing`, as the initializer of a pool: end it as soon as its parent has ended."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        end_when_closed(parent.sentinel)
