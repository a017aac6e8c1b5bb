"""How long one edit takes until sizes and problems are up to date, by the size of the graph.

    uv run python -m benchmarks.edits [--nodes 100 1000 5000] [--rounds 15] [--json]

What is measured is what the window does for every edit: the edit itself, and `Document.set_state`
with inference, checks and the difference that views get. The aim is one frame, 16 ms, at 1,000
nodes. Results that equal layers share are forgotten before every edit, so that each is as slow as
the first of its kind.

`chain` repeats equal layers; in `varied` no two convolutions are alike; `nested` has blocks within
blocks in the place of convolutions.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import time
from collections.abc import Callable, Iterator
from itertools import pairwise

from graph.document import Document
from graph.edits import Edit, add_node, move_nodes, rename_node, set_argument
from graph.inference import shared_layer_result
from graph.links import connect, remove_links
from graph.state import MAIN, Block, BlockParameter, Link, Node, Project, frozen

FRAME = 16.0
"""Milliseconds."""


def chain(nodes: int) -> Project:
    """A network with a skip connection around every second convolution."""
    return Project(blocks=frozen({MAIN: _residual_chain(nodes, "Conv2d")}))


def nested(nodes: int) -> Project:
    """The same with blocks in the place of convolutions; each holds another one."""
    inner = _block(
        [
            Node("entry", "Input", arguments=frozen({"shape": (16, 64, 64)})),
            Node("conv", "Conv2d", arguments=frozen({"out_channels": 16, "padding": (1, 1)})),
            Node("relu", "ReLU"),
            Node("leave", "Output"),
        ]
    )
    outer = _block(
        [
            Node("entry", "Input", arguments=frozen({"shape": (16, 64, 64)})),
            Node("one", "Inner", is_block=True),
            Node("two", "Inner", is_block=True),
            Node("leave", "Output"),
        ],
        frozen({"width": BlockParameter(16)}),
    )
    blocks = {MAIN: _residual_chain(nodes, "Outer"), "Outer": outer, "Inner": inner}
    return Project(blocks=frozen(blocks))


def varied(nodes: int) -> Project:
    """A chain of convolutions and activations in which no two convolutions are alike."""
    made = [Node("image", "Input", arguments=frozen({"shape": (3, 64, 64)}))]
    made.append(Node("stem", "Conv2d", arguments=frozen({"padding": (1, 1)})))
    for number in range(1, (nodes - 5) // 2 + 1):
        arguments = frozen({"out_channels": 16 + number, "padding": (1, 1)})
        made += [
            Node(f"conv{number}", "Conv2d", arguments=arguments),
            Node(f"relu{number}", "ReLU"),
        ]
    ends = [Node("flatten", "Flatten"), Node("fc", "Linear"), Node("scores", "Output")]
    return Project(blocks=frozen({MAIN: _block([*made, *ends])}))


def _block(nodes: list[Node], parameters: object = None) -> Block:
    links = (Link(a.name, "out", b.name, "in") for a, b in pairwise(nodes))
    named = frozen({node.name: node for node in nodes})
    return Block(named, tuple(links), parameters or frozen({}))


def _residual_chain(count: int, kind: str) -> Block:
    nodes = [
        Node("image", "Input", arguments=frozen({"shape": (3, 64, 64)})),
        Node("stem", "Conv2d", arguments=frozen({"out_channels": 16, "padding": (1, 1)})),
    ]
    links = [Link("image", "out", "stem", "in")]
    last, number = "stem", 0
    while len(nodes) < count - 4:
        number += 1
        conv, relu, add = f"conv{number}", f"relu{number}", f"add{number}"
        arguments = {} if kind == "Outer" else {"padding": (1, 1)}
        nodes += [
            Node(conv, kind, kind == "Outer", frozen(arguments), (0.0, 76.0 * len(nodes))),
            Node(relu, "ReLU", at=(0.0, 76.0 * len(nodes) + 76.0)),
            Node(add, "Add", at=(0.0, 76.0 * len(nodes) + 152.0)),
        ]
        links += [
            Link(last, "out", conv, "in"),
            Link(conv, "out", relu, "in"),
            Link(last, "out", add, "in_1"),
            Link(relu, "out", add, "in_2"),
        ]
        last = add
    ends = [Node("flatten", "Flatten"), Node("fc", "Linear"), Node("scores", "Output")]
    for node in ends:
        links.append(Link(last, "out", node.name, "in"))
        last = node.name
    return Block(frozen({node.name: node for node in [*nodes, *ends]}), tuple(links))


def edits(project: Project) -> dict[str, Edit]:
    """One edit of each sort, all in the middle of the graph."""
    graph = project.main
    middle = sum(node.type == "ReLU" for node in graph.nodes.values()) // 2
    conv, relu = f"conv{middle}", f"relu{middle}"
    inside = next(link for link in graph.links if link.target == relu)
    parameter = ("negative_slope", 0.2)
    changed: dict[str, Edit] = {
        "argument in the middle": lambda p: set_argument(p, MAIN, "fc", "out_features", 7),
        "size of the input": lambda p: set_argument(p, MAIN, "image", "shape", (3, 48, 48)),
        "remove a link": lambda p: remove_links(p, MAIN, [inside]),
        "add a node": lambda p: add_node(p, MAIN, "LeakyReLU", arguments=dict([parameter])),
        "add a link": lambda p: connect(remove_links(p, MAIN, [inside]), MAIN, "stem", relu),
        "move": lambda p: move_nodes(p, MAIN, {conv: (300.0, 400.0)}),
        "rename": lambda p: rename_node(p, MAIN, conv, "another"),
    }
    if graph.nodes[conv].is_block:
        changed["inside of a block"] = lambda p: set_argument(p, "Inner", "conv", "bias", False)
    else:
        changed["argument in the middle"] = lambda p: set_argument(
            p, MAIN, conv, "dilation", (2, 2)
        )
        changed["channels in the middle"] = lambda p: set_argument(
            p, MAIN, "stem", "out_channels", 8
        )
    return changed


def measure(project: Project, rounds: int) -> Iterator[tuple[str, list[float]]]:
    """Milliseconds of every round, for every sort of edit and for undoing it."""
    for name, edit in edits(project).items():
        document = Document(project)
        forward, back = [], []
        gc.collect()
        for _ in range(rounds):
            shared_layer_result.cache_clear()
            forward.append(_milliseconds(lambda d=document, e=edit: d.set_state(e(d.state))))
            shared_layer_result.cache_clear()
            back.append(_milliseconds(lambda d=document: d.set_state(project)))
        yield name, forward
        yield f"undo: {name}", back


def _milliseconds(action: Callable[[], None]) -> float:
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def main() -> None:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--nodes", type=int, nargs="+", default=[100, 1000, 5000])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = []
    for make in (chain, varied, nested):
        for nodes in options.nodes:
            for name, times in measure(make(nodes), options.rounds):
                row = {
                    "graph": make.__name__,
                    "nodes": nodes,
                    "edit": name,
                    "least_ms": round(min(times), 2),
                    "median_ms": round(statistics.median(times), 2),
                    "worst_ms": round(max(times), 2),
                }
                rows.append(row)
                if not options.json:
                    late = "  more than a frame" if row["median_ms"] > FRAME else ""
                    print(
                        f"{make.__name__:7}{nodes:6} nodes  {name:30}"
                        f"{row['median_ms']:9.2f} ms, {row['least_ms']:.2f} to "
                        f"{row['worst_ms']:.2f}{late}",
                        flush=True,
                    )
    if options.json:
        print(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
