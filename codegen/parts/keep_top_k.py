"""Everything but the largest numbers of every sample made 0."""

import torch
from torch import Tensor


def keep_top_k(x: Tensor, k: int, start_dim: int = 1, absolute: bool = False) -> Tensor:
    """`x`, where all but the `k` largest numbers are 0.

    Args:
        start_dim: the numbers along this axis and all behind it compete.
        absolute: leave the sign aside when comparing.
    """
    flat = x.flatten(start_dim)
    ranking = flat.abs() if absolute else flat
    places = ranking.topk(k, dim=-1).indices
    kept = torch.zeros_like(flat).scatter(-1, places, flat.gather(-1, places))
    return kept.view_as(x)
