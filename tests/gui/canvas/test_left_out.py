"""What a canvas shows of nodes that are not there: why, and which links lead to nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graph.links import connect, remove_links
from graph.project_edits import set_block_parameter
from graph.setting_edits import set_setting, toggle_bypass
from graph.state import MAIN
from graph.templates import load_template
from tests.gui.canvas.building import as_if_opened_anew, block, network


def idle(view):
    """The links that lead to nothing, as text; they tell no size."""
    links = {str(one): item for one, item in view.items_scene.link_items.items()}
    assert all(not item.look.size for item in links.values() if item.look.idle)
    return {text for text, item in links.items() if item.look.idle}


def with_depth(view, depth):
    def edit(project):
        parameter = replace(project.main.parameters["depth"], default=depth)
        return set_block_parameter(project, MAIN, "depth", parameter)

    assert view.editor.apply("Depth", edit)


def test_levels_that_are_not_there(open_canvas):
    view = open_canvas(load_template("unet-small"))
    fifth = {"down4 -> down5", "down5 -> up5.lower"}
    assert idle(view) == fifth
    look = view.items_scene.node_items["up5"].look
    assert look.bypassed
    assert look.summary == "only if depth >= 5"
    with_depth(view, 3)
    fourth = {"down3 -> down4", "down4 -> up5.skip", "up5 -> up4.lower"}
    assert idle(view) == fifth | fourth
    assert view.items_scene.node_items["up4"].look.summary == "only if depth >= 4"
    as_if_opened_anew(view)
    with_depth(view, 5)
    assert idle(view) == set()
    assert view.items_scene.node_items["up5"].look.summary.startswith("channels 128")
    as_if_opened_anew(view)
    view.editor.history.undo()
    assert idle(view) == fifth | fourth
    view.editor.history.undo()
    assert idle(view) == fifth


def test_a_link_that_is_not_used_is_drawn_paler_and_dashed(open_canvas):
    view = open_canvas(load_template("unet-small"))
    links = {str(one): item for one, item in view.items_scene.link_items.items()}
    used, unused = links["down4 -> up5.skip"].pen(), links["down5 -> up5.lower"].pen()
    assert not used.dashPattern()
    assert unused.dashPattern()
    assert unused.color() != used.color()


@pytest.fixture
def joined(open_canvas):
    """A way around, on which two activations lie that are bypassed already."""
    project = network(
        ("image", "Input", 0, 0),
        ("conv", "Conv2d", 0, 100),
        ("relu", "ReLU", 300, 100),
        ("tanh", "Tanh", 300, 200),
        ("add", "Concat", 0, 300),
        ("result", "Output", 0, 400),
        links=(
            *("image -> conv", "image -> relu", "relu -> tanh"),
            *("conv -> add.in_1", "tanh -> add.in_2", "add -> result"),
        ),
    )
    project = set_setting(project, MAIN, "conv", "bypassed", True)
    return open_canvas(toggle_bypass(project, MAIN, ["relu", "tanh"]))


def test_links_before_nodes_that_did_not_change_follow_a_bypass(joined):
    assert idle(joined) == set()
    joined.editor.apply("", lambda project: toggle_bypass(project, MAIN, ["add"]))
    assert idle(joined) == {"image -> relu", "relu -> tanh", "tanh -> add.in_2"}
    as_if_opened_anew(joined)
    joined.editor.apply("", lambda project: toggle_bypass(project, MAIN, ["tanh"]))
    assert idle(joined) == {"tanh -> add.in_2"}, "tanh computes something that nobody uses"
    joined.editor.history.undo()
    joined.editor.history.undo()
    assert idle(joined) == set()
    as_if_opened_anew(joined)


def test_links_before_follow_where_a_link_comes_or_goes(joined):
    joined.editor.apply("", lambda project: toggle_bypass(project, MAIN, ["add"]))
    end = next(link for link in block(joined).links if link.source == "tanh")
    joined.editor.apply("", lambda project: remove_links(project, MAIN, [end]))
    assert idle(joined) == set(), "nothing is known of an end that leads nowhere"
    as_if_opened_anew(joined)
    joined.editor.apply("", lambda project: connect(project, MAIN, "tanh", "add"))
    assert idle(joined) == {"image -> relu", "relu -> tanh", "tanh -> add.in_2"}
    as_if_opened_anew(joined)
