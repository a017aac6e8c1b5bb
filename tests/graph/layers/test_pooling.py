"""How many windows a pooling takes, for every size that its formula is good for, against torch."""

import itertools

import pytest
import torch
from torch.nn import functional

from graph.layers.pooling import MaxPool1d
from graph.shapes import ShapeError, TensorSpec
from graph.term import Symbol, to_text
from graph.trace import term_of, traced

SIZES = range(1, 17)
SETTINGS = [
    {"kernel_size": kernel, "stride": stride, "padding": padding, "dilation": dilation}
    for kernel, stride, padding, dilation in itertools.product(
        (1, 2, 3, 5), (1, 2, 3, 5), (0, 1, 2), (1, 2)
    )
    if padding <= kernel // 2
]


def windows(size, **settings):
    """How many torch takes of a sequence of that length; None where it refuses."""
    try:
        return functional.max_pool1d(torch.zeros(1, 1, size), **settings).shape[2]
    except RuntimeError:
        return None


def inferred(size, **settings):
    """The size that the rule gives; None where it refuses."""
    try:
        return MaxPool1d(**settings).infer(TensorSpec((1, size))).sizes[1]
    except ShapeError:
        return None


def formula_of(size, **settings):
    """The rule as Python over `size` and the settings, made at these values."""
    symbolic = {name: traced(value, Symbol(name)) for name, value in settings.items()}
    symbolic["ceil_mode"] = settings["ceil_mode"]
    return to_text(term_of(inferred(traced(size, Symbol("size")), **symbolic)))


@pytest.mark.parametrize("ceil_mode", [False, True])
def test_one_formula_holds_for_every_size(ceil_mode):
    for settings in SETTINGS:
        settings = settings | {"ceil_mode": ceil_mode}
        wanted = {size: windows(size, **settings) for size in SIZES}
        assert {size: inferred(size, **settings) for size in SIZES} == wanted, settings
        wanted = {size: number for size, number in wanted.items() if number is not None}
        for base in wanted:
            text = to_text(term_of(inferred(traced(base, Symbol("size")), **settings)))
            found = {size: eval(text, {"size": size, "min": min}) for size in wanted}
            assert found == wanted, (settings, base, text)


@pytest.mark.parametrize("ceil_mode", [False, True])
@pytest.mark.parametrize("drawn", [SETTINGS[0], SETTINGS[-1]])
def test_one_formula_holds_for_all_settings(drawn, ceil_mode):
    text = formula_of(16, **drawn, ceil_mode=ceil_mode)
    for settings in SETTINGS:
        found = eval(text, {"size": 15, "min": min} | settings)
        assert found == windows(15, **settings, ceil_mode=ceil_mode), (settings, text)
