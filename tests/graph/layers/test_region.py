"""Regions and boxes against torchvision and against what is computed by hand."""

import pytest
import torch
import torchvision
from torch import Tensor

from tests.graph.layers.computing import close, computed


def some_boxes(count: int = 5, seed: int = 0) -> Tensor:
    """Corners within 16 × 16, for two samples."""
    drawn = torch.rand(2, count, 4, generator=torch.Generator().manual_seed(seed))
    return torch.cat((drawn[..., :2] * 8, 8 + drawn[..., 2:] * 8), dim=-1)


@pytest.mark.parametrize(
    ("layer", "operation", "settings"),
    [
        ("RoIAlign", torchvision.ops.roi_align, {"aligned": True, "sampling_ratio": 2}),
        ("RoIAlign", torchvision.ops.roi_align, {"spatial_scale": 0.5}),
        ("RoIPool", torchvision.ops.roi_pool, {}),
        ("PSRoIAlign", torchvision.ops.ps_roi_align, {"sampling_ratio": 2}),
        ("PSRoIPool", torchvision.ops.ps_roi_pool, {"spatial_scale": 0.5}),
    ],
)
def test_regions_are_those_of_each_sample_by_itself(layer, operation, settings):
    x = torch.randn(2, 12, 16, 16, requires_grad=True)
    boxes = some_boxes()
    given = computed(layer, x, boxes, output_size=(2, 3), **settings)
    for sample in range(2):
        alone = operation(x[sample : sample + 1], [boxes[sample]], (2, 3), **settings)
        close(given[sample], alone)
    given.sum().backward()
    assert x.grad is not None
    assert x.grad.abs().sum() > 0


def test_corners_the_wrong_way_round_are_put_right():
    x, boxes = torch.randn(2, 3, 16, 16), some_boxes()
    turned = torch.cat((boxes[..., 2:], boxes[..., :2]), dim=-1)
    close(
        computed("RoIAlign", x, turned, aligned=True), computed("RoIAlign", x, boxes, aligned=True)
    )


def detections(boxes: Tensor, sure: Tensor, classes: Tensor) -> Tensor:
    centred = torchvision.ops.box_convert(boxes, "xyxy", "cxcywh")
    return torch.cat((centred, sure[..., None], classes), dim=-1)


def test_boxes_found_twice_are_dropped_as_torchvision_drops_them():
    generator = torch.Generator().manual_seed(2)
    boxes = some_boxes(30)
    sure = torch.rand(2, 30, generator=generator)
    classes = torch.rand(2, 30, 3, generator=generator)
    x = detections(boxes, sure, classes)
    given = computed("NmsDetection2d", x, thresh=0.0, nms=0.4, nms_per_class=True)
    once = computed("NmsDetection2d", x, thresh=0.0, nms=0.4, nms_per_class=False)
    close(given[..., :5], x[..., :5])
    for sample in range(2):
        for number in range(3):
            scores = sure[sample] * classes[sample, :, number]
            kept = torchvision.ops.nms(boxes[sample], scores, 0.4)
            expected = torch.zeros(30)
            expected[kept] = scores[kept]
            close(given[sample, :, 5 + number], expected)
        kept = torchvision.ops.nms(boxes[sample], sure[sample], 0.4)
        expected = torch.zeros(30)
        expected[kept] = sure[sample][kept]
        close(once[sample, :, 4], expected)
        close(once[sample, :, 5:], expected[:, None] * classes[sample])
        assert 1 < len(kept) < 30


def test_scores_below_the_threshold_are_zero():
    boxes = torch.tensor([[[0.0, 0, 2, 2], [0, 0, 2, 2.2], [8, 8, 9, 9]]])
    sure = torch.tensor([[0.8, 0.9, 0.2]])
    classes = torch.tensor([[[1.0, 0.1], [0.5, 0.9], [1.0, 1.0]]])
    given = computed("NmsDetection2d", detections(boxes, sure, classes), thresh=0.3, nms=0.5)
    # Each class has its own winner; 0.8 · 0.1 is too little, as is the third box.
    close(given[0, :, 4:], [[0.8, 0.8, 0], [0.9, 0, 0.81], [0, 0, 0]])


def test_gradients_go_to_what_is_kept():
    boxes = torch.tensor([[[0.0, 0, 2, 2], [0, 0, 2, 2.2]]])
    x = detections(boxes, torch.tensor([[0.8, 0.9]]), torch.ones(1, 2, 1)).requires_grad_()
    computed("NmsDetection2d", x)[..., 5].sum().backward()
    assert x.grad is not None
    close(x.grad[0, :, 4], [0.0, 1.0])


def test_boxes_are_converted_clipped_and_compared():
    corners = torch.tensor([[[0.0, 0, 4, 2]], [[2, 0, 6, 12]]])
    close(computed("BoxConvert", corners, in_fmt="xyxy", out_fmt="cxcywh")[0], [[2, 1, 4, 2]])
    close(computed("BoxConvert", corners, in_fmt="xyxy", out_fmt="xywh")[1], [[2, 0, 4, 12]])
    close(computed("ClipBoxes", corners, size=(10, 5))[1], [[2, 0, 5, 10]])
    other = torch.tensor([[[0.0, 0, 2, 2], [8, 8, 9, 9]]]).repeat(2, 1, 1)
    close(computed("BoxIoU", corners, other)[0], [[0.5, 0]])
