"""Folders of images with masks, and what a dataset finds in them."""

import numpy
import pytest
import torch
from PIL import Image

from data.catalog import DATASETS
from data.dataset import DataError

IMAGE_MASKS = DATASETS["image_masks"]


def picture(number, height=12, width=20):
    generator = numpy.random.default_rng(number)
    return generator.integers(0, 256, (height, width, 3), dtype=numpy.uint8)


def labels(number, classes=3, height=12, width=20):
    generator = numpy.random.default_rng(100 + number)
    return generator.integers(0, classes, (height, width), dtype=numpy.uint8)


def save_palette(path, mask):
    image = Image.fromarray(mask)
    image.putpalette([channel for label in range(256) for channel in (label, 255 - label, 7)])
    image.save(path)


def dataset(folder, **settings):
    settings = {"mask_values": "index", "height": 12, "width": 20, **settings}
    return IMAGE_MASKS(images=str(folder / "images"), masks=str(folder / "masks"), **settings)


def everything(loaded):
    """All samples of all splits by their numbers: image and mask."""
    found = {}
    for split in (loaded.training, loaded.validation, loaded.test):
        batch = split.batch(torch.arange(len(split)))
        for place in range(len(split)):
            found[split.origin(place)] = (
                batch.inputs["image"][place],
                batch.targets["mask"][place],
            )
    return found


def fault(dataset, of="describe"):
    ways = {
        "describe": dataset.describe,
        "load": dataset.load,
        "read": lambda: everything(dataset.load()),
    }
    with pytest.raises(DataError) as caught:
        ways[of]()
    return str(caught.value), caught.value.parameter
