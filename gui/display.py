"""Whether a window can be opened at all. Qt itself would abort the process where it cannot.

No Qt is imported here, so that the answer comes at once in a terminal without a display.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from importlib import metadata
from pathlib import Path

_PROBE = "from PySide6.QtGui import QGuiApplication; QGuiApplication(['kumitate'])"
_WITHOUT_DISPLAY = ("offscreen", "minimal", "vnc", "linuxfb", "eglfs")
PROBE_SECONDS = 30


def why_no_window() -> str:
    """Why no window can be opened, as a message with what to do instead; empty where it can."""
    if not sys.platform.startswith("linux"):
        return ""
    platform = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if platform in _WITHOUT_DISPLAY[:2]:
        return ""
    if not platform and not _display_named():
        return _message("neither DISPLAY nor WAYLAND_DISPLAY is set")
    if _display_answers() and _known_good():
        return ""
    problem = _probe()
    if problem:
        return _message(problem)
    _remember_good()
    return ""


def _message(problem: str) -> str:
    return (
        f"Kumitate cannot open its window here: {problem}.\n"
        f"Without a window, `kumitate demo` trains a network on handwritten digits and shows the "
        f"result; `kumitate --help` lists what else works in a terminal."
    )


def _display_named() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _display_answers() -> bool:
    """Whether somebody listens at the display's socket; a quick look that saves the slow one."""
    wayland = os.environ.get("WAYLAND_DISPLAY")
    if wayland:
        path = Path(os.environ.get("XDG_RUNTIME_DIR", "")) / wayland
        return _connects(str(path))
    host, _, number = os.environ.get("DISPLAY", "").rpartition(":")
    number = number.partition(".")[0]
    if not number.isdigit():
        return False
    if host in ("", "unix"):
        return _connects(f"/tmp/.X11-unix/X{number}") or _connects(f"\0/tmp/.X11-unix/X{number}")
    try:
        socket.create_connection((host, 6000 + int(number)), timeout=2).close()
    except OSError:
        return False
    return True


def _connects(path: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as end:
        end.settimeout(2)
        try:
            end.connect(path)
        except OSError:
            return False
    return True


def _signature() -> str:
    """What decides whether Qt's platform can be loaded, as far as it can be known cheaply."""
    try:
        qt = metadata.version("PySide6-Essentials")
    except metadata.PackageNotFoundError:
        qt = "?"
    kinds = [name for name in ("DISPLAY", "WAYLAND_DISPLAY") if os.environ.get(name)]
    wanted = os.environ.get("QT_QPA_PLATFORM", "")
    return f"{qt} {sys.executable} {' '.join(kinds)} {wanted}"


def _note() -> Path:
    given = os.environ.get("KUMITATE_DATA_DIR")
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return (Path(given) if given else Path(base) / "kumitate") / "display-works"


def _known_good() -> bool:
    try:
        return _note().read_text(encoding="utf-8") == _signature()
    except (OSError, UnicodeDecodeError):
        return False


def _remember_good() -> None:
    note = _note()
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(_signature(), encoding="utf-8")
    except OSError:
        return  # Then the next start looks again.


def _probe() -> str:
    """Start Qt in a process that may abort; what went wrong, or nothing."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", _PROBE],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PROBE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return "the display does not answer"
    if done.returncode == 0:
        return ""
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    missing = next((line for line in lines if "cannot open shared object" in line), "")
    said = next((line for line in lines if "could not connect" in line), "")
    detail = missing or said or next((line for line in lines if "plugin" in line.lower()), "")
    return f"Qt cannot use the display ({detail.rstrip('.')})" if detail else "Qt cannot start"
