"""The smallest numbers of every sample made 0."""

import torch
from torch import Tensor


def prune(x: Tensor, rate: float) -> Tensor:
    """`x`, where the smallest numbers by size are 0, the share `rate` of every sample.

    The gradient passes as if nothing had been dropped, so that a number can come back.
    """
    sizes = x.flatten(1).abs()
    bound = sizes.sort(dim=1).values[:, int((sizes.size(1) - 1) * rate)]  # (N,)
    small = (
        (sizes < bound[:, None]).view_as(x) if rate < 1 else torch.ones_like(x).bool()
    )
    return x - x.detach().where(small, 0.0)
