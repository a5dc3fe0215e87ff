"""Processes that we start end together with the process that started them, however that one ended.

A pipe tells it: the operating system closes the parent's end of the pipe when the parent is gone. That holds also where
the parent was gone before the child looked for the first time; the id of a parent does not tell that.
"""

import multiprocessing
import os
import select
import threading


def end_when_closed(pipe: int) -> None:
    """End this process as soon as nobody holds the writing end of a pipe any more.

    `pipe` is the file descriptor of the reading end. Nothing is read from it.
    """
    threading.Thread(target=_wait_and_end, args=(pipe,), daemon=True).start()


def _wait_and_end(pipe: int) -> None:
    waiting = select.poll()
    waiting.register(pipe, 0)  # a hang-up is always told
    while not waiting.poll():
        pass
    os._exit(1)


def end_with_parent() -> None:
    """For a process of `multiprocessing`, as the initializer of a pool: end it as soon as its parent has ended."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        end_when_closed(parent.sentinel)
