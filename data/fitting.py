"""Bringing data to the sizes that a network takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from data.dataset import Dataset
from graph.declare import build

DatasetOfSquares = TypeVar("DatasetOfSquares", bound=Dataset)


def fitted_to_square(
    dataset: DatasetOfSquares, inputs: Mapping[str, Sequence[int]]
) -> DatasetOfSquares | None:
    """A dataset with `image_size`, and `channels` unless it is grey, set as a network takes them.

    None where the network does not take one square image with channels and a size that the dataset
    can have.
    """
    if len(inputs) != 1:
        return None
    sizes = next(iter(inputs.values()))
    has_channels = "channels" in dataset.PARAMETERS
    channels = (1, 3) if has_channels else (1,)
    if len(sizes) != 3 or sizes[0] not in channels or sizes[1] != sizes[2]:
        return None
    if not dataset.PARAMETERS["image_size"].within(sizes[1]):
        return None
    changed = {"image_size": int(sizes[1])}
    if has_channels:
        changed["channels"] = int(sizes[0])
    return build(type(dataset), {**dataset.changed_arguments(), **changed})
