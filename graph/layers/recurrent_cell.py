"""One step of a recurrent layer, for networks that decide themselves what the next step sees."""

from typing import Any, ClassVar, Literal

from graph.declare import declare, param
from graph.layer import (
    Constructor,
    Emission,
    Layer,
    Port,
    changed,
    layer,
    need_float,
    need_rank,
)
from graph.layers.recurrent import need_both, need_state
from graph.shapes import TensorSpec

STEP_IN = Port("in", "The features of one step.")
HIDDEN_IN = Port(
    "hidden", "The memory before this step; zeros where nothing is linked.", optional=True
)
CELL_IN = Port(
    "cell", "The long memory before this step; zeros where nothing is linked.", optional=True
)
WHOLE = "For a whole sequence take {}: it is shorter to build and much faster."


@declare
class _Cell(Layer):
    INPUTS: ClassVar[tuple[Port, ...]] = (STEP_IN, HIDDEN_IN)
    OUTPUTS: ClassVar[tuple[Port, ...]] = (
        Port("out", "The memory after this step, which is also its result."),
    )

    hidden_size: int = param(
        default=64, min=1, label="Units", help="Length of the memory vector, and of the result."
    )
    bias: bool = param(default=True, advanced=True, help="Add learned numbers to the products.")

    GATES: ClassVar[int] = 1

    def after(self, x: TensorSpec, **states: TensorSpec | None) -> TensorSpec:
        """Size of a memory, which is also what the linked ones must have."""
        need_float(x)
        need_rank(x, 1, "the features of one step")
        memory = TensorSpec((self.hidden_size,))
        for port, state in states.items():
            need_state(memory, state, port, "units")
        return memory

    def infer(
        self, x: TensorSpec, hidden: TensorSpec | None = None
    ) -> TensorSpec | tuple[TensorSpec, ...]:
        return self.after(x, hidden=hidden)

    def weights(self, x: TensorSpec, *states: TensorSpec | None) -> dict[str, tuple[int, ...]]:
        rows = self.GATES * self.hidden_size
        tensors: dict[str, tuple[int, ...]] = {
            "weight_ih": (rows, x.sizes[0]),
            "weight_hh": (rows, self.hidden_size),
        }
        return tensors | ({"bias_ih": (rows,), "bias_hh": (rows,)} if self.bias else {})

    def multiply_adds(self, x: TensorSpec, *states: TensorSpec | None) -> int:
        # Also without a memory, which torch then fills with zeros.
        return self.GATES * self.hidden_size * (x.sizes[0] + self.hidden_size)

    def own_keywords(self) -> dict[str, Any]:
        """What only one sort of cell has."""
        return {}

    def constructor(self, x: TensorSpec) -> Constructor:
        """`nn.GRUCell(features, hidden_size)`."""
        keywords = changed(bias=(self.bias, True)) | self.own_keywords()
        return Constructor(f"nn.{self.NAME}", (x.sizes[0], self.hidden_size), keywords)

    def emit(self, x: TensorSpec, hidden: TensorSpec | None = None) -> Emission:
        memory = "" if hidden is None else ", {hidden}"
        return Emission(f"{{module}}({{in}}{memory})", self.constructor(x))

    def summary(self) -> str:
        return f"{int(self.hidden_size)} units"


@layer(
    "RNNCell",
    category="recurrent",
    title="Simple recurrent step",
    synonyms=("simplernncell", "elman network", "one step"),
    formula="out = tanh(weight_ih · in + bias_ih + weight_hh · hidden + bias_hh)",
    use="To unroll a few steps by hand, where the next input depends on the last result.",
    mistakes=(WHOLE.format("an RNN"),),
)
class RNNCell(_Cell):
    """Mixes one step with the memory of the steps before it."""

    nonlinearity: Literal["tanh", "relu"] = param(
        default="tanh", label="Activation", help="The activation that the step ends with."
    )

    def own_keywords(self) -> dict[str, Any]:
        return changed(nonlinearity=(self.nonlinearity, "tanh"))


@layer(
    "GRUCell",
    category="recurrent",
    title="GRU step",
    synonyms=("recurrent", "gated", "one step"),
    formula="r, z = σ(weight_ih · in + weight_hh · hidden + biases); n = tanh(weight_ih · in + r · "
    "(weight_hh · hidden + bias)); out = (1 − z) · n + z · hidden",
    use="To unroll a few steps by hand, as in decoders and in optical flow (RAFT).",
    mistakes=(WHOLE.format("a GRU"),),
)
class GRUCell(_Cell):
    """One step of a GRU: decides how much of its memory to keep."""

    GATES = 3


@layer(
    "LSTMCell",
    category="recurrent",
    title="LSTM step",
    synonyms=("recurrent", "long short-term memory", "one step"),
    formula="i, f, o = σ(weight_ih · in + weight_hh · hidden + biases); g = tanh(likewise); cell = "
    "f · cell + i · g; hidden = o · tanh(cell)",
    use="To unroll a few steps by hand, as in decoders that read their own last word.",
    mistakes=(
        WHOLE.format("an LSTM"),
        "Link both memories to the next step; the long one alone is not enough.",
    ),
)
class LSTMCell(_Cell):
    """One step of an LSTM, with a short and a long memory."""

    INPUTS = (STEP_IN, HIDDEN_IN, CELL_IN)
    OUTPUTS = (
        Port("hidden", "The short memory after this step, which is also its result."),
        Port("cell", "The long memory after this step."),
    )
    GATES = 4

    def infer(
        self, x: TensorSpec, hidden: TensorSpec | None = None, cell: TensorSpec | None = None
    ) -> tuple[TensorSpec, ...]:
        memory = self.after(x, hidden=hidden, cell=cell)
        need_both(hidden, cell)
        return memory, memory

    def emit(
        self, x: TensorSpec, hidden: TensorSpec | None = None, cell: TensorSpec | None = None
    ) -> Emission:
        memories = "" if hidden is None and cell is None else ", ({hidden}, {cell})"
        return Emission(
            f"{{module}}({{in}}{memories})", self.constructor(x), targets="{hidden}, {cell}"
        )
