"""Division into splits: complete, disjoint, by class, and always the same."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.split import strata_of, stratified_split

LABELS = st.lists(st.integers(0, 5), max_size=200)
FRACTIONS = st.floats(0, 0.49)


@given(LABELS, FRACTIONS, FRACTIONS, st.integers(0, 1000))
def test_every_sample_is_in_exactly_one_split(labels, validation, test, seed):
    division = stratified_split(
        labels, validation_fraction=validation, test_fraction=test, seed=seed
    )
    together = [*division.training, *division.validation, *division.test]
    assert sorted(together) == list(range(len(labels)))


@given(LABELS, FRACTIONS, FRACTIONS, st.integers(0, 1000))
def test_every_class_has_its_share_to_within_one(labels, validation, test, seed):
    division = stratified_split(
        labels, validation_fraction=validation, test_fraction=test, seed=seed
    )
    in_test = Counter(labels[i] for i in division.test)
    in_validation = Counter(labels[i] for i in division.validation)
    in_training = Counter(labels[i] for i in division.training)
    for label, count in Counter(labels).items():
        assert in_training[label] >= 1
        assert abs(in_test[label] - count * test) <= 1
        assert abs(in_validation[label] - count * validation) <= 1.5


@given(LABELS, st.integers(0, 1000))
def test_is_always_the_same(labels, seed):
    first, second = (
        stratified_split(labels, validation_fraction=0.1, test_fraction=0.2, seed=seed)
        for _ in range(2)
    )
    assert first == second


def test_does_not_change_between_releases():
    """A saved project must mean the same samples for ever."""
    division = stratified_split([0, 1] * 10, validation_fraction=0.1, test_fraction=0.2, seed=7)
    assert division.test == FROZEN_TEST
    assert division.validation == FROZEN_VALIDATION


FROZEN_TEST = (2, 5, 11, 18)
FROZEN_VALIDATION = (10, 15)


def test_another_seed_divides_differently():
    labels = [0] * 100
    divisions = {
        stratified_split(labels, validation_fraction=0.1, test_fraction=0.2, seed=seed).test
        for seed in range(5)
    }
    assert len(divisions) == 5


@pytest.mark.parametrize(("validation", "test"), [(0.5, 0.5), (-0.1, 0.2), (0.0, 1.0)])
def test_refuses_fractions_that_leave_nothing_to_train_on(validation, test):
    with pytest.raises(ValueError, match="nothing for training"):
        stratified_split([0] * 10, validation_fraction=validation, test_fraction=test, seed=0)


@given(
    st.lists(st.sets(st.sampled_from("abcdefgh"), max_size=4), min_size=3, max_size=200),
    st.floats(0.05, 0.45),
    st.floats(0.05, 0.45),
    st.integers(0, 1000),
)
def test_samples_of_several_classes_keep_the_shares(classes, validation, test, seed):
    labels = strata_of(classes, fewest=1 / min(validation, test))
    division = stratified_split(
        labels, validation_fraction=validation, test_fraction=test, seed=seed
    )
    assert not division.empty()
    # No stratum is off by more than one, and there are few.
    strata = len(set(labels))
    assert strata <= 10 + len(classes) * min(validation, test)
    assert abs(len(division.test) - len(classes) * test) <= strata
    assert abs(len(division.validation) - len(classes) * validation) <= 1.5 * strata


def test_rare_combinations_of_classes_are_divided_too():
    random = Random(0)
    classes = [random.sample("abcdefghij", random.randint(1, 4)) for _ in range(200)]
    division = stratified_split(
        strata_of(classes, fewest=10), validation_fraction=0.1, test_fraction=0.2, seed=0
    )
    assert len(division.validation) == pytest.approx(20, abs=3)
    assert len(division.test) == pytest.approx(40, abs=3)


def test_strata_are_combinations_then_rare_classes_then_the_rest():
    classes = [*["ab"] * 4, "a", "ac", "bc", "acb", "d", ""]
    labels = strata_of(classes, fewest=4)
    assert labels == [*[("a", "b")] * 4, None, *["c"] * 3, None, None]
    assert strata_of(["ab", "ba", "b"] * 3, fewest=3) == [("a", "b"), ("a", "b"), ("b",)] * 3


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=100), st.integers(1, 20))
def test_of_samples_of_one_class_each_the_class_decides(classes, fewest):
    strata = zip(classes, strata_of(classes, fewest=fewest), strict=True)
    enough = {pair for pair in strata if classes.count(pair[0]) >= max(fewest, 3)}
    assert len(enough) == len({name for name, _ in enough}) == len({label for _, label in enough})
