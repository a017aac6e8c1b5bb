"""The events file between its writer and its readers."""

import errno
import os

import pytest

from training.events import EventReader, EventWriter
from training.messages import BatchDone, Log


def batch(number):
    return BatchDone(
        epoch=1,
        batch=number,
        batches=9,
        loss=1.0,
        accuracy=0.5,
        samples_per_second=1.0,
        elapsed=0.1,
    )


@pytest.fixture
def path(tmp_path):
    return tmp_path / "events.jsonl"


def test_a_reader_gets_each_message_once(path):
    reader = EventReader(path)
    assert reader.poll() == []
    with EventWriter(path) as writer:
        first = Log(text="first")
        writer.write(first)
        assert reader.poll() == [first]
        assert reader.poll() == []
        writer.write(batch(1))
    assert [type(message) for message in reader.poll()] == [BatchDone]


def test_batches_share_a_write_and_the_last_of_an_epoch_waits_for_none(path, monkeypatch):
    monkeypatch.setattr("training.events.FLUSH_SECONDS", 1e9)
    reader = EventReader(path)
    with EventWriter(path) as writer:
        for number in range(1, 9):
            writer.write(batch(number))
        assert reader.poll() == []
        writer.write(batch(9))
        assert [message.batch for message in reader.poll()] == list(range(1, 10))
        writer.write(batch(1))
    assert len(reader.poll()) == 1, "closing writes what waits"


def test_half_a_line_waits_for_its_other_half(path):
    reader = EventReader(path)
    path.write_bytes(b'{"event":"log","text":"\xc3')
    assert reader.poll() == []
    with path.open("ab") as file:
        file.write(b'\xa4"}\n{"event"')
    assert [message.text for message in reader.poll()] == ["ä"]


def test_broken_lines_are_skipped(path):
    path.write_text('nonsense\n\n{"event":"log","text":"good"}\n')
    assert [message.text for message in EventReader(path).poll()] == ["good"]


def test_a_new_writer_does_not_continue_a_line_that_was_cut_short(path):
    path.write_text('{"event":"lo')
    with EventWriter(path) as writer:
        writer.write(Log(text="after"))
    assert [message.text for message in EventReader(path).poll()] == ["after"]


def test_only_the_last_batch_is_read_when_the_state_is_wanted(path):
    with EventWriter(path) as writer:
        for number in range(1, 5):
            writer.write(batch(number))
        writer.write(Log(text="end"))
    messages = EventReader(path).poll(every_batch=False)
    assert [getattr(message, "batch", "log") for message in messages] == [4, "log"]


def test_a_full_disk_is_an_error_and_what_follows_is_legible(path, monkeypatch):
    with EventWriter(path) as writer:
        writer.write(Log(text="before"))
        write, written = os.write, []

        def half_then_full(descriptor, content):
            if written:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            written.append(write(descriptor, content[:10]))
            return written[0]

        monkeypatch.setattr(os, "write", half_then_full)
        with pytest.raises(OSError, match="No space left"):
            writer.write(Log(text="lost at first"))
        monkeypatch.setattr(os, "write", write)
        writer.write(Log(text="after"))
    texts = [message.text for message in EventReader(path).poll()]
    assert texts == ["before", "lost at first", "after"]


def test_a_folder_that_is_gone_is_an_error(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        EventWriter(tmp_path / "gone" / "events.jsonl")
