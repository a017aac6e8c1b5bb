"""A gradient whose length is limited."""

from torch import Tensor

from codegen.parts.clip_by_norm import clip_by_norm


def clip_grad_by_norm(x: Tensor, max_norm: float, dim: tuple[int, ...]) -> Tensor:
    """`x` itself; gradients along `dim` get at most the length `max_norm`."""
    passed = x.view_as(x)  # so that other readers of x are not concerned
    if passed.requires_grad:
        passed.register_hook(lambda gradient: clip_by_norm(gradient, max_norm, dim))
    return passed
