"""A gradient that is turned around."""

from torch import Tensor


def reverse_gradient(x: Tensor, alpha: float) -> Tensor:
    """`x` itself; its gradient is multiplied by `-alpha` (Ganin & Lempitsky 2015)."""
    passed = x.view_as(x)  # so that other readers of x are not concerned
    if passed.requires_grad:
        passed.register_hook(lambda gradient: -alpha * gradient)
    return passed
