"""Layers that add or multiply random noise while training."""

from graph.declare import declare, param
from graph.layer import Emission, Layer, layer, module, need_float
from graph.shapes import TensorSpec


@declare
class _Noisy(Layer):
    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        return x


@layer(
    "GaussianNoise",
    category="regularization",
    title="Gaussian noise",
    synonyms=("random", "normal noise", "denoising", "regularization"),
    formula="out = in + std · ε, with ε from a normal distribution of mean 0 and variance 1; in "
    "evaluation out = in",
    use="After the input, so that small disturbances do not matter; and for denoising "
    "autoencoders.",
    mistakes=(
        "Its size only means something next to the size of its input: normalize that first.",
    ),
)
class GaussianNoise(_Noisy):
    """Adds normally distributed noise while training; does nothing in evaluation."""

    std: float = param(
        default=0.1, min=0, label="Strength", help="Standard deviation of the noise."
    )

    def emit(self, x: TensorSpec) -> Emission:
        return module("GaussianNoise", std=self.std)

    def summary(self) -> str:
        return f"±{float(self.std):g}"


@layer(
    "GaussianDropout",
    category="regularization",
    title="Gaussian dropout",
    synonyms=("multiplicative noise", "random", "regularization"),
    formula="out = in · (1 + √(p / (1 − p)) · ε), with ε from a normal distribution of mean 0 and "
    "variance 1; in evaluation out = in",
    use="Instead of dropout: as strong, but no number is lost altogether.",
    mistakes=("Near p = 1 the noise grows without bound; stay below about 0.8.",),
)
class GaussianDropout(_Noisy):
    """Multiplies numbers by random factors around 1 while training; does nothing in evaluation."""

    p: float = param(
        default=0.5,
        min=0,
        max=0.99,
        label="Probability",
        help="As strong as a dropout with this probability.",
    )

    def emit(self, x: TensorSpec) -> Emission:
        return module("GaussianDropout", p=self.p)

    def summary(self) -> str:
        return f"{float(self.p):.0%}"
