"""All datasets by name, and the `data:` part of a project file. No torch.

A new dataset is a new file in `data/datasets/`; it is found by itself.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from typing import Any

from data import datasets
from data.dataset import DATASETS, Dataset
from graph.declare import ArgumentError, check_arguments
from graph.registry import UnknownNameError

__all__ = ["DATASETS", "DEFAULT_DATASET", "read_data", "write_data"]

for _module in pkgutil.iter_modules(datasets.__path__):
    importlib.import_module(f"data.datasets.{_module.name}")

DEFAULT_DATASET = "digits"


def read_data(mapping: Any) -> tuple[Dataset, list[ArgumentError]]:
    """The dataset that `data: {dataset: digits, image_size: 28}` means.

    What is missing has its default. Every wrong argument gives one error, whose `parameter` is
    its key in the mapping, and its default is taken; so there always is a dataset to show.
    """
    errors: list[ArgumentError] = []
    if not isinstance(mapping, Mapping):
        errors.append(ArgumentError("data", f"data must be a mapping, but is {mapping!r}"))
        mapping = {}
    arguments = {str(key): value for key, value in mapping.items()}
    name = arguments.pop("dataset", DEFAULT_DATASET)
    try:
        cls = DATASETS[name if isinstance(name, str) else repr(name)]
    except UnknownNameError as error:
        return DATASETS[DEFAULT_DATASET](), [*errors, ArgumentError("dataset", str(error))]
    values, wrong = check_arguments(cls.PARAMETERS, arguments)
    return cls(**values), errors + wrong


def write_data(dataset: Dataset) -> dict[str, Any]:
    """The `data:` part of a project file: the name, and what differs from the defaults."""
    return {"dataset": dataset.NAME, **dataset.changed_arguments()}
