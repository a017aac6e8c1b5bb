"""Adding a border around a sequence, an image or a volume. Cutting one off is in crop.py."""

from typing import ClassVar, Literal

from graph.declare import declare, param
from graph.layer import Emission, Layer, Port, Window, call, changed, layer, module, need_rank
from graph.layers.convolution import IMAGE
from graph.layers.spatial import need_same_axes, need_space
from graph.shapes import SetArgument, ShapeError, TensorSpec, size_text

STRICTER = "torch pads the last axes of anything, even where one of them is the batch"

MODE = (
    "What the border holds: one value, the image mirrored at its edge, its edge repeated, or the "
    "image continued from its other side."
)
VALUE = "The number in the border; without effect in the other modes."

WIDER_THAN_THE_IMAGE = (
    "A mirrored or continued border cannot be wider than the image; take several layers or another "
    "mode."
)

Mode = Literal["constant", "reflect", "replicate", "circular"]

CLASSES = {"reflect": "ReflectionPad", "replicate": "ReplicationPad", "circular": "CircularPad"}


@declare
class _Border(Layer):
    """A border in one of torch's four modes."""

    mode: Mode = param(default="constant", help=MODE)
    value: float = param(default=0.0, help=VALUE)

    def check(self, x: TensorSpec, before: tuple[int, ...], after: tuple[int, ...]) -> None:
        """Refuse what torch cannot fill in this mode."""
        if self.mode == "constant":
            return
        if x.dtype != "float":
            raise ShapeError(
                f"expects decimal numbers, unless the border holds one value, but receives "
                f"{x.dtype} values of size {x}",
                port="in",
                repairs=[SetArgument("mode", "constant")],
            )
        for size, first, last in zip(x.sizes[1:], before, after, strict=True):
            widest = first if first > last else last
            if (self.mode == "reflect" and widest >= size) or (
                self.mode == "circular" and widest > size
            ):
                must = "narrower than" if self.mode == "reflect" else "at most as wide as"
                raise ShapeError(
                    f"needs a border that is {must} the input in mode {self.mode}, but adds "
                    f"{int(widest)} to {int(size)} (it receives {x})",
                    port="in",
                    repairs=[SetArgument("mode", "replicate")],
                )

    def window(self, x: TensorSpec, *_: TensorSpec) -> Window:
        return Window((1,) * (x.rank - 1), (1,) * (x.rank - 1))


@declare
class _Pad(_Border):
    """A border of given widths; the sides of the last axis come first, as in torch."""

    STRICTER_THAN_TORCH = STRICTER
    SIDES: ClassVar[tuple[str, ...]] = ("left", "right", "top", "bottom", "front", "back")
    KIND: ClassVar[tuple[int, str]]

    def sides(self) -> tuple[int, ...]:
        """The widths in torch's order."""
        return tuple(getattr(self, side) for side in self.SIDES if side in self.PARAMETERS)

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_rank(x, *self.KIND)
        before, after = self.sides()[-2::-2], self.sides()[::-2]
        self.check(x, before, after)
        channels, *sizes = x.sizes
        return x.with_sizes(
            channels, *(f + s + b for f, s, b in zip(before, sizes, after, strict=True))
        )

    def emit(self, x: TensorSpec) -> Emission:
        count = x.rank - 1
        if self.mode != "constant":
            return module(f"nn.{CLASSES[self.mode]}{count}d", self.sides())
        extra = changed(value=(self.value, 0.0))
        if extra:
            return module(f"nn.ConstantPad{count}d", self.sides(), **extra)
        return module(f"nn.ZeroPad{count}d", self.sides())

    def summary(self) -> str:
        sides = [int(side) for side in self.sides()]
        same = len(set(sides)) == 1
        text = f"{sides[0]} on each side" if same else ", ".join(map(str, sides))
        return text if self.mode == "constant" else f"{text}, {self.mode}"


@layer(
    "Pad2d",
    category="shape",
    title="Padding",
    synonyms=(
        "pad",
        "border",
        "zeropadding2d",
        "reflection",
        "replication",
        "mirror",
        "margin",
        "reflectionpad2d",
        "replicationpad2d",
        "circularpad2d",
        "constantpad2d",
    ),
    console=("Pad",),
    formula="out[c, i, j] = in[c, i − top, j − left] within the image, else the border",
    use="Gives an image a margin: to keep its size through a convolution, or to bring it to a size "
    "that can be halved.",
    mistakes=(
        "A convolution pads by itself: with both, the border is twice as wide.",
        WIDER_THAN_THE_IMAGE,
    ),
)
class Pad2d(_Pad):
    """Adds a border around an image."""

    KIND = (3, IMAGE)

    left: int = param(default=1, min=0, help="Columns added on the left.")
    right: int = param(default=1, min=0, help="Columns added on the right.")
    top: int = param(default=1, min=0, help="Rows added at the top.")
    bottom: int = param(default=1, min=0, help="Rows added at the bottom.")


@layer(
    "Pad1d",
    category="shape",
    title="Padding (sequence)",
    synonyms=(
        "pad",
        "border",
        "zeropadding1d",
        "reflection",
        "replication",
        "causal",
        "reflectionpad1d",
        "replicationpad1d",
        "circularpad1d",
        "constantpad1d",
        "zeropad1d",
    ),
    console=("Pad",),
    formula="out[c, t] = in[c, t − left] within the sequence, else the border",
    use="Makes a sequence longer; with the whole border on the left, a convolution behind it looks "
    "only backwards.",
    mistakes=(
        "The steps must be the last axis; where the features are, put a Permute before it.",
        WIDER_THAN_THE_IMAGE.replace("image", "sequence"),
    ),
)
class Pad1d(_Pad):
    """Adds steps at the beginning and the end of a sequence."""

    KIND = (2, "a sequence (channels × length)")

    left: int = param(default=1, min=0, help="Steps added at the beginning.")
    right: int = param(default=1, min=0, help="Steps added at the end.")


@layer(
    "Pad3d",
    category="shape",
    title="Padding (volume)",
    synonyms=(
        "pad",
        "border",
        "zeropadding3d",
        "replication",
        "voxel",
        "reflectionpad3d",
        "replicationpad3d",
        "circularpad3d",
        "constantpad3d",
        "zeropad3d",
    ),
    console=("Pad",),
    formula="out[c, d, i, j] = in[c, d − front, i − top, j − left] within the volume, else the "
    "border",
    use="Gives a volume or a film a margin, for example to bring it to a size that can be halved.",
    mistakes=(WIDER_THAN_THE_IMAGE.replace("image", "volume"),),
)
class Pad3d(_Pad):
    """Adds a border around a volume."""

    KIND = (4, "a volume (channels × depth × height × width)")

    left: int = param(default=1, min=0, help="Columns added on the left.")
    right: int = param(default=1, min=0, help="Columns added on the right.")
    top: int = param(default=1, min=0, help="Rows added at the top.")
    bottom: int = param(default=1, min=0, help="Rows added at the bottom.")
    front: int = param(default=1, min=0, help="Slices added at the front.")
    back: int = param(default=1, min=0, help="Slices added at the back.")


@layer(
    "ZeroPad2d",
    category="shape",
    title="Zero padding",
    synonyms=("pad", "border", "zeropadding2d", "margin"),
    formula="out[c, i, j] = in[c, i − top, j − left] within the image, else 0",
    use="The padding that convolutions use themselves, where the sides need different widths.",
    mistakes=("A convolution pads by itself: with both, the border is twice as wide.",),
)
class ZeroPad2d(Layer):
    """Adds a border of zeros around an image."""

    STRICTER_THAN_TORCH = STRICTER

    left: int = param(default=1, min=0, help="Columns added on the left.")
    right: int = param(default=1, min=0, help="Columns added on the right.")
    top: int = param(default=1, min=0, help="Rows added at the top.")
    bottom: int = param(default=1, min=0, help="Rows added at the bottom.")

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_rank(x, 3, IMAGE)
        channels, height, width = x.sizes
        return x.with_sizes(
            channels, height + self.top + self.bottom, width + self.left + self.right
        )

    def window(self, x: TensorSpec) -> Window:
        return Window((1, 1), (1, 1))

    def emit(self, x: TensorSpec) -> Emission:
        return module("nn.ZeroPad2d", (self.left, self.right, self.top, self.bottom))


@layer(
    "PadLike",
    category="shape",
    title="Padding to a size",
    synonyms=("pad to match", "border", "u-net", "pad a skip connection", "align"),
    formula="out[c, i, j] = in[c, i − ⌊(H − h) / 2⌋, j − ⌊(W − w) / 2⌋] within the image, else the "
    "border, with h × w coming in and H × W at “like”",
    use="Brings an enlarged image to the size of the skip connection that it joins, where halving "
    "and doubling lost an odd row or column.",
    mistakes=(
        "It cannot make anything smaller: where the second input is smaller, take a CenterCrop.",
        "Without padding in the convolutions, most of what it adds is border; pad those instead.",
    ),
)
class PadLike(_Border):
    """Adds a border around an image until it is as large as a second one."""

    INPUTS = (Port("in"), Port("like", "Has the size that is wanted.", size_only=True))
    STRICTER_THAN_TORCH = "torch takes a negative border for cropping; CenterCrop says what it does"

    def infer(self, x: TensorSpec, like: TensorSpec) -> TensorSpec:
        need_space(x)
        need_same_axes(x, like)
        wanted = like.sizes[1:]
        for has, size in zip(x.sizes[1:], wanted, strict=True):
            if size < has:
                raise ShapeError(
                    f"cannot pad {size_text(x.sizes[1:])} to {size_text(wanted)}, which is "
                    f"smaller; link the two inputs the other way round, or take a CenterCrop",
                    port="like",
                )
        missing = [size - has for has, size in zip(x.sizes[1:], wanted, strict=True)]
        self.check(x, tuple(m // 2 for m in missing), tuple(m - m // 2 for m in missing))
        return x.with_sizes(x.channels, *wanted)

    def emit(self, x: TensorSpec, like: TensorSpec) -> Emission:
        extra = changed(mode=(self.mode, "constant"))
        if self.mode == "constant":
            extra = changed(value=(self.value, 0.0))
        words = "".join(f", {name}={{{name}}}" for name in extra)
        return call(f"pad_like({{in}}, {{like}}{words})", **extra)

    def summary(self) -> str:
        return "to the second input"
