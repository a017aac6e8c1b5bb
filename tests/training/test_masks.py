"""Losses for a class per pixel: against torch, against every distance computed, and as settings."""

import math

import numpy
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage
from torch.nn import functional

from data.catalog import DATASETS
from data.dataset import IGNORED
from training.objectives import Dice, PixelBinaryCrossEntropy, PixelCrossEntropy, default_loss
from training.objectives.borders import border_weights
from training.preflight import check_task
from training.spec import read_training


def random_output(classes=3, size=9, batch=2, seed=0):
    generator = torch.Generator().manual_seed(seed)
    output = torch.randn(batch, classes, size, size, generator=generator, requires_grad=True)
    mask = torch.randint(0, classes, (batch, size, size), generator=generator)
    mask[torch.rand(mask.shape, generator=generator) < 0.2] = IGNORED
    return output, {"mask": mask}


@pytest.mark.parametrize("weights", [None, (1.0, 0.5, 4.0)])
def test_cross_entropy_is_torchs(weights):
    output, targets = random_output()
    given = None if weights is None else torch.tensor(weights)
    expected = functional.cross_entropy(output, targets["mask"], weight=given, ignore_index=IGNORED)
    found = PixelCrossEntropy(class_weights=weights).compute(output, targets)
    assert found.item() == pytest.approx(expected.item(), rel=1e-5)


def test_balanced_classes_count_the_same():
    output, targets = random_output()
    each = [
        functional.cross_entropy(
            output, torch.where(targets["mask"] == label, label, IGNORED), ignore_index=IGNORED
        ).item()
        for label in range(3)
    ]
    loss = PixelCrossEntropy(balance="classes").compute(output, targets)
    assert loss.item() == pytest.approx(sum(each) / 3, rel=1e-5)


def test_an_output_without_a_border_is_compared_with_the_middle():
    output, targets = random_output(size=5)
    whole = torch.full((2, 9, 9), 2)
    whole[:, 2:7, 2:7] = targets["mask"]
    for loss in (PixelCrossEntropy(), Dice()):
        same = loss.compute(output, targets)
        assert loss.compute(output, {"mask": whole}) == same
        assert loss.correct(output, {"mask": whole}) == loss.correct(output, targets)


def test_correct_is_the_sum_of_shares_of_known_pixels():
    output, targets = random_output()
    expected = 0.0
    for one, mask in zip(output.argmax(dim=1), targets["mask"], strict=True):
        known = mask != IGNORED
        expected += (one[known] == mask[known]).double().mean().item()
    assert PixelCrossEntropy().correct(output, targets).item() == pytest.approx(expected)


@pytest.mark.parametrize(
    "loss",
    [
        PixelCrossEntropy(border_weight=10),
        PixelCrossEntropy(balance="classes"),
        Dice(cross_entropy=1),
    ],
)
def test_where_nothing_is_known_nothing_is_learned(loss):
    output, targets = random_output()
    value = loss.compute(output, {"mask": torch.full_like(targets["mask"], IGNORED)})
    value.backward()
    assert value.item() == 0
    assert not output.grad.any()


def test_dice_is_one_minus_twice_the_overlap():
    output, targets = random_output(classes=3)
    targets["mask"][targets["mask"] == 2] = 1  # class 2 is not there and is left out
    probabilities = output.softmax(dim=1).double()
    known = targets["mask"] != IGNORED
    dices = []
    for label in (0, 1):
        p, t = probabilities[:, label][known], (targets["mask"] == label)[known].double()
        dices.append((2 * (p * t).sum() / (p.sum() + t.sum())).item())
    assert Dice().compute(output, targets).item() == pytest.approx(1 - sum(dices) / 2, rel=1e-5)
    entropy = PixelCrossEntropy().compute(output, targets).item()
    both = Dice(cross_entropy=0.5).compute(output, targets).item()
    assert both == pytest.approx(1 - sum(dices) / 2 + 0.5 * entropy, rel=1e-5)


@pytest.mark.parametrize(
    "settings",
    [{}, {"balance": "classes"}, {"class_weights": (1.0, 3.0)}, {"border_weight": 10.0}],
    ids=str,
)
def test_one_number_is_worth_two_whose_difference_it_is(settings):
    output, targets = random_output(classes=2)
    one = output[:, 1:] - output[:, :1]
    for loss in ("compute", "correct"):
        both = getattr(PixelCrossEntropy(**settings), loss)(output, targets)
        found = getattr(PixelBinaryCrossEntropy(**settings), loss)(one, targets)
        assert found.item() == pytest.approx(both.item(), rel=1e-5)


def every_distance(mask, weight, sigma):
    """The weights from the distance of every pixel to every pixel of every cell."""
    height, width = mask.shape
    cells = []
    for label in set(mask.flatten().tolist()) - {0, IGNORED}:
        numbers, count = ndimage.label(mask == label, structure=[[1, 1, 1]] * 3)
        cells += [numpy.argwhere(numbers == number) for number in range(1, count + 1)]
    weights = numpy.zeros((height, width))
    for place in numpy.argwhere(mask == 0):
        distances = sorted(
            min(math.dist(place, pixel) for pixel in cell.tolist()) for cell in cells
        )
        if len(distances) > 1:
            near = distances[0] + distances[1]
            weights[tuple(place)] = weight * math.exp(-(near**2) / (2 * sigma**2))
    return weights


@given(
    seed=st.integers(0, 10_000),
    share=st.sampled_from([0.02, 0.1, 0.5]),
    sigma=st.sampled_from([0.7, 2.0, 5.0]),
)
def test_border_weights_are_those_of_the_definition(seed, share, sigma):
    generator = numpy.random.default_rng(seed)
    mask = generator.choice(
        [0, 1, 2, IGNORED], size=(17, 23), p=[1 - share, share / 2, share / 4, share / 4]
    )
    found = border_weights(torch.from_numpy(mask)[None], weight=10, sigma=sigma)[0].numpy()
    assert found == pytest.approx(every_distance(mask, 10, sigma), abs=1e-5)


def test_the_border_between_two_cells_counts_most():
    mask = torch.zeros(1, 16, 40, dtype=torch.int64)
    mask[0, 4:12, 4:12] = mask[0, 4:12, 13:20] = 1
    weights = border_weights(mask, weight=10, sigma=5)[0]
    # One pixel of gap: a distance of 1 to either cell.
    assert weights[8, 12].item() == pytest.approx(10 * math.exp(-4 / 50))
    assert weights.max() == weights[8, 12]
    assert not weights[mask[0] == 1].any()
    assert weights[8, 39] < 1e-3


def test_border_weights_make_mistakes_there_dearer():
    output, targets = torch.zeros(1, 2, 16, 40), {"mask": torch.zeros(1, 16, 40).long()}
    targets["mask"][0, 4:12, 4:12] = targets["mask"][0, 4:12, 13:20] = 1
    right = functional.one_hot(targets["mask"], 2).movedim(-1, 1) * 20.0
    wrong_in_the_gap, wrong_elsewhere = right.clone(), right.clone()
    wrong_in_the_gap[0, :, 8, 12] = torch.tensor([0.0, 20.0])
    wrong_elsewhere[0, :, 8, 36] = torch.tensor([0.0, 20.0])
    loss = PixelCrossEntropy(border_weight=10)
    assert loss.compute(wrong_in_the_gap, targets) > 8 * loss.compute(wrong_elsewhere, targets)
    plain = PixelCrossEntropy()
    assert plain.compute(wrong_in_the_gap, targets) == plain.compute(wrong_elsewhere, targets)
    assert loss.compute(output, targets).item() == pytest.approx(math.log(2))


def findings(sizes, **loss):
    spec, errors = read_training({"loss": {"name": "pixel_cross_entropy", **loss}})
    assert not errors
    return check_task(
        inputs={"image": (1, 64, 64)},
        outputs={"scores": sizes},
        dataset=DATASETS["cells"](),
        spec=spec,
    )


class TestPreflight:
    def test_the_usual_loss(self):
        assert type(default_loss(DATASETS["cells"]().describe())) is PixelCrossEntropy

    def test_one_number_per_class_and_pixel(self):
        assert not findings((2, 64, 64))
        (finding,) = findings((1, 64, 64))
        assert finding.severity == "error"
        assert "out_channels = 2" in finding.message

    def test_a_smaller_output_is_said_to_be_compared_with_the_middle(self):
        (finding,) = findings((2, 24, 24))
        assert (finding.severity, finding.title) == ("warning", "scores is smaller than the mask")
        assert "compared with the middle" in finding.message
        assert findings((2, 66, 64))[0].severity == "error"

    def test_one_number_does_for_two_classes_only(self):
        assert not findings((1, 64, 64), name="pixel_binary_cross_entropy")
        (finding,) = findings((2, 64, 64), name="pixel_binary_cross_entropy")
        assert "above 0 where it is cell" in finding.message
        scenes = DATASETS["scenes"](target="masks").describe()
        assert scenes.classes > 2
        assert PixelCrossEntropy().serves(scenes)
        assert not PixelBinaryCrossEntropy().serves(scenes)

    def test_there_is_a_weight_per_class(self):
        (finding,) = findings((2, 64, 64), class_weights=[1, 2, 3])
        assert finding.message.startswith("There are 3 class weights, but 2 classes")
        assert not findings((2, 64, 64), class_weights=[1, 2])
