"""The libraries of blocks: what comes with the product, what people save, and both in a project."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
import torch
from torch import nn
from torchvision.models.mobilenetv2 import InvertedResidual
from torchvision.models.resnet import BasicBlock, Bottleneck
from torchvision.models.segmentation.deeplabv3 import ASPP
from torchvision.ops import SqueezeExcitation

from graph.document import Document
from graph.edits import EditError, add_node, move_nodes, set_argument
from graph.files import FileError, load, to_text
from graph.library import (
    STANDARD_FOLDER,
    add_library_block,
    read_library,
    remove_from_library,
    rename_in_library,
    restore_to_library,
    same_block,
    save_to_library,
    standard_library,
)
from graph.links import connect
from graph.project_edits import add_block, set_block_help
from graph.state import MAIN, Project
from graph.templates import load_template
from tests.codegen.building import network_of
from tests.graph.building import check_invariants, start

STANDARD = {entry.id: entry for entry in standard_library().blocks}


def use(id_, shape, *, inputs=1, **arguments):
    """A network that is one block of the standard library."""
    project, name = add_library_block(Project(), STANDARD[id_])
    project = add_node(project, MAIN, name, name="use", is_block=True, arguments=arguments)
    project = add_node(project, MAIN, "Input", name="image", arguments={"shape": shape})
    project = connect(project, MAIN, "image", "use")
    for number, output in enumerate(project.blocks[name].output_names()):
        port = "out" if len(project.blocks[name].output_names()) == 1 else output
        project = add_node(project, MAIN, "Output", name=f"result{number}")
        project = connect(project, MAIN, "use", f"result{number}", output=port)
    assert Document(project).problems == []
    return project


def shuffled(network: nn.Module) -> nn.Module:
    """Other weights and running averages than the first ones, for use in evaluation."""
    torch.manual_seed(1)
    state = {
        key: torch.rand_like(value) + 0.5 if value.is_floating_point() else value
        for key, value in network.state_dict().items()
    }
    network.load_state_dict(state)
    return network.eval()


def assert_equal(project, theirs, *shape):
    """Our network gives what theirs gives, with their weights in order of use."""
    ours = network_of(project).eval()
    theirs = shuffled(theirs)
    values, keys = list(theirs.state_dict().values()), list(ours.state_dict())
    assert len(keys) == len(values)
    ours.load_state_dict(dict(zip(keys, values, strict=True)))
    x = torch.randn(2, *shape)
    with torch.no_grad():
        torch.testing.assert_close(ours(x), theirs(x), rtol=1e-5, atol=1e-5)


def shortcut(channels, out_channels, stride):
    return nn.Sequential(
        nn.Conv2d(channels, out_channels, 1, stride, bias=False), nn.BatchNorm2d(out_channels)
    )


def test_residual_blocks_are_those_of_torchvision():
    assert_equal(use("residual", (8, 7, 7), channels=8), BasicBlock(8, 8), 8, 7, 7)
    theirs = BasicBlock(8, 12, 2, shortcut(8, 12, 2))
    assert_equal(use("residual-down", (8, 7, 7), channels=12), theirs, 8, 7, 7)


@pytest.mark.parametrize("dilation", [1, 2])
def test_bottlenecks_are_those_of_torchvision(dilation):
    project = use("bottleneck", (16, 9, 9), width=4, dilation=dilation)
    assert_equal(project, Bottleneck(16, 4, dilation=dilation), 16, 9, 9)
    theirs = Bottleneck(16, 6, 2, shortcut(16, 24, 2), dilation=dilation)
    project = use("bottleneck-down", (16, 9, 9), width=6, dilation=dilation)
    assert_equal(project, theirs, 16, 9, 9)


def test_inverted_residuals_are_those_of_torchvision():
    assert_equal(
        use("inverted-residual", (6, 7, 7), channels=6), InvertedResidual(6, 6, 1, 6), 6, 7, 7
    )
    theirs = InvertedResidual(6, 10, 2, 4)
    project = use("inverted-residual-down", (6, 7, 7), in_channels=6, channels=10, expansion=4)
    assert_equal(project, theirs, 6, 7, 7)


def test_squeeze_and_excitation_is_that_of_torchvision():
    project = use("squeeze-excitation", (32, 7, 7), channels=32, reduction=8)
    assert_equal(project, SqueezeExcitation(32, 4), 32, 7, 7)


def test_separable_convolution_is_a_depthwise_and_a_pointwise_one():
    theirs = nn.Sequential(
        nn.Conv2d(6, 6, 3, 2, padding=2, dilation=2, groups=6, bias=False),
        nn.BatchNorm2d(6),
        nn.ReLU(),
        nn.Conv2d(6, 10, 1, bias=False),
        nn.BatchNorm2d(10),
        nn.ReLU(),
    )
    project = use("separable-conv", (6, 9, 9), channels=10, stride=2, dilation=2)
    assert_equal(project, theirs, 6, 9, 9)


@pytest.mark.parametrize("size", [13, 10, 7])
def test_spatial_pyramid_pooling_has_one_length_for_every_size(size):
    project = use("spatial-pyramid-pooling", (5, size, size))
    assert Document(project).result().outputs["result0"].sizes == (5 * 21,)
    x = torch.randn(2, 5, size, size)
    parts = [nn.functional.adaptive_max_pool2d(x, bins).flatten(1) for bins in (4, 2, 1)]
    torch.testing.assert_close(network_of(project)(x), torch.cat(parts, 1))


@pytest.mark.parametrize("size", [28, 13])
def test_atrous_spatial_pyramid_pooling_is_that_of_torchvision(size):
    project = use("aspp", (6, size, size), channels=8, rate=2)
    assert_equal(project, ASPP(6, [2, 4, 6], 8), 6, size, size)


def test_pyramid_pooling_is_that_of_the_paper():
    project = use("pyramid-pooling", (8, 15, 11), channels=2)
    network = shuffled(network_of(project))
    x = torch.randn(2, 8, 15, 11)
    expected = [x]
    with torch.no_grad():
        for number, bins in enumerate((1, 2, 3, 6), start=1):
            level = getattr(network.use, f"level{number}")
            mean = nn.functional.adaptive_avg_pool2d(x, bins)
            mixed = torch.relu(level.norm(level.conv(mean)))
            expected.append(nn.functional.interpolate(mixed, (15, 11), mode="bilinear"))
        torch.testing.assert_close(network(x), torch.cat(expected, 1))


def test_a_transformer_encoder_block_is_that_of_torch():
    project = use("transformer-encoder", (5, 12), features=12, heads=3, expansion=2, dropout=0.0)
    theirs = nn.TransformerEncoderLayer(
        12, 3, 24, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
    )
    ours = network_of(project).eval()
    theirs = shuffled(theirs)
    names = {
        "norm1": "norm1",
        "attention": "self_attn",
        "norm2": "norm2",
        "widen": "linear1",
        "narrow": "linear2",
    }
    with torch.no_grad():
        for own, other in names.items():
            part = getattr(theirs, other)
            getattr(ours.use, own).load_state_dict(part.state_dict())
        assert sum(p.numel() for p in ours.parameters()) == sum(
            p.numel() for p in theirs.parameters()
        )
        x = torch.randn(2, 5, 12)
        torch.testing.assert_close(ours(x), theirs(x), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("padding", "size"), [(1, 16), (1, 13), (0, 28)])
def test_up_and_down_make_a_unet(padding, size):
    project, down = add_library_block(Project(), STANDARD["unet-down"])
    project, up = add_library_block(project, STANDARD["unet-up"])
    given = {"padding": padding}
    project = add_node(project, MAIN, "Input", name="image", arguments={"shape": (1, size, size)})
    for name, kind, channels in (("down", down, 4), ("up", up, 4)):
        arguments = given | {"channels": channels}
        project = add_node(project, MAIN, kind, name=name, is_block=True, arguments=arguments)
    project = add_node(project, MAIN, "Output", name="result")
    project = connect(project, MAIN, "image", "down")
    project = connect(project, MAIN, "down", "up", output="lower", input="lower")
    project = connect(project, MAIN, "down", "up", output="skip", input="skip")
    project = connect(project, MAIN, "up", "result")
    assert Document(project).problems == []
    network, x = network_of(project), torch.randn(2, 1, size, size)
    network.eval()
    with torch.no_grad():
        skip, lower = network.down(x)
        enlarged = network.up.enlarge(lower)
        side = enlarged.shape[-1]
        away = (skip.shape[-1] - side) // 2
        cropped = skip[:, :, away : away + side, away : away + side]
        expected = network.up.body(torch.cat([cropped, enlarged], 1))
        torch.testing.assert_close(network(x), expected)
    assert len([name for name in project.blocks if name.startswith("DoubleConv")]) == 1


def test_a_dense_block_grows_with_every_layer():
    project = use("dense-block", (8, 6, 6), growth=4, layers=3)
    assert Document(project).result().outputs["result0"].sizes == (8 + 3 * 4, 6, 6)
    # The 1x1 and 3x3 convolutions and the two norms of each layer (torchvision's _DenseLayer).
    by_hand = sum(c * 16 + 16 * 4 * 9 + 2 * c + 2 * 16 for c in (8, 12, 16))
    network = network_of(project)
    assert sum(weights.numel() for weights in network.parameters()) == by_hand
    x = torch.randn(2, 8, 6, 6)
    assert torch.equal(network.eval()(x)[:, :8], x), "what came in stays in front"


def test_unet_down_gives_the_way_across_and_the_way_down():
    skip, lower = network_of(use("unet-down", (3, 12, 12), channels=5))(torch.randn(2, 3, 12, 12))
    assert skip.shape == (2, 5, 12, 12)
    assert torch.equal(lower, nn.functional.max_pool2d(skip, 2))


@pytest.mark.parametrize("entry", STANDARD.values(), ids=lambda entry: entry.id)
def test_every_block_of_the_standard_library_explains_itself_and_its_example_works(entry):
    assert not standard_library().faults
    assert len(entry.help) > 60
    assert "." in entry.help
    assert entry.synonyms
    assert entry.source
    assert entry.title[0].isupper()
    for block in entry.blocks.values():
        assert block.help
        assert all(parameter.help.endswith(".") for parameter in block.parameters.values())
    example = load(entry.path).project
    project, name = add_library_block(replace(example, blocks={MAIN: example.main}), entry)
    assert name == entry.name
    assert Document(project).problems == []
    network = network_of(project)
    image = project.main.nodes[project.main.input_names()[0]]
    if len(project.main.input_names()) == 1:
        network(torch.randn(2, *image.arguments["shape"]))
    assert to_text(load(entry.path).project) == entry.path.read_text(encoding="utf-8")


def test_the_standard_library_has_what_architectures_are_made_of():
    assert not standard_library().faults
    assert {path.stem for path in STANDARD_FOLDER.glob("*.yaml")} == STANDARD.keys()
    wanted = """residual bottleneck separable-conv inverted-residual squeeze-excitation dense-block
    spatial-pyramid-pooling aspp pyramid-pooling unet-down unet-up transformer-encoder"""
    assert set(wanted.split()) <= STANDARD.keys()


# --- into a project ----------------------------------------------------------------------------


def test_an_equal_block_is_used_again_and_another_one_kept_apart():
    project, name = add_library_block(Project(), STANDARD["unet-down"])
    assert (name, list(project.blocks)) == ("UNetDown", [MAIN, "DoubleConv", "UNetDown"])
    again, name = add_library_block(project, STANDARD["unet-down"])
    assert again is project
    moved = move_nodes(project, "DoubleConv", {"conv1": (500, 0)})
    moved = set_block_help(moved, "DoubleConv", "My words.")
    assert add_library_block(moved, STANDARD["unet-down"])[0] is moved
    other = set_argument(project, "DoubleConv", "conv1", "bias", True)
    mixed, name = add_library_block(other, STANDARD["unet-down"])
    assert name == "UNetDown2"
    assert mixed.blocks["UNetDown2"].nodes["body"].type == "DoubleConv2"
    assert mixed.blocks["UNetDown"].nodes["body"].type == "DoubleConv"
    assert add_library_block(mixed, STANDARD["unet-down"]) == (mixed, "UNetDown2")
    check_invariants(mixed)


def test_a_block_that_a_layer_is_called_like_gets_another_name(tmp_path):
    path = save_to_library(tmp_path, add_block(Project(), "Own"), "Own").path
    path.write_text(path.read_text().replace("Own", "ReLU"), encoding="utf-8")
    (entry,) = read_library(tmp_path).blocks
    assert add_library_block(Project(), entry)[1] == "ReLU2"


# --- a library of one's own --------------------------------------------------------------------


def test_a_saved_block_works_in_another_project(tmp_path):
    folder = tmp_path / "deep" / "blocks"
    saved = save_to_library(folder, start(), "Outer")
    assert saved.is_new
    assert saved.path.name == "Outer.yaml"
    library = read_library(folder)
    assert library.faults == ()
    (entry,) = library.blocks
    assert list(entry.blocks) == ["Double", "Outer"]
    project, name = add_library_block(load_template("lenet5"), entry)
    project = add_node(project, MAIN, name, is_block=True)
    assert same_block(project.blocks["Outer"], start().blocks["Outer"])
    assert not Document(load(saved.path).project).has_errors, "it is a project of its own"


def test_saving_again_writes_nothing_and_another_block_gets_a_number(tmp_path):
    first = save_to_library(tmp_path, start(), "Double")
    again = save_to_library(tmp_path, start(), "Double")
    assert (again.path, again.is_new) == (first.path, False)
    other = set_argument(start(), "Double", "conv1", "bias", False)
    second = save_to_library(tmp_path, other, "Double")
    assert second.path.name == "Double-2.yaml"
    entries = read_library(tmp_path).blocks
    assert [(entry.name, entry.title) for entry in entries] == [
        ("Double", "Double"),
        ("Double", "Double-2"),
    ]
    for name in (MAIN, "Nothing"):
        with pytest.raises(EditError):
            save_to_library(tmp_path, start(), name)


def test_broken_files_are_told_and_hide_nothing(tmp_path):
    save_to_library(tmp_path, start(), "Double")
    broken = {
        "not.yaml": "{",
        "plain.yaml": "kumitate: 1\nblocks: {main: {}}\n",
        "wrong.yaml": "kumitate: 1\nabout: {block: Nothing}\nblocks: {main: {}, Some: {}}\n",
        "needs.yaml": "kumitate: 1\nabout: {block: A, uses: [nowhere]}\n"
        "blocks: {main: {}, A: {}}\n",
        "other.yaml": "kumitate: 1\nabout: {block: A, uses: [../Double]}\n"
        "blocks: {main: {}, A: {}}\n",
        "number.yaml": "kumitate: 1\nabout: {block: A, uses: [3]}\nblocks: {main: {}, A: {}}\n",
        "circle.yaml": "kumitate: 1\nabout: {block: A, uses: [circle]}\n"
        "blocks: {main: {}, A: {}}\n",
        "itself.yaml": "kumitate: 1\nabout: {block: A}\n"
        "blocks: {main: {}, A: {nodes: {a: {block: A}}}}\n",
        "lacks.yaml": "kumitate: 1\nabout: {block: A}\n"
        "blocks: {main: {}, A: {nodes: {a: {block: B}}}}\n",
    }
    for name, text in broken.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    library = read_library(tmp_path)
    assert [entry.name for entry in library.blocks] == ["Double"]
    assert len(library.faults) == len(broken)
    for name in broken:
        (fault,) = [fault for fault in library.faults if name in fault]
        assert len(fault) > 60, fault
    assert read_library(tmp_path / "nowhere") == read_library(tmp_path / "else")


def test_files_whose_about_is_odd_are_read(tmp_path):
    path = save_to_library(tmp_path, start(), "Double").path
    text = path.read_text(encoding="utf-8")
    odd = "block: Double\n  order: first\n  synonyms: 7\n  uses: 3"
    path.write_text(text.replace("block: Double", odd, 1), encoding="utf-8")
    (entry,) = read_library(tmp_path).blocks
    assert entry.synonyms == ()


def test_rename_remove_and_put_back(tmp_path):
    save_to_library(tmp_path, start(), "Double")
    save_to_library(tmp_path, start(), "Outer")
    double, outer = read_library(tmp_path).blocks
    assert rename_in_library(double, "Double") == double.path
    path = rename_in_library(double, "Twice")
    assert sorted(os.listdir(tmp_path)) == ["Outer.yaml", "Twice.yaml"]
    (renamed,) = [entry for entry in read_library(tmp_path).blocks if entry.path == path]
    assert (renamed.name, renamed.title) == ("Twice", "Twice")
    with pytest.raises(EditError, match="already a layer"):
        rename_in_library(renamed, "ReLU")
    text = remove_from_library(outer)
    assert os.listdir(tmp_path) == ["Twice.yaml"]
    with pytest.raises(FileError, match="does not exist"):
        remove_from_library(outer)
    restore_to_library(outer, text)
    assert outer in read_library(tmp_path).blocks


def test_a_library_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="file"):
        save_to_library(tmp_path / "file" / "blocks", start(), "Double")
