"""What a layer's emitted code makes of given numbers."""

from typing import Any

import torch
from torch import Tensor

from graph.declare import build
from graph.layer import Layer, load_layers
from graph.shapes import TensorSpec
from tests.graph.layer_harness import DTYPES, Emitted

LAYERS = load_layers()
SORTS = {dtype: name for name, dtype in DTYPES.items()}


def spec_of(x: Tensor) -> TensorSpec:
    """The size and sort of a batch, as layers see it."""
    return TensorSpec(tuple(x.shape[1:]), SORTS[x.dtype])  # type: ignore[arg-type]


def computed(name: str, *tensors: Tensor | None, **arguments: Any) -> Tensor:
    """The result of a layer with one output, for a batch at each port; None where nothing is
    linked. What the layer declares about it is compared too."""
    layer: Layer = build(LAYERS[name], arguments)
    received = [None if x is None else spec_of(x) for x in tensors]
    batch = next(len(x) for x in tensors if x is not None)
    result: Tensor = Emitted(layer, received, batch)(*tensors)["out"]
    assert layer.infer(*received) == spec_of(result)
    return result


def close(given: Tensor, expected: Any) -> None:
    """Equal up to rounding."""
    torch.testing.assert_close(given, torch.as_tensor(expected, dtype=given.dtype), equal_nan=True)
