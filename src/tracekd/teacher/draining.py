"""Ctrl-C ends a collection without losing what is already asked for, and perhaps paid for: no more requests are sent, and the
replies to those under way are waited for and kept.
"""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tracekd.teacher.asking import Stop

LONGEST = 30.0  # seconds that Ctrl-C waits for replies
INTERRUPTED = "interrupted"


@contextmanager
def draining_at_ctrl_c(stop: Stop, tell: Callable[[int], None]) -> Iterator[None]:
    """In this block, the first Ctrl-C stops the sending, calls `tell` with the number of requests under way, and waits for
    their replies, at most `LONGEST` seconds. The second Ctrl-C gives up the replies that are still missing.

    Without effect where signals cannot be handled (in a thread), or where the user has switched Ctrl-C off.
    """
    loop = asyncio.get_running_loop()
    is_interrupted = False

    def interrupt() -> None:
        nonlocal is_interrupted
        if is_interrupted:
            stop.give_up()
            return
        is_interrupted = True
        tell(len(stop.sent))
        stop.set(INTERRUPTED)
        loop.call_later(LONGEST, stop.give_up)

    usual = signal.getsignal(signal.SIGINT)
    try:
        if usual is not signal.SIG_IGN:
            loop.add_signal_handler(signal.SIGINT, interrupt)
    except (ValueError, RuntimeError, NotImplementedError):
        usual = signal.SIG_IGN
    try:
        yield
    finally:
        if usual is not signal.SIG_IGN:
            loop.remove_signal_handler(signal.SIGINT)
            signal.signal(signal.SIGINT, usual)
