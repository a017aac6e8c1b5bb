"""Activations: functions of one number that make a network more than one big weighted sum."""

from graph.declare import param
from graph.layer import (
    MIXES_SAMPLES,
    Emission,
    Layer,
    axis_index,
    changed,
    layer,
    module,
    need_float,
)
from graph.shapes import TensorSpec


class _Elementwise(Layer):
    """An activation that is applied to every number by itself, so that sizes stay."""

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        return x

    def emit(self, x: TensorSpec) -> Emission:
        return module(f"nn.{self.NAME}")


@layer("ReLU", category="activation", title="ReLU", synonyms=("rectifier", "rectified linear"))
class ReLU(_Elementwise):
    """Keeps positive numbers and makes negative ones zero. The usual choice."""


@layer("LeakyReLU", category="activation", title="Leaky ReLU", synonyms=("rectifier",))
class LeakyReLU(_Elementwise):
    """Like ReLU, but lets a small part of negative numbers through, so that no unit goes silent for
    good."""

    negative_slope: float = param(
        default=0.01, min=0, help="Factor by which negative numbers are multiplied."
    )

    def emit(self, x: TensorSpec) -> Emission:
        return module("nn.LeakyReLU", **changed(negative_slope=(self.negative_slope, 0.01)))

    def summary(self) -> str:
        return f"slope {float(self.negative_slope):g}"


@layer("ELU", category="activation", title="ELU", synonyms=("exponential linear",))
class ELU(_Elementwise):
    """Like ReLU, but negative numbers approach −alpha smoothly."""

    alpha: float = param(
        default=1.0, above=0, help="The value that very negative numbers approach."
    )

    def emit(self, x: TensorSpec) -> Emission:
        return module("nn.ELU", **changed(alpha=(self.alpha, 1.0)))


@layer("GELU", category="activation", title="GELU", synonyms=("gaussian error linear",))
class GELU(_Elementwise):
    """A smooth relative of ReLU that transformers use."""


@layer("SiLU", category="activation", title="SiLU (Swish)", synonyms=("swish",))
class SiLU(_Elementwise):
    """A number times its own sigmoid: smooth, and slightly negative for small negative numbers."""


@layer("Sigmoid", category="activation", title="Sigmoid", synonyms=("logistic",))
class Sigmoid(_Elementwise):
    """Squeezes any number into the range from 0 to 1."""


@layer("Tanh", category="activation", title="Tanh", synonyms=("hyperbolic tangent",))
class Tanh(_Elementwise):
    """Squeezes any number into the range from −1 to 1."""


@layer("Softmax", category="activation", title="Softmax", synonyms=("probabilities",))
class Softmax(Layer):
    """Turns numbers into probabilities that sum to 1. Not needed before cross-entropy, which does
    it itself."""

    STRICTER_THAN_TORCH = MIXES_SAMPLES

    dim: int = param(
        default=1, label="Axis", help="The axis that sums to 1, as torch counts (0 is the batch)."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        axis_index(self.dim, x)
        return x

    def emit(self, x: TensorSpec) -> Emission:
        return module("nn.Softmax", dim=self.dim)
