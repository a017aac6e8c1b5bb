"""The sizes beside links can be read: nothing lies over them."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage

from graph.direction import BY_RESOLUTION
from graph.dots import lead
from graph.edits import add_node, move_nodes, set_argument
from graph.geometry import crosses
from graph.layout import arrange
from graph.library import add_library_block, standard_library
from graph.links import connect
from graph.placing import add_after
from graph.templates import load_template
from gui.canvas.node_painting import NodeTexts
from gui.canvas.picture import SHARPNESS, SPACE_AROUND, picture_of
from gui.canvas.surface import Surface
from tests.gui.canvas.building import Hand, network, on_node


def wide(branches):
    """An image that goes through convolutions side by side, which are put together again."""
    names = [f"conv{number}" for number in range(branches)]
    nodes = [("image", "Input", 0, 0), ("cat", "Concat", 0, 180), ("result", "Output", 0, 270)]
    nodes += [
        (name, "Conv2d", 260 * number - 130 * (branches - 1), 90)
        for number, name in enumerate(names)
    ]
    links = [f"image -> {name}" for name in names]
    links += [f"{name} -> cat.in_{number}" for number, name in enumerate(names, start=1)]
    return network(*nodes, links=[*links, "cat -> result"])


def struck(view):
    """What lies over a size, in words."""
    scene = view.items_scene
    found = []
    for link, item in scene.link_items.items():
        ink = item.label.adjusted(0, 2, 0, -2)
        edges = (ink.left(), ink.top(), ink.right(), ink.bottom())
        found += [
            f"{link}: {n}"
            for n in scene.node_items
            if scene.node_items[n].body_on_canvas().intersects(ink)
        ]
        near = ink.adjusted(-4, -4, 4, 4)
        found += [
            f"{link}: port of {name}"
            for name, node in scene.node_items.items()
            for ports, is_input in ((node.look.inputs, True), (node.look.outputs, False))
            for port in ports
            if near.contains(node.port_place(port.name, is_input=is_input))
        ]
        for other, beside in scene.link_items.items():
            if crosses(beside.points(), edges):
                found.append(f"{link}: line of {other}")
            if other != link and beside.label.adjusted(0, 2, 0, -2).intersects(ink):
                found.append(f"{link}: size of {other}")
    return found


@pytest.mark.parametrize("branches", [1, 2, 3, 4])
def test_sizes_of_branches_are_free(open_canvas, branches):
    assert not struck(open_canvas(wide(branches)))


@pytest.mark.parametrize("template", ["lenet5", "mlp", "resnet-small", "lstm-sequences"])
def test_sizes_in_templates_are_free(open_canvas, template):
    project = load_template(template)
    view = open_canvas(project)
    for block in project.blocks:
        view.editor.open_block(block)
        assert not struck(view)


def test_sizes_around_an_inserted_node_stand_on_the_same_side(open_canvas):
    view = open_canvas(load_template("lenet5"), (900, 1600))
    view.editor.apply("Insert", lambda p: add_after(p, "main", "conv1", "BatchNorm2d"))
    view.items_scene.glide.finish()
    sides = {item.label.left() > item.start.x() for item in view.items_scene.link_items.values()}
    assert sides == {True}
    assert not struck(view)


def test_sizes_make_way_for_a_node_in_hand(open_canvas):
    view = open_canvas(wide(2))
    hand, at = Hand(view), on_node(view, "result")
    hand.press(at)
    for step in range(1, 12):
        hand.move(at + QPoint(6 * step, -10 * step))
    hand.release(at + QPoint(66, -110))
    hidden = [text for text in struck(view) if text.endswith(": result")]
    assert not hidden


def test_sizes_stay_with_their_links_when_all_move(open_canvas):
    view = open_canvas(wide(3))
    items = view.items_scene.link_items
    before = {link: item.label.topLeft() - item.start for link, item in items.items()}
    nodes = view.editor.document.state.main.nodes
    places = {name: (node.at[0] + 400.0, node.at[1] - 52.0) for name, node in nodes.items()}
    view.editor.apply("Move", lambda p: move_nodes(p, "main", places))
    assert {link: item.label.topLeft() - item.start for link, item in items.items()} == before


def test_arranged_networks_are_free(open_canvas):
    assert not struck(open_canvas(arrange(load_template("resnet-small"), "Residual")))


def test_the_cards_behind_a_block_hide_no_size(open_canvas):
    project, blocks = network(("image", "Input", 0, 0)), {}
    for entry in standard_library().blocks:
        if entry.id in ("double-conv", "unet-down", "unet-up"):
            project, blocks[entry.id] = add_library_block(project, entry)
    last, output = "image", "out"
    for name, block in (("down1", "unet-down"), ("down2", "unet-down"), ("bottom", "double-conv")):
        project = add_node(project, "main", blocks[block], name=name, is_block=True)
        project = connect(project, "main", last, name, output=output)
        last, output = name, "lower"
    output = "out"
    for name, skip in (("up2", "down2"), ("up1", "down1")):
        project = add_node(project, "main", blocks["unet-up"], name=name, is_block=True)
        project = connect(project, "main", last, name, input="lower")
        project = connect(project, "main", skip, name, output="skip", input="skip")
        last = name
    assert not struck(open_canvas(arrange(project, "main")))


def test_a_rectangle_is_crossed_or_not():
    square = (0.0, 0.0, 10.0, 10.0)
    assert crosses([(-5, 5), (15, 5)], square)
    assert crosses([(2, 2), (3, 3)], square)
    assert crosses([(-5, -5), (15, 15)], square)
    assert not crosses([(-5, 8), (2, 15)], square)
    assert not crosses([(-5, -1), (15, -1)], square)
    assert not crosses([(12, 0), (12, 10)], square)


def test_sizes_that_were_unknown_for_a_while_come_back_free(open_canvas):
    view = open_canvas(wide(3))
    items = view.items_scene.link_items
    before = {link: item.label for link, item in items.items()}
    for size in ((3, 2, 2), (512, 128, 128), (3, 32, 32)):
        view.editor.apply("Set", lambda p, s=size: set_argument(p, "main", "image", "shape", s))
        assert not struck(view)
        for item in items.values():
            assert item.label.isNull() == (not item.look.size)
    for _ in range(3):
        view.editor.history.undo()
    assert {link: item.label.size() for link, item in items.items()} == {
        link: label.size() for link, label in before.items()
    }


def test_a_title_that_does_not_fit_gives_way_to_the_layers_own_name(open_canvas):
    view = open_canvas(network(("depthwise", "DepthwiseConv2d", 0, 0), ("conv", "Conv2d", 0, 90)))
    items = view.items_scene.node_items
    shown = {}
    for name, item in items.items():
        texts = NodeTexts(item.look, item.shape_, item.surface)
        shown[name] = texts.title[1].text()
    assert shown == {"depthwise": "DepthwiseConv2d", "conv": "Convolution"}


@pytest.mark.parametrize(
    "text", ["", "conv1", "AVATAR_to_Wolf", "iiiiilllll", "WWWWWWWW", "Fläche", "f" * 40]
)
def test_a_text_fits_where_it_is_no_wider(qapp, text):
    known = Surface()
    width = known.width(known.name_font, text)
    for share in (0.5, 0.79, 0.9, 0.99, 1.0, 1.01, 1.1, 1.21, 2.0):
        # Which has measured nothing yet.
        surface = Surface()
        fits = surface.fits(surface.name_font, text, width * share)
        assert fits == (width <= width * share), share


def test_a_picture_has_room_for_the_outermost_sizes(open_canvas):
    """A skip connection is led around on the left, its size beside it on its left."""
    nodes = (("image", "Input", 0, 0), ("relu", "ReLU", 0, 90), ("sum", "Add", 0, 180))
    project = network(*nodes, links=("image -> relu", "relu -> sum.in_2", "image -> sum.in_1"))
    ways = {project.main.links[2]: ((-160.0, 60.0), (-160.0, 130.0))}
    view = open_canvas(lead(project, "main", ways))
    scene = view.items_scene
    size = next(item.label for item in scene.link_items.values() if item.dots)
    bounds = scene.content_bounds()
    size_beyond = max(bounds.left() - size.left(), size.right() - bounds.right())
    assert size_beyond > 0
    picture = QImage.fromData(picture_of(view.editor, "png").content)
    least = (bounds | size).width() + 2 * SPACE_AROUND
    assert picture.width() >= least * SHARPNESS


def test_sizes_between_near_columns_are_free(open_canvas):
    """Where a size in the middle would be crossed, it stands near an end, between both."""
    view = open_canvas(load_template("sppnet-zf5"))
    view.editor.open_block("SpatialPyramidPooling")
    view.arranger.arrange(BY_RESOLUTION)
    assert not struck(view)
