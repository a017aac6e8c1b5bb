"""Giving an argument a value where it is decided: on the node, or at a parameter of the network."""

from hypothesis import given
from hypothesis import strategies as st

from graph.deciding import decide, decided_by
from graph.expression import Expression
from graph.inference import infer_block
from graph.legal_sizes import legal_sizes
from graph.state import MAIN, Project
from tests.graph.building import project_of

SIZE = "[= channels, = side * 2, 8]"


def network(shape: str = SIZE) -> Project:
    return project_of(
        {
            "image": f"layer: Input, shape: {shape}",
            "conv": "layer: Conv2d, out_channels: = channels",
            "out": "layer: Output",
        },
        ["image -> conv", "conv -> out"],
        parameters="{channels: {default: 1, help: Colours.}, side: 4}",
    )


def test_a_parameter_that_gives_a_size_changes_and_keeps_its_help():
    project = decide(network(), "image", "shape", (3, 8, 8))
    assert project.main.parameters["channels"].default == 3
    assert project.main.parameters["channels"].help == "Colours."
    shape = (Expression("channels"), Expression("side * 2"), 8)
    assert project.main.nodes["image"].arguments["shape"] == shape


def test_one_parameter_for_two_sizes_that_differ_gives_the_first():
    square = network("[= channels, = side, = side]")
    shape = decide(square, "image", "shape", (1, 6, 6)).main.nodes["image"].arguments["shape"]
    assert shape == (Expression("channels"), Expression("side"), Expression("side"))
    oblong = decide(square, "image", "shape", (1, 6, 9))
    assert oblong.main.nodes["image"].arguments["shape"] == (*shape[:2], 9)
    assert oblong.main.parameters["side"].default == 6
    assert infer_block(oblong, MAIN).nodes["image"].outputs["out"].sizes == (1, 6, 9)


def test_an_expression_that_gives_another_value_is_replaced():
    project = decide(network(), "image", "shape", (1, 12, 8))
    assert project.main.nodes["image"].arguments["shape"] == (Expression("channels"), 12, 8)
    assert project.main.parameters["side"].default == 4


def test_what_has_the_value_already_stays_as_it_is():
    assert decide(network(), "image", "shape", (1, 8, 8)) == network()
    assert decide(network(), "conv", "out_channels", 1) == network()


def test_an_expression_that_gives_nothing_is_replaced():
    project = decide(network("[= nobody, 8, 8]"), "image", "shape", (2, 8, 8))
    assert project.main.nodes["image"].arguments["shape"] == (2, 8, 8)


def test_which_parameter_decides():
    assert decided_by(network(), Expression("channels")) == "channels"
    assert decided_by(network(), Expression("channels * 2")) == ""
    assert decided_by(network(), 3) == ""


def test_a_size_that_is_made_legal_keeps_the_parameter_of_the_channels():
    project = project_of(
        {
            "image": "layer: Input, shape: [= channels, 9, 9]",
            "down": "layer: MaxPool2d",
            "up": "layer: Upsample",
            "join": "layer: Concat",
            "out": "layer: Output",
        },
        [
            *("image -> down", "down -> up", "up -> join.in_1"),
            *("image -> join.in_2", "join -> out"),
        ],
        parameters="{channels: 2}",
    )
    legal = legal_sizes(project)
    assert legal is not None
    assert legal.fixes()
    for fix in legal.fixes():
        mended = fix.edit(project)
        assert mended.main.nodes["image"].arguments["shape"][0] == Expression("channels")
        assert not infer_block(mended, MAIN).broken


@given(sizes=st.tuples(*[st.integers(1, 64)] * 3))
def test_the_input_has_the_size_afterwards(sizes):
    project = decide(network(), "image", "shape", sizes)
    assert infer_block(project, MAIN).nodes["image"].outputs["out"].sizes == sizes
