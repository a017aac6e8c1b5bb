"""How long it takes from starting a process to a painted window, beside an empty window of Qt.

    uv run python -m benchmarks.start [--rounds 7] [--json]

Both are started in turn, as processes of their own, so that noise of the machine hits both alike.
A window counts as painted after its first paint event. The aim for Kumitate is well below two
seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

_PAINTED = """
import sys
import time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

class Watch(QObject):
    '''Tells when the first paint event of a window is over, and ends the program.'''

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self.tell)
        return False

    def tell(self):
        print(time.time(), flush=True)
        QApplication.exit()

watch = Watch()
"""

_EMPTY = (
    _PAINTED
    + """
from PySide6.QtWidgets import QMainWindow
application = QApplication([])
window = QMainWindow()
window.resize(1440, 900)
window.installEventFilter(watch)
window.show()
application.exec()
"""
)

_OURS = (
    _PAINTED
    + """
from gui import application
from gui.window import main_window
shown = main_window.MainWindow.showEvent
def watched(window, event):
    window.installEventFilter(watch)
    shown(window, event)
main_window.MainWindow.showEvent = watched
application.run(FILE)
"""
)


def seconds(program: str, folder: str) -> float:
    """From the start of the process to the end of the first paint event."""
    environment = {
        **os.environ,
        "KUMITATE_DATA_DIR": folder,
        "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
    }
    start = time.time()
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.split()[-1]) - start


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    from graph.files import save
    from graph.templates import load_template

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "lenet.yaml")
        save(load_template("lenet5"), path)
        programs = {
            "an empty window of Qt": _EMPTY,
            "Kumitate": _OURS.replace("FILE", "None"),
            "Kumitate with a file": _OURS.replace("FILE", repr(path)),
        }
        times: dict[str, list[float]] = {name: [] for name in programs}
        for number in range(options.rounds + 1):
            for name, program in programs.items():
                taken = seconds(program, folder)
                if number:  # The first round fills caches.
                    times[name].append(taken)
    medians = {name: statistics.median(found) for name, found in times.items()}
    if options.json:
        print(json.dumps(medians))
        return
    base = medians["an empty window of Qt"]
    print(f"{'seconds to a painted window':30} {'median':>8} {'least':>8} {'ratio':>7}")
    for name, found in times.items():
        print(f"{name:30} {medians[name]:8.2f} {min(found):8.2f} {medians[name] / base:7.2f}")


if __name__ == "__main__":
    main()
