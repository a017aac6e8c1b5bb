"""A folder of images with masks."""

import pytest
from PIL import Image

from tests.data.masks.examples import labels, picture


@pytest.fixture
def folders(tmp_path):
    """Ten images with masks whose pixels are class numbers."""
    (tmp_path / "images").mkdir()
    (tmp_path / "masks").mkdir()
    for number in range(10):
        Image.fromarray(picture(number)).save(tmp_path / "images" / f"{number}.png")
        Image.fromarray(labels(number)).save(tmp_path / "masks" / f"{number}.png")
    return tmp_path
