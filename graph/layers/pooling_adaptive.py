"""Pooling to a size that is told: adaptive, global and fractional."""

import math
from typing import Any, ClassVar

from graph.declare import Pair, Triple, param
from graph.layer import Emission, Layer, Port, Window, call, layer, module, need_float, one_or_all
from graph.layers.convolution import like_rank
from graph.layers.pooling import INDICES, POOLED, pool_indices, pool_window, with_indices
from graph.layers.sliding import AXES, PLACES, SIDES, THING, Along, along, expect_places, like
from graph.shapes import SetArgument, ShapeError, TensorSpec


def target(rank: int, default: int = 1) -> Any:
    """The parameter output_size."""
    return param(
        default=like_rank(rank, default),
        min=1,
        label="Result",
        help=f"{SIDES[rank].capitalize()} of the result, in {PLACES[rank]}.",
    )


class _ToSize(Layer):
    """What pools to a size that is told."""

    AXES: ClassVar[int]

    output_size: Along

    def outputs(self) -> tuple[Port, ...]:
        return (POOLED, INDICES) if getattr(self, "return_indices", False) else self.OUTPUTS

    def infer(self, x: TensorSpec) -> TensorSpec | tuple[TensorSpec, ...]:
        need_float(x)
        expect_places(x, self.AXES)
        out = TensorSpec((x.channels, *along(self.output_size)))
        if getattr(self, "return_indices", False):
            return out, TensorSpec(out.sizes, "integer")
        return out

    def summary(self) -> str:
        return "to " + "×".join(str(int(size)) for size in along(self.output_size))


class _Adaptive(_ToSize):
    def window(self, x: TensorSpec) -> Window | None:
        out = along(self.output_size)
        if all(size == 1 for size in out):
            return None
        widest = tuple(
            max(math.ceil((i + 1) * has / to) - i * has // to for i in range(to))
            for has, to in zip(x.sizes[1:], out, strict=True)
        )
        return Window(widest, tuple(has / to for has, to in zip(x.sizes[1:], out, strict=True)))

    def emit(self, x: TensorSpec) -> Emission:
        size = one_or_all(along(self.output_size))
        if getattr(self, "return_indices", False):
            return with_indices(module(f"nn.{self.NAME}", size, return_indices=True))
        return module(f"nn.{self.NAME}", size)


class _AdaptiveAverage(_Adaptive):
    STRICTER_THAN_TORCH = "for a size of 1 torch checks nothing, and averages over the batch"


class _AdaptiveMax(_Adaptive):
    return_indices: bool


AVERAGE_FORMULA = (
    "out[c, i, ...] = average of in[c, ⌊i·size / output_size⌋ ... ⌈(i + 1)·size / output_size⌉ − "
    "1, ...]"
)
MAX_FORMULA = AVERAGE_FORMULA.replace("average", "largest")
ANY_SIZE = (
    "Before the first linear layer of a classifier: with it the network takes {}s of any size."
)
THEN_FLATTEN = "A linear layer behind it still needs a Flatten, also after a size of 1."
LARGER = "A result larger than the input only repeats values; to enlarge, take an Upsample."
PYRAMID = (
    "For spatial pyramid pooling, several sizes side by side; and before a linear layer, so that "
    "the network takes {}s of any size."
)
FEW_LEARN = "Only one place of each window learns; where that is too few, take averages."


@layer(
    "AdaptiveAvgPool2d",
    category="pooling",
    title="Adaptive average pooling",
    synonyms=("global average pooling", "gap", "globalaveragepooling2d", "pyramid pooling"),
    console=("GlobalAveragePooling",),
    formula=AVERAGE_FORMULA,
    use=ANY_SIZE.format("image"),
    mistakes=(THEN_FLATTEN, LARGER),
)
class AdaptiveAvgPool2d(_AdaptiveAverage):
    """Averages an image of any size down to a fixed size; 1 × 1 is global average pooling."""

    AXES = 2

    output_size: Pair = target(2)


@layer(
    "AdaptiveAvgPool1d",
    category="pooling",
    title="Adaptive average pooling (sequence)",
    synonyms=("global average pooling", "gap", "globalaveragepooling1d", "mean over time"),
    formula=AVERAGE_FORMULA,
    use=ANY_SIZE.format("sequence"),
    mistakes=("It wants channels × length; where steps come first, put a Permute.", THEN_FLATTEN),
)
class AdaptiveAvgPool1d(_AdaptiveAverage):
    """Averages a sequence of any length down to a fixed length."""

    AXES = 1

    output_size: int = target(1)


@layer(
    "AdaptiveAvgPool3d",
    category="pooling",
    title="Adaptive average pooling (volume)",
    synonyms=("global average pooling", "gap", "globalaveragepooling3d", "video"),
    formula=AVERAGE_FORMULA,
    use=ANY_SIZE.format("volume"),
    mistakes=(THEN_FLATTEN, LARGER),
)
class AdaptiveAvgPool3d(_AdaptiveAverage):
    """Averages a volume of any size down to a fixed size."""

    AXES = 3

    output_size: Triple = target(3)


@layer(
    "AdaptiveMaxPool2d",
    category="pooling",
    title="Adaptive max pooling",
    synonyms=("global max pooling", "globalmaxpooling2d", "spatial pyramid pooling", "spp"),
    formula=MAX_FORMULA,
    use=PYRAMID.format("image"),
    mistakes=(THEN_FLATTEN, FEW_LEARN),
)
class AdaptiveMaxPool2d(_AdaptiveMax):
    """Keeps the largest values of an image of any size in a fixed number of windows."""

    AXES = 2

    output_size: Pair = target(2)
    return_indices: bool = pool_indices()


@layer(
    "AdaptiveMaxPool1d",
    category="pooling",
    title="Adaptive max pooling (sequence)",
    synonyms=("global max pooling", "globalmaxpooling1d", "max over time"),
    formula=MAX_FORMULA,
    use=PYRAMID.format("sequence"),
    mistakes=("It wants channels × length; where steps come first, put a Permute.", FEW_LEARN),
)
class AdaptiveMaxPool1d(_AdaptiveMax):
    """Keeps the largest values of a sequence of any length in a fixed number of windows."""

    AXES = 1

    output_size: int = target(1)
    return_indices: bool = pool_indices()


@layer(
    "AdaptiveMaxPool3d",
    category="pooling",
    title="Adaptive max pooling (volume)",
    synonyms=("global max pooling", "globalmaxpooling3d", "video"),
    formula=MAX_FORMULA,
    use=PYRAMID.format("volume"),
    mistakes=(THEN_FLATTEN, FEW_LEARN),
)
class AdaptiveMaxPool3d(_AdaptiveMax):
    """Keeps the largest values of a volume of any size in a fixed number of blocks."""

    AXES = 3

    output_size: Triple = target(3)
    return_indices: bool = pool_indices()


# --- over everything ----------------------------------------------------------------------------


class _Global(Layer):
    STRICTER_THAN_TORCH = "without places behind the channels torch would sum up the whole batch"
    CODE: ClassVar[str]

    keepdim: bool

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        if x.rank < 2:
            raise ShapeError(
                f"expects channels and places behind them, as an image has, but receives {x}",
                port="in",
            )
        left = (1,) * (x.rank - 1) if self.keepdim else ()
        return TensorSpec((x.channels, *left))

    def window(self, x: TensorSpec) -> Window | None:
        return None

    def emit(self, x: TensorSpec) -> Emission:
        dims = tuple(range(2, x.rank + 1))
        kept = ", keepdim=True" if self.keepdim else ""
        return call(f"{{in}}.{self.CODE}(dim={{dim}}{kept})", dim=one_if_single(dims))

    def summary(self) -> str:
        return "1 number a channel"


def one_if_single(dims: tuple[int, ...]) -> int | tuple[int, ...]:
    """`2` instead of `(2,)`."""
    return dims[0] if len(dims) == 1 else dims


def kept() -> Any:
    """The parameter keepdim."""
    return param(
        default=False,
        advanced=True,
        label="Keep the axes",
        help="Give channels × 1 × 1 instead of a vector, to multiply it with an image later.",
    )


@layer(
    "GlobalAvgPool",
    category="pooling",
    title="Global average pooling",
    synonyms=("globalaveragepooling2d", "globalaveragepooling1d", "gap", "mean", "flatten"),
    console=("GlobalAveragePooling",),
    formula="out[c] = average over all places of in[c, ...]",
    use="At the end of the convolutions of a classifier: a vector from images of any size, with "
    "far fewer weights behind it than after a Flatten.",
    mistakes=(
        "All knowledge of where something is gets lost; not before a layer that needs it.",
        "It wants channels first; for a sequence of steps × features put a Permute before it.",
    ),
)
class GlobalAvgPool(_Global):
    """Averages every channel over all its places, which makes a vector of an image."""

    CODE = "mean"

    keepdim: bool = kept()


@layer(
    "GlobalMaxPool",
    category="pooling",
    title="Global max pooling",
    synonyms=("globalmaxpooling2d", "globalmaxpooling1d", "max over time", "flatten"),
    formula="out[c] = max over all places of in[c, ...]",
    use="Where it matters whether something occurs at all: key words in a text, a defect in an "
    "image.",
    mistakes=(
        "Only one place of each channel learns at a time; averages learn faster at first.",
        "It wants channels first; for a sequence of steps × features put a Permute before it.",
    ),
)
class GlobalMaxPool(_Global):
    """Keeps the largest value of every channel, which makes a vector of an image."""

    CODE = "amax"

    keepdim: bool = kept()


# --- by a fraction ------------------------------------------------------------------------------


@layer(
    "FractionalMaxPool2d",
    category="pooling",
    title="Fractional max pooling",
    synonyms=("random pooling", "stochastic pooling", "downsampling"),
    formula="out[c, i, ...] = max of in[c, a(i) ... a(i) + kernel_size − 1, ...], with "
    "steps a(i + 1) − a(i) drawn anew each time so that they add up to the size",
    use="To shrink by less than half at a time, with many layers; the random windows also work "
    "against overfitting.",
    mistakes=(
        "The windows are random in evaluation too, so results vary a little.",
        "It shrinks to a fixed size; another input size shifts how much each layer shrinks.",
    ),
)
class FractionalMaxPool2d(_ToSize):
    """Shrinks an image to any size, by the largest values of windows at random places."""

    AXES = 2

    kernel_size: Pair = pool_window(2)
    output_size: Pair = target(2, 4)
    return_indices: bool = pool_indices()

    def infer(self, x: TensorSpec) -> TensorSpec | tuple[TensorSpec, ...]:
        given = super().infer(x)
        axes = zip(
            AXES[self.AXES],
            x.sizes[1:],
            along(self.kernel_size),
            along(self.output_size),
            strict=True,
        )
        for name, has, kernel, to in axes:
            if to + kernel - 1 > has:
                most = tuple(
                    max(1, min(int(o), int(s) - int(k) + 1))
                    for o, s, k in zip(
                        along(self.output_size), x.sizes[1:], along(self.kernel_size), strict=True
                    )
                )
                raise ShapeError(
                    f"{int(to)} windows of {int(kernel)} need at least {int(to + kernel - 1)} "
                    f"{PLACES[self.AXES]} in {name}, but the {THING[self.AXES]} has only "
                    f"{int(has)}",
                    port="in",
                    repairs=[SetArgument("output_size", like(self.output_size, most))],
                )
        return given

    def window(self, x: TensorSpec) -> Window | None:
        steps = tuple(h / to for h, to in zip(x.sizes[1:], along(self.output_size), strict=True))
        return Window(along(self.kernel_size), steps)

    def emit(self, x: TensorSpec) -> Emission:
        emission = module(
            f"nn.{self.NAME}",
            one_or_all(along(self.kernel_size)),
            output_size=one_or_all(along(self.output_size)),
            **({"return_indices": True} if self.return_indices else {}),
        )
        return with_indices(emission) if self.return_indices else emission
