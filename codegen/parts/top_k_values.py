"""The largest numbers of every sample."""

from torch import Tensor


def top_k_values(
    x: Tensor, k: int, start_dim: int = 1, absolute: bool = False
) -> Tensor:
    """The `k` largest numbers, the largest first.

    Args:
        start_dim: the numbers along this axis and all behind it compete.
        absolute: leave the sign aside when comparing.
    """
    flat = x.flatten(start_dim)
    ranking = flat.abs() if absolute else flat
    return flat.gather(-1, ranking.topk(k, dim=-1).indices)
