"""Sources without inputs: constant, learned and random tensors, the same size for every sample."""

from typing import Any, Literal

from graph.declare import Sizes, declare, param
from graph.layer import Constructor, Emission, Layer, call, layer, need_float, need_rank
from graph.layers.convolution import IMAGE
from graph.shapes import TensorSpec, size_text


@declare
class _Source(Layer):
    INPUTS = ()

    size: Sizes = param(
        default=(1,), min=1, help="Size for one sample, such as 3×32×32 for an image."
    )

    def infer(self) -> TensorSpec:
        return TensorSpec(self.size)

    def source(self, name: str, **keywords: Any) -> Emission:
        """A module that is called with the number of samples."""
        return Emission("{module}({batch})", Constructor(name, (self.size,), keywords))


@layer(
    "Constant",
    category="tensor",
    title="Constant",
    synonyms=("fill", "zeros", "ones", "value", "full"),
    console=("Constant",),
    formula="out = value everywhere",
    use="Gives a branch a fixed number to be added, multiplied or compared with.",
    mistakes=(
        "For a single number, the layers of arithmetic with a value are simpler.",
        "It is not learned; for that take a Parameter.",
    ),
)
class Constant(_Source):
    """Gives the same number everywhere, whatever the data."""

    value: float = param(default=1.0, help="The number that stands everywhere.")

    def emit(self) -> Emission:
        return self.source("Constant", value=self.value)

    def summary(self) -> str:
        return f"{float(self.value):g}, {size_text(self.size)}"


@layer(
    "Parameter",
    category="tensor",
    title="Learned tensor",
    synonyms=("variable", "weight", "trainable", "query", "bias", "memory"),
    console=("Parameter", "WorkingMemory"),
    formula="out = weight, for every sample the same",
    use="Numbers that training finds by itself: a bias of any size, queries of an attention, the "
    "seed of a generator. Frozen, it is a memory that training leaves alone.",
    mistakes=(
        "Started at 0 and multiplied with something, it keeps that from learning at first.",
        "It does not depend on the data: alone it gives the same answer for every sample.",
    ),
)
class Parameter(_Source):
    """Gives a tensor whose numbers are learned, the same for every sample."""

    initial: Literal["normal", "uniform", "constant"] = param(
        default="normal", help="How it starts: random numbers around 0, or one number everywhere."
    )
    scale: float = param(
        default=0.02,
        min=0,
        help="How far the random numbers spread, or the number that stands everywhere.",
    )

    def weights(self) -> dict[str, tuple[int, ...]]:
        return {"weight": self.size}

    def emit(self) -> Emission:
        return self.source("LearnedTensor", initial=self.initial, scale=self.scale)

    def summary(self) -> str:
        return size_text(self.size)


@layer(
    "RandomNormal",
    category="tensor",
    title="Random numbers (normal)",
    synonyms=("noise", "gaussian", "randn", "latent", "generator"),
    formula="out = mean + std · z, with z from the normal distribution",
    use="The noise from which a generator draws, or the random part of a variational autoencoder.",
    mistakes=(
        "It is random in evaluation too; noise for training only is GaussianNoise.",
        "The same network gives another answer at every call.",
    ),
)
class RandomNormal(_Source):
    """Gives new random numbers of a normal distribution at every call."""

    mean: float = param(default=0.0, help="The number around which they lie.")
    std: float = param(
        default=1.0, min=0, label="Standard deviation", help="How far they spread around the mean."
    )

    def emit(self) -> Emission:
        return self.source("RandomNormal", mean=self.mean, std=self.std)

    def summary(self) -> str:
        return f"{float(self.mean):g} ± {float(self.std):g}, {size_text(self.size)}"


@layer(
    "RandomUniform",
    category="tensor",
    title="Random numbers (uniform)",
    synonyms=("noise", "rand", "latent", "generator"),
    formula="out = low + (high − low) · u, with u equally likely anywhere from 0 to 1",
    use="Random numbers within bounds, such as the noise of a generator.",
    mistakes=(
        "It is random in evaluation too: the same network gives another answer at every call.",
    ),
)
class RandomUniform(_Source):
    """Gives new random numbers that are equally likely anywhere in a range, at every call."""

    low: float = param(default=0.0, help="The smallest number that can come.")
    high: float = param(default=1.0, help="The bound that they stay below.")

    def emit(self) -> Emission:
        return self.source("RandomUniform", low=self.low, high=self.high)

    def summary(self) -> str:
        return f"{float(self.low):g} to {float(self.high):g}, {size_text(self.size)}"


@layer(
    "AddCoordinates",
    category="tensor",
    title="Add coordinates",
    synonyms=("coordconv", "mesh grid", "meshgrid", "position", "xy channels"),
    formula="out = [in, −1 + 2·i / (H − 1), −1 + 2·j / (W − 1)] as channels",
    use="Lets convolutions know where in the image they are, for tasks that ask for places.",
    mistakes=("The network then no longer treats all places alike; for recognition that hurts.",),
)
class AddCoordinates(Layer):
    """Adds two channels to an image that hold the row and the column of every pixel."""

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        need_rank(x, 3, IMAGE)
        return x.with_sizes(x.channels + 2, *x.sizes[1:])

    def emit(self, x: TensorSpec) -> Emission:
        return call("add_coordinates({in})")
