"""Weights made two numbers in every filter: plus or minus their mean size."""

from torch import Tensor

from codegen.parts.binary_sign import binary_sign


def scaled_sign(weight: Tensor) -> Tensor:
    """The sign of weights times their mean size in each filter (Rastegari et al. 2016).

    Args:
        weight: filters along the first axis.
    """
    scale = weight.flatten(1).abs().mean(1)
    return binary_sign(weight) * scale.view(-1, *[1] * (weight.ndim - 1))
