"""Several branches made one, and one made several."""

from graph.declare import param
from graph.layer import MIXES_SAMPLES, Emission, Layer, Port, axis_index, call, layer
from graph.shapes import ElementType, ShapeError, TensorSpec

INPUTS = (Port("in", "The branches, in order.", variadic=True),)


def common_type(xs: tuple[TensorSpec, ...]) -> ElementType:
    """Decimal numbers as soon as one branch has them, as in torch."""
    kinds = {x.dtype for x in xs}
    return "float" if "float" in kinds else "integer" if "integer" in kinds else "boolean"


class _Elementwise(Layer):
    INPUTS = INPUTS
    STRICTER_THAN_TORCH = (
        "branches with a different number of axes are refused: torch would line up channels with "
        "the batch"
    )

    def infer(self, *xs: TensorSpec) -> TensorSpec:
        first = xs[0]
        sizes = list(first.sizes)
        for position, x in enumerate(xs[1:], start=2):
            if x.rank != first.rank:
                raise ShapeError(
                    f"needs branches of the same size, but receives {first} and {x}",
                    port=f"in_{position}",
                )
            for axis, (a, b) in enumerate(zip(sizes, x.sizes, strict=True)):
                if a != b and 1 not in (a, b):
                    raise ShapeError(
                        f"needs branches of the same size, but receives {first} and {x}",
                        port=f"in_{position}",
                    )
                sizes[axis] = b if a == 1 and b != 1 else a
        return TensorSpec(tuple(sizes), common_type(xs))


@layer("Add", category="merge", title="Add", synonyms=("sum", "plus", "residual", "skip"))
class Add(_Elementwise):
    """Adds branches number by number, as in a skip connection."""

    def emit(self, *xs: TensorSpec) -> Emission:
        return call("{in}", separator=" + ")


@layer("Multiply", category="merge", title="Multiply", synonyms=("product", "gate", "times"))
class Multiply(_Elementwise):
    """Multiplies branches number by number, as in a gate."""

    def emit(self, *xs: TensorSpec) -> Emission:
        return call("{in}", separator=" * ")


@layer("Concat", category="merge", title="Concatenate", synonyms=("cat", "join", "stack", "merge"))
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

    def emit(self, *xs: TensorSpec) -> Emission:
        return call("torch.cat([{in}], dim={dim})", dim=self.dim)


@layer("Chunk", category="merge", title="Split", synonyms=("chunk", "slice", "divide", "split"))
class Chunk(Layer):
    """Cuts its input into equal parts along one axis."""

    STRICTER_THAN_TORCH = "torch returns unequal or fewer parts where the axis cannot be divided"

    chunks: int = param(default=2, min=2, max=64, label="Parts", help="Number of equal parts.")
    dim: int = param(
        default=1, label="Axis", help="The axis to cut, as torch counts: 1 is the channels."
    )

    def outputs(self) -> tuple[Port, ...]:
        return tuple(Port(f"out_{number}") for number in range(1, self.chunks + 1))

    def infer(self, x: TensorSpec) -> tuple[TensorSpec, ...]:
        index = axis_index(self.dim, x)
        size = x.sizes[index]
        if size % self.chunks:
            raise ShapeError(
                f"{int(size)} along axis {int(self.dim)} cannot be cut into {int(self.chunks)} "
                f"equal parts",
                port="in",
            )
        part = TensorSpec((*x.sizes[:index], size // self.chunks, *x.sizes[index + 1 :]), x.dtype)
        return (part,) * self.chunks

    def emit(self, x: TensorSpec) -> Emission:
        return Emission(
            "torch.chunk({in}, {chunks}, dim={dim})",
            targets=", ".join(f"{{{port.name}}}" for port in self.outputs()),
            values={"chunks": self.chunks, "dim": self.dim},
        )

    def summary(self) -> str:
        return f"{int(self.chunks)} parts"
