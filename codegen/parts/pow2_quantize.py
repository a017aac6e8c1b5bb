"""Numbers rounded to powers of two."""

import torch
from torch import Tensor


def pow2_quantize(
    x: Tensor, bits: int, max_exponent: int, signed: bool, with_zero: bool
) -> Tensor:
    """The nearest power of two by its exponent, up to `2^max_exponent`.

    The gradient is that of `x`, and 0 beyond the largest power (and below 0 where
    there is no sign).

    Args:
        signed: spend a bit on the sign; else what is below 0 counts as 0.
        with_zero: spend a bit on 0; else the smallest power stands for 0.
    """
    powers = 2 ** (bits - signed - with_zero)
    smallest = max_exponent - (powers - 1)
    largest = 2.0**max_exponent
    inside = (x >= (-largest if signed else 0)) & (x <= largest)
    passed = torch.where(inside, x, 0.0)
    size = x.detach().abs() if signed else x.detach().clamp(min=0)
    exponent = torch.log2(size)
    rounded = torch.exp2(exponent.round().clamp(smallest, max_exponent))
    if with_zero:
        rounded = torch.where(exponent < smallest - 0.5, 0.0, rounded)
    if signed:
        rounded = torch.where(x < 0, -rounded, rounded)
    return rounded + (passed - passed.detach())  # adds 0 exactly
