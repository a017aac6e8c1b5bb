"""Receptive fields, against the gradients of real networks and published numbers."""

from __future__ import annotations

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from graph.cost import CostCounter
from graph.field import NOTHING, Along, Field, behind, first_field, together
from graph.inference import infer_block
from graph.layer import Window
from graph.state import MAIN, Project
from tests.codegen.building import network_of
from tests.graph.building import chain, project_of
from tests.graph.networks import RESIDUAL, alexnet, resnet18, vgg

SIZE = 96
LARGEST = 50


def seen_by(project: Project, node: str) -> Field | None:
    return CostCounter().count(project, infer_block(project, MAIN)).nodes[node].sees


def measured(project: Project, *, positions: int) -> tuple[int, int]:
    """The largest extent of non-zero gradients of single outputs around the centre.

    All weights are one, so that nothing cancels out.
    """
    network = network_of(project).double()
    for weight in network.parameters():
        torch.nn.init.ones_(weight)
    image = torch.ones(1, 1, SIZE, SIZE, dtype=torch.float64, requires_grad=True)
    output = network(image)
    row, column = output.shape[2] // 2, output.shape[3] // 2
    largest = [0, 0]
    for step in range(positions):
        value = output[0, :, row + step, column + step].sum()
        (gradient,) = torch.autograd.grad(value, image, retain_graph=True)
        for axis in (0, 1):
            places = gradient[0, 0].abs().sum(dim=1 - axis).nonzero()
            largest[axis] = max(largest[axis], int(places.max() - places.min()) + 1)
    return largest[0], largest[1]


def _pair(low: int, high: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(low, high), min_size=2, max_size=2)


CONV = st.builds(
    "layer: Conv2d, out_channels: 1, bias: false, kernel_size: {}, stride: {}, dilation: {}".format,
    _pair(1, 4),
    _pair(1, 2),
    _pair(1, 2),
)
POOL = st.builds("layer: AvgPool2d, kernel_size: {}, stride: {}".format, _pair(1, 3), _pair(1, 3))
EVERY = st.builds(
    "layer: Conv2d, out_channels: 1, bias: false, kernel_size: {}, dilation: {}".format,
    _pair(1, 4),
    _pair(1, 2),
)
UP = st.sampled_from(
    (
        "layer: Upsample, scale_factor: 2",
        "layer: Upsample, scale_factor: 3",
        "layer: Upsample, scale_factor: 2, mode: bilinear",
        "layer: ConvTranspose2d, out_channels: 1, bias: false, kernel_size: 2, stride: 2",
        "layer: ConvTranspose2d, out_channels: 1, bias: false, kernel_size: 4, stride: 2",
        "layer: ConvTranspose2d, out_channels: 1, bias: false, kernel_size: 3, stride: 1",
    )
)
ODD = st.just("layer: ConvTranspose2d, out_channels: 1, bias: false, kernel_size: 5, stride: 2")
"""Its values see two or three pixels in turn; taken for three everywhere."""


def _declared(layers: list[str]) -> tuple[Project, Field]:
    project = chain(*layers, shape=f"[1, {SIZE}, {SIZE}]")
    sees = seen_by(project, f"n{len(layers)}")
    assume(sees is not None and max(sees.places) <= LARGEST)
    assert isinstance(sees, Field)
    out = infer_block(project, MAIN).outputs
    assume(out and min(out["out"].sizes[1:]) > 12 and max(out["out"].sizes[1:]) < 400)
    return project, sees


@given(st.lists(CONV | POOL, min_size=1, max_size=4))
def test_convolutions_and_pools_see_what_their_gradients_reach(layers):
    project, sees = _declared(layers)
    assert measured(project, positions=1) == sees.places


@given(st.lists(CONV | POOL, max_size=2), UP, st.lists(EVERY, max_size=2))
def test_behind_an_upsampling_the_luckiest_place_sees_so_much(before, up, after):
    project, sees = _declared([*before, up, *after])
    assert measured(project, positions=6) == sees.places


@given(st.lists(CONV | POOL | UP | ODD, min_size=1, max_size=4))
def test_nothing_sees_more_than_it_says(layers):
    project, sees = _declared(layers)
    assert all(m <= s for m, s in zip(measured(project, positions=3), sees.places, strict=True))


@pytest.mark.parametrize(
    ("project", "node", "places"),
    [
        # Araujo, Norris and Sim 2019 publish 195 for AlexNet and 212 for VGG-16.
        (alexnet(), "n13", 195),
        (vgg(16), "n31", 212),
        # 11 behind the pooling; 4 filters of 3 in steps of 4, 1 in steps of 4 and 3 of 8, ...
        (resnet18(), "n11", 435),
    ],
    ids=["alexnet", "vgg16", "resnet18"],
)
def test_published_fields(project, node, places):
    sees = seen_by(project, node)
    assert sees is not None
    assert sees.places == (places, places)


def test_a_branch_that_sees_more_counts():
    project = project_of(
        {
            "image": "layer: Input, shape: [1, 32, 32]",
            "small": "layer: Conv2d, out_channels: 1, padding: 1",
            "large": "layer: Conv2d, out_channels: 1, kernel_size: 7, padding: 3",
            "add": "layer: Add",
            "last": "layer: Conv2d, out_channels: 1",
            "out": "layer: Output",
        },
        [
            "image -> small",
            "image -> large",
            "small -> add.in_1",
            "large -> add.in_2",
            "add -> last",
            "last -> out",
        ],
    )
    assert seen_by(project, "add") == Field((Along(7), Along(7)))
    assert seen_by(project, "last") == seen_by(project, "out") == Field((Along(9), Along(9)))


def test_a_block_and_its_repetitions_are_what_they_consist_of():
    body = ["layer: Conv2d, out_channels: 64, padding: 1", "layer: ReLU"]
    first = "layer: Conv2d, out_channels: 64, padding: 1, stride: 2"
    flat = chain(first, *body * 6, shape="[3, 64, 64]")
    blocks = chain(first, "block: Basic, repeat: 3", shape="[3, 64, 64]", blocks=RESIDUAL)
    assert seen_by(blocks, "n2") == seen_by(flat, "n13") == Field((Along(27, 2),) * 2)


def test_behind_a_flatten_everything_is_seen():
    project = chain("layer: Conv2d", "layer: Flatten", "layer: Linear", shape="[1, 8, 8]")
    assert [seen_by(project, name) for name in ("n2", "n3", "out")] == [None, None, None]


def test_the_rules_by_hand():
    window = Window((3,), (2,))
    assert behind(first_field(1), window) == Field((Along(3, 2),))
    assert behind(Field((Along(3, 2),)), window) == Field((Along(7, 4),))
    assert behind(None, window) is behind(first_field(1), None) is None
    assert behind(NOTHING, window) is NOTHING
    assert together([]) is together([NOTHING]) is NOTHING
    assert together([NOTHING, first_field(2)]) == first_field(2)
    assert together([first_field(2), None]) is None


def test_behind_an_enlargement_by_hand():
    # Every pixel three times, then a filter of 2: it may reach over the border of two pixels.
    enlarged = Along().behind(1, 1 / 3)
    assert (enlarged.places, enlarged.step) == (1, 1 / 3)
    assert [enlarged.behind(size, 1).places for size in (1, 2, 4, 5)] == [1, 2, 2, 3]
    # Where every second pixel was left out before, the next one is two places away.
    assert Along(1, 2).behind(1, 1 / 2).behind(2, 1).places == 3
    # Made small again by the same factor, all is as before.
    assert enlarged.behind(3, 3) == Along(2, 1)
