"""What recurrent layers remember: memories that leave one and enter another."""

import pytest
import torch
from torch import Tensor

from graph.layer import Layer
from graph.layers.recurrent import GRU, LSTM, RNN
from graph.layers.recurrent_cell import GRUCell, LSTMCell, RNNCell
from graph.shapes import ShapeError, TensorSpec
from tests.graph.layer_harness import Emitted

STEPS = TensorSpec((3, 4))

# torch says once that projections are slow on some processors.
pytestmark = pytest.mark.filterwarnings("ignore:LSTM with projections")


def continued(layer: Layer, module: Emitted, x: Tensor, *memories: Tensor) -> dict[str, Tensor]:
    """What the same weights give for a sequence, after the memories of another one."""
    other = Emitted(layer, [STEPS, *(TensorSpec(tuple(m.shape[1:])) for m in memories)])
    other.load_state_dict(module.state_dict())
    result: dict[str, Tensor] = other(x, *memories)
    return result


@pytest.mark.parametrize(
    "layer",
    [
        RNN(hidden_size=5, num_layers=2),
        GRU(hidden_size=5),
        LSTM(hidden_size=5, num_layers=2),
        LSTM(hidden_size=5, proj_size=2),
    ],
    ids=str,
)
def test_reading_on_is_reading_at_once(layer: Layer):
    x = torch.randn(2, 6, 4)
    whole = Emitted(layer, [TensorSpec((6, 4))])
    expected = whole(x, None, None)
    first = whole(x[:, :3], None, None)
    then = continued(layer, whole, x[:, 3:], *list(first.values())[1:])
    torch.testing.assert_close(torch.cat([first["out"], then["out"]], dim=1), expected["out"])
    for port in list(expected)[1:]:
        torch.testing.assert_close(then[port], expected[port])


@pytest.mark.parametrize(
    ("cell", "layer"),
    [
        (RNNCell(hidden_size=5), RNN(hidden_size=5)),
        (GRUCell(hidden_size=5), GRU(hidden_size=5)),
        (LSTMCell(hidden_size=5), LSTM(hidden_size=5)),
    ],
    ids=str,
)
def test_a_cell_is_one_step(cell: Layer, layer: Layer):
    x = torch.randn(2, 1, 4)
    whole = Emitted(layer, [TensorSpec((1, 4))])
    step = Emitted(cell, [TensorSpec((4,)), *[None for _ in cell.inputs()[1:]]])
    step.load_state_dict(
        {name.removesuffix("_l0"): value for name, value in whole.state_dict().items()}
    )
    given, expected = step(x[:, 0], None, None), whole(x, None, None)
    torch.testing.assert_close(next(iter(given.values())), expected["out"][:, 0])
    if "cell" in given:
        torch.testing.assert_close(given["cell"], expected["cell"][:, 0])


def test_the_gru_is_that_of_its_card():
    module = Emitted(GRUCell(hidden_size=1, bias=False), [TensorSpec((1,)), TensorSpec((1,))])
    own = module.module
    with torch.no_grad():
        own.weight_ih.copy_(torch.tensor([[0.0], [0.0], [1.0]]))
        own.weight_hh.copy_(torch.tensor([[0.0], [0.0], [2.0]]))
    # Gates without weights are half open: n = tanh(3 + 0.5 · 2 · 4), out = (n + 4) / 2.
    given = module(torch.tensor([[3.0]]), torch.tensor([[4.0]]))["out"]
    expected = (torch.tanh(torch.tensor([[7.0]])) + 4) / 2
    torch.testing.assert_close(given, expected)


@pytest.mark.parametrize("cls", [LSTM, LSTMCell])
@pytest.mark.parametrize(("missing", "word"), [("cell", "long"), ("hidden", "short")])
def test_half_of_a_memory_is_refused(cls: type[Layer], missing: str, word: str):
    memory = TensorSpec((1, 64) if cls is LSTM else (64,))
    states = [None if port == missing else memory for port in ("hidden", "cell")]
    with pytest.raises(ShapeError, match=f"the {word} memory is missing") as caught:
        cls().infer(STEPS if cls is LSTM else TensorSpec((4,)), *states)
    assert caught.value.port == missing


@pytest.mark.parametrize("cls", [LSTM, LSTMCell])
def test_a_memory_of_a_wrong_size_is_told_although_the_other_is_missing(cls: type[Layer]):
    x = STEPS if cls is LSTM else TensorSpec((4,))
    with pytest.raises(ShapeError, match="receives 7"):
        cls().infer(x, TensorSpec((7,)), None)
