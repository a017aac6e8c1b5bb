"""A block that is used twice, for tests of blocks shown in place."""

import pytest

from graph.room import set_expanded
from graph.state import MAIN
from tests.gui.canvas.building import Hand
from tests.gui.canvas.expanding.blocks import (
    project,
)


@pytest.fixture
def view(open_canvas):
    """Two uses of a block, the second of which is expanded."""
    return open_canvas(set_expanded(project(), MAIN, "second", True), size=(900, 900))


@pytest.fixture
def hand(view):
    return Hand(view)
