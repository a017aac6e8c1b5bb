"""Relatives of ReLU with settings: what becomes of negative numbers, and how smooth the bend is."""

from typing import Literal

from graph.declare import param
from graph.layer import Emission, changed, layer, module, need_float
from graph.layers.activation import Elementwise, WithSettings
from graph.shapes import SetArgument, ShapeError, TensorSpec


@layer(
    "LeakyReLU",
    category="activation",
    title="Leaky ReLU",
    synonyms=("rectifier", "leaky_relu"),
    console=("LeakyReLU",),
    formula="out = in if in > 0, else negative_slope · in",
    use="Instead of ReLU where units go silent: in detectors (YOLO) and in adversarial networks.",
    mistakes=(
        "Frameworks have different default slopes (0.01 in PyTorch, 0.3 in older Keras, 0.1 in "
        "darknet): set it when you copy a network.",
    ),
)
class LeakyReLU(WithSettings):
    """Like ReLU, but lets a small part of negative numbers through, so that no unit goes silent for
    good."""

    negative_slope: float = param(
        default=0.01, min=0, help="Factor by which negative numbers are multiplied."
    )

    def summary(self) -> str:
        return f"slope {float(self.negative_slope):g}"


@layer(
    "PReLU",
    category="activation",
    title="Parametric ReLU",
    synonyms=("learned slope", "p_relu", "rectifier"),
    console=("PReLU",),
    formula="out = in if in > 0, else weight · in, with a learned weight",
    use="Where a network may find the best slope itself; costs one weight, or one a channel.",
    mistakes=(
        "Weight decay pulls the learned slope to 0 and turns it into a plain ReLU; leave it out "
        "for these weights.",
    ),
)
class PReLU(Elementwise):
    """A Leaky ReLU whose slope for negative numbers is learned."""

    per_channel: bool = param(
        default=False, help="Learn a slope for each channel instead of one for all."
    )
    init: float = param(default=0.25, label="First slope", help="The slope before any training.")

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        if self.per_channel and x.rank == 0:
            raise ShapeError(
                "expects channels to learn a slope for each, but receives one number a sample",
                port="in",
                repairs=[SetArgument("per_channel", False)],
            )
        return x

    def weights(self, x: TensorSpec) -> dict[str, tuple[int, ...]]:
        return {"weight": (x.channels if self.per_channel else 1,)}

    def emit(self, x: TensorSpec) -> Emission:
        channels = {"num_parameters": x.channels} if self.per_channel else {}
        return module("nn.PReLU", **channels, **changed(init=(self.init, 0.25)))

    def summary(self) -> str:
        return "a slope each channel" if self.per_channel else "one slope"


@layer(
    "RReLU",
    category="activation",
    title="Randomized ReLU",
    synonyms=("random leaky relu", "randomised"),
    formula="out = in if in > 0, else a · in; a is random from lower to upper while training, "
    "(lower + upper) / 2 afterwards",
    use="A Leaky ReLU that also regularizes, for small data sets.",
    mistakes=(
        "Results differ from run to run while training; that is meant, and ends in evaluation.",
    ),
)
class RReLU(WithSettings):
    """A Leaky ReLU whose slope for negative numbers is random while training."""

    lower: float = param(default=1 / 8, label="Smallest slope", help="The smallest random slope.")
    upper: float = param(default=1 / 3, label="Largest slope", help="The largest random slope.")

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        if self.lower > self.upper:
            raise ShapeError(
                f"the smallest slope ({float(self.lower):g}) is larger than the largest "
                f"({float(self.upper):g})",
                repairs=[SetArgument("lower", float(self.upper))],
            )
        return x

    def summary(self) -> str:
        return f"slope {float(self.lower):.3g} to {float(self.upper):.3g}"


@layer(
    "ELU",
    category="activation",
    title="ELU",
    synonyms=("exponential linear",),
    console=("ELU",),
    formula="out = in if in > 0, else alpha · (exp(in) − 1)",
    use="Where a mean near zero helps and a normalization is not wanted.",
    mistakes=("It is slower than ReLU; after a batch normalization it rarely gains anything.",),
)
class ELU(WithSettings):
    """Like ReLU, but negative numbers approach −alpha smoothly."""

    alpha: float = param(
        default=1.0, above=0, help="Very negative numbers approach minus this value."
    )

    def summary(self) -> str:
        return f"down to −{float(self.alpha):g}"


@layer(
    "CELU",
    category="activation",
    title="CELU",
    synonyms=("continuously differentiable exponential linear",),
    console=("CELU",),
    formula="out = max(0, in) + min(0, alpha · (exp(in / alpha) − 1))",
    use="Instead of ELU with an alpha other than 1: it has no bend at zero.",
    mistakes=("With alpha = 1 it is the same as ELU.",),
)
class CELU(WithSettings):
    """An ELU that stays smooth at zero for every alpha."""

    alpha: float = param(
        default=1.0, above=0, help="Very negative numbers approach minus this value."
    )

    def summary(self) -> str:
        return f"down to −{float(self.alpha):g}"


@layer(
    "GELU",
    category="activation",
    title="GELU",
    synonyms=("gaussian error linear",),
    console=("GELU",),
    formula="out = in · Φ(in), where Φ(in) is the share of a normal distribution below in",
    use="In transformers (BERT, GPT, ViT) and in ConvNeXt.",
    mistakes=(
        "GPT-2 and Google's own code of BERT use the approximation with tanh: set it when you load "
        "their weights.",
    ),
)
class GELU(WithSettings):
    """A smooth relative of ReLU that transformers use."""

    approximate: Literal["none", "tanh"] = param(
        default="none", help="Compute it exactly, or by a faster formula with tanh."
    )

    def summary(self) -> str:
        return "tanh formula" if self.approximate == "tanh" else ""


@layer(
    "Softplus",
    category="activation",
    title="Softplus",
    synonyms=("smooth relu", "positive"),
    console=("SoftPlus",),
    formula="out = log(1 + exp(beta · in)) / beta; simply in where beta · in > threshold",
    use="At an output that must be positive, such as a variance.",
    mistakes=("As a replacement of ReLU inside a network it is slower and rarely better.",),
)
class Softplus(WithSettings):
    """A smooth ReLU whose results are always positive."""

    beta: float = param(
        default=1.0, above=0, help="How sharp the bend is; large values come near to ReLU."
    )
    threshold: float = param(
        default=20.0,
        advanced=True,
        help="Above this the number is passed on as it is, so that nothing overflows.",
    )

    def summary(self) -> str:
        return "" if self.beta == 1 else f"beta {float(self.beta):g}"
