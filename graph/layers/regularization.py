"""Layers that blank out a part of the numbers while training, so that a network does not learn its
examples by heart.

Those that add noise are in regularization_noise.py.
"""

from typing import ClassVar, Literal

from graph.declare import declare, param
from graph.layer import Emission, Layer, layer, module, need_float, need_rank
from graph.layers.sliding import IMAGE, SIGNAL, VOLUME
from graph.shapes import SetArgument, ShapeError, TensorSpec
from graph.trace import smallest

EVALUATION = "Results jump until model.eval() is called: only then is nothing dropped."
RESIDUAL = "It belongs at the end of a branch, just before that is added to the skip connection."


@declare
class _Dropping(Layer):
    """Drops with a probability; sizes stay."""

    p: float = param(
        default=0.5,
        min=0,
        max=1,
        label="Probability",
        help="Share of what is dropped: 0 drops nothing, 1 everything.",
    )

    EXPECTED: ClassVar[tuple[int, str] | None] = None
    """The number of axes and what such an input is, where it matters."""

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        if self.EXPECTED is not None:
            need_rank(x, *self.EXPECTED)
        return x

    def emit(self, x: TensorSpec) -> Emission:
        return module(f"nn.{self.NAME}", p=self.p)

    def summary(self) -> str:
        return f"{float(self.p):.0%}"


@layer(
    "Dropout",
    category="regularization",
    title="Dropout",
    synonyms=("regularization", "regularisation", "overfitting"),
    console=("Dropout",),
    formula="out = in · m / (1 − p), where m is 0 with probability p, else 1; in evaluation out = "
    "in",
    use="Before the last linear layers of a network that knows its training data by heart.",
    mistakes=(
        EVALUATION,
        "Between convolutions it does little, since neighbouring pixels say the same; take a "
        "Dropout2d.",
        "After the last layer it would drop answers; place it before.",
    ),
)
class Dropout(_Dropping):
    """Sets a random part of the numbers to zero while training; does nothing in evaluation."""


CHANNELS_FORMULA = (
    "out[c] = in[c] · m[c] / (1 − p), where m[c] is 0 with probability p, else 1; in evaluation "
    "out = in"
)
UNCHECKED = "torch only warns where a vector comes in, and drops single numbers"


@layer(
    "Dropout2d",
    category="regularization",
    title="Dropout of channels",
    synonyms=("spatial dropout", "spatialdropout2d", "regularization"),
    formula=CHANNELS_FORMULA,
    use="Between convolutions, where neighbouring pixels are too alike for plain dropout.",
    mistakes=(EVALUATION, "With few channels a whole view is lost at once; keep p small."),
)
class Dropout2d(_Dropping):
    """Sets whole channels of an image to zero while training."""

    STRICTER_THAN_TORCH = UNCHECKED
    EXPECTED = (3, IMAGE)


@layer(
    "Dropout1d",
    category="regularization",
    title="Dropout of channels (sequence)",
    synonyms=("spatial dropout", "spatialdropout1d", "regularization"),
    formula=CHANNELS_FORMULA,
    use="Between convolutions over a sequence, or to drop whole words.",
    mistakes=(
        EVALUATION,
        "It drops along the first axis: with steps first whole steps vanish, with channels first "
        "whole channels.",
    ),
)
class Dropout1d(_Dropping):
    """Sets whole channels of a sequence to zero while training."""

    EXPECTED = (2, SIGNAL)


@layer(
    "Dropout3d",
    category="regularization",
    title="Dropout of channels (volume)",
    synonyms=("spatial dropout", "spatialdropout3d", "regularization", "video"),
    formula=CHANNELS_FORMULA,
    use="Between convolutions over volumes or video.",
    mistakes=(EVALUATION, "With few channels a whole view is lost at once; keep p small."),
)
class Dropout3d(_Dropping):
    """Sets whole channels of a volume to zero while training."""

    STRICTER_THAN_TORCH = UNCHECKED
    EXPECTED = (4, VOLUME)


@layer(
    "AlphaDropout",
    category="regularization",
    title="Alpha dropout",
    synonyms=("selu dropout", "self-normalizing", "regularization"),
    formula="out = a · (in where it is kept, else −1.7581) + b, with a and b so that mean and "
    "variance stay",
    use="Together with SELU, whose mean 0 and variance 1 plain dropout would spoil.",
    mistakes=(EVALUATION, "After any other activation take a Dropout: there 0 is the right blank."),
)
class AlphaDropout(_Dropping):
    """Dropout that keeps the mean and the variance of numbers that come from SELU."""


@layer(
    "FeatureAlphaDropout",
    category="regularization",
    title="Alpha dropout of channels",
    synonyms=("selu dropout", "self-normalizing", "regularization"),
    formula="as AlphaDropout, but whole channels are kept or blanked",
    use="Between convolutions with SELU.",
    mistakes=(EVALUATION, "After any other activation take a Dropout2d."),
)
class FeatureAlphaDropout(_Dropping):
    """Alpha dropout of whole channels."""

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        if self.p > 0 and x.rank == 0:
            raise ShapeError(f"expects channels to drop, but receives {x} a sample", port="in")
        return x


@layer(
    "StochasticDepth",
    category="regularization",
    title="Stochastic depth",
    synonyms=("drop path", "droppath", "drop connect", "regularization"),
    formula="out = in · m / (1 − p), where m is 0 with probability p, else 1, one for each sample "
    "(row) or for all (batch); in evaluation out = in",
    use="In deep residual networks: blocks are skipped at random, as if there were fewer of them.",
    mistakes=(
        RESIDUAL,
        "Later blocks are usually dropped more often: let p grow from 0 to its largest value with "
        "depth.",
    ),
)
class StochasticDepth(_Dropping):
    """Sets the whole branch of a sample to zero at random while training, so that only its skip
    connection is left."""

    p: float = param(
        default=0.1,
        min=0,
        max=1,
        label="Probability",
        help="How often a branch is dropped: 0 is never, 1 is always.",
    )
    mode: Literal["row", "batch"] = param(
        default="row", help="Decide for each sample by itself, or once for the whole batch."
    )

    def emit(self, x: TensorSpec) -> Emission:
        return module("torchvision.ops.StochasticDepth", p=self.p, mode=self.mode)

    def summary(self) -> str:
        return f"{float(self.p):.0%}" + (", whole batch" if self.mode == "batch" else "")


# --- dropping of regions ------------------------------------------------------------------------


@declare
class _DropBlock(_Dropping):
    p: float = param(
        default=0.1,
        min=0,
        max=1,
        label="Probability",
        help="About which share of the places is dropped.",
    )
    block_size: int = param(
        default=7, min=1, label="Block", help="Width of a dropped block, in pixels; must be odd."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        super().infer(x)
        side = self.block_size
        for size in x.sizes[1:]:
            side = smallest(side, size)
        # With nothing to drop, torchvision does not look at the block at all.
        if self.p > 0 and side % 2 == 0:
            fitted = side != self.block_size
            raise ShapeError(
                f"a block must have an odd width, so that it has a centre, but is {int(side)} wide"
                + (f", which is all that fits into {x}" if fitted else ""),
                port="in" if fitted else "",
                repairs=[SetArgument("block_size", int(side) - 1)],
            )
        return x

    def emit(self, x: TensorSpec) -> Emission:
        return module(f"torchvision.ops.{self.NAME}", p=self.p, block_size=self.block_size)

    def summary(self) -> str:
        return f"{float(self.p):.0%} in blocks of {int(self.block_size)}"


BLOCK_FORMULA = (
    "out = in · m · count(m) / Σ m, where m is 0 inside of blocks around random centres, else 1; "
    "in evaluation out = in"
)
SMALL_MAPS = (
    "A block as large as the image drops everything at once; keep it well below height and width."
)


@layer(
    "DropBlock2d",
    category="regularization",
    title="Dropout of blocks",
    synonyms=("cutout", "region dropout", "regularization"),
    formula=BLOCK_FORMULA,
    use="Between convolutions of a detector or classifier: whole parts of an object vanish, so "
    "that others must be learned too.",
    mistakes=(EVALUATION, SMALL_MAPS),
)
class DropBlock2d(_DropBlock):
    """Sets random square regions of every channel to zero while training."""

    EXPECTED = (3, IMAGE)


@layer(
    "DropBlock3d",
    category="regularization",
    title="Dropout of blocks (volume)",
    synonyms=("cutout", "region dropout", "regularization", "video"),
    formula=BLOCK_FORMULA,
    use="Between convolutions over volumes or video.",
    mistakes=(EVALUATION, SMALL_MAPS),
)
class DropBlock3d(_DropBlock):
    """Sets random cubes of every channel to zero while training."""

    EXPECTED = (4, VOLUME)

    block_size: int = param(
        default=3, min=1, label="Block", help="Width of a dropped cube, in voxels; must be odd."
    )
