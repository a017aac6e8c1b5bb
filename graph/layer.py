"""What a layer is: a declared class that knows its ports, its sizes, its weights and its code.

The layers themselves are in graph/layers, one file per family. A layer knows no node, no variable
name and no Qt; whatever else the product shows of it is derived from its declaration.
"""

from __future__ import annotations

import builtins
import importlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar, dataclass_transform

from graph.declare import Declared, declare, param
from graph.registry import Registry
from graph.shapes import InsertBefore, ShapeError, TensorSpec, product
from graph.trace import is_symbolic

CATEGORIES: dict[str, str] = {
    "input and output": "Input and output",
    "convolution": "Convolution",
    "pooling": "Pooling",
    "linear": "Linear",
    "activation": "Activation",
    "normalization": "Normalization",
    "regularization": "Dropout and noise",
    "merge": "Merge and split",
    "shape": "Shape and size",
    "recurrent": "Recurrent",
    "attention": "Attention",
    "arithmetic": "Arithmetic",
    "mathematics": "Functions",
    "reduction": "Sums and statistics",
    "logic": "Comparison and logic",
    "spectral": "Spectral",
    "tensor": "Constants and parameters",
    "quantization": "Quantization",
    "gradient": "Gradient control",
    "augmentation": "Augmentation",
    "region": "Regions and boxes",
    "note": "Notes",
}
"""The groups of the palette, in its order, with their titles."""


@dataclass(frozen=True, slots=True)
class Port:
    """A named place for links on a layer or block.

    A variadic port stands for `name_1`, `name_2`, ... in this order, as many as are linked. Of what
    enters where `size_only` is set, only the size counts: no gradient and no view goes that way.
    Where `gradient` is not set, the numbers count, but no gradient goes back to them.
    """

    name: str
    help: str = ""
    optional: bool = False
    variadic: bool = False
    size_only: bool = False
    gradient: bool = True


@dataclass(frozen=True, slots=True)
class Constructor:
    """The construction of a module: `nn.Conv2d(1, 6, kernel_size=5)`."""

    name: str
    positional: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Emission:
    """What a layer becomes in PyTorch, as data: no variable names yet.

    What torch lacks is written in codegen/parts, one class or function a file, and used by its name
    in a constructor or an expression; the generated module holds a copy of it.

    Attributes:
        expression: the call, with `{module}`, the names of input ports and of `values` in braces;
            a variadic port is replaced by all its links, joined by `separator`; `{batch}` is the
            number of samples, for layers without inputs.
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

    def names(self) -> frozenset[str]:
        """What the code needs besides Python: `torch`, `nn`, `torchvision`, names of parts."""
        text = _PLACEHOLDER.sub(")", self.expression)
        for after in self.afterwards.values():
            text += " " + _PLACEHOLDER.sub(")", after)
        if self.constructor is not None:
            text += f" {self.constructor.name}("
        return frozenset(name for name in _HEAD.findall(text) if not hasattr(builtins, name))


_PLACEHOLDER = re.compile(r"\{\w+\}")
_HEAD = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?=[.(])")


@dataclass(frozen=True, slots=True)
class Window:
    """The part of the input that one output value depends on, along each axis behind the channels.

    Attributes:
        size: how many neighbouring places it reaches over.
        step: how many places of the input lie between two neighbouring outputs; below one where
            the output is larger than the input.
    """

    size: tuple[float, ...]
    step: tuple[float, ...]


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
        if is_symbolic(value) or (value != default and not _all(value, default))
    }


def _all(value: Any, default: Any) -> bool:
    return isinstance(value, tuple) and all(element == default for element in value)


class Layer(Declared):
    """Base of all layers.

    A subclass declares parameters with `param()`, ports, and three rules over the sizes of its
    inputs: `infer`, `weights` and `emit`; optional inputs that are not linked come as None.
    """

    NAME: ClassVar[str]
    TITLE: ClassVar[str]
    CATEGORY: ClassVar[str]
    SYNONYMS: ClassVar[tuple[str, ...]]
    CONSOLE: ClassVar[tuple[str, ...]]
    FORMULA: ClassVar[str]
    USE: ClassVar[str]
    MISTAKES: ClassVar[tuple[str, ...]]
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

    def window(self, *inputs: Any, **_: Any) -> Window | None:
        """What one output value depends on; None where that is everything that comes in.

        Where a layer does not say: its own place alone while the sizes behind the channels stay as
        they are, else everything.
        """
        first = self.infer(*inputs)
        given = (first[0] if isinstance(first, tuple) else first).sizes[1:]
        received = [x.sizes[1:] for x in inputs if x is not None]
        if not given or any(sizes != given for sizes in received):
            return None
        return Window((1,) * len(given), (1,) * len(given))

    def shifted(self, *inputs: Any, **_: Any) -> str:
        """What gets out of place at this size of the input, although torch would compute it; empty
        where nothing does. Such sizes are not called legal in graph/legal_sizes.py."""
        return ""

    def next_input(self, *received: TensorSpec | None) -> TensorSpec | None:
        """A size that the next port takes, where what the ports before it received decides that."""
        return None

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
    name: str,
    *,
    category: str,
    title: str,
    synonyms: tuple[str, ...] = (),
    console: tuple[str, ...] = (),
    formula: str = "",
    use: str = "",
    mistakes: tuple[str, ...] = (),
) -> Callable[[type[L]], type[L]]:
    """Declare a layer under torch's name; the docstring of its class is one sentence that says what
    it does, for somebody who has never seen it.

    Args:
        name: the name in files and code, torch's where there is one.
        category: a key of CATEGORIES.
        title: the name on the palette, in plain words.
        synonyms: other names by which people look for it, such as Keras'.
        console: the layers of Sony's Neural Network Console for which it stands.
        formula: what it computes, as mathematics in plain text.
        use: one or two sentences on what it is good for.
        mistakes: what people get wrong with it, a sentence each, with what to do instead.

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
        declared.CATEGORY, declared.SYNONYMS, declared.CONSOLE = category, synonyms, console
        declared.FORMULA, declared.USE, declared.MISTAKES = formula, use, mistakes
        reserved = RESERVED_NAMES.intersection(declared.PARAMETERS)
        if reserved:
            raise TypeError(f"layer {name}: {', '.join(reserved)} means something else in files")
        LAYERS.add(name, declared)
        return declared

    return enter


RESERVED_NAMES = frozenset(
    """
    layer block at repeat expanded bypassed only_if frozen shares initialization
    learning_rate_factor weight_norm
    """.split()  # noqa: SIM905 - a list of quoted words would be unreadable
)
"""Keys of a node in a file that no parameter may use."""


def load_layers() -> Registry[Layer]:
    """The registry, with every module of graph/layers imported."""
    importlib.import_module("graph.layers")
    return LAYERS


# --- small rules that many layers share --------------------------------------------------------


def need_float(x: TensorSpec, port: str = "in") -> None:
    """Refuse whole numbers (labels, word indices) where a layer computes with fractions."""
    if x.dtype != "float":
        # True and false are 1 and 0; of labels and word indices fractions are hardly ever meant.
        to_numbers = [InsertBefore("Cast", (("dtype", "float"),))]
        raise ShapeError(
            f"expects decimal numbers, but receives {x.dtype} values of size {x}",
            port=port,
            repairs=to_numbers if x.dtype == "boolean" else (),
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


def one_or_all(sizes: tuple[int, ...]) -> int | tuple[int, ...]:
    """A pair or triple as torch's users write it: one number where all are the same."""
    first = sizes[0]
    same = all(
        size == first and getattr(size, "term", None) == getattr(first, "term", None)
        for size in sizes
    )
    return first if same else sizes
