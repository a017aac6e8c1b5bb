"""SPP-net and the first YOLO networks are exactly those of the papers and of darknet."""

import pytest
import torch

from graph.document import Document
from graph.templates import load_template
from tests.codegen.building import network_of
from tests.templates import transcriptions_detection as plain
from tests.templates.parity import (
    assert_same_outputs,
    template_with,
    with_the_same_weights,
    without_dropout,
)
from training.check import task_problems

# weights, multiply-adds in thousand millions, size of the result
PUBLISHED = {
    "sppnet-zf5": (77_037_672, 1.2153, (1000,)),
    "sppnet-zf5-421": (46_628_968, 1.185, (1000,)),
    "yolo-v1": (271_703_550, 20.285, (30, 7, 7)),
    "yolo-v1-darknet": (197_301_875, 20.211, (1715,)),
    "yolo-v1-tiny": (27_095_374, 1.608, (1470,)),
    "yolo-v1-fast": (45_089_374, 2.419, (1470,)),
    "yolo-small": (2_014_989, 0.0578, (13, 7, 7)),
    "yolo-convolutional": (987_037, 0.3691, (13, 14, 14)),
}


@pytest.mark.parametrize("id_", PUBLISHED)
def test_weights_and_multiply_adds_are_the_published_ones(id_):
    weights, multiply_adds, size = PUBLISHED[id_]
    project = load_template(id_)
    document = Document(project)
    result = document.result()
    assert document.problems == []
    assert result.parameters == weights
    assert [output.sizes for output in result.outputs.values()] == [size]
    # The numbers are given with four digits.
    assert result.multiply_adds / 1e9 == pytest.approx(multiply_adds, rel=6e-4, abs=5e-5)


# what makes the same network in plain PyTorch, in its full size
TRANSCRIPTIONS = {
    "sppnet-zf5": lambda: plain.SPPNet((6, 3, 2, 1)),
    "sppnet-zf5-421": lambda: plain.SPPNet((4, 2, 1)),
    "yolo-v1": plain.yolo,
    "yolo-v1-darknet": plain.yolo_darknet,
    "yolo-v1-tiny": plain.yolo_tiny,
    "yolo-v1-fast": plain.yolo_fast,
    "yolo-small": plain.yolo_small,
    "yolo-convolutional": plain.yolo_convolutional,
}


@pytest.mark.parametrize("id_", TRANSCRIPTIONS)
def test_its_weights_have_the_sizes_of_the_published_network(id_):
    with torch.device("meta"):
        ours, theirs = template_with(id_), TRANSCRIPTIONS[id_]()
    assert [value.shape for value in ours.state_dict().values()] == [
        value.shape for value in theirs.state_dict().values()
    ]
    assert sum(p.numel() for p in theirs.parameters()) == PUBLISHED[id_][0]


@pytest.mark.parametrize(
    ("id_", "levels"), [("sppnet-zf5", (6, 3, 2, 1)), ("sppnet-zf5-421", (4, 2, 1))]
)
def test_a_pyramid_of_pools_gives_what_the_paper_says_at_any_size(id_, levels):
    ours, theirs = with_the_same_weights(
        lambda: template_with(id_, width=4, hidden=32, classes=10),
        lambda: plain.SPPNet(levels, width=12, hidden=32, classes=10),
    )
    for sizes in ((224, 224), (180, 180), (201, 157)):
        assert_same_outputs(ours, theirs, 3, *sizes)


def test_yolo_gives_what_the_paper_says():
    ours, theirs = with_the_same_weights(
        lambda: template_with("yolo-v1", width=4, hidden=64, classes=5),
        lambda: plain.yolo(share=16, hidden=64, classes=5),
    )
    assert_same_outputs(ours, theirs, 3, 448, 448)


def test_yolo_of_darknet_gives_what_its_file_says():
    ours, theirs = with_the_same_weights(
        lambda: template_with("yolo-v1-darknet", width=4, boxes=2),
        lambda: plain.yolo_darknet(share=16, boxes=2),
    )
    # Dropout follows the order in memory, which the locally connected layer leaves to itself.
    for network in (ours, theirs):
        without_dropout(network)
    assert_same_outputs(ours, theirs, 3, 448, 448)


def test_small_yolos_of_darknet_give_what_their_files_say():
    for id_, make, others in (
        ("yolo-v1-tiny", plain.yolo_tiny, {}),
        ("yolo-v1-fast", plain.yolo_fast, {"hidden": 64}),
    ):
        ours, theirs = with_the_same_weights(
            lambda id_=id_, others=others: template_with(id_, width=2, **others),
            lambda make=make, others=others: make(share=8, **others),
        )
        assert_same_outputs(ours, theirs, 3, 448, 448)


def test_the_small_yolo_is_five_convolutions_and_two_linear_layers():
    ours, theirs = with_the_same_weights(lambda: template_with("yolo-small"), plain.yolo_small)
    assert_same_outputs(ours, theirs, 3, 112, 112)


def test_the_convolutional_yolo_takes_other_sizes_too():
    ours, theirs = with_the_same_weights(
        lambda: template_with("yolo-convolutional"), plain.yolo_convolutional
    )
    for sizes in ((224, 224), (112, 176)):
        assert_same_outputs(ours, theirs, 3, *sizes)


def test_the_small_yolo_keeps_its_weights_in_larger_images():
    project = load_template(
        "yolo-small",
        overrides=[
            "blocks.main.nodes.image.shape=[= in_channels, 224, 224]",
            "blocks.main.nodes.conv5.stride=2",
            "data.image_size=224",
        ],
    )
    result = Document(project).result()
    assert task_problems(project, result) == []
    assert result.parameters == PUBLISHED["yolo-small"][0]
    ours, theirs = with_the_same_weights(
        lambda: network_of(project), lambda: plain.yolo_small(stride=2)
    )
    assert_same_outputs(ours, theirs, 3, 224, 224)
