"""Several branches put side by side, and one cut into several. Sums and products of branches are
in arithmetic.py.
"""

from graph.declare import Sizes, declare, param
from graph.layer import MIXES_SAMPLES, Emission, Layer, Port, Window, axis_index, call, layer
from graph.layers.shape import new_axis_index
from graph.shapes import ElementType, SetArgument, ShapeError, TensorSpec, size_text

INPUTS = (Port("in", "The branches, in order.", variadic=True),)


def common_type(xs: tuple[TensorSpec, ...]) -> ElementType:
    """Decimal numbers as soon as one branch has them, as in torch."""
    kinds = {x.dtype for x in xs}
    return "float" if "float" in kinds else "integer" if "integer" in kinds else "boolean"


@layer(
    "Concat",
    category="merge",
    title="Concatenate",
    synonyms=("cat", "join", "stack", "merge"),
    console=("Concatenate",),
    formula="out = [in_1, in_2, ...], one behind the other along the axis",
    use="Joins branches without losing anything: the skip connections of a U-Net, the branches of "
    "an Inception module.",
    mistakes=(
        "The order of the inputs counts: with weights from elsewhere it must be as it was there.",
        "Height and width must be equal; bring the larger branch down with a CenterCrop or the "
        "smaller one up with an Interpolate.",
    ),
)
class Concat(Layer):
    """Puts branches side by side along one axis, usually the channels."""

    STRICTER_THAN_TORCH = MIXES_SAMPLES

    INPUTS = INPUTS

    dim: int = param(
        default=1, label="Axis", help="The axis to join along, as torch counts: 1 is the channels."
    )

    def infer(self, *xs: TensorSpec) -> TensorSpec:
        first = xs[0]
        index = axis_index(self.dim, first, port="in_1")
        total = first.sizes[index]
        for position, x in enumerate(xs[1:], start=2):
            others = [size for axis, size in enumerate(x.sizes) if axis != index]
            expected = [size for axis, size in enumerate(first.sizes) if axis != index]
            if x.rank != first.rank or others != expected:
                raise ShapeError(
                    f"needs branches that differ only along axis {int(self.dim)}, but receives "
                    f"{first} and {x}",
                    port=f"in_{position}",
                )
            total = total + x.sizes[index]
        sizes = (*first.sizes[:index], total, *first.sizes[index + 1 :])
        return TensorSpec(sizes, common_type(xs))

    def window(self, *xs: TensorSpec) -> Window | None:
        return super().window(*xs) if axis_index(self.dim, xs[0]) == 0 else None

    def emit(self, *xs: TensorSpec) -> Emission:
        return call("torch.cat([{in}], dim={dim})", dim=self.dim)

    def summary(self) -> str:
        return "" if self.dim == 1 else f"along axis {int(self.dim)}"


@layer(
    "Stack",
    category="merge",
    title="Stack",
    synonyms=("pack", "new axis", "join", "sequence of"),
    console=("Stack",),
    formula="out[k] = in_k",
    use="Makes a sequence of several vectors, or a film of several images.",
    mistakes=("To join channels without a new axis, take a Concat.",),
)
class Stack(Layer):
    """Puts branches of the same size behind each other along a new axis."""

    STRICTER_THAN_TORCH = MIXES_SAMPLES

    INPUTS = INPUTS

    dim: int = param(
        default=1, label="Axis", help="Where the new axis lies, as torch counts; -1 is the end."
    )

    def infer(self, *xs: TensorSpec) -> TensorSpec:
        first = xs[0]
        index = new_axis_index(self.dim, first, port="in_1")
        for position, x in enumerate(xs[1:], start=2):
            if x.sizes != first.sizes:
                raise ShapeError(
                    f"needs branches of the same size, but receives {first} and {x}",
                    port=f"in_{position}",
                )
        sizes = (*first.sizes[:index], len(xs), *first.sizes[index:])
        return TensorSpec(sizes, common_type(xs))

    def emit(self, *xs: TensorSpec) -> Emission:
        return call("torch.stack([{in}], dim={dim})", dim=self.dim)

    def summary(self) -> str:
        return f"as axis {int(self.dim)}"


@declare
class _Cut(Layer):
    def parts(self) -> int:
        """How many parts there are."""
        raise NotImplementedError

    def outputs(self) -> tuple[Port, ...]:
        return tuple(Port(f"out_{number}") for number in range(1, self.parts() + 1))

    def targets(self) -> str:
        """The outputs as the call is unpacked into them."""
        listed = ", ".join(f"{{{port.name}}}" for port in self.outputs())
        return f"({listed},)" if self.parts() == 1 else listed


@layer(
    "Chunk",
    category="merge",
    title="Split into equal parts",
    synonyms=("chunk", "slice", "divide", "split", "halve"),
    formula="out_k = in[(k − 1)·n .. k·n], with n = size / chunks",
    use="Sends parts of the channels different ways, as gates and group-wise networks do.",
    mistakes=("Each part is linked by itself; a part that leads nowhere is thrown away.",),
)
class Chunk(_Cut):
    """Cuts its input into equal parts along one axis."""

    STRICTER_THAN_TORCH = "torch returns unequal or fewer parts where the axis cannot be divided"

    chunks: int = param(default=2, min=2, max=64, label="Parts", help="Number of equal parts.")
    dim: int = param(
        default=1, label="Axis", help="The axis to cut, as torch counts: 1 is the channels."
    )

    def parts(self) -> int:
        return self.chunks

    def infer(self, x: TensorSpec) -> tuple[TensorSpec, ...]:
        index = axis_index(self.dim, x)
        size = x.sizes[index]
        if size % self.chunks:
            raise ShapeError(
                f"{int(size)} along axis {int(self.dim)} cannot be cut into {int(self.chunks)} "
                f"equal parts",
                port="in",
                repairs=[
                    SetArgument("chunks", other)
                    for other in range(min(int(self.chunks), int(size)), 1, -1)
                    if size % other == 0
                ][:1],
            )
        part = TensorSpec((*x.sizes[:index], size // self.chunks, *x.sizes[index + 1 :]), x.dtype)
        return (part,) * self.chunks

    def emit(self, x: TensorSpec) -> Emission:
        return Emission(
            "torch.chunk({in}, {chunks}, dim={dim})",
            targets=self.targets(),
            values={"chunks": self.chunks, "dim": self.dim},
        )

    def summary(self) -> str:
        return f"{int(self.chunks)} parts"


@layer(
    "Split",
    category="merge",
    title="Split into parts of given sizes",
    synonyms=("slice", "divide", "cut", "unconcatenate"),
    formula="out_1 = the first n₁ places along the axis, out_2 = the next n₂, ...",
    use="Sends parts of different sizes different ways, such as place and classes of a detector.",
    mistakes=(
        "The sizes must add up to the whole axis; give what is not needed a part of its own.",
    ),
)
class Split(_Cut):
    """Cuts its input into parts of given sizes along one axis."""

    STRICTER_THAN_TORCH = MIXES_SAMPLES

    sizes: Sizes = param(
        default=(1, 1), min=1, help="The size of each part; together they are the whole axis."
    )
    dim: int = param(
        default=1, label="Axis", help="The axis to cut, as torch counts: 1 is the channels."
    )

    def parts(self) -> int:
        return len(self.sizes)

    def infer(self, x: TensorSpec) -> tuple[TensorSpec, ...]:
        index = axis_index(self.dim, x)
        size, total = x.sizes[index], sum(self.sizes)
        if total != size:
            rest = int(size) - sum(int(one) for one in self.sizes[:-1])
            raise ShapeError(
                f"has parts of {', '.join(str(int(one)) for one in self.sizes)} that make "
                f"{int(total)}, but axis {int(self.dim)} of {x} has size {int(size)}",
                port="in",
                repairs=[SetArgument("sizes", (*self.sizes[:-1], rest))] if rest > 0 else [],
            )
        return tuple(
            x.with_sizes(*x.sizes[:index], one, *x.sizes[index + 1 :]) for one in self.sizes
        )

    def emit(self, x: TensorSpec) -> Emission:
        return Emission(
            "torch.split({in}, {sizes}, dim={dim})",
            targets=self.targets(),
            values={"sizes": self.sizes, "dim": self.dim},
        )

    def summary(self) -> str:
        return f"into {size_text(self.sizes).replace('×', ' + ')}"
