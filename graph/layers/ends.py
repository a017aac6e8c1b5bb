"""Where data enters and leaves a block."""

from typing import Literal

from graph.declare import Sizes, param
from graph.layer import Layer, Port, layer
from graph.shapes import TensorSpec, size_text


@layer("Input", category="input and output", title="Input", synonyms=("data", "image", "start"))
class Input(Layer):
    """Where data enters. Its name becomes an argument of the network's forward pass."""

    INPUTS = ()
    OUTPUTS = (Port("out", "One sample of the data."),)

    shape: Sizes = param(
        default=(1, 28, 28),
        min=1,
        label="Size",
        help="Size of one sample, channels first: 1, 28, 28 is a grey image of 28 by 28 pixels. "
        "Inside a block it is an example; what comes in decides.",
    )
    dtype: Literal["float", "integer"] = param(
        default="float",
        label="Values",
        help="Decimal numbers, or whole numbers such as word indices.",
    )

    def infer(self) -> TensorSpec:
        return TensorSpec(self.shape, self.dtype)

    def summary(self) -> str:
        if len(self.shape) == 3 and self.shape[0] in (1, 3):
            colour = "grey" if self.shape[0] == 1 else "colour"
            return f"{size_text(self.shape[1:])}, {colour}"
        return size_text(self.shape)


@layer(
    "Output",
    category="input and output",
    title="Output",
    synonyms=("result", "prediction", "end", "logits"),
)
class Output(Layer):
    """Where the result leaves. A network returns its outputs in the order in which they were
    added."""

    INPUTS = (Port("in", "What the network returns."),)
    OUTPUTS = ()

    def infer(self, x: TensorSpec) -> tuple[TensorSpec, ...]:
        return ()
