"""How the templates lie on the canvas: no node on another, no link behind a node."""

from itertools import combinations

import pytest

from graph.direction import BY_RESOLUTION
from graph.geometry import crosses
from graph.templates import all_templates, load_template

HEM = 2.0
"""How far a link may run along the edge of a node."""


def faults(view):
    """What lies on or behind something, in words."""
    scene = view.items_scene
    cards = {name: item.card_on_canvas() for name, item in scene.node_items.items()}
    found = [
        f"{one} lies on {other}"
        for one, other in combinations(cards, 2)
        if cards[one].intersects(cards[other])
    ]
    for link, item in scene.link_items.items():
        for name, card in cards.items():
            inside = card.adjusted(HEM, HEM, -HEM, -HEM)
            edges = (inside.left(), inside.top(), inside.right(), inside.bottom())
            own = name in (link.source, link.target)
            # A link ends at the edge of its own nodes.
            points = item.points()[1:-1] if own else item.points()
            if len(points) > 1 and crosses(points, edges):
                found.append(f"{link} runs behind {name}")
    return found


@pytest.mark.parametrize("id_", [template.id for template in all_templates()])
def test_nothing_lies_on_or_behind_something_else(open_canvas, id_):
    project = load_template(id_)
    view = open_canvas(project)
    for block in project.blocks:
        view.editor.open_block(block)
        assert faults(view) == [], block


@pytest.mark.parametrize("depth", [1, 4, None])
@pytest.mark.parametrize("id_", ["unet", "unet-small", "unet-paper"])
def test_a_unet_stands_as_arranging_puts_it(open_canvas, id_, depth):
    of = [] if depth is None else [f"blocks.main.parameters.depth.default={depth}"]
    project = load_template(id_, overrides=of)
    assert project.main.arrangement == BY_RESOLUTION
    view = open_canvas(project)
    view.arranger.arrange()
    assert view.editor.document.state is project
