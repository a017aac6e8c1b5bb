"""Layers that draw by chance what a network goes on with."""

from graph.layer import Constructor, Emission, Layer, Port, Window, layer, need_float
from graph.shapes import ShapeError, TensorSpec


@layer(
    "GaussianSample",
    category="regularization",
    title="Draw around a mean",
    synonyms=("reparameterize", "reparameterization trick", "variational autoencoder", "vae", "kl"),
    formula="out = mean + exp(log_variance / 2) · ε, with ε from a normal distribution of mean 0 "
    "and variance 1, in evaluation out = mean; divergence = ½ Σ (mean² + exp(log_variance) − "
    "log_variance − 1)",
    use="Between encoder and decoder of a variational autoencoder. Lead the divergence to an "
    "output of its own; the loss evidence_lower_bound adds it to what it makes small.",
    mistakes=(
        "Where the divergence counts too much, all codes become alike and tell nothing (posterior "
        "collapse); lower its weight in the loss.",
        "It wants the logarithm of the variance, any number, and not the standard deviation: no "
        "activation belongs in front of it.",
    ),
)
class GaussianSample(Layer):
    """Draws numbers around means, as far from them as is learned, and tells how far their
    distribution is from a normal one."""

    INPUTS = (
        Port("mean", "Where to draw around."),
        Port("log_variance", "The logarithm of how far from it, squared; the same size."),
    )
    OUTPUTS = (
        Port("out", "What was drawn; in evaluation the mean."),
        Port(
            "divergence",
            "The Kullback-Leibler divergence from a normal distribution: one number per sample.",
        ),
    )

    def infer(self, mean: TensorSpec, log_variance: TensorSpec) -> tuple[TensorSpec, TensorSpec]:
        need_float(mean, "mean")
        need_float(log_variance, "log_variance")
        if mean.rank == 0:
            raise ShapeError("expects a vector or more, but receives single numbers", port="mean")
        if log_variance.sizes != mean.sizes:
            raise ShapeError(
                f"expects the size of the mean ({mean}), but receives {log_variance}",
                port="log_variance",
            )
        return mean, TensorSpec((1,))

    def window(self, mean: TensorSpec, log_variance: TensorSpec) -> Window | None:
        return None

    def emit(self, mean: TensorSpec, log_variance: TensorSpec) -> Emission:
        return Emission(
            "{module}({mean}, {log_variance})",
            Constructor("GaussianSample"),
            targets="{out}, {divergence}",
        )
