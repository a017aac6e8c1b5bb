"""Making a sequence, an image or a volume larger or smaller, by blending or repeating."""

from typing import Any, Literal

from graph.declare import Sizes, declare, param
from graph.layer import Emission, Layer, Port, Window, call, changed, layer, module, need_float
from graph.layers.spatial import GIVEN_TWICE, LIKE, need_space, per_axis, wanted_size
from graph.shapes import Repair, SetArgument, ShapeError, TensorSpec, size_text

Mode = Literal["nearest", "linear", "bilinear", "bicubic", "trilinear", "area", "nearest-exact"]

RANKS = {"linear": 2, "bilinear": 3, "bicubic": 3, "trilinear": 4}
"""The modes that fit only one kind of input, with its number of axes."""

KINDS = {2: "a sequence", 3: "an image", 4: "a volume"}

BLENDING = {2: "linear", 3: "bilinear", 4: "trilinear"}

REACH = {"linear": 2, "bilinear": 2, "trilinear": 2, "bicubic": 4}
"""How many neighbours along an axis a blended value is made of."""

SMOOTH = ("bilinear", "bicubic")
"""The modes that can look at more neighbours when making smaller."""

NEAREST_IS_OFF = (
    "The mode “nearest” takes the upper left of the candidates; where results must agree with "
    "Pillow or scikit-image, take “nearest-exact”."
)


@declare
class _Resize(Layer):
    mode: Mode = param(
        default="nearest",
        help="Repeat the nearest value, or blend between neighbours: linear in a sequence, "
        "bilinear or bicubic in an image, trilinear in a volume; area averages.",
    )
    align_corners: bool = param(
        default=False,
        advanced=True,
        help="When blending, keep the outermost values exactly where they are.",
    )

    def check(self, x: TensorSpec) -> None:
        """Refuse what the mode is not made for."""
        need_float(x)
        need_space(x)
        rank = RANKS.get(self.mode, x.rank)
        if rank != x.rank:
            raise ShapeError(
                f"blends {self.mode}, which is for {KINDS[rank]}, but receives {KINDS[x.rank]} "
                f"({x})",
                port="in",
                repairs=[SetArgument("mode", BLENDING[x.rank])],
            )

    def corners(self) -> dict[str, bool]:
        """torch's `align_corners`, which it takes only where it blends."""
        if self.mode not in RANKS:
            return {}
        return changed(align_corners=(self.align_corners, False))

    def reach(self, x: TensorSpec, after: tuple[int, ...], smooth: bool = False) -> Window:
        """How far one result sees."""
        step = tuple(int(size) / int(made) for size, made in zip(x.sizes[1:], after, strict=True))
        if self.mode == "area":
            return Window(tuple(-(-s // 1) for s in step), step)
        neighbours = REACH.get(self.mode, 1)
        return Window(tuple(neighbours * max(1, s if smooth else 1) for s in step), step)


@layer(
    "Upsample",
    category="shape",
    title="Upsample",
    synonyms=(
        "resize",
        "enlarge",
        "upsampling2d",
        "upsampling1d",
        "upsampling3d",
        "zoom",
        "scale",
        "upsamplingbilinear2d",
        "upsamplingnearest2d",
    ),
    console=("Unpooling",),
    formula="nearest: out[c, i, j] = in[c, ⌊i / scale_factor⌋, ⌊j / scale_factor⌋]; blending: the "
    "weighted mean of the values around that place",
    use="Makes an image larger again, in the second half of a network that draws or segments; a "
    "convolution behind it learns the details.",
    mistakes=(
        "Blending differs between programs: TensorFlow's old models align the corners.",
        "It adds no detail: put a convolution behind it, or take a ConvTranspose2d.",
    ),
)
class Upsample(_Resize):
    """Makes an image larger by a whole factor, by repeating pixels or by blending between them."""

    scale_factor: Sizes = param(
        default=(2,),
        min=1,
        label="Factor",
        help="Height and width are multiplied by this; one number counts for all axes.",
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        self.check(x)
        factors = per_axis("scale_factor", self.scale_factor, x)
        sizes = (size * factor for size, factor in zip(x.sizes[1:], factors, strict=True))
        return TensorSpec((x.channels, *sizes))

    def window(self, x: TensorSpec) -> Window:
        return self.reach(x, self.infer(x).sizes[1:])

    def emit(self, x: TensorSpec) -> Emission:
        factors = self.scale_factor
        return module(
            "nn.Upsample",
            scale_factor=factors[0] if len(factors) == 1 else factors,
            **changed(mode=(self.mode, "nearest")),
            **self.corners(),
        )

    def summary(self) -> str:
        return f"{size_text(self.scale_factor)} times, {self.mode}"


@layer(
    "Interpolate",
    category="shape",
    title="Resize",
    synonyms=("resizing", "scale", "zoom", "downsample", "bilinear", "resize to match", "resample"),
    console=("Interpolate",),
    formula="out[c, i, j] = the weighted mean of in around row (i + ½) · H / h − ½ and column "
    "(j + ½) · W / w − ½, with H × W coming in and h × w going out",
    use="Brings an image to a given size, to the size of another branch, or to a fraction of its "
    "size.",
    mistakes=(
        "Made much smaller, an image flickers with fine patterns: turn antialias on, or take area.",
        NEAREST_IS_OFF,
        "With weights from elsewhere, align_corners must be as it was there.",
    ),
)
class Interpolate(_Resize):
    """Makes an image larger or smaller: to a size, to that of a second input, or by a fraction."""

    INPUTS = (Port("in"), LIKE)
    STRICTER_THAN_TORCH = GIVEN_TWICE

    size: Sizes | None = param(
        default=None,
        min=1,
        help="Sizes of the result, without the channels; one number counts for all axes.",
    )
    scale_factor: int = param(
        default=1, min=1, max=1024, label="Factor", help="Where no size is given: so many times."
    )
    divisor: int = param(
        default=1,
        min=1,
        max=1024,
        label="Divided by",
        help="Where no size is given: divided by this, rounded down; 3 divided by 2 is 1.5 times.",
    )
    antialias: bool = param(
        default=False,
        advanced=True,
        help="When an image is blended to a smaller size, count all its pixels.",
    )

    def by_fraction(self) -> bool:
        """Whether the settings tell a fraction of the size."""
        return self.scale_factor != 1 or self.divisor != 1

    def infer(self, x: TensorSpec, like: TensorSpec | None) -> TensorSpec:
        self.check(x)
        if not self.by_fraction():
            return TensorSpec((x.channels, *wanted_size(x, self.size, like)))
        if self.size is not None or like is not None:
            where = "at “like”" if self.size is None else "in its settings"
            repairs: list[Repair] = [] if self.size is None else [SetArgument("size", None)]
            raise ShapeError(
                f"has a factor, but also a size {where}; only one of them can count",
                repairs=repairs,
            )
        sizes = tuple(size * self.scale_factor // self.divisor for size in x.sizes[1:])
        if 0 in sizes:
            raise ShapeError(
                f"makes nothing of {x}: divided by {int(self.divisor)}, no pixel is left",
                port="in",
                repairs=[SetArgument("divisor", min(x.sizes[1:]) * self.scale_factor)],
            )
        return TensorSpec((x.channels, *sizes))

    def window(self, x: TensorSpec, like: TensorSpec | None) -> Window:
        smooth = self.antialias and self.mode in SMOOTH
        return self.reach(x, self.infer(x, like).sizes[1:], smooth)

    def emit(self, x: TensorSpec, like: TensorSpec | None) -> Emission:
        values: dict[str, Any] = {"mode": self.mode, **self.corners()}
        if self.mode in SMOOTH:
            values |= changed(antialias=(self.antialias, False))
        words = "".join(f", {name}={{{name}}}" for name in values)
        if self.size is not None:
            values["size"] = per_axis("size", self.size, x)
            size = "{size}"
        elif like is not None:
            size = "{like}.shape[2:]"
        else:
            by, fraction = self._fraction()
            values |= fraction
            size = ", ".join(f"{{in}}.size({axis}){by}" for axis in range(2, x.rank + 1))
            size = size if x.rank == 2 else f"({size})"
        return call(f"nn.functional.interpolate({{in}}, size={size}{words})", **values)

    def _fraction(self) -> tuple[str, dict[str, int]]:
        """` * 3 // 2`, and the numbers in it."""
        numbers = changed(scale_factor=(self.scale_factor, 1), divisor=(self.divisor, 1))
        signs = {"scale_factor": "*", "divisor": "//"}
        return "".join(f" {signs[name]} {{{name}}}" for name in numbers), numbers

    def summary(self) -> str:
        if self.by_fraction():
            by = f" / {int(self.divisor)}" if self.divisor != 1 else ""
            return f"{int(self.scale_factor)}{by} times, {self.mode}"
        where = "to the second input" if self.size is None else f"to {size_text(self.size)}"
        return f"{where}, {self.mode}"
