"""Drawing around a mean, as the middle of a variational autoencoder does."""

import torch
from torch import Tensor, nn


class GaussianSample(nn.Module):
    """Draws from a normal distribution in a way that gradients can pass through.

    As published by Kingma and Welling, "Auto-Encoding Variational Bayes", 2013.
    """

    def forward(self, mean: Tensor, log_variance: Tensor) -> tuple[Tensor, Tensor]:
        """What was drawn (in evaluation the mean), and the divergence (N, 1) of that
        distribution from one with mean 0 and variance 1.
        """
        variance = log_variance.exp()
        divergence = (mean.square() + variance - log_variance - 1).flatten(1) / 2
        divergence = divergence.sum(dim=1, keepdim=True)
        if not self.training:
            return mean, divergence
        return mean + variance.sqrt() * torch.randn_like(mean), divergence
