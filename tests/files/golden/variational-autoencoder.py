"""Variational autoencoder, made with Kumitate."""

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


class Decoder(nn.Module):
    """Draws a picture of 8×8 pixels from a code; its numbers become brightness by a
    sigmoid, which the loss applies itself.
    """

    def __init__(self, in_features: int, channels: int = 1) -> None:
        super().__init__()
        self.fc1 = nn.Linear(in_features, 128)
        self.relu1 = nn.ReLU()
        self.fc2 = nn.Linear(128, 1024)
        self.relu2 = nn.ReLU()
        self.up = nn.ConvTranspose2d(64, 32, kernel_size=2, stride=2)
        self.relu3 = nn.ReLU()
        self.conv = nn.Conv2d(32, channels, kernel_size=3, padding=1)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_features)
        x = self.fc1(entry)  # (N, 128)
        x = self.relu1(x)  # (N, 128)
        x = self.fc2(x)  # (N, 1024)
        x = self.relu2(x)  # (N, 1024)
        x = x.reshape(x.size(0), 64, 4, 4)  # (N, 64, 4, 4)
        x = self.up(x)  # (N, 32, 8, 8)
        x = self.relu3(x)  # (N, 32, 8, 8)
        x = self.conv(x)  # (N, channels, 8, 8)
        return x


class VariationalAutoencoder(nn.Module):
    """Learns how digits are distributed: it presses each into eight numbers that are
    drawn by chance around what it found, and gives the digit back from them.
    """

    def __init__(self, in_channels: int = 1, code: int = 8) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, 32, kernel_size=3, padding=1)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(32, 64, kernel_size=3, stride=2, padding=1)
        self.relu2 = nn.ReLU()
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(1024, 128)
        self.relu3 = nn.ReLU()
        self.mean = nn.Linear(128, code)
        self.log_variance = nn.Linear(128, code)
        self.draw = GaussianSample()
        self.decoder = Decoder(code, channels=in_channels)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:  # (N, in_channels, 8, 8)
        x = self.conv1(image)  # (N, 32, 8, 8)
        x = self.relu1(x)  # (N, 32, 8, 8)
        x = self.conv2(x)  # (N, 64, 4, 4)
        x = self.relu2(x)  # (N, 64, 4, 4)
        x = self.flatten(x)  # (N, 1024)
        x = self.fc(x)  # (N, 128)
        relu3 = self.relu3(x)  # (N, 128)
        mean = self.mean(relu3)  # (N, code)
        x = self.log_variance(relu3)  # (N, code)
        draw_out, draw_divergence = self.draw(mean, x)  # (N, code), (N, 1)
        x = self.decoder(draw_out)  # (N, in_channels, 8, 8)
        return x, draw_divergence
