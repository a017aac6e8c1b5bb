"""Work done by threads: what it gives, and that no thread is left behind."""

from PySide6.QtCore import QObject

from gui.runs.background import Background, running_threads


def test_a_thread_ends_with_the_object_that_began_it(qtbot):
    before = len(running_threads())
    parent = QObject()
    background = Background(parent)
    answers = []
    background.call(lambda: 7, answers.append)
    qtbot.waitUntil(lambda: answers == [7])
    assert len(running_threads()) == before + 1
    parent.deleteLater()
    qtbot.waitUntil(lambda: len(running_threads()) == before)
