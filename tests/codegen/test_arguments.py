"""The network's parameters as arguments of its class: `Segmenter(in_channels=1, classes=2)` is what
the project with these values is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn

from codegen.module import NotReadyError, generate
from graph.check import check_project
from graph.expression import Expression
from graph.files import from_text, load, to_text
from graph.inference import infer_block
from graph.project_edits import set_block_parameter
from graph.state import MAIN, Project
from graph.templates import all_templates, load_template
from tests.codegen.building import network_of, project_of
from tests.codegen.random_networks import settled_networks

PROJECTS = Path(__file__).parent.parent / "files" / "projects"
ARGUMENTS, CONDITIONS = PROJECTS / "arguments.yaml", PROJECTS / "conditions.yaml"

WITH_PARAMETERS = [
    template.id for template in all_templates() if load_template(template.id).main.parameters
]


def with_values(project: Project, values: dict[str, Any]) -> Project:
    """The project in which the network's parameters have other values."""
    for name, value in values.items():
        parameter = replace(project.main.parameters[name], default=value)
        project = set_block_parameter(project, MAIN, name, parameter)
    return project


def assert_arguments_give_the_project(project: Project, values: dict[str, Any]) -> None:
    """That keyword arguments and the values in the file make the same network."""
    other = with_values(project, values)
    result = infer_block(other, MAIN)
    assert not result.broken
    torch.manual_seed(0)
    by_arguments = network_of(project, **values).eval()
    in_file = network_of(other).eval()
    state = by_arguments.state_dict()
    assert {key: value.shape for key, value in state.items()} == {
        key: value.shape for key, value in in_file.state_dict().items()
    }
    in_file.load_state_dict(state)
    inputs = [
        torch.rand(1, *result.nodes[name].outputs["out"].sizes) for name in other.main.input_names()
    ]
    with torch.no_grad():
        output = by_arguments(*inputs)
        torch.testing.assert_close(output, in_file(*inputs), rtol=0, atol=0)
    assert tuple(output.shape[1:]) == next(iter(result.outputs.values())).sizes


@settings(max_examples=15)
@given(
    values=st.fixed_dictionaries(
        {},
        optional={
            "in_channels": st.integers(1, 5),
            "classes": st.integers(1, 7),
            "width": st.integers(1, 9),
            "output_stride": st.sampled_from([8, 16]),
            "padding_mode": st.sampled_from(["zeros", "reflect"]),
        },
    )
)
def test_every_argument_does_what_its_value_in_the_file_does(values):
    assert_arguments_give_the_project(load(ARGUMENTS).project, values)


@settings(max_examples=15)
@given(
    values=st.fixed_dictionaries(
        {},
        optional={
            "in_channels": st.integers(1, 5),
            "width": st.integers(1, 9),
            "upsampling": st.sampled_from(["transposed", "bilinear"]),
            "smooth": st.booleans(),
        },
    )
)
def test_conditions_choose_what_is_there(values):
    assert_arguments_give_the_project(load(CONDITIONS).project, values)


@pytest.mark.parametrize("first", ["gate", "image"])
@pytest.mark.parametrize("drawn", [1, 3])
def test_one_gate_for_all_channels_follows_their_number(first, drawn):
    second = {"gate": "image", "image": "gate"}[first]
    project = project_of(
        {
            "image": "layer: Input, shape: [= channels, 8, 8]",
            "gate": "layer: Conv2d, kernel_size: 1, out_channels: 1",
            "gated": "layer: Multiply",
            "conv": "layer: Conv2d, out_channels: 4",
            "out": "layer: Output",
        },
        [
            *("image -> gate", f"{first} -> gated.in_1", f"{second} -> gated.in_2"),
            *("gated -> conv", "conv -> out"),
        ],
        parameters=f"{{channels: {drawn}}}",
    )
    for channels in (1, 2, 3):
        assert_arguments_give_the_project(project, {"channels": channels})


def test_a_node_is_in_the_code_under_its_condition():
    project = load(CONDITIONS).project
    transposed = network_of(project)
    bilinear = network_of(project, upsampling="bilinear", smooth=False)
    assert isinstance(transposed.up.transposed, nn.ConvTranspose2d)
    assert isinstance(transposed.up.bilinear, nn.Identity)
    assert transposed.after.learning_rate_factor == 2
    assert isinstance(bilinear.up.transposed, nn.Identity)
    assert isinstance(bilinear.up.bilinear.enlarge, nn.Upsample)
    assert isinstance(bilinear.after, nn.Identity)


def under(layer: str) -> Project:
    return project_of(
        {
            "image": "layer: Input, shape: [1, 8, 8]",
            "maybe": f"layer: {layer}, only_if: not small",
            "pool": "layer: MaxPool2d, kernel_size: 6",
            "out": "layer: Output",
        },
        ["image -> maybe", "maybe -> pool", "pool -> out"],
        parameters="{small: true}",
    )


def test_what_is_wrong_with_other_values_is_said_instead_of_code():
    assert not check_project(under("Flatten"))
    with pytest.raises(NotReadyError, match=r"other values .*makes 64 of 1×8×8"):
        generate(under("Flatten"))


def test_values_with_which_a_node_would_not_fit_are_refused():
    project = under("Conv2d, kernel_size: 9")
    assert not check_project(project)
    assert network_of(project)(torch.rand(2, 1, 8, 8)).shape == (2, 1, 1, 1)
    with pytest.raises(ValueError, match=r"not small does not fit the input: maybe: the filter"):
        network_of(project, small=False)


@settings(max_examples=20)
@given(project=settled_networks(), values=st.data())
def test_arguments_of_random_networks(project, values):
    given_ = values.draw(
        st.fixed_dictionaries(
            {"channels": st.integers(1, 6), "rate": st.sampled_from([0.25, 0.5, 0.75])}
        )
    )
    other = with_values(project, given_)
    result = infer_block(other, MAIN)
    assume(not result.broken)
    try:
        in_file = network_of(other)
    except NotReadyError:
        return
    by_arguments = network_of(project, **given_)
    assert {key: value.shape for key, value in by_arguments.state_dict().items()} == {
        key: value.shape for key, value in in_file.state_dict().items()
    }


OTHER = {
    "in_channels": 2,
    "classes": 3,
    "width": 12,
    "hidden": 20,
    "depth": 3,
    "image_size": 96,
}


@pytest.mark.parametrize("id_", WITH_PARAMETERS)
def test_templates_take_their_parameters_as_arguments(id_):
    project = load_template(id_)
    values = {name: value for name, value in OTHER.items() if name in project.main.parameters}
    other = with_values(project, values)
    result = infer_block(other, MAIN)
    # Sizes without numbers: some of them are large.
    with torch.device("meta"):
        by_arguments, in_file = network_of(project, **values), network_of(other)
        output = by_arguments(
            *(
                torch.rand(2, *result.nodes[name].outputs["out"].sizes)
                for name in other.main.input_names()
            )
        )
    assert {key: value.shape for key, value in by_arguments.state_dict().items()} == {
        key: value.shape for key, value in in_file.state_dict().items()
    }
    if isinstance(output, torch.Tensor):
        assert tuple(output.shape[1:]) == next(iter(result.outputs.values())).sizes


def test_an_input_whose_channels_are_a_parameter_survives_its_file():
    project = load(ARGUMENTS).project
    assert project.main.nodes["image"].arguments["shape"] == (Expression("in_channels"), 32, 48)
    assert from_text(to_text(project)).project == project
    assert "shape: [= in_channels, 32, 48]" in to_text(project)


def test_true_and_false_count_as_numbers():
    project = project_of(
        {
            "image": "layer: Input, shape: [= 1 + colour * 2, 8, 8]",
            "conv": "layer: Conv2d, out_channels: = 4 + colour",
            "out": "layer: Output",
        },
        ["image -> conv", "conv -> out"],
        parameters="{colour: false}",
    )
    assert_arguments_give_the_project(project, {})
    assert_arguments_give_the_project(project, {"colour": True})


@pytest.mark.parametrize("drawn", [(0, False), (4, True)])
@pytest.mark.parametrize("other", [(0, False), (0, True), (4, False), (4, True)])
@pytest.mark.filterwarnings("ignore:LSTM with projections")
def test_projections_and_directions_of_recurrent_layers_can_be_parameters(drawn, other):
    """A projection of 0 is none: then the result is as long as the memory."""
    nodes = {
        "steps": "layer: Input, shape: [5, 6]",
        "lstm": "layer: LSTM, hidden_size: 8, proj_size: = short, bidirectional: = both",
        "flat": "layer: Flatten",
        "scores": "layer: Linear, out_features: 3",
        "out": "layer: Output",
    }
    links = ["steps -> lstm", "lstm -> flat", "flat -> scores", "scores -> out"]
    project = project_of(nodes, links, parameters="{short: 0, both: false}")
    project = with_values(project, dict(zip(("short", "both"), drawn, strict=True)))
    assert_arguments_give_the_project(project, dict(zip(("short", "both"), other, strict=True)))
