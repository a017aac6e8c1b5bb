"""Bilinear enlargement as the weights of a transposed convolution."""

import torch
from torch import Tensor


@torch.no_grad()
def bilinear_(weight: Tensor, groups: int = 1) -> Tensor:
    """Fill a transposed convolution so that it enlarges each channel by itself.

    The kernel of (in_channels, out_channels / groups, *kernel) is a full matrix whose
    diagonal is bilinear: 0.25, 0.75, 0.75, 0.25 for a kernel of 4 (Long et al. 2015).
    """
    kernel = torch.ones((), dtype=weight.dtype, device=weight.device)
    for size in weight.shape[2:]:
        factor = (size + 1) // 2
        centre = factor - 1 if size % 2 else factor - 0.5
        places = torch.arange(size, dtype=weight.dtype, device=weight.device)
        kernel = kernel[..., None] * (1 - (places - centre).abs() / factor)
    weight.zero_()
    for channel in range(weight.size(0)):
        within = channel % (weight.size(0) // groups)
        if within < weight.size(1):
            weight[channel, within] = kernel
    return weight
