"""Multilayer perceptron, made with Kumitate."""

from torch import Tensor, nn


class MultilayerPerceptron(nn.Module):
    """The simplest network that learns something worth showing: every pixel goes to
    every unit. It trains in a few seconds.
    """

    def __init__(
        self, in_channels: int = 1, classes: int = 10, hidden: int = 128
    ) -> None:
        super().__init__()
        self.flatten = nn.Flatten()
        self.fc1 = nn.Linear(64 * in_channels, hidden)
        self.relu1 = nn.ReLU()
        self.dropout = nn.Dropout(p=0.2)
        self.fc2 = nn.Linear(hidden, classes)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, 8, 8)
        x = self.flatten(image)  # (N, 64 * in_channels)
        x = self.fc1(x)  # (N, hidden)
        x = self.relu1(x)  # (N, hidden)
        x = self.dropout(x)  # (N, hidden)
        x = self.fc2(x)  # (N, classes)
        return x
