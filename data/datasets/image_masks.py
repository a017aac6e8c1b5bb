"""Images with masks in folders: a class for every pixel. No torch at import.

How the files are found and read is in data/image_files.py and data/mask_files.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from data.augmentation import AugmentedImages
from data.dataset import IGNORED, DataDescription, DataError, Splits, dataset
from data.image_files import folder_state, read_picture
from data.lists import listed_division
from data.mask_files import Pair, check_sizes, count_classes, find_pairs, read_mask
from data.split import Division
from graph.declare import build, param
from graph.shapes import TensorSpec

if TYPE_CHECKING:
    from data.masks import Masked


@dataset("image_masks", title="Images with masks")
class ImageMasks(AugmentedImages):
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
        default=256, min=8, max=4096, help="Height in pixels to which all are brought."
    )
    width: int = param(
        default=256, min=8, max=4096, help="Width in pixels to which all are brought."
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
    split_seed: int = param(
        default=0,
        min=0,
        help="Another number divides the samples differently.",
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
        kind = "coloured" if self.channels == 3 else "grey"
        size = f"{self.height}×{self.width}"
        return DataDescription(
            task="segmentation",
            inputs={"image": TensorSpec((self.channels, self.height, self.width))},
            class_names=names,
            samples=len(pairs),
            summary=(
                f"{len(pairs):,} {kind} images with masks of {len(names)} classes, brought to "
                f"{size} pixels."
            ),
            source=f"Your own files: {Path(self.images).name} and {Path(self.masks).name}.",
            preparation=(
                f"A {kind} picture brought to {size} pixels (height × width, bilinear), with "
                "values from 0 (black) to 1 (full brightness)."
            ),
        )

    def load(self) -> Splits:
        """Divide, and see that files fit each other; pixels are read when they are asked for.

        Raises:
            DataError: folders or files are missing, or do not fit each other.
        """
        import torch

        from data.masks import MaskedImages

        pairs = self._pairs()
        classes = len(self._names())
        division = self._division(pairs)
        check_sizes(pairs)
        size = (self.height, self.width)

        def read(number: int) -> Masked:
            pair = pairs[number]
            image = read_picture(pair.image, size=size, channels=self.channels, parameter="images")
            mask = read_mask(pair.mask, values=self.mask_values, classes=classes, size=size)
            return torch.from_numpy(image), torch.from_numpy(mask)

        return Splits(
            training=MaskedImages(read, division.training, self.augment(fill=IGNORED)),
            validation=MaskedImages(read, division.validation),
            test=MaskedImages(read, division.test),
        )

    def fitted_to(self, inputs: Mapping[str, Sequence[int]]) -> ImageMasks | None:
        """The same images in the size of a network with one image as input."""
        sizes = next(iter(inputs.values()), ())
        limits = self.PARAMETERS["height"]
        if len(inputs) != 1 or len(sizes) != 3 or sizes[0] not in (1, 3):
            return None
        if not all((limits.min or 0) <= size <= (limits.max or 0) for size in sizes[1:]):
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

    def _names(self) -> tuple[str, ...]:
        """The classes in the order of their numbers."""
        given = tuple(name.strip() for name in self.class_names.split(",") if name.strip())
        if self.mask_values == "threshold":
            if given and len(given) != 2:
                raise DataError(
                    f"Masks of black and white have two classes, but class_names has {len(given)}: "
                    f"{', '.join(given)}. Name two, or set mask_values to index.",
                    "class_names",
                )
            return given or ("background", "foreground")
        if len(given) == 1 or len(given) > IGNORED:
            raise DataError(
                f"class_names must have from 2 to {IGNORED} names, but has {len(given)}.",
                "class_names",
            )
        if given:
            return given
        classes = count_classes(*self._files())
        return ("background", *(f"class {number}" for number in range(1, classes)))

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
