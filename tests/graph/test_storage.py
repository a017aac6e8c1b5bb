"""Files are old or new, never half."""

import errno
import os

import pytest

from graph.storage import remove_temporary, replacing, write_atomically


def test_writes_and_replaces(tmp_path):
    path = tmp_path / "a.json"
    write_atomically(path, "one")
    write_atomically(path, b"two")
    assert path.read_text() == "two"
    assert os.listdir(tmp_path) == ["a.json"]


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    write_atomically(path, "old")

    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.json"]


def test_an_error_while_writing_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.json"
    write_atomically(path, "old")

    def interrupted():
        with replacing(path) as temporary:
            temporary.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        interrupted()
    assert path.read_text() == "old"


def test_files_are_readable_as_the_user_wants_new_files_to_be(tmp_path):
    path = tmp_path / "a.json"
    write_atomically(path, "text")
    plain = tmp_path / "plain"
    plain.touch()
    assert path.stat().st_mode == plain.stat().st_mode


def test_leftovers_of_a_killed_writer_are_removed(tmp_path):
    (tmp_path / ".a.json.1234.new").write_text("half")
    (tmp_path / "a.json").write_text("whole")
    remove_temporary(tmp_path)
    assert os.listdir(tmp_path) == ["a.json"]
