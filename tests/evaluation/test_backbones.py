"""Published weights as the beginning of larger networks: what comes out of the backbone is what
torchvision's own network gives there; and what a run learned, in a network that is another."""

from __future__ import annotations

import gc
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional
from torchvision import models

from evaluation.published import Taken, WeightsError, find_weights, load_published
from graph.state import Project
from graph.templates import load_template
from tests.codegen.building import network_of, project_of
from tests.templates.parity import drawn_weights
from tests.templates.transcriptions_segmentation import mobilenet_stages, resnet_stages
from training.checkpoint import Checkpoints, Progress
from training.runs import Run


def made(make, weights: dict[str, Tensor] | None = None) -> nn.Module:
    """A network without memory, then with these weights."""
    with torch.device("meta"):
        network: nn.Module = make()
    if weights is None:
        return network.to_empty(device="cpu")
    network.load_state_dict(weights, assign=True)
    return network


def filled(network: nn.Module, weights: dict[str, Tensor], about: dict) -> Taken:
    taken = find_weights(network, weights, about, source="published.pth")
    network.load_state_dict({**network.state_dict(), **taken.state}, assign=True)
    return taken


def what_comes_to(network: nn.Module, part: str, image: Tensor) -> Tensor:
    """The input of a part of a network."""
    came: list[Tensor] = []
    getattr(network, part).register_forward_pre_hook(lambda _, given: came.append(given[0]))
    with torch.no_grad():
        network.eval()(image)
    return came[0]


def image_of(size: int) -> Tensor:
    return torch.rand(1, 3, size, size, generator=torch.Generator().manual_seed(2))


def assert_same(found: Tensor, expected: Tensor) -> None:
    spread = expected.std()
    assert spread > 1e-3, "something must come through to be compared"
    torch.testing.assert_close(found / spread, expected / spread, rtol=0, atol=1e-5)


# template: torchvision's network, the part to which its last map goes, its stride
DILATED = {
    "deeplabv3plus-resnet18": (models.resnet18, "aspp", 16),
    "deeplabv3plus-resnet50": (models.resnet50, "aspp", 16),
    "pspnet-resnet50": (models.resnet50, "pyramid", 8),
    "deeplabv3plus-mobilenetv2": (models.mobilenet_v2, "aspp", 16),
}


@pytest.mark.parametrize("id_", DILATED)
def test_the_map_is_that_of_torchvision(id_):
    make, part, stride = DILATED[id_]
    weights = drawn_weights(made(make))
    theirs = made(make, weights)
    project = load_template(id_)
    ours = network_of(project)
    taken = filled(ours, weights, project.about)
    assert taken.published
    # Only the classifier of torchvision's has no place, and only what is new starts anew.
    theirs_without_head = [key for key in weights if not key.startswith(("fc.", "classifier."))]
    assert len(taken.state) == len(theirs_without_head)
    assert not taken.different
    assert not any("stage" in name or "stem" in name for name in taken.new)
    assert f"Not in it, so that it starts anew: {part}, " in taken.words()
    x = image_of(64)
    found = what_comes_to(ours, part, x)
    if make is models.mobilenet_v2:
        parts = mobilenet_stages(stride)
        features = nn.Sequential(*(module for stage in parts for module in stage))
        features.load_state_dict(theirs.features.state_dict())
        parts = [features]
    else:
        parts = resnet_stages(theirs, stride)
    with torch.no_grad():
        expected = nn.Sequential(*parts).eval()(x)
    assert_same(found, expected)


@pytest.mark.parametrize("id_", ["fcn-32s", "fcn-16s", "fcn-8s"])
def test_fully_connected_layers_become_convolutions(id_):
    weights = drawn_weights(made(models.vgg16))
    project = load_template(id_)
    ours = made(partial(network_of, project))
    taken = filled(ours, weights, project.about)
    assert set(taken.state) >= {"fc6.conv.weight", "fc7.conv.weight", "fc7.conv.bias"}
    assert len(taken.state) == 2 * 15
    assert not taken.different
    assert "Not in it, so that it starts anew: score, " in taken.words()
    # The same in torch: the first padding is wider, poolings round up, linear layers slide.
    x = image_of(32)
    with torch.no_grad():
        y, padding = x, 100
        for place, channels in enumerate(models.vgg.cfgs["D"]):
            if channels == "M":
                y = functional.max_pool2d(y, 2, ceil_mode=True)
                continue
            key = f"features.{_place_of(place)}"
            kernel, bias = weights[f"{key}.weight"], weights[f"{key}.bias"]
            y = functional.conv2d(y, kernel, bias, padding=padding).relu()
            padding = 1
        window = functional.unfold(y, 7)[0].T
        scores = nn.Sequential(
            nn.Linear(25088, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU()
        ).requires_grad_(False)
        for layer, key in ((scores[0], "classifier.0"), (scores[2], "classifier.3")):
            layer.load_state_dict({n: weights[f"{key}.{n}"] for n in ("weight", "bias")})
        expected = scores(window).T
    ours.score.weight.data = torch.zeros(21, 4096, 1, 1)
    ours.score.bias.data = torch.zeros(21)
    found = what_comes_to(ours, "score", x)
    assert_same(found[0].flatten(1), expected)
    del ours, weights, taken
    gc.collect()


def _place_of(place: int) -> int:
    """Where in torchvision's `features` the convolution at this place of its list stands."""
    before = models.vgg.cfgs["D"][:place]
    return 2 * len(before) - before.count("M")


# --- from one network of ours to another -------------------------------------------------------


def narrow(id_: str) -> Project:
    given = {"width": 2, "hidden": 16, "classes": 4}
    return load_template(
        id_, overrides=[f"blocks.main.parameters.{name}.default={v}" for name, v in given.items()]
    )


def learned(project: Project, folder: Path) -> tuple[nn.Module, Path]:
    """A network and its weights as a run keeps them."""
    torch.manual_seed(3)
    network = network_of(project)
    run = Run(folder)
    run.checkpoints.mkdir(parents=True)
    Checkpoints(run).save_best(network, Progress())
    return network, run.best_weights


def test_the_finer_fcn_starts_from_the_coarser_one(tmp_path):
    """As its authors trained them, one after the other."""
    coarse, path = learned(narrow("fcn-32s"), tmp_path)
    fine = network_of(narrow("fcn-16s"))
    taken = load_published(fine, path, narrow("fcn-16s").about)
    assert not taken.published
    assert torch.equal(fine.score.weight, coarse.score.weight)
    assert torch.equal(fine.fc6.conv.weight, coarse.fc6.conv.weight)
    assert {"score4.weight", "score4.bias"} <= set(taken.new)
    assert "enlarge.weight is 4×4×32×32, but enlarge.weight in best.safetensors is 4×4×64×64" in (
        taken.different
    )


def test_fcn_starts_from_a_vgg_of_a_run_whose_names_are_others(tmp_path):
    vgg, path = learned(narrow("vgg16"), tmp_path)
    fcn = network_of(narrow("fcn-32s"))
    taken = load_published(fcn, path, narrow("fcn-32s").about)
    assert torch.equal(fcn.fc6.conv.weight.flatten(1), vgg.fc1.weight)
    assert torch.equal(fcn.stage5.rest[1].conv.weight, vgg.stage5[2].conv.weight)
    assert "fc3.bias" not in taken.words()  # of the same size as the bias of the score: taken
    assert taken.new == ("enlarge.weight",)


def layers(*names: str, width: int = 4) -> Project:
    nodes = {"image": "layer: Input, shape: [4]"}
    nodes |= dict.fromkeys(names, f"layer: Linear, out_features: {width}")
    nodes["out"] = "layer: Output"
    chain = list(nodes)
    return project_of(nodes, [f"{a} -> {b}" for a, b in pairwise(chain)])


def test_a_network_that_was_changed_takes_what_it_still_has(tmp_path):
    source, path = learned(layers("a", "b", "c"), tmp_path)
    target = network_of(layers("a", "new", "c"))
    taken = load_published(target, path)
    assert torch.equal(target.a.weight, source.a.weight)
    assert torch.equal(target.c.bias, source.c.bias)
    assert taken.new == ("new.weight", "new.bias")
    assert taken.unused == ("b.weight", "b.bias")
    assert "In it, but not in the network: b." in taken.words()


def test_a_part_of_a_larger_network_is_taken_by_its_names(tmp_path):
    """Such as the encoder of an autoencoder, whose decoder is more than half of it."""
    source, path = learned(layers("e1", "e2", "d1", "d2", "d3"), tmp_path)
    target = network_of(layers("e1", "e2", "fc"))
    taken = load_published(target, path)
    assert torch.equal(target.e1.weight, source.e1.weight)
    assert torch.equal(target.e2.bias, source.e2.bias)
    assert taken.new == ("fc.weight", "fc.bias")
    assert taken.unused == tuple(f"d{n}.{kind}" for n in (1, 2, 3) for kind in ("weight", "bias"))


def test_what_has_little_in_common_is_refused(tmp_path):
    _, path = learned(layers("a", "b", "c"), tmp_path)
    with pytest.raises(WeightsError, match=r"it has a\.weight \(4×4\), the network has"):
        load_published(network_of(layers("x", width=9)), path)


def test_the_same_layers_under_other_names_are_taken_in_order(tmp_path):
    source, path = learned(layers("a", "b", "c"), tmp_path)
    target = network_of(layers("a", "d", "e", "f"))
    taken = load_published(target, path)
    assert torch.equal(target.e.weight, source.c.weight)
    assert taken.new == ("f.weight", "f.bias")


def test_an_order_that_is_not_known_is_not_guessed(tmp_path):
    """safetensors sorts by name, and the tenth block then comes before the second."""
    source = network_of(layers("a", "b", "c"))
    path = tmp_path / "w.safetensors"
    save_file(source.state_dict(), path)
    with pytest.raises(WeightsError, match="their order is not that of a network"):
        load_published(network_of(layers("x", "y", "z")), path)
    torch.save(source.state_dict(), tmp_path / "w.pth")
    target = network_of(layers("x", "y", "z"))
    load_published(target, tmp_path / "w.pth")
    assert torch.equal(target.y.weight, source.b.weight)
