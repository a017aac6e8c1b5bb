"""The loss of YOLO against a transcription in plain loops, by hand, and against finite differences.

The transcription follows the paper, section 2.2, and what the authors' program does where the paper
says nothing: which box is responsible where none touches the object, and which objects are left
out.
"""

import math

import pytest
import torch

from codegen.parts.yolo_detections import yolo_detections
from data.dataset import NO_BOX, Batch, DataDescription
from graph.shapes import TensorSpec
from training.objectives import LOSSES, default_loss

CLASSES = ("red", "green", "blue")


def overlap_of(one, other):
    """Intersection over union of boxes given by middle and sides."""
    common = 1.0
    for axis in (0, 1):
        low = max(one[axis] - one[axis + 2] / 2, other[axis] - other[axis + 2] / 2)
        high = min(one[axis] + one[axis + 2] / 2, other[axis] + other[axis + 2] / 2)
        common *= max(0.0, high - low)
    return common / (one[2] * one[3] + other[2] * other[3] - common)


def transcription(cells, truths, grid, assigned=None, coord=5.0, noobj=0.5):
    """The loss of one image in plain loops, and what was assigned.

    Args:
        cells: by (row, column), the boxes as [x, y, √w, √h, confidence] and the classes.
        truths: (left, top, right, bottom, label) as shares of the image.
        assigned: by cell, the responsible box and its overlap, where they are not to be found anew.
    """
    found = {}
    objects = {}
    for left, top, right, bottom, label in truths:
        x, y, w, h = (left + right) / 2, (top + bottom) / 2, right - left, bottom - top
        column, row = int(x * grid), int(y * grid)
        if w < 0.005 or h < 0.005 or (row, column) in objects:
            continue
        objects[row, column] = (x, y, w, h, label)
    total = 0.0
    for (row, column), (predicted, scores) in cells.items():
        responsible = None
        if (row, column) in objects:
            x, y, w, h, label = objects[row, column]
            best_overlap, best_distance = 0.0, math.inf
            for number, (px, py, sw, sh, _) in enumerate(predicted):
                box = ((px + column) / grid, (py + row) / grid, sw**2, sh**2)
                overlap = overlap_of(box, (x, y, w, h))
                distance = math.dist(box, (x, y, w, h))
                if best_overlap > 0 or overlap > 0:
                    if overlap > best_overlap:
                        best_overlap, responsible = overlap, number
                elif distance < best_distance:
                    best_distance, responsible = distance, number
            if assigned is not None:
                responsible, best_overlap = assigned[row, column]
            found[row, column] = responsible, best_overlap
            px, py, sw, sh, sure = predicted[responsible]
            total += coord * (px - (x * grid - column)) ** 2
            total += coord * (py - (y * grid - row)) ** 2
            total += coord * (sw - math.sqrt(w)) ** 2 + coord * (sh - math.sqrt(h)) ** 2
            total += (sure - best_overlap) ** 2
            total += sum((p - (c == label)) ** 2 for c, p in enumerate(scores))
        for number, (*_, sure) in enumerate(predicted):
            if number != responsible:
                total += noobj * sure**2
    return total, found


def cells_of(output, grid, boxes, layout):
    """The numbers of one image by cell, read one by one as each layout says."""
    classes = len(CLASSES)
    cells = {}
    for row in range(grid):
        for column in range(grid):
            cell = row * grid + column
            predicted = []
            for box in range(boxes):
                if layout == "per_cell":
                    numbers = [output[box * 5 + k, row, column] for k in range(5)]
                else:
                    sure = grid * grid * classes + cell * boxes + box
                    first = grid * grid * (classes + boxes) + (cell * boxes + box) * 4
                    numbers = [*output[first : first + 4], output[sure]]
                predicted.append([float(number) for number in numbers])
            if layout == "per_cell":
                scores = output[boxes * 5 :, row, column]
            else:
                scores = output[cell * classes : (cell + 1) * classes]
            cells[row, column] = (predicted, [float(score) for score in scores])
    return cells


def truths_by_chance(generator, images, most):
    """Boxes and labels as a batch has them, as shares of the image, some of them tiny."""
    low = torch.rand(images, most, 2, generator=generator) * 0.8
    sides = torch.rand(images, most, 2, generator=generator) * 0.3
    sides[:, ::4] *= 0.02
    boxes = torch.cat((low, (low + sides).clamp(max=1)), dim=-1).double()
    labels = torch.randint(0, len(CLASSES), (images, most), generator=generator)
    for image in range(images):
        labels[image, most - image :] = NO_BOX
        boxes[image, most - image :] = 0
    return boxes, labels


def listed(boxes, labels):
    """The boxes of one image, without the rows that fill up."""
    return [
        (*box.tolist(), int(label))
        for box, label in zip(boxes, labels, strict=True)
        if label != NO_BOX
    ]


def sizes(layout, grid, boxes):
    numbers = boxes * 5 + len(CLASSES)
    return (numbers, grid, grid) if layout == "per_cell" else (grid * grid * numbers,)


@pytest.mark.parametrize("layout", ["per_cell", "darknet"])
@pytest.mark.parametrize(("grid", "boxes"), [(7, 2), (3, 3), (1, 1)])
@pytest.mark.parametrize("seed", range(3))
def test_it_is_the_published_loss(layout, grid, boxes, seed):
    generator = torch.Generator().manual_seed(seed)
    truths, labels = truths_by_chance(generator, images=4, most=12)
    output = torch.rand(4, *sizes(layout, grid, boxes), generator=generator) - 0.2
    loss = LOSSES["yolo"](grid=grid, boxes=boxes, layout=layout)
    found = loss.compute(output, {"boxes": truths.float(), "labels": labels})
    expected = [
        transcription(
            cells_of(output[image], grid, boxes, layout), listed(truths[image], labels[image]), grid
        )[0]
        for image in range(4)
    ]
    assert found.item() == pytest.approx(sum(expected) / 4, rel=1e-4)


@pytest.mark.parametrize("layout", ["per_cell", "darknet"])
def test_the_gradient_holds_against_finite_differences(layout):
    generator = torch.Generator().manual_seed(5)
    truths, labels = truths_by_chance(generator, images=1, most=5)
    output = torch.rand(1, *sizes(layout, 3, 2), generator=generator).double().requires_grad_()
    loss = LOSSES["yolo"](grid=3, boxes=2, layout=layout)
    loss.compute(output, {"boxes": truths, "labels": labels}).backward()

    def computed(numbers, assigned=None):
        cells = cells_of(numbers.view(output[0].shape), 3, 2, layout)
        return transcription(cells, listed(truths[0], labels[0]), 3, assigned)

    numbers = output.detach().flatten()
    # What is responsible, and the overlap that the confidence should be, are constants.
    _, assigned = computed(numbers)
    assert assigned
    for index, slope in enumerate(output.grad.flatten().tolist()):
        values = []
        for step in (-1e-4, 1e-4):
            moved = numbers.clone()
            moved[index] += step
            values.append(computed(moved, assigned)[0])
        assert slope == pytest.approx((values[1] - values[0]) / 2e-4, abs=1e-4)


def one_cell(*numbers):
    """An output of a single cell with one box and three classes."""
    return torch.tensor(numbers, dtype=torch.float32).view(1, 8, 1, 1)


def truth(*boxes, labels):
    return {"boxes": torch.tensor([boxes]), "labels": torch.tensor([labels])}


def test_one_box_by_hand():
    # The object is the middle quarter. The box is as large and lies 0.25 to the right, so they
    # share 0.25 · 0.5 of 2 · 0.25 - 0.125.
    output = one_cell(0.75, 0.5, math.sqrt(0.5), math.sqrt(0.5), 0.5, 0.9, 0.2, 0.1)
    found = LOSSES["yolo"](grid=1, boxes=1).compute(
        output, truth([0.25, 0.25, 0.75, 0.75], labels=[0])
    )
    overlap = 0.125 / 0.375
    expected = 5 * 0.25**2 + (0.5 - overlap) ** 2 + 0.1**2 + 0.2**2 + 0.1**2
    assert found.item() == pytest.approx(expected)


def test_without_an_object_only_confidences_count():
    output = one_cell(9, 9, 9, 9, 0.5, 9, 9, 9)
    nothing = {"boxes": torch.zeros(1, 0, 4), "labels": torch.zeros(1, 0, dtype=torch.int64)}
    assert LOSSES["yolo"](grid=1, boxes=1).compute(output, nothing).item() == 0.5 * 0.25
    loss = LOSSES["yolo"](grid=1, boxes=1, lambda_noobj=2.0)
    assert loss.compute(output, nothing).item() == 2 * 0.25


def test_a_second_object_in_a_cell_and_a_tiny_one_are_left_out():
    output = torch.rand(1, 8, 1, 1)
    loss = LOSSES["yolo"](grid=1, boxes=1)
    alone = loss.compute(output, truth([0.2, 0.2, 0.6, 0.6], labels=[1]))
    both = loss.compute(
        output,
        truth([0.5, 0.5, 0.504, 0.9], [0.2, 0.2, 0.6, 0.6], [0.1, 0.1, 0.9, 0.9], labels=[2, 1, 0]),
    )
    assert both.item() == alone.item()


def test_where_no_box_touches_the_object_the_nearest_is_responsible():
    # Both boxes are far to the right of the object; the second is nearer.
    numbers = [3.0, 0.5, 0.3, 0.3, 0.0, 2.0, 0.5, 0.3, 0.3, 0.0, 0.0, 0.0, 1.0]
    output = torch.tensor(numbers).view(1, 13, 1, 1).requires_grad_()
    loss = LOSSES["yolo"](grid=1, boxes=2)
    loss.compute(output, truth([0.4, 0.4, 0.6, 0.6], labels=[2])).backward()
    first, second = output.grad.flatten()[:10].split(5)
    assert not first.any()
    assert second[0] > 0


def description(*, classes=3, size=(32, 64)):
    return DataDescription(
        task="detection",
        inputs={"image": TensorSpec((3, *size))},
        class_names=CLASSES[:classes],
        samples=10,
        summary="",
        source="",
    )


def test_targets_are_shares_of_the_image():
    batch = Batch(
        {"image": torch.zeros(1, 3, 32, 64)},
        {"boxes": torch.tensor([[[16.0, 8.0, 32.0, 24.0]]]), "labels": torch.tensor([[1]])},
    )
    targets = LOSSES["yolo"]().targets(batch)
    assert targets["boxes"].tolist() == [[[0.25, 0.25, 0.5, 0.75]]]
    assert targets["labels"].tolist() == [[1]]


@pytest.mark.parametrize(
    ("layout", "wanted"), [("per_cell", (13, 7, 7)), ("darknet", (7 * 7 * 13,))]
)
def test_the_output_that_it_needs(layout, wanted):
    loss = LOSSES["yolo"](layout=layout)
    assert loss.output_sizes(description()) == wanted
    assert "7×7 cells" in loss.output_meaning(description())
    assert loss.correct(torch.zeros(1), {"labels": torch.zeros(1, 1)}) is None
    assert isinstance(default_loss(description()), LOSSES["yolo"])


def box_at(layout, *, row, column, numbers, label):
    """An output of 4×4 cells with one certain box."""
    output = torch.zeros(1, *sizes(layout, 4, 2))
    cell = row * 4 + column
    if layout == "per_cell":
        output[0, 5:9, row, column] = torch.tensor(numbers)
        output[0, 9, row, column] = 0.9
        output[0, 10 + label, row, column] = 0.5
    else:
        output[0, cell * 3 + label] = 0.5
        output[0, 16 * 3 + cell * 2 + 1] = 0.9
        output[0, 16 * 5 + (cell * 2 + 1) * 4 :][:4] = torch.tensor(numbers)
    return output


@pytest.mark.parametrize("layout", ["per_cell", "darknet"])
def test_a_box_is_read_where_it_was_put(layout):
    output = box_at(layout, row=1, column=2, numbers=[0.5, 0.25, 0.5, 0.25**0.5], label=2)
    decoding = LOSSES["yolo"](grid=4, layout=layout).decoding()
    ((boxes, scores, labels),) = decoding.detections(output, threshold=0.2, overlap=0.4)
    # Its middle is at 2.5 of 4 cells to the right and 1.25 down.
    assert boxes.tolist() == [[0.5, pytest.approx(0.1875), 0.75, pytest.approx(0.4375)]]
    assert scores.tolist() == [pytest.approx(0.45)]
    assert labels.tolist() == [2]
    ((boxes, _, _),) = decoding.detections(output, threshold=0.5, overlap=0.4)
    assert boxes.shape == (0, 4)


def test_learning_a_truth_and_reading_it_gives_it_back():
    truths, labels = torch.tensor([[[0.1, 0.2, 0.5, 0.9]]]), torch.tensor([[1]])
    loss = LOSSES["yolo"](grid=3)
    output = torch.rand(1, 13, 3, 3, generator=torch.Generator().manual_seed(0)).requires_grad_()
    optimizer = torch.optim.Adam([output], lr=0.05)
    for _ in range(300):
        optimizer.zero_grad()
        value = loss.compute(output, {"boxes": truths, "labels": labels})
        value.backward()
        optimizer.step()
    assert value.item() < 1e-3
    ((boxes, scores, found),) = yolo_detections(output.detach(), grid=3, boxes=2)
    torch.testing.assert_close(boxes, truths[0], atol=0.02, rtol=0)
    assert scores.item() == pytest.approx(1, abs=0.05)
    assert found.tolist() == [1]


def test_of_boxes_on_the_same_object_the_best_one_is_kept_by_class():
    output = torch.zeros(1, 13, 1, 1)
    output[0, :, 0, 0] = torch.tensor(
        [0.5, 0.5, 0.7, 0.7, 0.9, 0.52, 0.5, 0.7, 0.7, 0.8, 1.0, 0.6, 0.0]
    )
    ((_, scores, labels),) = yolo_detections(output, grid=1, boxes=2)
    assert list(zip(scores.tolist(), labels.tolist(), strict=True)) == [
        (pytest.approx(0.9), 0),
        (pytest.approx(0.54), 1),
    ]
    everything = yolo_detections(output, grid=1, boxes=2, overlap=0.99)
    assert len(everything[0][0]) == 4


def test_two_numbers_below_0_are_no_detection():
    output = torch.zeros(1, 13, 1, 1)
    output[0, 4], output[0, 10] = -1.0, -1.0
    ((boxes, _, _),) = yolo_detections(output, grid=1, boxes=2)
    assert len(boxes) == 0
