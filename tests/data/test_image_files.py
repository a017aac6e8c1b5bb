"""Files of images that were not copied to their end are told from whole ones."""

import numpy
import pytest
from PIL import Image

from data.dataset import DataError
from data.image_files import whole_size_of

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
