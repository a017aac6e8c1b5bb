"""The drawn shapes: what they show, and that they are drawn alike each time."""

import math

import pytest
import torch

from data.catalog import DATASETS, read_data, write_data
from data.dataset import SPLIT_NAMES
from data.datasets.shapes import COLORS, FORMS, MOST_CLASSES, SIZES, TEXTURES, appearance
from data.drawing import COLORS as PAINTS
from data.drawing import FORMS as DRAWN
from data.drawing import HOLLOW, PATTERNS, Scene, draw


def shapes(**settings):
    dataset, errors = read_data({"dataset": "shapes", **settings})
    assert not errors
    return dataset


def test_every_name_has_its_drawing():
    assert len(DRAWN) == len(FORMS)
    assert len(PAINTS) == len(COLORS)
    assert TEXTURES[HOLLOW] == "hollow"
    assert len(PATTERNS) + 2 == len(TEXTURES)


def test_no_two_classes_look_alike():
    looks = {appearance(label) for label in range(MOST_CLASSES)}
    assert len(looks) == MOST_CLASSES == 1000
    limits = (len(FORMS), len(COLORS), len(TEXTURES), len(SIZES))
    assert all(0 <= part < most for look in looks for part, most in zip(look, limits, strict=True))
    names = shapes(classes=1000).describe().class_names
    assert len(set(names)) == 1000
    first = [appearance(label) for label in range(10)]
    assert len({look[0] for look in first}) == len({look[1] for look in first}) == 10
    assert all(look[2:] == (0, 0) for look in first)


@pytest.mark.parametrize(("size", "channels", "classes"), [(8, 1, 2), (33, 3, 1000), (128, 3, 12)])
def test_pictures_have_the_size_of_the_settings_and_every_class_is_in_every_split(
    size, channels, classes
):
    dataset = shapes(image_size=size, channels=channels, classes=classes, samples_per_class=5)
    splits = dataset.load()
    assert sum(len(splits[name]) for name in SPLIT_NAMES) == classes * 5
    for name in SPLIT_NAMES:
        batch = splits[name].batch(torch.arange(2))
        image = batch.inputs["image"]
        assert image.shape == (2, channels, size, size)
        assert 0 <= image.min() < 0.4 < image.max() <= 1
        labels = [splits[name].origin(at) % classes for at in range(len(splits[name]))]
        assert set(labels) == set(range(classes))
        assert batch.targets["label"].tolist() == labels[:2]


def test_the_same_seed_draws_alike_whatever_the_batch_and_another_one_differently():
    one, again = shapes(seed=4).load().training, shapes(seed=4).load().training
    batch = one.batch(torch.tensor([9, 3, 5])).inputs["image"]
    assert torch.equal(batch[1:2], again.batch(torch.tensor([3])).inputs["image"])
    other = shapes(seed=5).load().training
    assert not torch.equal(batch, other.batch(torch.tensor([9, 3, 5])).inputs["image"])


def plain(look, size=65):
    """One picture in the middle, upright, on black."""
    scene = Scene(
        place=torch.zeros(1, 2),
        angle=torch.zeros(1),
        scale=torch.full((1,), 0.6),
        background=torch.zeros(1, 2, 3),
        brightness=torch.ones(1),
    )
    return draw(torch.tensor([look]), scene, size=size, channels=3)[0]


@pytest.mark.parametrize(
    ("form", "area"),
    [
        ("circle", math.pi),
        ("square", 1.54**2),
        ("cross", 2 * 2 * 0.6 - 0.6**2),
        ("ring", math.pi * (1 - 0.5**2)),
        ("bar", 2 * 0.7),
        ("triangle", 3 * math.sqrt(3) * 0.5**2),
        ("hexagon", 2 * math.sqrt(3) * 0.87**2),
        ("star", 5 * 1.05 * 0.45 * math.sin(math.pi / 5)),
    ],
)
def test_a_form_covers_the_area_of_its_geometry(form, area):
    image = plain((FORMS.index(form), COLORS.index("white"), 0, 0), size=201)
    assert float(image[0].mean()) * 4 / 0.6**2 == pytest.approx(area, rel=0.01)


def test_color_texture_and_size_are_seen():
    red = plain((0, COLORS.index("red"), 0, 0))
    assert red[:, 32, 32].tolist() == pytest.approx(PAINTS[0])
    hollow = plain((0, COLORS.index("red"), HOLLOW, 0))
    assert hollow[:, 32, 32].tolist() == [0, 0, 0]
    small = plain((0, COLORS.index("red"), 0, 1))
    assert float(small.sum() / red.sum()) == pytest.approx(0.25, rel=0.02)
    for texture in (1, 2, 3):
        patterned = plain((1, COLORS.index("white"), texture, 0))[0, 20:45, 20:45]
        assert patterned.min() < 0.5
        assert patterned.max() > 0.95


def test_a_shape_stays_inside_its_picture():
    images = shapes(image_size=48).load().training.batch(torch.arange(200)).inputs["image"]
    edge = torch.cat([images[:, :, 0], images[:, :, -1], images[..., 0], images[..., -1]], -1)
    reaching = edge.amax(dim=(1, 2)) > 0.4
    assert not reaching.any(), "only the background and a soft rim"


def test_is_fitted_to_networks_with_square_images():
    fitted = shapes(classes=1000).fitted_to({"image": (1, 224, 224)})
    written = {"dataset": "shapes", "image_size": 224, "channels": 1, "classes": 1000}
    assert write_data(fitted) == written
    for sizes in [(2, 32, 32), (3, 32, 28), (64,), (3, 4, 4), (3, 999, 999)]:
        assert DATASETS["shapes"]().fitted_to({"image": sizes}) is None


def test_grey_pictures_show_ten_brightnesses():
    pictures = shapes(channels=1, image_size=64).load().test
    brightest = {}
    for at in range(len(pictures)):
        label = pictures.origin(at) % 10
        brightest.setdefault(label, pictures.picture(at).max())
    assert pictures.picture(0).shape == (64, 64)
    values = [int(brightest[label]) for label in range(10)]
    assert values == sorted(values)
    assert len(set(values)) == 10
