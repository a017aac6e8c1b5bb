"""What a layer is: a declared class that knows its ports, its sizes, its weights and its code.

The layers themselves are in graph/layers, one file per family. A layer knows no node, no variable
name and no Qt; whatever else the product shows of it is derived from its declaration.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar, dataclass_transform

from graph.declare import Declared, Registry, declare, param
from graph.shapes import ShapeError, TensorSpec, product
from graph.trace import is_symbolic

CATEGORIES: dict[str, str] = {
    "input and output": "Input and output",
    "convolution": "Convolution",
    "pooling": "Pooling",
    "linear": "Linear",
    "activation": "Activation",
    "normalization": "Normalization",
    "regularization": "Regularization",
    "merge": "Merge and split",
    "shape": "Shape",
    "recurrent": "Recurrent",
}
"""The groups of the palette, in its order, with their titles."""


@dataclass(frozen=True, slots=True)
class Port:
    """A named place for links on a layer or block.

    A variadic port stands for `name_1`, `name_2`, ... in this order, as many as are linked.
    """

    name: str
    help: str = ""
    optional: bool = False
    variadic: bool = False


@dataclass(frozen=True, slots=True)
class Constructor:
    """The construction of a module: `nn.Conv2d(1, 6, kernel_size=5)`."""

    name: str
    positional: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Emission:
    """What a layer becomes in PyTorch, as data: no variable names yet.

    Attributes:
        expression: the call, with `{module}`, the names of input ports and of `values` in braces;
            a variadic port is replaced by all its links, joined by `separator`.
        constructor: the module that the expression uses, if any.
        targets: what the result is unpacked into, with output ports in braces.
        afterwards: by output port, an expression that brings the output into the form of this
            project (batch first); emitted only where the output is used.
        values: checked values that the expression needs.
    """

    expression: str
    constructor: Constructor | None = None
    targets: str = "{out}"
    afterwards: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    separator: str = ", "


def module(name: str, *positional: Any, **keywords: Any) -> Emission:
    """A layer that is one torch module called with its only input."""
    return Emission("{module}({in})", Constructor(name, positional, keywords))


def call(expression: str, *, separator: str = ", ", **values: Any) -> Emission:
    """A layer without weights that is one expression."""
    return Emission(expression, values=values, separator=separator)


def changed(**pairs: tuple[Any, Any]) -> dict[str, Any]:
    """Keyword arguments that differ from torch's default: `changed(stride=(self.stride, 1))`.

    An argument that depends on a block's parameter is always written, since it may differ in
    another use of the block.
    """
    return {
        name: value
        for name, (value, default) in pairs.items()
        if is_symbolic(value) or (value != default and value != (default, default))
    }


class Layer(Declared):
    """Base of all layers.

    A subclass declares parameters with `param()`, ports, and three rules over the sizes of its
    inputs: `infer`, `weights` and `emit`; optional inputs that are not linked come as None.
    """

    NAME: ClassVar[str]
    TITLE: ClassVar[str]
    CATEGORY: ClassVar[str]
    SYNONYMS: ClassVar[tuple[str, ...]]
    INPUTS: ClassVar[tuple[Port, ...]] = (Port("in"),)
    OUTPUTS: ClassVar[tuple[Port, ...]] = (Port("out"),)

    STRICTER_THAN_TORCH: ClassVar[str] = ""
    """Where the layer refuses on purpose what torch would accept, the reason."""

    def inputs(self) -> tuple[Port, ...]:
        """The input ports; they may depend on the arguments."""
        return self.INPUTS

    def outputs(self) -> tuple[Port, ...]:
        """The output ports; they may depend on the arguments."""
        return self.OUTPUTS

    def infer(self, *inputs: Any, **_: Any) -> TensorSpec | tuple[TensorSpec, ...]:
        """The size of every output, from the `TensorSpec` of every input.

        Raises:
            ShapeError: exactly where torch would refuse the input, unless STRICTER_THAN_TORCH.
        """
        raise TypeError(f"{type(self).__name__} declares no infer()")

    def weights(self, *inputs: Any, **_: Any) -> dict[str, tuple[int, ...]]:
        """Name and sizes of every learned tensor, as in the module's state dict."""
        return {}

    def multiply_adds(self, *inputs: Any, **_: Any) -> int:
        """Multiplications with addition for one sample, as torch's flop counter counts them."""
        return 0

    def emit(self, *inputs: Any, **_: Any) -> Emission:
        """The PyTorch code, as data."""
        raise TypeError(f"{type(self).__name__} declares no emit()")

    def summary(self) -> str:
        """The key arguments in a few words, as they stand on the node: `6 filters 5×5`."""
        return ""

    def parameter_count(self, *inputs: Any) -> int:
        """The number of learned values."""
        return sum(product(sizes) for sizes in self.weights(*inputs).values())


LAYERS: Registry[Layer] = Registry("layer")

L = TypeVar("L", bound=Layer)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(param,))
def layer(
    name: str, *, category: str, title: str, synonyms: tuple[str, ...] = ()
) -> Callable[[type[L]], type[L]]:
    """Declare a layer under torch's name.

    Args:
        name: the name in files and code, torch's where there is one.
        category: a key of CATEGORIES.
        title: the name on the palette, in plain words.
        synonyms: other names by which people look for it.

    Raises:
        TypeError: for a declaration that is not complete.
    """

    def enter(cls: type[L]) -> type[L]:
        if category not in CATEGORIES:
            raise TypeError(f"layer {name}: there is no category {category}")
        if not cls.__doc__:
            raise TypeError(f"layer {name} needs a docstring: it is the layer's help text")
        text = cls.__doc__
        declared = declare(cls)
        declared.__doc__ = text
        declared.NAME, declared.TITLE = name, title
        declared.CATEGORY, declared.SYNONYMS = category, synonyms
        reserved = RESERVED_NAMES.intersection(declared.PARAMETERS)
        if reserved:
            raise TypeError(f"layer {name}: {', '.join(reserved)} means something else in files")
        LAYERS.add(name, declared)
        return declared

    return enter


RESERVED_NAMES = frozenset(
    ("layer", "block", "at", "repeat", "bypassed", "frozen", "shares", "initialization")
)
"""Keys of a node in a file that no parameter may use."""


def load_layers() -> Registry[Layer]:
    """The registry, with every module of graph/layers imported."""
    package = importlib.import_module("graph.layers")
    for info in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"graph.layers.{info.name}")
    return LAYERS


# --- small rules that many layers share --------------------------------------------------------


def need_float(x: TensorSpec, port: str = "in") -> None:
    """Refuse whole numbers (labels, word indices) where a layer computes with fractions."""
    if x.dtype != "float":
        raise ShapeError(
            f"expects decimal numbers, but receives {x.dtype} values of size {x}", port=port
        )


def need_rank(x: TensorSpec, rank: int, what: str, port: str = "in") -> None:
    """Refuse an input with another number of axes; `what` names the expected one."""
    if x.rank != rank:
        raise ShapeError(f"expects {what}, but receives {x}", port=port)


def axis_index(dim: int, x: TensorSpec, port: str = "in") -> int:
    """The index into `x.sizes` of torch's axis `dim` (which counts the batch as 0).

    Raises:
        ShapeError: where there is no such axis, or where it is the batch.
    """
    index = dim - 1 if dim > 0 else x.rank + dim
    if dim == 0 or not 0 <= index < x.rank:
        raise ShapeError(
            f"axis {dim} does not exist in an input of size {x}; legal are 1 to {x.rank}, "
            f"or -1 for the last",
            port=port,
        )
    return index


MIXES_SAMPLES = "torch would also work along the batch, which would mix samples"
"""Why `axis_index` refuses the axis of the batch; for STRICTER_THAN_TORCH."""


def pair_text(pair: tuple[int, ...]) -> str:
    """`5×5`."""
    return "×".join(str(int(size)) for size in pair)


def one_or_two(pair: tuple[int, int]) -> int | tuple[int, int]:
    """A pair as torch's users write it: one number where both are the same."""
    first, second = pair
    same = first == second and getattr(first, "term", None) == getattr(second, "term", None)
    return first if same else pair
