"""The mask that keeps a sequence from looking ahead."""

import torch
from torch import Tensor


def causal_mask(query: Tensor, key: Tensor) -> Tensor:
    """True where a step of `query` must not look: at all later steps of `key`."""
    size = (query.size(1), key.size(1))
    mask = torch.ones(size, dtype=torch.bool, device=query.device)
    return mask.triu(diagonal=1)  # (L, S)
