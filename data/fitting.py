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
    """A dataset with the settings `image_size` and `channels`, fitted to a network's inputs.

    None where the network does not take one square image of 1 or 3 channels, or a size that the
    dataset does not have.
    """
    if len(inputs) != 1:
        return None
    sizes = next(iter(inputs.values()))
    limits = dataset.PARAMETERS["image_size"]
    if len(sizes) != 3 or sizes[0] not in (1, 3) or sizes[1] != sizes[2]:
        return None
    if not (limits.min or 0) <= sizes[1] <= (limits.max or 0):
        return None
    changed = {"image_size": int(sizes[1]), "channels": int(sizes[0])}
    return build(type(dataset), {**dataset.changed_arguments(), **changed})
