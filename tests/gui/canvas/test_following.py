"""The canvas follows the model, whoever changed it: every assertion compares it with the state."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QLabel, QPushButton

from graph.document import Document
from graph.edits import EditError, add_node, move_nodes, remove_nodes, rename_node, set_argument
from graph.expression import read_expression
from graph.links import connect, remove_links
from graph.project_edits import add_block, set_block_parameter
from graph.state import Block, BlockParameter, Link, Project, frozen
from graph.templates import all_templates, load_template
from gui.canvas.node_item import NodeItem
from gui.canvas.node_painting import badge_rect
from gui.canvas.scene import CanvasScene
from gui.canvas.view import CanvasView
from gui.editor import Editor
from tests.gui.canvas.building import (
    Hand,
    agree,
    alike,
    chain,
    color_at,
    model_picture,
    network,
    on_node,
    pixel,
    shown_picture,
)

NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


def looks(scene):
    return (
        {name: item.look for name, item in scene.node_items.items()},
        {link: item.look for link, item in scene.link_items.items()},
    )


def as_new(view):
    """What the canvas shows is what one that was opened now would show."""
    fresh = CanvasScene(view.editor)
    assert looks(view.items_scene) == looks(fresh)


def inside_out():
    """A chain with a block `Inner` (entry -> tanh -> leave) in it."""
    project = add_block(chain(), "Inner", Block())
    for name, layer, y in (("entry", "Input", 0), ("act", "Tanh", 100), ("leave", "Output", 200)):
        project = add_node(project, "Inner", layer, at=(0, y), name=name)
    project = connect(project, "Inner", "entry", "act")
    project = connect(project, "Inner", "act", "leave")
    return add_node(project, "main", "Inner", at=(300, 100), name="inner", is_block=True)


# --- edits from elsewhere ----------------------------------------------------------------------


def test_nodes_come_and_go(canvas):
    apply = canvas.editor.apply
    apply("Add", lambda p: add_node(p, "main", "Conv2d", at=(300, 0), name="conv"))
    agree(canvas)
    apply("Link", lambda p: connect(p, "main", "image", "conv"))
    agree(canvas)
    apply("Remove", lambda p: remove_nodes(p, "main", ["relu", "conv"]))
    agree(canvas)
    for _ in range(3):
        canvas.editor.history.undo()
        agree(canvas)
        as_new(canvas)
    for _ in range(3):
        canvas.editor.history.redo()
        agree(canvas)
        as_new(canvas)


def test_a_renamed_node_keeps_its_place_and_links(canvas):
    canvas.editor.apply("Rename", lambda p: rename_node(p, "main", "relu", "rectifier"))
    assert canvas.items_scene.node_items["rectifier"].look.name == "rectifier"
    assert "relu" not in canvas.items_scene.node_items
    agree(canvas)
    canvas.editor.history.undo()
    agree(canvas)


def test_a_replaced_project_is_shown_from_its_start(canvas):
    canvas.editor.select(["relu"])
    canvas.editor.replace_project(load_template("resnet-small"))
    agree(canvas)
    as_new(canvas)
    assert not canvas.editor.selection
    assert canvas.zoom <= 1.0


@pytest.mark.parametrize("template", [template.id for template in all_templates()])
def test_every_template_and_its_blocks_are_shown(open_canvas, template):
    project = load_template(template)
    view = open_canvas(project)
    for block in project.blocks:
        view.editor.open_block(block)
        agree(view)
        assert not view.grab().isNull()
        # What a condition leaves out gives nothing.
        looks = [item.look for item in view.items_scene.link_items.values()]
        assert all(look.size or look.idle for look in looks)


def test_a_project_may_lose_the_block_that_is_shown(open_canvas):
    view = open_canvas(inside_out())
    view.editor.open_block("Inner")
    agree(view)
    view.editor.document.set_state(chain())
    assert view.editor.block == "main"
    agree(view)


def test_moved_nodes_glide_to_their_place(canvas, qtbot):
    canvas.items_scene.animated = True
    canvas.editor.apply("Move", lambda p: move_nodes(p, "main", {"relu": (200.0, 100.0)}))
    item = canvas.items_scene.node_items["relu"]
    assert item.x() < 200.0
    qtbot.waitUntil(lambda: item.x() == 200.0)
    agree(canvas)


def test_nothing_glides_for_those_who_switched_motion_off(canvas):
    canvas.editor.apply("Move", lambda p: move_nodes(p, "main", {"relu": (200.0, 100.0)}))
    assert canvas.items_scene.node_items["relu"].x() == 200.0


NAMES = st.sampled_from(["image", "relu", "tanh", "result", "conv", "cat", "inner"])
EDITS = st.one_of(
    st.builds(
        lambda name, layer: lambda p: add_node(p, "main", layer, name=name),
        NAMES,
        st.sampled_from(["Conv2d", "Concat", "Tanh", "LSTM", "Input"]),
    ),
    st.builds(lambda name: lambda p: remove_nodes(p, "main", [name]), NAMES),
    st.builds(lambda old, new: lambda p: rename_node(p, "main", old, new), NAMES, NAMES),
    st.builds(
        lambda source, target, port: lambda p: connect(p, "main", source, target, input=port),
        NAMES,
        NAMES,
        st.sampled_from(["in", "in_1", "in_2"]),
    ),
    st.builds(
        lambda number: (
            lambda p: remove_links(p, "main", p.main.links[number : number + 1] or _refuse())
        ),
        st.integers(0, 5),
    ),
    st.builds(
        lambda name, x: lambda p: move_nodes(p, "main", {name: (x, 40.0)}),
        NAMES,
        st.integers(-200, 200),
    ),
    st.builds(
        lambda size: lambda p: set_argument(p, "main", "image", "shape", (size, 16, 16)),
        st.integers(1, 4),
    ),
    st.builds(lambda: lambda p: rename_node(p, "Inner", "act", "other")),
    st.builds(lambda: lambda p: remove_nodes(p, "Inner", ["entry"])),
)


def _refuse():
    raise EditError("there is no such link")


@given(st.lists(st.one_of(EDITS, st.sampled_from(["undo", "redo"])), max_size=12))
def test_after_any_edits_it_looks_as_if_opened_anew(qapp, steps):
    editor = Editor(Document(inside_out()))
    view = CanvasView(editor)
    view.items_scene.animated = False
    try:
        for step in steps:
            if step == "undo":
                editor.history.undo()
            elif step == "redo":
                editor.history.redo()
            else:
                editor.apply("Edit", step)
        assert shown_picture(view) == model_picture(view)
        as_new(view)
    finally:
        view.deleteLater()


# --- what is written on it ---------------------------------------------------------------------


def test_sizes_stand_on_links_and_follow_the_input(canvas):
    link = Link("tanh", "out", "result", "in")
    item = canvas.items_scene.link_items[link]
    assert item.look.size == "1×28×28"
    place = item.label
    canvas.editor.apply("Size", lambda p: set_argument(p, "main", "image", "shape", (3, 9, 9)))
    assert item.look.size == "3×9×9"
    assert item.label.width() < place.width()


def test_links_without_a_size_are_still_drawn(open_canvas):
    view = open_canvas(
        network(("relu", "ReLU", 0, 0), ("tanh", "Tanh", 0, 120), links=("relu -> tanh",))
    )
    (item,) = view.items_scene.link_items.values()
    assert item.look.size == ""
    shown = color_at(view, pixel(view, item.middle()))
    assert alike(shown, view.items_scene.surface.link.color())


def wrong_sizes():
    """A Linear that gets an image."""
    return network(
        ("image", "Input", 0, 0),
        ("fc", "Linear", 0, 120),
        ("result", "Output", 0, 240),
        links=("image -> fc", "fc -> result"),
    )


def test_a_problem_is_a_badge_a_border_and_words(open_canvas, qtbot):
    view = open_canvas(wrong_sizes())
    scene = view.items_scene
    assert "image" not in scene.node_items["image"].look.problem
    assert "vector" in scene.node_items["fc"].look.problem
    assert scene.link_items[Link("image", "out", "fc", "in")].look.wrong
    error = scene.surface.colors["error"]
    item = scene.node_items["fc"]
    edge = item.card_on_canvas().topLeft() + QPointF(50, 1)
    assert alike(color_at(view, pixel(view, edge)), error)
    badge = badge_rect(item).translated(item.pos())
    assert alike(color_at(view, pixel(view, badge.center() + QPointF(5, 0))), error)
    assert not view.overlays.problem.isHidden()
    text = view.findChild(QLabel, "canvas_problem_title").text()
    assert text == view.editor.document.problems[0].title


def test_the_card_of_a_problem_is_as_high_as_what_it_says(canvas):
    for part in (lambda p: add_node(p, "main", "Linear"), _many_words):
        canvas.editor.replace_project(part(chain()))
        card = canvas.overlays.problem
        assert card.isVisible()
        for label in card.findChildren(QLabel):
            assert label.height() >= label.heightForWidth(label.width())
        for button in card.findChildren(QPushButton):
            if not button.isHidden():
                assert card.rect().contains(button.geometry())
                assert button.height() >= button.sizeHint().height()


def _many_words(project):
    computed = read_expression("= an_unknown_parameter * 2")
    return set_argument(
        add_node(project, "main", "Linear"), "main", "fc1", "out_features", computed
    )


def test_a_fix_on_the_card_mends_the_network(open_canvas, qtbot):
    view = open_canvas(wrong_sizes())
    before = view.editor.document.problems
    fix = view.findChild(QPushButton, "canvas_problem_fix_0")
    qtbot.mouseClick(fix, LEFT)
    assert view.editor.history.count() == 1
    assert len(view.editor.document.problems) < len(before)
    agree(view)
    view.editor.history.undo()
    assert view.editor.document.problems == before
    assert not view.overlays.problem.isHidden()


def test_a_dismissed_problem_stays_away_until_another_comes(open_canvas, qtbot):
    view = open_canvas(wrong_sizes())
    qtbot.mouseClick(view.findChild(QPushButton, "canvas_problem_show"), LEFT)
    assert view.editor.selection == {"fc"}
    view.overlays.problem.dismiss()
    view.editor.apply("Move", lambda p: move_nodes(p, "main", {"fc": (40.0, 120.0)}))
    assert view.overlays.problem.isHidden()
    view.editor.apply("Remove", lambda p: remove_nodes(p, "main", ["fc"]))
    assert not view.overlays.problem.isHidden()


def test_a_problem_inside_a_block_marks_the_node_that_stands_for_it(open_canvas):
    project = inside_out()
    project = remove_links(project, "Inner", [Link("entry", "out", "act", "in")])
    view = open_canvas(connect(project, "main", "image", "inner"))
    assert view.items_scene.node_items["inner"].look.problem


def test_an_expression_shows_its_value(open_canvas):
    project = set_block_parameter(chain(), "main", "classes", BlockParameter(7))
    project = add_node(project, "main", "Linear", at=(300, 0), name="fc")
    view = open_canvas(project)
    classes = read_expression("= classes")
    view.editor.apply("Set", lambda p: set_argument(p, "main", "fc", "out_features", classes))
    assert "7" in view.items_scene.node_items["fc"].look.summary
    view.editor.apply("Set", lambda p: set_block_parameter(p, "main", "classes", BlockParameter(9)))
    assert "9" in view.items_scene.node_items["fc"].look.summary


def test_a_link_to_a_port_that_has_gone_stays_visible(open_canvas):
    project = inside_out()
    project = connect(project, "main", "image", "inner")
    view = open_canvas(project)
    link = Link("image", "out", "inner", "in")
    assert link in view.items_scene.link_items
    view.editor.apply("Remove", lambda p: remove_nodes(p, "Inner", ["entry"]))
    assert view.items_scene.link_items[link].isVisible()
    ports = view.items_scene.node_items["inner"].look.inputs
    assert [port.state for port in ports if port.name == "in"] == ["wrong"]
    agree(view)


# --- where one is ------------------------------------------------------------------------------


def trail(view):
    """The words of the breadcrumb that can be read."""
    crumb = view.overlays.breadcrumb
    assert crumb.isVisible()
    parts = [part for part in crumb.children() if isinstance(part, QLabel | QPushButton)]
    ways = (crumb.back, crumb.forward)
    shown = [part for part in parts if part.isVisible() and part not in ways]
    for part in shown:
        assert crumb.rect().contains(part.geometry())
        assert part.width() >= part.sizeHint().width()
    return [part.text() for part in sorted(shown, key=lambda part: part.x())]


def test_the_breadcrumb_says_where_one_is_and_leads_back(open_canvas, qtbot):
    view = open_canvas(inside_out())
    assert trail(view) == ["Untitled", "›", "main"]
    qtbot.mouseDClick(view.viewport(), LEFT, NONE, on_node(view, "inner"))
    assert view.editor.block == "Inner"
    assert trail(view) == ["Untitled", "›", "main", "›", "Inner"]
    Hand(view).click(on_node(view, "act"))
    assert view.editor.selection == {"act"}
    qtbot.mouseClick(view.findChild(QPushButton, "canvas_breadcrumb_main"), LEFT)
    assert view.editor.block == "main"
    assert trail(view) == ["Untitled", "›", "main"]


def test_an_empty_canvas_says_what_goes_there(open_canvas):
    view = open_canvas(Project())
    assert view.overlays.empty.isVisible()
    assert "Drag an Input" in view.overlays.empty.text()
    view.editor.apply("Add", lambda p: add_node(p, "main", "Input"))
    assert not view.overlays.empty.isVisible()


def test_another_project_is_built_once(canvas, monkeypatch):
    made = []

    def make(look, *further):
        made.append(look.name)
        return NodeItem(look, *further)

    monkeypatch.setattr("gui.canvas.scene.NodeItem", make)
    before = canvas.editor.document.state
    first, *others = before.main.links
    # Which is equal, but leads another way.
    led = replace(first, dots=((40.0, 50.0),))
    main = replace(before.main, links=(led, *others))
    canvas.editor.replace_project(replace(before, blocks=frozen({"main": main})))
    assert sorted(made) == sorted(main.nodes)
    assert canvas.items_scene.link_items[led].dots == [QPointF(40, 50)]
    assert shown_picture(canvas) == model_picture(canvas)
    as_new(canvas)
