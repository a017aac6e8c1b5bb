"""Rows of numbers that fit into memory, as tensors. Imports torch: for workers only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from data.dataset import Batch, Splits
from data.split import Division


class TableSamples:
    """Rows of features with what is to be predicted; `Samples` for regression and classes."""

    def __init__(self, features: Tensor, targets: Mapping[str, Tensor], origins: Tensor) -> None:
        """Keep the samples of a split.

        Args:
            features: float, of shape (N, features).
            targets: `values`, float, of shape (N, numbers), or `label`, of shape (N,).
            origins: the number of each sample in the whole dataset, of shape (N,).
        """
        self.features = features
        self.targets = targets
        self._origins = origins

    def __len__(self) -> int:
        return len(self.features)

    def batch(self, indices: Tensor, generator: torch.Generator | None = None) -> Batch:
        """Features of shape (B, features), and the targets; see `Samples`."""
        targets = {name: tensor[indices] for name, tensor in self.targets.items()}
        return Batch({"features": self.features[indices]}, targets)

    def picture(self, index: int) -> None:
        """A row of a table has none."""
        return

    def origin(self, index: int) -> int:
        """The number of the sample in the whole dataset."""
        return int(self._origins[index])


def standardised_splits(
    raw: Tensor, targets: Mapping[str, Tensor], names: Sequence[str], division: Division
) -> Splits:
    """A table divided, each column with the mean of the training samples subtracted and divided
    by their standard deviation.

    Args:
        raw: of shape (N, features).
        targets: as `TableSamples` wants them, of all samples.
        names: of the columns.
        division: which row belongs to which split.
    """
    learned_from = raw[list(division.training)]
    mean, deviation = learned_from.mean(dim=0), learned_from.std(dim=0, correction=0)
    features = ((raw - mean) / deviation).float()

    def samples(indices: Sequence[int]) -> TableSamples:
        chosen = torch.tensor(indices, dtype=torch.int64)
        own = {name: tensor[chosen] for name, tensor in targets.items()}
        return TableSamples(features[chosen], own, chosen)

    statistics = "; ".join(
        f"{name} {center:.6g}, {spread:.6g}"
        for name, center, spread in zip(names, mean.tolist(), deviation.tolist(), strict=True)
    )
    return Splits(
        training=samples(division.training),
        validation=samples(division.validation),
        test=samples(division.test),
        preparation=f"Mean and standard deviation of each: {statistics}.",
    )
