"""Links around a block that is shown in place: none is hidden, and the way back."""

from __future__ import annotations

import itertools
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from graph.around import show_expanded
from graph.drawn import straight
from graph.edits import with_block
from graph.expanding import size_of
from graph.layout import arrange
from graph.state import MAIN, Block, Link, Node, frozen
from tests.graph.layouts import Card, behind, card_of, networks


@st.composite
def with_a_block(draw):
    """Any arranged network of which one node is a block, its name, and how it is drawn."""
    project = draw(networks())
    main = project.main
    name = draw(st.sampled_from(sorted(main.nodes)))
    inputs = [link.input for link in main.links if link.target == name]
    nodes = [Node(one, "Input", at=(0.0, 0.0)) for one in inputs]
    nodes += [Node("leave", "Output", at=(0.0, 500.0)), Node("first", "Concat")]
    away = draw(st.tuples(st.integers(-600, 600), st.integers(0, 400)))
    nodes.append(Node("second", "Concat", at=(float(away[0]), float(away[1]))))
    links = [Link(one, "out", "first", f"in_{n}") for n, one in enumerate(inputs, 1)]
    inner = Block(frozen({node.name: node for node in nodes}), tuple(links))
    block = replace(main.nodes[name], type="Inner", is_block=True)
    main = replace(main, nodes=frozen({**main.nodes, name: block}))
    project = with_block(with_block(project, MAIN, main), "Inner", inner)
    project = arrange(project, MAIN)
    expanded = replace(project.main.nodes[name], expanded=True)
    size = size_of(project, expanded, main.direction)
    return project, name, Card(*size, main.direction, ports=max(len(inputs), 2))


@given(drawn=with_a_block())
def test_an_expanded_block_hides_no_link(drawn):
    project, name, area = drawn
    after = show_expanded(project, MAIN, name, True, {}, area, straight)
    shapes = {name: area}
    assert behind(after, shapes) == []
    cards = [card_of(after, shapes, one) for one in after.main.nodes]
    for (a, b, c, d), (left, top, right, bottom) in itertools.combinations(cards, 2):
        assert c <= left or right <= a or d <= top or bottom <= b


@given(drawn=with_a_block())
def test_a_card_again_hides_none_either(drawn):
    project, name, area = drawn
    after = show_expanded(project, MAIN, name, True, {}, area, straight)
    back = show_expanded(after, MAIN, name, False, {}, area, straight)
    assert {n: node.at for n, node in back.main.nodes.items()} == {
        n: node.at for n, node in project.main.nodes.items()
    }
    assert behind(back) == []
    if not any(link.dots for link in project.main.links):
        assert not any(link.dots for link in back.main.links)
