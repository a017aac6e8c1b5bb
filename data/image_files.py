"""Images in folders: which there are, and their pixels. No torch; every fault names its file."""

from __future__ import annotations

import contextlib
import os
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from data.dataset import DataError

if TYPE_CHECKING:
    import numpy
    from PIL import Image

ENDINGS = frozenset(
    {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".pgm", ".ppm"}
)
_ENDS = {"PNG": b"IEND\xaeB`\x82", "JPEG": b"\xff\xd9", "GIF": b";"}
"""What files of a kind end with, by Pillow's names; programs may put zeros behind it."""

_TAIL = 256
"""Bytes at the end of a file that are looked at."""

_ON_ITS_SIDE = (5, 6, 7, 8)
"""Orientations (EXIF) in which height and width change places."""

_SIXTEEN_BITS = ("I;16", "I;16B", "I;16L", "I")
_SHOWN = 3
"""So many names are told of a longer list."""


class _BeyondOneError(Exception):
    """The values of an image are fractions, but not from 0 to 1."""


def folder_state(*paths: str) -> tuple[tuple[str, int], ...]:
    """What changes when a file is added to, taken from or renamed in folders, or a file written."""
    found = []
    for path in paths:
        with contextlib.suppress(OSError, ValueError):
            found.append((path, os.stat(path).st_mtime_ns))
    return tuple(found)


def image_files(folder: str, parameter: str, kind: str) -> dict[str, Path]:
    """The images of a folder by their names without ending, in order.

    Args:
        folder: where they lie.
        parameter: the setting that says so, for errors.
        kind: what they are, "images", for errors.

    Raises:
        DataError: there is no such folder, it has no images, or two of them have one name.
    """
    if not folder:
        raise DataError(f"Choose the folder of the {kind}.", parameter)
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if entry.is_file())
    except FileNotFoundError:
        raise DataError(
            f"The folder of the {kind} {folder} does not exist. Choose where it is now.", parameter
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(
            f"The folder of the {kind} {folder} cannot be read ({reason}). Choose another, or give "
            "yourself the right to read it.",
            parameter,
        ) from None
    found: dict[str, Path] = {}
    for name in names:
        path = Path(folder) / name
        if path.suffix.lower() not in ENDINGS or name.startswith("."):
            continue
        if path.stem in found:
            raise DataError(
                f"In {folder} there are {found[path.stem].name} and {name}, so nobody knows which "
                f"one is meant. Take one of them away.",
                parameter,
            )
        found[path.stem] = path
    if not found:
        raise DataError(
            f"In the folder of the {kind} {folder} there is no image (PNG, JPEG, TIFF and others). "
            "Choose another, or put them there.",
            parameter,
        )
    return found


def some_of(names: Sequence[str], most: int = _SHOWN) -> str:
    """A few names of a list, and how many more there are."""
    shown = ", ".join(names[:most])
    more = len(names) - most
    return f"{shown} and {more:,} more" if more > 0 else shown


@contextlib.contextmanager
def opened(path: Path, parameter: str) -> Iterator[Image.Image]:
    """An image as it is shown: upright, where its camera noted how it was held (EXIF).

    Raises:
        DataError: it is not there, is no image, or ends too early; also for what is read inside.
    """
    from PIL import ImageOps

    with _stored(path, parameter) as image:
        if _orientation(image) != 1:
            # Else its other notes would be written anew, which fails where they are odd.
            image.info.pop("exif", None)
            ImageOps.exif_transpose(image, in_place=True)
        yield image


@contextlib.contextmanager
def _stored(path: Path, parameter: str) -> Iterator[Image.Image]:
    """An image as it lies in its file, whose pixels are read when they are asked for.

    Raises:
        DataError: as `opened`.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            yield image
    except FileNotFoundError:
        raise DataError(
            f"The file {path} is not there. Put it back, or choose another.",
            parameter,
        ) from None
    except PermissionError:
        raise DataError(
            f"The file {path} may not be read (Permission denied). Give yourself the right to "
            "read it, or take it out of the folder.",
            parameter,
        ) from None
    except _BeyondOneError as error:
        raise DataError(
            f"The image {path} has fractions as values, {error}, so nobody knows what is black and "
            "what is white. Bring them into the range from 0 (black) to 1 (white), or save it with "
            "8 or 16 bits.",
            parameter,
        ) from None
    except UnidentifiedImageError:
        raise DataError(
            f"The file {path} is no image that can be read. Take it out of the folder, or save it "
            f"again as PNG.",
            parameter,
        ) from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        # Pillow says so of files that are damaged or end too early, each format in its own way.
        raise DataError(
            f"The image {path} is damaged or incomplete ({error}). Copy it again, or take it out "
            f"of the folder.",
            parameter,
        ) from None


def size_of(path: Path, parameter: str) -> tuple[int, int]:
    """Height and width as it is shown, without reading the pixels.

    Raises:
        DataError: as `opened`.
    """
    with _stored(path, parameter) as image:
        return _shown_size(image)


def whole_size_of(path: Path, parameter: str) -> tuple[int, int]:
    """Height and width, as it is shown, of an image whose file is there to its end.

    Files that end as their kind does are taken to be whole, and their pixels are not read; damage
    in the middle of a file is found when it is read.

    Raises:
        DataError: as `opened`.
    """
    with _stored(path, parameter) as image:
        end = _ENDS.get(image.format or "")
        if end is None or not _tail_of(path).endswith(end):
            image.load()
        return _shown_size(image)


def _shown_size(image: Image.Image) -> tuple[int, int]:
    # Pillow turns TIFF itself, and says so of its size from the beginning.
    if image.format != "TIFF" and _orientation(image) in _ON_ITS_SIDE:
        return image.width, image.height
    return image.height, image.width


def _orientation(image: Image.Image) -> int:
    """How the camera was held (EXIF, 1 to 8); 1 where nothing that can be read is noted."""
    from PIL import ExifTags, Image

    with contextlib.suppress(SyntaxError, ValueError, struct.error):
        # The method of the base class: that for PNG reads all pixels, to look behind them too.
        noted: int = Image.Image.getexif(image).get(ExifTags.Base.Orientation, 1)
        return noted
    return 1


def _tail_of(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - _TAIL, 0))
        return file.read().rstrip(b"\0")


def pixels_of(image: Image.Image, *, size: tuple[int, int] | None, channels: int) -> numpy.ndarray:
    """An opened image as uint8 of shape (channels, H, W), blended to a size where one is given.

    Args:
        image: as `opened` gives it, so that faults of its file are named. Values of 16 bits are
            brought to 8, and fractions from 0 to 1.
        size: height and width.
        channels: 1 for grey, 3 for red, green and blue.
    """
    import numpy
    from PIL import Image

    if image.mode in (*_SIXTEEN_BITS, "F"):
        values = numpy.asarray(image)
        if image.mode != "F":
            values = values.clip(0, 65_535) / 257
        elif values.min() >= 0 and values.max() <= 1:
            values = values * 255
        else:
            raise _BeyondOneError(f"from {values.min():g} to {values.max():g}")
        image = Image.fromarray(values.round().astype(numpy.uint8))
    image = image.convert("L" if channels == 1 else "RGB")
    if size is not None and (image.height, image.width) != size:
        image = image.resize((size[1], size[0]), Image.Resampling.BILINEAR)
    pixels = numpy.array(image)
    return pixels[None] if channels == 1 else numpy.ascontiguousarray(pixels.transpose(2, 0, 1))
