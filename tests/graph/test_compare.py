"""What is different between two states of a project."""

from __future__ import annotations

from hypothesis import given

from graph.compare import Change, compare
from graph.edits import add_node, move_nodes, remove_nodes, rename_node, set_argument, set_repeat
from graph.project_edits import set_block_parameter, set_project_name
from graph.setting_edits import set_setting
from graph.state import MAIN, BlockParameter, Link, Project
from tests.graph.building import chain, histories, start


def test_added_removed_and_changed_nodes():
    before = chain("layer: Linear, out_features: 3", "layer: ReLU")
    after = add_node(before, MAIN, "Tanh", name="tanh")
    after = remove_nodes(after, MAIN, ["n2"])
    after = set_argument(after, MAIN, "n1", "out_features", 7)
    after = set_setting(after, MAIN, "n1", "frozen", True)
    found = compare(before, after).of(MAIN)
    assert list(found.added) == ["tanh"]
    assert list(found.removed) == ["n2"]
    assert found.changed == {
        "n1": (Change("out_features", "3", "7"), Change("frozen", "no", "yes"))
    }
    assert found.links_added == ()
    assert set(found.links_removed) == {
        Link("n1", "out", "n2", "in"),
        Link("n2", "out", "out", "in"),
    }


def test_an_argument_that_was_the_default_is_named_with_it():
    before = chain("layer: Conv2d, out_channels: 2")
    after = set_argument(before, MAIN, "n1", "kernel_size", (5, 3))
    assert compare(before, after).of(MAIN).changed["n1"] == (
        Change("kernel_size", "3 × 3", "5 × 3"),
    )


def test_places_do_not_count_and_a_new_name_is_another_node():
    before = chain("layer: ReLU")
    assert compare(before, move_nodes(before, MAIN, {"n1": (900, 900)})).is_empty
    found = compare(before, rename_node(before, MAIN, "n1", "relu")).of(MAIN)
    assert (list(found.removed), list(found.added)) == (["n1"], ["relu"])


def test_blocks_parameters_repeats_and_settings():
    before = start()
    after = set_block_parameter(before, "Double", "kernel", BlockParameter(5))
    after = set_repeat(after, MAIN, "body", 3)
    after = set_project_name(after, "Other")
    found = compare(before, after)
    assert found.of("Double").parameters == (Change("kernel", "3", "5"),)
    assert found.of(MAIN).changed == {"body": (Change("repeat", "2", "3"),)}
    assert found.settings == (Change("name", "Untitled", "Other"),)
    assert set(compare(Project(), before).blocks) == set(before.blocks)


def _turned(changes):
    return {Change(one.name, one.after, one.before) for one in changes}


@given(histories())
def test_same_is_empty_and_the_other_way_round_is_the_opposite(states):
    before, after = states[0], states[-1]
    assert compare(after, after).is_empty
    there, back = compare(before, after), compare(after, before)
    assert there.blocks.keys() == back.blocks.keys()
    assert set(there.settings) == _turned(back.settings)
    for name, one in there.blocks.items():
        other = back.blocks[name]
        assert one.added == other.removed
        assert one.removed == other.added
        assert set(one.links_added) == set(other.links_removed)
        assert set(one.links_removed) == set(other.links_added)
        assert set(one.parameters) == _turned(other.parameters)
        assert one.changed.keys() == other.changed.keys()
        for node, changes in one.changed.items():
            assert set(changes) == _turned(other.changed[node])
            assert all(change.before != change.after for change in changes)
