"""Queries and keys turned by an angle that grows along the sequence."""

import torch
from torch import Tensor


def rotate_by_position(x: Tensor) -> Tensor:
    """Turns neighbouring pairs of features by an angle that grows with the step.

    After Su et al., "RoFormer: Enhanced Transformer with Rotary Position Embedding"
    (2021), equation 34.

    Args:
        x: queries or keys, (..., steps, features) with an even number of features.
    """
    steps, features = x.shape[-2:]
    step = torch.arange(steps, device=x.device).unsqueeze(1)  # (L, 1)
    pair = torch.arange(0, features, 2, device=x.device)
    angle = step / 10000 ** (pair / features)  # (L, features / 2)
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    first, second = x[..., 0::2], x[..., 1::2]
    turned = torch.stack(
        [first * cos - second * sin, first * sin + second * cos], dim=-1
    )
    return turned.flatten(-2)  # (..., L, features)
