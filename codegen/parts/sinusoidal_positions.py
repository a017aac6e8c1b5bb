"""Waves that tell every step of a sequence where it stands."""

import torch
from torch import Tensor


def sinusoidal_positions(x: Tensor) -> Tensor:
    """A fixed vector for every step of `x`: sines and cosines of falling frequency.

    After Vaswani et al., "Attention Is All You Need" (2017), section 3.5.
    """
    steps, features = x.shape[-2:]
    step = torch.arange(steps, device=x.device).unsqueeze(1)  # (L, 1)
    pair = torch.arange(0, features, 2, device=x.device)
    angle = step / 10000 ** (pair / features)  # (L, features / 2)
    waves = torch.stack([angle.sin(), angle.cos()], dim=2).flatten(1)
    return waves[:, :features].to(x.dtype)  # (L, features)
