"""Random changes while training that only put numbers elsewhere, or cover them."""

from typing import Literal

from graph.declare import Sizes, declare, param
from graph.layer import (
    MIXES_SAMPLES,
    Emission,
    Layer,
    Window,
    axis_index,
    changed,
    layer,
    module,
    need_float,
    need_rank,
)
from graph.layers.sliding import IMAGE
from graph.layers.spatial import need_space, per_axis
from graph.shapes import SetArgument, ShapeError, TensorSpec, size_text

LABELS_STAY = (
    "What is to be found in the image (boxes, masks) is not changed with it; it suits classes."
)
TOO_MUCH = "Look at some results: what a person can no longer recognize teaches nothing."
IN_PLACE = "a change of images needs height and width, though torch would change other things too"


@declare
class _Moved(Layer):
    """Takes each number from elsewhere; seen as in evaluation, from its own place."""

    STRICTER_THAN_TORCH = IN_PLACE

    def window(self, x: TensorSpec) -> Window | None:
        return Window((1,) * (x.rank - 1), (1,) * (x.rank - 1))


@layer(
    "RandomCrop",
    category="augmentation",
    title="Random crop",
    synonyms=("augmentation", "cut", "random piece"),
    console=("RandomCrop",),
    formula="out[c, i, j] = in[c, i + top, j + left], with top and left at random for each sample; "
    "in evaluation those of the centre",
    use="The network sees other parts of each image in every epoch, and learns that the place does "
    "not matter.",
    mistakes=(
        LABELS_STAY,
        "A piece much smaller than the image may miss what it shows; stay above about 80 %.",
    ),
)
class RandomCrop(_Moved):
    """Cuts a piece out of each sample, at random while training and in evaluation the centre."""

    size: Sizes = param(
        default=(24,),
        min=1,
        help="Sizes that stay, without the channels; one number counts for all axes.",
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_space(x)
        wanted = per_axis("size", self.size, x)
        for has, size in zip(x.sizes[1:], wanted, strict=True):
            if size > has:
                fitting = tuple(map(min, wanted, x.sizes[1:]))
                raise ShapeError(
                    f"cannot cut {size_text(wanted)} out of {size_text(x.sizes[1:])}",
                    port="in",
                    repairs=[SetArgument("size", fitting)],
                )
        return x.with_sizes(x.channels, *wanted)

    def emit(self, x: TensorSpec) -> Emission:
        return module("RandomCrop", per_axis("size", self.size, x))

    def summary(self) -> str:
        return f"to {size_text(self.size)}"


@layer(
    "RandomFlip",
    category="augmentation",
    title="Random flip",
    synonyms=("augmentation", "mirror", "horizontal flip", "randomhorizontalflip"),
    console=("RandomFlip",),
    formula="out = in, or with probability p turned round along an axis; in evaluation out = in",
    use="For photographs, in which left and right do not matter.",
    mistakes=(
        LABELS_STAY,
        "Mirrored letters and digits are others; leave it out there.",
    ),
)
class RandomFlip(Layer):
    """Mirrors each sample with a given probability while training; does nothing in evaluation."""

    STRICTER_THAN_TORCH = MIXES_SAMPLES

    dims: Sizes = param(
        default=(-1,),
        label="Axes",
        help="Axes to turn round, each by itself, as torch counts; -1 is left and right, -2 up and "
        "down.",
    )
    p: float = param(
        default=0.5, min=0, max=1, label="Probability", help="How often an axis is turned round."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        for dim in self.dims:
            axis_index(dim, x)
        return x

    def emit(self, x: TensorSpec) -> Emission:
        return module("RandomFlip", self.dims, **changed(p=(self.p, 0.5)))

    def summary(self) -> str:
        noun = "axis" if len(self.dims) == 1 else "axes"
        return f"{noun} {', '.join(str(int(dim)) for dim in self.dims)}, {float(self.p):.0%}"


@layer(
    "RandomShift",
    category="augmentation",
    title="Random shift",
    synonyms=("augmentation", "move", "translate", "pad and crop"),
    console=("RandomShift",),
    formula="out[c, i, j] = in[c, i − down, j − right], with down and right at random between "
    "−shifts and shifts for each sample; in evaluation out = in",
    use="Small networks learn that the place does not matter. Four pixels are usual for images of "
    "32 × 32.",
    mistakes=(LABELS_STAY, TOO_MUCH),
)
class RandomShift(_Moved):
    """Moves each sample by a few places while training; does nothing in evaluation."""

    shifts: Sizes = param(
        default=(2,),
        min=0,
        label="Places",
        help="How far at most, in both directions; one number counts for all axes.",
    )
    mode: Literal["replicate", "reflect", "constant"] = param(
        default="replicate",
        label="Border",
        help="What enters: the edge repeated, the image mirrored at its edge, or zeros.",
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_space(x)
        per_axis("shifts", self.shifts, x)
        return x

    def emit(self, x: TensorSpec) -> Emission:
        shifts = per_axis("shifts", self.shifts, x)
        return module("RandomShift", shifts, **changed(mode=(self.mode, "replicate")))

    def summary(self) -> str:
        return f"up to {size_text(self.shifts)} places"


@layer(
    "RandomErase",
    category="augmentation",
    title="Random erasing",
    synonyms=("augmentation", "cutout", "randomerasing", "occlusion", "hide"),
    console=("RandomErase",),
    formula="out = random values within a random rectangle, else in; in evaluation out = in",
    use="The network learns not to rely on a single detail, as when something stands in front.",
    mistakes=(
        "The values are those of images from 0 to 1; set their range where images are normalized.",
        TOO_MUCH,
    ),
)
class RandomErase(Layer):
    """Covers random rectangles of each image while training; does nothing in evaluation."""

    STRICTER_THAN_TORCH = IN_PLACE

    p: float = param(
        default=0.5,
        min=0,
        max=1,
        label="Probability",
        help="How often a rectangle is covered.",
    )
    min_area: float = param(
        default=0.02, min=0, max=1, label="Smallest area", help="Share of the image, at least."
    )
    max_area: float = param(
        default=0.4, min=0, max=1, label="Largest area", help="Share of the image, at most."
    )
    aspect_ratio: float = param(
        default=3.0,
        min=1,
        help="Rectangles are up to so many times higher than wide, or wider than high.",
        advanced=True,
    )
    min_value: float = param(
        default=0.0, label="Smallest value", help="Random values begin here.", advanced=True
    )
    max_value: float = param(
        default=1.0,
        label="Largest value",
        help="Random values end here; the same as the smallest for one colour.",
        advanced=True,
    )
    count: int = param(
        default=1,
        min=1,
        label="Rectangles",
        help="How many rectangles; each is covered with the probability.",
        advanced=True,
    )
    per_channel: bool = param(
        default=False,
        label="Per channel",
        help="Whether each channel has rectangles of its own.",
        advanced=True,
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        need_rank(x, 3, IMAGE)
        return x

    def emit(self, x: TensorSpec) -> Emission:
        given = {n: (getattr(self, n), p.default) for n, p in self.PARAMETERS.items()}
        return module("RandomErase", **changed(**given))

    def summary(self) -> str:
        return f"{float(self.p):.0%}, up to {float(self.max_area):.0%} of the image"
