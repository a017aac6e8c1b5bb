"""What is thrown away in circles is found in the thread of the window, whoever made it."""

import gc
import threading
import weakref

import pytest

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
