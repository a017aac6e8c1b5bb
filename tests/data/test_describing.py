"""What takes long to find out keeps nobody waiting who has no patience."""

import threading

import pytest

from data.catalog import read_data
from data.dataset import DataDescription, DataError
from data.datasets.voc_boxes import VocBoxes
from data.describing import Describer, StillReadingError

DATA, _ = read_data({"dataset": "voc_boxes", "folder": "somewhere"})


def description(samples):
    return DataDescription("detection", {}, ("cat",), samples, "Cats.", "Nowhere.")


class Slow:
    """A dataset that is read when the test says so."""

    def __init__(self, monkeypatch):
        self.answer: DataDescription | Exception = description(1)
        self.gate = threading.Event()
        self.asked = 0
        self.threads = set()
        monkeypatch.setattr(VocBoxes, "describe", lambda _: self.read())

    def read(self):
        self.asked += 1
        self.threads.add(threading.current_thread())
        assert self.gate.wait(60)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def slow(monkeypatch):
    return Slow(monkeypatch)


@pytest.fixture
def known(slow):
    """A describer without patience, and what is set when it knows more."""
    describer = Describer()
    describer.patience = 0.0
    told = threading.Event()
    describer.known.connect(told.set)
    yield describer, told
    slow.gate.set()
    for thread in slow.threads - {threading.current_thread()}:
        thread.join(60)


def ask_until_known(slow, known):
    describer, told = known
    with pytest.raises(StillReadingError, match="being read"):
        describer.describe(DATA)
    slow.gate.set()
    assert told.wait(60)
    told.clear()
    return describer


def test_without_patience_the_answer_comes_from_a_thread(slow, known):
    describer = ask_until_known(slow, known)
    assert describer.describe(DATA) == description(1)
    assert slow.asked == 1
    assert threading.current_thread() not in slow.threads


def test_nobody_asks_twice_for_what_is_being_read(slow, known):
    describer, _ = known
    for _ in range(3):
        with pytest.raises(StillReadingError):
            describer.describe(DATA)
    assert len(slow.threads) <= 1
    ask_until_known(slow, known)
    assert slow.asked == 1


@pytest.mark.parametrize("error", [DataError("No such folder.", "folder"), ZeroDivisionError("x")])
def test_errors_are_raised_where_it_was_asked(slow, known, error):
    slow.answer = error
    describer = ask_until_known(slow, known)
    for _ in range(2):
        with pytest.raises(type(error), match=str(error)) as raised:
            describer.describe(DATA)
    assert getattr(raised.value, "parameter", "") == getattr(error, "parameter", "")


def test_while_it_is_read_anew_the_last_answer_holds(slow, known, monkeypatch):
    monkeypatch.setattr("data.describing.KEPT_FOR", 0)
    describer = ask_until_known(slow, known)
    slow.gate.clear()
    slow.answer = description(2)
    assert describer.describe(DATA) == description(1)
    slow.gate.set()
    assert known[1].wait(60)
    monkeypatch.setattr("data.describing.KEPT_FOR", 1000)
    assert describer.describe(DATA) == description(2)


def test_files_are_not_looked_at_anew_for_every_edit(slow, known, monkeypatch):
    monkeypatch.setattr("data.describing.KEPT_FOR", 1e9)
    describer, _ = known
    describer.patience = 60
    slow.gate.set()
    for _ in range(3):
        assert describer.describe(DATA) == description(1)
    assert slow.asked == 1


def test_who_has_patience_is_answered_by_the_dataset_itself(slow):
    slow.gate.set()
    assert Describer().describe(DATA) == description(1)
    assert slow.threads == {threading.current_thread()}


def test_data_without_files_needs_no_thread(known):
    digits, _ = read_data({"dataset": "digits"})
    assert known[0].describe(digits) == digits.describe()
