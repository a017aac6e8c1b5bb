"""Images with boxes in the folders and files of Pascal VOC: what is there, and what is wrong.

`JPEGImages` holds the images, `Annotations` an XML file for each, `ImageSets/Main` lists of names.
No torch: the window asks after every edit. Images are read by `boxed_images.py`.
"""

from __future__ import annotations

import contextlib
import functools
import math
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from xml.etree import ElementTree

from data.dataset import DataError
from data.image_files import image_files, size_of, whole_size_of

IMAGES, ANNOTATIONS, LISTS = "JPEGImages", "Annotations", "ImageSets/Main"

LARGEST_FILE = 10 * 2**20
"""Bytes of an annotation; a larger file is none."""

_SECOND_COLUMN = re.compile(r"\s+(-1|0|1)$")
"""In lists of a single class: whether it is on the image, which is of no interest here."""

SHOWN = 3
"""So many faults are told where there is room for some sentences only."""

Corners = tuple[float, float, float, float]
"""Left, top, right and bottom in pixels of the image, counted from 0 at its left and upper edge."""


@dataclass(frozen=True, slots=True)
class VocObject:
    """An object on an image.

    Attributes:
        difficult: whether it is marked as hard to see without its surroundings.
    """

    name: str
    box: Corners
    difficult: bool


@dataclass(frozen=True, slots=True)
class Annotation:
    """What is known of one image.

    Attributes:
        size: width and height that the annotation was made for.
        notes: what is wrong with boxes, and what was done about it.
    """

    image: Path
    size: tuple[int, int]
    objects: tuple[VocObject, ...]
    notes: tuple[str, ...]

    def count(self) -> Counter[str]:
        """How many objects there are of each class."""
        return Counter(one.name for one in self.objects)


@dataclass(frozen=True, slots=True)
class VocFolder:
    """A folder as its files are now.

    `state` is what changes when any file does.
    """

    path: Path
    state: int

    @classmethod
    def of(cls, folder: str) -> VocFolder:
        """The folder at a path.

        Raises:
            DataError: it is not there, or not in the layout of Pascal VOC.
        """
        if not folder:
            raise DataError(
                f"No folder is chosen. Choose the one that holds {IMAGES} and {ANNOTATIONS}.",
                "folder",
            )
        path = Path(folder)
        there = _names_in(path)
        for part in (IMAGES, ANNOTATIONS):
            if part not in there:
                raise DataError(
                    f"{path} has no folder {part}. Choose a folder in the layout of Pascal VOC, "
                    f"with {IMAGES} and {ANNOTATIONS}.",
                    "folder",
                )
        return cls(path, _state(path))

    def every_name(self) -> tuple[str, ...]:
        """The names of all annotations, in the order of the alphabet.

        Raises:
            DataError: there are none.
        """
        names = sorted(self._annotated())
        if not names:
            raise DataError(
                f"{self.path / ANNOTATIONS} holds no annotations (*.xml). Put one there for each "
                "image, or choose another folder.",
                "folder",
            )
        return tuple(names)

    def list_names(self, name: str) -> tuple[str, ...] | None:
        """The names in a list of ImageSets/Main, "train"; None where there is no such list.

        Raises:
            DataError: it is empty or no text.
        """
        path = self.path / LISTS / f"{name}.txt"
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except FileNotFoundError:
            return None
        except UnicodeDecodeError:
            raise DataError(
                f"{path} is no text (UTF-8). Write it with the name of an image in each line, or "
                "divide the images by ratio.",
                "split",
            ) from None
        except OSError as error:
            raise DataError(
                f"{path} cannot be read ({error.strerror}). Give yourself the right to read it, "
                "or divide the images by ratio.",
                "split",
            ) from None
        annotated = self._annotated()
        names = dict.fromkeys(
            line if line in annotated else _SECOND_COLUMN.sub("", line)
            for line in map(str.strip, lines)
            if line
        )
        if not names:
            raise DataError(
                f"{path} names no image. Fill it, or divide the images by ratio.", "split"
            )
        return tuple(names)

    def _annotated(self) -> frozenset[str]:
        """The names of all annotations."""
        # What begins with a dot is none: macOS writes such files beside others.
        return frozenset(
            name.removesuffix(".xml")
            for name in _names_in(self.path / ANNOTATIONS)
            if name.endswith(".xml") and not name.startswith(".")
        )


def _names_in(path: Path) -> frozenset[str]:
    """What lies in a folder.

    Raises:
        DataError: it is not there, or may not be looked into.
    """
    try:
        return frozenset(os.listdir(path))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise DataError(f"There is no folder {path}. Choose another.", "folder") from None
    except OSError as error:
        raise DataError(
            f"The folder {path} cannot be read ({error.strerror}). Give yourself the right to "
            "read it, or choose another.",
            "folder",
        ) from None


def _state(path: Path) -> int:
    """A number that changes with any file of a folder in this layout."""
    seen: list[tuple[str, int, int]] = []
    for part in (ANNOTATIONS, LISTS):
        with contextlib.suppress(OSError), os.scandir(path / part) as entries:
            for entry in entries:
                info = entry.stat()
                seen.append((entry.name, info.st_mtime_ns, info.st_size))
    with contextlib.suppress(OSError):
        seen.append((IMAGES, (path / IMAGES).stat().st_mtime_ns, 0))
    return hash(tuple(sorted(seen)))


@functools.lru_cache(maxsize=4)
def read_annotations(folder: VocFolder, names: tuple[str, ...]) -> tuple[Annotation, ...]:
    """The annotations of these names, kept while the folder's files are as they were.

    Raises:
        DataError: files are missing or cannot be read; it names the first of them.
    """
    images = image_files(str(folder.path / IMAGES), "folder", "images")
    read: list[Annotation] = []
    faults: list[str] = []
    for name in names:
        path = folder.path / ANNOTATIONS / f"{name}.xml"
        try:
            if name not in images:
                raise DataError(
                    f"There is no image {IMAGES}/{name}.jpg in {folder.path}, though it is "
                    "annotated or listed. Put it there, or take its name out.",
                    "folder",
                )
            read.append(read_annotation(path, images[name]))
        except DataError as error:
            faults.append(str(error))
    if faults:
        raise DataError("\n".join(first_of(faults)), "folder")
    return tuple(read)


def check_sizes(annotations: Iterable[Annotation]) -> None:
    """See that images are whole and have the size that their annotations were made for.

    Raises:
        DataError: they have not, or cannot be opened or are cut off; it names the first of them.
    """
    faults = []
    for one in annotations:
        try:
            height, width = whole_size_of(one.image, "folder")
            check_size(one, (width, height))
        except DataError as error:
            faults.append(str(error))
    if faults:
        raise DataError("\n".join(first_of(faults)), "folder")


def check_size(annotation: Annotation, size: tuple[int, int]) -> None:
    """See that an image has the width and height that its annotation was made for.

    Raises:
        DataError: it has not.
    """
    if size != annotation.size:
        turned = (
            " If they were drawn on the image as it lies in its file, take the orientation of the "
            "camera (EXIF) out of it."
        )
        raise DataError(
            f"{annotation.image} has {size[0]}×{size[1]} pixels, but its annotation was made for "
            f"{annotation.size[0]}×{annotation.size[1]}, so the boxes would not fit. Repair one "
            f"of them.{turned if size == annotation.size[::-1] else ''}",
            "folder",
        )


def first_of(faults: Sequence[str]) -> list[str]:
    """The first sentences of many, and how many more there are."""
    more = len(faults) - SHOWN
    return [*faults[:SHOWN], *([f"And {more:,} more."] if more > 0 else [])]


def read_annotation(path: Path, image: Path) -> Annotation:
    """An annotation from its XML file.

    The files count pixels from 1 and name the last one inside of a box; here a box goes from edge
    to edge. Boxes without an area are left out, those that leave the image are clipped.

    Raises:
        DataError: the file is missing, no XML, holds a document type (which nobody needs here, and
            which could make it as large as it likes), or lacks something.
    """
    root = _parsed(path)
    size = _size(root, path, image)
    objects, notes = [], []
    for number, element in enumerate(root.iter("object"), start=1):
        name = (element.findtext("name") or "").strip()
        bounds = element.find("bndbox")
        if not name or bounds is None:
            _refuse(path, f"object {number} has no name or no bndbox")
        written = tuple(
            _number(bounds.findtext(side), side, path) for side in ("xmin", "ymin", "xmax", "ymax")
        )
        box, note = _inside(written, size)
        if note:
            corners = ", ".join(f"{value:g}" for value in written)
            notes.append(f"{path.name}: the box of object {number}, {name} ({corners}), {note}.")
        if box is not None:
            difficult = (element.findtext("difficult") or "0").strip() not in ("0", "")
            objects.append(VocObject(name, box, difficult))
    return Annotation(image, size, tuple(objects), tuple(notes))


def _inside(written: Sequence[float], size: tuple[int, int]) -> tuple[Corners | None, str]:
    """A box from edge to edge inside of the image, or None; and what was wrong with it."""
    left, top, right, bottom = written[0] - 1, written[1] - 1, written[2], written[3]
    if written[2] <= written[0] or written[3] <= written[1]:
        return None, "has no area and is left out"
    width, height = size
    clipped = (max(left, 0.0), max(top, 0.0), min(right, width), min(bottom, height))
    if clipped[2] <= clipped[0] or clipped[3] <= clipped[1]:
        return None, f"lies outside of the image of {width}×{height} pixels and is left out"
    # Some programs count from 0, so a single pixel is no news.
    beyond = max(-left, -top, right - width, bottom - height)
    note = f"leaves the image of {width}×{height} pixels and is clipped" if beyond > 1 else ""
    return clipped, note


def _size(root: ElementTree.Element, path: Path, image: Path) -> tuple[int, int]:
    """Width and height as written, or where nothing is written as the image has them."""
    written = [root.findtext(f"size/{side}") for side in ("width", "height")]
    if all(text and text.strip() not in ("", "0") for text in written):
        width, height = (int(_number(text, "size", path)) for text in written)
        if min(width, height) > 0:
            return width, height
    height, width = size_of(image, "folder")
    return width, height


def _number(text: str | None, what: str, path: Path) -> float:
    try:
        value = float(text or "")
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        _refuse(path, f"{what} must be a number, but is {text!r}")
    return value


def _refuse(path: Path, reason: str) -> NoReturn:
    raise DataError(
        f"{path} cannot be read as an annotation: {reason}. Repair or remove it.", "folder"
    )


class _NoDocumentType(ElementTree.TreeBuilder):
    """Builds a tree of a file without entities of its own."""

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        """Called for `<!DOCTYPE`, before anything that it may define."""
        raise ValueError("it has a document type (DOCTYPE), which annotations do not need")


def _parsed(path: Path) -> ElementTree.Element:
    try:
        if path.stat().st_size > LARGEST_FILE:
            _refuse(path, f"it is larger than {LARGEST_FILE // 2**20} MB")
        content = path.read_bytes()
    except FileNotFoundError:
        raise DataError(
            f"There is no annotation {path}, though a list names it. Put it there, or take its "
            "name out of the list.",
            "folder",
        ) from None
    except OSError as error:
        _refuse(path, error.strerror or str(error))
    parser = ElementTree.XMLParser(target=_NoDocumentType())
    try:
        parser.feed(content)
        root: ElementTree.Element = parser.close()
    except (ElementTree.ParseError, ValueError) as error:
        _refuse(path, str(error))
    return root
