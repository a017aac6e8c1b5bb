"""Folders in the layout of Pascal VOC, for tests."""

from pathlib import Path

import pytest
import torch
from PIL import Image

from data.catalog import read_data
from data.dataset import NO_BOX, DataError

BCCD = Path(__file__).parents[4] / "shared/data/bccd"


OBJECT = """<object><name>{name}</name><difficult>{difficult}</difficult><bndbox>
<xmin>{box[0]}</xmin><ymin>{box[1]}</ymin><xmax>{box[2]}</xmax><ymax>{box[3]}</ymax>
</bndbox></object>"""


def xml_of(objects, size=(40, 20)):
    """An annotation; each object is (name, corners as in the file) and perhaps `difficult`."""
    written = "".join(
        OBJECT.format(name=name, box=box, difficult=int(bool(rest))) for name, box, *rest in objects
    )
    sizes = f"<size><width>{size[0]}</width><height>{size[1]}</height></size>" if size else ""
    return f"<annotation>{sizes}{written}</annotation>"


DIFFICULT = (
    "1 object is marked as difficult: it is not learned, and what is found there counts neither as "
    "right nor as wrong."
)


class Folder:
    """A folder in the layout, with images of 40×20 pixels."""

    def __init__(self, path):
        self.path = path
        for part in ("JPEGImages", "Annotations", "ImageSets/Main"):
            (path / part).mkdir(parents=True)

    def add(self, name, *objects, size=(40, 20)):
        """An image, black but for its objects, which are white."""
        picture = Image.new("RGB", (40, 20))
        for _, (left, top, right, bottom), *_ in objects:
            if left < right and top < bottom:
                picture.paste((255, 255, 255), (left - 1, top - 1, right, bottom))
        picture.save(self.path / f"JPEGImages/{name}.png")
        (self.path / f"Annotations/{name}.xml").write_text(xml_of(objects, size))
        return self

    def lists(self, **names):
        for title, members in names.items():
            text = "".join(f"{name}\n" for name in members)
            (self.path / f"ImageSets/Main/{title}.txt").write_text(text)
        return self

    def dataset(self, **settings):
        data = {"dataset": "voc_boxes", "folder": str(self.path), **settings}
        dataset, errors = read_data(data)
        assert not errors
        return dataset

    def refusal(self, **settings):
        """What is said of it, by describing and by loading alike, and beside which setting."""
        dataset = self.dataset(**settings)
        with pytest.raises(DataError) as described:
            dataset.describe()
        with pytest.raises(DataError) as loaded:
            dataset.load()
        assert str(described.value) == str(loaded.value)
        return str(described.value), described.value.parameter


def truths(samples, place=0):
    """The boxes of one sample with their labels, without rows that fill up."""
    targets = samples.batch(torch.tensor([place])).targets
    there = targets["labels"][0] != NO_BOX
    return targets["boxes"][0][there].tolist(), targets["labels"][0][there].tolist()
