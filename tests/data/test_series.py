"""The drawn series: what they show, and that they are drawn alike each time."""

import numpy
import pytest
import torch
from scipy import signal

from data.catalog import DATASETS, read_data, write_data
from data.dataset import SPLIT_NAMES
from data.datasets.series import KINDS
from data.waves import FORMS, draw_waves


def series(**settings):
    dataset, errors = read_data({"dataset": "series", **settings})
    assert not errors
    return dataset


def waves(kind, count=40, length=400, noise=0.0):
    kinds = torch.full((count,), KINDS.index(kind))
    drawn = draw_waves(kinds, length, noise, torch.Generator().manual_seed(2))
    return drawn[:, :, 0].double().numpy()


def test_every_kind_has_its_form():
    assert len(KINDS) == len(FORMS)


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("sine", lambda place: numpy.sin(place)),
        ("square", lambda place: signal.square(place)),
        ("triangle", lambda place: signal.sawtooth(place + numpy.pi, 0.5)),
        ("rising saw", lambda place: signal.sawtooth(place)),
        ("falling saw", lambda place: signal.sawtooth(place, 0)),
        ("pulses", lambda place: numpy.where(place % (2 * numpy.pi) < 0.3 * numpy.pi, 1, -0.2)),
    ],
)
def test_a_wave_has_the_form_of_its_kind(kind, form):
    pitch, height, start = torch.rand(
        3, 40, 1, generator=torch.Generator().manual_seed(2)
    ).double().numpy()  # fmt: skip
    place = 2 * numpy.pi * ((2 + 3 * pitch) * numpy.arange(400) / 400 + start)
    drawn = waves(kind) / (0.5 + height)
    # A jump may fall on either side of a step.
    assert numpy.mean(numpy.abs(drawn - form(place)) > 1e-3) < 0.01


@pytest.mark.parametrize("kind", ["rising pitch", "falling pitch"])
def test_a_pitch_changes_threefold_from_end_to_end(kind):
    for wave in waves(kind, length=4000):
        crossings = numpy.flatnonzero(numpy.diff(numpy.sign(wave)))
        gaps = numpy.diff(crossings)
        first, last = (gaps[0], gaps[-1]) if kind == "rising pitch" else (gaps[-1], gaps[0])
        # Half periods lie within, not at the ends themselves.
        assert 1.3 < first / last < 3
        assert all(numpy.diff(gaps) * (-1 if kind == "rising pitch" else 1) >= -1)


def test_noise_is_as_strong_as_set():
    spread = (waves("sine", 200, 400, noise=0.7) - waves("sine", 200, 400)).std()
    assert spread == pytest.approx(0.7, rel=0.02)


def test_sizes_follow_the_settings_and_every_kind_is_in_every_split():
    splits = series(length=20, samples_per_class=10).load()
    for name in SPLIT_NAMES:
        batch = splits[name].batch(torch.arange(len(splits[name])))
        assert batch.inputs["series"].shape == (len(splits[name]), 20, 1)
        assert set(batch.targets["label"].tolist()) == set(range(8))
        assert [splits[name].origin(at) % 8 for at in range(len(splits[name]))] == (
            batch.targets["label"].tolist()
        )


def test_the_same_seed_draws_alike_and_another_one_differently():
    first, again, other = (series(seed=seed).load().test.series for seed in (3, 3, 4))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_a_picture_is_the_curve():
    samples = series(length=50).load().test
    values = samples.series[7, :, 0]
    picture = samples.picture(7)
    assert picture.shape == (64, 50)
    assert picture[0, values.argmax()] == 255
    assert picture[63, values.argmin()] == 255
    assert (picture.max(axis=0) == 255).all()


def test_is_fitted_to_networks_that_read_one_number_a_step():
    fitted = series(noise=0.1).fitted_to({"words": (128, 1)})
    assert write_data(fitted) == {"dataset": "series", "length": 128, "noise": 0.1}
    for sizes in [(128, 2), (128,), (8, 1), (1, 128, 1)]:
        assert DATASETS["series"]().fitted_to({"words": sizes}) is None
