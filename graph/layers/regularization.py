"""Layers that act while training, so that a network does not learn its examples by heart."""

from graph.declare import param
from graph.layer import Emission, Layer, layer, module, need_float
from graph.shapes import ShapeError, TensorSpec


@layer("Dropout", category="regularization", title="Dropout", synonyms=("regularisation",))
class Dropout(Layer):
    """Sets a random part of the numbers to zero while training; does nothing in evaluation."""

    p: float = param(
        default=0.5, min=0, max=1, label="Probability", help="Share of the numbers set to zero."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        return x

    def emit(self, x: TensorSpec) -> Emission:
        return module("nn.Dropout", p=self.p)

    def summary(self) -> str:
        return f"{float(self.p):.0%}"


@layer(
    "Dropout2d",
    category="regularization",
    title="Dropout of channels",
    synonyms=("spatial dropout",),
)
class Dropout2d(Layer):
    """Sets whole channels of an image to zero while training."""

    STRICTER_THAN_TORCH = "torch only warns where a vector comes in, and drops single numbers"

    p: float = param(
        default=0.5, min=0, max=1, label="Probability", help="Share of the channels set to zero."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        if x.rank != 3:
            raise ShapeError(
                f"expects an image (channels × height × width), but receives {x}", port="in"
            )
        return x

    def emit(self, x: TensorSpec) -> Emission:
        return module("nn.Dropout2d", p=self.p)

    def summary(self) -> str:
        return f"{float(self.p):.0%}"
