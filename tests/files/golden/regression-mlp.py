"""Regression with a multilayer perceptron, made with Kumitate."""

from torch import Tensor, nn


class RegressionWithAMultilayerPerceptron(nn.Module):
    """Predicts a number instead of a class: how far diabetes goes on in a year, from
    ten measurements.
    """

    def __init__(self, hidden: int = 32) -> None:
        super().__init__()
        self.fc1 = nn.Linear(10, hidden)
        self.relu1 = nn.ReLU()
        self.dropout = nn.Dropout(p=0.2)
        self.fc2 = nn.Linear(hidden, 1)

    def forward(self, features: Tensor) -> Tensor:  # (N, 10)
        x = self.fc1(features)  # (N, hidden)
        x = self.relu1(x)  # (N, hidden)
        x = self.dropout(x)  # (N, hidden)
        x = self.fc2(x)  # (N, 1)
        return x
