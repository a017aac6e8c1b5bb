"""Learned weights kept from growing where only their sign counts."""

import torch
from torch import nn


def clip_weight(module: nn.Linear | nn.Conv2d) -> None:
    """Bring the weights of a module that learns back into -1 to 1, in place."""
    weight = module.weight
    if module.training and weight.is_leaf and weight.requires_grad:
        with torch.no_grad():
            weight.clamp_(-1, 1)
