"""Every loss: torch's own numbers, the data it serves, and the output it needs."""

import re

import pytest
import torch
from torch.nn import functional

from data.catalog import DATASETS
from data.dataset import Batch
from training.objectives import LOSSES, ObjectiveError, default_loss
from training.preflight import check_task
from training.spec import TrainingSpec

DIGITS = DATASETS["digits"]()
DIABETES = DATASETS["diabetes"]()
SCENES = DATASETS["scenes"]()
CELLS = DATASETS["cells"]()

OUTPUT = torch.tensor([[0.2, 0.9, 0.4], [0.7, 0.1, 0.35]])
VALUES = torch.tensor([[0.0, 1.0, 0.25], [0.5, 0.75, 0.3]])
LABELS = torch.tensor([1, 2])
ONE_HOT = torch.tensor([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("mean_squared_error", {}, functional.mse_loss),
        ("mean_absolute_error", {}, functional.l1_loss),
        ("huber", {"delta": 0.3}, lambda o, v: functional.huber_loss(o, v, delta=0.3)),
        (
            "epsilon_insensitive",
            {"epsilon": 0.2},
            # Of six differences 0.2, 0.1, 0.15, 0.2, 0.65, 0.05 one is beyond 0.2.
            lambda o, v: torch.tensor(0.45 / 6),
        ),
        ("binary_cross_entropy", {}, functional.binary_cross_entropy),
        (
            "binary_cross_entropy_with_logits",
            {},
            functional.binary_cross_entropy_with_logits,
        ),
    ],
)
def test_losses_of_numbers_are_those_of_torch(name, arguments, expected):
    loss = LOSSES[name](**arguments)
    targets = {"values": VALUES}
    torch.testing.assert_close(loss.compute(OUTPUT, targets), expected(OUTPUT, VALUES))
    assert loss.correct(OUTPUT, targets) is None
    if "classification" in loss.TASKS:
        found = loss.compute(OUTPUT, {"label": LABELS})
        torch.testing.assert_close(found, expected(OUTPUT, ONE_HOT))
        assert loss.correct(OUTPUT, {"label": LABELS}) == 1


def test_hinge_is_that_of_torch():
    loss = LOSSES["multi_margin"](margin=0.5)
    expected = functional.multi_margin_loss(OUTPUT, LABELS, margin=0.5)
    torch.testing.assert_close(loss.compute(OUTPUT, {"label": LABELS}), expected)


def test_an_autoencoder_is_compared_with_what_went_in():
    loss = LOSSES["mean_squared_error"](target="input")
    batch = Batch({"image": VALUES}, {"label": LABELS})
    assert torch.equal(loss.targets(batch)["values"], VALUES)
    assert loss.task(DIGITS.describe()) == loss.task(DIABETES.describe()) == "reconstruction"
    assert loss.output_sizes(DIGITS.describe()) == (1, 8, 8)
    assert LOSSES["mean_squared_error"]().task(DIABETES.describe()) == "regression"


def test_numbers_outside_of_0_to_1_are_told_in_words():
    loss = LOSSES["binary_cross_entropy"]()
    with pytest.raises(ObjectiveError, match=r"the network gives numbers from 0\.1 to 2"):
        loss.compute(OUTPUT * torch.tensor([1.0, 1.0, 5.0]), {"values": VALUES})
    with pytest.raises(ObjectiveError, match="the target holds"):
        loss.compute(OUTPUT, {"values": VALUES + 1})


def test_the_lower_bound_sums_over_pixels_and_adds_the_divergence():
    loss = LOSSES["evidence_lower_bound"](divergence_weight=0.5)
    divergence = torch.tensor([[3.0], [5.0]])
    given_back = functional.binary_cross_entropy(OUTPUT.sigmoid(), VALUES, reduction="sum") / 2
    found = loss.total((OUTPUT, divergence), {"values": VALUES})
    torch.testing.assert_close(found, given_back + 0.5 * 4)
    assert loss.task(DIGITS.describe()) == "reconstruction"


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        ({"restored": (1, 8, 8)}, "two outputs .* divergence of a GaussianSample.* has 1"),
        ({"restored": (1, 8, 8), "code": (8,)}, '"code" has 8 numbers, but must have 1'),
        ({"restored": (64,), "divergence": (1,)}, '"restored" .* must have 1×8×8'),
    ],
)
def test_a_missing_divergence_is_named(outputs, message):
    spec = TrainingSpec(loss=LOSSES["evidence_lower_bound"]())
    found = check_task(inputs=sizes_of(DIGITS), outputs=outputs, dataset=DIGITS, spec=spec)
    assert len(found) == 1
    assert re.search(message, found[0].message)


def sizes_of(dataset):
    """Of the network's inputs, by a name of its own."""
    (spec,) = dataset.describe().inputs.values()
    return {"x": spec.sizes}


@pytest.mark.parametrize("name", list(LOSSES))
def test_each_serves_some_data_and_names_its_output(name):
    served = [
        (loss, dataset)
        for dataset in (DIGITS, DIABETES, SCENES, CELLS)
        for loss in (LOSSES[name](), *([LOSSES[name](target="input")] if _compares(name) else []))
        if loss.serves(dataset.describe())
    ]
    assert served
    for loss, dataset in served:
        assert loss.output_meaning(dataset.describe())
        inputs = sizes_of(dataset)
        outputs = {"y": loss.output_sizes(dataset.describe())}
        outputs |= dict.fromkeys(loss.FURTHER_OUTPUTS, (1,))
        spec = TrainingSpec(loss=loss)
        assert not check_task(inputs=inputs, outputs=outputs, dataset=dataset, spec=spec)


def _compares(name):
    return "target" in LOSSES[name].PARAMETERS


def findings(loss, *, output, last, dataset=DIGITS):
    inputs = sizes_of(dataset)
    return check_task(
        inputs=inputs,
        outputs={"y": output},
        dataset=dataset,
        spec=TrainingSpec(loss=loss),
        last_layers={"y": last},
    )


def test_a_missing_sigmoid_is_a_warning_with_a_fix():
    loss = LOSSES["binary_cross_entropy"](target="input")
    (found,) = findings(loss, output=(1, 8, 8), last="Conv2d")
    assert found.severity == "warning"
    assert "from 0 to 1" in found.message
    assert found.suggestions[0].value == "Sigmoid"
    assert not findings(loss, output=(1, 8, 8), last="Sigmoid")


def test_a_loss_for_another_task_comes_with_those_that_fit():
    (found,) = findings(LOSSES["huber"](), output=(10,), last="Linear")
    assert "not made for classification" in found.message
    values = [suggestion.value for suggestion in found.suggestions]
    assert values == ["cross_entropy", {"name": "huber", "target": "input"}]
    (found,) = findings(LOSSES["cross_entropy"](), output=(1,), last="Linear", dataset=DIABETES)
    assert [one.value for one in found.suggestions] == ["mean_squared_error"]
    assert default_loss(DIABETES.describe()) == LOSSES["mean_squared_error"]()


@pytest.mark.parametrize(
    ("output", "advice"),
    [
        ((64,), "put a Reshape to 1×8×8 before it"),
        ((10,), "out_features = 64 and a Reshape"),
        ((4, 8, 8), "out_channels = 1"),
    ],
)
def test_an_output_that_is_not_like_the_input_is_advised(output, advice):
    loss = LOSSES["mean_squared_error"](target="input")
    (found,) = findings(loss, output=output, last="Linear")
    assert advice in found.message
