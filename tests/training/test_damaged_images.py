"""An image that is found damaged only when it is read costs no more than its message."""

import numpy
import pytest
from PIL import Image

from tests.training.examples import new_run
from tests.training.sessions import Session
from training.control import Control
from training.evaluations import Evaluation
from training.messages import Finished, Log
from training.worker import main

MODEL = """\
from torch import Tensor, nn


class Pixels(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 2, kernel_size=1)

    def forward(self, image: Tensor) -> Tensor:
        return self.conv(image)
"""


@pytest.fixture
def run(tmp_path):
    """A run on ten images of noise, of which the last one is for the test."""
    generator = numpy.random.default_rng(0)
    for folder in ("images", "masks"):
        (tmp_path / folder).mkdir()
        for number in range(10):
            noise = generator.integers(0, 256, (32, 32), dtype=numpy.uint8)
            Image.fromarray(noise).save(tmp_path / folder / f"{number}.png")
    (tmp_path / "test.txt").write_text("9\n")
    data = {
        "dataset": "image_masks",
        "images": str(tmp_path / "images"),
        "masks": str(tmp_path / "masks"),
        "test_list": str(tmp_path / "test.txt"),
        "channels": 1,
        "height": 32,
        "width": 32,
    }
    return new_run(tmp_path, MODEL, data=data, epochs=1, loss="pixel_cross_entropy")


def test_a_test_image_that_cannot_be_read_is_told_and_what_was_learned_is_kept(
    run, tmp_path, monkeypatch
):
    path = tmp_path / "images" / "9.png"
    whole = path.read_bytes()
    middle = len(whole) // 2
    path.write_bytes(whole[:middle] + bytes(8) + whole[middle + 8 :])
    session = Session(run)
    assert session.failed is None
    assert len(session.of(Finished)) == 1
    (warning,) = [said.text for said in session.of(Log) if said.level == "warning"]
    assert f"{path} is damaged" in warning
    assert run.best_weights.exists()
    evaluation = Evaluation(run, "test")
    state = evaluation.state()
    assert (state.status, state.report) == ("failed", None)
    assert f"{path} is damaged" in state.message

    path.write_bytes(whole)
    monkeypatch.setattr("training.worker._be_polite", lambda: None)
    monkeypatch.setattr("training.worker.faulthandler.enable", lambda: None)
    monkeypatch.setattr(Control, "listen_to_signals", lambda self: None)
    assert main([str(run.folder), "--evaluate", "test"]) == 0
    state = evaluation.state()
    assert (state.message, state.report.samples) == ("", 1)
