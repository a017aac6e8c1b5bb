"""Edits of notes and block parameters."""

from __future__ import annotations

import pytest

from graph.document import Document
from graph.edits import EditError
from graph.project_edits import (
    remove_block_parameter,
    rename_block_parameter,
    set_block_help,
    set_notes,
    uses_of_parameter,
)
from graph.state import MAIN, Project
from graph.templates import load_template


def test_notes_that_stay_are_no_edit():
    project = Project(notes="a")
    assert set_notes(project, "a") is project
    assert set_notes(project, "b").notes == "b"


def test_rename_follows_into_expressions_and_uses():
    project = load_template("resnet-small")
    renamed = rename_block_parameter(project, "Residual", "channels", "features")
    assert list(renamed.blocks["Residual"].parameters) == ["features"]
    assert str(renamed.blocks["Residual"].nodes["conv1"].arguments["out_channels"]) == "= features"
    stage = renamed.blocks[MAIN].nodes["stage2"]
    assert str(stage.arguments["features"]) == "= width * 2"
    before, after = Document(project).result(), Document(renamed).result()
    assert not Document(renamed).has_errors
    assert after.parameters == before.parameters


def test_rename_of_a_repeat():
    project = rename_block_parameter(load_template("resnet-small"), MAIN, "depth", "blocks")
    assert str(project.main.nodes["stage1"].repeat) == "= blocks"


@pytest.mark.parametrize("name", ["1st", "conv1", "channels 2", "class", "max"])
def test_rename_refused(name):
    with pytest.raises(EditError):
        rename_block_parameter(load_template("resnet-small"), "Residual", "channels", name)


def test_used_parameter_is_not_removed():
    project = load_template("lenet5")
    assert uses_of_parameter(project, MAIN, "classes") == ["fc3"]
    with pytest.raises(EditError, match="fc3"):
        remove_block_parameter(project, MAIN, "classes")


def test_removed_parameter_takes_its_arguments_along():
    project = load_template("resnet-small")
    project = rename_block_parameter(project, "Residual", "channels", "features")
    blocks = dict(project.blocks)
    assert set_block_help(project, "Residual", "x").blocks["Residual"].help == "x"
    assert remove_block_parameter(project, "Residual", "nothing") is project
    assert blocks == dict(project.blocks)
