"""Datasets that come with scikit-learn. No torch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from data.dataset import DataError
from data.divided import CollectedDataset
from graph.declare import declare, param


@declare
class ShippedTable(CollectedDataset):
    """Base of the tables: so few rows that a tenth would choose the best epoch by luck."""

    validation_fraction: float = param(
        default=0.15,
        min=0.01,
        max=0.45,
        help="Share of the samples that chooses the best epoch.",
        advanced=True,
    )


@contextmanager
def reading_shipped(what: str) -> Iterator[None]:
    """While it reads what came with scikit-learn, such as "The digits".

    Raises:
        DataError: scikit-learn's copy is damaged.
    """
    try:
        yield
    except (OSError, ValueError, AttributeError) as error:
        raise DataError(
            f"{what} that come with scikit-learn cannot be read ({error}). "
            "Install scikit-learn again."
        ) from error
