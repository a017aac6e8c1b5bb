"""Losses for boxes with a class each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

from data.dataset import NO_BOX, Batch, DataDescription
from evaluation.decoding import Decoding
from graph.declare import ArgumentError, build, param
from graph.part import part
from training.objectives.loss import LOSSES, Loss, RunningScore

if TYPE_CHECKING:
    from torch import Tensor

Layout = Literal["per_cell", "darknet"]

SMALLEST = 0.005
"""Boxes narrower or lower than this share of the image are not learned."""


class _Truth(NamedTuple):
    """What is true of each cell of the grid, row by row; of empty cells all is 0.

    Attributes:
        filled: whether an object has its middle there, of shape (B, cells).
        place: x and y of the middle within the cell, width and height as shares of the image, of
            shape (B, cells, 4).
        label: the number of its class, of shape (B, cells).
    """

    filled: Tensor
    place: Tensor
    label: Tensor


@part(LOSSES, "yolo", title="YOLO, first version (boxes)")
class Yolo(Loss):
    """For boxes with classes, found in one look: the cell where an object has its middle is
    responsible for it.

    As published by Redmon et al., "You Only Look Once: Unified, Real-Time Object Detection", 2016.
    """

    grid: int = param(
        default=7, min=1, max=64, help="Cells along each side of the image; 7 are 7×7 cells."
    )
    boxes: int = param(
        default=2, min=1, max=10, help="Boxes that each cell gives; the best one counts."
    )
    lambda_coord: float = param(
        default=5.0,
        min=0,
        max=1000,
        help="How much the place of a box counts beside its class.",
    )
    lambda_noobj: float = param(
        default=0.5,
        min=0,
        max=1000,
        help="How much a box counts that is responsible for nothing, of which there are many.",
    )
    layout: Layout = param(
        default="per_cell",
        help="How the output is laid out: channels first, in each cell x, y, √width, √height and "
        "confidence of every box and then the classes (per_cell), or flat as the authors' program "
        "has it, all classes, all confidences, all boxes (darknet).",
        advanced=True,
    )

    TASKS = ("detection",)
    HARMFUL_LAST_LAYERS: ClassVar[Mapping[str, str]] = {
        "Softmax": "what it gives adds up to 1, which boxes and confidences do not",
        "LogSoftmax": "what it gives is below 0, which boxes and confidences are not",
    }

    def output_sizes(self, description: DataDescription) -> tuple[int, ...]:
        """Channels first, or flat."""
        numbers = self.boxes * 5 + description.classes
        if self.layout == "darknet":
            return (self.grid * self.grid * numbers,)
        return (numbers, self.grid, self.grid)

    def fitted_to(self, sizes: tuple[int, ...], description: DataDescription) -> Yolo | None:
        """With as many boxes and cells as the output has; a flat one does not tell them apart."""
        if len(sizes) != 3 or sizes[1] != sizes[2] or self.layout == "darknet":
            return None
        boxes, over = divmod(sizes[0] - description.classes, 5)
        if over:
            return None
        try:
            return build(Yolo, {**self.changed_arguments(), "grid": sizes[1], "boxes": boxes})
        except ArgumentError:
            return None

    def output_meaning(self, description: DataDescription) -> str:
        """What stands in each cell."""
        boxes = "its box" if self.boxes == 1 else f"each of {self.boxes} boxes"
        return (
            f"for each of {self.grid}×{self.grid} cells five numbers for {boxes}, and one for each "
            f"class ({description.classes})"
        )

    def decoding(self) -> Decoding:
        """How its output becomes boxes."""
        return Decoding("yolo_detections", {"grid": self.grid, "boxes": self.boxes})

    def running_score(self, description: DataDescription) -> RunningScore:
        """The mean average precision."""
        from evaluation.boxes import RunningPrecision

        return RunningPrecision(self.decoding())

    def targets(self, batch: Batch) -> Mapping[str, Tensor]:
        """The data's, with boxes as shares of the image."""
        (image,) = batch.inputs.values()
        height, width = image.shape[-2:]
        whole = batch.targets["boxes"].new_tensor([width, height, width, height])
        return {
            name: target / whole if name in ("boxes", "ignored_boxes") else target
            for name, target in batch.targets.items()
        }

    def compute(self, output: Tensor, targets: Mapping[str, Tensor]) -> Tensor:
        """The sum over each image, the mean over the batch.

        Of cells with an object: lambda_coord · ((x - x̂)² + (y - ŷ)² + (√w - √ŵ)² + (√h - √ĥ)²) +
        (C - IoU)² of the responsible box, and Σ (p - p̂)² over the classes; of every other box of
        all cells lambda_noobj · C². Responsible is the box with the highest intersection over
        union, or where none touches the object the nearest one. What the confidence should be,
        the IoU, is taken as it is: no gradient goes through it.

        Args:
            output: as `output_sizes` says, the batch axis first.
            targets: `boxes` of shape (B, N, 4) as shares of the image, `labels` of shape (B, N).
        """
        import torch
        from torch.nn import functional

        from codegen.parts.yolo_cells import yolo_cells

        places, sure, classes = yolo_cells(output.float(), self.grid, self.boxes)
        true = self._cells(targets["boxes"], targets["labels"])
        with torch.no_grad():
            overlap, distance = self._compare(places, true.place)
            touches = (overlap > 0).any(dim=-1)
            best = torch.where(touches, overlap.argmax(dim=-1), distance.argmin(dim=-1))
            wanted = overlap.gather(-1, best[..., None])
        responsible = functional.one_hot(best, self.boxes).bool() & true.filled[..., None]
        roots = torch.cat((true.place[..., :2], true.place[..., 2:].sqrt()), dim=-1)
        one_hot = functional.one_hot(true.label, classes.shape[-1])
        place = (places - roots[:, :, None]).square().sum(dim=-1)
        found = self.lambda_coord * place + (sure - wanted).square()
        per_box = torch.where(responsible, found, self.lambda_noobj * sure.square())
        per_class = (classes - one_hot).square() * true.filled[..., None]
        return (per_box.sum() + per_class.sum()) / len(output)

    def _cells(self, boxes: Tensor, labels: Tensor) -> _Truth:
        """Which object each cell is responsible for: the first one with its middle there."""
        import torch

        count, most = labels.shape
        sides = boxes[..., 2:] - boxes[..., :2]
        middle = (boxes[..., :2] + boxes[..., 2:]) / 2 * self.grid
        cell = middle.long().clamp(0, self.grid - 1)
        column, row = cell.unbind(dim=-1)
        counts = (labels != NO_BOX) & (sides >= SMALLEST).all(dim=-1)
        number = torch.where(counts, torch.arange(most, device=labels.device), most)
        first = labels.new_full((count, self.grid * self.grid), most)
        first = first.scatter_reduce(1, row * self.grid + column, number, "amin")
        filled = first < most
        place = torch.cat((middle - cell, sides), dim=-1)
        # One row more, of 0, for the cells without an object.
        place = torch.nn.functional.pad(place, (0, 0, 0, 1))
        label = torch.nn.functional.pad(labels, (0, 1))
        return _Truth(
            filled,
            place.gather(1, first[..., None].expand(-1, -1, 4)),
            label.gather(1, first),
        )

    def _compare(self, places: Tensor, true: Tensor) -> tuple[Tensor, Tensor]:
        """How far each box is what is true of its cell, each of shape (B, cells, boxes).

        Returns:
            the intersection over union, and the root of the summed squares of the differences of
            middle and sides.
        """
        import torch

        ours = torch.cat((places[..., :2] / self.grid, places[..., 2:].square()), dim=-1)
        theirs = torch.cat((true[..., :2] / self.grid, true[..., 2:]), dim=-1)[:, :, None]
        high = torch.minimum(*(one[..., :2] + one[..., 2:] / 2 for one in (ours, theirs)))
        low = torch.maximum(*(one[..., :2] - one[..., 2:] / 2 for one in (ours, theirs)))
        common = (high - low).clamp(min=0).prod(dim=-1)
        areas = ours[..., 2:].prod(dim=-1) + theirs[..., 2:].prod(dim=-1)
        overlap = common / (areas - common).clamp(min=1e-12)
        return overlap, (ours - theirs).square().sum(dim=-1).sqrt()
