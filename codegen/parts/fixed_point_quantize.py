"""Numbers rounded to multiples of a step, as many as some bits can tell apart."""

import torch
from torch import Tensor


def fixed_point_quantize(x: Tensor, delta: float, bits: int, signed: bool) -> Tensor:
    """The nearest multiple of `delta`; halves are rounded away from 0.

    The gradient is that of `x`, and 0 beyond the largest and smallest multiple.

    Args:
        signed: from -(2^(bits - 1) - 1) to 2^(bits - 1) - 1 steps, else from 0 to
            2^bits - 1.
    """
    highest = 2 ** (bits - 1) - 1 if signed else 2**bits - 1
    lowest = -highest if signed else 0
    inside = (x >= lowest * delta) & (x <= highest * delta)
    passed = torch.where(inside, x, 0.0)
    with torch.no_grad():
        steps = x.sign() * torch.floor(x.abs() / delta + 0.5)
        rounded = steps.clamp(lowest, highest) * delta
    return rounded + (passed - passed.detach())  # adds 0 exactly
