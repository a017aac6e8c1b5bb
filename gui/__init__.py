"""The window: the only room that imports Qt. Its process never imports torch."""

from __future__ import annotations

import sys


def _keep_singletons_alive() -> None:
    """Let Python 3.11 survive what PySide6 6.12.0 does to it.

    Its binaries are compiled as for Python 3.12, where `None`, `True` and `False` are immortal
    (PEP 683) and returning them takes no reference. On 3.11 every `emit()` so frees a part of
    `True`, and every setter a part of `None`; after some hundred calls the process is aborted
    ("bool_dealloc: deallocating True or False"). A count that no session can use up comes to the
    same as immortality.
    """
    if sys.version_info < (3, 12) and sys.implementation.name == "cpython":
        import ctypes

        for singleton in (None, True, False, NotImplemented, Ellipsis):
            # The count is the first field of every object.
            ctypes.c_ssize_t.from_address(id(singleton)).value += 1 << 48


_keep_singletons_alive()
