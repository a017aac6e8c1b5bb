"""Which sizes of its input a network takes, compared with trying them all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from graph.check import check_project
from graph.edits import set_argument
from graph.inference import infer_block
from graph.legal_sizes import LegalSizes, legal_sizes
from graph.size_pattern import SizePattern, search
from graph.state import MAIN, Project
from graph.templates import load_template
from tests.graph.building import chain, project_of


def found(legal: Callable[[int], bool], start: int) -> tuple[SizePattern, int]:
    """What a search finds, and how many numbers it needed."""
    asked = []

    def ask(number: int) -> bool:
        asked.append(number)
        return legal(number)

    steps = search(ask, start)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value, len(asked)


@pytest.mark.parametrize(
    ("legal", "start", "words"),
    [
        (lambda n: n >= 188 and n % 16 == 12, 572, "188 + 16·k (188, 204, 220, …)"),
        (lambda n: n >= 188 and n % 16 == 12, 570, "188 + 16·k (188, 204, 220, …)"),
        (lambda n: n >= 188 and n % 16 == 12, 100, "188 + 16·k (188, 204, 220, …)"),
        (lambda n: 28 <= n <= 31, 28, "only 28 to 31"),
        (lambda n: n == 28, 28, "only 28"),
        (lambda n: n in (28, 40), 28, "only 28, 40"),
        (lambda n: n >= 12, 224, "any from 12"),
        (lambda n: True, 5, "any"),
        (lambda n: n % 16 == 0, 224, "multiples of 16 (16, 32, 48, …)"),
        (lambda n: n % 32 == 0 and n > 32, 224, "multiples of 32 from 64 (64, 96, 128, …)"),
        (lambda n: n >= 20 and n % 4 < 2, 64, "20, 21, 24, 25, … (repeating every 4)"),
        (lambda n: n <= 100, 64, "1 to 100"),
        (lambda n: n <= 100, 300, "1 to 100"),
        (lambda n: n <= 1000, 224, "1 to 1000"),
        (lambda n: n <= 1000 and n % 8 == 0, 64, "multiples of 8 (8, 16, 24, …) up to 1000"),
        (lambda n: n >= 40 or n in (3, 7), 64, "3, 7, and any from 40"),
        (lambda n: False, 64, "none"),
    ],
)
def test_finds_the_arithmetic(legal: Callable[[int], bool], start: int, words: str) -> None:
    pattern, asked = found(legal, start)
    assert pattern.words() == words
    assert [n for n in range(1, 1300) if n in pattern] == [n for n in range(1, 1300) if legal(n)]
    assert asked <= 810
    below = max((n for n in range(1, start) if legal(n)), default=None)
    above = next((n for n in range(start + 1, 1300) if legal(n)), None)
    assert (pattern.below(start), pattern.above(start)) == (below, above)


def test_asks_little_where_little_is_needed() -> None:
    assert found(lambda n: n >= 188 and n % 16 == 12, 572)[1] < 110
    assert found(lambda n: n >= 32, 224)[1] < 80


DOUBLE = """
  Double:
    parameters: {channels: 64}
    nodes:
      entry: {layer: Input}
      conv1: {layer: Conv2d, out_channels: = channels, kernel_size: 3}
      relu1: {layer: ReLU}
      conv2: {layer: Conv2d, out_channels: = channels, kernel_size: 3}
      relu2: {layer: ReLU}
      leave: {layer: Output}
    links: [entry -> conv1, conv1 -> relu1, relu1 -> conv2, conv2 -> relu2, relu2 -> leave]
"""


def paper_unet(size: int, any_size: bool = False, join: str = "CenterCrop") -> Project:
    """The U-Net of 2015: valid convolutions; each skip connection is cut to what comes up."""
    widths = (64, 128, 256, 512)
    switch = ", any_size: true" if any_size else ""
    nodes = {"image": f"layer: Input, shape: [1, {size}, {size}]{switch}"}
    links, last = [], "image"
    for level, width in enumerate(widths, start=1):
        nodes[f"down{level}"] = f"block: Double, channels: {width}"
        nodes[f"pool{level}"] = "layer: MaxPool2d"
        links += [f"{last} -> down{level}", f"down{level} -> pool{level}"]
        last = f"pool{level}"
    nodes["bottom"] = "block: Double, channels: 1024"
    links.append(f"{last} -> bottom")
    last = "bottom"
    for level, width in reversed(list(enumerate(widths, start=1))):
        nodes[f"up{level}"] = (
            f"layer: ConvTranspose2d, out_channels: {width}, kernel_size: 2, stride: 2"
        )
        nodes[f"crop{level}"] = f"layer: {join}"
        nodes[f"concat{level}"] = "layer: Concat"
        nodes[f"conv{level}"] = f"block: Double, channels: {width}"
        links += [
            f"{last} -> up{level}",
            f"down{level} -> crop{level}",
            f"up{level} -> crop{level}.like",
            f"crop{level} -> concat{level}.in_1",
            f"up{level} -> concat{level}.in_2",
            f"concat{level} -> conv{level}",
        ]
        last = f"conv{level}"
    nodes["score"] = "layer: Conv2d, out_channels: 2, kernel_size: 1"
    nodes["out"] = "layer: Output"
    links += [f"{last} -> score", "score -> out"]
    return project_of(nodes, links, blocks=DOUBLE)


def answer(project: Project) -> LegalSizes:
    legal = legal_sizes(project)
    assert legal is not None
    return legal


class TestPaperUNet:
    def test_takes_188_and_every_16_more(self) -> None:
        legal = answer(paper_unet(572))
        assert legal.legal
        assert [axis.name for axis in legal.axes] == ["height", "width"]
        for axis in legal.axes:
            assert axis.built.formula == "188 + 16·k"
            assert axis.same is None
            assert 572 in axis.built
            assert 570 not in axis.built
        assert legal.words() == ["Height and width: 188 + 16·k (188, 204, 220, …)."]
        assert legal.fixes() == []

    def test_a_size_that_is_not_legal_gets_its_neighbours(self) -> None:
        project = paper_unet(570)
        legal = answer(project)
        assert not legal.legal
        assert legal.nearest == ((1, 556, 556), (1, 572, 572))
        assert legal.words()[0] == (
            "1×570×570 is not legal. The nearest legal ones are 1×556×556 and 1×572×572."
        )
        assert [fix.label for fix in legal.fixes()] == [
            "Make image 1×556×556",
            "Make image 1×572×572",
        ]
        for fix in legal.fixes():
            assert answer(fix.edit(project)).legal

    @pytest.mark.parametrize("size", [188, 204, 572, 700])
    def test_gives_184_less(self, size: int) -> None:
        result = infer_block(paper_unet(size), MAIN)
        assert result.outputs["out"].sizes == (2, size - 184, size - 184)

    def test_may_take_any_size(self) -> None:
        project = paper_unet(572, any_size=True)
        assert check_project(project) == []
        assert answer(project).axes[0].built.formula == "188 + 16·k"


class TestOthers:
    def test_a_linear_layer_ties_the_weights_to_a_few_sizes(self) -> None:
        legal = answer(load_template("lenet5"))
        assert legal.legal
        assert legal.because == "fc1"
        height = legal.axes[0]
        # (h // 2 − 4) // 2 is at least 1 from 12 on, and 5 from 28 to 31.
        assert height.built.words() == "any from 12"
        assert height.same is not None
        assert height.same.words() == "only 28 to 31"
        assert legal.words() == [
            "Height and width: any from 12.",
            "Weights made for 1×28×28 fit height and width: only 28 to 31, because of fc1.",
        ]

    def test_a_linear_layer_far_behind_strides_is_found(self) -> None:
        pools = ["layer: MaxPool2d"] * 5
        legal = answer(chain(*pools, "layer: Flatten", "layer: Linear", shape="[3, 224, 224]"))
        assert legal.words()[1].startswith(
            "Weights made for 3×224×224 fit height and width: only 224 to 255, because of "
        )

    def test_global_pooling_sets_them_free(self) -> None:
        legal = answer(load_template("resnet-small"))
        assert legal.words() == ["Height and width: any."]

    def test_a_concat_of_pooled_maps_needs_multiples(self) -> None:
        nodes = {"image": "layer: Input, shape: [3, 64, 96]"}
        links, last = [], "image"
        for level in (1, 2, 3, 4):
            nodes[f"pool{level}"] = "layer: MaxPool2d"
            links.append(f"{last} -> pool{level}")
            last = f"pool{level}"
        nodes |= {
            "up": "layer: Upsample, scale_factor: 16",
            "join": "layer: Concat",
            "out": "layer: Output",
        }
        links += [f"{last} -> up", "up -> join.in_1", "image -> join.in_2", "join -> out"]
        legal = answer(project_of(nodes, links))
        assert legal.words() == ["Height and width: multiples of 16 (16, 32, 48, …)."]

    def test_height_and_width_that_change_only_together(self) -> None:
        project = project_of(
            {
                "image": "layer: Input, shape: [3, 20, 20]",
                "turn": "layer: Permute, dims: [1, 3, 2]",
                "add": "layer: Concat",
                "out": "layer: Output",
            },
            ["image -> turn", "image -> add.in_1", "turn -> add.in_2", "add -> out"],
        )
        assert answer(project).words() == ["Height and width together: any."]

    def test_two_images_change_together(self) -> None:
        project = project_of(
            {
                "left": "layer: Input, shape: [3, 20, 20]",
                "right": "layer: Input, shape: [3, 20, 20]",
                "pool": "layer: MaxPool2d, kernel_size: 3, padding: 1",
                "add": "layer: Concat",
                "out": "layer: Output",
            },
            ["left -> add.in_1", "right -> add.in_2", "add -> pool", "pool -> out"],
        )
        assert answer(project).words() == ["Height and width: any."]

    def test_a_problem_that_no_size_mends(self) -> None:
        legal = answer(chain("layer: Reshape, shape: [5, 7]", shape="[1, 9, 11]"))
        assert not legal.legal
        assert "No legal size" in legal.words()[0]

    def test_nothing_to_say_without_an_image(self) -> None:
        assert legal_sizes(chain("layer: ReLU", shape="[7]")) is None
        assert legal_sizes(Project()) is None

    def test_a_rectangle_that_is_too_small_on_one_side(self) -> None:
        project = chain("layer: Conv2d, kernel_size: 7", shape="[1, 5, 50]")
        legal = answer(project)
        assert legal.nearest == ((1, 7, 50),)
        assert answer(legal.fixes()[0].edit(project)).legal

    def test_any_size_keeps_to_the_weights(self) -> None:
        project = set_argument(load_template("lenet5"), MAIN, "image", "any_size", True)
        mended = check_project(project)[0].fixes[0].edit(project)
        assert answer(mended).words() == ["Height and width: any from 12."]
