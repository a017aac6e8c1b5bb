"""What layers share that treat all axes behind the channels alike: of a sequence the length, of an
image height and width, of a volume depth, height and width.
"""

from graph.declare import Sizes
from graph.layer import Port
from graph.shapes import SetArgument, ShapeError, TensorSpec, size_text

SPACE = "a sequence, an image or a volume (channels first)"

LIKE = Port("like", "Has the size that is wanted.", optional=True, size_only=True)
"""A second input whose size is taken over."""

GIVEN_TWICE = "where a size is given twice, it is not clear which one is meant"
"""For STRICTER_THAN_TORCH of layers with a setting for the size and the input LIKE."""


def need_space(x: TensorSpec, port: str = "in") -> None:
    """Refuse what has no axis, or more than three, behind the channels."""
    if x.rank not in (2, 3, 4):
        raise ShapeError(f"expects {SPACE}, but receives {x}", port=port)


def per_axis(parameter: str, values: Sizes, x: TensorSpec) -> tuple[int, ...]:
    """One number for each axis behind the channels; a single one stands for all of them."""
    count = x.rank - 1
    if len(values) == 1:
        return values * count
    if len(values) != count:
        raise ShapeError(
            f"needs one number in {parameter}, or {count} for an input of size {x}, but is given "
            f"{len(values)} ({size_text(values)})",
            port="in",
            repairs=[SetArgument(parameter, values[:1])],
        )
    return values


def wanted_size(x: TensorSpec, size: Sizes | None, like: TensorSpec | None) -> tuple[int, ...]:
    """The sizes behind the channels that a layer shall reach, from its setting or from `like`."""
    if like is None:
        if size is None:
            raise ShapeError(
                'needs a size, or a link at "like" to what has that size',
                repairs=[SetArgument("size", x.sizes[1:])],
            )
        return per_axis("size", size, x)
    if size is not None:
        raise ShapeError(
            f'has the size {size_text(size)} in its settings and another one at "like"; only one '
            f"of them can count",
            repairs=[SetArgument("size", None)],
        )
    need_same_axes(x, like)
    return like.sizes[1:]


def need_same_axes(x: TensorSpec, like: TensorSpec) -> None:
    """Refuse a second input of another kind, such as a vector for an image."""
    if like.rank != x.rank:
        raise ShapeError(
            f'expects something with as many axes as its input ({x}) at "like", but receives '
            f"{like}",
            port="like",
        )
