"""Networks arranged by the resolution of what flows."""

from __future__ import annotations

import itertools
import re

from hypothesis import given

from graph.direction import BY_RESOLUTION, LEFT_RIGHT
from graph.edits import move_nodes
from graph.files import from_text, to_text
from graph.folding import columns_of
from graph.layout import arrange, turn
from graph.state import MAIN, Link
from graph.templates import load_template
from tests.graph.building import chain, project_of
from tests.graph.layouts import at, behind, card_of, resizing_networks
from tests.graph.networks import small_unet


def test_a_unet_becomes_a_u():
    project = small_unet()
    project = turn(project, MAIN, BY_RESOLUTION)
    assert project.main.direction == LEFT_RIGHT
    assert behind(project) == []
    x, y = ({name: place[axis] for name, place in at(project).items()} for axis in (0, 1))
    assert len({y[name] for name in ("image", "d1a", "d1b")}) == 1
    assert len({y[name] for name in ("pool", "d2a", "d2b")}) == 1
    assert y["pool"] > max(y[name] for name in ("image", "join", "u1a", "up", "out")) + 100
    assert x["image"] < x["d1a"] == x["pool"] < x["d1b"] == x["d2a"] < x["up"] == x["d2b"]
    assert x["up"] < x["join"]
    assert abs(y["join"] - y["d1b"]) < 60, "the skip leads across"
    assert arrange(project, MAIN) is project


def test_a_second_way_down_stands_beside_the_first_way_up():
    order = ["a", "b", "c", "d", "e", "f"]
    links = [Link(one, "out", other, "in") for one, other in itertools.pairwise(order)]
    links.append(Link("a", "out", "c", "other"))
    levels = {"a": 0, "b": 1, "c": 0, "d": 0, "e": 1, "f": 0}
    assert columns_of(order, links, levels) == {"a": 0, "b": 0, "c": 1, "d": 2, "e": 3, "f": 4}


@given(project=resizing_networks())
def test_rows_of_equal_resolution_have_no_links_behind_nodes(project):
    project = turn(project, MAIN, BY_RESOLUTION)
    own = [card_of(project, {}, name) for name in project.main.nodes]
    for (a, b, c, d), (left, top, right, bottom) in itertools.combinations(own, 2):
        assert c < left or right < a or d < top or bottom < b
    assert behind(project) == []
    assert arrange(project, MAIN) is project


def test_convolutions_without_padding_stay_on_their_level():
    conv = "layer: Conv2d, kernel_size: 5, out_channels:"
    project = project_of(
        {
            "image": "layer: Input, shape: [1, 44, 44]",
            "a": f"{conv} 4",
            "pool": "layer: MaxPool2d",
            "b": f"{conv} 8",
            "up": "layer: ConvTranspose2d, out_channels: 4",
            "crop": "layer: CenterCrop",
            "join": "layer: Concat",
            "c": f"{conv} 2",
            "flat": "layer: Flatten",
            "out": "layer: Output",
        },
        [
            *("image -> a", "a -> pool", "pool -> b", "b -> up", "a -> crop", "up -> crop.like"),
            *("crop -> join.in_1", "up -> join.in_2", "join -> c", "c -> flat", "flat -> out"),
        ],
    )
    project = turn(project, MAIN, BY_RESOLUTION)
    y = {name: place[1] for name, place in at(project).items()}
    lower = {"pool", "b"}
    assert min(y[name] for name in lower) > max(y[name] for name in y if name not in lower) + 100


def test_without_sizes_everything_is_on_one_level():
    project = chain("layer: ReLU", "layer: Tanh", shape="[5]")
    project = turn(project, MAIN, BY_RESOLUTION)
    assert {place[1] for place in at(project).values()} == {0}


def test_a_block_arranged_by_resolution_stays_so():
    project = turn(small_unet(), MAIN, BY_RESOLUTION)
    text = to_text(project)
    assert "direction: by-resolution" in text
    assert from_text(text).project == project
    scattered = move_nodes(project, MAIN, {"pool": (-300.0, -200.0), "up": (90.0, 900.0)})
    again = arrange(scattered, MAIN)
    assert again.main.arrangement == BY_RESOLUTION
    y = {name: place[1] for name, place in at(again).items()}
    assert y["pool"] > max(y[name] for name in ("image", "d1b", "up", "out")) + 100
    flat = turn(project, MAIN, LEFT_RIGHT)
    assert "direction: left-right" in to_text(flat)
    assert arrange(flat, MAIN) is flat, "layers, since somebody chose them"


def test_a_file_without_places_says_how_it_is_arranged():
    text = re.sub(r", at: \[[^]]*\]", "", to_text(turn(small_unet(), MAIN, BY_RESOLUTION)))
    project = from_text(text).project
    assert arrange(project, MAIN) is project
    y = {name: place[1] for name, place in at(project).items()}
    assert y["pool"] > y["d1b"] + 100


def test_rows_do_not_depend_on_which_levels_are_there():
    drawings = []
    for depth in (1, 4, 5):
        project = load_template(
            "unet-small", overrides=[f"blocks.main.parameters.depth.default={depth}"]
        )
        drawings.append(at(arrange(project, MAIN)))
    assert drawings[0] == drawings[1] == drawings[2]
    levels = [
        drawings[0][name][1] for name in ("first", *(f"down{level}" for level in range(1, 6)))
    ]
    assert levels == sorted(set(levels))
    for level in range(1, 6):
        across = "first" if level == 1 else f"down{level - 1}"
        assert drawings[0][f"up{level}"][1] == drawings[0][across][1]
