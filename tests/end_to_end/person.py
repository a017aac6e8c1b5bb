"""A person at the window: builds LeNet by hand, makes a mistake, trains, reads the result, saves.

Run by test_window.py in a process of its own, on Qt's platform "minimal": unlike "offscreen" it has
drag and drop. Everything goes through the window's mouse and keyboard; nothing is called behind
its back. Says what was seen as JSON in its last line.

    python -m tests.end_to_end.person FOLDER
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "minimal:enable_fonts"

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from gui.application import make_application
from gui.canvas.view import CanvasView
from gui.runs.confusion import ConfusionMatrix
from gui.window.main_window import MainWindow

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier

LAYERS = (
    ("Input", {}),
    ("Convolution", {"out_channels": "6", "kernel_size": "5", "padding": "2"}),
    ("Tanh", {}),
    ("Average pooling", {}),
    ("Convolution", {"out_channels": "16", "kernel_size": "5 x 5"}),
    ("Tanh", {}),
    ("Average pooling", {}),
    # Here the person forgets that a linear layer needs a vector.
    ("Linear", {"out_features": "120"}),
    ("Tanh", {}),
    ("Linear", {"out_features": "84"}),
    ("Tanh", {}),
    ("Linear", {"out_features": "10"}),
    ("Output", {}),
)
NAMES = (
    *("image", "conv1", "tanh1", "avgpool1", "conv2", "tanh2", "avgpool2"),
    *("fc1", "tanh3", "fc2", "tanh4", "fc3", "result"),
)


class Person:
    """Eyes and hands."""

    def __init__(self, window: MainWindow, folder: Path) -> None:
        self.window = window
        self.folder = folder

    # --- hands ---------------------------------------------------------------------------------

    @property
    def surface(self) -> QWindow:
        """What the mouse moves over."""
        return self.window.windowHandle()

    def on_window(self, widget: QWidget, place: QPoint) -> QPoint:
        """A place in a widget as a place in the window; it must really be seen there."""
        at = widget.mapTo(self.window, place)
        assert self.window.rect().contains(at), f"{widget.objectName()} is outside the window"
        seen = self.window.childAt(at)
        assert seen is widget or widget.isAncestorOf(seen), (
            f"{widget.objectName()} is covered by {seen.objectName() if seen else None}"
        )
        return at

    def click(self, widget: QWidget, place: QPoint | None = None) -> None:
        """Click on the middle of a widget, or on another place in it."""
        at = self.on_window(widget, widget.rect().center() if place is None else place)
        QTest.mouseMove(self.surface, at)
        QTest.mouseClick(self.surface, LEFT, NONE, at)
        QApplication.processEvents()

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press a key."""
        QTest.keyClick(self.surface, key, modifiers)
        QApplication.processEvents()

    def type(self, text: str) -> None:
        """Type over what is in the field."""
        self.key(Qt.Key.Key_A, CONTROL)
        for letter in text:
            QTest.keyClick(self.surface, letter)
        QApplication.processEvents()

    def press(self, name: str, inside: QWidget | None = None) -> None:
        """Press a button."""
        button = self.find(QPushButton, name, inside)
        assert button.isEnabled(), f"the button {name} cannot be pressed"
        self.click(button)

    # --- eyes ----------------------------------------------------------------------------------

    def find(self, kind: type, name: str, inside: QWidget | None = None):
        """A widget that is seen."""
        found = [one for one in (inside or self.window).findChildren(kind, name) if one.isVisible()]
        assert found, f"no {name} is to be seen"
        return found[0]

    def sees(self, kind: type, name: str) -> bool:
        """Whether a widget is to be seen."""
        return any(one.isVisible() for one in self.window.findChildren(kind, name))

    def look(self, name: str) -> None:
        """Keep a picture of the window."""
        assert self.window.grab().save(str(self.folder / f"{name}.png"))

    def code(self) -> str:
        """The generated module."""
        return self.find(QPlainTextEdit, "code_text").toPlainText()

    def read(self, name: str) -> str:
        """The text of a label."""
        return self.find(QLabel, name).text()

    def wait(self, condition: Callable[[], object], what: str, seconds: float = 60.0) -> None:
        """Wait for something to be seen; the window stays alive meanwhile."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"waited in vain until {what}"
            QTest.qWait(20)

    # --- on the canvas -------------------------------------------------------------------------

    @property
    def canvas(self) -> CanvasView:
        """The canvas."""
        return self.find(CanvasView, "canvas")

    def drag_layer(self, title: str, to: QPointF) -> None:
        """Search a layer in the palette and drag it to a place of the canvas."""
        self.click(self.find(QLineEdit, "palette_search"))
        self.type(title)
        results = self.find(QListView, "palette_list")
        model = results.model()
        row = next(
            row for row in range(model.rowCount()) if model.index(row, 0).data() == title
            and results.visualRect(model.index(row, 0)).height() > 0
            and model.flags(model.index(row, 0)) & Qt.ItemFlag.ItemIsDragEnabled
        )  # fmt: skip
        start = self.on_window(results.viewport(), results.visualRect(model.index(row, 0)).center())
        end = self.on_window(self.canvas.viewport(), self.canvas.camera.to_view(to).toPoint())

        # Qt moves the drag in a loop of its own, where only timers are heard.
        timer = QTimer(self.window)

        def carry() -> None:
            if not any(
                one.metaObject().className() == "QShapedPixmapWindow" and one.isVisible()
                for one in QApplication.allWindows()
            ):
                return
            timer.stop()
            for step in range(1, 5):
                QTest.mouseMove(self.surface, start + (end - start) * step / 4)
                QApplication.processEvents()
            QTest.mouseRelease(self.surface, LEFT, NONE, end)

        QTest.mousePress(self.surface, LEFT, NONE, start)
        timer.timeout.connect(carry)
        timer.start(20)
        for step in range(1, 4):
            QTest.mouseMove(self.surface, start + QPoint(12 * step, 0))
            QApplication.processEvents()
        # The picture under the pointer was a window; a desktop would give the focus back.
        self.window.activateWindow()
        assert QTest.qWaitForWindowActive(self.window)

    def place_of(self, node: str) -> QPoint:
        """The pixel of a node's name."""
        rectangle = self.canvas.items_scene.node_items[node].card_on_canvas()
        return self.canvas.camera.to_view(rectangle.center()).toPoint()

    def drag_link(self, source: str, target: str) -> None:
        """Draw a link from port to port."""
        items, camera = self.canvas.items_scene.node_items, self.canvas.camera
        start = camera.to_view(items[source].port_place("out", is_input=False)).toPoint()
        end = camera.to_view(items[target].port_place("in", is_input=True)).toPoint()
        port = self.canvas.viewport()
        start, end = self.on_window(port, start), self.on_window(port, end)
        QTest.mousePress(self.surface, LEFT, NONE, start)
        for step in range(1, 5):
            QTest.mouseMove(self.surface, start + (end - start) * step / 4)
            QApplication.processEvents()
        QTest.mouseRelease(self.surface, LEFT, NONE, end)
        QApplication.processEvents()

    def sizes(self) -> dict[str, str]:
        """The sizes written on the links, by "source -> target"."""
        return {
            str(link): item.look.size for link, item in self.canvas.items_scene.link_items.items()
        }

    def answer_with(self, path: Path) -> None:
        """Type a path into the file dialog that the next action opens."""
        # Until the dialog is there; on a busy machine that takes a while.
        timer = QTimer(self.window)

        def answer() -> None:
            dialog = QApplication.activeModalWidget()
            if not isinstance(dialog, QFileDialog) or not dialog.isVisible():
                return
            timer.stop()
            name = dialog.findChild(QLineEdit, "fileNameEdit")
            name.setFocus()
            name.selectAll()
            QTest.keyClicks(name, str(path))
            if name.completer() is not None:
                # On a busy machine its proposals come late, and would take the key.
                name.completer().popup().hide()
            QTest.keyClick(name, Qt.Key.Key_Return)

        timer.timeout.connect(answer)
        timer.start(100)


def open_window(folder: Path) -> Person:
    """Start the program's window."""
    window = MainWindow()
    window.resize(1440, 960)
    window.show()
    # This platform has no desktop that would do it.
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    # Nobody clicks before the first picture is there.
    QTest.qWait(200)
    return Person(window, folder)


def build(person: Person) -> None:
    """Drag all layers, set their arguments, draw all links; then read the sizes."""
    person.press("empty_project")
    for _ in range(2):
        person.key(Qt.Key.Key_Minus, CONTROL)
    middle = person.canvas.camera.to_canvas(QPointF(person.canvas.viewport().rect().center()))
    for number, ((title, arguments), name) in enumerate(zip(LAYERS, NAMES, strict=True)):
        # Two columns, because the person wants to see all of it.
        column, row = divmod(number, 7)
        person.drag_layer(title, middle + QPointF(column * 300 - 150, (row - 3) * 95))
        assert set(person.canvas.items_scene.node_items) == set(NAMES[: number + 1])
        for argument, value in arguments.items():
            person.click(person.find(QLineEdit, f"line_{argument}"))
            person.type(value)
            person.key(Qt.Key.Key_Return)
        assert person.find(QLineEdit, "node_name").text() == name
    for source, target in pairwise(NAMES):
        person.drag_link(source, target)
    sizes = person.sizes()
    assert len(sizes) == 12, sizes
    assert sizes["image -> conv1"] == "1×28×28"
    assert sizes["conv1 -> tanh1"] == "6×28×28"
    assert sizes["conv2 -> tanh2"] == "16×10×10"
    assert sizes["avgpool2 -> fc1"] == "16×5×5"


def mend(person: Person) -> str:
    """Read the problem, apply its fix; undo and redo both."""
    person.press("tab_problems")
    person.look("problem")
    person.wait(lambda: "1 problem" in person.read("status_problems"), "one problem is left")
    problem = f"{person.read('problem_title_0')}: {person.read('problem_text_0')}"
    # A click on the problem selects its node.
    person.click(person.canvas.viewport(), person.place_of("image"))
    person.click(person.find(QLabel, "problem_title_0"))
    assert person.find(QLineEdit, "node_name").text() == "fc1"
    fix = person.find(QPushButton, "fix_0_0")
    assert fix.text() == "Insert Flatten (gives 400)", fix.text()
    person.click(fix)
    assert person.read("status_problems") == "no problems"
    assert person.sizes()["flatten1 -> fc1"] == "400"
    person.click(person.canvas.viewport(), person.place_of("flatten1"))
    person.key(Qt.Key.Key_Z, CONTROL)
    assert person.read("status_problems") == "1 problem"
    assert "flatten1" not in person.canvas.items_scene.node_items
    person.key(Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert person.read("status_problems") == "no problems"
    person.press("tab_code")
    person.wait(
        lambda: (
            "self.flatten1 = nn.Flatten()" in person.find(QPlainTextEdit, "code_text").toPlainText()
        ),
        "the code shows the new layer",
    )
    return problem


def train(person: Person) -> list[str]:
    """Set the epochs, start, see the curve move."""
    person.press("button_page_train")
    # On a busy machine, what draws the curves comes later than this short training ends.
    drawing = "what draws the curves is there"
    person.wait(lambda: person.window.findChildren(QWidget, "loss_plot"), drawing)
    epochs = person.find(QLineEdit, "line_epochs")
    person.click(epochs)
    person.type("8")
    person.key(Qt.Key.Key_Return)
    person.press("start_training")
    readings: list[str] = []

    def reading() -> bool:
        for label in person.window.findChildren(QLabel, "loss_reading"):
            if label.isVisible() and label.text() and label.text() not in readings:
                readings.append(label.text())
        return person.read("run_status").endswith(("finished", "Finished", "done", "Done"))

    person.wait(reading, "the training is finished", 180)
    person.wait(lambda: person.sees(QWidget, "loss_plot"), "the curve is there")
    person.look("trained")
    plot = person.find(QWidget, "loss_plot").grab().toImage()
    from gui.look.theme import theme

    accent = theme().color("accent").rgb()
    curve = sum(
        plot.pixel(x, y) == accent for x in range(plot.width()) for y in range(plot.height())
    )
    assert curve > 50, f"only {curve} pixels of the curve are to be seen"
    return readings


def judge(person: Person) -> dict[str, object]:
    """Read the accuracy, the confusion matrix and the mistakes."""
    person.press("choice_evaluate")
    person.wait(lambda: person.sees(QLabel, "accuracy"), "the result is shown")
    shown = person.find(QListView, "mistake_gallery").model().rowCount()
    person.look("evaluated")
    matrix = person.find(ConfusionMatrix, "confusion_matrix")
    person.click(matrix, matrix.cell_rectangle((3, 3)).center().toPoint())
    return {
        "accuracy": person.read("accuracy"),
        "of": person.read("accuracy_of"),
        "cell": person.read("cell_words"),
        "shown": shown,
    }


def main(folder: Path) -> None:
    """Everything, in the order in which a person does it."""
    os.environ["KUMITATE_DATA_DIR"] = str(folder / "settings")
    application = make_application(["kumitate"])
    application.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    person = open_window(folder)
    build(person)
    seen: dict[str, object] = {"problem": mend(person)}
    seen["readings"] = train(person)
    seen.update(judge(person))
    path = folder / "digits.yaml"
    person.answer_with(path)
    person.key(Qt.Key.Key_S, CONTROL)
    person.wait(path.is_file, "the file is there")
    assert person.read("project_state").endswith("saved")
    (folder / "home").mkdir()
    person.answer_with(folder / "home")
    # Saving brings the runs beside the file, where they are read anew.
    person.wait(lambda: person.sees(QPushButton, "export_run"), "the result is shown again")
    person.press("export_run")
    person.wait((folder / "home" / "digits" / "README.md").is_file, "the folder is written")
    person.press("button_page_design")
    sizes = person.sizes()
    person.window.close()
    assert not person.window.isVisible(), "it asked although all was saved"

    person = open_window(folder)
    person.press("recent_0")
    person.look("reopened")
    assert person.sizes() == sizes, f"{person.sizes()} instead of {sizes}"
    person.press("button_page_evaluate")
    person.wait(lambda: person.sees(QLabel, "accuracy"), "the result is there again")
    assert person.read("accuracy") == seen["accuracy"]
    person.window.close()
    seen["torch"] = sorted(name for name in sys.modules if name.partition(".")[0] == "torch")
    print(json.dumps(seen))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
