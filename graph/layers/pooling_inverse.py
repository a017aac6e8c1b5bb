"""The way back from max pooling: values return to the places where they were."""

from typing import ClassVar

from graph.declare import Pair, Triple
from graph.layer import (
    Constructor,
    Emission,
    Layer,
    Port,
    Window,
    changed,
    layer,
    need_float,
    one_or_all,
)
from graph.layers.convolution import like_rank
from graph.layers.pooling import pool_border, pool_step, pool_window
from graph.layers.sliding import Along, along, axes, expect_places, short_text
from graph.shapes import SetArgument, ShapeError, TensorSpec
from graph.trace import ceil_divide


class _Unpooling(Layer):
    """What unpooling of any number of axes shares."""

    INPUTS = (
        Port("in", "What was pooled, possibly after further layers."),
        Port("indices", "The second output of the max pooling that is undone."),
        Port(
            "like",
            "What has the size before that pooling, where it was odd.",
            optional=True,
            size_only=True,
        ),
    )

    AXES: ClassVar[int]

    kernel_size: Along
    stride: Along | None
    padding: Along

    def step(self) -> Along:
        """The stride, as large as the window where none is given."""
        return self.kernel_size if self.stride is None else self.stride

    def infer(
        self, x: TensorSpec, indices: TensorSpec, like: TensorSpec | None = None
    ) -> TensorSpec:
        need_float(x)
        expect_places(x, self.AXES)
        if indices.dtype != "integer" or indices.sizes != x.sizes:
            raise ShapeError(
                f"expects the places (whole numbers) of all {x} values, from a max pooling with "
                f"return_indices, but receives {indices.dtype} values of size {indices}",
                port="indices",
            )
        if like is not None:
            expect_places(like, self.AXES, "like")
        sizes = []
        for place, axis in enumerate(axes(x, self.kernel_size, self.step(), self.padding), start=1):
            size = (axis.size - 1) * axis.stride + axis.kernel - 2 * axis.padding
            if like is not None:
                wanted = like.sizes[place]
                if wanted <= size - axis.stride or wanted >= size + axis.stride:
                    raise ShapeError(
                        f"its {axis.name} is {int(wanted)}, but this unpooling can only give "
                        f"{int(size - axis.stride) + 1} to {int(size + axis.stride) - 1}",
                        port="like",
                    )
                size = wanted
            if size < 1:
                raise ShapeError(
                    f"padding {int(axis.padding)} on both sides leaves nothing in {axis.name} "
                    f"(it receives {x})",
                    port="in",
                    repairs=[SetArgument("padding", like_rank(self.AXES, 0))],
                )
            sizes.append(size)
        return TensorSpec((x.channels, *sizes))

    def window(
        self, x: TensorSpec, indices: TensorSpec, like: TensorSpec | None = None
    ) -> Window | None:
        every = list(axes(x, self.kernel_size, self.step()))
        return Window(
            tuple(ceil_divide(axis.kernel, axis.stride) for axis in every),
            tuple(1 / axis.stride for axis in every),
        )

    def emit(self, x: TensorSpec, indices: TensorSpec, like: TensorSpec | None = None) -> Emission:
        size = "" if like is None else ", output_size={like}.shape[2:]"
        stride = None if self.stride is None else one_or_all(along(self.stride))
        keywords = {"kernel_size": one_or_all(along(self.kernel_size))} | changed(
            stride=(stride, None), padding=(one_or_all(along(self.padding)), 0)
        )
        return Emission(
            f"{{module}}({{in}}, {{indices}}{size})", Constructor(f"nn.{self.NAME}", (), keywords)
        )

    def summary(self) -> str:
        sizes = along(self.kernel_size)
        text = "×".join(str(int(size)) for size in sizes)
        if self.stride is not None and along(self.stride) != sizes:
            text += f", stride {short_text(self.stride)}"
        return text if self.AXES > 1 else f"of {text}"


FORMULA = "out[c, indices[c, ...]] = in[c, ...], and 0 everywhere else"
USE = (
    "On the way up of a SegNet or a convolutional autoencoder: edges return to exactly where they "
    "were."
)
MISTAKES = (
    "The max pooling gives the places only when return_indices is switched on there.",
    "Where the size was odd before pooling, link what had that size to like, or a {} is missing.",
)


@layer(
    "MaxUnpool2d",
    category="pooling",
    title="Max unpooling",
    synonyms=("unpooling", "segnet", "upsampling", "switches"),
    formula=FORMULA,
    use=USE,
    mistakes=(MISTAKES[0], MISTAKES[1].format("row or column")),
)
class MaxUnpool2d(_Unpooling):
    """Puts the values of a max pooling back to where they were in the image; the rest becomes 0."""

    AXES = 2

    kernel_size: Pair = pool_window(2)
    stride: Pair | None = pool_step()
    padding: Pair = pool_border(2)


@layer(
    "MaxUnpool1d",
    category="pooling",
    title="Max unpooling (sequence)",
    synonyms=("upsampling", "switches"),
    formula=FORMULA,
    use=USE,
    mistakes=(MISTAKES[0], MISTAKES[1].format("step")),
)
class MaxUnpool1d(_Unpooling):
    """Puts the values of a max pooling back to their steps in the sequence; the rest becomes 0."""

    AXES = 1

    kernel_size: int = pool_window(1)
    stride: int | None = pool_step()
    padding: int = pool_border(1)


@layer(
    "MaxUnpool3d",
    category="pooling",
    title="Max unpooling (volume)",
    synonyms=("upsampling", "switches"),
    formula=FORMULA,
    use=USE,
    mistakes=(MISTAKES[0], MISTAKES[1].format("slice")),
)
class MaxUnpool3d(_Unpooling):
    """Puts the values of a max pooling back to where they were in the volume; the rest becomes
    0."""

    AXES = 3

    kernel_size: Triple = pool_window(3)
    stride: Triple | None = pool_step()
    padding: Triple = pool_border(3)
