"""Images with masks in folders: a class for every pixel. No torch at import.

How the files are found and read is in data/image_files.py and data/mask_files.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from data.augmentation import Augment, AugmentedImages
from data.class_names import named_classes
from data.dataset import IGNORED, DataDescription, DataError, Splits, dataset
from data.divided import CollectedDataset
from data.image_files import folder_state, opened, pixels_of
from data.lists import listed_division
from data.mask_files import (
    Pair,
    check_class,
    count_classes,
    find_pairs,
    highest_class,
    read_mask,
    sizes_of,
    threshold_fault,
)
from data.split import Division
from graph.declare import build, param
from graph.shapes import TensorSpec

if TYPE_CHECKING:
    from data.masks import Masked


@dataset("image_masks", title="Images with masks")
class ImageMasks(AugmentedImages, CollectedDataset):
    """Your own images in a folder, and for each a mask of the same name in another folder."""

    images: str = param(default="", path="folder", help="The folder with the images.")
    masks: str = param(
        default="", path="folder", help="The folder with the masks, called as their images."
    )
    mask_values: Literal["threshold", "index"] = param(
        default="threshold",
        help="What a mask's pixels say: bright or dark (threshold), or the number of the class "
        "(index), as a grey value or as a palette's colour; 255 is then unknown.",
    )
    class_names: str = param(
        default="",
        help="The names of the classes with commas, that of number 0 first; where nothing is "
        "given, as many as the masks have.",
    )
    height: int = param(
        default=256, min=8, max=4096, help="Height in pixels of what the network is given."
    )
    width: int = param(
        default=256, min=8, max=4096, help="Width in pixels of what the network is given."
    )
    fit: Literal["resize", "parts"] = param(
        default="resize",
        help="How images come to this height and width: brought to it (resize), or cut into parts "
        "of it that keep their scale (parts); training sees parts at places by chance.",
    )
    channels: Literal[1, 3] = param(default=3, help="3 for colours, 1 for grey images.")
    mask_ending: str = param(
        default="",
        help="What a mask's name has behind that of its image: _mask for cell.png and "
        "cell_mask.png.",
        advanced=True,
    )
    training_list: str = param(
        default="",
        path="file",
        help="A text file with the names of the images to learn from, one a line; without it, all "
        "that no other list names.",
        advanced=True,
    )
    validation_list: str = param(
        default="",
        path="file",
        help="Likewise for choosing the best epoch; without it, a share of those to learn from.",
        advanced=True,
    )
    test_list: str = param(
        default="",
        path="file",
        help="Likewise for judging the result; without it, a share of those to learn from.",
        advanced=True,
    )

    def describe(self) -> DataDescription:
        """Sizes and classes; the picture is the only input.

        Raises:
            DataError: folders or files are missing, or there is no class to learn.
        """
        pairs = self._pairs()
        names = self._names()
        self._division(pairs)
        parts = len(self._parts(range(len(pairs)))) if self.fit == "parts" else 0
        kind = "coloured" if self.channels == 3 else "grey"
        size = f"{self.height}×{self.width}"
        return DataDescription(
            task="segmentation",
            inputs={"image": TensorSpec((self.channels, self.height, self.width))},
            class_names=names,
            samples=parts or len(pairs),
            summary=(
                f"{len(pairs):,} {kind} images with masks of {len(names)} classes, "
                f"{f'cut into {parts:,} parts of' if parts else 'brought to'} {size} pixels."
            ),
            source=f"Your own files: {Path(self.images).name} and {Path(self.masks).name}.",
            preparation=(
                f"A {kind} picture {'of' if parts else 'brought to'} {size} pixels (height × width"
                f"{', a part of a larger one in its own scale' if parts else ', bilinear'}), with "
                "values from 0 (black) to 1 (full brightness)."
            ),
            parts=parts > 0,
        )

    def load(self) -> Splits:
        """Divide, and see that files fit each other; pixels are read when they are asked for.

        Raises:
            DataError: folders or files are missing, or do not fit each other.
        """
        import torch

        from data.masks import MaskedImages, Part

        pairs = self._pairs()
        classes = len(self._names())
        division = self._division(pairs)
        sizes_of(*self._files())
        size = (self.height, self.width)
        whole = None if self.fit == "parts" else size

        def read(number: int) -> Masked:
            pair = pairs[number]
            with opened(pair.image, "images") as file:
                image = pixels_of(file, size=whole, channels=self.channels)
            mask = read_mask(pair.mask, values=self.mask_values, classes=classes, size=whole)
            return torch.from_numpy(image), torch.from_numpy(mask)

        def samples(numbers: Sequence[int], augment: Augment | None = None) -> MaskedImages:
            if whole is not None:
                return MaskedImages(read, [Part(number, number) for number in numbers], augment)
            parts = [Part(*numbers) for numbers in self._parts(numbers)]
            return MaskedImages(read, parts, augment, size=size)

        return Splits(
            training=samples(division.training, self.augment(fill=IGNORED)),
            validation=samples(division.validation),
            test=samples(division.test),
        )

    def fitted_to(self, inputs: Mapping[str, Sequence[int]]) -> ImageMasks | None:
        """The same images in the size of a network with one image as input."""
        sizes = next(iter(inputs.values()), ())
        if len(inputs) != 1 or len(sizes) != 3 or sizes[0] not in (1, 3):
            return None
        if not all(map(self.PARAMETERS["height"].within, sizes[1:])):
            return None
        channels, height, width = (int(size) for size in sizes)
        changed = {"channels": channels, "height": height, "width": width}
        return build(ImageMasks, {**self.changed_arguments(), **changed})

    def _pairs(self) -> tuple[Pair, ...]:
        return find_pairs(*self._files())

    def _files(self) -> tuple[str, str, str, object]:
        """Where the files are and in which state, which says whether they were looked at before."""
        state = folder_state(self.images, self.masks)
        return self.images, self.masks, self.mask_ending, state

    def _parts(self, images: Sequence[int]) -> list[tuple[int, int, int, int]]:
        """What images are cut into: number of the part and of the image, top and left.

        The parts cover the image; the last ones of a row or column overlap those before.

        Raises:
            DataError: an image is smaller than a part.
        """
        wanted = set(images)
        found = []
        number = 0
        for image, (height, width) in enumerate(sizes_of(*self._files())):
            if height < self.height or width < self.width:
                raise DataError(
                    f"The image {self._pairs()[image].image} has {height}×{width} pixels (height × "
                    f"width), but parts are to have {self.height}×{self.width}. Choose smaller "
                    f"parts, or set fit to resize.",
                    "fit",
                )
            for top in _starts(height, self.height):
                for left in _starts(width, self.width):
                    if image in wanted:
                        found.append((number, image, top, left))
                    number += 1
        return found

    def _names(self) -> tuple[str, ...]:
        """The classes in the order of their numbers."""
        given = named_classes(self.class_names)
        if self.mask_values == "threshold":
            if given and len(given) != 2:
                raise DataError(
                    f"Masks of black and white have two classes, but class_names has {len(given)}: "
                    f"{', '.join(given)}. Name two, or set mask_values to index.",
                    "class_names",
                )
            if fault := threshold_fault(*self._files()):
                raise DataError(fault, "mask_values")
            return given or ("background", "foreground")
        if len(given) == 1 or len(given) > IGNORED:
            raise DataError(
                f"class_names must have from 2 to {IGNORED} names, but has {len(given)}.",
                "class_names",
            )
        highest, mask = highest_class(*self._files())
        if given:
            check_class(mask, highest, len(given))
            return given
        return (
            "background",
            *(f"class {number}" for number in range(1, count_classes(highest, mask))),
        )

    def _division(self, pairs: tuple[Pair, ...]) -> Division:
        """Which images are in which split."""
        return listed_division(
            tuple(pair.name for pair in pairs),
            training=self.training_list,
            validation=self.validation_list,
            test=self.test_list,
            validation_fraction=self.validation_fraction,
            test_fraction=self.test_fraction,
            seed=self.split_seed,
        )


def _starts(length: int, part: int) -> list[int]:
    """Where parts begin that cover a length; the last one ends with it."""
    return [min(start, length - part) for start in range(0, length, part)]
