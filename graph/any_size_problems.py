"""What keeps a network from taking inputs of any size, as problems with fixes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graph.any_size import AnySize
from graph.declare import build
from graph.edits import Edit, set_argument
from graph.layer import LAYERS
from graph.obstacles import Obstacle
from graph.placing import insert_with_room
from graph.problem import Fix, Problem, sentence
from graph.results import BlockResult
from graph.shapes import ShapeError, TensorSpec
from graph.state import MAIN, Link, Project

CODE = "any size"


def any_size_problems(project: Project, any_size: AnySize) -> list[Problem]:
    """The nodes that need a fixed size, although an Input may have any."""
    return [_problem(project, any_size, obstacle) for obstacle in any_size.obstacles]


def _problem(project: Project, any_size: AnySize, obstacle: Obstacle) -> Problem:
    within = f" (in {' › '.join(obstacle.path)})" if obstacle.path else ""
    inputs = list(any_size.free)
    before = None if obstacle.refuses else _last_image(project, any_size, obstacle)
    if obstacle.refuses:
        title = f"{obstacle.node} takes no other size"
        help_ = f"Change {obstacle.node}, or let {inputs[0]} have a fixed size"
    else:
        title = f"{obstacle.node} needs a fixed size"
        help_ = f"Let {inputs[0]} have a fixed size"
        if before is not None:
            where = before[1].target
            help_ = (
                f"Put a global or adaptive pooling before {where}, which makes every image the "
                f"same size, or let {inputs[0]} have a fixed size"
            )
    fixes = [*_pooling(any_size, before)] if before is not None else []
    fixes.append(Fix(f"Turn off any size of {inputs[0]}", _turn_off(inputs)))
    return Problem(
        code=CODE,
        title=title + within,
        text=f"{obstacle.node} keeps the network from taking any size: {sentence(obstacle.what)} "
        f"{sentence(help_)}",
        block=obstacle.block,
        node=obstacle.node,
        port="in" if obstacle.refuses else "",
        path=obstacle.path,
        fixes=tuple(fixes),
    )


def _turn_off(inputs: Iterable[str]) -> Edit:
    names = tuple(inputs)

    def edit(project: Project) -> Project:
        for name in names:
            project = set_argument(project, MAIN, name, "any_size", False)
        return project

    return edit


Place = tuple[str, Link, TensorSpec]
"""A block, a link in it, and what flows through."""


def _last_image(project: Project, any_size: AnySize, obstacle: Obstacle) -> Place | None:
    """The last link on the way to a node that still carries an image whose size depends on the
    input: in the node's block or, where it enters already flat, in those around it."""
    name, path = obstacle.node, obstacle.path
    while True:
        found = _find_use(any_size, path)
        if found is None:
            return None
        place = _last_image_in(project, *found, name)
        if place is not None or not path:
            return place
        path, name = path[:-1], path[-1]


def _find_use(any_size: AnySize, path: tuple[str, ...]) -> tuple[BlockResult, BlockResult] | None:
    here, there = any_size.here, any_size.there
    for name in path:
        if here is None or there is None or name not in here.nodes or name not in there.nodes:
            return None
        one, other = here.nodes[name].inner, there.nodes[name].inner
        if not one or not other:
            return None
        here, there = one[0], other[0]
    return None if here is None or there is None else (here, there)


def _last_image_in(
    project: Project, here: BlockResult, there: BlockResult, name: str
) -> Place | None:
    links: dict[str, list[Link]] = {}
    for link in project.blocks[here.name].links:
        links.setdefault(link.target, []).append(link)
    waiting, seen = [name], {name}
    while waiting:
        for link in links.get(waiting.pop(0), ()):
            if link.source in seen or link.source not in there.nodes:
                continue
            one = here.nodes[link.source].outputs.get(link.output)
            other = there.nodes[link.source].outputs.get(link.output)
            if one is None or other is None or one == other:
                continue
            if one.rank >= 3 and one.channels == other.channels:
                return here.name, link, one
            seen.add(link.source)
            waiting.append(link.source)
    return None


def _pooling(any_size: AnySize, place: Place) -> Iterator[Fix]:
    """To the present size, which leaves all weights as they are, and to one value a channel."""
    block, link, spec = place
    layer = f"AdaptiveAvgPool{spec.rank - 1}d"
    if layer not in LAYERS:
        return
    present = tuple(spec.sizes[1:])
    for sizes in dict.fromkeys((present, (1,) * len(present))):
        try:
            made = build(LAYERS[layer], {"output_size": sizes}).infer(spec)
        except (ShapeError, ValueError):
            continue
        title = "global average pooling" if set(sizes) == {1} else LAYERS[layer].TITLE
        yield Fix(
            f"Insert {title} before {link.target} (gives {made})",
            _insert(block, link, layer, sizes),
        )


def _insert(block: str, link: Link, layer: str, sizes: tuple[int, ...]) -> Edit:
    arguments = {} if set(sizes) == {1} else {"output_size": sizes}
    return lambda project: insert_with_room(project, block, link, layer, arguments=arguments)
