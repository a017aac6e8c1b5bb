"""Coloured shapes drawn from a seed: images of any size, up to 1,000 classes. No torch at import.

How they are drawn is in data/drawing.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from data.dataset import DataDescription, Splits, dataset
from data.divided import DrawnDataset
from data.fitting import fitted_to_square
from graph.declare import param
from graph.shapes import TensorSpec

FORMS = (
    "circle",
    "square",
    "triangle",
    "cross",
    "ring",
    "star",
    "bar",
    "heart",
    "crescent",
    "hexagon",
)
COLORS = (
    "red",
    "green",
    "blue",
    "yellow",
    "magenta",
    "cyan",
    "orange",
    "purple",
    "brown",
    "white",
)
TEXTURES = ("", "striped", "checked", "dotted", "hollow")
SIZES = ("", "small")

MOST_CLASSES = len(FORMS) * len(COLORS) * len(TEXTURES) * len(SIZES)


def appearance(label: int) -> tuple[int, int, int, int]:
    """Numbers of the form, colour, texture and size of a class.

    The first ten classes differ in form and in colour, the first hundred in one of the two.
    """
    tens = label // 10
    form = label % 10
    return form, (form + tens) % 10, label // 100 % 5, label // 500


def class_name(label: int) -> str:
    """What a class looks like: "small striped red circle"."""
    form, color, texture, size = appearance(label)
    words = (SIZES[size], TEXTURES[texture], COLORS[color], FORMS[form])
    return " ".join(word for word in words if word)


@dataset("shapes", title="Drawn shapes")
class Shapes(DrawnDataset):
    """Drawn shapes in any image size: for trying networks that need large images."""

    image_size: int = param(default=32, min=8, max=512, help="Height and width in pixels.")
    channels: Literal[1, 3] = param(
        default=3, help="3 for colours, 1 for grey images, where a colour is a brightness."
    )
    classes: int = param(
        default=10,
        min=2,
        max=MOST_CLASSES,
        help="Number of classes. Up to 10 differ in form and colour, up to 100 in one of them; "
        "beyond, texture and size tell them apart.",
    )
    samples_per_class: int = param(
        default=100,
        min=5,
        max=1000,
        help="How many images of each class there are in all splits together.",
    )

    def describe(self) -> DataDescription:
        """Sizes and classes; the picture is the only input."""
        size = f"{self.image_size}×{self.image_size}"
        kind = "coloured" if self.channels == 3 else "grey"
        samples = self.classes * self.samples_per_class
        return DataDescription(
            task="classification",
            inputs={"image": TensorSpec((self.channels, self.image_size, self.image_size))},
            class_names=tuple(class_name(label) for label in range(self.classes)),
            samples=samples,
            summary=(
                f"{samples:,} {kind} {size} pictures of one drawn shape each, in {self.classes:,} "
                "classes, with place, angle, size and background by chance."
            ),
            source="Made up: drawn by Kumitate when they are needed, from a seed.",
            preparation=(
                f"A {kind} picture of {size} pixels with values from 0 (black) to 1 (full "
                "brightness), a shape on a darker background."
            ),
        )

    def load(self) -> Splits:
        """Choose what each picture shows, and divide; the pictures are drawn batch by batch."""
        import torch

        from data.drawing import DrawnShapes, Scene

        labels = torch.arange(self.classes * self.samples_per_class) % self.classes
        scene = Scene.by_chance(len(labels), torch.Generator().manual_seed(self.seed))
        looks = torch.tensor([appearance(label) for label in range(self.classes)])
        division = self.divided(labels.tolist())

        def samples(indices: Sequence[int]) -> DrawnShapes:
            chosen = torch.tensor(indices, dtype=torch.int64)
            return DrawnShapes(
                labels[chosen],
                looks[labels[chosen]],
                scene.of(chosen),
                chosen,
                size=self.image_size,
                channels=self.channels,
            )

        return Splits(
            training=samples(division.training),
            validation=samples(division.validation),
            test=samples(division.test),
        )

    def fitted_to(self, inputs: Mapping[str, Sequence[int]]) -> Shapes | None:
        """The shapes in the size of a network with one square input, grey or coloured."""
        return fitted_to_square(self, inputs)
