"""Layers that read a whole sequence step by step; single steps are in recurrent_cell.py."""

from typing import Any, ClassVar, Literal

from graph.declare import declare, param
from graph.layer import (
    Constructor,
    Emission,
    Layer,
    Port,
    Window,
    changed,
    layer,
    need_float,
    need_rank,
)
from graph.shapes import SetArgument, ShapeError, TensorSpec
from graph.trace import decided, either, is_symbolic

SEQUENCE = "a sequence (steps × features)"

LAST_STEP = (
    "For one answer per sequence take the last step (a Select, or the output hidden) and not all "
    "steps."
)
ORDER = "Features and steps are in the wrong order: put a Permute before it."
LONG = "It forgets what lies more than some dozen steps back; for long sequences take an LSTM."


@declare
class _Recurrent(Layer):
    hidden_size: int = param(
        default=64, min=1, label="Units", help="Length of the memory vector, and of the result."
    )
    num_layers: int = param(
        default=1, min=1, max=64, label="Layers", help="Layers stacked on each other."
    )
    bidirectional: bool = param(
        default=False, help="Read the sequence forwards and backwards, and join both results."
    )
    bias: bool = param(default=True, advanced=True, help="Add learned numbers in every step.")
    dropout: float = param(
        default=0.0,
        min=0,
        max=1,
        advanced=True,
        help="Dropout between stacked layers; without effect for a single layer.",
    )

    GATES: ClassVar[int] = 1

    def memory_size(self) -> int:
        """The length of the result of a step in one direction."""
        return self.hidden_size

    @property
    def directions(self) -> int:
        """2 when the sequence is read both ways."""
        return _chosen(self.bidirectional, 2, 1)

    def weights(self, x: TensorSpec, *states: TensorSpec | None) -> dict[str, tuple[int, ...]]:
        tensors: dict[str, tuple[int, ...]] = {}
        rows = self.GATES * self.hidden_size
        for level in range(self.num_layers):
            width = x.sizes[-1] if level == 0 else self.directions * self.memory_size()
            for suffix in ("", "_reverse")[: self.directions]:
                tensors[f"weight_ih_l{level}{suffix}"] = (rows, width)
                tensors[f"weight_hh_l{level}{suffix}"] = (rows, self.memory_size())
                if self.bias:
                    tensors[f"bias_ih_l{level}{suffix}"] = (rows,)
                    tensors[f"bias_hh_l{level}{suffix}"] = (rows,)
        return tensors

    def multiply_adds(self, x: TensorSpec, *states: TensorSpec | None) -> int:
        per_step = sum(sizes[0] * sizes[1] for sizes in self.weights(x).values() if len(sizes) == 2)
        return x.sizes[0] * per_step

    def window(self, *inputs: TensorSpec | None) -> Window | None:
        # Every step remembers all that came before it.
        return None

    def constructor(self, x: TensorSpec) -> Constructor:
        """`nn.LSTM(features, hidden_size, ...)`, batch first."""
        keywords = changed(num_layers=(self.num_layers, 1), bias=(self.bias, True))
        keywords |= {"batch_first": True}
        if self.num_layers > 1:
            keywords |= changed(dropout=(self.dropout, 0.0))
        keywords |= changed(bidirectional=(self.bidirectional, False)) | self.own_keywords()
        return Constructor(f"nn.{self.NAME}", (x.sizes[1], self.hidden_size), keywords)

    def own_keywords(self) -> dict[str, Any]:
        """What only one sort of recurrent layer has."""
        return {}

    def steps(self, x: TensorSpec) -> TensorSpec:
        """Size of the results of all steps."""
        need_float(x)
        need_rank(x, 2, SEQUENCE)
        return TensorSpec((x.sizes[0], self.directions * self.memory_size()))

    def state(self, width: int) -> TensorSpec:
        """Size of a memory: one row for each layer and direction."""
        return TensorSpec((self.directions * self.num_layers, width))

    def summary(self) -> str:
        text = f"{int(self.hidden_size)} units"
        if self.num_layers > 1:
            text += f", {int(self.num_layers)} layers"
        return text + (", both ways" if self.bidirectional else "")


def need_state(expected: TensorSpec, came: TensorSpec | None, port: str, rows: str) -> None:
    """Refuse a memory of another size, where one is linked.

    Args:
        rows: what the sizes mean.
    """
    if came is None:
        return
    need_float(came, port)
    if came.sizes != expected.sizes:
        raise ShapeError(
            f"expects a memory of size {expected} ({rows}), but receives {came}", port=port
        )


def _chosen(condition: bool, holding: int, otherwise: int) -> int:
    """One of two numbers; both, with their condition, where that depends on a parameter."""
    if not is_symbolic(condition):
        return holding if condition else otherwise
    number: int = either(condition, holding, otherwise)
    return number


ROWS = "layers and directions × units"

HIDDEN_IN = Port(
    "hidden",
    "The memory before the first step (layers and directions × units); zeros where nothing is "
    "linked.",
    optional=True,
)
CELL_IN = Port(
    "cell",
    "The long memory before the first step; zeros where nothing is linked.",
    optional=True,
)
SEQUENCE_IN = Port("in", "A sequence: steps × features.")


def need_both(hidden: TensorSpec | None, cell: TensorSpec | None) -> None:
    """Refuse one of the two memories of an LSTM without the other."""
    if (hidden is None) != (cell is None):
        missing, port = ("long", "cell") if cell is None else ("short", "hidden")
        raise ShapeError(
            f"the {missing} memory is missing: link both memories, or none for zeros", port=port
        )


@declare
class _OneMemory(_Recurrent):
    """What has one memory, as RNN and GRU."""

    INPUTS = (SEQUENCE_IN, HIDDEN_IN)
    OUTPUTS = (
        Port("out", "The result of every step."),
        Port("hidden", "The last memory of every layer and direction."),
    )

    def infer(self, x: TensorSpec, hidden: TensorSpec | None = None) -> tuple[TensorSpec, ...]:
        steps, state = self.steps(x), self.state(self.hidden_size)
        need_state(state, hidden, "hidden", ROWS)
        return steps, state

    def emit(self, x: TensorSpec, hidden: TensorSpec | None = None) -> Emission:
        first = "" if hidden is None else ", layers_first({hidden})"
        return Emission(
            f"{{module}}({{in}}{first})",
            self.constructor(x),
            targets="{out}, {hidden}",
            afterwards={"hidden": "{hidden}.transpose(0, 1)"},
        )


@layer(
    "LSTM",
    category="recurrent",
    title="LSTM",
    synonyms=("recurrent", "memory", "rnn", "long short-term memory", "bidirectional"),
    console=("LSTM",),
    formula="i, f, o = σ(weight_ih · in[t] + weight_hh · h[t − 1] + biases); g = tanh(likewise); "
    "c[t] = f · c[t − 1] + i · g; h[t] = o · tanh(c[t]); out[t] = h[t]",
    use="For text, speech and signals: its gates keep what matters over hundreds of steps.",
    mistakes=(LAST_STEP, ORDER),
)
class LSTM(_Recurrent):
    """Reads a sequence step by step with a long and a short memory."""

    INPUTS = (SEQUENCE_IN, HIDDEN_IN, CELL_IN)
    OUTPUTS = (
        Port("out", "The result of every step."),
        Port("hidden", "The last short memory of every layer."),
        Port("cell", "The last long memory of every layer."),
    )
    GATES = 4

    proj_size: int = param(
        default=0,
        min=0,
        label="Projection",
        advanced=True,
        help="Length to which the result of every step is shortened by learned weights; 0 leaves "
        "it as long as the memory.",
    )

    def memory_size(self) -> int:
        return _chosen(decided(">", self.proj_size, 0), self.proj_size, self.hidden_size)

    def own_keywords(self) -> dict[str, Any]:
        return changed(proj_size=(self.proj_size, 0))

    def infer(
        self, x: TensorSpec, hidden: TensorSpec | None = None, cell: TensorSpec | None = None
    ) -> tuple[TensorSpec, ...]:
        if self.proj_size >= self.hidden_size:
            raise ShapeError(
                f"the projection ({int(self.proj_size)}) must be shorter than the memory "
                f"({int(self.hidden_size)})",
                repairs=[SetArgument("proj_size", 0)],
            )
        steps = self.steps(x)
        short, long = self.state(self.memory_size()), self.state(self.hidden_size)
        need_state(short, hidden, "hidden", ROWS)
        need_state(long, cell, "cell", ROWS)
        need_both(hidden, cell)
        return steps, short, long

    def weights(self, x: TensorSpec, *states: TensorSpec | None) -> dict[str, tuple[int, ...]]:
        tensors = super().weights(x)
        if self.proj_size > 0:
            for name in [n for n in tensors if n.startswith("weight_hh")]:
                tensors[name.replace("hh", "hr")] = (self.proj_size, self.hidden_size)
        return tensors

    def emit(
        self, x: TensorSpec, hidden: TensorSpec | None = None, cell: TensorSpec | None = None
    ) -> Emission:
        nothing = hidden is None and cell is None
        first = "" if nothing else ", (layers_first({hidden}), layers_first({cell}))"
        return Emission(
            f"{{module}}({{in}}{first})",
            self.constructor(x),
            targets="{out}, ({hidden}, {cell})",
            afterwards={"hidden": "{hidden}.transpose(0, 1)", "cell": "{cell}.transpose(0, 1)"},
        )


@layer(
    "GRU",
    category="recurrent",
    title="GRU",
    synonyms=("recurrent", "memory", "rnn", "gated", "bidirectional"),
    formula="r, z = σ(weight_ih · in[t] + weight_hh · h[t − 1] + biases); n = tanh(weight_ih · "
    "in[t] + r · (weight_hh · h[t − 1] + bias)); h[t] = (1 − z) · n + z · h[t − 1]; out[t] = h[t]",
    use="For text and signals: about as good as an LSTM, with a quarter fewer weights.",
    mistakes=(
        LAST_STEP,
        ORDER,
        "Weights from old Keras versions cannot be copied: there the reset gate comes before the "
        "product.",
    ),
)
class GRU(_OneMemory):
    """Reads a sequence step by step with one memory; simpler and faster than an LSTM."""

    GATES = 3


@layer(
    "RNN",
    category="recurrent",
    title="Simple recurrent layer",
    synonyms=("simplernn", "elman network", "memory", "loop", "bidirectional"),
    console=("RecurrentInput", "RecurrentOutput", "Delay"),
    formula="h[t] = tanh(weight_ih · in[t] + bias_ih + weight_hh · h[t − 1] + bias_hh); out[t] = "
    "h[t]",
    use="For short sequences, and to see how recurrent networks work.",
    mistakes=(LONG, LAST_STEP, ORDER),
)
class RNN(_OneMemory):
    """Reads a sequence step by step and mixes each step with what it remembers."""

    nonlinearity: Literal["tanh", "relu"] = param(
        default="tanh", label="Activation", help="The activation that every step ends with."
    )

    def own_keywords(self) -> dict[str, Any]:
        return changed(nonlinearity=(self.nonlinearity, "tanh"))
