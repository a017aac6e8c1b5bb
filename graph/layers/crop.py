"""Cutting a piece out of a sequence, an image or a volume. Borders are added in pad.py."""

from graph.declare import Sizes, declare, param
from graph.layer import Emission, Layer, Port, Window, call, layer
from graph.layers.spatial import GIVEN_TWICE, LIKE, need_space, per_axis, wanted_size
from graph.shapes import Repair, SetArgument, ShapeError, TensorSpec, size_text


@declare
class _Crop(Layer):
    INPUTS = (Port("in"), LIKE)
    STRICTER_THAN_TORCH = GIVEN_TWICE

    size: Sizes | None = param(
        default=None,
        min=1,
        help="Sizes that stay, without the channels; one number counts for all axes. Nothing where "
        '"like" is linked, which then tells the size.',
    )

    def window(self, x: TensorSpec, like: TensorSpec | None) -> Window:
        return Window((1,) * (x.rank - 1), (1,) * (x.rank - 1))

    def target(self) -> str:
        """The size that is cut to, in words."""
        return "to the second input" if self.size is None else f"to {size_text(self.size)}"

    def refuse(self, x: TensorSpec, wanted: tuple[int, ...], offset: tuple[int, ...]) -> None:
        """Refuse a piece that is not within the input."""
        for has, start, size in zip(x.sizes[1:], offset, wanted, strict=True):
            if start + size <= has:
                continue
            what = f"cannot cut {size_text(wanted)} out of {size_text(x.sizes[1:])}"
            if any(offset):
                what += f", starting at {', '.join(str(int(one)) for one in offset)}"
            raise ShapeError(f"{what} (it receives {x})", port="in", repairs=self._fit(x, offset))

    def _fit(self, x: TensorSpec, offset: tuple[int, ...]) -> list[Repair]:
        """The largest piece that there is, where the settings tell the size."""
        left = [has - start for has, start in zip(x.sizes[1:], offset, strict=True)]
        if self.size is None or min(left) < 1:
            return []
        sizes = self.size * len(left) if len(self.size) == 1 else self.size
        return [SetArgument("size", tuple(map(min, sizes, left)))]


@layer(
    "CenterCrop",
    category="shape",
    title="Crop the centre",
    synonyms=("cut", "cropping2d", "crop to match", "u-net", "crop a skip connection"),
    formula="out[c, i, j] = in[c, i + ⌊(H − h) / 2⌋, j + ⌊(W − w) / 2⌋], with H × W coming in and "
    "h × w going out",
    use="Brings a skip connection to the size of the branch that it joins, as in the first U-Net, "
    "whose convolutions have no padding.",
    mistakes=(
        "The larger branch goes to “in” and the smaller one to “like”, not the other way round.",
        "It throws pixels away: where the difference is large, pad the convolutions instead.",
    ),
)
class CenterCrop(_Crop):
    """Keeps the middle of an image and cuts the same amount off on all sides."""

    def infer(self, x: TensorSpec, like: TensorSpec | None) -> TensorSpec:
        need_space(x)
        wanted = wanted_size(x, self.size, like)
        self.refuse(x, wanted, (0,) * len(wanted))
        return x.with_sizes(x.channels, *wanted)

    def shifted(self, x: TensorSpec, like: TensorSpec | None) -> str:
        if self.size is not None:
            return ""
        cut = [a - b for a, b in zip(x.sizes[1:], self.infer(x, like).sizes[1:], strict=True)]
        odd = next((number for number in cut if number % 2), None)
        return "" if odd is None else f"cuts {odd} off, which cannot be the same on both sides"

    def emit(self, x: TensorSpec, like: TensorSpec | None) -> Emission:
        if self.size is None:
            return call("center_crop({in}, {like}.shape[2:])")
        return call("center_crop({in}, {size})", size=per_axis("size", self.size, x))

    def summary(self) -> str:
        return self.target()


@layer(
    "Crop",
    category="shape",
    title="Crop",
    synonyms=("cut", "cropping1d", "cropping2d", "cropping3d", "slice", "offset"),
    formula="out[c, i, j] = in[c, i + offset, j + offset]",
    use="Takes a piece whose place is known, as the fully convolutional networks for segmentation "
    "do after their transposed convolutions.",
    mistakes=(
        "The offset counts from the top left corner; to keep the middle, take a CenterCrop.",
    ),
)
class Crop(_Crop):
    """Cuts a piece out of an image, starting at a given row and column."""

    offset: Sizes = param(
        default=(0,),
        min=0,
        help="First row and column that stay, counted from 0; one number counts for all axes.",
    )

    def infer(self, x: TensorSpec, like: TensorSpec | None) -> TensorSpec:
        need_space(x)
        wanted = wanted_size(x, self.size, like)
        self.refuse(x, wanted, per_axis("offset", self.offset, x))
        return x.with_sizes(x.channels, *wanted)

    def emit(self, x: TensorSpec, like: TensorSpec | None) -> Emission:
        offset = per_axis("offset", self.offset, x)
        if self.size is None:
            return call("crop({in}, {offset}, {like}.shape[2:])", offset=offset)
        size = per_axis("size", self.size, x)
        return call("crop({in}, {offset}, {size})", offset=offset, size=size)

    def summary(self) -> str:
        return f"{self.target()}, from {', '.join(str(int(one)) for one in self.offset)}"
