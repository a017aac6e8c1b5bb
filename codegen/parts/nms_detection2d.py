"""Of boxes that cover the same thing only the best one."""

import torch
from torch import Tensor


def nms_detection2d(
    x: Tensor, thresh: float, nms: float, nms_per_class: bool = True
) -> Tensor:
    """Detections whose scores are 0 where a better box covers the same thing.

    Args:
        x: for each box its centre x and y, width, height, how certain it is that
            something is there, and the probabilities of the classes,
            (N, boxes, 5 + classes).
        thresh: smaller scores become 0.
        nms: from which overlap on (intersection over union) two boxes are the same.
        nms_per_class: boxes only compete for the same class.

    Returns:
        the same size, with the scores of classes in the place of probabilities.
    """
    boxes, sure, classes = x[..., :4], x[..., 4:5], x[..., 5:]
    sure = torch.where(sure < thresh, 0.0, sure)
    scores = sure * classes
    scores = torch.where(scores < thresh, 0.0, scores)
    with torch.no_grad():
        low = boxes[..., :2] - boxes[..., 2:] / 2
        high = boxes[..., :2] + boxes[..., 2:] / 2
        sides = torch.minimum(high[:, :, None], high[:, None]) - torch.maximum(
            low[:, :, None], low[:, None]
        )
        common = sides.clamp(min=0).prod(dim=-1)
        areas = boxes[..., 2:].prod(dim=-1)
        same = common / (areas[:, :, None] + areas[:, None] - common) > nms
        same = same & ~torch.eye(x.size(1), dtype=torch.bool, device=x.device)
        ranking = (scores if nms_per_class else sure).transpose(1, 2)
        kept = ranking > 0  # (N, classes or 1, boxes)
        order = ranking.argsort(dim=-1, descending=True, stable=True)
        for box in order.unbind(dim=-1):  # (N, classes or 1), the best one first
            rivals = same.gather(1, box[..., None].expand(-1, -1, x.size(1)))
            kept = kept & ~(rivals & kept.gather(-1, box[..., None]))
        mask = kept.transpose(1, 2).to(x.dtype)
    if not nms_per_class:
        sure = sure * mask
    return torch.cat((boxes, sure, scores * mask), dim=-1)
