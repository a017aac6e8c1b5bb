"""Random changes while training that compute new images: turned, scaled, in other colours."""

from typing import Any, Literal

from graph.declare import Pair, declare, param
from graph.layer import Emission, Layer, changed, layer, module, need_float, need_rank, pair_text
from graph.layers.augmentation import IN_PLACE, LABELS_STAY, TOO_MUCH
from graph.layers.sliding import IMAGE
from graph.shapes import TensorSpec


@declare
class _Image(Layer):
    STRICTER_THAN_TORCH = IN_PLACE

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        need_rank(x, 3, IMAGE)
        return x

    def emit(self, x: TensorSpec) -> Emission:
        return module(self.NAME, **self.given())

    def given(self, *without: str) -> dict[str, Any]:
        """The settings that differ from their defaults."""
        pairs = {
            name: (getattr(self, name), parameter.default)
            for name, parameter in self.PARAMETERS.items()
            if name not in without
        }
        return changed(**pairs)


def _outside() -> Any:
    return param(
        default="zeros",
        label="Border",
        help="What is seen outside of the image: zeros, its edge, or the image mirrored.",
        advanced=True,
    )


@layer(
    "RandomRotation",
    category="augmentation",
    title="Random rotation",
    synonyms=("augmentation", "turn", "tilt", "angle"),
    formula="out = in turned around its centre by a random angle between −degrees and degrees, one "
    "for each sample; in evaluation out = in",
    use="For images that are never quite upright: scans, handwriting, pictures from above.",
    mistakes=(LABELS_STAY, "A 6 turned by 180 degrees is a 9; stay below about 20 for digits."),
)
class RandomRotation(_Image):
    """Turns each image by a random angle while training; does nothing in evaluation."""

    degrees: float = param(
        default=10.0, min=0, max=180, help="Largest angle to the left or right, in degrees."
    )
    padding_mode: Literal["zeros", "border", "reflection"] = _outside()

    def emit(self, x: TensorSpec) -> Emission:
        return module("RandomRotation", self.degrees, **self.given("degrees"))

    def summary(self) -> str:
        return f"±{float(self.degrees):g}°"


@layer(
    "RandomAffine",
    category="augmentation",
    title="Random affine change",
    synonyms=("augmentation", "rotate", "translate", "scale", "shear", "zoom"),
    formula="out[c, p] = in[c, A · (p − t)] around the centre, with A (turned, slanted, scaled) "
    "and t at random for each sample; in evaluation out = in",
    use="Handwriting and objects that are seen from slightly different places.",
    mistakes=(LABELS_STAY, TOO_MUCH),
)
class RandomAffine(_Image):
    """Turns, moves, scales and slants each image while training; does nothing in evaluation."""

    degrees: float = param(
        default=10.0, min=0, max=180, help="Largest angle to the left or right, in degrees."
    )
    translate: float = param(
        default=0.1,
        min=0,
        max=1,
        label="Move",
        help="How far it moves at most, as a share of height and width.",
    )
    min_scale: float = param(
        default=0.9, above=0, label="Smallest scale", help="Below 1 the image becomes smaller."
    )
    max_scale: float = param(
        default=1.1, above=0, label="Largest scale", help="Above 1 the image becomes larger."
    )
    shear: float = param(
        default=0.0, min=0, max=80, label="Slant", help="Largest slant of columns, in degrees."
    )
    padding_mode: Literal["zeros", "border", "reflection"] = _outside()

    def emit(self, x: TensorSpec) -> Emission:
        named = ("degrees", "translate", "min_scale", "max_scale")
        numbers = {name: getattr(self, name) for name in named}
        return module("RandomAffine", **numbers, **self.given(*named))

    def summary(self) -> str:
        return (
            f"±{float(self.degrees):g}°, scale {float(self.min_scale):.3g} to "
            f"{float(self.max_scale):.3g}"
        )


@layer(
    "ColorJitter",
    category="augmentation",
    title="Colour jitter",
    synonyms=("augmentation", "brightness", "contrast", "saturation", "light"),
    formula="out = mean + (in · b − mean) · c, then the distance from the average of the channels "
    "times s; b, c and s at random for each sample; in evaluation out = in",
    use="Photographs under different light, and cameras with different colours.",
    mistakes=(
        "On normalized images brightness changes contrast as well; put it before what normalizes.",
        "Values may leave the range from 0 to 1; put a Clamp behind it where that matters.",
    ),
)
class ColorJitter(_Image):
    """Changes brightness, contrast and saturation of each image while training; does nothing in
    evaluation."""

    brightness: float = param(
        default=0.2, min=0, help="All is multiplied by a factor of 1 ± this, never below 0."
    )
    contrast: float = param(
        default=0.2,
        min=0,
        help="The distance from the mean is multiplied by a factor of 1 ± this.",
    )
    saturation: float = param(
        default=0.0,
        min=0,
        help="The distance from grey is multiplied by a factor of 1 ± this; for coloured images.",
    )

    def emit(self, x: TensorSpec) -> Emission:
        named = ("brightness", "contrast")
        numbers = {name: getattr(self, name) for name in named}
        return module("ColorJitter", **numbers, **self.given(*named))

    def summary(self) -> str:
        return f"brightness ±{float(self.brightness):g}, contrast ±{float(self.contrast):g}"


@layer(
    "ImageAugmentation",
    category="augmentation",
    title="Image augmentation",
    synonyms=("augmentation", "zoom", "rotate", "distort", "flip", "brightness", "random crop"),
    console=("ImageAugmentation",),
    formula="out = contrast · (in at changed places + brightness − centre) + centre + noise, all "
    "at random for each sample; in evaluation the centre of in",
    use="The usual changes of images in one place, with one resampling. It stands behind the "
    "input, and only while training.",
    mistakes=(
        "With its defaults it changes nothing: set what may change.",
        LABELS_STAY,
        "The angle is in degrees; Neural Network Console has radians (0.26 there is 15 here).",
        "With another size, evaluation cuts the centre out; scale so that it fits there too.",
    ),
)
class ImageAugmentation(_Image):
    """Scales, turns, stretches, distorts, mirrors and recolours each image while training; in
    evaluation it takes the centre."""

    size: Pair | None = param(
        default=None, min=1, help="Height and width that come out; nothing to keep those."
    )
    pad: Pair = param(
        default=(0, 0),
        min=0,
        label="Room around",
        help="How far the image may move beyond its border, in pixels down and to the right.",
    )
    min_scale: float = param(
        default=1.0, above=0, label="Smallest scale", help="Below 1 the image becomes smaller."
    )
    max_scale: float = param(
        default=1.0, above=0, label="Largest scale", help="Above 1 the image becomes larger."
    )
    angle: float = param(
        default=0.0, min=0, max=180, help="Largest angle to the left or right, in degrees."
    )
    aspect_ratio: float = param(
        default=1.0, min=1, label="Stretch", help="Stretched along one axis by up to this factor."
    )
    distortion: float = param(
        default=0.0, min=0, help="How strongly it bulges, as with a wide lens; try 0.1."
    )
    flip_lr: bool = param(
        default=False, label="Mirror left and right", help="Every second image is mirrored."
    )
    flip_ud: bool = param(
        default=False, label="Mirror up and down", help="Every second image is turned upside down."
    )
    brightness: float = param(
        default=0.0, min=0, help="Up to so much is added to all numbers, or subtracted."
    )
    brightness_each: bool = param(
        default=False,
        label="Brightness per channel",
        help="Whether each channel gets a brightness of its own.",
        advanced=True,
    )
    contrast: float = param(
        default=1.0, min=1, help="Differences are multiplied or divided by up to this factor."
    )
    contrast_center: float = param(
        default=0.5,
        label="Centre of contrast",
        help="What stays as it is: 0.5 for images from 0 to 1, 0 for normalized ones.",
        advanced=True,
    )
    contrast_each: bool = param(
        default=False,
        label="Contrast per channel",
        help="Whether each channel gets a contrast of its own.",
        advanced=True,
    )
    noise: float = param(
        default=0.0, min=0, help="Standard deviation of the noise that is added, at most."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        super().infer(x)
        return x if self.size is None else x.with_sizes(x.channels, *self.size)

    def emit(self, x: TensorSpec) -> Emission:
        size = x.sizes[1:] if self.size is None else self.size
        return module("ImageAugmentation", size, **self.given("size"))

    def summary(self) -> str:
        words = "" if self.size is None else f"to {pair_text(self.size)}, "
        low, high = float(self.min_scale), float(self.max_scale)
        return f"{words}scale {low:.3g} to {high:.3g}, ±{float(self.angle):g}°"
