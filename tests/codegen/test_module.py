"""Generated modules run, and do what the canvas says."""

import ast
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional

from codegen.module import NotReadyError, generate
from graph.files import FileError
from graph.inference import infer_block
from graph.state import MAIN, Project, frozen
from graph.templates import all_templates, load_template
from tests.codegen.building import DOUBLE_CONV, network_of, project_of, run_module

TEMPLATES = [template.id for template in all_templates()]


def _count(network):
    return sum(parameter.numel() for parameter in network.parameters())


@pytest.mark.parametrize("id_", TEMPLATES)
def test_sizes_and_parameters_are_those_of_the_canvas(id_):
    project = load_template(id_)
    result = infer_block(project, MAIN)
    # Sizes without numbers: some templates have over a hundred million weights.
    with torch.device("meta"):
        network = network_of(project)
        inputs = [
            torch.rand(2, *result.nodes[name].outputs["out"].sizes)
            for name in project.main.input_names()
        ]
        given = network(*inputs)
    outputs = given if isinstance(given, tuple) else (given,)
    wanted = [spec.sizes for spec in result.outputs.values()]
    assert [tuple(output.shape[1:]) for output in outputs] == wanted
    assert _count(network) == result.parameters


@pytest.mark.parametrize("id_", TEMPLATES)
def test_top_level_attributes_are_the_nodes(id_):
    project = load_template(id_)
    with torch.device("meta"):
        keys = {key.partition(".")[0] for key in network_of(project).state_dict()}
    assert keys <= project.main.nodes.keys()


class PlainLeNet(nn.Module):
    """LeNet-5 as a person would write it, from the published sizes."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = functional.avg_pool2d(torch.tanh(self.conv1(x)), 2)
        x = functional.avg_pool2d(torch.tanh(self.conv2(x)), 2).flatten(1)
        return self.fc3(torch.tanh(self.fc2(torch.tanh(self.fc1(x)))))


def test_lenet_computes_what_a_plain_transcription_computes():
    torch.manual_seed(0)
    plain, ours = PlainLeNet(), network_of(load_template("lenet5"))
    ours.load_state_dict(plain.state_dict())
    x = torch.rand(4, 1, 28, 28)
    torch.testing.assert_close(ours(x), plain(x), rtol=0, atol=1e-6)


def _plain_residual(state, prefix, x, *, project, stride):
    def norm(x, name):
        return functional.batch_norm(
            x,
            state[f"{prefix}{name}.running_mean"],
            state[f"{prefix}{name}.running_var"],
            state[f"{prefix}{name}.weight"],
            state[f"{prefix}{name}.bias"],
        )

    y = functional.conv2d(x, state[f"{prefix}conv1.weight"], stride=stride, padding=1)
    y = functional.relu(norm(y, "norm1"))
    y = norm(functional.conv2d(y, state[f"{prefix}conv2.weight"], padding=1), "norm2")
    if project:
        x = functional.conv2d(x, state[f"{prefix}shortcut.weight"], stride=stride)
        x = norm(x, "norm3")
    return functional.relu(x + y)


def test_small_resnet_computes_what_plain_functions_compute():
    torch.manual_seed(1)
    network = network_of(load_template("resnet-small"), depth=3).eval()
    state = network.state_dict()
    x = torch.rand(2, 1, 16, 16)
    expected = functional.conv2d(x, state["stem.weight"], padding=1)
    expected = functional.relu(
        functional.batch_norm(
            expected,
            state["norm.running_mean"],
            state["norm.running_var"],
            state["norm.weight"],
            state["norm.bias"],
        )
    )
    for number in range(3):
        expected = _plain_residual(state, f"stage1.{number}.", expected, project=False, stride=1)
    expected = _plain_residual(state, "down.", expected, project=True, stride=2)
    for number in range(3):
        expected = _plain_residual(state, f"stage2.{number}.", expected, project=False, stride=1)
    expected = functional.linear(expected.mean((2, 3)), state["fc.weight"], state["fc.bias"])
    torch.testing.assert_close(network(x), expected, rtol=1e-5, atol=1e-5)


@given(width=st.integers(1, 24), depth=st.integers(1, 4), classes=st.integers(1, 12))
def test_constructor_arguments_do_what_other_defaults_would(width, depth, classes):
    by_argument = network_of(
        load_template("resnet-small"), width=width, depth=depth, classes=classes
    )
    changed = load_template(
        "resnet-small",
        overrides=[
            f"blocks.main.parameters.{name}={value}"
            for name, value in (("width", width), ("depth", depth), ("classes", classes))
        ],
    )
    by_default = network_of(changed)
    sizes = {key: value.shape for key, value in by_argument.state_dict().items()}
    assert sizes == {key: value.shape for key, value in by_default.state_dict().items()}
    assert _count(by_argument) == infer_block(changed, MAIN).parameters


def test_all_uses_of_a_block_share_one_class():
    project = project_of(
        {
            "image": "layer: Input, shape: [3, 16, 16]",
            "a": "block: DoubleConv, out_channels: 4",
            "b": "block: DoubleConv, out_channels: 7",
            "out": "layer: Output",
        },
        ["image -> a", "a -> b", "b -> out"],
        blocks=DOUBLE_CONV,
    )
    module = generate(project)
    assert module.text.count("class DoubleConv") == 1
    assert tuple(network_of(project)(torch.rand(1, 3, 16, 16)).shape) == (1, 7, 16, 16)


def test_uses_whose_code_must_differ_get_classes_of_their_own():
    """A Flatten before a Linear makes the constructor depend on height and width; the same block on
    a vector does not, so it is another class."""
    blocks = """
  Head:
    parameters: {classes: 10}
    nodes:
      entry: {layer: Input}
      flat: {layer: Flatten}
      fc: {layer: Linear, out_features: = classes}
      leave: {layer: Output}
    links: [entry -> flat, flat -> fc, fc -> leave]
"""
    project = project_of(
        {
            "image": "layer: Input, shape: [3, 8, 6]",
            "first": "block: Head, classes: 5",
            "second": "block: Head, classes: 2",
            "out": "layer: Output",
        },
        ["image -> first", "first -> second", "second -> out"],
        blocks=blocks,
    )
    module = generate(project)
    assert "in_channels * in_height * in_width" in module.text
    assert module.text.count("class Head") == 2
    network = network_of(project)
    assert network.first.fc.in_features == 3 * 8 * 6
    assert tuple(network(torch.rand(2, 3, 8, 6)).shape) == (2, 2)


def test_repeats_that_start_differently():
    project = project_of(
        {
            "image": "layer: Input, shape: [3, 16, 16]",
            "a": "block: DoubleConv, out_channels: 4, repeat: 3",
            "out": "layer: Output",
        },
        ["image -> a", "a -> out"],
        blocks=DOUBLE_CONV,
    )
    network = network_of(project)
    assert [one.conv1.in_channels for one in network.a] == [3, 4, 4]
    assert _count(network) == infer_block(project, MAIN).parameters


def test_a_repeat_that_is_a_parameter_works_from_one_up():
    project = project_of(
        {
            "image": "layer: Input, shape: [3, 16, 16]",
            "a": "block: DoubleConv, out_channels: = width, repeat: = depth",
            "out": "layer: Output",
        },
        ["image -> a", "a -> out"],
        parameters="{width: 4, depth: 1}",
        blocks=DOUBLE_CONV,
    )
    for depth in (1, 2, 4):
        network = network_of(project, depth=depth)
        assert [one.conv1.in_channels for one in network.a] == [3, *[4] * (depth - 1)]


def test_several_outputs_of_a_layer():
    project = project_of(
        {
            "words": "layer: Input, shape: [5, 4]",
            "lstm": "layer: LSTM, hidden_size: 6, num_layers: 2",
            "steps": "layer: Output",
            "state": "layer: Output",
        },
        ["words -> lstm", "lstm -> steps", "lstm.cell -> state"],
    )
    network = network_of(project)
    x = torch.rand(3, 5, 4)
    steps, state = network(x)
    expected, (_, cell) = network.lstm(x)
    torch.testing.assert_close(steps, expected)
    torch.testing.assert_close(state, cell.transpose(0, 1))


def test_lines_and_nodes_find_each_other():
    module = generate(load_template("lenet5"))
    lines = module.text.splitlines()
    construction, call = module.lines_of(MAIN, "conv2")
    assert lines[construction].strip().startswith("self.conv2 = nn.Conv2d(")
    assert lines[call].strip().startswith("x = self.conv2(x)")
    assert module.owner_of(construction) == (MAIN, "conv2")
    assert module.owner_of(0) is None
    assert module.owner_of(10_000) is None
    assert len(module.owners) == len(lines)


def test_moving_nodes_does_not_change_the_code():
    project = load_template("resnet-small")
    moved = load_template("resnet-small", overrides=["blocks.main.nodes.fc.at=[-500, -900]"])
    assert moved != project
    assert generate(moved).text == generate(project).text


def test_errors_are_told_instead_of_code():
    project = project_of(
        {"image": "layer: Input", "fc": "layer: Linear", "out": "layer: Output"},
        ["image -> fc", "fc -> out"],
    )
    with pytest.raises(NotReadyError, match=r"main\.fc"):
        generate(project)


# --- nothing from a file becomes code ----------------------------------------------------------

HOSTILE = [
    '"""\nimport os\nos.system("x")\n"""',
    "\\",
    '\\"""',
    'a" + __import__("os").name + "',
    "end\x00of\x1b[31mtext\u2028new line",
    "'''",
    "{braces} %s",
    "class Evil: pass",
    "",
    "日本語",
    "torch",
    "nn",
    "1st",
]


def is_harmless(text: str) -> None:
    tree = ast.parse(text)
    for node in tree.body:
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        assert is_docstring or isinstance(node, ast.Import | ast.ImportFrom | ast.ClassDef)
    imported = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
        )
    }
    assert imported <= {"torch"}
    local = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            known = name in local | {"super", "range", "super().__init__"}
            assert (
                known
                or name.startswith(("nn.", "torch.", "self."))
                or name.endswith((".reshape", ".permute", ".size", ".transpose"))
            )


def _with_texts(project: Project, *, name: str, notes: str, help_: str) -> Project:
    blocks = {key: replace(block, help=help_) for key, block in project.blocks.items()}
    return replace(project, name=name, notes=notes, blocks=frozen(blocks))


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_of_people_cannot_become_code(text):
    project = load_template("resnet-small")
    module = generate(_with_texts(project, name=text, notes=text, help_=text))
    is_harmless(module.text)
    assert issubclass(run_module(module.text)[module.network], nn.Module)


@given(name=st.text(max_size=80), notes=st.text(max_size=300))
def test_any_textis_harmless(name, notes):
    is_harmless(
        generate(_with_texts(load_template("mlp"), name=name, notes=notes, help_=notes)).text
    )


@pytest.mark.parametrize(
    "value",
    [
        "'nearest\"; import os'",
        "[1, 2]",
        "{a: 1}",
        "= __import__('os')",
        "= (lambda: 1)()",
        "= a.b",
        "null",
    ],
)
def test_illegal_arguments_never_reach_the_code(value):
    try:
        project = project_of(
            {
                "image": "layer: Input",
                "up": f"layer: Upsample, mode: {value}",
                "o": "layer: Output",
            },
            ["image -> up", "up -> o"],
        )
    except FileError:
        return
    with pytest.raises(NotReadyError):
        generate(project)


def test_names_of_a_file_are_checked():
    for name in ("import", "a b", "x;y", "__class__", "forward", "ä", "nn"):
        with pytest.raises(FileError, match=r"name|meaning"):
            project_of({f'"{name}"': "layer: ReLU"}, [])


def test_no_name_hides_what_the_code_calls():
    project = project_of(
        {
            "image": "layer: Input, shape: [4, 8, 8]",
            "max": "layer: ReLU",
            "min": "layer: Sigmoid",
            "join": "layer: Add",
            "row": "layer: Reshape, shape: ['= max(min(width, 8), 2)', -1]",
            "out": "layer: Output",
        },
        [
            *("image -> max", "max -> min", "max -> join.in_1", "min -> join.in_2"),
            *("join -> row", "row -> out"),
        ],
        parameters="{width: 4, mode: {default: one, choices: [one, other]}}",
        name="value error",
    )
    network = network_of(project)
    assert {"max", "min"} <= dict(network.named_children()).keys()
    for width in (1, 4, 16):
        rows = max(min(width, 8), 2)
        output = network_of(project, width=width)(torch.rand(2, 4, 8, 8))
        assert output.shape == (2, rows, 4 * 64 // rows)
    with pytest.raises(ValueError, match="mode must be"):
        network_of(project, mode="none")
