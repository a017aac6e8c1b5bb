"""AlexNet of 2012, made with Kumitate."""

from torch import Tensor, nn


class AlexNetOf2012(nn.Module):
    """AlexNet as published, with neighbours that hold each other back (local
    response normalization) and convolutions in two groups.
    """

    def __init__(
        self, in_channels: int = 3, hidden: int = 4096, classes: int = 1000
    ) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, 96, kernel_size=11, stride=4)
        nn.init.kaiming_normal_(self.conv1.weight, nonlinearity="relu")
        nn.init.zeros_(self.conv1.bias)
        self.relu1 = nn.ReLU()
        self.norm1 = nn.LocalResponseNorm(5, k=2.0)
        self.pool1 = nn.MaxPool2d(kernel_size=3, stride=2)
        self.conv2 = nn.Conv2d(96, 256, kernel_size=5, padding=2, groups=2)
        nn.init.kaiming_normal_(self.conv2.weight, nonlinearity="relu")
        nn.init.zeros_(self.conv2.bias)
        self.relu2 = nn.ReLU()
        self.norm2 = nn.LocalResponseNorm(5, k=2.0)
        self.pool2 = nn.MaxPool2d(kernel_size=3, stride=2)
        self.conv3 = nn.Conv2d(256, 384, kernel_size=3, padding=1)
        nn.init.kaiming_normal_(self.conv3.weight, nonlinearity="relu")
        nn.init.zeros_(self.conv3.bias)
        self.relu3 = nn.ReLU()
        self.conv4 = nn.Conv2d(384, 384, kernel_size=3, padding=1, groups=2)
        nn.init.kaiming_normal_(self.conv4.weight, nonlinearity="relu")
        nn.init.zeros_(self.conv4.bias)
        self.relu4 = nn.ReLU()
        self.conv5 = nn.Conv2d(384, 256, kernel_size=3, padding=1, groups=2)
        nn.init.kaiming_normal_(self.conv5.weight, nonlinearity="relu")
        nn.init.zeros_(self.conv5.bias)
        self.relu5 = nn.ReLU()
        self.pool5 = nn.MaxPool2d(kernel_size=3, stride=2)
        self.flatten = nn.Flatten()
        self.fc6 = nn.Linear(9216, hidden)
        nn.init.kaiming_normal_(self.fc6.weight, nonlinearity="relu")
        nn.init.zeros_(self.fc6.bias)
        self.relu6 = nn.ReLU()
        self.drop6 = nn.Dropout(p=0.5)
        self.fc7 = nn.Linear(hidden, hidden)
        nn.init.kaiming_normal_(self.fc7.weight, nonlinearity="relu")
        nn.init.zeros_(self.fc7.bias)
        self.relu7 = nn.ReLU()
        self.drop7 = nn.Dropout(p=0.5)
        self.fc8 = nn.Linear(hidden, classes)
        nn.init.normal_(self.fc8.weight, std=0.01)
        nn.init.zeros_(self.fc8.bias)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, 227, 227)
        x = self.conv1(image)  # (N, 96, 55, 55)
        x = self.relu1(x)  # (N, 96, 55, 55)
        x = self.norm1(x)  # (N, 96, 55, 55)
        x = self.pool1(x)  # (N, 96, 27, 27)
        x = self.conv2(x)  # (N, 256, 27, 27)
        x = self.relu2(x)  # (N, 256, 27, 27)
        x = self.norm2(x)  # (N, 256, 27, 27)
        x = self.pool2(x)  # (N, 256, 13, 13)
        x = self.conv3(x)  # (N, 384, 13, 13)
        x = self.relu3(x)  # (N, 384, 13, 13)
        x = self.conv4(x)  # (N, 384, 13, 13)
        x = self.relu4(x)  # (N, 384, 13, 13)
        x = self.conv5(x)  # (N, 256, 13, 13)
        x = self.relu5(x)  # (N, 256, 13, 13)
        x = self.pool5(x)  # (N, 256, 6, 6)
        x = self.flatten(x)  # (N, 9216)
        x = self.fc6(x)  # (N, hidden)
        x = self.relu6(x)  # (N, hidden)
        x = self.drop6(x)  # (N, hidden)
        x = self.fc7(x)  # (N, hidden)
        x = self.relu7(x)  # (N, hidden)
        x = self.drop7(x)  # (N, hidden)
        x = self.fc8(x)  # (N, classes)
        return x
