"""What is said to be kept for the backward pass, against what autograd saves, layer by layer."""

from __future__ import annotations

import warnings

import pytest
import torch

from codegen.line import example_inputs, example_layer
from graph.kept import bytes_of, kept_by
from graph.layer import Layer, load_layers
from graph.shapes import TensorSpec
from tests.graph.layer_harness import DTYPES, Emitted

LAYERS = load_layers()
EMITTED = [name for name, layer in LAYERS.items() if layer.emit is not Layer.emit]
BATCH = 64
"""What is kept once for the whole batch should not weigh much."""


def real(layer: Layer, received: list[TensorSpec | None]) -> dict[str, int]:
    """Bytes of every storage that autograd saves, by what it belongs to: `in_1`, `out_1`, ..."""
    module = Emitted(layer, received, BATCH).train()
    tensors = []
    for spec in received:
        tensor = spec and torch.rand(BATCH, *spec.sizes).to(DTYPES[spec.dtype])
        if tensor is not None and tensor.is_floating_point():
            tensor = tensor.requires_grad_() * 1.0  # what another layer made
        tensors.append(tensor)
    saved: dict[int, int] = {}

    def pack(tensor: torch.Tensor) -> torch.Tensor:
        saved[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        given = module(*tensors)
    if not any(tensor.requires_grad for tensor in given.values()):
        return {}  # nothing holds what was saved on the way
    for own in (*module.parameters(), *module.buffers()):
        saved.pop(own.untyped_storage().data_ptr(), None)
    found: dict[str, int] = {}
    for stem, several in (("in", tensors), ("out", list(given.values()))):
        for number, tensor in enumerate(several, start=1):
            size = tensor is not None and saved.pop(tensor.untyped_storage().data_ptr(), 0)
            if size:
                found[f"{stem}_{number}"] = size
    found["other"] = sum(saved.values())
    return found


@pytest.mark.parametrize("name", EMITTED)
def test_what_a_layer_keeps(name):
    layer = example_layer(LAYERS[name])
    received = example_inputs(layer)
    assert received is not None
    outputs = layer.infer(*received)
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = real(layer, received)
    kept = kept_by(layer, received, outputs)
    inputs = sum(bytes_of(spec) for spec in received if spec is not None)
    given = sum(map(bytes_of, outputs))
    said = (inputs * kept.inputs + given * kept.outputs + kept.extra) * kept.learns
    # An operation that is not listed is said to keep its inputs; some keep a little less, or parts.
    much = inputs + given
    error = abs(said - sum(found.values()) / BATCH)
    assert error <= max(128, TOLERANCE * much), (said, found, inputs, given)


TOLERANCE = 0.25
"""Of all that enters and leaves."""
