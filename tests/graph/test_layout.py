"""Whole networks in order: in layers, without overlaps, links past nodes, and no more new than
necessary."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.edits import chain as residual
from graph.coordinates import coordinates
from graph.direction import DIRECTIONS, LEFT_RIGHT, TOP_DOWN, turned
from graph.document import Document
from graph.edits import EditError, add_node, move_nodes, rename_node
from graph.files import from_text, to_text
from graph.folding import columns_of
from graph.geometry import crosses
from graph.layout import PlainShape, arrange, arrange_by_resolution, turn
from graph.links import connect, remove_links
from graph.state import EMPTY, MAIN, Block, Link, Node, Project, frozen
from graph.templates import all_templates, load_template
from tests.graph.building import chain, histories, project_of
from tests.graph.networks import small_unet
from tests.graph.test_placing import flows_on, overlaps


@dataclass(frozen=True)
class Card:
    """A node of any size, with its ports spread along two edges."""

    width: float
    height: float
    direction: str
    ports: int = 4

    def port(self, name, *, is_input):
        number = int(name.rpartition("_")[2]) if "_" in name else self.ports / 2
        across, along = turned(self.direction, (self.width, self.height))
        at = across * number / self.ports - across / 2
        return turned(self.direction, (at, -along / 2 if is_input else along / 2))


def network(links, places=(), direction=TOP_DOWN) -> Project:
    """Concatenations `v0`, `v1`, ... with links between them, by their numbers."""
    count = max((max(link) + 1 for link in links), default=0)
    count = max(count, len(places))
    nodes = {}
    for number in range(count):
        at = places[number] if number < len(places) else (0.0, 0.0)
        nodes[f"v{number}"] = Node(f"v{number}", "Concat", at=(float(at[0]), float(at[1])))
    taken = dict.fromkeys(range(count), 0)
    made = []
    for source, target in links:
        taken[target] += 1
        made.append(Link(f"v{source}", "out", f"v{target}", f"in_{taken[target]}"))
    block = Block(frozen(nodes), tuple(made), direction=direction)
    return Project(blocks=frozen({MAIN: block}))


@st.composite
def networks(draw, most=11):
    """Any network without circles, its nodes anywhere."""
    count = draw(st.integers(1, most))
    links = []
    for target in range(1, count):
        sources = st.lists(st.integers(0, target - 1), unique=True, max_size=4)
        links += [(source, target) for source in draw(sources)]
    place = st.tuples(st.integers(-900, 900), st.integers(-900, 900))
    places = draw(st.lists(place, min_size=count, max_size=count))
    return network(links, places, draw(st.sampled_from(DIRECTIONS)))


@st.composite
def drawn_networks(draw):
    """The same with nodes of different sizes."""
    project = draw(networks())
    widths, heights = st.sampled_from((230.0, 248.0, 420.0)), st.sampled_from((48.0, 60.0, 140.0))
    shapes = {
        name: Card(draw(widths), draw(heights), project.main.direction)
        for name in project.main.nodes
    }
    return project, shapes


def layers(project: Project) -> list[list[str]]:
    """The names in every layer, in their order."""
    block = project.main
    rows: dict[float, list[tuple[float, str]]] = {}
    for node in block.network_nodes():
        across, along = turned(block.direction, node.at)
        rows.setdefault(along, []).append((across, node.name))
    return [[name for _, name in sorted(rows[along])] for along in sorted(rows)]


def card_of(project: Project, shapes, name: str):
    """The rectangle of a node."""
    shape = shapes.get(name, PlainShape(project.main.direction))
    (x, y), (width, height) = project.main.nodes[name].at, (shape.width, shape.height)
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def behind(project: Project, shapes=EMPTY) -> list[str]:
    """Links that, drawn straight from point to point, run through a node between."""
    found = []
    block = project.main
    plain = PlainShape(block.direction)
    for link in block.links:
        ends = []
        for name, port, is_input in (
            (link.source, link.output, False),
            (link.target, link.input, True),
        ):
            away = shapes.get(name, plain).port(port, is_input=is_input)
            at = block.nodes[name].at
            ends.append((at[0] + away[0], at[1] + away[1]))
        points = [ends[0], *link.dots, ends[1]]
        found += [
            f"{link} behind {name}"
            for name in block.nodes
            if name not in (link.source, link.target)
            and crosses(points, card_of(project, shapes, name))
        ]
    return found


# --- order ---------------------------------------------------------------------------------------


@given(states=histories(), direction=st.sampled_from(DIRECTIONS))
def test_layout_has_no_overlaps_and_flows_on(states, direction):
    project = turn(states[-1], MAIN, direction)
    assert overlaps(project) == []
    assert flows_on(project)
    assert turn(states[-1], MAIN, direction) == project, "the same graph always looks the same"
    assert arrange(project, MAIN) is project, "arranging twice changes nothing"


def test_layout_changes_only_places_and_ways():
    project = load_template("resnet-small")
    for block in project.blocks:
        arranged = arrange(project, block).blocks[block]
        assert arranged.links == project.blocks[block].links
        assert list(arranged.nodes) == list(project.blocks[block].nodes)


@pytest.mark.parametrize(("direction", "step"), [("top-down", (0, 90)), ("left-right", (340, 0))])
def test_layers_follow_each_other_in_the_direction_of_the_block(direction, step):
    project = turn(chain("layer: ReLU"), MAIN, direction)
    assert project.main.direction == direction
    across, down = step
    assert [node.at for node in project.main.nodes.values()] == [
        (0, 0),
        (across, down),
        (2 * across, 2 * down),
    ]


@given(drawn=drawn_networks())
def test_nodes_of_any_size_do_not_overlap(drawn):
    project, shapes = drawn
    project = arrange(project, MAIN, shapes)
    cards = [card_of(project, shapes, name) for name in project.main.nodes]
    for (a, b, c, d), (left, top, right, bottom) in itertools.combinations(cards, 2):
        assert c < left or right < a or d < top or bottom < b


@pytest.mark.parametrize("nodes", [1000])
def test_large_networks_take_no_minutes(nodes):
    start = time.process_time()
    project = arrange(residual(nodes), MAIN)
    assert time.process_time() - start < 5
    assert flows_on(project)
    places = [node.at for node in project.main.nodes.values()]
    assert len(set(places)) == len(places)


def test_a_circle_cannot_be_arranged():
    project = project_of({"a": "layer: ReLU", "b": "layer: ReLU"}, ["a -> b", "b -> a"])
    with pytest.raises(EditError, match="circle"):
        arrange(project, MAIN)
    assert project.main.nodes["b"].at != project.main.nodes["a"].at


def test_an_empty_block_is_arranged_at_once():
    assert arrange(Project(), MAIN) == Project()


@pytest.mark.parametrize(("skip", "way", "side"), [("in_1", "in_2", 1), ("in_2", "in_1", -1)])
def test_a_passing_link_has_the_side_of_its_port(skip, way, side):
    project = project_of(
        {
            "x": "layer: Input",
            "a": "layer: ReLU",
            "b": "layer: ReLU",
            "sum": "layer: Add",
        },
        ["x -> a", "a -> b", f"b -> sum.{way}", f"x -> sum.{skip}"],
    )
    nodes = arrange(project, MAIN).main.nodes
    assert all((nodes[name].at[0] - nodes["x"].at[0]) * side > 0 for name in ("a", "b"))


def test_a_fork_is_symmetric_and_what_lies_in_a_row_is_straight():
    project = network([(0, 1), (0, 2), (1, 3), (2, 4), (3, 5), (4, 5)])
    nodes = arrange(project, MAIN).main.nodes
    at = [nodes[f"v{number}"].at[0] for number in range(6)]
    assert at[0] == at[5] == 0
    assert at[1] == at[3] == -130
    assert at[2] == at[4] == 130


def test_a_node_is_put_where_the_link_to_its_port_is_straight():
    project = network([(0, 1)])
    shapes = {"v1": Card(230.0, 48.0, TOP_DOWN)}
    nodes = arrange(project, MAIN, shapes).main.nodes
    port = shapes["v1"].port("in_1", is_input=True)
    assert nodes["v1"].at[0] + port[0] == pytest.approx(nodes["v0"].at[0], abs=1)


# --- stability -----------------------------------------------------------------------------------


@given(drawn=drawn_networks())
def test_arranging_twice_changes_nothing(drawn):
    project, shapes = drawn
    project = arrange(project, MAIN, shapes)
    assert arrange(project, MAIN, shapes) is project


@given(project=networks(), data=st.data())
def test_renaming_changes_no_place(project, data):
    project = arrange(project, MAIN)
    name = data.draw(st.sampled_from(sorted(project.main.nodes)))
    renamed = rename_node(project, MAIN, name, "another")
    assert arrange(renamed, MAIN) is renamed


@given(project=networks(), data=st.data())
def test_a_node_more_at_the_end_leaves_the_others_in_their_order(project, data):
    project = arrange(project, MAIN)
    before = layers(project)
    source = data.draw(st.sampled_from(sorted(project.main.nodes)))
    place = data.draw(st.tuples(st.integers(-900, 900), st.integers(-900, 900)))
    more = add_node(project, MAIN, "ReLU", name="end", at=place)
    more = connect(more, MAIN, source, "end")
    after = [[name for name in row if name != "end"] for row in layers(arrange(more, MAIN))]
    assert [row for row in after if row] == before


def test_what_hangs_on_the_same_port_keeps_the_order_that_somebody_gave_it():
    project = arrange(network([(0, 1), (0, 2), (0, 3)]), MAIN)
    assert layers(project)[1] == ["v1", "v2", "v3"]
    moved = move_nodes(project, MAIN, {"v3": (-999.0, 90.0)})
    assert layers(arrange(moved, MAIN))[1] == ["v3", "v1", "v2"]


def test_what_need_not_move_stays_where_it_is():
    project = arrange(chain(*(["layer: ReLU"] * 8)), MAIN)
    places = {name: (x + 1000.0, y - 400.0) for name, (x, y) in at(project).items()}
    project = move_nodes(project, MAIN, places)
    assert arrange(project, MAIN) is project, "it stays where it was moved to"
    longer = add_node(project, MAIN, "ReLU", name="end", at=(0.0, 0.0))
    longer = arrange(connect(longer, MAIN, "n8", "end"), MAIN)
    assert all(at(longer)[f"n{number}"] == places[f"n{number}"] for number in range(1, 9))


def test_a_link_less_leaves_what_stands_before_it():
    project = arrange(network([(0, 1), (1, 2), (2, 3), (0, 3), (3, 4)]), MAIN)
    cut = remove_links(project, MAIN, [Link("v3", "out", "v4", "in_1")])
    assert {n: a for n, a in at(arrange(cut, MAIN)).items() if n != "v4"} == {
        n: a for n, a in at(project).items() if n != "v4"
    }


def at(project: Project) -> dict[str, tuple[float, float]]:
    return {name: node.at for name, node in project.main.nodes.items()}


# --- links past nodes ----------------------------------------------------------------------------


@given(drawn=drawn_networks())
def test_no_link_runs_behind_a_node(drawn):
    project, shapes = drawn
    project = arrange(project, MAIN, shapes)
    assert behind(project, shapes) == []
    assert from_text(to_text(project)).project == project


def test_links_are_led_only_where_something_is_in_the_way():
    straight = arrange(network([(0, 1), (1, 2), (0, 2)]), MAIN)
    assert not any(link.dots for link in straight.main.links)
    wide = network([(0, 1), (0, 2), (0, 3), (0, 4), (1, 4), (2, 4), (3, 4)])
    led = [link for link in arrange(wide, MAIN).main.links if link.dots]
    assert [(link.source, link.target) for link in led] in ([], [("v0", "v4")])


def test_dots_that_somebody_made_go_when_nodes_are_arranged():
    project = network([(0, 1)])
    (link,) = project.main.links
    led = replace(project.main, links=(replace(link, dots=((500.0, 40.0),)),))
    project = Project(blocks=frozen({MAIN: led}))
    assert arrange(project, MAIN).main.links[0].dots == ()


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("id_", [template.id for template in all_templates()])
def test_links_of_templates_pass_their_nodes(id_, direction):
    project = load_template(id_)
    for name in project.blocks:
        arranged = turn(project, name, direction)
        main = Project(blocks=frozen({MAIN: arranged.blocks[name]}))
        assert behind(main) == []


def test_lanes_are_straight_unless_they_cross():
    """A chain of lanes between wide layers: one place across for all of it."""
    order = [["x"], ["a", "l1", "b"], ["c", "l2"], ["d", "e", "l3"], ["y"]]
    before = {
        "a": ["x"],
        "l1": ["x"],
        "b": ["x"],
        "c": ["a"],
        "l2": ["l1"],
        "d": ["c"],
        "e": ["c"],
        "l3": ["l2"],
        "y": ["d", "l3"],
    }
    places = coordinates(
        order, before, lambda one, other: 100.0, lambda one, other: 0.0, lambda k: k[0] == "l"
    )
    assert places["l1"] == places["l2"] == places["l3"]
    for layer in order:
        for one, other in itertools.pairwise(layer):
            assert places[other] - places[one] >= 100.0


# --- by resolution -------------------------------------------------------------------------------


def test_a_unet_becomes_a_u():
    project = small_unet()
    project = arrange_by_resolution(project, MAIN, Document(project).result())
    assert project.main.direction == LEFT_RIGHT
    assert behind(project) == []
    x, y = ({name: place[axis] for name, place in at(project).items()} for axis in (0, 1))
    assert len({y[name] for name in ("image", "d1a", "d1b")}) == 1
    assert len({y[name] for name in ("pool", "d2a", "d2b")}) == 1
    assert y["pool"] > max(y[name] for name in ("image", "join", "u1a", "up", "out")) + 100
    assert x["image"] == x["pool"] < x["d1a"] == x["d2a"] < x["d1b"] < x["up"] < x["join"]
    assert abs(y["join"] - y["d1b"]) < 60, "the skip leads across"
    again = arrange_by_resolution(project, MAIN, Document(project).result())
    assert again is project


def test_a_second_way_down_stands_beside_the_first_way_up():
    order = ["a", "b", "c", "d", "e", "f"]
    links = [Link(one, "out", other, "in") for one, other in itertools.pairwise(order)]
    links.append(Link("a", "out", "c", "other"))
    levels = {"a": 0, "b": 1, "c": 0, "d": 0, "e": 1, "f": 0}
    assert columns_of(order, links, levels) == {"a": 0, "b": 0, "c": 1, "d": 2, "e": 3, "f": 4}


@st.composite
def resizing_networks(draw, most=12):
    """Any network whose nodes halve and double height and width, and put them together."""
    lines = {"v0": "layer: Input, shape: [2, 64, 64]"}
    links = []
    for number in range(1, draw(st.integers(2, most))):
        layers = ("MaxPool2d", "ConvTranspose2d, out_channels: 2", "ReLU", "Concat")
        layer = draw(st.sampled_from(layers))
        lines[f"v{number}"] = f"layer: {layer}"
        sources = st.lists(st.sampled_from(range(number)), unique=True, min_size=1, max_size=3)
        for port, source in enumerate(draw(sources) if layer == "Concat" else [number - 1], 1):
            links.append(f"v{source} -> v{number}" + (f".in_{port}" if layer == "Concat" else ""))
    return project_of(lines, links)


@given(project=resizing_networks())
def test_rows_of_equal_resolution_have_no_links_behind_nodes(project):
    project = arrange_by_resolution(project, MAIN, Document(project).result())
    own = [card_of(project, {}, name) for name in project.main.nodes]
    for (a, b, c, d), (left, top, right, bottom) in itertools.combinations(own, 2):
        assert c < left or right < a or d < top or bottom < b
    assert behind(project) == []
    again = arrange_by_resolution(project, MAIN, Document(project).result())
    assert again is project


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
    project = arrange_by_resolution(project, MAIN, Document(project).result())
    y = {name: place[1] for name, place in at(project).items()}
    lower = {"pool", "b"}
    assert min(y[name] for name in lower) > max(y[name] for name in y if name not in lower) + 100


def test_without_sizes_everything_is_on_one_level():
    project = chain("layer: ReLU", "layer: Tanh", shape="[5]")
    project = arrange_by_resolution(project, MAIN, Document(project).result())
    assert {place[1] for place in at(project).values()} == {0}
