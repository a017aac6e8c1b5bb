"""The main job in the window, with mouse and keyboard; see person.py for every step."""

import json
import os
import subprocess
import sys
from pathlib import Path

import yaml

from training.runs import list_runs, runs_folder_of

ROOT = Path(__file__).parent.parent.parent


def test_a_person_builds_trains_judges_saves_and_opens_again(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "tests.end_to_end.person", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["problem"].startswith("fc1 does not fit 16×5×5: fc1 needs a vector")
    assert len(seen["readings"]) >= 3, "the curve did not move while it was looked at"
    assert seen["torch"] == [], "the window's process has imported torch"

    # What was taken home runs by itself.
    home = tmp_path / "home" / "digits"
    example = subprocess.run(
        [sys.executable, "example.py"],
        cwd=home,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert example.returncode == 0, example.stderr

    # What was read in the window is what the run's files say.
    project = yaml.safe_load((tmp_path / "digits.yaml").read_text(encoding="utf-8"))
    assert project["name"] == "digits"
    assert project["blocks"]["main"]["nodes"]["flatten1"]["layer"] == "Flatten"
    [run] = list_runs(runs_folder_of(tmp_path / "digits.yaml"))
    [report] = run.folder.glob("evaluation/**/*.json")
    said = json.loads(report.read_text(encoding="utf-8"))
    confusion = said["confusion"]
    right = sum(confusion[label][label] for label in range(10))
    total = sum(map(sum, confusion))
    assert total == 359
    assert right / total > 0.9
    assert seen["accuracy"] == f"{100 * right / total:.1f} %"
    assert seen["cell"].startswith(f"{confusion[3][3]} of {sum(confusion[3])}")
    assert seen["shown"] == total - right
