"""Every dataset, as declared and as read; and the `data:` part of a file."""

import itertools

import numpy
import pytest
import torch

from data.catalog import DATASETS, read_data, write_data
from data.dataset import SPLIT_NAMES, DataError
from data.images import resize, shift_randomly
from graph.shapes import TensorSpec


def _from_files(name):
    """Whether it reads what a person has; such datasets have tests of their own."""
    return any(one.path is not None for one in DATASETS[name].PARAMETERS.values())


@pytest.fixture(scope="module", params=[name for name in DATASETS if not _from_files(name)])
def loaded(request):
    dataset = DATASETS[request.param]()
    return dataset, dataset.load()


def test_samples_are_what_the_description_says(loaded):
    dataset, splits = loaded
    description = dataset.describe()
    assert sum(len(splits[name]) for name in SPLIT_NAMES) == description.samples
    for name in SPLIT_NAMES:
        batch = splits[name].batch(torch.arange(5))
        assert list(batch.inputs) == list(description.inputs)
        for input_name, spec in description.inputs.items():
            assert batch.inputs[input_name].shape == (5, *spec.sizes)
            assert batch.inputs[input_name].dtype == torch.float32


def test_splits_share_no_sample(loaded):
    _, splits = loaded
    origins = [splits[name].origin(i) for name in SPLIT_NAMES for i in range(len(splits[name]))]
    assert len(origins) == len(set(origins))


def test_pictures_can_be_shown(loaded):
    _, splits = loaded
    picture = splits.test.picture(0)
    if picture is None:
        # Rows of a table are shown by their numbers.
        assert all(len(spec.sizes) == 1 for spec in loaded[0].describe().inputs.values())
        return
    assert picture.dtype == numpy.uint8
    assert picture.ndim == 2 or picture.shape[2] == 3


def test_summary_source_and_help_are_given(loaded):
    dataset, _ = loaded
    description = dataset.describe()
    assert description.summary
    assert description.source
    assert all(parameter.help for parameter in dataset.PARAMETERS.values())


def numbers_in(samples):
    """The numbers of a split's samples in the whole dataset."""
    return [samples.origin(place) for place in range(len(samples))]


FROZEN_TEST = (359, [3, 7, 9, 11, 12], 1792)


class TestDiabetes:
    def test_features_are_standardised_with_the_training_samples_alone(self):
        from sklearn.datasets import load_diabetes

        splits = DATASETS["diabetes"]().load()
        raw = load_diabetes(scaled=False)
        chosen = numbers_in(splits.training)
        mean, deviation = raw.data[chosen].mean(axis=0), raw.data[chosen].std(axis=0)
        for name in SPLIT_NAMES:
            numbers = numbers_in(splits[name])
            batch = splits[name].batch(torch.arange(len(numbers)))
            expected = (raw.data[numbers] - mean) / deviation
            assert numpy.allclose(batch.inputs["features"].numpy(), expected, atol=1e-5)
            assert batch.targets["values"][:, 0].tolist() == raw.target[numbers].tolist()
        assert f"age {mean[0]:.6g}, {deviation[0]:.6g}" in splits.preparation

    def test_names_are_those_of_its_columns(self):
        from sklearn.datasets import load_diabetes

        description = DATASETS["diabetes"]().describe()
        assert description.inputs["features"].sizes == load_diabetes().data.shape[1:]
        assert (description.task, description.classes) == ("regression", 0)
        assert description.target_names == ("progression",)


class TestBreastCancer:
    def test_rows_are_scikit_learn_s_in_the_order_of_its_columns(self):
        from sklearn.datasets import load_breast_cancer

        raw = load_breast_cancer()
        description = DATASETS["breast_cancer"]().describe()
        splits = DATASETS["breast_cancer"]().load()
        chosen = numbers_in(splits.training)
        mean, deviation = raw.data[chosen].mean(axis=0), raw.data[chosen].std(axis=0)
        for name in SPLIT_NAMES:
            numbers = numbers_in(splits[name])
            batch = splits[name].batch(torch.arange(len(numbers)))
            expected = (raw.data[numbers] - mean) / deviation
            assert numpy.allclose(batch.inputs["features"].numpy(), expected, atol=1e-5)
            assert batch.targets["label"].tolist() == raw.target[numbers].tolist()
            share = float(batch.targets["label"].float().mean())
            assert share == pytest.approx(357 / 569, abs=0.02), "divided class by class"
        assert description.class_names == tuple(raw.target_names)
        columns = ", ".join(raw.feature_names)
        assert f"30 numbers: {columns}. Each" in description.preparation


class TestDigits:
    def test_values_are_from_0_to_1_and_every_class_is_in_every_split(self):
        dataset, errors = read_data({"dataset": "digits", "image_size": 28})
        assert not errors
        splits = dataset.load()
        for name in SPLIT_NAMES:
            batch = splits[name].batch(torch.arange(len(splits[name])))
            assert batch.inputs["image"].min() == 0
            assert 0.9 < batch.inputs["image"].max() <= 1
            assert set(batch.targets["label"].tolist()) == set(range(10))

    def test_the_splits_are_complete_disjoint_and_stratified(self):
        from sklearn.datasets import load_digits
        from sklearn.model_selection import train_test_split

        target = load_digits().target
        splits = DATASETS["digits"]().load()
        origins = {name: numbers_in(splits[name]) for name in SPLIT_NAMES}
        assert sorted(itertools.chain(*origins.values())) == list(range(1797))
        for name in SPLIT_NAMES:
            batch = splits[name].batch(torch.arange(len(splits[name])))
            assert batch.targets["label"].tolist() == target[origins[name]].tolist()
        # As scikit-learn divides: of each class as many, to within one.
        _, test = train_test_split(target, test_size=0.2, stratify=target, random_state=0)
        expected = numpy.bincount(test)
        ours = numpy.bincount(target[origins["test"]])
        assert numpy.abs(ours - expected).max() <= 1
        in_validation = numpy.bincount(target[origins["validation"]])
        assert numpy.abs(in_validation - numpy.bincount(target) * 0.1).max() <= 1

    def test_the_same_seed_divides_alike_and_another_one_differently(self):
        first, again, other = (
            numbers_in(read_data({"split_seed": seed})[0].load().test) for seed in (3, 3, 4)
        )
        assert first == again
        assert len(first) == len(other)
        assert set(first) != set(other)

    def test_the_division_is_that_of_every_release(self):
        """A saved project must be judged on the samples that it did not learn from, for ever."""
        numbers = numbers_in(DATASETS["digits"]().load().test)
        assert (len(numbers), numbers[:5], numbers[-1]) == FROZEN_TEST

    def test_size_8_leaves_the_pixels_as_scikit_learn_ships_them(self):
        from sklearn.datasets import load_digits

        splits = DATASETS["digits"]().load()
        origin = splits.test.origin(3)
        image = splits.test.batch(torch.tensor([3])).inputs["image"][0, 0]
        assert torch.equal(image * 16, torch.tensor(load_digits().images[origin]).float())

    def test_training_batches_come_in_every_size_that_is_allowed(self):
        dataset, errors = read_data({"dataset": "digits", "image_size": 12, "smallest_size": 9})
        assert not errors
        assert dataset.describe().varying
        splits = dataset.load()
        indices, sizes = torch.arange(3), set()
        for seed in range(40):
            generator = torch.Generator().manual_seed(seed)
            image = splits.training.batch(indices, generator).inputs["image"]
            assert image.shape[-1] == image.shape[-2]
            sizes.add(image.shape[-1])
            assert splits.test.batch(indices).inputs["image"].shape[-1] == 12
        assert sizes == {9, 10, 11, 12}
        assert splits.training.batch(indices).inputs["image"].shape[-1] == 12
        same, _ = read_data({"dataset": "digits", "image_size": 12, "smallest_size": 12})
        assert not same.describe().varying

    def test_only_training_batches_with_a_generator_are_augmented(self):
        splits = read_data({"dataset": "digits", "random_shift": 2})[0].load()
        indices = torch.arange(50)
        plain = splits.training.batch(indices).inputs["image"]
        assert torch.equal(plain, splits.training.batch(indices).inputs["image"])
        shifted, again = (
            splits.training.batch(indices, torch.Generator().manual_seed(1)).inputs["image"]
            for _ in range(2)
        )
        assert not torch.equal(plain, shifted)
        assert torch.equal(shifted, again)
        held_out = splits.validation.batch(indices, torch.Generator()).inputs["image"]
        assert torch.equal(held_out, splits.validation.batch(indices).inputs["image"])

    def test_is_fitted_to_a_network_that_takes_squares(self):
        digits = read_data({"random_shift": 1})[0]
        fitted = digits.fitted_to({"image": (1, 32, 32)})
        assert fitted is not None
        assert write_data(fitted) == {"dataset": "digits", "image_size": 32, "random_shift": 1}

    @pytest.mark.parametrize("sizes", [(3, 32, 32), (1, 32, 28), (64,), (1, 4, 4), (1, 999, 999)])
    def test_is_not_fitted_to_other_inputs(self, sizes):
        assert DATASETS["digits"]().fitted_to({"image": sizes}) is None

    def test_a_damaged_installation_is_said(self, monkeypatch):
        def fail():
            raise OSError("digits.csv.gz is missing")

        monkeypatch.setattr("sklearn.datasets.load_digits", fail)
        with pytest.raises(DataError, match="Install scikit-learn again"):
            DATASETS["digits"]().load()


class TestFile:
    def test_round_trip(self):
        written = {"dataset": "digits", "image_size": 28, "random_shift": 1}
        dataset, errors = read_data(written)
        assert not errors
        assert write_data(dataset) == written
        assert dataset.describe().inputs == {"image": TensorSpec((1, 28, 28))}

    @pytest.mark.parametrize(
        ("mapping", "parameter", "words"),
        [
            ({"dataset": "digit"}, "dataset", 'did you mean "digits"'),
            ({"dataset": 7}, "dataset", "there is no dataset"),
            ({"image_size": 4}, "image_size", "from 8 to 128"),
            ({"imagesize": 28}, "imagesize", 'did you mean "image_size"'),
            (["digits"], "data", "must be a mapping"),
        ],
    )
    def test_every_error_says_what_is_wrong(self, mapping, parameter, words):
        dataset, errors = read_data(mapping)
        assert dataset.NAME == "digits"
        assert [error.parameter for error in errors] == [parameter]
        assert words in str(errors[0])


def test_shifting_moves_each_image_as_a_whole():
    images = torch.zeros(20, 1, 9, 9)
    images[:, :, 4, 4] = 1
    shifted = shift_randomly(images, 2, torch.Generator().manual_seed(0))
    assert shifted.shape == images.shape
    assert shifted.sum(dim=(1, 2, 3)).tolist() == [1.0] * 20
    places = {tuple(image[0].nonzero()[0].tolist()) for image in shifted}
    assert len(places) > 5
    assert all(2 <= row <= 6 and 2 <= column <= 6 for row, column in places)


def test_enlarging_keeps_the_mean():
    images = torch.rand(2, 1, 8, 8)
    assert resize(images, 8) is images
    assert torch.allclose(resize(images, 16).mean(), images.mean(), atol=0.02)
