"""The boxes that a YOLO network has found; of those on the same object the best one."""

import torch
import torchvision
from torch import Tensor

from codegen.parts.yolo_cells import yolo_cells


def yolo_detections(
    output: Tensor,
    grid: int,
    boxes: int,
    threshold: float = 0.2,
    overlap: float = 0.4,
) -> list[tuple[Tensor, Tensor, Tensor]]:
    """What was found in each image, the surest first.

    Args:
        output: of the network; see yolo_cells, also for grid and boxes.
        threshold: boxes with smaller scores are left out.
        overlap: boxes of a class with a larger intersection over union are the same.

    Returns:
        for each image the boxes (found, 4) as left, top, right and bottom from 0 to 1,
        their scores (found,), and the numbers of their classes (found,).
    """
    places, sure, classes = yolo_cells(output, grid, boxes)
    cell = torch.arange(grid * grid, device=output.device)
    corner = torch.stack((cell % grid, cell // grid), dim=-1)
    middle = (places[..., :2] + corner[:, None]) / grid
    half = places[..., 2:] ** 2 / 2
    corners = torch.cat((middle - half, middle + half), dim=-1).clamp(0, 1)
    # Without the clamp two numbers below 0 would make a score above 0.
    scores = sure.clamp(min=0)[..., None] * classes.clamp(min=0)[:, :, None]
    found = []
    for box, score in zip(corners.flatten(1, 2), scores.flatten(1, 2), strict=True):
        place, label = (score > threshold).nonzero(as_tuple=True)
        box, score = box[place], score[place, label]
        kept = torchvision.ops.batched_nms(box, score, label, overlap)
        found.append((box[kept], score[kept], label[kept]))
    return found
