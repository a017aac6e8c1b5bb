"""Back and forward through what was looked at."""

import pytest
from PySide6.QtCore import QPointF, Qt

from graph.grouping import group_nodes
from graph.project_edits import rename_block
from tests.gui.canvas.building import chain, network


@pytest.fixture
def nested(open_canvas):
    """The chain with a block Inner of relu and tanh."""
    return open_canvas(group_nodes(chain(), "main", ["relu", "tanh"], name="Inner").project)


def looked_at(view):
    middle = view.camera.seen().center()
    return view.editor.block, middle.x(), middle.y(), view.zoom


def near(view, place):
    assert view.editor.block == place[0]
    assert looked_at(view)[1:] == pytest.approx(place[1:], abs=1.5)


def test_back_to_the_same_part_of_the_block_before_and_forward_again(nested):
    nested.set_zoom(1.5)
    nested.pan(-70, 40)
    before = looked_at(nested)
    assert not nested.visited.back()
    nested.editor.open_block("Inner")
    nested.set_zoom(0.8)
    inside = looked_at(nested)
    assert nested.visited.back()
    near(nested, before)
    assert nested.visited.can_go_forward()
    assert nested.visited.forward()
    near(nested, inside)
    assert not nested.visited.forward()


def test_a_jump_to_a_node_is_one_step(nested):
    before = looked_at(nested)
    nested.editor.go_to("Inner", "tanh")
    assert nested.visited.back()
    near(nested, before)
    assert not nested.visited.can_go_back()


def test_a_jump_within_a_block(open_canvas):
    view = open_canvas(network(("near", "ReLU", 0, 0), ("far", "ReLU", 5000, 4000)))
    view.camera.look_at(QPointF(10, 20))
    before = looked_at(view)
    view.editor.go_to("main", "far")
    assert looked_at(view)[1] > 4000
    assert view.visited.back()
    near(view, before)


def test_blocks_with_new_names_are_found_and_removed_ones_left_out(nested):
    editor = nested.editor
    editor.open_block("Inner")
    editor.open_block("main")
    editor.apply("Rename", lambda project: rename_block(project, "Inner", "Outer"))
    assert nested.visited.back()
    assert editor.block == "Outer"
    editor.open_block("main")
    editor.apply("Remove", lambda _: chain())
    while nested.visited.back():
        assert editor.block == "main"


def test_another_project_has_no_way_back_into_the_old_one(nested):
    nested.editor.open_block("Inner")
    assert nested.visited.can_go_back()
    nested.editor.replace_project(chain())
    assert not nested.visited.can_go_back()
    assert not nested.visited.can_go_forward()


def test_buttons_beside_the_breadcrumb_go_both_ways(nested, qtbot):
    crumb = nested.overlays.breadcrumb
    assert crumb.back.isHidden()
    assert crumb.forward.isHidden()
    nested.editor.open_block("Inner")
    assert crumb.back.isVisible()
    assert crumb.back.isEnabled()
    assert not crumb.forward.isEnabled()
    qtbot.mouseClick(crumb.back, Qt.MouseButton.LeftButton)
    assert nested.editor.block == "main"
    assert not crumb.back.isEnabled()
    qtbot.mouseClick(crumb.forward, Qt.MouseButton.LeftButton)
    assert nested.editor.block == "Inner"
    assert crumb.width() >= crumb.sizeHint().width()
