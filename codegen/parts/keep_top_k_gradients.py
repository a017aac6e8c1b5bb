"""Everything but the largest gradients of every sample made 0."""

from torch import Tensor

from codegen.parts.keep_top_k import keep_top_k


def keep_top_k_gradients(
    x: Tensor, k: int, start_dim: int = 1, absolute: bool = False
) -> Tensor:
    """`x` itself; all but the `k` largest of its gradients are 0.

    Args:
        start_dim: the gradients along this axis and all behind it compete.
        absolute: leave the sign aside when comparing.
    """
    passed = x.view_as(x)  # so that other readers of x are not concerned
    if passed.requires_grad:
        passed.register_hook(
            lambda gradient: keep_top_k(gradient, k, start_dim, absolute)
        )
    return passed
