"""A project inside of a PNG picture: in a text chunk, which other programs pass over and keep.

The chunk is `iTXt` of the PNG specification (ISO/IEC 15948, 11.3.4.5) with the keyword `kumitate`.
The picture itself is never decoded here.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from graph.files import LARGEST_FILE, FileError, from_text, os_words
from graph.state import Project

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"kumitate"
LARGEST_PICTURE = 256 * 1024 * 1024
_HEAD = KEYWORD + b"\x00\x01\x00\x00\x00"
"""The keyword, compressed by zlib, neither a language nor a translated keyword."""


def is_png(content: bytes) -> bool:
    """Whether a file that begins so is a PNG picture."""
    return content.startswith(SIGNATURE)


def with_text(png: bytes, text: str) -> bytes:
    """The picture with a text inside; one that it had gives way."""
    chunks = [part for kind, data, part in _chunks(png) if not _is_ours(kind, data)]
    data = _HEAD + zlib.compress(text.encode("utf-8"), 9)
    # Before the picture's data, behind its header.
    return SIGNATURE + chunks[0] + _chunk(b"iTXt", data) + b"".join(chunks[1:])


def text_inside(png: bytes, *, source: str = "The picture") -> str:
    """The text in a picture; empty where it has none.

    Raises:
        FileError: where it is no PNG picture, or damaged.
    """
    for kind, data, _ in _chunks(png, source):
        if not _is_ours(kind, data):
            continue
        reader = zlib.decompressobj()
        try:
            content = reader.decompress(data[len(_HEAD) :], LARGEST_FILE + 1)
            if len(content) > LARGEST_FILE:
                raise FileError(
                    f"{source} holds a project larger than {LARGEST_FILE >> 20} MiB, too large"
                )
            if not reader.eof:
                raise FileError(f"{source} holds a project that is cut off; use another copy")
            return content.decode("utf-8")
        except (zlib.error, UnicodeDecodeError):
            raise FileError(f"{source} holds a project that is damaged; use another copy") from None
    return ""


def load_picture(path: str | os.PathLike[str]) -> Project:
    """The project that a picture carries.

    Raises:
        FileError: where it carries none, or cannot be read.
    """
    path = Path(path)
    try:
        if path.stat().st_size > LARGEST_PICTURE:
            raise FileError(f"{path} is larger than {LARGEST_PICTURE >> 20} MiB, too large to read")
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        raise FileError(f"{path} cannot be read: {os_words(error)}") from None
    text = text_inside(content, source=str(path))
    if not text:
        raise FileError(
            f"{path} is a picture without a project inside. Pictures that were exported as PNG "
            f"carry one, unless a program in between took it out; open the project's file instead"
        )
    return from_text(text, source=f"The project in {path}").project


def _is_ours(kind: bytes, data: bytes) -> bool:
    return kind == b"iTXt" and data.startswith(_HEAD)


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)


def _chunks(png: bytes, source: str = "The picture") -> Iterator[tuple[bytes, bytes, bytes]]:
    """The kind and data of each chunk, and the chunk as it stands."""
    if not is_png(png):
        raise FileError(f"{source} is no PNG picture")
    place, kind = len(SIGNATURE), b""
    while kind != b"IEND":
        length = int.from_bytes(png[place : place + 4], "big")
        end = place + 12 + length
        if place + 12 > len(png) or end > len(png):
            raise FileError(f"{source} is cut off; use another copy of it")
        kind, data = png[place + 4 : place + 8], png[place + 8 : end - 4]
        if zlib.crc32(kind + data) != int.from_bytes(png[end - 4 : end], "big"):
            raise FileError(f"{source} is damaged; use another copy of it")
        yield kind, data, png[place:end]
        place = end
