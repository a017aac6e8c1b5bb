"""Images cut into patches, and patches put together to an image."""

from graph.declare import Pair, param
from graph.layer import Emission, Layer, changed, layer, module, need_float, one_or_all, pair_text
from graph.layers.convolution import border, kernel, spread, step
from graph.layers.sliding import axes, expect_places, short_text, slide
from graph.shapes import SetArgument, ShapeError, TensorSpec


class _Patches(Layer):
    """The settings of both ways."""

    kernel_size: Pair
    dilation: Pair
    padding: Pair
    stride: Pair

    def keywords(self) -> dict[str, object]:
        """What torch is told."""
        return {"kernel_size": one_or_all(self.kernel_size)} | changed(
            dilation=(one_or_all(self.dilation), 1),
            padding=(one_or_all(self.padding), 0),
            stride=(one_or_all(self.stride), 1),
        )

    def details(self) -> str:
        """Patches and stride."""
        text = pair_text(self.kernel_size)
        return text + ("" if self.stride == (1, 1) else f", stride {short_text(self.stride)}")


@layer(
    "Unfold",
    category="convolution",
    title="Cut into patches",
    synonyms=("im2col", "patches", "sliding window", "extract_patches", "extractpatches"),
    formula="out[c·kh·kw + i·kw + j, y·columns + x] = in[c, y·stride + i·dilation − padding, "
    "x·stride + j·dilation − padding]",
    use="To treat every patch of an image as a vector: for attention over patches, or for a "
    "convolution of one's own.",
    mistakes=(
        "The result has the patches last; for a transformer put a Permute behind it.",
        "With a stride of 1 the patches overlap; for tiles give the patch size as stride.",
    ),
)
class Unfold(_Patches):
    """Cuts an image into patches that may overlap, and makes a vector of each."""

    kernel_size: Pair = kernel(2, (2, 2))
    dilation: Pair = spread(2)
    padding: Pair = border(2)
    stride: Pair = step(2)

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        expect_places(x, 2)
        rows, columns = slide(x, self.kernel_size, self.stride, self.padding, self.dilation)
        values = x.channels * self.kernel_size[0] * self.kernel_size[1]
        return TensorSpec((values, rows * columns))

    def emit(self, x: TensorSpec) -> Emission:
        return module("nn.Unfold", **self.keywords())

    def summary(self) -> str:
        return f"patches {self.details()}"


@layer(
    "Fold",
    category="convolution",
    title="Join patches",
    synonyms=("col2im", "patches", "unpatchify", "overlap add"),
    formula="out[c, y·stride + i·dilation − padding, x·stride + j·dilation − padding] += "
    "in[c·kh·kw + i·kw + j, y·columns + x], for all patches",
    use="The way back from Unfold: an image from the vectors of its patches.",
    mistakes=(
        "Where patches overlap they are added up, not averaged.",
        "It takes channels·kh·kw × patches; where the patches come first, put a Permute before it.",
    ),
)
class Fold(_Patches):
    """Puts patches together to an image; where they overlap, they are added up."""

    output_size: Pair = param(
        default=(4, 4), min=1, label="Result", help="Height and width of the image, in pixels."
    )
    kernel_size: Pair = kernel(2, (2, 2))
    dilation: Pair = spread(2)
    padding: Pair = border(2)
    stride: Pair = step(2)

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        if x.rank != 2:
            raise ShapeError(
                f"expects patches (channels·height·width of a patch × their number), but receives "
                f"{x}",
                port="in",
            )
        values = self.kernel_size[0] * self.kernel_size[1]
        if x.channels % values:
            raise ShapeError(
                f"patches {pair_text(self.kernel_size)} have a multiple of {int(values)} values, "
                f"but each has {int(x.channels)} (it receives {x})",
                port="in",
            )
        image = TensorSpec((x.channels // values, *self.output_size))
        rows, columns = self._taken(image)
        if rows * columns != x.sizes[1]:
            raise ShapeError(
                f"an image of {pair_text(self.output_size)} has {int(rows)}·{int(columns)} = "
                f"{int(rows * columns)} patches, but {int(x.sizes[1])} come (it receives {x})",
                port="in",
            )
        return image

    def next_input(self, *received: TensorSpec | None) -> TensorSpec | None:
        if received:
            return None
        rows, columns = self._taken(TensorSpec((1, *self.output_size)))
        return TensorSpec((self.kernel_size[0] * self.kernel_size[1], rows * columns))

    def _taken(self, image: TensorSpec) -> tuple[int, ...]:
        given = (self.kernel_size, self.stride, self.padding, self.dilation)
        for axis in axes(image, *given):
            if axis.size + 2 * axis.padding < axis.reach:
                least = tuple(max(1, int(a.reach - 2 * a.padding)) for a in axes(image, *given))
                larger = tuple(max(int(s), n) for s, n in zip(self.output_size, least, strict=True))
                raise ShapeError(
                    f"a patch reaches over {int(axis.reach)} pixels in {axis.name}, but the image "
                    f"(output_size) has only {int(axis.size)}",
                    repairs=[SetArgument("output_size", larger)],
                )
        return slide(image, *given)

    def emit(self, x: TensorSpec) -> Emission:
        return module("nn.Fold", output_size=one_or_all(self.output_size), **self.keywords())

    def summary(self) -> str:
        return f"to {pair_text(self.output_size)}, patches {self.details()}"
