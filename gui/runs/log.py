"""The log of a run: what its worker said, a line each, newest last."""

from __future__ import annotations

import math
from datetime import datetime

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from gui.look.theme import SMALL_SIZE, monospace
from gui.runs import words
from gui.runs.parts import button, label
from training.messages import (
    Continued,
    EpochDone,
    Evaluated,
    Failed,
    Finished,
    Log,
    Message,
    Paused,
    Resumed,
    Started,
    Starting,
    Stopped,
)

MOST_LINES = 2000


class LogView(QWidget):
    """The tail of the log, with a button that copies it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("log")
        self.text = QPlainTextEdit(self)
        self.text.setObjectName("log_text")
        self.text.setProperty("role", "code")
        self.text.setAccessibleName(self.tr("Log"))
        self.text.setReadOnly(True)
        self.text.setUndoRedoEnabled(False)
        self.text.setMaximumBlockCount(MOST_LINES)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.text.setFont(monospace(SMALL_SIZE))
        self.text.setPlaceholderText(self.tr("What the training says appears here."))
        self.copy = button(self.tr("Copy"), "copy_log", role="flat")
        self.copy.setToolTip(self.tr("Copy the whole log."))
        self.copy.clicked.connect(self._copy)
        head = QHBoxLayout()
        head.addWidget(label(self.tr("Log"), "heading", "log_title"))
        head.addStretch(1)
        head.addWidget(self.copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.text, 1)

    def clear(self) -> None:
        """Forget the run."""
        self.text.clear()

    def take(self, messages: list[Message]) -> None:
        """Write what was said."""
        spoken = [line for message in messages if (line := log_line(message))]
        if spoken:
            self.append("\n".join(spoken[-MOST_LINES:]))

    def append(self, text: str) -> None:
        """Write a text at the end; it comes into view if the end was in view."""
        bar = self.text.verticalScrollBar()
        follows = bar.value() >= bar.maximum()
        self.text.appendPlainText(text)
        if follows:
            bar.setValue(bar.maximum())

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())


def log_line(message: Message) -> str:
    """A message as a line with its time; an empty text for those that the curves tell."""
    said = _said(message)
    return f"{datetime.fromtimestamp(message.time):%H:%M:%S}  {said}" if said else ""


def _said(message: Message) -> str:
    match message:
        case Starting():
            return words.tr("worker {process} starts on {host}").format(
                process=message.process, host=message.host
            )
        case Started():
            threads = words.tr(", {n} threads").format(n=message.threads) if message.threads else ""
            return words.tr(
                "{device}{threads}; {parameters} weights; samples: {training} to learn from, "
                "{validation} to validate, {test} to test; {batches} batches of {size} an epoch"
            ).format(
                device=message.device,
                threads=threads,
                parameters=f"{message.parameters:,}",
                training=f"{message.training_samples:,}",
                validation=f"{message.validation_samples:,}",
                test=f"{message.test_samples:,}",
                batches=message.batches,
                size=message.batch_size,
            )
        case Resumed(batch=0):
            return words.tr("begins with epoch {epoch}").format(epoch=message.epoch)
        case Resumed():
            return words.tr("goes on after epoch {epoch}, batch {batch}").format(
                epoch=message.epoch, batch=message.batch
            )
        case EpochDone():
            return words.tr(
                "epoch {epoch}: loss {loss}, validation loss {validation_loss}{accuracy}{best}"
            ).format(
                epoch=message.epoch,
                loss=words.number(message.training_loss),
                validation_loss=words.number(message.validation_loss),
                accuracy=(
                    words.tr(", validation accuracy {accuracy}").format(
                        accuracy=words.share(message.validation_accuracy)
                    )
                    if math.isfinite(message.validation_accuracy)
                    else ""
                )
                + (
                    f", {message.score_name} {words.share(message.validation_score)}"
                    if message.score_name
                    else ""
                ),
                best=words.tr(", best so far") if message.best else "",
            )
        case Paused():
            return words.tr("paused; everything learned is saved")
        case Continued():
            return words.tr("goes on")
        case Stopped():
            return words.tr("stopped in epoch {epoch}; everything learned is saved").format(
                epoch=message.epoch
            )
        case Evaluated() if message.score_name:
            return words.tr("{split}: {name} {score} on {samples} samples, loss {loss}").format(
                split=message.split,
                name=message.score_name,
                score=words.share(message.score),
                samples=f"{message.samples:,}",
                loss=words.number(message.loss),
            )
        case Evaluated() if math.isnan(message.accuracy):
            return words.tr("{split}: loss {loss} on {samples} samples").format(
                split=message.split,
                samples=f"{message.samples:,}",
                loss=words.number(message.loss),
            )
        case Evaluated():
            return words.tr("{split}: {accuracy} of {samples} samples, loss {loss}").format(
                split=message.split,
                accuracy=words.share(message.accuracy),
                samples=f"{message.samples:,}",
                loss=words.number(message.loss),
            )
        case Finished():
            return words.tr("finished after {time}; the best epoch is {epoch}").format(
                time=words.duration(message.elapsed), epoch=message.best_epoch
            )
        case Failed():
            return words.tr("failed: {message}").format(message=message.message)
        case Log(level="info"):
            return message.text
        case Log():
            return f"{message.level}: {message.text}"
        case _:
            return ""
