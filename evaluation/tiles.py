"""Predicting a class for every pixel of images of any size, tile by tile.

Imports torch: for workers only.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from evaluation.network import NetworkError, apply_network

_BATCH = 4
"""Tiles that are computed together."""

_OVERLAP = 8
"""Of networks that keep the size, this part of a tile is left out at each of its edges."""


def predict_tiles(
    network: nn.Module, image: Tensor, tile: tuple[int, int], *, margin: int | None = None
) -> Tensor:
    """The output of a network for an image of any size, put together from overlapping tiles.

    What lies beyond the image is its mirror image. A network whose output is smaller than its
    input, as convolutions without padding give it, sees around each part of the result as much as
    it needs; such an output lies in the middle of the input. Of a network that keeps the size the
    edges of every tile are left out, since it saw nothing beyond them.

    Args:
        network: in evaluation mode, on the image's device.
        image: of shape (C, H, W).
        tile: height and width of what the network takes.
        margin: pixels that are left out at each edge of an output; an eighth of the tile where the
            network keeps the size and there are several tiles, if nothing is said.

    Returns:
        Of shape (K, H, W), with K the channels of the network's output.

    Raises:
        NetworkError: its output is no map of the same scale, or the margin leaves nothing of it.

    Source: O. Ronneberger, P. Fischer, T. Brox, U-Net: Convolutional Networks for Biomedical Image
        Segmentation, 2015, figure 2 (overlap-tile strategy).
    """
    size = (image.shape[1], image.shape[2])
    with torch.no_grad():
        given = _output_size(network, image, tile)
        several = any(have > part for have, part in zip(size, given, strict=True))
        if margin is None:
            margin = min(tile) // _OVERLAP if given == tile and several else 0
        steps = [side - 2 * margin for side in given]
        if min(steps) < 1:
            raise NetworkError(
                f"A margin of {margin} leaves nothing of outputs of {given[0]}×{given[1]}. Choose "
                f"larger tiles or a smaller margin."
            )
        borders = [(side - part) // 2 for side, part in zip(tile, given, strict=True)]
        counts = [-(-have // step) for have, step in zip(size, steps, strict=True)]
        whole = image
        for axis in (0, 1):
            before = borders[axis] + margin
            after = (counts[axis] - 1) * steps[axis] + tile[axis] - before - size[axis]
            whole = whole.index_select(axis + 1, _mirrored(size[axis], before, after, image))
        places = [
            (row * steps[0], column * steps[1])
            for row in range(counts[0])
            for column in range(counts[1])
        ]
        rows: list[Tensor] = []
        for start in range(0, len(places), _BATCH):
            cut = [
                whole[:, top : top + tile[0], left : left + tile[1]]
                for top, left in places[start : start + _BATCH]
            ]
            output = apply_network(network, {"image": torch.stack(cut)})[0]
            inner = output[:, :, margin : margin + steps[0], margin : margin + steps[1]]
            rows += inner.unbind()
    lines = [torch.cat(line, dim=2) for line in _in_rows(rows, counts[1])]
    return torch.cat(lines, dim=1)[:, : size[0], : size[1]]


def _output_size(network: nn.Module, image: Tensor, tile: tuple[int, int]) -> tuple[int, int]:
    """Height and width of what comes out for a tile."""
    output = apply_network(network, {"image": image.new_zeros(1, image.shape[0], *tile)})[0]
    if output.ndim != 4 or output.shape[2] > tile[0] or output.shape[3] > tile[1]:
        raise NetworkError(
            f"The network gives {tuple(output.shape[1:])} for images of {tile[0]}×{tile[1]} "
            "pixels, but must give channels, and height and width of at most these."
        )
    return output.shape[2], output.shape[3]


def _mirrored(length: int, before: int, after: int, like: Tensor) -> Tensor:
    """The places that an axis has when it is continued by its mirror image, however far."""
    places = torch.arange(-before, length + after, device=like.device)
    if length == 1:
        return torch.zeros_like(places)
    period = 2 * (length - 1)
    folded = places.abs() % period
    return torch.where(folded < length, folded, period - folded)


def _in_rows(tiles: list[Tensor], columns: int) -> Iterator[list[Tensor]]:
    for start in range(0, len(tiles), columns):
        yield tiles[start : start + columns]
