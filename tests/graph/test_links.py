"""Links: which can be drawn, numbered ports, and nodes put into links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.edits import EditError, add_node, remove_nodes
from graph.links import (
    CycleError,
    LinkRefusedError,
    NoSuchPortError,
    PortTakenError,
    check_link,
    connect,
    insert_on_link,
    leads_to,
    remove_links,
)
from graph.ports import shown_inputs, split_number
from graph.state import MAIN, Link, Project
from tests.graph.building import chain, check_invariants, project_of


def branches(count: int) -> Project:
    """`count` activations of one input, joined."""
    nodes = {"x": "layer: Input, shape: [4]"}
    nodes |= {f"b{number}": "layer: ReLU" for number in range(1, count + 1)}
    nodes |= {"add": "layer: Add", "out": "layer: Output"}
    links = [f"x -> b{number}" for number in range(1, count + 1)]
    links += [f"b{number} -> add.in_{number}" for number in range(1, count + 1)]
    return project_of(nodes, [*links, "add -> out"])


def links_into(project: Project, name: str) -> list[str]:
    return [str(link) for link in project.main.links if link.target == name]


@pytest.mark.parametrize(
    ("link", "error", "words"),
    [
        (Link("x", "out", "x", "in"), NoSuchPortError, 'x has no input "in"'),
        (Link("b1", "out", "b1", "in"), CycleError, "cannot be linked to itself"),
        (Link("add", "out", "b1", "in"), PortTakenError, "already has a link"),
        (Link("x", "out", "b1", "in"), PortTakenError, "already linked like this"),
        (Link("x", "left", "add", "in_3"), NoSuchPortError, 'no output "left"'),
        (Link("x", "out", "add", "in"), NoSuchPortError, 'no input "in"'),
        (Link("x", "out", "add", "in_0"), NoSuchPortError, 'no input "in_0"'),
        (Link("x", "out", "add", "in_01"), NoSuchPortError, 'no input "in_01"'),
        (Link("out", "out", "add", "in_3"), NoSuchPortError, 'out has no output "out"'),
        (Link("nobody", "out", "add", "in_3"), EditError, 'no node "nobody"'),
    ],
)
def test_refused_links_say_why(link, error, words):
    with pytest.raises(error) as refusal:
        check_link(branches(2), MAIN, link)
    assert words in str(refusal.value)


def test_a_circle_is_refused_however_long():
    project = chain("layer: Add", *["layer: ReLU"] * 6)
    with pytest.raises(CycleError, match="n1 already leads to n7"):
        connect(project, MAIN, "n7", "n1", input="in_2")


def test_replacing_a_link():
    project = branches(2)
    with pytest.raises(PortTakenError):
        connect(project, MAIN, "b1", "b2")
    project = connect(project, MAIN, "b1", "b2", replacing=True)
    assert links_into(project, "b2") == ["b1 -> b2"]


def test_a_replacement_that_is_refused_leaves_the_old_link():
    project = branches(2)
    with pytest.raises(CycleError):
        connect(project, MAIN, "add", "b2", replacing=True)
    assert links_into(project, "b2") == ["x -> b2"]


def test_variadic_ports_take_one_more():
    project = connect(branches(2), MAIN, "x", "add")
    assert links_into(project, "add")[-1] == "x -> add.in_3"
    add = project.main.nodes["add"]
    ports = (*list(_ports(project, add)),)
    assert shown_inputs(ports, ["in_1", "in_2", "in_3"]) == ["in_1", "in_2", "in_3", "in_4"]


def _ports(project, node):
    from graph.ports import input_ports

    return input_ports(project, node)


@given(gone=st.sets(st.integers(1, 6)))
def test_numbered_ports_close_up_in_order(gone):
    project = branches(6)
    cut = [Link(f"b{number}", "out", "add", f"in_{number}") for number in gone]
    left = [number for number in range(1, 7) if number not in gone]
    expected = [f"b{number} -> add.in_{place}" for place, number in enumerate(left, start=1)]
    assert links_into(remove_links(project, MAIN, cut), "add") == expected
    removed = remove_nodes(project, MAIN, [f"b{number}" for number in gone])
    assert links_into(removed, "add") == expected
    check_invariants(removed)


def test_removing_a_link_that_is_not_there_is_no_edit():
    project = branches(2)
    assert remove_links(project, MAIN, [Link("b2", "out", "b1", "in")]) is project


def test_inserting_into_a_link():
    project = chain("layer: ReLU")
    project = insert_on_link(project, MAIN, Link("image", "out", "n1", "in"), "Conv2d")
    assert [str(link) for link in project.main.links] == [
        "image -> conv1",
        "conv1 -> n1",
        "n1 -> out",
    ]
    middle = project.main.nodes["conv1"].at
    first, second = project.main.nodes["image"].at, project.main.nodes["n1"].at
    assert middle == ((first[0] + second[0]) / 2, (first[1] + second[1]) / 2)


def test_inserting_a_merge_uses_its_first_branch():
    project = insert_on_link(chain(), MAIN, Link("image", "out", "out", "in"), "Add")
    assert "image -> add1.in_1" in [str(link) for link in project.main.links]


@pytest.mark.parametrize("kind", ["Input", "Output"])
def test_what_cannot_stand_in_a_link(kind):
    with pytest.raises(EditError, match="cannot stand in a link"):
        insert_on_link(chain(), MAIN, Link("image", "out", "out", "in"), kind)


def test_inserting_into_a_link_that_is_gone():
    with pytest.raises(EditError, match="no longer there"):
        insert_on_link(chain(), MAIN, Link("image", "out", "n1", "in"), "ReLU")


def test_where_data_leads():
    project = branches(2)
    assert leads_to(project.main, "x", "out")
    assert leads_to(project.main, "x", "x")
    assert not leads_to(project.main, "b1", "b2")


def test_unknown_layers_have_no_ports_but_can_be_removed():
    project = project_of(
        {"x": "layer: Input", "odd": "layer: Later", "out": "layer: Output"},
        ["x -> odd", "odd -> out"],
    )
    with pytest.raises(LinkRefusedError):
        connect(project, MAIN, "x", "odd", input="other")
    assert links_into(remove_nodes(project, MAIN, ["odd"]), "out") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [("in_1", ("in", 1)), ("a_b_12", ("a_b", 12)), ("in", None), ("in_0", None), ("in_x", None)],
)
def test_numbers_of_ports(text, expected):
    assert split_number(text) == expected


def test_links_read_as_they_are_written():
    assert str(Link("a", "out", "b", "in")) == "a -> b"
    assert str(Link("a", "hidden", "b", "in_2")) == "a.hidden -> b.in_2"


def test_new_nodes_have_no_links():
    assert add_node(chain(), MAIN, "ReLU").main.links == chain().main.links
