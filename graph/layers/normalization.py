"""Normalization of each channel by itself, over the batch or over the places of one sample.

What looks across channels is in normalization_layer.py.
"""

from typing import Any, ClassVar

from graph.declare import declare, param
from graph.layer import Emission, Layer, Window, changed, layer, module, need_float, need_rank
from graph.layers.sliding import IMAGE, SIGNAL, VOLUME
from graph.shapes import InsertBefore, ShapeError, TensorSpec, product

SMALL_BATCHES = (
    "With fewer than about 8 samples a batch its averages are too rough; take a group "
    "normalization."
)
BIAS = "The layer before it needs no bias: the shift here does the same."
EVALUATION = (
    "It works differently in training and evaluation; call model.eval() before you use the network."
)


@declare
class _ChannelNorm(Layer):
    """A norm whose module takes the number of channels."""

    eps: float = param(
        default=1e-5,
        above=0,
        advanced=True,
        help="Added to the variance to avoid dividing by zero.",
    )

    def weights(self, x: TensorSpec) -> dict[str, tuple[int, ...]]:
        affine = getattr(self, "affine", False)
        return {"weight": (x.channels,), "bias": (x.channels,)} if affine else {}

    def emit(self, x: TensorSpec) -> Emission:
        given: dict[str, Any] = {
            name: (getattr(self, name), parameter.default)
            for name, parameter in self.PARAMETERS.items()
        }
        return module(f"nn.{self.NAME}", x.channels, **changed(**given))


@declare
class _BatchNorm(_ChannelNorm):
    momentum: float | None = param(
        default=0.1,
        min=0,
        max=1,
        advanced=True,
        help="Share of the newest batch in the running averages that evaluation uses; nothing for "
        "a plain average of all batches.",
    )
    affine: bool = param(
        default=True, advanced=True, help="Learn a scale and a shift for each channel."
    )
    track_running_stats: bool = param(
        default=True,
        advanced=True,
        help="Keep running averages for evaluation; without them evaluation uses its own batch.",
    )


BATCH_FORMULA = (
    "out = (in − mean) / √(variance + eps) · weight + bias, with mean and variance of each channel "
    "over the batch{}"
)


@layer(
    "BatchNorm2d",
    category="normalization",
    title="Batch normalization",
    synonyms=("batchnormalization", "bn", "norm", "batchnorm", "syncbatchnorm"),
    console=("BatchNormalization", "FusedBatchNormalization"),
    formula=BATCH_FORMULA.format(", height and width"),
    use="Between a convolution and its activation: deep networks train faster and at higher "
    "learning rates.",
    mistakes=(BIAS, SMALL_BATCHES, EVALUATION),
)
class BatchNorm2d(_BatchNorm):
    """Brings every channel of an image to mean 0 and variance 1 over the batch, then scales and
    shifts it by learned numbers. Makes deep networks train faster."""

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        need_rank(x, 3, IMAGE)
        return x


@layer(
    "BatchNorm1d",
    category="normalization",
    title="Batch normalization (vector)",
    synonyms=("batchnormalization", "bn", "norm", "batchnorm"),
    console=("BatchNormalization", "FusedBatchNormalization"),
    formula=BATCH_FORMULA.format(" and the steps of a sequence"),
    use="After a linear layer, or after a convolution over a sequence.",
    mistakes=(BIAS, SMALL_BATCHES, EVALUATION),
)
class BatchNorm1d(_BatchNorm):
    """Batch normalization for vectors, or for sequences with channels first."""

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        if x.rank not in (1, 2):
            raise ShapeError(
                f"expects a vector, or channels × length, but receives {x}",
                port="in",
                repairs=[InsertBefore("Flatten")] if x.rank else [],
            )
        return x


@layer(
    "BatchNorm3d",
    category="normalization",
    title="Batch normalization (volume)",
    synonyms=("batchnormalization", "bn", "norm", "batchnorm", "video"),
    console=("BatchNormalization", "FusedBatchNormalization"),
    formula=BATCH_FORMULA.format(", depth, height and width"),
    use="Between a convolution over volumes or video and its activation.",
    mistakes=(BIAS, SMALL_BATCHES, EVALUATION),
)
class BatchNorm3d(_BatchNorm):
    """Batch normalization for volumes and video."""

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        need_rank(x, 4, VOLUME)
        return x


@layer(
    "FrozenBatchNorm2d",
    category="normalization",
    title="Batch normalization (frozen)",
    synonyms=("fixed batch normalization", "bn", "norm"),
    formula="out = (in − mean) / √(variance + eps) · weight + bias, all four fixed numbers",
    use="In a pretrained backbone that is trained further with few images at a time, as in object "
    "detection.",
    mistakes=(
        "It learns nothing: without loaded weights it leaves its input as it is.",
        "It is no replacement for a BatchNorm2d in a network that is trained from scratch.",
    ),
)
class FrozenBatchNorm2d(_ChannelNorm):
    """Batch normalization whose averages, scale and shift never change."""

    STRICTER_THAN_TORCH = "torch does not check the axes, and would scale others than the channels"

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        need_rank(x, 3, IMAGE)
        return x

    def emit(self, x: TensorSpec) -> Emission:
        return module(
            "torchvision.ops.FrozenBatchNorm2d", x.channels, **changed(eps=(self.eps, 1e-5))
        )


# --- each sample by itself ----------------------------------------------------------------------


@declare
class _InstanceNorm(_ChannelNorm):
    momentum: float = param(
        default=0.1,
        min=0,
        max=1,
        advanced=True,
        help="Share of the newest batch in the running averages, where those are kept.",
    )
    affine: bool = param(default=False, help="Learn a scale and a shift for each channel.")
    track_running_stats: bool = param(
        default=False,
        advanced=True,
        help="Keep running averages and use them in evaluation instead of the sample's own.",
    )

    EXPECTED: ClassVar[tuple[int, str]] = (2, SIGNAL)

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        need_rank(x, *self.EXPECTED)
        if product(x.sizes[1:]) == 1:
            raise ShapeError(
                f"needs more than one place in each channel to take a mean of, but receives {x}; "
                f"place it where the channels are larger",
                port="in",
            )
        return x

    def window(self, x: TensorSpec) -> Window | None:
        return None


INSTANCE_FORMULA = (
    "out = (in − mean) / √(variance + eps), with mean and variance of each channel of each sample; "
    "with affine then · weight + bias"
)
CONTRAST = (
    "It removes how bright and how rich in contrast an image is; a classifier that needs this "
    "should take a batch or group normalization."
)


@layer(
    "InstanceNorm2d",
    category="normalization",
    title="Instance normalization",
    synonyms=("contrast normalization", "style", "norm", "instancenormalization"),
    console=("InstanceNormalization",),
    formula=INSTANCE_FORMULA,
    use="In networks that paint or restyle images, where the contrast of a sample should not "
    "matter.",
    mistakes=(CONTRAST,),
)
class InstanceNorm2d(_InstanceNorm):
    """Brings every channel of every image to mean 0 and variance 1, whatever the batch."""

    EXPECTED = (3, IMAGE)


@layer(
    "InstanceNorm1d",
    category="normalization",
    title="Instance normalization (sequence)",
    synonyms=("norm", "instancenormalization"),
    console=("InstanceNormalization",),
    formula=INSTANCE_FORMULA,
    use="For signals whose level and loudness should not matter.",
    mistakes=("Steps and features are in the wrong order: put a Permute before it.",),
)
class InstanceNorm1d(_InstanceNorm):
    """Brings every channel of every sequence to mean 0 and variance 1, whatever the batch."""


@layer(
    "InstanceNorm3d",
    category="normalization",
    title="Instance normalization (volume)",
    synonyms=("norm", "instancenormalization", "video"),
    console=("InstanceNormalization",),
    formula=INSTANCE_FORMULA,
    use="In networks on medical volumes, which are trained with one or two samples a batch.",
    mistakes=(CONTRAST,),
)
class InstanceNorm3d(_InstanceNorm):
    """Brings every channel of every volume to mean 0 and variance 1, whatever the batch."""

    EXPECTED = (4, VOLUME)
