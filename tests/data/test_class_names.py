"""The names of classes that somebody writes into a setting."""

import pytest

from data.class_names import named_classes
from data.dataset import DataError


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ()),
        ("  ", ()),
        ("cat", ("cat",)),
        (" cat,black dog ,", ("cat", "black dog")),
        ("Cat,cat", ("Cat", "cat")),
    ],
)
def test_names_stand_between_commas(text, names):
    assert named_classes(text) == names


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (",cat", "a comma without a name in front"),
        ("cat, ,dog", "a comma without a name in front"),
        ("cat,dog,,", "a comma without a name in front"),
        (",", "a comma without a name in front"),
        ("cat,dog, cat", "has cat twice"),
    ],
)
def test_a_name_that_is_missing_or_stands_twice_is_said(text, words):
    with pytest.raises(DataError, match=words) as raised:
        named_classes(text)
    assert raised.value.parameter == "class_names"
