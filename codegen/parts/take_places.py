"""Pixels from other places, which are different ones for each sample."""

import torch
from torch import Tensor


def take_places(x: Tensor, places: list[Tensor]) -> Tensor:
    """`x` (N, C, ...), where each sample takes its own rows, columns, ...

    Args:
        places: for each axis behind the channels the indices that are wanted along
            it, (N, how many).
    """
    ones = [1] * (x.dim() - 1)
    index = [
        torch.arange(x.size(0), device=x.device).view(-1, *ones),
        torch.arange(x.size(1), device=x.device).view(-1, *ones[1:]),
    ]
    for axis, wanted in enumerate(places, start=2):
        index.append(wanted.view(-1, *ones[: axis - 1], wanted.size(1), *ones[axis:]))
    return x[tuple(index)]
