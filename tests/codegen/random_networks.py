"""Random networks without errors, with names that are awkward on purpose."""

from __future__ import annotations

import contextlib
from dataclasses import replace

from hypothesis import strategies as st

from codegen.module import NotReadyError, generate
from graph.check import check_project
from graph.edits import EditError, add_node, rename_node, set_repeat
from graph.expression import Expression
from graph.inference import infer_block
from graph.links import connect
from graph.node_settings import SETTINGS
from graph.setting_edits import set_setting
from graph.state import MAIN, Project
from tests.codegen.building import project_of
from tests.graph.building import setting_value

BLOCKS = """
  Double:
    parameters: {width: 4, kernel: 3, slope: 0.2, flat: false}
    nodes:
      entry: {layer: Input, shape: [1, 8, 8]}
      conv1: {layer: Conv2d, out_channels: = width, kernel_size: = kernel, padding: 1}
      bend: {layer: LeakyReLU, negative_slope: = slope}
      conv2: {layer: Conv2d, out_channels: = width * 2, padding: 1, bias: = flat}
      leave: {layer: Output}
    links: [entry -> conv1, conv1 -> bend, bend -> conv2, conv2 -> leave]
  Around:
    parameters: {size: 3}
    nodes:
      in_channels: {layer: Input, shape: [2, 8, 8]}
      one: {block: Double, width: = size, repeat: 2}
      gate: {layer: Sigmoid}
      join: {layer: Concat}
      leave: {layer: Output}
    links:
    - in_channels -> one
    - one -> gate
    - gate -> join.in_1
    - in_channels -> join.in_2
    - join -> leave
  Norm:
    nodes:
      x: {layer: Input}
      norm: {layer: BatchNorm2d}
      relu: {layer: ReLU}
      h: {layer: Output}
    links: [x -> norm, norm -> relu, relu -> h]
  Halves:
    nodes:
      whole: {layer: Input, shape: [4, 8, 8]}
      cut: {layer: Chunk}
      one: {layer: Output}
      other: {layer: Output}
    links: [whole -> cut, cut.out_1 -> one, cut.out_2 -> other]
"""

CHOICES: list[tuple[str, bool, dict[str, object]]] = [
    ("Conv2d", False, {"out_channels": 6, "padding": (1, 1)}),
    ("Conv2d", False, {"out_channels": Expression("channels * 2"), "stride": (2, 1)}),
    ("MaxPool2d", False, {}),
    ("BatchNorm2d", False, {}),
    ("ReLU", False, {}),
    ("Dropout", False, {"p": Expression("rate")}),
    ("Flatten", False, {}),
    ("Linear", False, {"out_features": Expression("channels")}),
    ("Linear", False, {"each_position": True}),
    ("Add", False, {}),
    ("Multiply", False, {}),
    ("Concat", False, {}),
    ("Chunk", False, {}),
    ("Permute", False, {"dims": (3, 1, 2)}),
    ("AdaptiveAvgPool2d", False, {"output_size": (2, 3)}),
    ("Reshape", False, {"shape": (-1, 2)}),
    ("Upsample", False, {}),
    ("LSTM", False, {"hidden_size": 3}),
    ("GRU", False, {"hidden_size": 3, "bidirectional": True}),
    ("Double", True, {"width": Expression("channels"), "kernel": 1}),
    ("Double", True, {"flat": True, "slope": 0.1}),
    ("Around", True, {"size": 2}),
    ("Around", True, {}),
    ("Norm", True, {}),
    ("Halves", True, {}),
]

NAMES = (
    *("x", "h", "value", "y", "N", "C", "H", "W", "in_channels", "in_height", "in_features"),
    *(
        "Double",
        "Net",
        "int",
        "tuple",
        "zip",
        "size",
        "F",
        "mean",
        "torch_",
        "out",
        "data",
        "a_out",
    ),
)


def _ends(project: Project) -> list[tuple[str, str]]:
    """Every output of every node, with sizes."""
    result = infer_block(project, MAIN)
    return [(name, port) for name, node in result.nodes.items() for port in node.outputs]


@st.composite
def networks(draw: st.DrawFn) -> Project:
    """A network that can be generated; nodes that would not fit are left out."""
    shape = draw(st.sampled_from(["[1, 8, 8]", "[4, 8, 6]", "[6]", "[5, 4]"]))
    other = draw(st.sampled_from(["[4, 8, 6]", "[6]"]))
    project = project_of(
        {"image": f"layer: Input, shape: {shape}", "extra": f"layer: Input, shape: {other}"},
        [],
        parameters="{channels: 4, rate: 0.5}",
        blocks=BLOCKS,
    )
    for number in range(draw(st.integers(1, 9))):
        kind, is_block, arguments = draw(st.sampled_from(CHOICES))
        name = f"n{number}"
        grown = add_node(project, MAIN, kind, name=name, arguments=arguments, is_block=is_block)
        if is_block and kind != "Halves":
            grown = set_repeat(grown, MAIN, name, draw(st.sampled_from([1, 1, 2, 3])))
        ends = _ends(project)
        for _ in range(draw(st.integers(1, 3)) if kind in ("Add", "Multiply", "Concat") else 1):
            # Most often the newest one, so that networks become deep.
            source, port = draw(st.sampled_from([ends[-1], *ends]))
            grown = connect(grown, MAIN, source, name, output=port)
        if infer_block(grown, MAIN).nodes[name].outputs:
            project = grown
    project = _with_outputs(draw, project)
    for name in list(project.main.nodes):
        wish = draw(st.sampled_from([name, name, *NAMES]))
        if wish not in project.main.nodes:
            project = rename_node(project, MAIN, name, wish)
    project = replace(project, name=draw(st.sampled_from(["Net", "Double", "x", "1", "Tensor"])))
    assert not [p for p in check_project(project) if p.severity == "error"]
    return project


@st.composite
def settled_networks(draw: st.DrawFn) -> Project:
    """A network some of whose nodes, also inside of blocks, have settings."""
    project = draw(networks())
    for _ in range(draw(st.integers(1, 6))):
        # Those of a block hold for all of its uses.
        block = draw(st.sampled_from([MAIN, MAIN, *project.blocks]))
        names = sorted(project.blocks[block].nodes)
        setting = draw(st.sampled_from((*SETTINGS, "shares", "frozen")))
        value = draw(setting_value(setting, names))
        with contextlib.suppress(EditError, NotReadyError):
            name = draw(st.sampled_from(names))
            changed = set_setting(project, block, name, setting, value)
            if not [p for p in check_project(changed) if p.severity == "error"]:
                generate(changed)
                project = changed
    return project


def _with_outputs(draw: st.DrawFn, project: Project) -> Project:
    """Outputs where nothing follows, and perhaps one more."""
    linked = {(link.source, link.output) for link in project.main.links}
    loose = [end for end in _ends(project) if end not in linked]
    wanted = [*loose[:3], *([draw(st.sampled_from(_ends(project)))] if draw(st.booleans()) else [])]
    for number, (source, port) in enumerate(wanted):
        project = add_node(project, MAIN, "Output", name=f"result{number}")
        try:
            project = connect(project, MAIN, source, f"result{number}", output=port)
        except EditError as error:
            raise AssertionError(f"{source}.{port}") from error
    return project
