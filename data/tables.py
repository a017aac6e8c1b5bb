"""Rows of numbers that fit into memory, as tensors. Imports torch: for workers only."""

from __future__ import annotations

import torch
from torch import Tensor

from data.dataset import Batch


class TableSamples:
    """Rows of features with numbers to be predicted; `Samples` for regression."""

    def __init__(self, features: Tensor, values: Tensor, origins: Tensor) -> None:
        """Keep the samples of a split.

        Args:
            features: float, of shape (N, features).
            values: the numbers to be predicted, float, of shape (N, numbers).
            origins: the number of each sample in the whole dataset, of shape (N,).
        """
        self.features = features
        self.values = values
        self._origins = origins

    def __len__(self) -> int:
        return len(self.values)

    def batch(self, indices: Tensor, generator: torch.Generator | None = None) -> Batch:
        """Features of shape (B, features) and values of shape (B, numbers); see `Samples`."""
        return Batch({"features": self.features[indices]}, {"values": self.values[indices]})

    def picture(self, index: int) -> None:
        """A row of a table has none."""
        return

    def origin(self, index: int) -> int:
        """The number of the sample in the whole dataset."""
        return int(self._origins[index])
