"""Data centred around its own mean, which is found while training."""

import torch
from torch import Tensor, nn


class MeanSubtraction(nn.Module):
    """Subtracts the mean of everything that it has seen while training.

    Args:
        size: of the mean; the axes before, at least that of the batch, are averaged.
        update_running_mean: go on averaging while training.
    """

    running_mean: Tensor
    batches: Tensor

    def __init__(self, size: tuple[int, ...], update_running_mean: bool = True) -> None:
        super().__init__()
        self.update_running_mean = update_running_mean
        self.register_buffer("running_mean", torch.zeros(size))
        self.register_buffer("batches", torch.tensor(0))

    def forward(self, x: Tensor) -> Tensor:
        """The same size; the mean takes no part in the gradient."""
        if self.training and self.update_running_mean:
            with torch.no_grad():
                axes = tuple(range(x.dim() - self.running_mean.dim()))
                difference = x.mean(dim=axes) - self.running_mean
                self.batches += 1
                self.running_mean += difference / self.batches
        return x - self.running_mean

    def extra_repr(self) -> str:
        """The settings, for `print(model)`."""
        size = tuple(self.running_mean.shape)
        return f"{size}, update_running_mean={self.update_running_mean}"
