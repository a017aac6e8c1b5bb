"""Layers that read a sequence step by step."""

from graph.declare import declare, param
from graph.layer import Constructor, Emission, Layer, Port, changed, layer, need_float, need_rank
from graph.shapes import TensorSpec

SEQUENCE = "a sequence (steps × features)"


@declare
class _Recurrent(Layer):
    hidden_size: int = param(default=64, min=1, help="Length of the memory vector.")
    num_layers: int = param(
        default=1, min=1, max=64, label="Layers", help="Layers stacked on each other."
    )
    bidirectional: bool = param(
        default=False, help="Read the sequence forwards and backwards, and join both results."
    )
    dropout: float = param(
        default=0.0,
        min=0,
        max=1,
        advanced=True,
        help="Dropout between stacked layers; without effect for a single layer.",
    )

    GATES = 1

    @property
    def directions(self) -> int:
        """2 when the sequence is read both ways."""
        return 2 if self.bidirectional else 1

    def weights(self, x: TensorSpec) -> dict[str, tuple[int, ...]]:
        tensors: dict[str, tuple[int, ...]] = {}
        rows = self.GATES * self.hidden_size
        for level in range(self.num_layers):
            width = x.sizes[-1] if level == 0 else self.directions * self.hidden_size
            for suffix in ("", "_reverse")[: self.directions]:
                tensors[f"weight_ih_l{level}{suffix}"] = (rows, width)
                tensors[f"weight_hh_l{level}{suffix}"] = (rows, self.hidden_size)
                tensors[f"bias_ih_l{level}{suffix}"] = (rows,)
                tensors[f"bias_hh_l{level}{suffix}"] = (rows,)
        return tensors

    def multiply_adds(self, x: TensorSpec) -> int:
        per_step = sum(sizes[0] * sizes[1] for sizes in self.weights(x).values() if len(sizes) == 2)
        return x.sizes[0] * per_step

    def constructor(self, x: TensorSpec) -> Constructor:
        """`nn.LSTM(features, hidden_size, ...)`, batch first."""
        keywords = changed(num_layers=(self.num_layers, 1)) | {"batch_first": True}
        if self.num_layers > 1:
            keywords |= changed(dropout=(self.dropout, 0.0))
        keywords |= changed(bidirectional=(self.bidirectional, False))
        return Constructor(f"nn.{self.NAME}", (x.sizes[1], self.hidden_size), keywords)

    def sizes(self, x: TensorSpec) -> tuple[TensorSpec, TensorSpec]:
        """Size of the results of all steps, and of a last state."""
        need_float(x)
        need_rank(x, 2, SEQUENCE)
        steps = TensorSpec((x.sizes[0], self.directions * self.hidden_size))
        return steps, TensorSpec((self.directions * self.num_layers, self.hidden_size))

    def summary(self) -> str:
        return f"{int(self.hidden_size)} units" + (", both ways" if self.bidirectional else "")


@layer("LSTM", category="recurrent", title="LSTM", synonyms=("recurrent", "memory", "rnn"))
class LSTM(_Recurrent):
    """Reads a sequence step by step with a long and a short memory."""

    OUTPUTS = (
        Port("out", "The result of every step."),
        Port("hidden", "The last short memory of every layer."),
        Port("cell", "The last long memory of every layer."),
    )
    GATES = 4

    def infer(self, x: TensorSpec) -> tuple[TensorSpec, ...]:
        steps, state = self.sizes(x)
        return steps, state, state

    def emit(self, x: TensorSpec) -> Emission:
        return Emission(
            "{module}({in})",
            self.constructor(x),
            targets="{out}, ({hidden}, {cell})",
            afterwards={"hidden": "{hidden}.transpose(0, 1)", "cell": "{cell}.transpose(0, 1)"},
        )


@layer("GRU", category="recurrent", title="GRU", synonyms=("recurrent", "memory", "rnn", "gated"))
class GRU(_Recurrent):
    """Reads a sequence step by step with one memory; simpler and faster than an LSTM."""

    OUTPUTS = (
        Port("out", "The result of every step."),
        Port("hidden", "The last memory of every layer."),
    )
    GATES = 3

    def infer(self, x: TensorSpec) -> tuple[TensorSpec, ...]:
        return self.sizes(x)

    def emit(self, x: TensorSpec) -> Emission:
        return Emission(
            "{module}({in})",
            self.constructor(x),
            targets="{out}, {hidden}",
            afterwards={"hidden": "{hidden}.transpose(0, 1)"},
        )
