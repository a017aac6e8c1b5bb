"""What goes wrong while training is told in words that say what to do; in this process."""

import errno
import os

import pytest

from evaluation.report import read_report
from tests.training.examples import MODEL, forward_that, new_run
from tests.training.sessions import Session, after, after_epoch, losses
from training.evaluations import Evaluation
from training.messages import BatchDone, Evaluated
from training.worker import main


def fail(tmp_path, model=MODEL, **settings):
    session = Session(new_run(tmp_path, model, **settings))
    assert session.failed is not None
    return session.failed


def test_an_error_in_the_network_names_the_line(tmp_path):
    failed = fail(tmp_path, forward_that("x = image.reshape(-1, 63)"))
    assert failed.kind == "code"
    assert 'model.py line 15 "x = image.reshape(-1, 63)"' in failed.message
    assert "Traceback" in failed.details


def test_no_python(tmp_path):
    failed = fail(tmp_path, "class Network(")
    assert failed.kind == "code"
    assert "line 1" in failed.message


def test_too_little_memory(tmp_path):
    model = forward_that("if self.training:\n    raise MemoryError")
    failed = fail(tmp_path, model, batch_size=64)
    assert failed.kind == "out_of_memory"
    assert "Halve the batch size (from 64 to 32), make the images" in failed.message


def test_too_little_memory_as_torch_says_it(tmp_path):
    model = forward_that("if self.training:\n    torch.empty(10**15)")
    assert fail(tmp_path, model).kind == "out_of_memory"


def test_a_loss_that_is_no_number(tmp_path):
    optimizer = {"name": "SGD", "learning_rate": 1e30}
    failed = fail(tmp_path, optimizer=optimizer)
    assert failed.kind == "diverged"
    assert "epoch 1, batch " in failed.message
    assert "learning rate smaller" in failed.message


def test_an_output_that_does_not_fit_the_classes(tmp_path):
    failed = fail(tmp_path, MODEL.replace("classes: int = 10", "classes: int = 7"))
    assert failed.kind == "settings"
    assert "7 numbers" in failed.message
    assert "10 classes" in failed.message


def test_several_outputs(tmp_path):
    model = MODEL.replace("self.dropout(x))", "self.dropout(x)), x")
    failed = fail(tmp_path, model)
    assert failed.kind == "settings"
    assert "one output" in failed.message


def test_a_device_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setattr("training.devices.available_devices", lambda: ["cpu"])
    failed = fail(tmp_path, device="cuda")
    assert failed.kind == "settings"
    assert "This computer has: cpu" in failed.message


def test_settings_that_are_not_legal(tmp_path):
    failed = fail(tmp_path, optimizer="Adan", epochs=-1)
    assert failed.kind == "settings"
    assert 'did you mean "Adam"' in failed.message
    assert "epochs" in failed.message


def test_a_project_that_is_not_legible(tmp_path):
    run = new_run(tmp_path)
    run.project_path.write_text("kumitate: [")
    failed = Session(run).failed
    assert failed is not None
    assert failed.kind == "settings"


@pytest.mark.parametrize("module", ["training.checkpoint.save_model", "os.fsync"])
def test_a_full_disk(tmp_path, monkeypatch, module):
    run = new_run(tmp_path)

    def full(*arguments):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(module, full)
    if module == "os.fsync":
        monkeypatch.setattr("training.runs.write_atomically", lambda *arguments: None)
    failed = Session(run).failed
    assert failed is not None
    assert failed.kind == "disk"
    assert "the disk is full" in failed.message
    assert "resume" in failed.message


def test_too_little_memory_on_the_graphics_card(tmp_path):
    message = "CUDA out of memory. Tried to allocate 2.00 GiB."
    model = forward_that(f"raise torch.OutOfMemoryError({message!r})")
    failed = fail(tmp_path, model, batch_size=1)
    assert failed.kind == "out_of_memory"
    assert "graphics card" in failed.message
    assert "Make the images or the layers smaller" in failed.message
    assert "batch" not in failed.message, "a sample cannot be halved"


def test_too_little_memory_in_mid_run_can_be_resumed(tmp_path):
    """As when other programs took it for a while."""
    model = forward_that(
        "if self.norm.num_batches_tracked == 50 and Path(__file__).with_name('few').exists():\n"
        "    raise MemoryError",
        imports="from pathlib import Path\n",
    )
    whole_run, run = (new_run(tmp_path, model, epochs=2) for _ in range(2))
    first = Session(run, after(1, 30, "stop"))
    (run.folder / "few").touch()
    second = Session(run, resume=True)
    assert second.failed is not None
    assert second.failed.kind == "out_of_memory"
    (run.folder / "few").unlink()
    second.failed = None
    third = Session(run, resume=True)
    assert losses(first, second, third) == losses(Session(whole_run))


@pytest.mark.parametrize("part", ["last.safetensors", "last.state", "best.safetensors"])
def test_a_disk_that_fills_up_costs_no_checkpoint(tmp_path, monkeypatch, part):
    """The one before stays whole, and training goes on from it when there is room."""
    monkeypatch.setattr("training.loop.SHORTEST_SAVE_SECONDS", 0.0)
    whole_run, run = (new_run(tmp_path, epochs=4, seed=2) for _ in range(2))
    whole = Session(whole_run)
    first = Session(run, after_epoch(1, "stop"))
    saved = (run.checkpoints / part).read_bytes()
    replace = os.replace

    def full(source, target):
        if os.fspath(target).endswith((part, part + ".new")):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), os.fspath(source))
        replace(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", full)
        second = Session(run, resume=True)
    assert second.failed is not None
    assert second.failed.kind == "disk"
    assert second.failed.message.startswith(f"{run.folder} cannot be written: the disk is full")
    assert "What was saved before is unharmed" in second.failed.message
    assert (run.checkpoints / part).read_bytes() == saved
    second.failed = None
    third = Session(run, resume=True)
    assert losses(first, second, third) == losses(whole)


def test_a_disk_that_is_full_when_the_report_is_written(tmp_path, monkeypatch):
    run = new_run(tmp_path, epochs=1)

    def full(*arguments):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr("evaluation.report.write_atomically", full)
        failed = Session(run).failed
    assert failed is not None
    assert failed.kind == "disk"
    again = Session(run, resume=True)
    assert again.failed is None
    assert not again.of(BatchDone), "what was learned was saved"
    assert read_report(run.folder, "test").accuracy == again.of(Evaluated)[0].accuracy


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("odd"), "The evaluation failed unexpectedly: ValueError: odd."),
        (OSError(errno.ENOSPC, "full"), "Make room or give access, then evaluate again."),
        (MemoryError(), "was not enough. Close other programs and evaluate again."),
    ],
    ids=["unexpected", "disk", "memory"],
)
def test_of_an_evaluation_it_is_not_said_that_training_failed(tmp_path, monkeypatch, error, words):
    monkeypatch.setattr("training.worker._be_polite", lambda: None)
    monkeypatch.setattr("training.worker.faulthandler.enable", lambda: None)
    run = new_run(tmp_path, epochs=1)
    assert Session(run).failed is None

    def fail(*arguments, **settings):
        raise error

    monkeypatch.setattr("training.session.evaluate", fail)
    assert main([str(run.folder), "--evaluate", "validation"]) == 1
    message = Evaluation(run, "validation").state().message
    assert words in message
    assert "resume" not in message
    assert "Training" not in message


def test_a_file_that_the_network_wants_is_no_matter_of_the_disk(tmp_path):
    failed = fail(tmp_path, forward_that("open('/nowhere/words.txt')"))
    assert failed.kind == "code"
    assert "words.txt" in failed.message
