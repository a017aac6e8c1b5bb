"""The open project: one signal for every state, with exactly what changed."""

from __future__ import annotations

import pytest
from hypothesis import given

from graph.document import Difference, Document, compare_blocks
from graph.edits import add_node, move_nodes, remove_nodes, rename_node, set_argument
from graph.links import connect, remove_links
from graph.problem import Problem
from graph.project_edits import (
    add_block,
    remove_block,
    set_block_parameter,
    set_data,
    set_notes,
    set_project_name,
    set_training,
)
from graph.state import MAIN, BlockParameter, Link, Project
from graph.templates import load_template
from tests.graph.building import chain, histories, project_of, start


class Listener:
    """Every difference that a document tells."""

    def __init__(self, document: Document) -> None:
        self.heard: list[Difference] = []
        document.changed.connect(self.heard.append)

    def last(self) -> Difference:
        return self.heard[-1]


@pytest.fixture
def document():
    return Document(start())


def difference(document: Document, after: Project) -> Difference:
    listener = Listener(document)
    document.set_state(after)
    assert len(listener.heard) == 1, "one signal for one state"
    return listener.last()


def test_the_same_state_is_no_change(document):
    listener = Listener(document)
    document.set_state(document.state)
    assert listener.heard == []


@given(states=histories())
def test_one_signal_for_every_state(states):
    document = Document(states[0])
    listener = Listener(document)
    changes = 0
    for before, after in zip([states[0], *states], states, strict=False):
        document.set_state(after)
        changes += before is not after
        assert document.state is after
    assert len(listener.heard) == changes


@given(states=histories())
def test_the_difference_turns_one_state_into_the_next(states):
    """Whoever shows only what differences name shows the whole truth."""
    document = Document(states[0])
    shown_nodes = {b: dict(block.nodes) for b, block in states[0].blocks.items()}
    shown_links = {b: set(block.links) for b, block in states[0].blocks.items()}
    shown_results = {b: dict(document.result(b).nodes) for b in states[0].blocks}
    shown_problems = list(document.problems)

    def follow(change: Difference) -> None:
        nonlocal shown_problems
        for block in change.blocks_added:
            shown_nodes[block] = dict(change.after.blocks[block].nodes)
            shown_links[block] = set(change.after.blocks[block].links)
            shown_results[block] = {}
        for block, parts in change.blocks.items():
            for name in parts.removed:
                del shown_nodes[block][name]
            for name in (*parts.added, *parts.changed):
                shown_nodes[block][name] = change.after.blocks[block].nodes[name]
            shown_links[block] -= set(parts.links_removed)
            assert not shown_links[block] & set(parts.links_added)
            shown_links[block] |= set(parts.links_added)
        for block, names in change.results.items():
            for name in names:
                if name in change.after.blocks[block].nodes:
                    shown_results[block][name] = document.node_result(block, name)
                else:
                    shown_results[block].pop(name, None)
        if change.problems:
            shown_problems = list(document.problems)

    document.changed.connect(follow)
    for state in states:
        document.set_state(state)
    for name, block in states[-1].blocks.items():
        assert shown_nodes[name] == block.nodes
        assert shown_links[name] == set(block.links)
        assert shown_results[name] == document.result(name).nodes
    assert shown_problems == document.problems


def test_a_moved_node(document):
    change = difference(document, move_nodes(document.state, MAIN, {"conv": (5, 5)}))
    assert change.blocks[MAIN].changed == ("conv",)
    assert change.blocks.keys() == {MAIN}
    assert not change.results[MAIN], "sizes stay"
    assert not change.problems
    assert not change.settings


def test_a_new_node_and_link(document):
    change = difference(document, add_node(document.state, MAIN, "ReLU", name="new"))
    assert change.blocks[MAIN].added == ("new",)
    assert change.results[MAIN] == {"new"}
    assert change.problems, "it receives nothing yet"
    change = difference(document, connect(document.state, MAIN, "relu", "new"))
    assert change.blocks[MAIN].links_added == (Link("relu", "out", "new", "in"),)
    assert change.blocks[MAIN].added == ()


def test_a_renamed_node_counts_as_removed_and_added(document):
    change = difference(document, rename_node(document.state, MAIN, "relu", "bend"))
    parts = change.blocks[MAIN]
    assert (parts.added, parts.removed, parts.changed) == (("bend",), ("relu",), ())
    assert {str(link) for link in parts.links_added} == {"body -> bend", "bend -> add.in_1"}


def test_removed_nodes(document):
    change = difference(document, remove_nodes(document.state, MAIN, ["relu"]))
    parts = change.blocks[MAIN]
    assert parts.removed == ("relu",)
    assert {str(link) for link in parts.links_added} == {"body -> add.in_1"}
    assert len(parts.links_removed) == 3
    assert document.node_result(MAIN, "relu").outputs == {}


def test_results_name_only_what_is_new():
    document = Document(load_template("lenet5"))
    change = difference(document, set_argument(document.state, MAIN, "conv2", "bias", False))
    assert change.results[MAIN] == {"conv2"}
    change = difference(document, set_argument(document.state, MAIN, "conv2", "out_channels", 8))
    assert change.results[MAIN] == {"conv2", "tanh2", "pool2", "flatten", "fc1"}


def test_a_change_inside_a_block_reaches_its_uses(document):
    change = difference(document, set_argument(document.state, "Double", "conv2", "bias", False))
    assert change.results[MAIN] == {"body", "outer"}
    assert change.results["Double"] == {"conv2"}
    assert change.results["Outer"] == {"one"}
    assert change.blocks.keys() == {"Double"}


def test_parameters_of_a_block(document):
    after = set_block_parameter(document.state, "Double", "width", BlockParameter(9))
    assert difference(document, after).blocks["Double"].parameters


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda p: set_project_name(p, "Other"), True),
        (lambda p: set_notes(p, "Words"), True),
        (lambda p: set_data(p, {"dataset": "digits"}), True),
        (lambda p: set_training(p, {"epochs": 3}), True),
        (lambda p: move_nodes(p, MAIN, {"conv": (1, 1)}), False),
    ],
)
def test_settings(document, edit, told):
    assert difference(document, edit(document.state)).settings is told


@pytest.mark.parametrize(
    "edit",
    [
        lambda p: set_data(p, dict(p.data)),
        lambda p: set_training(p, dict(p.training)),
        lambda p: set_notes(p, p.notes),
        lambda p: set_project_name(p, p.name),
    ],
)
def test_settings_that_stay_are_no_edit(edit):
    project = load_template("lenet5")
    assert edit(project) is project


def test_blocks_that_come_and_go(document):
    change = difference(document, add_block(document.state, "Later"))
    assert (change.blocks_added, change.blocks_removed) == (("Later",), ())
    change = difference(document, remove_block(document.state, "Later"))
    assert (change.blocks_added, change.blocks_removed) == ((), ("Later",))


def test_another_project_altogether():
    document = Document(chain("layer: ReLU"))
    document.set_state(load_template("resnet-small"))
    assert document.problems == []
    assert document.result("Residual").outputs
    document.set_state(Project())
    assert [problem.code for problem in document.problems] == ["empty"]
    assert document.has_errors


def test_links_that_only_change_places_are_no_difference():
    project = project_of(
        {"x": "layer: Input", "a": "layer: ReLU", "b": "layer: ReLU"}, ["x -> a", "x -> b"]
    )
    other = project_of(
        {"x": "layer: Input", "a": "layer: ReLU", "b": "layer: ReLU"}, ["x -> b", "x -> a"]
    )
    parts = compare_blocks(project.main, other.main)
    assert (parts.links_added, parts.links_removed) == ((), ())


def test_further_checks_see_every_state():
    seen = []

    def check(project, result):
        seen.append((project, set(result.nodes)))
        return [Problem("mine", "No good", "It is no good.")]

    document = Document(start(), checks=[check])
    assert document.problems[-1].code == "mine"
    document.set_state(remove_links(document.state, MAIN, document.state.main.links[:1]))
    assert seen[-1] == (document.state, set(document.state.main.nodes))


def test_an_unused_block_has_results_by_itself():
    document = Document(add_block(start(), "Alone", start().blocks["Double"]))
    assert document.result("Alone").nodes["conv1"].outputs["out"].sizes == (4, 8, 8)
    assert document.node_result("Alone", "nobody").outputs == {}
