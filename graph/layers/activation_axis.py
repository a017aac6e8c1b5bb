"""Activations that look at all numbers along an axis: shares of a whole, gates, and the largest."""

from graph.declare import declare, param
from graph.layer import (
    MIXES_SAMPLES,
    Emission,
    Layer,
    Window,
    axis_index,
    call,
    layer,
    module,
    need_float,
    need_rank,
)
from graph.layers.sliding import IMAGE
from graph.shapes import SetArgument, ShapeError, TensorSpec

TWICE = (
    "Before a cross-entropy loss it must be left out: the loss does it itself, and twice hardly "
    "learns."
)


@declare
class _AlongAxis(Layer):
    """An activation over one axis, named as torch does (0 is the batch)."""

    STRICTER_THAN_TORCH = MIXES_SAMPLES

    dim: int = param(
        default=1, label="Axis", help="The axis to work along, as torch counts (0 is the batch)."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        axis_index(self.dim, x)
        return x

    def window(self, x: TensorSpec) -> Window | None:
        # Over the channels every place stands for itself; along another axis all places count.
        return super().window(x) if axis_index(self.dim, x) == 0 else None

    def emit(self, x: TensorSpec) -> Emission:
        return module(f"nn.{self.NAME}", dim=self.dim)

    def summary(self) -> str:
        return f"along axis {int(self.dim)}"


@layer(
    "Softmax",
    category="activation",
    title="Softmax",
    synonyms=("probabilities", "normalized exponential", "classes"),
    console=("Softmax",),
    formula="out[i] = exp(in[i]) / Σ over j of exp(in[j])",
    use="At the end, to read the answer as probabilities of classes; and inside attention.",
    mistakes=(TWICE,),
)
class Softmax(_AlongAxis):
    """Turns numbers into probabilities that sum to 1. Not needed before cross-entropy, which does
    it itself."""


@layer(
    "Softmin",
    category="activation",
    title="Softmin",
    synonyms=("probabilities", "negative softmax"),
    formula="out[i] = exp(−in[i]) / Σ over j of exp(−in[j])",
    use="To turn distances or costs into probabilities: the smallest gets the most.",
    mistakes=("For scores, where more is better, take a Softmax.",),
)
class Softmin(_AlongAxis):
    """Turns numbers into probabilities that sum to 1, the largest for the smallest number."""


@layer(
    "LogSoftmax",
    category="activation",
    title="Logarithm of the softmax",
    synonyms=("log_softmax", "log probabilities"),
    console=("LogSoftmax",),
    formula="out[i] = in[i] − log(Σ over j of exp(in[j]))",
    use="Before a loss that takes the logarithm of probabilities (NLLLoss).",
    mistakes=(
        TWICE,
        "A Softmax and a logarithm after each other give −∞ for small numbers; this layer does "
        "not.",
    ),
)
class LogSoftmax(_AlongAxis):
    """The logarithm of the softmax, computed without losing small probabilities."""


@layer(
    "Softmax2d",
    category="activation",
    title="Softmax (image)",
    synonyms=("probabilities", "segmentation", "per pixel"),
    formula="out[c, y, x] = exp(in[c, y, x]) / Σ over d of exp(in[d, y, x])",
    use="At the end of a segmentation, to read the class of every pixel as probabilities.",
    mistakes=(TWICE,),
)
class Softmax2d(Layer):
    """Turns the channels at every pixel of an image into probabilities that sum to 1."""

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        need_rank(x, 3, IMAGE)
        return x

    def emit(self, x: TensorSpec) -> Emission:
        return module("nn.Softmax2d")


@layer(
    "GLU",
    category="activation",
    title="Gated linear unit",
    synonyms=("gated", "half"),
    formula="out = a · 1 / (1 + exp(−b)), where in is a followed by b along dim",
    use="In convolutions over text and speech: half of the channels decide what passes.",
    mistakes=("The result has half as many channels: give the layer before it twice as many.",),
)
class GLU(_AlongAxis):
    """Cuts its input in half and multiplies the first half by the sigmoid of the second."""

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        index = axis_index(self.dim, x)
        if x.sizes[index] % 2:
            raise ShapeError(
                f"cuts axis {int(self.dim)} in half, but its size is {int(x.sizes[index])}, "
                f"which is odd (it receives {x})",
                port="in",
            )
        return x.with_sizes(*x.sizes[:index], x.sizes[index] // 2, *x.sizes[index + 1 :])


@layer(
    "CReLU",
    category="activation",
    title="Concatenated ReLU",
    synonyms=("concat relu", "positive and negative part"),
    console=("CReLU",),
    formula="out = max(0, in) followed by max(0, −in) along dim",
    use="In the first layers of small networks, where filters come in pairs of opposite sign.",
    mistakes=("It doubles the channels, and with them the weights of the next layer.",),
)
class CReLU(_AlongAxis):
    """Puts the positive parts and the negative parts side by side, both as positive numbers."""

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        index = axis_index(self.dim, x)
        return x.with_sizes(*x.sizes[:index], 2 * x.sizes[index], *x.sizes[index + 1 :])

    def emit(self, x: TensorSpec) -> Emission:
        return call(
            "torch.cat([nn.functional.relu({in}), nn.functional.relu(-{in})], dim={dim})",
            dim=self.dim,
        )


@layer(
    "Maxout",
    category="activation",
    title="Maxout",
    synonyms=("largest of a group", "learned activation"),
    formula="out[i] = max over k from 0 to pool_size − 1 of in[i · pool_size + k]",
    use="After a linear layer with pool_size times as many outputs: it learns its own activation.",
    mistakes=("The result has fewer channels: give the layer before it pool_size times as many.",),
)
class Maxout(_AlongAxis):
    """Keeps the largest of every few neighbouring channels."""

    pool_size: int = param(
        default=2, min=1, label="Group", help="How many neighbours share one result."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        index = axis_index(self.dim, x)
        size = x.sizes[index]
        if size % self.pool_size:
            legal = [n for n in range(1, size + 1) if size % n == 0]
            nearest = min(legal, key=lambda n: abs(n - self.pool_size))
            raise ShapeError(
                f"{int(size)} along axis {int(self.dim)} cannot be cut into groups of "
                f"{int(self.pool_size)}",
                port="in",
                repairs=[SetArgument("pool_size", nearest)],
            )
        return x.with_sizes(*x.sizes[:index], size // self.pool_size, *x.sizes[index + 1 :])

    def emit(self, x: TensorSpec) -> Emission:
        return call(
            "{in}.unflatten({dim}, (-1, {pool_size})).amax(dim={within})",
            dim=self.dim,
            pool_size=self.pool_size,
            # Counted from the front, the new axis comes after the one that was cut.
            within=self.dim + 1 if self.dim > 0 else self.dim,
        )

    def summary(self) -> str:
        return f"largest of {int(self.pool_size)}"
