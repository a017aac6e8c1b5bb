"""LeNet-5, made with Kumitate."""

from torch import Tensor, nn


class LeNet5(nn.Module):
    """The network with which Yann LeCun and colleagues read handwritten digits in
    1998: two rounds of convolution and pooling find strokes and their combinations,
    three linear layers decide.
    """

    def __init__(self, in_channels: int = 1, classes: int = 10) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, 6, kernel_size=5, padding=2)
        self.tanh1 = nn.Tanh()
        self.pool1 = nn.AvgPool2d(kernel_size=2)
        self.conv2 = nn.Conv2d(6, 16, kernel_size=5)
        self.tanh2 = nn.Tanh()
        self.pool2 = nn.AvgPool2d(kernel_size=2)
        self.flatten = nn.Flatten()
        self.fc1 = nn.Linear(400, 120)
        self.tanh3 = nn.Tanh()
        self.fc2 = nn.Linear(120, 84)
        self.tanh4 = nn.Tanh()
        self.fc3 = nn.Linear(84, classes)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, 28, 28)
        x = self.conv1(image)  # (N, 6, 28, 28)
        x = self.tanh1(x)  # (N, 6, 28, 28)
        x = self.pool1(x)  # (N, 6, 14, 14)
        x = self.conv2(x)  # (N, 16, 10, 10)
        x = self.tanh2(x)  # (N, 16, 10, 10)
        x = self.pool2(x)  # (N, 16, 5, 5)
        x = self.flatten(x)  # (N, 400)
        x = self.fc1(x)  # (N, 120)
        x = self.tanh3(x)  # (N, 120)
        x = self.fc2(x)  # (N, 84)
        x = self.tanh4(x)  # (N, 84)
        x = self.fc3(x)  # (N, classes)
        return x
