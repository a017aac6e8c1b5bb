"""A network from its text: importing `model.py`, building its last class, filling in weights.

Imports torch: for workers only. How the text is made lies in `codegen`.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import sys
import traceback
import types
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_model
from torch import Tensor, nn

from evaluation.weights_file import told_beside

ORDER = "order"
"""Under this name, the weights of a run have the names of their tensors beside them."""


class NetworkError(Exception):
    """The text gives no network, or the weights do not fit; says what, where and what to do."""


def load_network(model_path: Path, weights_path: Path | None = None) -> nn.Module:
    """The network that the text in a file describes, on the CPU, in training mode.

    Its last class that is a torch module is the network and is built without arguments.

    Args:
        model_path: the text; it is run, so it must be trusted like any program.
        weights_path: safetensors to fill in; without it the weights are drawn from torch's
            random generator.

    Raises:
        NetworkError: the file cannot be read or run, holds no network, or the weights do not fit.
    """
    module = _import(model_path)
    classes = [
        value
        for value in vars(module).values()
        if inspect.isclass(value)
        and issubclass(value, nn.Module)
        and value.__module__ == module.__name__
    ]
    if not classes:
        raise NetworkError(f"{model_path} holds no class that is a torch.nn.Module.")
    try:
        network: nn.Module = classes[-1]()
    except (MemoryError, torch.OutOfMemoryError):
        raise
    except Exception as error:
        where = failing_line(error, model_path)
        raise NetworkError(
            f"The network {classes[-1].__name__} cannot be built{where}: {_first_line(error)}"
        ) from error
    if weights_path is not None:
        fill_weights(network, weights_path)
    return network


def fill_weights(network: nn.Module, weights_path: Path) -> None:
    """Read all weights of a network from a safetensors file.

    Raises:
        NetworkError: the file is missing or damaged, or belongs to another network.
    """
    try:
        load_model(network, weights_path, strict=True)
    except (OSError, SafetensorError) as error:
        raise NetworkError(
            f"The weights {weights_path} cannot be read: {error}. Train again."
        ) from error
    except RuntimeError as error:
        raise NetworkError(
            f"The weights {weights_path} do not fit the network: {error}. Were they learned by "
            "another version of it? Train again."
        ) from error


def order_of(network: nn.Module) -> dict[str, str]:
    """What a safetensors file is told besides: it forgets the order of its tensors, by which
    `evaluation.published` brings them into another network."""
    return {ORDER: json.dumps(list(network.state_dict()))}


def order_in(weights_path: Path) -> list[str]:
    """The names of the tensors as `order_of` told them to the file; none where it was not told."""
    try:
        names = json.loads(told_beside(weights_path).get(ORDER, ""))
    except ValueError:
        return []
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def apply_network(network: nn.Module, inputs: Mapping[str, Tensor]) -> tuple[Tensor, ...]:
    """All outputs for a batch of inputs, which are given in their order."""
    outputs = network(*inputs.values())
    return (outputs,) if isinstance(outputs, Tensor) else tuple(outputs)


def failing_line(error: BaseException, model_path: Path) -> str:
    """Where in the text an error arose: ` at model.py line 12 "x = self.fc1(x)"`, or nothing."""
    frames = traceback.extract_tb(error.__traceback__)
    for frame in reversed(frames):
        if Path(frame.filename) == model_path:
            return f' at {model_path.name} line {frame.lineno} "{frame.line}"'
    return ""


def _import(path: Path) -> types.ModuleType:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NetworkError(f"The network's text {path} cannot be read: {error}") from error
    # Two runs have the same file name; each needs a module of its own.
    name = "kumitate_model_" + hashlib.blake2b(str(path).encode(), digest_size=6).hexdigest()
    module = types.ModuleType(name)
    module.__file__ = str(path)
    sys.modules[name] = module
    try:
        exec(compile(text, str(path), "exec"), vars(module))
    except SyntaxError as error:
        raise NetworkError(f"{path} is not Python: {error.msg} in line {error.lineno}.") from error
    except (MemoryError, torch.OutOfMemoryError):
        raise
    except Exception as error:
        where = failing_line(error, path)
        raise NetworkError(
            f"The network's text {path} fails{where}: {_first_line(error)}"
        ) from error
    return module


def _first_line(error: BaseException) -> str:
    text = str(error).strip()
    return f"{type(error).__name__}: {text.splitlines()[0]}" if text else type(error).__name__
