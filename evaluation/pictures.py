"""Pictures as PNG files. Knows arrays, not samples or reports."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy

from data.storage import write_atomically

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _COLOUR = 0, 2


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
    height, width = picture.shape[:2]
    rows = numpy.ascontiguousarray(picture).reshape(height, -1)
    filtered = numpy.concatenate([numpy.zeros((height, 1), numpy.uint8), rows], axis=1)
    header = struct.pack(">IIBBBBB", width, height, 8, _GREY if is_grey else _COLOUR, 0, 0, 0)
    return b"".join(
        [
            _SIGNATURE,
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(filtered.tobytes())),
            _chunk(b"IEND", b""),
        ]
    )


def keep_picture(path: Path, picture: numpy.ndarray | None, run_folder: Path) -> str:
    """Write a picture; its path relative to the run's folder, empty where there is none.

    Raises:
        OSError: it cannot be written.
    """
    if picture is None:
        return ""
    write_atomically(path, png_bytes(picture))
    return path.relative_to(run_folder).as_posix()


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
