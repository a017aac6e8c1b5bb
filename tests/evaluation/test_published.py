"""Published weights in networks of ours: equal to torchvision's own, and refused by name."""

from __future__ import annotations

import gc
import re
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from safetensors.torch import save_file
from torch import Tensor, nn
from torchvision import models

from evaluation.published import (
    COUNTER,
    WeightsError,
    find_weights,
    load_published,
    read_tensors,
)
from graph.project_edits import set_block_parameter
from graph.state import MAIN, Project
from graph.templates import all_templates, load_template
from tests.codegen.building import network_of
from tests.templates.parity import assert_same_outputs, drawn_weights

DECLARED = [t for t in all_templates() if "weights" in load_template(t.id).about]
PUBLISHED = [t.id for t in DECLARED if t.task == "classification"]
"""Those that are the whole network of torchvision; others begin with one (test_backbones.py)."""


def theirs_of(id_: str, **arguments: object) -> nn.Module:
    """torchvision's network, without memory."""
    name = load_template(id_).about["weights"]["torchvision"]
    if name == "googlenet":
        arguments |= {"aux_logits": False, "init_weights": False}
    with torch.device("meta"):
        return models.get_model(name, **arguments)


def ours_of(project: Project) -> nn.Module:
    with torch.device("meta"):
        return network_of(project).to_empty(device="cpu")


def with_classes(id_: str, classes: int) -> Project:
    project = load_template(id_)
    parameter = replace(project.main.parameters["classes"], default=classes)
    return set_block_parameter(project, MAIN, "classes", parameter)


def test_those_that_torchvision_has_are_declared():
    wanted = {"alexnet", "vgg11", "vgg16", "vgg19", "resnet18", "resnet34", "resnet50", "resnet101"}
    wanted |= {"mobilenet-v2", "mobilenet-v3-large", "densenet121", "googlenet", "squeezenet"}
    assert wanted <= set(PUBLISHED)


@pytest.mark.parametrize("id_", PUBLISHED)
def test_the_outputs_are_those_of_torchvision(id_):
    theirs, ours = theirs_of(id_), ours_of(load_template(id_))
    weights = drawn_weights(theirs)
    theirs.load_state_dict(weights, assign=True)
    # Another order and no counters, as in some files.
    shuffled = {key: weights[key] for key in sorted(weights) if not key.endswith(COUNTER)}
    taken = find_weights(ours, shuffled, load_template(id_).about)
    assert taken.all
    ours.load_state_dict({**ours.state_dict(), **taken.state}, assign=True)
    size = 32 if id_.startswith("vgg") else 64
    assert_same_outputs(ours, theirs, 3, size, size, batch=1, training=False)
    del ours, theirs, weights, shuffled, taken
    gc.collect()


@pytest.mark.parametrize("id_", ["resnet18", "squeezenet", "mobilenet-v3-large"])
def test_a_classifier_for_other_classes_starts_anew(id_):
    weights = drawn_weights(theirs_of(id_))
    ours = ours_of(with_classes(id_, 7))
    taken = find_weights(ours, weights, load_template(id_).about, source="published.pth")
    assert len(taken.different) == 2
    assert all(" is 7" in one and "in published.pth is 1000" in one for one in taken.different)
    expected = {key for key in ours.state_dict() if not any(key in one for one in taken.different)}
    assert set(taken.state) == expected
    assert "Of another size, so that it starts anew: " in taken.words()
    assert "minus 0.485" in taken.words()


def small(**changes: Tensor | None) -> dict[str, Tensor]:
    weights = drawn_weights(theirs_of("resnet18"))
    for name, value in changes.items():
        key = name.replace("__", ".")
        if value is None:
            del weights[key]
        else:
            weights[key] = value
    return weights


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"conv1__weight": None}, "it lacks conv1.weight"),
        ({"head__weight": torch.zeros(1)}, "it has besides head.weight"),
        (
            {"conv1__weight": torch.zeros(64, 1, 7, 7)},
            "it has conv1.weight (64×1×7×7), the net",
        ),
        ({"layer3__0__bn1__bias": torch.zeros(3)}, "stage3_start.norm1.bias (256)"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(changes, words):
    with torch.device("meta"):
        ours = network_of(load_template("resnet18"))
    with pytest.raises(WeightsError) as error:
        find_weights(ours, small(**changes), load_template("resnet18").about)
    assert words in str(error.value)


def test_a_network_that_is_declared_to_be_none_or_an_unknown_one_is_refused():
    with torch.device("meta"):
        ours = network_of(load_template("resnet18"))
    with pytest.raises(WeightsError, match="their order is not that of a network"):
        find_weights(ours, small(), {}, in_order=False)
    with pytest.raises(WeightsError, match='torchvision\'s "resnet19", which is none'):
        find_weights(ours, small(), {"weights": {"torchvision": "resnet19"}})
    with pytest.raises(WeightsError, match="is not of torchvision's resnet34: it lacks"):
        find_weights(ours, small(), {"weights": {"torchvision": "resnet34"}})


def test_googlenet_takes_a_file_with_its_helpers_for_training():
    with torch.device("meta"):
        theirs = models.googlenet(init_weights=False)
        ours = network_of(load_template("googlenet"))
    weights = drawn_weights(theirs)
    taken = find_weights(ours, weights, load_template("googlenet").about)
    assert taken.all
    assert set(taken.state) == set(ours.state_dict())


def test_densenet_takes_a_file_with_the_names_of_its_time():
    with torch.device("meta"):
        ours = network_of(load_template("densenet121"))
    weights = drawn_weights(theirs_of("densenet121"))
    older = {}
    for key, value in weights.items():
        for word in ("norm1", "norm2", "conv1", "conv2"):
            if "denselayer" in key:
                key = key.replace(f".{word}.", f".{word[:-1]}.{word[-1]}.")
        older[key] = value
    assert older.keys() != weights.keys()
    taken = find_weights(ours, older, load_template("densenet121").about)
    assert set(taken.state) == set(ours.state_dict())


def lenet() -> nn.Module:
    torch.manual_seed(1)
    return network_of(load_template("lenet5"))


@pytest.mark.parametrize("wrapped", [False, True])
def test_names_that_are_ours_need_no_declaration(tmp_path: Path, wrapped):
    source, target = lenet(), network_of(load_template("lenet5"))
    path = tmp_path / "w.pth"
    state = {f"module.{key}": value for key, value in source.state_dict().items()}
    torch.save({"state_dict": state, "epoch": 3} if wrapped else state, path)
    assert (
        load_published(target, path).words()
        == "10 tensors were taken from it, which are all of the network's."
    )
    for key, value in source.state_dict().items():
        assert torch.equal(target.state_dict()[key], value)


def test_a_layer_may_be_called_module(tmp_path: Path):
    layers = {"module": nn.Linear(3, 3), "scores": nn.Linear(3, 2)}
    target = nn.ModuleDict({**layers, "module": nn.Linear(3, 3)})
    torch.save(nn.ModuleDict(layers).state_dict(), tmp_path / "w.pth")
    assert not load_published(target, tmp_path / "w.pth").new
    assert torch.equal(target["module"].weight, layers["module"].weight)


def test_safetensors_are_read(tmp_path: Path):
    source, target = lenet(), network_of(load_template("lenet5"))
    save_file(source.state_dict(), tmp_path / "w.safetensors")
    load_published(target, tmp_path / "w.safetensors")
    assert torch.equal(target.conv1.weight, source.conv1.weight)


class Harmful:
    def __reduce__(self):
        return (print, ("run",))


@given(st.binary(max_size=40))
@example(b"junk\n")
def test_no_bytes_are_a_surprise(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.pth"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match=re.escape(str(path))):
        read_tensors(path)


def test_files_that_are_no_weights_are_refused_in_words(tmp_path: Path, capsys):
    with pytest.raises(WeightsError, match="cannot be read"):
        read_tensors(tmp_path / "missing.pth")
    (tmp_path / "text.pth").write_text("no weights")
    with pytest.raises(WeightsError):
        read_tensors(tmp_path / "text.pth")
    (tmp_path / "text.safetensors").write_text("no weights")
    with pytest.raises(WeightsError, match="cannot be read"):
        read_tensors(tmp_path / "text.safetensors")
    torch.save([1, 2], tmp_path / "list.pth")
    with pytest.raises(WeightsError, match="are no state dict"):
        read_tensors(tmp_path / "list.pth")
    torch.save({}, tmp_path / "empty.pth")
    with pytest.raises(WeightsError, match="are no state dict"):
        read_tensors(tmp_path / "empty.pth")
    torch.save({"a": Harmful()}, tmp_path / "code.pth")
    with pytest.raises(WeightsError, match="could run code"):
        read_tensors(tmp_path / "code.pth")
    assert capsys.readouterr().out == ""


def test_of_other_sizes_under_our_names_the_rest_is_taken():
    state = lenet().state_dict()
    taken = find_weights(lenet(), {**state, "conv1.weight": torch.zeros(6, 3, 5, 5)})
    assert taken.different == ("conv1.weight is 6×1×5×5, but conv1.weight in the file is 6×3×5×5",)
    assert set(taken.state) == state.keys() - {"conv1.weight"}
    taken = find_weights(lenet(), {**state, "extra": torch.zeros(1)})
    assert taken.all
    assert taken.unused == ("extra",)
    with pytest.raises(WeightsError, match=r"it has conv1\.weight \(2\), the network has"):
        find_weights(lenet(), {key: torch.zeros(2) for key in state})
