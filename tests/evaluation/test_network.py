"""Networks from their text."""

import pytest
import torch
from safetensors.torch import save_model
from torch import nn

from evaluation.network import NetworkError, apply_network, load_network

TEXT = """\
import torch
from torch import Tensor, nn


class Part(nn.Module):
    pass


class Network(nn.Module):
    def __init__(self, classes: int = 3) -> None:
        super().__init__()
        self.linear = nn.Linear(4, classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x)
"""


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "model.py"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_last_class_is_the_network(write, tmp_path):
    network = load_network(write(TEXT))
    assert type(network).__name__ == "Network"
    weights = tmp_path / "weights.safetensors"
    save_model(network, str(weights))
    again = load_network(write(TEXT), weights)
    assert torch.equal(again.linear.weight, network.linear.weight)
    x = torch.ones(2, 4)
    assert torch.equal(apply_network(again, {"x": x})[0], network(x))


def test_two_runs_do_not_share_a_module(tmp_path):
    networks = []
    for name in ("a", "b"):
        path = tmp_path / name / "model.py"
        path.parent.mkdir()
        path.write_text(TEXT.replace("Network", name.upper()))
        networks.append(load_network(path))
    assert networks[0].__class__.__module__ != networks[1].__class__.__module__


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = (", "is not Python: .* line 1"),
        ("import torch\n1 / 0\n", "fails at model.py line 2"),
        ("x = 1\n", "holds no class"),
        (TEXT.replace("classes: int = 3", "classes: int"), "cannot be built"),
        (TEXT.replace("nn.Linear(4", "nn.Linear(-4"), "cannot be built at model.py line 12"),
    ],
)
def test_what_is_wrong_with_a_text(write, text, words):
    with pytest.raises(NetworkError, match=words):
        load_network(write(text))


def test_what_is_wrong_with_files(write, tmp_path):
    with pytest.raises(NetworkError, match="cannot be read"):
        load_network(tmp_path / "none.py")
    path = write(TEXT)
    with pytest.raises(NetworkError, match="cannot be read"):
        load_network(path, tmp_path / "none.safetensors")
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(b"\0" * 100)
    with pytest.raises(NetworkError, match="cannot be read"):
        load_network(path, damaged)
    other = tmp_path / "other.safetensors"
    save_model(nn.Linear(2, 2), str(other))
    with pytest.raises(NetworkError, match="do not fit the network"):
        load_network(path, other)


def test_all_outputs_come_in_their_order(write):
    network = load_network(write(TEXT.replace("self.linear(x)", "self.linear(x), x")))
    x = torch.ones(1, 4)
    first, second = apply_network(network, {"x": x})
    assert torch.equal(first, network(x)[0])
    assert torch.equal(second, x)
