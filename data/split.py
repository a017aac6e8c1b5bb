"""Dividing samples into training, validation and test. Pure Python; knows labels, not samples."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

_FOR_ALL_SPLITS = 3
"""From so many samples on, some are in each split."""


@dataclass(frozen=True, slots=True)
class Division:
    """Which samples are in which split: numbers of samples, each in exactly one, ascending."""

    training: tuple[int, ...]
    validation: tuple[int, ...]
    test: tuple[int, ...]

    def empty(self) -> str:
        """The first split that has no sample; empty where all have some."""
        splits = {"training": self.training, "validation": self.validation, "test": self.test}
        return next((name for name, samples in splits.items() if not samples), "")


def stratified_split(
    labels: Sequence[Hashable], *, validation_fraction: float, test_fraction: float, seed: int
) -> Division:
    """Divide so that every class has its share in every split, to within one sample.

    A class of at least three samples is in all three splits (where both fractions are above 0),
    and every class keeps at least one sample for training.
    The order within a class is that of a hash over seed and number, not of a library's random
    generator: a saved project means the same division on every machine and in every release.

    Args:
        labels: the class of each sample.
        validation_fraction: share of each class for validation, from 0 to below 1.
        test_fraction: share for test; both together are below 1.
        seed: another number gives another division.

    Raises:
        ValueError: the fractions leave nothing to train on.
    """
    if min(validation_fraction, test_fraction) < 0 or validation_fraction + test_fraction >= 1:
        raise ValueError(
            f"the fractions {validation_fraction:g} (validation) and {test_fraction:g} (test) "
            "leave nothing for training"
        )
    members: defaultdict[Hashable, list[int]] = defaultdict(list)
    for index, label in enumerate(labels):
        members[label].append(index)
    training: list[int] = []
    validation: list[int] = []
    test: list[int] = []
    for indices in members.values():
        order = sorted(indices, key=lambda index: _place(seed, index))
        for_test = min(_share(len(order), test_fraction), len(order) - 1)
        left = len(order) - for_test - 1
        for_validation = min(_share(len(order), validation_fraction), left)
        test += order[:for_test]
        validation += order[for_test : for_test + for_validation]
        training += order[for_test + for_validation :]
    return Division(tuple(sorted(training)), tuple(sorted(validation)), tuple(sorted(test)))


def strata_of(classes: Sequence[Collection[str]], *, fewest: float) -> list[Hashable]:
    """Labels by which `stratified_split` divides samples of several classes each.

    That is the combination of classes, where enough samples have it; else the rarest of them,
    where it can be in all splits; all others have one label together. By combinations alone rare
    ones, of which there may be as many as samples, would be for training only.

    Args:
        classes: those of each sample.
        fewest: so many samples of a combination are enough, which is where the smallest share
            of them is one.
    """
    frequency = Counter(name for names in classes for name in set(names))
    combinations: list[Hashable] = [tuple(sorted(set(names))) for names in classes]
    rarest: list[Hashable] = [
        min(names, key=lambda name: (frequency[name], name), default=()) for names in classes
    ]
    labels = _where_enough(combinations, fewest, rarest)
    return _where_enough(labels, _FOR_ALL_SPLITS, [None] * len(labels))


def _where_enough(
    labels: Sequence[Hashable], fewest: float, others: Sequence[Hashable]
) -> list[Hashable]:
    """Labels that so many samples have, and for the other samples other ones."""
    counts = Counter(labels)
    return [
        label if counts[label] >= fewest else other
        for label, other in zip(labels, others, strict=True)
    ]


def _place(seed: int, index: int) -> bytes:
    return hashlib.blake2b(f"{seed}:{index}".encode(), digest_size=8).digest()


def _share(samples: int, fraction: float) -> int:
    """How many of `samples` are this fraction; at least one where there are three or more."""
    share = round(samples * fraction)
    if fraction > 0 and samples >= _FOR_ALL_SPLITS:
        share = max(share, 1)
    return share
