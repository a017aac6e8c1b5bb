"""What changes learning and not the result: gradients that are stopped, turned around or limited.

What keeps only the largest numbers or gradients is in gradient_selection.py.
"""

from graph.declare import Sizes, param
from graph.layer import MIXES_SAMPLES, Emission, Layer, call, layer, need_float
from graph.layers.reduction import axes_text, chosen_axes
from graph.shapes import SetArgument, ShapeError, TensorSpec

ONLY_LEARNING = (
    "It changes nothing about results, only about learning; look at the gradients to see it work."
)


@layer(
    "Detach",
    category="gradient",
    title="Stop the gradient",
    synonyms=("stop_gradient", "unlink", "freeze branch", "no grad"),
    console=("Unlink",),
    formula="out = in; the gradient is 0",
    use="To compare with an answer that shall not move, as in BYOL, or to train a branch without "
    "changing what it reads.",
    mistakes=(
        "Everything that only leads here stays as it was initialized; make sure that it learns "
        "elsewhere.",
    ),
)
class Detach(Layer):
    """Passes its input on, but lets nothing in front of it learn from what follows."""

    def infer(self, x: TensorSpec) -> TensorSpec:
        return x

    def emit(self, x: TensorSpec) -> Emission:
        return call("{in}.detach()")


class _Identity(Layer):
    """Passes decimal numbers on as they are."""

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        return x


@layer(
    "GradientReversal",
    category="gradient",
    title="Turn the gradient around",
    synonyms=("gradient reversal", "domain adversarial", "dann", "grl"),
    formula="out = in; gradient = −alpha · gradient",
    use="For features from which a second branch cannot tell where an image comes from (domain "
    "adaptation): the branch learns to tell, all in front of it learns to hide.",
    mistakes=(
        "A large alpha from the start prevents learning; begin with a small one.",
        ONLY_LEARNING,
    ),
)
class GradientReversal(_Identity):
    """Passes its input on, and lets everything in front of it learn the opposite."""

    alpha: float = param(
        default=1.0, min=0, label="Strength", help="By how much the turned gradient is multiplied."
    )

    def emit(self, x: TensorSpec) -> Emission:
        return call("reverse_gradient({in}, {alpha})", alpha=self.alpha)

    def summary(self) -> str:
        return f"gradient · −{float(self.alpha):g}"


@layer(
    "ClipGradByValue",
    category="gradient",
    title="Clip gradient",
    synonyms=("clip gradient values", "gradient clipping", "limit gradient"),
    console=("ClipGradByValue",),
    formula="out = in; gradient = min(max(gradient, min), max)",
    use="To keep single wild gradients from spoiling what has been learned.",
    mistakes=(
        "It changes the direction of the gradient; to keep the direction take a Clip gradient "
        "length.",
        ONLY_LEARNING,
    ),
)
class ClipGradByValue(_Identity):
    """Passes its input on, and keeps every number of the gradient within a range."""

    min: float = param(default=-1.0, label="Lowest", help="Smaller gradients become this one.")
    max: float = param(default=1.0, label="Highest", help="Larger gradients become this one.")

    STRICTER_THAN_TORCH = "torch would make every gradient the same where lowest exceeds highest"

    def infer(self, x: TensorSpec) -> TensorSpec:
        if self.min > self.max:
            raise ShapeError(
                f"the lowest gradient ({float(self.min):g}) must not be larger than the highest "
                f"({float(self.max):g})",
                repairs=[SetArgument("min", float(self.max))],
            )
        return super().infer(x)

    def emit(self, x: TensorSpec) -> Emission:
        return call("clip_grad_by_value({in}, {min}, {max})", min=self.min, max=self.max)

    def summary(self) -> str:
        return f"{float(self.min):g} to {float(self.max):g}"


@layer(
    "ClipGradByNorm",
    category="gradient",
    title="Clip gradient length",
    synonyms=("clip gradient norm", "gradient clipping", "limit gradient"),
    console=("ClipGradByNorm",),
    formula="out = in; gradient = gradient · max_norm / max(max_norm, √(Σ gradient²)), the sum "
    "over the axes dim",
    use="To keep steps small in recurrent networks, whose gradients can explode.",
    mistakes=(
        "It limits the gradient of each sample at this place; the gradient of all weights "
        "together is limited in the training's settings.",
        ONLY_LEARNING,
    ),
)
class ClipGradByNorm(_Identity):
    """Passes its input on, and shortens gradients that are longer than a bound."""

    STRICTER_THAN_TORCH = MIXES_SAMPLES

    max_norm: float = param(
        default=1.0, above=0, label="Longest", help="Gradients that are longer get this length."
    )
    dim: Sizes | None = param(
        default=None,
        label="Axes",
        help="The axes that make up a vector, as torch counts; nothing: the whole sample.",
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        chosen_axes(self.dim, x)
        return x

    def emit(self, x: TensorSpec) -> Emission:
        axes = tuple(range(1, x.rank + 1)) if self.dim is None else self.dim
        return call(
            "clip_grad_by_norm({in}, {max_norm}, dim={dim})", max_norm=self.max_norm, dim=axes
        )

    def summary(self) -> str:
        return f"at most {float(self.max_norm):g}, {axes_text(self.dim)}"
