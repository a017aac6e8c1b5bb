"""Paths of data: relative in the file, absolute in an open project, across moves and odd values."""

from pathlib import Path

import pytest

from data.catalog import DATASETS
from data.dataset import DataError, Dataset
from data.paths import with_absolute_paths, with_relative_paths
from graph.declare import declare, param
from graph.state import Project
from gui.pages.settings import read_settings
from training.check import task_problems


@declare
class Folder(Dataset):
    """A dataset in a folder that is not there."""

    folder: str = param(default="", path="folder", help="Where the images are.")
    note: str = param(default="", help="A text that is no path.")
    NAME, TITLE = "folder_of_this_test", "Folder"

    def describe(self):
        """It is never there."""
        raise DataError(f"There is no folder {self.folder}. Choose another.", "folder")


@pytest.fixture(autouse=True)
def _declared(monkeypatch):
    monkeypatch.setitem(DATASETS._classes, Folder.NAME, Folder)


def project(**settings):
    return Project(data={"dataset": Folder.NAME, **settings})


@pytest.mark.parametrize(
    ("in_file", "in_memory"),
    [
        ("cells", "/home/ada/nets/cells"),
        ("../shared/cells", "/home/ada/shared/cells"),
        (".", "/home/ada/nets"),
        ("/data/cells", "/data/cells"),
        ("./~scans/cells", "/home/ada/nets/~scans/cells"),
        ("./~", "/home/ada/nets/~"),
    ],
)
def test_relative_in_the_file_and_absolute_in_memory(in_file, in_memory):
    folder = Path("/home/ada/nets")
    opened = with_absolute_paths(project(folder=in_file, note="cells"), folder)
    assert Path(opened.data["folder"]) == Path(in_memory)
    assert opened.data["note"] == "cells"
    assert with_relative_paths(opened, folder).data["folder"] == in_file


@pytest.mark.parametrize(
    ("in_file", "in_memory"),
    [("~/cells", "/home/bob/cells"), ("~nobody here/cells", "/home/ada/nets/~nobody here/cells")],
)
def test_a_home_is_found_where_there_is_one(monkeypatch, in_file, in_memory):
    monkeypatch.setenv("HOME", "/home/bob")
    monkeypatch.setenv("USERPROFILE", "/home/bob")
    opened = with_absolute_paths(project(folder=in_file), Path("/home/ada/nets"))
    assert Path(opened.data["folder"]) == Path(in_memory)


def test_data_moves_with_the_project():
    opened = with_absolute_paths(project(folder="cells"), Path("/a/b"))
    saved = with_relative_paths(opened, Path("/a"))
    assert saved.data["folder"] == "b/cells"


@pytest.mark.parametrize("data", [{}, {"dataset": 3}, {"dataset": "unheard of", "folder": "a"}])
def test_what_is_no_known_dataset_stays_as_it_is(data):
    assert with_absolute_paths(Project(data=data), Path("/a")).data == data


@pytest.mark.parametrize("value", ["", 7, None])
def test_what_is_no_path_stays_as_it_is(value):
    assert with_absolute_paths(project(folder=value), Path("/a")).data["folder"] == value


def test_data_that_cannot_be_read_is_a_problem_beside_its_setting(network):
    broken, result = network(project(folder="/nowhere"))
    row = next(row for row in read_settings(broken).rows if row.key == "data.folder")
    assert row.problem == "There is no folder /nowhere. Choose another."
    (problem,) = [p for p in task_problems(broken, result) if p.code == "setting"]
    assert problem.parameter == "data.folder"
    assert problem.text == row.problem


@pytest.fixture
def network():
    """A project with the network of a template, and its sizes."""
    from dataclasses import replace

    from graph.inference import infer_block
    from graph.state import MAIN
    from graph.templates import load_template

    def make(settings):
        made = replace(load_template("mlp"), data=settings.data)
        return made, infer_block(made, MAIN)

    return make


def test_weights_to_start_from_move_with_the_project():
    project = Project(training={"weights": "w/best.safetensors", "epochs": 3})
    opened = with_absolute_paths(project, Path("/a/b"))
    assert Path(opened.training["weights"]) == Path("/a/b/w/best.safetensors")
    assert with_relative_paths(opened, Path("/a")).training["weights"] == "b/w/best.safetensors"
    assert opened.training["epochs"] == 3
