"""A training in a terminal that is interrupted, by Ctrl+C or by what ends jobs."""

import os
import signal
import subprocess
import sys

import pytest

from training.runs import Run
from training.state import run_state

AS_IN_A_TERMINAL = """
import signal
import kumitate
signal.signal(signal.SIGINT, signal.default_int_handler)
kumitate.main()
"""
"""What runs in the background, as tests may, ignores Ctrl+C and passes that on to its children."""


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot ask a process to end")
@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGTERM])
def test_the_worker_saves_and_ends_too(tmp_path, way):
    """Nobody is left behind computing; the run can be resumed."""
    kumitate = [sys.executable, "-c", AS_IN_A_TERMINAL]
    subprocess.run([*kumitate, "new", "lenet5", "-o", "net.yaml"], cwd=tmp_path, check=True)
    training = subprocess.Popen(
        [*kumitate, "train", "net.yaml", "--set", "training.epochs=5000"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert "epoch   1/5000" in training.stderr.readline()
    training.send_signal(way)
    _, told = training.communicate(timeout=60)
    assert training.returncode == 1
    assert "Stopped. The run is kept and can be resumed" in told
    (folder,) = (tmp_path / "net.runs").iterdir()
    state = run_state(Run(folder))
    assert state.status == "stopped"
    assert state.epoch < 5000
