"""The handwritten digits that scikit-learn ships: real, small, no download. No torch at import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from data.dataset import DataDescription, Splits, dataset
from data.divided import CollectedDataset
from data.fitting import fitted_to_square
from data.shipped import reading_shipped
from graph.declare import param
from graph.shapes import TensorSpec

SAMPLES = 1797
SIDE = 8
BRIGHTEST = 16.0
"""The largest value of a pixel in scikit-learn's arrays."""


@dataset("digits", title="Handwritten digits")
class Digits(CollectedDataset):
    """1,797 grey images of handwritten digits by 13 people, 8×8 pixels, in ten classes."""

    image_size: int = param(
        default=SIDE,
        min=SIDE,
        max=128,
        help="Height and width in pixels; 8 leaves the images as they are, more enlarges them.",
    )
    smallest_size: int | None = param(
        default=None,
        min=SIDE,
        max=128,
        help="Each batch of training comes in a size of its own, drawn between this one and the "
        "image size, for networks that take any size; nothing for always the same.",
    )
    random_shift: int = param(
        default=0,
        min=0,
        max=32,
        help="Moves every training image by up to this many pixels at random; 0 leaves it alone.",
    )

    def describe(self) -> DataDescription:
        """Sizes and classes; the picture is the only input."""
        size = f"{self.image_size}×{self.image_size}"
        enlarged = "" if self.image_size == SIDE else f", enlarged to {size}, bilinear"
        return DataDescription(
            task="classification",
            inputs={"image": TensorSpec((1, self.image_size, self.image_size))},
            class_names=tuple("0123456789"),
            samples=SAMPLES,
            summary=(
                "1,797 grey 8×8 pictures of handwritten digits, 0 to 9, about 180 of each, "
                "written by 13 people."
            ),
            source=(
                "E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine "
                "Learning Repository, 1998, doi:10.24432/C50P49 (its test set, as shipped with "
                "scikit-learn)"
            ),
            preparation=(
                "A grey picture of 8×8 pixels, white on black, with values from 0 (background) to "
                "1 (ink)"
                f"{enlarged}."
            ),
            varying=self._varies(),
        )

    def _varies(self) -> bool:
        return self.smallest_size is not None and self.smallest_size < self.image_size

    def load(self) -> Splits:
        """Read, scale to 0..1, enlarge and divide; a few milliseconds after the imports.

        Raises:
            DataError: scikit-learn's copy is damaged.
        """
        import torch
        from sklearn.datasets import load_digits

        from data.images import ImageSamples, resize

        with reading_shipped("The digits"):
            bunch = load_digits()
            pixels = torch.as_tensor(bunch.images, dtype=torch.float32).unsqueeze(1) / BRIGHTEST
            labels = torch.as_tensor(bunch.target, dtype=torch.int64)
        images = resize(pixels, self.image_size)
        division = self.divided(labels.tolist())

        def samples(
            indices: Sequence[int], shift: int = 0, smallest: int | None = None
        ) -> ImageSamples:
            chosen = torch.tensor(indices, dtype=torch.int64)
            return ImageSamples(
                images[chosen], labels[chosen], chosen, random_shift=shift, smallest_size=smallest
            )

        smallest = self.smallest_size if self._varies() else None
        return Splits(
            training=samples(division.training, self.random_shift, smallest),
            validation=samples(division.validation),
            test=samples(division.test),
        )

    def fitted_to(self, inputs: Mapping[str, Sequence[int]]) -> Digits | None:
        """The digits in the size of a network with one grey square input."""
        return fitted_to_square(self, inputs)
