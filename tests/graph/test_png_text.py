"""Projects inside of PNG pictures; the pictures are read by something independent."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from graph.files import FileError, to_text
from graph.png_text import SIGNATURE, load_picture, text_inside, with_text
from tests.graph.building import start


def png():
    """A small picture that Pillow wrote."""
    buffer = io.BytesIO()
    Image.new("RGB", (3, 2), (10, 200, 30)).save(buffer, "PNG")
    return buffer.getvalue()


@given(st.text(max_size=300), st.text(max_size=20))
def test_a_text_goes_in_and_comes_out_and_the_picture_stays(text, before):
    picture = with_text(with_text(png(), before), text)
    assert text_inside(picture) == text
    opened = Image.open(io.BytesIO(picture))
    opened.load()
    assert opened.text == {"kumitate": text}
    assert opened.tobytes() == Image.open(io.BytesIO(png())).tobytes()


def test_a_project_comes_back_equal(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(with_text(png(), to_text(start())))
    assert load_picture(path) == start()


def _chunk(kind, data):
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)


HEAD = b"kumitate\0\1\0\0\0"
BOMB = _chunk(b"iTXt", HEAD + zlib.compress(b"a" * (40 << 20)))
BROKEN = _chunk(b"iTXt", HEAD + b"no zlib")
CUT = _chunk(b"iTXt", HEAD + zlib.compress(b"kumitate: 1")[:-3])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no PNG"),
        (b"GIF89a", "no PNG"),
        (png(), "without a project inside"),
        (png()[:-6], "cut off"),
        (SIGNATURE + b"\xff\xff\xff\xff", "cut off"),
        (png().replace(b"IDAT", b"IDAB"), "damaged"),
        (SIGNATURE + BOMB, "too large"),
        (SIGNATURE + BROKEN, "damaged"),
        (SIGNATURE + CUT, "cut off"),
        (with_text(png(), "a shopping list"), "not a Kumitate project"),
    ],
    ids=[
        *("empty", "gif", "plain", "cut", "length", "checksum"),
        *("bomb", "zlib", "cut text", "list"),
    ],
)
def test_pictures_without_a_project_are_refused_in_words(tmp_path, content, words):
    path = tmp_path / "a.png"
    path.write_bytes(content)
    with pytest.raises(FileError, match=words) as refused:
        load_picture(path)
    assert str(path) in str(refused.value)


def test_a_missing_picture_is_said(tmp_path):
    with pytest.raises(FileError, match="does not exist"):
        load_picture(tmp_path / "a.png")
