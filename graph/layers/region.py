"""Regions of feature maps, and the boxes that say where they are."""

from typing import Literal

from graph.declare import Pair, declare, param
from graph.layer import (
    Emission,
    Layer,
    Port,
    call,
    changed,
    layer,
    need_float,
    need_rank,
    pair_text,
)
from graph.layers.sliding import IMAGE
from graph.shapes import SetArgument, ShapeError, TensorSpec

CORNERS = "x and y of the upper left and of the lower right corner"
FOUR = "four numbers are a box; torch does not look at what else there is"
Format = Literal["xyxy", "xywh", "cxcywh"]


def need_boxes(x: TensorSpec, port: str = "in") -> None:
    """Refuse what is not a list of boxes."""
    need_float(x, port)
    if x.rank != 2 or x.sizes[-1] != 4:
        raise ShapeError(f"expects boxes (boxes × 4 numbers), but receives {x}", port=port)


@declare
class _Region(Layer):
    """Cuts the same number of places out of each box."""

    INPUTS = (
        Port("in", "The feature map."),
        Port("boxes", f"For each region {CORNERS}.", gradient=False),
    )
    STRICTER_THAN_TORCH = FOUR

    output_size: Pair = param(
        default=(3, 3), min=1, label="Size", help="Height and width of each region that comes out."
    )
    spatial_scale: float = param(
        default=1.0,
        above=0,
        help="From boxes to places of the map: 0.25 where the map is a quarter of the image.",
    )

    def infer(self, x: TensorSpec, boxes: TensorSpec) -> TensorSpec:
        need_float(x)
        need_rank(x, 3, IMAGE)
        channels = self.channels(x)
        need_boxes(boxes, "boxes")
        return TensorSpec((boxes.sizes[0], channels, *self.output_size))

    def channels(self, x: TensorSpec) -> int:
        """How many come out."""
        return x.channels

    def next_input(self, *received: TensorSpec | None) -> TensorSpec | None:
        return TensorSpec((8, 4)) if len(received) == 1 else None

    def window(self, x: TensorSpec, boxes: TensorSpec) -> None:
        return None  # boxes may lie anywhere

    def called(
        self, function: str, boxes: str = "{boxes}", **settings: tuple[object, object]
    ) -> Emission:
        """The call of torchvision's function."""
        given = changed(spatial_scale=(self.spatial_scale, 1.0), **settings)
        others = "".join(f", {name}={{{name}}}" for name in given)
        return Emission(
            f"torchvision.ops.{function}({{in}}, list({boxes}), {{size}}{others})"
            ".unflatten(0, {boxes}.shape[:2])",
            values={"size": self.output_size, **given},
        )

    def summary(self) -> str:
        return pair_text(self.output_size)


@declare
class _PositionSensitive(_Region):
    """Each place of a region has channels of its own."""

    def channels(self, x: TensorSpec) -> int:
        places = self.output_size[0] * self.output_size[1]
        if x.channels % places:
            raise ShapeError(
                f"needs channels for each of {int(places)} places, which {int(x.channels)} "
                f"channels cannot be split into",
                port="in",
                repairs=[SetArgument("output_size", (1, 1))],
            )
        return x.channels // places


def _samples() -> int:
    value: int = param(
        default=-1,
        min=-1,
        label="Samples",
        help="Points along each side of a place that are averaged; -1: as many as needed.",
        advanced=True,
    )
    return value


SCALE = (
    "Boxes are in pixels of the image and the map is smaller: set the scale to map size / image "
    "size."
)


@layer(
    "RoIAlign",
    category="region",
    title="Regions (aligned)",
    synonyms=("region of interest", "mask r-cnn", "crop and resize", "detection"),
    formula="out[n, c, i, j] = mean of in[c] at points of place (i, j) of box n, between pixels",
    use="The second stage of detectors: one small feature map for each proposed box (Mask R-CNN).",
    mistakes=(SCALE, "No gradient goes to the boxes; they need a loss of their own."),
)
class RoIAlign(_Region):
    """Cuts the region of each box out of a feature map and brings it to one size, exactly."""

    sampling_ratio: int = _samples()
    aligned: bool = param(
        default=False,
        label="Shift by half a pixel",
        help="Whether places count from the middle of pixels, which is more exact.",
        advanced=True,
    )

    def emit(self, x: TensorSpec, boxes: TensorSpec) -> Emission:
        # Aligned, torchvision fails at boxes whose corners are the wrong way round.
        ordered = "ordered_corners({boxes})" if self.aligned else "{boxes}"
        return self.called(
            "roi_align",
            ordered,
            sampling_ratio=(self.sampling_ratio, -1),
            aligned=(self.aligned, False),
        )


@layer(
    "RoIPool",
    category="region",
    title="Regions (pooled)",
    synonyms=("region of interest", "fast r-cnn", "detection"),
    formula="out[n, c, i, j] = largest in[c] within place (i, j) of box n, in whole pixels",
    use="As Fast R-CNN did it; RoIAlign is more exact.",
    mistakes=(SCALE, "Boxes are rounded to whole pixels; small ones lose much. Take RoIAlign."),
)
class RoIPool(_Region):
    """Takes the largest values within the region of each box, at one size for all."""

    def emit(self, x: TensorSpec, boxes: TensorSpec) -> Emission:
        return self.called("roi_pool")


@layer(
    "PSRoIAlign",
    category="region",
    title="Position-sensitive regions (aligned)",
    synonyms=("region of interest", "light-head r-cnn", "detection"),
    formula="out[n, c, i, j] = mean of in[(c · h + i) · w + j] at points of place (i, j) of box n",
    use="Detectors without layers behind the regions: each place has channels of its own.",
    mistakes=(SCALE, "The map needs height × width of the region times as many channels."),
)
class PSRoIAlign(_PositionSensitive):
    """Cuts regions out where each place reads channels of its own, exactly."""

    sampling_ratio: int = _samples()

    def emit(self, x: TensorSpec, boxes: TensorSpec) -> Emission:
        return self.called("ps_roi_align", sampling_ratio=(self.sampling_ratio, -1))


@layer(
    "PSRoIPool",
    category="region",
    title="Position-sensitive regions (pooled)",
    synonyms=("region of interest", "r-fcn", "detection"),
    formula="out[n, c, i, j] = mean of in[(c · h + i) · w + j] within place (i, j) of box n",
    use="As R-FCN did it; PSRoIAlign is more exact.",
    mistakes=(SCALE, "The map needs height × width of the region times as many channels."),
)
class PSRoIPool(_PositionSensitive):
    """Averages regions where each place reads channels of its own, in whole pixels."""

    def emit(self, x: TensorSpec, boxes: TensorSpec) -> Emission:
        return self.called("ps_roi_pool")


@layer(
    "NmsDetection2d",
    category="region",
    title="Drop boxes found twice",
    synonyms=("nms", "non-maximum suppression", "yolo", "detection"),
    console=("NmsDetection2d",),
    formula="score = objectness · probability, 0 below thresh; a box whose overlap with a better "
    "kept one (intersection / union) exceeds nms gets the score 0",
    use="The end of a detector: of many boxes around the same thing the best one stays.",
    mistakes=(
        "The number of boxes stays; those that are dropped have scores of 0.",
        "It belongs behind the trained network; the loss compares what comes before it.",
    ),
)
class NmsDetection2d(Layer):
    """Of boxes that cover the same thing only the best keeps its scores. A box is its centre x and
    y, width, height, objectness, and a probability for each class."""

    STRICTER_THAN_TORCH = FOUR

    thresh: float = param(
        default=0.5, min=0, label="Smallest score", help="Smaller scores become 0."
    )
    nms: float = param(
        default=0.45,
        min=0,
        max=1,
        label="Overlap",
        help="From which share of overlap on two boxes show the same thing.",
    )
    nms_per_class: bool = param(
        default=True, label="Per class", help="Whether only boxes of the same class compete."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        if x.rank != 2 or x.sizes[1] < 6:
            raise ShapeError(
                f"expects boxes × (5 + classes), so 6 numbers or more for each, but receives {x}",
                port="in",
            )
        return x

    def window(self, x: TensorSpec) -> None:
        return None

    def emit(self, x: TensorSpec) -> Emission:
        return call(
            "nms_detection2d({in}, {thresh}, {nms}, {nms_per_class})",
            thresh=self.thresh,
            nms=self.nms,
            nms_per_class=self.nms_per_class,
        )

    def summary(self) -> str:
        return f"score {float(self.thresh):g}, overlap {float(self.nms):g}"


@layer(
    "BoxConvert",
    category="region",
    title="Convert boxes",
    synonyms=("box format", "corners", "centre", "xyxy", "xywh", "cxcywh"),
    formula="from and to (x1, y1, x2, y2), (x1, y1, width, height) or (centre x, centre y, width, "
    "height)",
    use="Regions and overlaps want corners, most detectors compute centres and sizes.",
    mistakes=("The numbers do not tell their format: with a wrong one all boxes are wrong.",),
)
class BoxConvert(Layer):
    """Writes boxes in another way: as corners, as a corner and sizes, or as a centre and sizes."""

    STRICTER_THAN_TORCH = FOUR

    in_fmt: Format = param(default="cxcywh", label="From", help="How boxes come in.")
    out_fmt: Format = param(default="xyxy", label="To", help="How boxes go out.")

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_boxes(x)
        return x

    def emit(self, x: TensorSpec) -> Emission:
        return call(
            "torchvision.ops.box_convert({in}, {in_fmt}, {out_fmt})",
            in_fmt=self.in_fmt,
            out_fmt=self.out_fmt,
        )

    def summary(self) -> str:
        return f"{self.in_fmt} to {self.out_fmt}"


@layer(
    "ClipBoxes",
    category="region",
    title="Clip boxes",
    synonyms=("clamp", "limit", "clip_boxes_to_image", "detection"),
    formula="x = min(max(x, 0), width), y = min(max(y, 0), height) of both corners",
    use="Proposed boxes that reach beyond the image, before regions are cut out.",
    mistakes=("It wants corners; put a BoxConvert before it where boxes have centres.",),
)
class ClipBoxes(Layer):
    """Cuts boxes, given by two corners, off at the border of an image."""

    STRICTER_THAN_TORCH = FOUR

    size: Pair = param(default=(224, 224), min=1, help="Height and width of the image.")

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_boxes(x)
        return x

    def emit(self, x: TensorSpec) -> Emission:
        return call("torchvision.ops.clip_boxes_to_image({in}, {size})", size=self.size)

    def summary(self) -> str:
        return pair_text(self.size)


@layer(
    "BoxIoU",
    category="region",
    title="Overlap of boxes",
    synonyms=("iou", "intersection over union", "jaccard", "box_iou"),
    formula="out[n, m] = area of in[n] ∩ other[m] / area of in[n] ∪ other[m]",
    use="To match proposed boxes with true ones, or as a measure of how well they fit.",
    mistakes=(
        "It wants corners; put a BoxConvert before it where boxes have centres.",
        "Two boxes without an area have no overlap, but 0 / 0; ResetNaN makes it 0.",
    ),
)
class BoxIoU(Layer):
    """How much each box overlaps each other box, from 0 to 1; boxes are two corners."""

    INPUTS = (Port("in", "Boxes."), Port("other", "The boxes to compare with."))
    STRICTER_THAN_TORCH = FOUR

    def infer(self, x: TensorSpec, other: TensorSpec) -> TensorSpec:
        need_boxes(x)
        need_boxes(other, "other")
        return TensorSpec((x.sizes[0], other.sizes[0]))

    def emit(self, x: TensorSpec, other: TensorSpec) -> Emission:
        return call("torchvision.ops.box_iou({in}, {other})")
