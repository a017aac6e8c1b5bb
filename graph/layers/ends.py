"""Where data enters and leaves a block."""

from typing import Literal

from graph.declare import Sizes, param
from graph.layer import Layer, Port, layer
from graph.shapes import SetArgument, ShapeError, TensorSpec, size_text


@layer(
    "Input",
    category="input and output",
    title="Input",
    synonyms=("inputlayer", "data", "image", "start"),
    console=("Input",),
    use="Every network begins with one; several make a network of several inputs. Inside a block "
    "it is the block's port.",
    mistakes=(
        "Writing the batch into the size: it is the size of one sample, and the batch comes by "
        "itself.",
        "Channels last, as in Keras: a colour image is 3, 224, 224 here.",
    ),
)
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
    any_size: bool = param(
        default=False,
        label="Any size",
        help="The network takes images of every height and width that its layers allow (sequences "
        "of every length). The size above is then the example that is shown and counted with; "
        "what depends on it is marked with * on the links. Inside a block it has no effect: what "
        "comes in decides.",
    )

    def infer(self) -> TensorSpec:
        if self.any_size and not self.may_vary():
            raise ShapeError(
                f"cannot take data of any size: only images (channels × height × width), volumes "
                f"and sequences have one, but a sample is {size_text(self.shape)}",
                repairs=[SetArgument("any_size", False), SetArgument("shape", (1, 28, 28))],
            )
        return TensorSpec(self.shape, self.dtype)

    def may_vary(self) -> bool:
        """Whether its data has a size that could be free: an image, a volume, a sequence."""
        lowest = 1 if self.dtype == "integer" else 2
        return lowest <= len(self.shape) <= 4

    def summary(self) -> str:
        if len(self.shape) == 3 and self.any_size:
            colour = {1: "grey", 3: "colour"}.get(int(self.shape[0]))
            return f"any size, {colour or f'{self.shape[0]} channels'}"
        if self.any_size and self.may_vary():
            return f"any size, such as {size_text(self.shape)}"
        if len(self.shape) == 3 and self.shape[0] in (1, 3):
            colour = "grey" if self.shape[0] == 1 else "colour"
            return f"{size_text(self.shape[1:])}, {colour}"
        return size_text(self.shape)


@layer(
    "Output",
    category="input and output",
    title="Output",
    synonyms=("result", "prediction", "end", "logits"),
    console=("Output",),
    use="Every network ends with one; several make a network of several results. Inside a block it "
    "is the block's port.",
    mistakes=(
        "A Softmax in front of it when training with cross-entropy, which applies softmax itself.",
    ),
)
class Output(Layer):
    """Where the result leaves. A network returns its outputs in the order in which they were
    added."""

    INPUTS = (Port("in", "What the network returns."),)
    OUTPUTS = ()

    def infer(self, x: TensorSpec) -> tuple[TensorSpec, ...]:
        return ()
