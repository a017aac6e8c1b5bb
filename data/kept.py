"""Samples that are read from files once and kept, as long as there is room in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

MOST_BYTES = 512 * 2**20
"""Of the samples of a split that are kept; what is more is read again each time."""

Sample = TypeVar("Sample")


class Kept(Generic[Sample]):
    """Samples by their numbers."""

    def __init__(
        self,
        read: Callable[[int], Sample],
        size: Callable[[Sample], int],
        most_bytes: int = MOST_BYTES,
    ) -> None:
        """Read with `read`, and keep as many samples as fit by their `size` in bytes."""
        self._read = read
        self._size = size
        self._room = most_bytes
        self._samples: dict[int, Sample] = {}

    def __getitem__(self, number: int) -> Sample:
        kept = self._samples.get(number)
        if kept is None:
            kept = self._read(number)
            size = self._size(kept)
            if size <= self._room:
                self._room -= size
                self._samples[number] = kept
        return kept
