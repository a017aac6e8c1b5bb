"""What a YOLO network says of each cell, whichever way its numbers are laid out."""

from torch import Tensor


def yolo_cells(output: Tensor, grid: int, boxes: int) -> tuple[Tensor, Tensor, Tensor]:
    """The numbers of each cell of the grid, row by row.

    Args:
        output: (N, boxes * 5 + classes, grid, grid), in each cell five numbers for
            each box and then the classes; or flat, as darknet has them, (N, numbers):
            the classes of all cells, then their confidences, then their boxes.
        grid: cells along each side of the image.
        boxes: boxes of each cell.

    Returns:
        the boxes (N, cells, boxes, 4): x and y of the middle within the cell, and the
        roots of width and height as shares of the image; the confidences
        (N, cells, boxes); the classes (N, cells, classes).
    """
    cells = grid * grid
    if output.dim() == 2:
        classes = output.size(1) // cells - boxes * 5
        sizes = [cells * classes, cells * boxes, cells * boxes * 4]
        scores, sure, places = output.split(sizes, dim=1)
        return (
            places.unflatten(1, (cells, boxes, 4)),
            sure.unflatten(1, (cells, boxes)),
            scores.unflatten(1, (cells, classes)),
        )
    numbers = output.flatten(2).transpose(1, 2)
    five = numbers[..., : boxes * 5].unflatten(-1, (boxes, 5))
    return five[..., :4], five[..., 4], numbers[..., boxes * 5 :]
