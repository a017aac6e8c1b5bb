"""Masks in files: which image each belongs to, and the class of every pixel. No torch."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from data.dataset import IGNORED, DataError
from data.image_files import image_files, opened, some_of, whole_size_of

if TYPE_CHECKING:
    import numpy
    from PIL import Image

MaskValues = Literal["threshold", "index"]
"""What the pixels of a mask's file say: dark or bright, or the number of the class."""

BRIGHT = 128
"""From here on a pixel of a black and white mask is foreground."""

_WITH_NUMBERS = ("P", "L", "1", "I;16", "I;16B", "I;16L", "I")
"""Pillow's names for images whose pixels are one whole number each."""

_BYTES = ("P", "L")
"""Likewise where the number is a byte."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An image and its mask; `name` is what both files are called without their endings."""

    name: str
    image: Path
    mask: Path


@lru_cache(maxsize=16)
def find_pairs(images: str, masks: str, ending: str, state: object) -> tuple[Pair, ...]:
    """The images of a folder with their masks, by name.

    Args:
        images: the folder of the images.
        masks: that of the masks.
        ending: what the name of a mask has behind that of its image.
        state: of the folders; while it is the same they are not looked through again.

    Raises:
        DataError: a folder cannot be read, or an image or a mask stands alone.
    """
    pictures = image_files(images, "images", "images")
    found = image_files(masks, "masks", "masks")
    alone = [path.name for stem, path in pictures.items() if stem + ending not in found]
    if alone:
        raise DataError(
            f"There is no mask in {masks} for {some_of(alone)}: a mask is called as its image"
            f"{f' with {ending} behind it' if ending else ''}. Add it, or take the image away.",
            "masks",
        )
    wanted = {stem + ending for stem in pictures}
    alone = [path.name for stem, path in found.items() if stem not in wanted]
    if alone:
        raise DataError(
            f"There is no image in {images} for the mask {some_of(alone)}. Add it, or take the "
            f"mask away.",
            "images",
        )
    return tuple(Pair(stem, path, found[stem + ending]) for stem, path in pictures.items())


@lru_cache(maxsize=16)
def sizes_of(images: str, masks: str, ending: str, state: object) -> tuple[tuple[int, int], ...]:
    """Height and width of every image, which its mask has too.

    The arguments are those of `find_pairs`.

    Raises:
        DataError: a mask has another size, or a file cannot be read or is cut off.
    """
    sizes = []
    for pair in find_pairs(images, masks, ending, state):
        image, mask = whole_size_of(pair.image, "images"), whole_size_of(pair.mask, "masks")
        if image != mask:
            raise DataError(
                f"The image {pair.image} has {image[0]}×{image[1]} pixels (height × width), but "
                f"its mask {pair.mask} has {mask[0]}×{mask[1]}. Make them the same.",
                "masks",
            )
        sizes.append(image)
    return tuple(sizes)


@lru_cache(maxsize=16)
def highest_class(images: str, masks: str, ending: str, state: object) -> tuple[int, Path]:
    """The highest class number in masks with numbers, and the first file that holds it.

    All masks are read, so that a class too many is known before anything is learned. The arguments
    are those of `find_pairs`.

    Raises:
        DataError: a mask cannot be read, or has colours instead of numbers.
    """
    highest = [_highest_in(pair.mask) for pair in find_pairs(images, masks, ending, state)]
    largest = max(highest)
    return largest, find_pairs(images, masks, ending, state)[highest.index(largest)].mask


@lru_cache(maxsize=16)
def threshold_fault(images: str, masks: str, ending: str, state: object) -> str:
    """What is wrong with masks that are to be black and white; empty where nothing is.

    They are read up to the first that has foreground. The arguments are those of `find_pairs`.

    Raises:
        DataError: a mask cannot be read.
    """
    for pair in find_pairs(images, masks, ending, state):
        with opened(pair.mask, "masks") as image:
            if any(image.convert("L").histogram()[BRIGHT:]):
                return _colours_fault(pair.mask, image)
    return (
        f"No mask in {masks} has foreground: no pixel is {BRIGHT} or brighter (0 is black, 255 "
        "white). If the pixels are numbers of classes, set mask_values to index; else save the "
        "masks with white for the foreground."
    )


def _colours_fault(path: Path, image: Image.Image) -> str:
    """That a mask's palette has colours for classes, as that of Pascal VOC; empty if not."""
    palette = image.getpalette() if image.mode == "P" else None
    if palette is None:
        return ""
    used = [number for number, count in enumerate(image.histogram()) if count]
    colours = {tuple(palette[3 * number : 3 * number + 3]) for number in used}
    if len(colours) <= 2 or all(len(set(colour)) == 1 for colour in colours):
        return ""
    return (
        f"The mask {path} is not black and white, but has a palette with {len(colours)} colours. "
        "If they stand for classes, set mask_values to index; else save it in black and white."
    )


def count_classes(highest: int, mask: Path) -> int:
    """How many classes there are, from the highest number and the mask that holds it.

    Raises:
        DataError: less than two, or more than a mask has numbers for.
    """
    if highest == 0:
        raise DataError(
            f"The masks, such as {mask}, hold no class but number 0"
            f" ({IGNORED} is for unknown pixels). If white stands for something in them, set "
            f"mask_values to threshold.",
            "mask_values",
        )
    check_class(mask, highest, IGNORED)
    return highest + 1


def check_class(mask: Path, label: int, classes: int) -> None:
    """See that a number in a mask is that of a class.

    Raises:
        DataError: it is too high.
    """
    if label >= classes:
        raise DataError(
            f"The mask {mask} holds the class number {label}, but there are {classes} classes, "
            f"with numbers from 0 to {classes - 1} ({IGNORED} is for unknown pixels). Name all "
            f"classes in class_names, or correct the mask.",
            "class_names",
        )


def read_mask(
    path: Path, *, values: MaskValues, classes: int, size: tuple[int, int] | None
) -> numpy.ndarray:
    """The class of every pixel, uint8 of shape (H, W); `IGNORED` where it is unknown.

    Args:
        path: the file.
        values: what its pixels say.
        classes: how many there are.
        size: height and width to bring it to, pixels taken as they are.

    Raises:
        DataError: it cannot be read, has colours instead of numbers, or a class too many.
    """
    import numpy
    from PIL import Image

    if values == "threshold":
        with opened(path, "masks") as image:
            grey = image.convert("L")
            if size is not None:
                grey = grey.resize((size[1], size[0]), Image.Resampling.NEAREST)
            bright: numpy.ndarray = (numpy.array(grey) >= BRIGHT).astype(numpy.uint8)
        return bright
    with _numbered(path) as image:
        if size is not None:
            image = image.resize((size[1], size[0]), Image.Resampling.NEAREST)
        labels = numpy.array(image)
    check_class(path, int(labels[labels != IGNORED].max(initial=0)), classes)
    return labels.astype(numpy.uint8)


@contextlib.contextmanager
def _numbered(path: Path) -> Iterator[Image.Image]:
    """An opened mask whose pixels are numbers; of a palette those of the colours.

    Raises:
        DataError: it cannot be read, or has colours instead.
    """
    with opened(path, "masks") as image:
        if image.mode not in _WITH_NUMBERS:
            raise DataError(
                f"The mask {path} has colours ({image.mode}) instead of class numbers. Save it as "
                f"a PNG with a palette or with grey values that are the numbers of the classes.",
                "masks",
            )
        yield image


def _highest_in(path: Path) -> int:
    """The highest class number of a mask; 0 where all is unknown."""
    import numpy

    with _numbered(path) as image:
        if image.mode in _BYTES:
            # Six times as fast as looking at the pixels, of which there may be thousands of files.
            counts = image.histogram()
            return max((number for number in range(IGNORED) if counts[number]), default=0)
        pixels = numpy.array(image)
    return int(pixels[pixels != IGNORED].max(initial=0))
