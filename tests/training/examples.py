"""Small networks, runs of them, and waiting for what they do. Imports no torch."""

import json
import time
from pathlib import Path

import yaml

from training.runs import Run, create_run
from training.state import RunFollower

MODEL = """\
import torch
from torch import Tensor, nn


class Classifier(nn.Module):
    def __init__(self, classes: int = 10) -> None:
        super().__init__()
        self.hidden = nn.Linear(64, 32)
        self.norm = nn.BatchNorm1d(32)
        self.dropout = nn.Dropout(0.3)
        self.scores = nn.Linear(32, classes)

    def forward(self, image: Tensor) -> Tensor:
        x = torch.flatten(image, 1)
        x = torch.relu(self.norm(self.hidden(x)))
        return self.scores(self.dropout(x))
"""

LENET = """\
import torch
from torch import Tensor, nn


class LeNet(nn.Module):
    def __init__(self, classes: int = 10) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, kernel_size=5, padding=2)
        self.pool1 = nn.AvgPool2d(2)
        self.conv2 = nn.Conv2d(6, 16, kernel_size=5)
        self.pool2 = nn.AvgPool2d(2)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, classes)

    def forward(self, image: Tensor) -> Tensor:
        x = self.pool1(torch.tanh(self.conv1(image)))
        x = self.pool2(torch.tanh(self.conv2(x)))
        x = torch.flatten(x, 1)
        x = torch.tanh(self.fc1(x))
        x = torch.tanh(self.fc2(x))
        return self.fc3(x)
"""


def forward_that(statement: str, *, imports: str = "") -> str:
    """A model that does something in its forward before it computes."""
    indented = statement.replace("\n", "\n        ")
    text = MODEL.replace(
        "        x = torch.flatten", f"        {indented}\n        x = torch.flatten"
    )
    return f"{imports}\n{text}"


GATED = forward_that(
    "done = int(self.norm.num_batches_tracked)\n"
    "gate = Path(__file__).with_name(f'gate-{done}')\n"
    "if self.training and gate.exists():\n"
    "    print(f'Waiting after batch {done}')\n"
    "while self.training and gate.exists():\n"
    "    time.sleep(0.01)",
    imports="import time\nfrom pathlib import Path\n",
)
"""Prints a line and waits after so many batches, of all epochs, while there is a file `gate-60`.

Events would not do to know the place: batches may share a write, so the last ones are not told yet.
"""


def gate(run: Run, batches: int) -> Path:
    """Let a gated network wait after so many batches, until the file is gone."""
    path = run.folder / f"gate-{batches}"
    path.touch()
    return path


def wait_at_gate(follower: RunFollower, batches: int) -> None:
    """Return when the network waits after so many batches."""

    def there():
        state = follower.state()
        assert state.active, f"{state}\n{state.details}"
        return f"Waiting after batch {batches}" in follower.run.last_words()

    wait_until(there, f"the network waits after batch {batches}")


def new_run(
    folder: Path,
    model: str = MODEL,
    *,
    data: dict | None = None,
    threads: int | None = 1,
    **training: object,
) -> Run:
    """A run whose epochs have 40 batches, unless the settings say otherwise.

    The number of threads is part of what makes two runs equal to the last digit, so it is given;
    None lets the worker measure.
    """
    settings = {
        "epochs": 3,
        "batch_size": 32,
        "device": "cpu",
        "optimizer": {"name": "Adam", "learning_rate": 0.01},
        **training,
    }
    project = {
        "kumitate": 1,
        "name": "Example",
        "blocks": {"main": {"nodes": {}}},
        "data": {"dataset": "digits", **(data or {})},
        "training": settings,
    }
    text = yaml.safe_dump(project, sort_keys=False)
    run = create_run(folder / "example.runs", project_text=text, model_text=model)
    if threads is not None:
        run.environment_path.write_text(json.dumps({"threads": threads}))
    return run


def wait_until(condition, what: str, seconds: float = 90.0):
    """What the condition gives as soon as it is true; fails with `what` when that never comes."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        result = condition()
        if result:
            return result
        time.sleep(0.01)
    raise AssertionError(f"waited {seconds:g} seconds in vain until {what}")


def wait_for(follower: RunFollower, *statuses: str, seconds: float = 90.0):
    """The run's state as soon as it is one of these; fails at once when it failed instead."""

    def reached():
        state = follower.state()
        if state.status in statuses:
            return state
        assert state.status not in ("failed", "died", "broken"), f"{state}\n{state.details}"
        return None

    return wait_until(reached, f"the run is {' or '.join(statuses)}", seconds)
