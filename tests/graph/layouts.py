"""Networks to be arranged, and what can be said of where their nodes are."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from graph.direction import DIRECTIONS, TOP_DOWN, turned
from graph.drawn import PlainShape
from graph.geometry import crosses
from graph.state import EMPTY, MAIN, Block, Link, Node, Project, frozen
from tests.graph.building import project_of


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
    block = Block(frozen(nodes), tuple(made), arrangement=direction)
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


def at(project: Project) -> dict[str, tuple[float, float]]:
    return {name: node.at for name, node in project.main.nodes.items()}


@st.composite
def resizing_networks(draw, most=12):
    """Any network whose nodes halve and double height and width, and put them together; some come
    from a second input, or have none of both."""
    lines = {"v0": "layer: Input, shape: [2, 64, 64]"}
    links = []
    for number in range(1, draw(st.integers(2, most))):
        layers = ("MaxPool2d", "ConvTranspose2d, out_channels: 2", "ReLU", "Concat", "Flatten")
        layer = draw(st.sampled_from((*layers, "Input, shape: [9]")))
        lines[f"v{number}"] = f"layer: {layer}"
        if layer.startswith("Input"):
            continue
        sources = st.lists(st.sampled_from(range(number)), unique=True, min_size=1, max_size=3)
        for port, source in enumerate(draw(sources) if layer == "Concat" else [number - 1], 1):
            links.append(f"v{source} -> v{number}" + (f".in_{port}" if layer == "Concat" else ""))
    return project_of(lines, links)
