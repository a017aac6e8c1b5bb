"""Nearly touching cells drawn from a seed: for trying networks that tell every pixel's class.

How they are drawn is in data/cells.py. No torch at import.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from data.augmentation import Augment, AugmentedImages
from data.dataset import DataDescription, Splits, dataset
from data.divided import DrawnDataset
from data.fitting import fitted_to_square
from graph.declare import param
from graph.shapes import TensorSpec

if TYPE_CHECKING:
    from data.masks import Masked

_PRIME = 1_000_003
"""Keeps the pictures of neighbouring seeds apart."""


@dataset("cells", title="Drawn cells")
class Cells(AugmentedImages, DrawnDataset):
    """Grey pictures of cells that nearly touch, each pixel cell or background."""

    image_size: int = param(default=64, min=16, max=1024, help="Height and width in pixels.")
    samples: int = param(
        default=300, min=5, max=10_000, help="How many images there are in all splits together."
    )
    cells: int = param(default=12, min=1, max=100, help="How many cells an image shows, at most.")
    gap: int = param(
        default=1,
        min=0,
        max=8,
        help="Pixels of background between cells that would touch; 0 lets their masks touch.",
    )

    def describe(self) -> DataDescription:
        """Sizes and classes; the picture is the only input."""
        size = f"{self.image_size}×{self.image_size}"
        gap = f"{self.gap} px of background" if self.gap else "nothing"
        return DataDescription(
            task="segmentation",
            inputs={"image": TensorSpec((1, self.image_size, self.image_size))},
            class_names=("background", "cell"),
            samples=self.samples,
            summary=(
                f"{self.samples:,} grey {size} pictures of up to {self.cells} drawn cells, with "
                f"{gap} between those that would touch."
            ),
            source="Made up: drawn by Kumitate when they are needed, from a seed.",
            preparation=(
                f"A grey picture of {size} pixels with values from 0 (black) to 1 (full "
                "brightness), bright cells on a darker background."
            ),
        )

    def load(self) -> Splits:
        """Divide; the pictures are drawn when they are first asked for."""
        import torch

        from data.cells import CELL, draw_cells
        from data.masks import MaskedImages, Part

        division = self.divided([0] * self.samples)

        def draw(number: int) -> Masked:
            generator = torch.Generator().manual_seed(self.seed * _PRIME + number)
            image, cells = draw_cells(
                generator, size=self.image_size, cells=self.cells, gap=self.gap
            )
            return image, ((cells > 0) * CELL).to(torch.uint8)

        def samples(numbers: Sequence[int], augment: Augment | None = None) -> MaskedImages:
            return MaskedImages(draw, [Part(number, number) for number in numbers], augment)

        return Splits(
            training=samples(division.training, self.augment()),
            validation=samples(division.validation),
            test=samples(division.test),
        )

    def fitted_to(self, inputs: Mapping[str, Sequence[int]]) -> Cells | None:
        """The cells in the size of a network with one square grey input."""
        return fitted_to_square(self, inputs)
