"""Datasets that divide their samples by chance: the settings of that, declared once. No torch."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from data.dataset import Dataset
from data.split import Division, stratified_split
from graph.declare import declare, param


@declare
class DividedDataset(Dataset):
    """Base of the datasets that are not divided already."""

    validation_fraction: float = param(
        default=0.1,
        min=0.01,
        max=0.45,
        help="Share of the samples that chooses the best epoch.",
        advanced=True,
    )
    test_fraction: float = param(
        default=0.2,
        min=0.01,
        max=0.45,
        help="Share of the samples that is kept aside to judge the result.",
        advanced=True,
    )

    def chance(self) -> int:
        """The number that decides how samples are divided."""
        raise NotImplementedError

    def divided(self, labels: Sequence[Hashable]) -> Division:
        """Which samples are in which split, every class in all; of samples without classes give
        equal labels."""
        return stratified_split(
            labels,
            validation_fraction=self.validation_fraction,
            test_fraction=self.test_fraction,
            seed=self.chance(),
        )


@declare
class CollectedDataset(DividedDataset):
    """Base of the datasets that somebody collected."""

    split_seed: int = param(
        default=0,
        min=0,
        help="Another number divides the samples differently.",
        advanced=True,
    )

    def chance(self) -> int:
        """As it is set."""
        return self.split_seed


@declare
class DrawnDataset(DividedDataset):
    """Base of the datasets that are made up."""

    seed: int = param(
        default=0,
        min=0,
        max=2**31 - 1,
        help="Another number draws other samples, and divides them differently.",
        advanced=True,
    )

    def chance(self) -> int:
        """That of drawing."""
        return self.seed
