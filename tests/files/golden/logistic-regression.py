"""Logistic regression, made with Kumitate."""

from torch import Tensor, nn


class LogisticRegression(nn.Module):
    """One linear layer: each class adds up all pixels with weights of its own, and
    the largest sum wins. Whatever a larger network reaches is to be compared with
    this.
    """

    def __init__(self, in_channels: int = 1, classes: int = 10) -> None:
        super().__init__()
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(64 * in_channels, classes)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, 8, 8)
        x = self.flatten(image)  # (N, 64 * in_channels)
        x = self.fc(x)  # (N, classes)
        return x
