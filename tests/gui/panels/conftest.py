"""A panel beside an editor, shown as in the window."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from graph.document import Document
from graph.templates import load_template
from gui.application import make_application
from gui.editor import Editor
from gui.panels.inspector import InspectorPanel
from gui.panels.palette import PalettePanel


def pytest_collection_modifyitems(items):
    """Qt's offscreen platform complains of every window with a smallest size; that is its lack."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("propagateSizeHints"))


@pytest.fixture(scope="session")
def qapp_cls():
    """The application with its look: what is cut off depends on the stylesheet."""
    return lambda arguments: make_application(arguments)


@pytest.fixture
def editor():
    """LeNet-5, with nothing selected."""
    return Editor(Document(load_template("lenet5")))


@pytest.fixture
def show(qtbot):
    """Shows a panel in a window that has the keyboard."""

    # pytest-qt only remembers widgets that somebody else holds.
    held = []

    def shown(panel, size=(340, 700)):
        held.append(panel)
        qtbot.addWidget(panel)
        panel.resize(*size)
        with qtbot.waitActive(panel):
            panel.show()
            panel.activateWindow()
        return panel

    return shown


@pytest.fixture
def find():
    """A child by its object name."""

    def by_name(panel, kind, name):
        found = panel.findChild(kind, name)
        assert found is not None, name
        return found

    return by_name


@pytest.fixture
def write(qtbot):
    """Writes a text into a field, key by key, in place of what is there."""

    def typed(line: QLineEdit, text: str, end=None):
        qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
        QTest.keyClick(line, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        for letter in text:
            QTest.keyClicks(line, letter)
            QApplication.processEvents()
        if end is not None:
            QTest.keyClick(line, end)
            QApplication.processEvents()

    return typed


@pytest.fixture
def inspector(editor, show):
    """An inspector that is shown."""
    return show(InspectorPanel(editor), (320, 800))


@pytest.fixture
def palette(editor, show):
    made = show(PalettePanel(editor), (232, 700))
    made.view.fold(())
    return made
