"""Pictures as PNG files. Knows arrays, not samples or reports."""

from __future__ import annotations

import contextlib
import struct
import zlib
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy

from data.dataset import IGNORED
from evaluation.colors import CLASS_COLORS, Color
from graph.storage import remove_temporary, write_atomically

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _COLOUR, _PALETTE = 0, 2, 3


def png_bytes(picture: numpy.ndarray) -> bytes:
    """A PNG file of a picture.

    Args:
        picture: uint8 of shape (H, W), grey, or (H, W, 3), red-green-blue.

    Raises:
        ValueError: another kind or shape.

    Source: W3C, Portable Network Graphics, third edition, 11.2 (critical chunks).
    """
    is_grey = picture.ndim == 2
    if picture.dtype != numpy.uint8 or not (is_grey or picture.shape[2:] == (3,)):
        raise ValueError(f"not a picture: {picture.dtype} of shape {picture.shape}")
    return _png(picture, _GREY if is_grey else _COLOUR)


def mask_bytes(
    mask: numpy.ndarray, *, colors: Sequence[Color] = CLASS_COLORS, clear: bool = False
) -> bytes:
    """A PNG file of a mask, whose pixels are numbers of classes shown in the classes' colours.

    Args:
        mask: uint8 of shape (H, W).
        colors: of the numbers from 0.
        clear: whether nothing is seen of number 0 and of `IGNORED`, to be drawn over a picture.
    """
    palette = _chunk(b"PLTE", bytes(part for color in colors for part in color))
    opacity = bytes(0 if label in (0, IGNORED) else 255 for label in range(len(colors)))
    return _png(mask, _PALETTE, palette, *([_chunk(b"tRNS", opacity)] if clear else []))


def _png(picture: numpy.ndarray, kind: int, *more: bytes) -> bytes:
    """A file of bytes of shape (H, W) or (H, W, 3), with what stands before them."""
    height, width = picture.shape[:2]
    rows = numpy.ascontiguousarray(picture).reshape(height, -1)
    filtered = numpy.concatenate([numpy.zeros((height, 1), numpy.uint8), rows], axis=1)
    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    return b"".join(
        [
            _SIGNATURE,
            _chunk(b"IHDR", header),
            *more,
            _chunk(b"IDAT", zlib.compress(filtered.tobytes())),
            _chunk(b"IEND", b""),
        ]
    )


class PictureFolder:
    """Pictures of samples, each in a file that is called after the number of its sample."""

    def __init__(self, run_folder: Path, path: Path) -> None:
        """Keep pictures in a folder below that of the run, which is made for the first one."""
        self._run_folder = run_folder
        self._path = path

    def keep(self, index: int, picture: numpy.ndarray | None, kind: str = "") -> str:
        """Write a picture.

        Args:
            index: the number of the sample in the whole dataset.
            picture: as `png_bytes` takes it.
            kind: what tells it from other pictures of the sample.

        Returns:
            its path relative to the run's folder, empty where there is none.

        Raises:
            OSError: it cannot be written.
        """
        return "" if picture is None else self.keep_file(index, png_bytes(picture), kind)

    def keep_file(self, index: int, content: bytes, kind: str = "") -> str:
        """The same for a picture that is a PNG file already."""
        self._path.mkdir(parents=True, exist_ok=True)
        path = self._path / f"{index:05d}{kind and f'-{kind}'}.png"
        write_atomically(path, content)
        return self._relative(path)

    def remove_others(self, kept: Collection[str]) -> None:
        """Delete all but the pictures at these paths, relative to the run's folder."""
        remove_temporary(self._path)
        for path in self._path.glob("*.png"):
            if self._relative(path) not in kept:
                with contextlib.suppress(OSError):
                    path.unlink()

    def _relative(self, path: Path) -> str:
        return path.relative_to(self._run_folder).as_posix()


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
