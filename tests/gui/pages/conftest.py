"""Pages over a project in a folder, with run folders that are written as a worker writes them."""

import math
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QImage

from codegen.module import generate
from evaluation.report import ClassScore, Mistake, Report, write_report
from graph.document import Document
from graph.files import save, to_text
from graph.state import Project
from graph.templates import load_template
from gui.editor import Editor
from gui.pages.evaluate import EvaluatePage
from gui.pages.train import TrainPage
from gui.runs.background import running_threads
from training import client
from training.check import task_problems
from training.events import EventWriter
from training.messages import (
    BatchDone,
    EpochDone,
    Evaluated,
    Failed,
    Finished,
    Log,
    Message,
    Started,
    Starting,
    Stopped,
)
from training.processes import ProcessRecord
from training.runs import Run, create_run, list_runs, runs_folder_of

BATCHES = 20


class FakeSession(QObject):
    """What the window's session offers to pages."""

    changed = Signal()

    def __init__(self, path: Path | None, unsaved: Path) -> None:
        super().__init__()
        self.path = path
        self._unsaved = unsaved

    def runs_folder(self) -> Path:
        return runs_folder_of(self.path) if self.path else self._unsaved


class RunWriter:
    """Plays a worker: writes a run's folder, living (as this process) or ended."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.writer = EventWriter(run.events_path)

    def live(self) -> "RunWriter":
        """From now on this process counts as the worker."""
        ProcessRecord.of(os.getpid()).write(self.run.worker_path)
        return self

    def end(self) -> None:
        """The worker is gone."""
        self.writer.flush()
        self.run.worker_path.unlink(missing_ok=True)

    def say(self, *messages: Message) -> None:
        for message in messages:
            self.writer.write(message)
        self.writer.flush()

    def start(self, epochs: int = 20) -> "RunWriter":
        self.say(
            Starting(process=1, host="here"),
            Started(
                device="cpu",
                threads=2,
                parameters=61_706,
                training_samples=1257,
                validation_samples=180,
                test_samples=360,
                epochs=epochs,
                batches=BATCHES,
                batch_size=64,
            ),
        )
        return self

    def batch(self, epoch: int, batch: int, loss: float) -> None:
        self.say(
            BatchDone(
                epoch=epoch,
                batch=batch,
                batches=BATCHES,
                loss=loss,
                accuracy=math.exp(-loss),
                samples_per_second=4321.0,
                elapsed=(epoch - 1) * 1.5 + batch * 0.07,
            )
        )

    def epoch(self, epoch: int, *, best: bool = True) -> None:
        """A whole epoch, with losses that fall as they do."""
        fall = 2.2 * math.exp(-0.35 * epoch)
        for batch in range(1, BATCHES + 1):
            wobble = 1 + 0.35 * math.sin(7.3 * batch + epoch)
            self.batch(epoch, batch, (fall + 0.05) * wobble)
        self.say(
            EpochDone(
                epoch=epoch,
                training_loss=fall + 0.02,
                training_accuracy=1 - fall / 3,
                validation_loss=fall + 0.06 + 0.003 * epoch,
                validation_accuracy=min(1 - fall / 3 - 0.01, 0.989),
                learning_rate=0.001,
                seconds=1.5,
                elapsed=epoch * 1.5,
                best=best,
            )
        )

    def finish(self, epochs: int, best: int) -> None:
        self.say(
            Evaluated(split="test", samples=360, loss=0.05, accuracy=0.975),
            Finished(best_epoch=best, best_accuracy=0.989, best_loss=0.07, elapsed=epochs * 1.5),
        )
        self.end()


def digit_report(mistakes: int = 9, total: int = 9) -> Report:
    """A report on 360 digits, with a class that was never predicted."""
    counts = [[36 if true == predicted else 0 for predicted in range(10)] for true in range(10)]
    wrong = []
    for number in range(mistakes):
        true, predicted = (3, 8) if number < 3 else (number % 9, (number + 4) % 9)
        counts[true][true] -= 1
        counts[true][predicted] += 1
        wrong.append(
            Mistake(
                index=100 + number,
                picture=f"evaluation/test/{number}.png",
                true=true,
                predicted=predicted,
                confidence=0.99 - 0.015 * number,
                true_probability=0.01,
            )
        )
    for number, row in enumerate(counts):
        row[8] += row[9]
        row[9] = 0
        counts[number] = row
    right = sum(counts[n][n] for n in range(10))
    scores = tuple(
        ClassScore(
            name=str(n),
            precision=math.nan if n == 9 else counts[n][n] / sum(row[n] for row in counts),
            recall=counts[n][n] / sum(counts[n]),
            f1=0.0 if n == 9 else 2 * counts[n][n] / (36 + sum(row[n] for row in counts)),
            support=36,
            predicted=sum(row[n] for row in counts),
        )
        for n in range(10)
    )
    return Report(
        split="test",
        weights="best",
        epoch=17,
        time=1_800_000_000.0,
        samples=360,
        loss=0.0512,
        accuracy=right / 360,
        classes=scores,
        confusion=tuple(tuple(row) for row in counts),
        mistakes=tuple(wrong),
        mistakes_total=total,
    )


def write_pictures(run: Run, report: Report) -> None:
    """Small grey pictures for the mistakes."""
    for mistake in report.mistakes:
        path = run.folder / mistake.picture
        path.parent.mkdir(parents=True, exist_ok=True)
        image = QImage(8, 8, QImage.Format.Format_Grayscale8)
        image.fill(0)
        for row in range(1, 7):
            image.setPixelColor(2 + (row + mistake.index) % 4, row, QColor(230, 230, 230))
            image.setPixelColor(3, row, QColor(120, 120, 120))
        assert image.save(str(path))


class Workshop:
    """A project in a folder, its editor and session, and what makes runs and pages of it."""

    def __init__(self, folder: Path, qtbot: Any) -> None:
        self.project: Project = load_template("lenet5")
        self.path = folder / "lenet.yaml"
        save(self.project, self.path)
        self.document = Document(self.project, checks=[task_problems])
        self.editor = Editor(self.document)
        self.session = FakeSession(self.path, folder / "unsaved")
        self.runs_folder = runs_folder_of(self.path)
        self._qtbot = qtbot
        self._pages: list[TrainPage | EvaluatePage] = []
        self._writers: list[RunWriter] = []

    def run(self, title: str = "LeNet-5") -> RunWriter:
        """A new run that was never started."""
        run = create_run(
            self.runs_folder,
            project_text=to_text(self.project),
            model_text=generate(self.project).text,
            title=title,
        )
        writer = RunWriter(run)
        self._writers.append(writer)
        return writer

    def finished(self, epochs: int = 6, title: str = "LeNet-5") -> RunWriter:
        writer = self.run(title).start(epochs)
        for epoch in range(1, epochs + 1):
            writer.epoch(epoch, best=epoch <= epochs - 1)
        writer.finish(epochs, epochs - 1)
        for weights in (writer.run.best_weights, writer.run.last_weights):
            weights.write_bytes(b"weights")
        return writer

    def died(self, epochs: int = 3) -> RunWriter:
        writer = self.run().live().start()
        for epoch in range(1, epochs + 1):
            writer.epoch(epoch)
        writer.end()
        writer.run.log_path.write_text("Loading the data\nKilled\n", encoding="utf-8")
        return writer

    def failed(self) -> RunWriter:
        writer = self.run().start()
        writer.epoch(1)
        message = "The memory is used up. Make the batch size smaller."
        writer.say(Failed(kind="out_of_memory", message=message, details="Traceback: line 1"))
        writer.end()
        return writer

    def stopped(self) -> RunWriter:
        writer = self.run().start()
        writer.epoch(1)
        writer.say(Log(text="A remark"), Stopped(epoch=1, batch=BATCHES, elapsed=1.5))
        writer.end()
        writer.run.last_weights.write_bytes(b"weights")
        return writer

    def report(self, writer: RunWriter, report: Report | None = None) -> Report:
        report = report or digit_report()
        write_report(writer.run.folder, report)
        write_pictures(writer.run, report)
        return report

    def train_page(self) -> TrainPage:
        return self._show(TrainPage(self.editor, self.session))

    def evaluate_page(self) -> EvaluatePage:
        return self._show(EvaluatePage(self.editor, self.session))

    def _show(self, page: Any) -> Any:
        self._pages.append(page)
        self._qtbot.addWidget(page, before_close_func=lambda page: page.stop())
        page.resize(1380, 800)
        page.show()
        return page

    def close(self) -> None:
        for page in self._pages:
            page.stop()
        for writer in self._writers:
            writer.writer.close()
            if writer.run.worker_path.exists():
                record = ProcessRecord.read(writer.run.worker_path)
                if record is not None and record.process == os.getpid():
                    writer.run.worker_path.unlink()
        for run in list_runs(self.runs_folder):
            client.kill(run)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Qt's offscreen platform complains of every window with a smallest size; that is its lack."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("propagateSizeHints"))


@pytest.fixture
def workshop(tmp_path: Path, qtbot: Any) -> Iterator[Workshop]:
    made = Workshop(tmp_path, qtbot)
    yield made
    made.close()
    assert running_threads() == []


@pytest.fixture
def wait(qtbot: Any) -> Callable[[Callable[[], object]], None]:
    """Wait until something holds, at most ten seconds."""

    def until(condition: Callable[[], object], timeout: int = 10_000) -> None:
        qtbot.waitUntil(lambda: bool(condition()), timeout=timeout)

    return until
