"""Classification of a table, made with Kumitate."""

from torch import Tensor, nn


class ClassificationOfATable(nn.Module):
    """A multilayer perceptron for rows of a table: thirty measures of a tumour's
    cells go in, and out comes whether it is malignant.
    """

    def __init__(self, classes: int = 2, hidden: int = 32) -> None:
        super().__init__()
        self.fc1 = nn.Linear(30, hidden)
        self.relu1 = nn.ReLU()
        self.drop1 = nn.Dropout(p=0.3)
        self.fc2 = nn.Linear(hidden, hidden)
        self.relu2 = nn.ReLU()
        self.drop2 = nn.Dropout(p=0.3)
        self.fc3 = nn.Linear(hidden, classes)

    def forward(self, features: Tensor) -> Tensor:  # (N, 30)
        x = self.fc1(features)  # (N, hidden)
        x = self.relu1(x)  # (N, hidden)
        x = self.drop1(x)  # (N, hidden)
        x = self.fc2(x)  # (N, hidden)
        x = self.relu2(x)  # (N, hidden)
        x = self.drop2(x)  # (N, hidden)
        x = self.fc3(x)  # (N, classes)
        return x
