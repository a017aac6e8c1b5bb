"""Normalization of each sample by itself, across its channels or features.

What treats each channel alone (batch and instance normalization) is in normalization.py.
"""

from graph.declare import declare, param
from graph.layer import (
    MIXES_SAMPLES,
    Emission,
    Layer,
    Window,
    axis_index,
    call,
    changed,
    layer,
    module,
    need_float,
    need_rank,
)
from graph.layers.sliding import IMAGE
from graph.shapes import Repair, SetArgument, ShapeError, TensorSpec

EPS = "Added to the variance to avoid dividing by zero."


@declare
class _LastAxes(Layer):
    """A norm over the last axes, whose sizes torch is told."""

    STRICTER_THAN_TORCH = "torch is told sizes and not how many, so it cannot be told too many"

    axes: int = param(default=1, min=1, help="How many of the last axes are normalised together.")

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        if self.axes > x.rank:
            repairs: list[Repair] = [SetArgument("axes", x.rank)] if x.rank else []
            raise ShapeError(
                f"normalises the last {int(self.axes)} axes, but receives only {x.rank}: {x}",
                port="in",
                repairs=repairs,
            )
        return x

    def normalized(self, x: TensorSpec) -> tuple[int, ...]:
        """The sizes that are normalised together."""
        return x.sizes[x.rank - self.axes :]

    def first_argument(self, x: TensorSpec) -> int | tuple[int, ...]:
        """torch's `normalized_shape`, as people write it."""
        sizes = self.normalized(x)
        return sizes[0] if len(sizes) == 1 else sizes

    def window(self, x: TensorSpec) -> Window | None:
        return None

    def summary(self) -> str:
        return "" if self.axes == 1 else f"last {int(self.axes)} axes"


@layer(
    "LayerNorm",
    category="normalization",
    title="Layer normalization",
    synonyms=("norm", "ln", "layernormalization", "transformer"),
    console=("LayerNormalization",),
    formula="out = (in − mean) / √(variance + eps) · weight + bias, with mean and variance of each "
    "sample over the last axes",
    use="In transformers and recurrent networks, where batch normalization fits badly.",
    mistakes=(
        "With one axis it normalizes the features of each step; on an image with channels first "
        "take a LayerNorm2d.",
        "With several axes the size of the input is fixed: the learned numbers have that size.",
    ),
)
class LayerNorm(_LastAxes):
    """Brings the last axes of every sample to mean 0 and variance 1, whatever the batch."""

    eps: float = param(default=1e-5, above=0, advanced=True, help=EPS)
    elementwise_affine: bool = param(
        default=True, advanced=True, help="Learn a scale and a shift for each place."
    )
    bias: bool = param(
        default=True, advanced=True, help="Learn a shift as well, where a scale is learned."
    )

    def weights(self, x: TensorSpec) -> dict[str, tuple[int, ...]]:
        if not self.elementwise_affine:
            return {}
        sizes = self.normalized(x)
        return {"weight": sizes} | ({"bias": sizes} if self.bias else {})

    def emit(self, x: TensorSpec) -> Emission:
        return module(
            "nn.LayerNorm",
            self.first_argument(x),
            **changed(
                eps=(self.eps, 1e-5),
                elementwise_affine=(self.elementwise_affine, True),
                bias=(self.bias, True),
            ),
        )


@layer(
    "RMSNorm",
    category="normalization",
    title="RMS normalization",
    synonyms=("root mean square", "norm", "llama", "rms"),
    formula="out = in / √(mean of in² + eps) · weight, with the mean of each sample over the last "
    "axes",
    use="In recent language models instead of layer normalization: as good, and cheaper.",
    mistakes=(
        "It does not move the mean to 0; where the network counts on that, take a LayerNorm.",
    ),
)
class RMSNorm(_LastAxes):
    """Divides the last axes of every sample by their root mean square."""

    eps: float | None = param(
        default=None,
        above=0,
        advanced=True,
        help="Added to the mean square to avoid dividing by zero; nothing takes the smallest step "
        "between numbers near 1.",
    )
    elementwise_affine: bool = param(
        default=True, advanced=True, help="Learn a scale for each place."
    )

    def weights(self, x: TensorSpec) -> dict[str, tuple[int, ...]]:
        return {"weight": self.normalized(x)} if self.elementwise_affine else {}

    def emit(self, x: TensorSpec) -> Emission:
        return module(
            "nn.RMSNorm",
            self.first_argument(x),
            **changed(eps=(self.eps, None), elementwise_affine=(self.elementwise_affine, True)),
        )


@layer(
    "LayerNorm2d",
    category="normalization",
    title="Layer normalization (image)",
    synonyms=("norm", "ln", "channels first", "convnext"),
    console=("LayerNormalization",),
    formula="out = (in − mean) / √(variance + eps) · weight + bias, with mean and variance over "
    "the channels of each pixel",
    use="In ConvNeXt and other convolutional networks that borrow from transformers.",
    mistakes=("Few channels make rough averages: with fewer than about 8 take another norm.",),
)
class LayerNorm2d(Layer):
    """Brings the channels at every pixel of an image to mean 0 and variance 1."""

    STRICTER_THAN_TORCH = "the axes are put in order for an image, so nothing else can come in"

    eps: float = param(default=1e-6, above=0, advanced=True, help=EPS)
    elementwise_affine: bool = param(
        default=True, advanced=True, help="Learn a scale and a shift for each channel."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        need_rank(x, 3, IMAGE)
        return x

    def weights(self, x: TensorSpec) -> dict[str, tuple[int, ...]]:
        channels = (x.channels,)
        return {"weight": channels, "bias": channels} if self.elementwise_affine else {}

    def emit(self, x: TensorSpec) -> Emission:
        made = module(
            "nn.LayerNorm",
            x.channels,
            **changed(eps=(self.eps, 1e-5), elementwise_affine=(self.elementwise_affine, True)),
        )
        # torch normalises the last axis; the channels are put there and back.
        return Emission("{module}({in}.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)", made.constructor)


@layer(
    "GroupNorm",
    category="normalization",
    title="Group normalization",
    synonyms=("norm", "gn", "groupnormalization"),
    console=("GroupNormalization",),
    formula="out = (in − mean) / √(variance + eps) · weight + bias, with mean and variance of each "
    "group of channels of each sample",
    use="Instead of batch normalization where memory allows only a few samples a batch.",
    mistakes=(
        "One group is a layer normalization over the whole image; as many groups as channels is "
        "an instance normalization.",
    ),
)
class GroupNorm(Layer):
    """Normalises groups of channels within each sample; works with any batch size."""

    num_groups: int = param(default=4, min=1, label="Groups", help="Number of groups of channels.")
    eps: float = param(default=1e-5, above=0, advanced=True, help=EPS)
    affine: bool = param(
        default=True, advanced=True, help="Learn a scale and a shift for each channel."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        if x.rank == 0:
            raise ShapeError(f"expects channels, but receives {x}", port="in")
        if x.channels % self.num_groups:
            legal = [n for n in range(1, x.channels + 1) if x.channels % n == 0]
            nearest = min(legal, key=lambda n: abs(n - self.num_groups))
            raise ShapeError(
                f"{int(self.num_groups)} groups must divide the {int(x.channels)} channels",
                port="in",
                repairs=[SetArgument("num_groups", nearest)],
            )
        return x

    def weights(self, x: TensorSpec) -> dict[str, tuple[int, ...]]:
        return {"weight": (x.channels,), "bias": (x.channels,)} if self.affine else {}

    def window(self, x: TensorSpec) -> Window | None:
        return None

    def emit(self, x: TensorSpec) -> Emission:
        return module(
            "nn.GroupNorm",
            self.num_groups,
            x.channels,
            **changed(eps=(self.eps, 1e-5), affine=(self.affine, True)),
        )

    def summary(self) -> str:
        return f"{int(self.num_groups)} groups"


@layer(
    "LocalResponseNorm",
    category="normalization",
    title="Local response normalization",
    synonyms=("lrn", "crossmaplrn2d", "alexnet", "norm"),
    formula="out[c] = in[c] / (k + alpha / size · Σ over the size channels around c of in²)^beta",
    use="To build AlexNet and its time; today a batch normalization does better.",
    mistakes=(
        "Caffe and TensorFlow count alpha differently: here it is divided by the number of "
        "channels, as in Caffe.",
        "AlexNet's paper has k = 2, Caffe's copy of it k = 1.",
    ),
)
class LocalResponseNorm(Layer):
    """Makes a number smaller where the neighbouring channels are large at the same place."""

    size: int = param(default=5, min=1, label="Channels", help="How many neighbours count.")
    alpha: float = param(default=1e-4, min=0, help="How strongly neighbours count.")
    beta: float = param(default=0.75, min=0, help="The power of the sum.")
    k: float = param(default=1.0, min=0, label="Constant", help="Added to the sum of squares.")

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        if x.rank < 2:
            raise ShapeError(
                f"expects channels with at least one axis behind them, such as {IMAGE}, but "
                f"receives {x}",
                port="in",
            )
        return x

    def emit(self, x: TensorSpec) -> Emission:
        return module(
            "nn.LocalResponseNorm",
            self.size,
            **changed(alpha=(self.alpha, 1e-4), beta=(self.beta, 0.75), k=(self.k, 1.0)),
        )

    def summary(self) -> str:
        return f"over {int(self.size)} channels"


@layer(
    "Normalize",
    category="normalization",
    title="Unit length",
    synonyms=("l2 normalization", "unitnormalization", "norm", "cosine similarity"),
    console=("NormNormalization",),
    formula="out = in / max((Σ over dim of |in|^p)^(1/p), eps)",
    use="Before vectors are compared: their product is then the cosine of their angle.",
    mistakes=(
        "A vector of length 0 has no direction and stays 0.",
        "It does not bring the mean to 0; for that take a layer normalization.",
    ),
)
class Normalize(Layer):
    """Scales vectors to length 1 and keeps their direction."""

    STRICTER_THAN_TORCH = MIXES_SAMPLES

    p: float = param(
        default=2.0, above=0, label="Power", help="How length is measured: 2 is the ordinary one."
    )
    dim: int = param(
        default=1, label="Axis", help="The axis that holds the vectors, as torch counts."
    )
    eps: float = param(
        default=1e-12, above=0, advanced=True, help="Lengths below this count as this one."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        axis_index(self.dim, x)
        return x

    def window(self, x: TensorSpec) -> Window | None:
        return super().window(x) if axis_index(self.dim, x) == 0 else None

    def emit(self, x: TensorSpec) -> Emission:
        return call(
            "nn.functional.normalize({in}, p={p}, dim={dim}, eps={eps})",
            p=self.p,
            dim=self.dim,
            eps=self.eps,
        )

    def summary(self) -> str:
        return f"along axis {int(self.dim)}"
