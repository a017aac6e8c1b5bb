"""Images are read upright, and files that were not copied to their end are told from whole ones."""

import struct

import numpy
import pytest
from PIL import ExifTags, Image, ImageOps

from data.dataset import DataError
from data.image_files import opened, pixels_of, size_of, whole_size_of

KINDS = ("bmp", "gif", "jpg", "png", "ppm", "tif", "webp")


@pytest.fixture(params=KINDS)
def path(request, tmp_path):
    """An image of 48×64 pixels that nothing can be made much smaller of."""
    noise = numpy.random.default_rng(0).integers(0, 256, (48, 64, 3), dtype=numpy.uint8)
    file = tmp_path / f"noise.{request.param}"
    Image.fromarray(noise).save(file)
    return file


@pytest.mark.parametrize("behind", [b"", b"\0" * 40, b"what a camera writes behind it"])
def test_whole_files_are_whole_whatever_stands_behind_them(path, behind):
    path.write_bytes(path.read_bytes() + behind)
    assert whole_size_of(path, "images") == (48, 64)


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_files_that_end_too_early_are_named(path, share):
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(DataError, match="damaged or incomplete") as raised:
        whole_size_of(path, "images")
    assert str(path) in str(raised.value)
    assert raised.value.parameter == "images"


def seen(path):
    with opened(path, "images") as image:
        return pixels_of(image, size=None, channels=3)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["jpg", "png", "tif", "webp"])
def test_images_are_read_as_they_are_shown(tmp_path, kind, orientation):
    path = tmp_path / f"phone.{kind}"
    picture = Image.new("RGB", (64, 48))
    picture.paste((250, 0, 0), (0, 0, 32, 16))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    picture.save(path, exif=exif)
    with Image.open(path) as stored:
        shown = numpy.asarray(ImageOps.exif_transpose(stored)).transpose(2, 0, 1)
    numpy.testing.assert_array_equal(seen(path), shown)
    height_and_width = (64, 48) if orientation > 4 else (48, 64)
    assert size_of(path, "images") == whole_size_of(path, "images") == height_and_width
    assert shown.shape[1:] == height_and_width


def save_fractions(path, *values):
    Image.fromarray(numpy.array([values], numpy.float32)).save(path)


def test_fractions_are_from_black_to_white(tmp_path):
    save_fractions(tmp_path / "a.tif", 0, 0.2, 1)
    assert seen(tmp_path / "a.tif")[:, 0].tolist() == [[0, 51, 255]] * 3


@pytest.mark.parametrize("values", [(0, 0.5, 200), (-0.5, 0, 1), (0, 1, numpy.nan)])
def test_other_fractions_are_refused(tmp_path, values):
    save_fractions(tmp_path / "a.tif", *values)
    with pytest.raises(
        DataError, match=r"Bring them into the range from 0 \(black\) to 1 \(white\)"
    ) as raised:
        seen(tmp_path / "a.tif")
    assert str(tmp_path / "a.tif") in str(raised.value)
    assert raised.value.parameter == "images"


def exif_of(*entries):
    """What a camera notes: a tag and a whole number of four bytes each."""
    written = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    head = b"Exif\0\0II*\0" + struct.pack("<IH", 8, len(entries))
    return head + written + bytes(4)


def test_other_notes_of_a_camera_may_be_odd(tmp_path):
    Image.new("RGB", (64, 48)).save(
        tmp_path / "odd.jpg",
        exif=exif_of((ExifTags.Base.Orientation, 6), (ExifTags.Base.ResolutionUnit, 70_000)),
    )
    assert seen(tmp_path / "odd.jpg").shape == (3, 64, 48)


@pytest.mark.parametrize("notes", [b"", b"Exif\0\0", b"nobody can read this"])
@pytest.mark.parametrize("kind", ["jpg", "png", "webp"])
def test_notes_that_cannot_be_read_turn_nothing(tmp_path, kind, notes):
    path = tmp_path / f"odd.{kind}"
    Image.new("RGB", (64, 48)).save(path, exif=notes)
    assert seen(path).shape == (3, 48, 64)
    assert whole_size_of(path, "images") == (48, 64)


def test_an_orientation_behind_the_pixels_of_a_png_is_not_looked_for(tmp_path):
    """Sizes could not be told without reading all pixels then."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    path = tmp_path / "late.png"
    Image.new("RGB", (64, 48)).save(path, exif=exif)
    content = path.read_bytes()
    start = content.index(b"eXIf") - 4
    end = start + 12 + struct.unpack(">I", content[start : start + 4])[0]
    path.write_bytes(content[:start] + content[end:-12] + content[start:end] + content[-12:])
    assert seen(path).shape == (3, *whole_size_of(path, "images")) == (3, 48, 64)
