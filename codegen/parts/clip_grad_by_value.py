"""A gradient whose numbers stay within a range."""

from torch import Tensor


def clip_grad_by_value(x: Tensor, low: float, high: float) -> Tensor:
    """`x` itself; every number of its gradient is brought into the range."""
    passed = x.view_as(x)  # so that other readers of x are not concerned
    if passed.requires_grad:
        passed.register_hook(lambda gradient: gradient.clamp(low, high))
    return passed
