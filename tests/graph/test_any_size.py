"""Inputs of any size: what depends on them, what stands in their way, and what the code does."""

from __future__ import annotations

import pytest
import torch

from codegen.module import NotReadyError, generate
from graph.check import check_project
from graph.document import Document
from graph.edits import Edit, move_nodes, set_argument
from graph.problem import Problem
from graph.size_formulas import SizeFormulas
from graph.state import MAIN, Project
from graph.templates import load_template
from tests.codegen.building import network_of
from tests.graph.building import chain, project_of


def lenet(any_size: bool = True) -> Project:
    return set_argument(load_template("lenet5"), MAIN, "image", "any_size", any_size)


def only_problem(project: Project) -> Problem:
    problems = check_project(project)
    assert len(problems) == 1, [problem.title for problem in problems]
    return problems[0]


class TestProblems:
    def test_names_the_node_whose_weights_depend_on_the_size(self) -> None:
        problem = only_problem(lenet())
        assert (problem.severity, problem.node) == ("error", "fc1")
        # 16 channels of (92 // 2 − 4) // 2 by (156 // 2 − 4) // 2.
        assert "120×400 for an input of 1×28×28" in problem.text
        assert f"120×{16 * 21 * 37} for 1×92×156" in problem.text
        assert "before flatten" in problem.text

    def test_every_fix_helps_and_the_first_keeps_all_weights(self) -> None:
        project = lenet()
        problem = only_problem(project)
        assert [fix.label for fix in problem.fixes] == [
            "Insert Adaptive average pooling before flatten (gives 16×5×5)",
            "Insert global average pooling before flatten (gives 16×1×1)",
            "Turn off any size of image",
        ]
        for fix in problem.fixes:
            assert check_project(fix.edit(project)) == []
        before, after = Document(project), Document(problem.fixes[0].edit(project))
        assert before.result().parameters == after.result().parameters

    def test_refuses_code_and_says_why(self) -> None:
        with pytest.raises(NotReadyError, match="fc1 needs a fixed size"):
            generate(lenet())

    def test_is_silent_where_the_network_takes_every_size(self) -> None:
        project = load_template("resnet-small")
        name = project.main.input_names()[0]
        assert check_project(set_argument(project, MAIN, name, "any_size", True)) == []

    def test_finds_what_lies_inside_a_block_and_mends_it_outside(self) -> None:
        project = project_of(
            {
                "image": "layer: Input, shape: [3, 16, 16], any_size: true",
                "conv": "layer: Conv2d, out_channels: 4, kernel_size: 3",
                "head": "block: Head",
                "o": "layer: Output",
            },
            ["image -> conv", "conv -> head", "head -> o"],
            blocks="""
  Head:
    nodes: {e: {layer: Input}, flat: {layer: Flatten}, fc: {layer: Linear}, l: {layer: Output}}
    links: [e -> flat, flat -> fc, fc -> l]
""",
        )
        problem = only_problem(project)
        assert (problem.block, problem.node, problem.path) == ("Head", "fc", ("head",))
        assert problem.title == "fc needs a fixed size (in head)"
        assert "Put a global or adaptive pooling before flat" in problem.text
        for fix in problem.fixes:
            assert check_project(fix.edit(project)) == []

    def test_mends_the_outer_block_where_an_inner_one_receives_a_vector(self) -> None:
        project = project_of(
            {
                "image": "layer: Input, shape: [3, 16, 16], any_size: true",
                "flat": "layer: Flatten",
                "head": "block: Head",
                "o": "layer: Output",
            },
            ["image -> flat", "flat -> head", "head -> o"],
            blocks="""
  Head:
    nodes: {e: {layer: Input}, fc: {layer: Linear}, l: {layer: Output}}
    links: [e -> fc, fc -> l]
""",
        )
        problem = only_problem(project)
        assert (problem.block, problem.node) == ("Head", "fc")
        mended = problem.fixes[0].edit(project)
        assert check_project(mended) == []
        assert "adaptiveavgpool1" in mended.main.nodes

    @pytest.mark.parametrize(
        ("layer", "size"),
        [
            ("layer: Upsample, scale_factor: 2", 32),
            ("layer: ZeroPad2d, left: 2, right: 2, top: 2, bottom: 2", 60),
        ],
    )
    def test_two_images_grow_in_proportion_or_by_as_much_each(self, layer: str, size: int) -> None:
        project = project_of(
            {
                "image": "layer: Input, shape: [3, 64, 64], any_size: true",
                "small": f"layer: Input, shape: [3, {size}, {size}], any_size: true",
                "enlarge": layer,
                "join": "layer: Concat",
                "out": "layer: Output",
            },
            ["image -> join.in_1", "small -> enlarge", "enlarge -> join.in_2", "join -> out"],
        )
        assert check_project(project) == []

    def test_names_what_takes_no_other_size_at_all(self) -> None:
        project = chain("layer: Reshape, shape: [12, 4]", shape="[3, 4, 4], any_size: true")
        problem = only_problem(project)
        assert problem.title == "n1 takes no other size"
        assert "cannot arrange" in problem.text

    @pytest.mark.parametrize(
        ("layer", "what"),
        [
            ("layer: Linear, out_features: 5, each_position: true", "weights would be 5×28"),
            ("layer: LayerNorm, axes: 3", "weights would be 2×20×28"),
        ],
    )
    def test_sees_weights_that_belong_to_places(self, layer: str, what: str) -> None:
        problem = only_problem(chain(layer, shape="[2, 20, 28], any_size: true"))
        assert what in problem.text

    def test_refuses_data_without_a_size_that_could_be_free(self) -> None:
        project = chain("layer: ReLU", shape="[7], any_size: true")
        problem = only_problem(project)
        assert "only images" in problem.text
        assert problem.fixes[0].label.startswith("Turn “Any size” off")
        assert check_project(problem.fixes[0].edit(project)) == []

    def test_takes_sequences_of_any_length_on_the_axis_of_the_steps(self) -> None:
        signal = chain("layer: Conv1d, kernel_size: 3", shape="[4, 50], any_size: true")
        assert check_project(signal) == []
        assert Document(signal).any_size.free == {"image": (1,)}
        steps = chain("layer: LSTM, hidden_size: 3", shape="[50, 4], any_size: true")
        assert check_project(steps) == []
        assert Document(steps).any_size.free == {"image": (0,)}


class TestDependence:
    def test_of_every_axis(self) -> None:
        document = Document(only_problem(lenet()).fixes[0].edit(lenet()))
        depends = document.any_size.depends
        assert depends(MAIN, "image", "out") == (False, True, True)
        assert depends(MAIN, "pool2", "out") == (False, True, True)
        assert depends(MAIN, "adaptiveavgpool1", "out") == (False, False, False)
        assert depends(MAIN, "nothing", "out") == ()

    def test_inside_blocks(self) -> None:
        project = load_template("resnet-small")
        name = project.main.input_names()[0]
        document = Document(set_argument(project, MAIN, name, "any_size", True))
        assert document.any_size.depends("Downsample", "conv1", "out") == (False, True, True)

    def test_is_nothing_without_the_switch(self) -> None:
        assert Document(lenet(False)).any_size.depends(MAIN, "image", "out") == ()

    def test_switching_tells_every_node_whose_look_changes(self) -> None:
        document = Document(lenet(False))
        told: list[frozenset[str]] = []
        document.changed.connect(lambda difference: told.append(difference.results[MAIN]))
        document.set_state(lenet(True))
        document.set_state(lenet(False))
        assert {"image", "conv1", "flatten"} <= told[0]
        assert {"image", "conv1", "flatten"} <= told[1]

    def test_editing_gives_what_a_fresh_start_gives(self) -> None:
        document = Document(lenet())
        project = lenet()
        edits: list[Edit] = [
            lambda p: set_argument(p, MAIN, "conv1", "kernel_size", (3, 3)),
            lambda p: move_nodes(p, MAIN, {"conv1": (5.0, 5.0)}),
            lambda p: set_argument(p, MAIN, "image", "shape", (1, 40, 60)),
            lambda p: set_argument(p, MAIN, "image", "any_size", False),
            lambda p: set_argument(p, MAIN, "image", "any_size", True),
            lambda p: check_project(p)[0].fixes[0].edit(p),
            lambda p: set_argument(p, MAIN, "image", "shape", (1, 28, 28)),
        ]
        for edit in edits:
            project = edit(project)
            document.set_state(project)
            fresh = Document(project)
            assert document.problems == fresh.problems
            for node in project.main.nodes:
                for port in document.node_result(MAIN, node).outputs:
                    assert document.any_size.depends(MAIN, node, port) == fresh.any_size.depends(
                        MAIN, node, port
                    )


class TestCode:
    def test_runs_at_several_sizes_and_its_comments_say_them(self) -> None:
        project = only_problem(lenet()).fixes[0].edit(lenet())
        text = generate(project).text
        assert "# (N, 16, H // 4 - 2, W // 4 - 2)" in text
        assert "# (N, in_channels, H, W)" in text
        network = network_of(project)
        seen = []
        network.get_submodule("pool2").register_forward_hook(
            lambda _, __, out: seen.append(tuple(out.shape))
        )
        for height, width in ((28, 28), (33, 61), (100, 20)):
            assert network(torch.zeros(2, 1, height, width)).shape == (2, 10)
            assert seen[-1] == (2, 16, height // 4 - 2, width // 4 - 2)

    def test_blocks_take_no_sizes_as_arguments(self) -> None:
        project = load_template("resnet-small")
        name = project.main.input_names()[0]
        text = generate(set_argument(project, MAIN, name, "any_size", True)).text
        fixed = generate(project).text
        assert [line.partition("#")[0] for line in text.splitlines()] == [
            line.partition("#")[0] for line in fixed.splitlines()
        ]


class TestFormulas:
    def formulas(self, project: Project, block: str, node: str) -> list[str]:
        document = Document(project)
        return [str(line) for line in SizeFormulas(project, document.any_size).of(block, node)]

    def test_over_the_size_of_the_input(self) -> None:
        project = lenet()
        assert self.formulas(project, MAIN, "image") == ["height: H = 28", "width: W = 28"]
        assert self.formulas(project, MAIN, "conv1") == ["height: H = 28", "width: W = 28"]
        assert self.formulas(project, MAIN, "pool2") == [
            "height: ⌊H / 4⌋ − 2 = 5",
            "width: ⌊W / 4⌋ − 2 = 5",
        ]
        assert self.formulas(project, MAIN, "fc1") == []

    def test_inside_a_block(self) -> None:
        project = load_template("resnet-small")
        name = project.main.input_names()[0]
        project = set_argument(project, MAIN, name, "any_size", True)
        size = project.main.nodes[name].arguments.get("shape", (1, 28, 28))[1]
        assert self.formulas(project, "Downsample", "conv1") == [
            f"height: ⌊(H + 1) / 2⌋ = {(size + 1) // 2}",
            f"width: ⌊(W + 1) / 2⌋ = {(size + 1) // 2}",
        ]

    def test_of_an_output(self) -> None:
        project = chain("layer: Conv2d, kernel_size: 3", shape="[1, 9, 11], any_size: true")
        assert self.formulas(project, MAIN, "out") == ["height: H − 2 = 7", "width: W − 2 = 9"]

    def test_are_not_shown_where_they_would_not_hold_everywhere(self) -> None:
        # The last window starts in the padding at 8, but not at 72: the rule decides by the size.
        pool = "layer: MaxPool2d, kernel_size: 2, stride: 5, padding: 1, ceil_mode: true"
        project = chain(pool, shape="[1, 9, 9], any_size: true")
        document = Document(project)
        assert document.any_size.depends(MAIN, "n1", "out") == (False, True, True)
        formulas = SizeFormulas(project, document.any_size).of(MAIN, "n1")
        pair = document.any_size.pair(MAIN)
        assert pair is not None
        for line in formulas:
            assert line.value == pair[0].nodes["n1"].outputs["out"].sizes[1]

    def test_letters_do_not_hide_a_parameter(self) -> None:
        project = project_of(
            {
                "image": "layer: Input, shape: [1, 9, 9], any_size: true",
                "conv": "layer: Conv2d, out_channels: = H, kernel_size: 3",
                "out": "layer: Output",
            },
            ["image -> conv", "conv -> out"],
            parameters="{H: 4}",
        )
        assert self.formulas(project, MAIN, "conv") == [
            "height: H_image − 2 = 7",
            "width: W − 2 = 7",
        ]
        assert "# (N, H, H_image - 2, W - 2)" in generate(project).text
