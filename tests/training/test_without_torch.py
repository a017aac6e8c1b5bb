"""What the window imports of these rooms loads none of the heavy libraries."""

import subprocess
import sys

IMPORTS = """
import sys
import data.catalog, data.split
import evaluation.report
import training.check, training.client, training.control, training.evaluations, training.events
import training.export, training.history, training.messages, training.preflight
import training.processes, training.runs, training.spec, training.state
import training.worker
data.catalog.read_data({})[0].describe()
training.spec.read_training({"optimizer": "SGD", "schedule": "cosine"})
heavy = {"torch", "torchvision", "lightning_fabric", "torchmetrics", "sklearn", "numpy", "PySide6"}
loaded = heavy & {name.partition(".")[0] for name in sys.modules}
print(*sorted(loaded))
"""


def test_the_window_s_side_imports_nothing_heavy():
    result = subprocess.run(
        [sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=True, timeout=60
    )
    assert result.stdout.split() == []
