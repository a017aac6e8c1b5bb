"""Several drawn shapes in each picture: for finding objects, or the class of every pixel.

How they are drawn is in data/scenes.py. No torch at import.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from data.dataset import DataDescription, Splits, dataset
from data.datasets.shapes import appearance, class_name
from data.divided import DrawnDataset
from data.fitting import fitted_to_square
from graph.declare import param
from graph.shapes import TensorSpec

BACKGROUND = "background"
"""The class of masks where no shape is."""


@dataset("scenes", title="Drawn scenes")
class Scenes(DrawnDataset):
    """Pictures of several drawn shapes: for trying detection and segmentation without any files."""

    target: Literal["boxes", "masks"] = param(
        default="boxes",
        help="What is known of a picture: a box with a class around every shape (boxes, for "
        "detection), or the class of every pixel (masks, for segmentation).",
    )
    image_size: int = param(default=112, min=32, max=1024, help="Height and width in pixels.")
    channels: Literal[1, 3] = param(
        default=3, help="3 for colours, 1 for grey images, where a colour is a brightness."
    )
    classes: int = param(
        default=3,
        min=1,
        max=100,
        help="Number of classes. Up to 10 differ in form and colour, more in one of them.",
    )
    most_objects: int = param(
        default=3, min=1, max=20, help="Each picture has one to so many shapes."
    )
    samples: int = param(
        default=1000,
        min=10,
        max=100_000,
        help="How many pictures there are in all splits together.",
    )

    def describe(self) -> DataDescription:
        """Sizes and classes; the picture is the only input."""
        names = tuple(class_name(label) for label in range(self.classes))
        masks = self.target == "masks"
        size = f"{self.image_size}×{self.image_size}"
        kind = "coloured" if self.channels == 3 else "grey"
        shapes = (
            "one drawn shape"
            if self.most_objects == 1
            else (f"one to {self.most_objects} drawn shapes")
        )
        told = "the class of every pixel" if masks else "a box around every shape"
        return DataDescription(
            task="segmentation" if masks else "detection",
            inputs={"image": TensorSpec((self.channels, self.image_size, self.image_size))},
            class_names=(BACKGROUND, *names) if masks else names,
            samples=self.samples,
            summary=(
                f"{self.samples:,} {kind} {size} pictures of {shapes} each, "
                f"of {self.classes:,} classes, with {told}."
            ),
            source="Made up: drawn by Kumitate when they are needed, from a seed.",
            preparation=(
                f"A {kind} picture of {size} pixels with values from 0 (black) to 1 (full "
                "brightness), shapes on a darker background."
            ),
        )

    def load(self) -> Splits:
        """Choose what each picture shows, and divide; the pictures are drawn batch by batch."""
        import torch

        from data.scenes import Arrangement, DrawnScenes

        generator = torch.Generator().manual_seed(self.seed)
        arrangement = Arrangement.by_chance(
            self.samples, self.most_objects, self.classes, generator
        )
        looks = torch.tensor([appearance(label) for label in range(self.classes)])
        division = self.divided([0] * self.samples)

        def samples(indices: Sequence[int]) -> DrawnScenes:
            chosen = torch.tensor(indices, dtype=torch.int64)
            return DrawnScenes(
                arrangement.of(chosen),
                looks,
                chosen,
                size=self.image_size,
                channels=self.channels,
                target=self.target,
            )

        return Splits(
            training=samples(division.training),
            validation=samples(division.validation),
            test=samples(division.test),
        )

    def fitted_to(self, inputs: Mapping[str, Sequence[int]]) -> Scenes | None:
        """The scenes in the size of a network with one square input, grey or coloured."""
        return fitted_to_square(self, inputs)
