"""Waves drawn from a seed: sequences of any length, in eight kinds. No torch at import.

How they are drawn is in data/waves.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from data.dataset import DataDescription, Splits, dataset
from data.divided import DrawnDataset
from graph.declare import build, param
from graph.shapes import TensorSpec

KINDS = (
    "sine",
    "square",
    "triangle",
    "rising saw",
    "falling saw",
    "pulses",
    "rising pitch",
    "falling pitch",
)


@dataset("series", title="Drawn series")
class Series(DrawnDataset):
    """Noisy waves of eight kinds, one number a step: for trying networks that read sequences."""

    length: int = param(default=64, min=16, max=4096, help="Steps of a series.")
    noise: float = param(
        default=0.2,
        min=0,
        max=10,
        help="Standard deviation of the noise; the waves reach from 0.5 to 1.5 on both sides.",
    )
    samples_per_class: int = param(
        default=400,
        min=5,
        max=10_000,
        help="How many series of each kind there are in all splits together.",
    )

    def describe(self) -> DataDescription:
        """Steps with one number each; the kind of wave is the class."""
        samples = len(KINDS) * self.samples_per_class
        return DataDescription(
            task="classification",
            inputs={"series": TensorSpec((self.length, 1))},
            class_names=KINDS,
            samples=samples,
            summary=(
                f"{samples:,} noisy waves of {self.length:,} steps in {len(KINDS)} kinds, with "
                "height, pitch and beginning by chance."
            ),
            source="Made up: drawn by Kumitate from a seed.",
            preparation=(
                f"{self.length:,} steps of one number each, as drawn: between about −2 and 2."
            ),
        )

    def load(self) -> Splits:
        """Draw all series, and divide."""
        import torch

        from data.waves import SeriesSamples, draw_waves

        kinds = torch.arange(len(KINDS) * self.samples_per_class) % len(KINDS)
        generator = torch.Generator().manual_seed(self.seed)
        series = draw_waves(kinds, self.length, self.noise, generator)
        division = self.divided(kinds.tolist())

        def samples(indices: Sequence[int]) -> SeriesSamples:
            chosen = torch.tensor(indices, dtype=torch.int64)
            return SeriesSamples(series[chosen], kinds[chosen], chosen)

        return Splits(
            training=samples(division.training),
            validation=samples(division.validation),
            test=samples(division.test),
        )

    def fitted_to(self, inputs: Mapping[str, Sequence[int]]) -> Series | None:
        """The series in the length of a network that reads one number a step."""
        if len(inputs) != 1:
            return None
        sizes = next(iter(inputs.values()))
        if len(sizes) != 2 or sizes[1] != 1:
            return None
        if not self.PARAMETERS["length"].within(sizes[0]):
            return None
        return build(Series, {**self.changed_arguments(), "length": int(sizes[0])})
