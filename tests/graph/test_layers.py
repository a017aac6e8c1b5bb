"""Every layer of the registry against torch, with settings and inputs that hypothesis chooses."""

import dataclasses
import re
from typing import Any

import pytest
import torch
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from graph.declare import ArgumentError, Parameter, build
from graph.edits import add_node, set_argument
from graph.files import from_text, to_text
from graph.layer import CATEGORIES, Layer, load_layers
from graph.layers.convolution import Conv2d
from graph.layers.ends import Input
from graph.shapes import ShapeError, TensorSpec
from graph.state import MAIN, Project
from graph.trace import plain
from tests.graph.layer_harness import (
    Emitted,
    check,
    check_other_values,
    declared,
    everything,
    run,
    tensor,
    trace_all,
)
from tests.graph.layer_settings import legal, next_input, uses, value_of

LAYERS = load_layers()

ENDS = ("Input", "Output", "Note", "Frame")
"""Ends of a block are arguments and results of `forward`, not code of their own; a note is none."""

COMPUTING = [cls for name, cls in LAYERS.items() if name not in ENDS]
PARAMETERS = [
    pytest.param(cls, parameter, id=f"{name}.{parameter.name}")
    for name, cls in LAYERS.items()
    for parameter in cls.PARAMETERS.values()
]

every_layer = pytest.mark.parametrize("cls", LAYERS.values(), ids=list(LAYERS))
every_computing_layer = pytest.mark.parametrize(
    "cls", COMPUTING, ids=[cls.NAME for cls in COMPUTING]
)


@every_computing_layer
def test_sizes_weights_and_costs_are_those_of_torch(cls: type[Layer]):
    accepted = []

    @given(use=uses(cls), batch=st.sampled_from((2, 3)))
    def compare(use, batch):
        accepted.append(check(*use, batch).accepted)

    compare()
    # A layer that refuses everything would pass without having shown anything.
    assert sum(accepted) >= len(accepted) // 20, f"{sum(accepted)} of {len(accepted)} accepted"


@every_computing_layer
def test_traced_numbers_give_the_same_as_plain_ones(cls: type[Layer]):
    @given(use=uses(cls))
    def compare(use):
        layer, received = use
        symbolic, traced_inputs = trace_all(layer, received)
        try:
            outputs = declared(layer, received)
        except ShapeError as error:
            with pytest.raises(ShapeError, match=f"^{re.escape(str(error))}$"):
                declared(symbolic, traced_inputs)
            return
        assert plain_specs(declared(symbolic, traced_inputs)) == outputs
        plain_numbers = everything(layer, received)
        for name, value in everything(symbolic, traced_inputs).items():
            if name in plain_numbers and name != "positional":
                assert plain(value) == plain_numbers[name] or name.startswith("keyword")
        _, given_tensors = run(symbolic, traced_inputs, 2, "meta")
        shapes = [tuple(t.shape) for t in given_tensors.values()]
        assert shapes == [(2, *spec.sizes) for spec in outputs]
        assert symbolic.summary() == layer.summary()

    compare()


def plain_specs(specs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
    return tuple(TensorSpec(plain(spec.sizes), spec.dtype) for spec in specs)


STRUCTURAL = {"dim", "dim0", "dim1", "dims", "axes", "start_dim", "end_dim", "chunks", "num_layers"}
STRUCTURAL |= {"num_encoder_layers", "num_decoder_layers"}
"""Parameters that choose axes or count tensors: another value makes another structure."""


@st.composite
def similar_uses(draw: st.DrawFn, cls: type[Layer]) -> tuple[Any, ...]:
    """A use, and another one that differs only in numbers."""
    layer, received = draw(uses(cls).filter(lambda use: accepts(*use)))
    changes = {}
    for name, parameter in cls.PARAMETERS.items():
        if name in STRUCTURAL or parameter.kind in ("switch", "choice", "text"):
            continue
        if draw(st.booleans()):
            value = build(cls, {name: draw(value_of(parameter))}).__dict__[name]
            before = getattr(layer, name)
            # Another number of numbers, or none, is another use and not another value.
            if _count(value) == _count(before):
                changes[name] = value
    other = dataclasses.replace(layer, **changes)
    other_inputs: list[TensorSpec | None] = []
    grown: dict[tuple[int, ...], tuple[int, ...]] = {}
    for x in received:
        sizes = () if x is None else tuple(draw(st.sampled_from((s, 2 * s, 24))) for s in x.sizes)
        # Inputs that are alike mostly have to be.
        if x is not None and draw(st.integers(0, 3)):
            wanted = next_input(other, other_inputs)
            sizes = wanted.sizes if wanted else grown.setdefault(x.sizes, sizes)
        other_inputs.append(x and TensorSpec(sizes, x.dtype))
    return layer, received, other, other_inputs


def _count(value: object) -> int:
    return -1 if value is None else len(value) if isinstance(value, tuple) else 0


@every_computing_layer
def test_expressions_hold_for_other_numbers(cls: type[Layer]):
    compared = []

    @given(pair=similar_uses(cls))
    def compare(pair):
        compared.append(check_other_values(*pair))

    compare()
    assert any(compared)


@every_computing_layer
@pytest.mark.filterwarnings("ignore")  # torch warns of slow kernels and of settings without effect
@settings(max_examples=8)
@given(data=st.data())
def test_forward_and_backward_with_a_real_batch(cls: type[Layer], data):
    layer, received = data.draw(uses(cls).filter(lambda use: accepts(*use)))
    module = Emitted(layer, received)
    inputs = [x and tensor(x, 2) for x in received]
    sizes = [n for n, port in enumerate(layer.inputs()) if port.size_only or not port.gradient]
    counting = [x for place, x in enumerate(inputs) if place not in sizes]
    floats = [x.requires_grad_() for x in counting if x is not None and x.is_floating_point()]
    outputs = module(*inputs)
    shapes = [(tuple(t.shape)) for t in outputs.values()]
    assert shapes == [(2, *spec.sizes) for spec in declared(layer, received)]
    learned = [t for t in outputs.values() if t.requires_grad]
    if learned:
        torch.stack([t.sum() for t in learned]).sum().backward()
        if layer.NAME == "Norm" and layer.p == 0:
            # Torch leaves the gradient of a count undefined, which stands for zeros.
            return
        for parameter in [*module.parameters(), *floats]:
            assert parameter.grad is not None
            assert parameter.grad.shape == parameter.shape


def accepts(layer: Layer, received: Any) -> bool:
    try:
        declared(layer, received)
    except ShapeError:
        return False
    return True


@given(layer=legal(Input))
def test_an_input_gives_the_size_that_it_declares(layer):
    assert declared(layer, []) == (TensorSpec(layer.shape, layer.dtype),)
    assert isinstance(layer.summary(), str)


def test_an_output_takes_anything_and_gives_nothing():
    assert declared(LAYERS["Output"](), [TensorSpec((3, 4))]) == ()


@every_layer
def test_settings_survive_the_file(cls: type[Layer]):
    @settings(max_examples=settings.default.max_examples // 2)
    @given(layer=legal(cls))
    def save_and_open(layer):
        project = add_node(Project(), MAIN, cls.NAME, name="one")
        for parameter, value in layer.changed_arguments().items():
            project = set_argument(project, MAIN, "one", parameter, value)
        opened = from_text(to_text(project))
        assert opened.project == project
        assert not opened.notes
        assert build(cls, opened.project.main.nodes["one"].arguments) == layer

    save_and_open()


# --- declarations ------------------------------------------------------------------------------


@every_layer
def test_a_layer_is_documented(cls: type[Layer]):
    assert len(cls.__doc__ or "") > 20
    assert (cls.__doc__ or "").rstrip().endswith(".")
    assert cls.CATEGORY in CATEGORIES
    assert cls.TITLE[:1].isupper()
    assert cls.SYNONYMS or cls.CATEGORY == "activation"
    assert all(word == word.lower() for word in cls.SYNONYMS)
    # What people search for by torch's name needs no synonym.
    assert cls.NAME not in cls.SYNONYMS


@every_layer
def test_a_layer_has_a_card(cls: type[Layer]):
    texts = [cls.USE, *cls.MISTAKES, *([] if cls.NAME in ENDS else [cls.FORMULA])]
    assert len(cls.MISTAKES) >= 1
    for text in texts:
        assert len(text) > 5, f"{cls.NAME} says too little: {text!r}"
        assert text == text.strip()
        assert "  " not in text
    for text in (cls.USE, *cls.MISTAKES):
        assert text[:1].isupper() or text[:1].isdigit(), text
        assert text.endswith((".", "?")), text


@every_layer
def test_port_names_are_unique(cls: type[Layer]):
    layer = cls()
    for ports in (layer.inputs(), layer.outputs()):
        names = [port.name for port in ports]
        assert len(names) == len(set(names))
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)
    assert not [port for port in layer.outputs() if port.variadic]


@pytest.mark.parametrize(("cls", "parameter"), PARAMETERS)
def test_a_parameter_is_documented(cls: type[Layer], parameter: Parameter):
    assert len(parameter.help) > 15
    assert parameter.help.endswith(".")
    assert parameter.label[:1].isupper()
    assert parameter.expects()


def illegal_values(parameter: Parameter) -> list[Any]:
    """Values of the wrong sort, and just outside of the bounds."""
    words: list[Any] = ["nonsense", {"a": 1}, object(), b"1"]
    if not parameter.optional:
        words.append(None)
    number = parameter.kind not in ("switch", "choice", "text")
    bounds: list[float] = []
    if parameter.min is not None:
        bounds.append(parameter.min - 1)
    if parameter.max is not None:
        bounds.append(parameter.max + 1)
    if parameter.above is not None:
        bounds.append(parameter.above)
    if parameter.kind not in ("number", "numbers"):
        bounds = [int(bound) for bound in bounds]
    words += [*bounds, True] if number else []
    if parameter.kind in ("number", "numbers"):
        words += [float("nan"), float("inf")]
    if parameter.kind in ("integer", "pair", "triple", "sizes"):
        words += [1.5]
    if parameter.kind == "pair":
        words += [(), (1,), (1, 1, 1), (1, "a"), *[(1, bound) for bound in bounds]]
    if parameter.kind == "triple":
        words += [(), (1, 1), (1, 1, "a"), *[(1, 1, bound) for bound in bounds]]
    if parameter.kind == "numbers":
        words += [(), ("a",), *[(bound,) for bound in bounds]]
    if parameter.kind == "sizes":
        words += [(), (1, 2.5), *[(bound, 1) for bound in bounds]]
    if parameter.kind == "switch":
        words += [0, 1]
    if parameter.kind == "choice":
        words += [0, True, str(parameter.choices[0]) + "x"]
    return words


@pytest.mark.parametrize(("cls", "parameter"), PARAMETERS)
def test_bounds_are_refused_with_words(cls: type[Layer], parameter: Parameter):
    for value in illegal_values(parameter):
        if parameter.kind == "text" and isinstance(value, str):
            continue
        with pytest.raises(ArgumentError) as caught:
            build(cls, {parameter.name: value})
        assert caught.value.parameter == parameter.name
        assert parameter.name in str(caught.value)
        assert parameter.expects() in str(caught.value)


@every_layer
def test_summary_of_any_legal_setting(cls: type[Layer]):
    @given(layer=legal(cls))
    def show(layer):
        text = layer.summary()
        assert isinstance(text, str)
        assert len(text) < 200
        assert "Traced" not in text

    show()


# --- the harness itself ------------------------------------------------------------------------

# The planted faults only have to be found, not explained.
SEARCH = settings(max_examples=500, database=None, phases=[Phase.generate])


def conv(**changes: Any) -> type[Layer]:
    """Conv2d with one rule replaced by a wrong one."""
    return type("Conv2d", (Conv2d,), changes)


def _infer_without_padding(self: Any, x: TensorSpec) -> TensorSpec:
    right = Conv2d.infer(self, x)
    return right.with_sizes(
        right.sizes[0], *[s - 2 * p for s, p in zip(right.sizes[1:], self.padding, strict=True)]
    )


def _infer_anything(self: Any, x: TensorSpec) -> TensorSpec:
    try:
        return Conv2d.infer(self, x)
    except ShapeError:
        return TensorSpec((self.out_channels, 1, 1))


def _infer_only_small(self: Any, x: TensorSpec) -> TensorSpec:
    if x.rank == 3 and x.channels > 3:
        raise ShapeError("takes three channels at most, though torch takes more", port="in")
    return Conv2d.infer(self, x)


def _infer_forgetting(self: Any, x: TensorSpec) -> TensorSpec:
    right = Conv2d.infer(self, x)
    return right.with_sizes(*[int(size) for size in right.sizes])


PLANTED = {
    "size": conv(infer=_infer_without_padding),
    "too lenient": conv(infer=_infer_anything),
    "too strict": conv(infer=_infer_only_small),
    "weights": conv(weights=lambda self, x: {"weight": (self.out_channels, x.channels)}),
    "multiply-adds": conv(multiply_adds=lambda self, x: 1),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_wrong_rule_is_caught(fault: str):
    @settings(SEARCH)
    @given(use=uses(PLANTED[fault]))
    def compare(use):
        check(*use, 2)

    with pytest.raises(AssertionError):
        compare()


def test_a_rule_that_loses_its_expression_is_caught():
    @settings(SEARCH)
    @given(pair=similar_uses(conv(infer=_infer_forgetting)))
    def compare(pair):
        check_other_values(*pair)

    with pytest.raises(AssertionError):
        compare()
