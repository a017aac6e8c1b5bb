"""Normalisation: values brought to a common scale, so that deep networks train."""

from graph.declare import declare, param
from graph.layer import Emission, Layer, changed, layer, module, need_float, need_rank
from graph.layers.convolution import IMAGE
from graph.shapes import SetArgument, ShapeError, TensorSpec


@declare
class _BatchNorm(Layer):
    eps: float = param(
        default=1e-5,
        above=0,
        advanced=True,
        help="Added to the variance to avoid dividing by zero.",
    )
    momentum: float = param(
        default=0.1,
        min=0,
        max=1,
        advanced=True,
        help="Share of the newest batch in the running averages that evaluation uses.",
    )
    affine: bool = param(
        default=True, advanced=True, help="Learn a scale and a shift for each channel."
    )

    def weights(self, x: TensorSpec) -> dict[str, tuple[int, ...]]:
        return {"weight": (x.channels,), "bias": (x.channels,)} if self.affine else {}

    def emit(self, x: TensorSpec) -> Emission:
        return module(
            f"nn.{self.NAME}",
            x.channels,
            **changed(
                eps=(self.eps, 1e-5), momentum=(self.momentum, 0.1), affine=(self.affine, True)
            ),
        )


@layer(
    "BatchNorm2d",
    category="normalization",
    title="Batch normalization",
    synonyms=("batchnorm", "bn", "norm"),
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
    synonyms=("batchnorm", "bn", "norm"),
)
class BatchNorm1d(_BatchNorm):
    """Batch normalization for vectors, or for sequences with channels first."""

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        if x.rank not in (1, 2):
            raise ShapeError(f"expects a vector, or channels × length, but receives {x}", port="in")
        return x


@layer("LayerNorm", category="normalization", title="Layer normalization", synonyms=("norm", "ln"))
class LayerNorm(Layer):
    """Brings the last axes of every sample to mean 0 and variance 1, whatever the batch."""

    STRICTER_THAN_TORCH = "torch is told sizes and not how many, so it cannot be told too many"

    axes: int = param(default=1, min=1, help="How many of the last axes are normalised together.")
    eps: float = param(
        default=1e-5,
        above=0,
        advanced=True,
        help="Added to the variance to avoid dividing by zero.",
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        if self.axes > x.rank:
            raise ShapeError(
                f"normalises the last {int(self.axes)} axes, but receives only {x.rank}: {x}",
                port="in",
                repairs=[SetArgument("axes", x.rank)] if x.rank else [],
            )
        return x

    def weights(self, x: TensorSpec) -> dict[str, tuple[int, ...]]:
        return {"weight": self._normalized(x), "bias": self._normalized(x)}

    def emit(self, x: TensorSpec) -> Emission:
        sizes = self._normalized(x)
        return module(
            "nn.LayerNorm", sizes[0] if len(sizes) == 1 else sizes, **changed(eps=(self.eps, 1e-5))
        )

    def _normalized(self, x: TensorSpec) -> tuple[int, ...]:
        return x.sizes[x.rank - self.axes :]


@layer("GroupNorm", category="normalization", title="Group normalization", synonyms=("norm", "gn"))
class GroupNorm(Layer):
    """Normalises groups of channels within each sample; works with any batch size."""

    num_groups: int = param(default=4, min=1, label="Groups", help="Number of groups of channels.")
    eps: float = param(
        default=1e-5,
        above=0,
        advanced=True,
        help="Added to the variance to avoid dividing by zero.",
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
        return {"weight": (x.channels,), "bias": (x.channels,)}

    def emit(self, x: TensorSpec) -> Emission:
        return module("nn.GroupNorm", self.num_groups, x.channels, **changed(eps=(self.eps, 1e-5)))

    def summary(self) -> str:
        return f"{int(self.num_groups)} groups"
