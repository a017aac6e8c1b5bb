"""The window: the only room that imports Qt. Its process never imports torch."""

from __future__ import annotations

import sys


def _keep_true_alive() -> None:
    """Let Python 3.11 survive what PySide6 6.12.0 does to it.

    There every `Signal.emit` returns True without taking a reference, so that `True` is freed, and
    the process aborted, after some five hundred signals. From Python 3.12 on `True` is immortal
    (PEP 683); before, a count that no session can use up comes to the same.
    """
    if sys.version_info < (3, 12) and sys.implementation.name == "cpython":
        import ctypes

        # The count is the first field of every object.
        ctypes.c_ssize_t.from_address(id(True)).value += 1 << 48


_keep_true_alive()
