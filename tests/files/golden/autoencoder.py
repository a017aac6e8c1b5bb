"""Autoencoder, made with Kumitate."""

from torch import Tensor, nn


class Autoencoder(nn.Module):
    """Presses a picture of a digit into 16 numbers, a quarter of its pixels, and
    draws it again from them: what it keeps is what matters.
    """

    def __init__(self, in_channels: int = 1, code: int = 16) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, 16, kernel_size=3, padding=1)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(16, 32, kernel_size=3, stride=2, padding=1)
        self.relu2 = nn.ReLU()
        self.flatten = nn.Flatten()
        self.encode = nn.Linear(512, code)
        self.decode = nn.Linear(code, 512)
        self.relu3 = nn.ReLU()
        self.up1 = nn.ConvTranspose2d(32, 16, kernel_size=2, stride=2)
        self.relu4 = nn.ReLU()
        self.conv3 = nn.Conv2d(16, in_channels, kernel_size=3, padding=1)
        self.sigmoid = nn.Sigmoid()

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, 8, 8)
        x = self.conv1(image)  # (N, 16, 8, 8)
        x = self.relu1(x)  # (N, 16, 8, 8)
        x = self.conv2(x)  # (N, 32, 4, 4)
        x = self.relu2(x)  # (N, 32, 4, 4)
        x = self.flatten(x)  # (N, 512)
        x = self.encode(x)  # (N, code)
        x = self.decode(x)  # (N, 512)
        x = self.relu3(x)  # (N, 512)
        x = x.reshape(x.size(0), 32, 4, 4)  # (N, 32, 4, 4)
        x = self.up1(x)  # (N, 16, 8, 8)
        x = self.relu4(x)  # (N, 16, 8, 8)
        x = self.conv3(x)  # (N, in_channels, 8, 8)
        x = self.sigmoid(x)  # (N, in_channels, 8, 8)
        return x
