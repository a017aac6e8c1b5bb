"""What is thrown away in circles is found in the thread of the window, whoever made it."""

import gc
import threading
import weakref
from functools import partial

import pytest
from PySide6.QtGui import QUndoStack

from benchmarks.edits import chain
from graph.document import Document
from graph.edits import set_argument
from graph.state import MAIN
from gui.editor import Editor
from gui.garbage import GarbageCollector


class Circle:
    """Holds itself."""

    def __init__(self):
        self.me = self


@pytest.fixture
def looks(qapp):
    """The threads in which garbage is looked for, with thresholds that are reached soon."""
    threads = []

    def note(phase, info):
        threads.append(threading.current_thread())

    thresholds = gc.get_threshold()
    gc.collect()
    gc.set_threshold(100, 10, 10)
    gc.callbacks.append(note)
    yield threads
    gc.callbacks.remove(note)
    gc.set_threshold(*thresholds)


def make_many_in_a_thread():
    made = []
    thread = threading.Thread(
        target=lambda: made.extend(weakref.ref(Circle()) for _ in range(1000))
    )
    thread.start()
    thread.join()
    return made


def test_python_would_look_in_any_thread(looks):
    make_many_in_a_thread()
    assert set(looks) - {threading.current_thread()}


def test_only_the_thread_of_the_window_looks(looks):
    collector = GarbageCollector()
    try:
        made = make_many_in_a_thread()
        assert looks == []
        assert all(one() is not None for one in made)
        collector.look()
        assert set(looks) == {threading.current_thread()}
        assert all(one() is None for one in made)
        looks.clear()
        collector.look()
        assert looks == [], "there is too little for it"
    finally:
        collector.stop()
    assert gc.isenabled()


class Watched(QUndoStack):
    """Tells when it is emptied, and how much there was."""

    def __init__(self, told):
        super().__init__()
        self.told = told

    def clear(self):
        self.told.append(self.count())
        super().clear()


def set_width(project, width):
    return set_argument(project, MAIN, "conv1", "out_channels", width)


def test_an_editor_that_nobody_holds_empties_its_history_before_it_is_taken_apart(qapp):
    """Else the commands are taken apart while the stack has them: a crash, if in that order."""
    told = []
    editor = Editor(Document(chain(8)))
    editor.history = Watched(told)
    for width in (3, 4):
        editor.apply("Width", partial(set_width, width=width))
    editor.circle = [editor]
    del editor
    gc.collect()
    assert told == [2]
