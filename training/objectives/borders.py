"""The weights with which U-Net learns the borders between cells. Imports torch and scipy."""

from __future__ import annotations

import math

import numpy
import torch
from scipy import ndimage
from torch import Tensor

from data.dataset import IGNORED

BACKGROUND = 0
"""The class of what lies between the cells."""

_REACH = 6.0
"""Beyond so many sigmas from a cell its border adds less than a ten millionth of the weight."""


def border_weights(masks: Tensor, *, weight: float, sigma: float) -> Tensor:
    """How much more the background between two cells counts: weight · exp(-(d1 + d2)² / 2σ²).

    d1 and d2 are the distances to the nearest and the second nearest cell. A cell is a connected
    region of pixels of one class; diagonal neighbours are connected. Inside of cells, and where
    nothing is known, nothing is added.

    Args:
        masks: the true class of every pixel, of shape (B, H, W).
        weight: what is added where two cells are 0 apart, w0.
        sigma: how fast that falls with the distance, in pixels.

    Returns:
        Floats of shape (B, H, W), on the device of the masks.

    Source: O. Ronneberger, P. Fischer, T. Brox, U-Net: Convolutional Networks for Biomedical Image
        Segmentation, 2015, equation 2.
    """
    found = [_of_one(mask, weight, sigma) for mask in masks.cpu().numpy()]
    return torch.from_numpy(numpy.stack(found)).to(masks.device)


def _of_one(mask: numpy.ndarray, weight: float, sigma: float) -> numpy.ndarray:
    height, width = mask.shape
    nearest = numpy.full((height, width), numpy.inf, dtype=numpy.float32)
    second = nearest.copy()
    margin = math.ceil(_REACH * sigma)
    cells, boxes = _cells(mask)
    for number, box in enumerate(boxes, start=1):
        # Only what is near a cell is computed: a mask may have hundreds of them.
        rows, columns = (slice(max(side.start - margin, 0), side.stop + margin) for side in box)
        outside = cells[rows, columns] != number
        distance = ndimage.distance_transform_edt(outside).astype(numpy.float32)
        first, other = nearest[rows, columns], second[rows, columns]
        numpy.minimum(other, numpy.maximum(first, distance), out=other)
        numpy.minimum(first, distance, out=first)
    weights = weight * numpy.exp(-((nearest + second) ** 2) / (2 * sigma**2))
    added: numpy.ndarray = numpy.where(mask == BACKGROUND, weights, 0).astype(numpy.float32)
    return added


def _cells(mask: numpy.ndarray) -> tuple[numpy.ndarray, list[tuple[slice, slice]]]:
    """The number of the cell at every pixel, 0 where there is none, and the box of each cell."""
    cells = numpy.zeros(mask.shape, dtype=numpy.int32)
    count = 0
    for label in numpy.unique(mask):
        if label not in (BACKGROUND, IGNORED):
            found, more = ndimage.label(mask == label, structure=numpy.ones((3, 3)))
            cells[found > 0] = found[found > 0] + count
            count += more
    return cells, ndimage.find_objects(cells)
