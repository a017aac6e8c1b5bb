"""Layers that trade channels against pixels, or put channels into another order."""

from graph.declare import param
from graph.layer import Emission, Layer, Window, layer, module, need_rank
from graph.layers.convolution import IMAGE
from graph.shapes import SetArgument, ShapeError, TensorSpec

FROM_THE_END = "torch counts the axes from the end, and would take the batch for channels"


@layer(
    "PixelShuffle",
    category="shape",
    title="Pixel shuffle",
    synonyms=("depth to space", "depth_to_space", "sub-pixel convolution", "upsampling"),
    formula="out[c, i·r + a, j·r + b] = in[c·r² + a·r + b, i, j] with r = upscale_factor",
    use="Makes an image larger after a convolution that made r² times as many channels, as in "
    "super-resolution; it leaves less of a checkerboard than a transposed convolution.",
    mistakes=("The convolution before it must make r² channels for every channel that is wanted.",),
)
class PixelShuffle(Layer):
    """Turns groups of channels into small squares of pixels: fewer channels, a larger image."""

    STRICTER_THAN_TORCH = FROM_THE_END

    upscale_factor: int = param(
        default=2, min=1, label="Factor", help="Height and width are multiplied by this."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_rank(x, 3, IMAGE)
        channels, height, width = x.sizes
        factor = self.upscale_factor
        if channels % (factor * factor):
            raise ShapeError(
                f"needs channels in groups of {int(factor)}² = {int(factor * factor)}, but receives"
                f" {int(channels)} ({x})",
                port="in",
                repairs=[
                    SetArgument("upscale_factor", other)
                    for other in range(int(factor) - 1, 1, -1)
                    if channels % (other * other) == 0
                ][:1],
            )
        return x.with_sizes(channels // (factor * factor), height * factor, width * factor)

    def window(self, x: TensorSpec) -> Window:
        step = 1 / int(self.upscale_factor)
        return Window((1, 1), (step, step))

    def emit(self, x: TensorSpec) -> Emission:
        return module("nn.PixelShuffle", self.upscale_factor)

    def summary(self) -> str:
        return f"{int(self.upscale_factor)} times"


@layer(
    "PixelUnshuffle",
    category="shape",
    title="Pixel unshuffle",
    synonyms=("space to depth", "space_to_depth", "focus", "patches", "downsampling"),
    formula="out[c·r² + a·r + b, i, j] = in[c, i·r + a, j·r + b] with r = downscale_factor",
    use="Makes an image smaller without losing a number, as at the entrance of some detectors.",
    mistakes=("It makes r² times as many channels; the convolution behind it grows with them.",),
)
class PixelUnshuffle(Layer):
    """Turns small squares of pixels into channels: more channels, a smaller image."""

    STRICTER_THAN_TORCH = FROM_THE_END

    downscale_factor: int = param(
        default=2, min=1, label="Factor", help="Height and width are divided by this."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_rank(x, 3, IMAGE)
        channels, height, width = x.sizes
        factor = self.downscale_factor
        if height % factor or width % factor:
            raise ShapeError(
                f"needs a height and width that {int(factor)} divides, but receives {x}", port="in"
            )
        return x.with_sizes(channels * factor * factor, height // factor, width // factor)

    def window(self, x: TensorSpec) -> Window:
        reach = int(self.downscale_factor)
        return Window((reach, reach), (reach, reach))

    def emit(self, x: TensorSpec) -> Emission:
        return module("nn.PixelUnshuffle", self.downscale_factor)

    def summary(self) -> str:
        return f"by {int(self.downscale_factor)}"


@layer(
    "ChannelShuffle",
    category="shape",
    title="Channel shuffle",
    synonyms=("shufflenet", "mix groups", "interleave"),
    formula="out[k·groups + g] = in[g·(C / groups) + k] for C channels",
    use="Between grouped convolutions, so that what one group found reaches the others.",
    mistakes=("Its groups must be those of the grouped convolution before it.",),
)
class ChannelShuffle(Layer):
    """Deals the channels of each group out over all groups, like cards."""

    groups: int = param(default=2, min=1, help="Number of groups of channels that are mixed.")

    def infer(self, x: TensorSpec) -> TensorSpec:
        if x.rank < 2:
            raise ShapeError(
                f"expects channels with at least one axis behind them, but receives {x}", port="in"
            )
        if x.channels % self.groups:
            raise ShapeError(
                f"groups = {int(self.groups)} must divide the {int(x.channels)} incoming channels",
                port="in",
                repairs=[
                    SetArgument("groups", other)
                    for other in range(min(int(self.groups), int(x.channels)), 1, -1)
                    if x.channels % other == 0
                ][:1],
            )
        return x

    def emit(self, x: TensorSpec) -> Emission:
        return module("nn.ChannelShuffle", self.groups)

    def summary(self) -> str:
        return f"{int(self.groups)} groups"
