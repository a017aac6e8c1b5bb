"""Saving: the file on disk is always whole, old or new, whatever goes wrong; and old formats."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from graph.edits import set_argument
from graph.files import FileChangedError, FileError, fingerprint, load, parse, save
from graph.migrations import FORMAT, STEPS, migrate
from graph.state import MAIN
from tests.graph.building import start


@pytest.fixture
def path(tmp_path):
    """A saved project, alone in its folder."""
    path = tmp_path / "folder" / "net.yaml"
    path.parent.mkdir()
    save(start(), path)
    return path


def other():
    return set_argument(start(), MAIN, "conv", "stride", 2)


def alone(path) -> bool:
    return [one.name for one in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("function", ["write_bytes", "fsync", "replace", "chmod"])
@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EIO, "could not be saved"), (errno.EDQUOT, "quota")],
)
def test_a_failing_disk_harms_nothing(path, monkeypatch, function, number, words):
    before = path.read_bytes()

    def fail(*_, **__):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path if function == "write_bytes" else os, function, fail)
    with pytest.raises(FileError, match=words):
        save(other(), path)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert alone(path), "no temporary file is left"
    assert load(path).project == start()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs Linux")
def test_a_disk_that_is_really_full(path, monkeypatch):
    """Linux's /dev/full refuses every byte, as a full disk does."""
    before = path.read_bytes()
    write = Path.write_bytes
    monkeypatch.setattr(Path, "write_bytes", lambda _, content: write(Path("/dev/full"), content))
    with pytest.raises(FileError, match="disk is full"):
        save(other(), path)
    assert path.read_bytes() == before
    assert alone(path)


def test_the_new_file_is_whole_before_it_takes_the_place(path, monkeypatch):
    """At the moment of the exchange, the old file is untouched and the new one complete on disk."""
    seen = []
    real_replace, real_sync, synced = os.replace, os.fsync, []

    def replace(source, target):
        seen.append((load(source).project, load(target).project, bool(synced)))
        real_replace(source, target)

    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(real_sync(descriptor)))
    monkeypatch.setattr(os, "replace", replace)
    save(other(), path)
    assert seen == [(other(), start(), True)]
    assert load(path).project == other()
    assert alone(path)


def test_a_file_that_another_program_changed_is_not_overwritten(path):
    opened = fingerprint(path)
    path.write_text(path.read_text() + "# mine\n")
    theirs = path.read_bytes()
    with pytest.raises(FileChangedError, match="changed by another program"):
        save(other(), path, expected=opened)
    assert path.read_bytes() == theirs
    save(other(), path)
    assert load(path).project == other()


def test_saving_again_and_again_is_no_change_by_others(path):
    expected = fingerprint(path)
    for project in (other(), start(), other()):
        expected = save(project, path, expected=expected)
    assert expected == fingerprint(path)


def test_a_file_that_went_is_told(path):
    opened = fingerprint(path)
    path.unlink()
    with pytest.raises(FileChangedError):
        save(other(), path, expected=opened)
    assert fingerprint(path) == ""
    save(other(), path, expected="")


def test_a_new_file_must_not_have_come_meanwhile(path):
    with pytest.raises(FileChangedError):
        save(other(), path, expected="")


def test_folders_that_cannot_be_written(tmp_path):
    with pytest.raises(FileError, match="does not exist"):
        save(start(), tmp_path / "none" / "net.yaml")
    with pytest.raises(FileError, match="could not be saved"):
        save(start(), tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(FileError, match="is a file, not a folder"):
        save(start(), tmp_path / "file" / "net.yaml")
    with pytest.raises(FileError, match="could not be saved"):
        save(start(), tmp_path / "a\0b")
    with pytest.raises(FileError, match="too long"):
        save(start(), tmp_path / ("n" * 300))


def test_a_folder_without_permission(path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("pathlib.Path.touch", refuse)
    with pytest.raises(FileError, match="this user may not"):
        save(other(), path)
    assert load(path).project == start()


def test_a_file_that_is_only_for_reading_is_not_replaced_silently(path):
    """Replacing works whatever the file's own permissions are; who set them meant something."""
    path.chmod(0o444)
    with pytest.raises(FileError, match="only for reading"):
        save(other(), path)
    assert load(path).project == start()
    assert alone(path)


def test_permissions_stay(path):
    path.chmod(0o640)
    save(other(), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path):
    (tmp_path / "any").write_text("")
    save(start(), tmp_path / "net.yaml")
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("any", "net.yaml")}
    assert len(modes) == 1


def test_a_symbolic_link_stays_one(path, tmp_path):
    link = tmp_path / "link.yaml"
    link.symlink_to(path)
    save(other(), link)
    assert link.is_symlink()
    assert load(path).project == other()


def test_a_symbolic_link_in_a_circle(tmp_path):
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.symlink_to(two)
    two.symlink_to(one)
    with pytest.raises(FileError):
        load(one)


# --- older formats -------------------------------------------------------------------------------


def test_steps_lead_from_every_format_to_today():
    assert sorted(STEPS) == list(range(1, FORMAT))


def test_steps_are_taken_in_order():
    def first(raw):
        return {**raw, "way": [*raw.get("way", ()), "1 to 2"]}

    def second(raw):
        return {**raw, "way": [*raw["way"], "2 to 3"]}

    old = {"kumitate": 1, "name": "x"}
    new = migrate(old, to=3, steps={1: first, 2: second})
    assert new == {"kumitate": 3, "name": "x", "way": ["1 to 2", "2 to 3"]}
    assert old == {"kumitate": 1, "name": "x"}, "the parsed file itself stays"
    assert migrate(new, to=3, steps={}) is new


def test_todays_format_needs_no_step():
    raw = parse("kumitate: 1\nname: x\n")
    assert raw == {"kumitate": FORMAT, "name": "x"}
