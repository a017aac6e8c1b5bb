"""Folders in the layout of Pascal VOC, for tests."""

import pytest

from tests.data.voc.folders import Folder


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "cells")


@pytest.fixture
def cells(folder):
    """Five images of cats and dogs, divided by lists."""
    folder.add("a", ("cat", (11, 6, 20, 15)), ("dog", (1, 1, 4, 4)))
    folder.add("b", ("dog", (21, 11, 40, 20)))
    folder.add("c")
    folder.add("d", ("cat", (1, 1, 40, 20), "difficult"), ("dog", (5, 5, 9, 9)))
    folder.add("e", ("cat", (3, 3, 9, 9)))
    return folder.lists(train=["a", "b", "c"], val=["d"], test=["e"])
