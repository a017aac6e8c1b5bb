"""Where the weights of a layer start: every choice declared once.

From a declaration come its form, its checks, its help and its place in a file. The code that a
choice becomes is written by codegen/initialization.py.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from graph.declare import ArgumentError, declare, param
from graph.part import Part, part
from graph.registry import Registry


@declare
class Initialization(Part):
    """Base of all.

    Attributes:
        FUNCTION: the function that fills a tensor in place; empty where torch's own start stays.
        AXES: how many axes a tensor needs at least.
        LAYERS: the layers that it is made for; empty for all.
    """

    bias: float | None = param(
        default=None,
        label="Biases",
        help="Where the biases start, all of them at this number. Left empty, torch draws them.",
    )

    FUNCTION: ClassVar[str] = ""
    AXES: ClassVar[int] = 1
    LAYERS: ClassVar[tuple[str, ...]] = ()

    def keywords(self) -> dict[str, Any]:
        """What the function is called with besides the tensor: what differs from its defaults."""
        return {name: value for name, value in self.changed_arguments().items() if name != "bias"}


INITIALIZATIONS: Registry[Initialization] = Registry("initialization")

GAIN = "What the spread is multiplied with, to suit the activation that follows."


@part(INITIALIZATIONS, "default", title="As torch does")
class Default(Initialization):
    """Leaves the weights where torch starts them, which suits most networks."""


@part(INITIALIZATIONS, "zeros", title="Zeros")
class Zeros(Initialization):
    """Starts all weights at 0. Good for scores at the end, or for the last normalization of a
    residual block; elsewhere nothing would tell two filters apart."""

    FUNCTION = "nn.init.zeros_"


@part(INITIALIZATIONS, "ones", title="Ones")
class Ones(Initialization):
    """Starts all weights at 1, as a normalization does."""

    FUNCTION = "nn.init.ones_"


@part(INITIALIZATIONS, "constant", title="Constant")
class Constant(Initialization):
    """Starts all weights at one number."""

    value: float = param(default=0.1, help="The number at which every weight starts.")

    FUNCTION = "nn.init.constant_"

    def keywords(self) -> dict[str, Any]:
        """torch has no default for it."""
        return {"val": self.value}


@part(INITIALIZATIONS, "normal", title="Normal distribution")
class Normal(Initialization):
    """Draws the weights from a bell curve, as most published networks before 2015 did."""

    mean: float = param(default=0.0, help="The middle of the bell curve.")
    std: float = param(default=0.01, min=0, label="Spread", help="Its standard deviation.")

    FUNCTION = "nn.init.normal_"

    def keywords(self) -> dict[str, Any]:
        """torch's default for the spread is 1, which is hardly ever meant."""
        return _changed(mean=(self.mean, 0.0)) | {"std": self.std}


@part(INITIALIZATIONS, "trunc_normal", title="Truncated normal distribution")
class TruncatedNormal(Initialization):
    """Draws the weights from a bell curve without its far ends, as vision transformers do."""

    mean: float = param(default=0.0, help="The middle of the bell curve.")
    std: float = param(default=0.02, above=0, label="Spread", help="Its standard deviation.")
    cut: float = param(
        default=2.0,
        above=0,
        help="How many standard deviations from the middle a weight may be at most.",
    )

    FUNCTION = "nn.init.trunc_normal_"

    def keywords(self) -> dict[str, Any]:
        """torch wants the ends themselves."""
        reach = self.cut * self.std
        return _changed(mean=(self.mean, 0.0)) | {
            "std": self.std,
            "a": self.mean - reach,
            "b": self.mean + reach,
        }


@part(INITIALIZATIONS, "uniform", title="Uniform distribution")
class Uniform(Initialization):
    """Draws the weights evenly between two numbers."""

    low: float = param(default=-0.05, label="From", help="The smallest weight.")
    high: float = param(default=0.05, label="To", help="The largest weight.")

    FUNCTION = "nn.init.uniform_"

    def disagreements(self) -> list[ArgumentError]:
        """The ends must be in order."""
        if self.low < self.high:
            return []
        return [ArgumentError("high", f"high must be above low ({self.low:g}), not {self.high:g}")]

    def keywords(self) -> dict[str, Any]:
        """torch calls the ends a and b."""
        return {"a": self.low, "b": self.high}


@part(INITIALIZATIONS, "xavier_uniform", title="Xavier, uniform (Glorot)")
class XavierUniform(Initialization):
    """Keeps the spread of values alike from layer to layer, with tanh or sigmoid between them.

    X. Glorot and Y. Bengio, Understanding the difficulty of training deep networks, 2010.
    """

    gain: float = param(default=1.0, above=0, help=GAIN, advanced=True)

    FUNCTION = "nn.init.xavier_uniform_"
    AXES = 2


@part(INITIALIZATIONS, "xavier_normal", title="Xavier, normal (Glorot)")
class XavierNormal(Initialization):
    """Like Xavier, uniform, but drawn from a bell curve."""

    gain: float = param(default=1.0, above=0, help=GAIN, advanced=True)

    FUNCTION = "nn.init.xavier_normal_"
    AXES = 2


@declare
class _Kaiming(Initialization):
    """What both of Kaiming's have in common.

    K. He et al., Delving deep into rectifiers, arXiv:1502.01852.
    """

    mode: Literal["fan_in", "fan_out"] = param(
        default="fan_in",
        help="Whose spread is kept: that of the values forwards (fan_in), or that of the "
        "gradients backwards (fan_out).",
    )
    nonlinearity: Literal["relu", "leaky_relu", "linear"] = param(
        default="relu",
        label="Activation",
        help="The activation that follows.",
    )
    slope: float = param(
        default=0.0,
        min=0,
        advanced=True,
        help="The slope of a leaky_relu below zero.",
    )

    AXES = 2

    def keywords(self) -> dict[str, Any]:
        """torch's default is a leaky_relu."""
        leaky = self.nonlinearity == "leaky_relu"
        return (
            _changed(a=(self.slope if leaky else 0.0, 0.0))
            | _changed(mode=(self.mode, "fan_in"))
            | _changed(nonlinearity=(self.nonlinearity, "leaky_relu"))
        )


@part(INITIALIZATIONS, "kaiming_uniform", title="Kaiming, uniform (He)")
class KaimingUniform(_Kaiming):
    """Keeps the spread of values alike from layer to layer, with ReLU between them."""

    FUNCTION = "nn.init.kaiming_uniform_"


@part(INITIALIZATIONS, "kaiming_normal", title="Kaiming, normal (He)")
class KaimingNormal(_Kaiming):
    """Like Kaiming, uniform, but drawn from a bell curve, as ResNets are."""

    FUNCTION = "nn.init.kaiming_normal_"


@part(INITIALIZATIONS, "orthogonal", title="Orthogonal")
class Orthogonal(Initialization):
    """Starts with a rotation, which neither lengthens nor shortens what comes in. Good for what
    is applied again and again, such as the inside of an LSTM.

    A. Saxe et al., Exact solutions to the nonlinear dynamics of learning, arXiv:1312.6120.
    """

    gain: float = param(default=1.0, above=0, help=GAIN, advanced=True)

    FUNCTION = "nn.init.orthogonal_"
    AXES = 2


@part(INITIALIZATIONS, "bilinear", title="Bilinear enlargement")
class Bilinear(Initialization):
    """Starts a transposed convolution as plain bilinear enlargement, each channel by itself.

    J. Long et al., Fully convolutional networks, arXiv:1411.4038.
    """

    FUNCTION = "bilinear_"
    AXES = 3
    LAYERS = ("ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d")


def _changed(**pairs: tuple[Any, Any]) -> dict[str, Any]:
    return {name: value for name, (value, default) in pairs.items() if value != default}
