"""The small networks among the templates in plain PyTorch."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tests.templates.transcriptions_detection import pyramid


def logistic_regression() -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 10))


def mlp_table() -> nn.Module:
    return nn.Sequential(
        *(nn.Linear(30, 32), nn.ReLU(), nn.Dropout(0.3)),
        *(nn.Linear(32, 32), nn.ReLU(), nn.Dropout(0.3), nn.Linear(32, 2)),
    )


class SmallSPPNet(nn.Module):
    """Four convolutions, a pyramid of pools, two linear layers."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for ins, outs in ((1, 16), (16, 16), (16, 32), (32, 32)):
            layers += [nn.Conv2d(ins, outs, 3, padding=1, bias=False), nn.BatchNorm2d(outs)]
            layers.append(nn.ReLU())
            if len(layers) == 6:
                layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(
            nn.Linear(21 * 32, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 10)
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(pyramid(self.features(x), (4, 2, 1)))


class SCells(nn.Module):
    """Fukushima 1980, equation (3) with r = 1 but for the sign of the weights."""

    def __init__(self, ins: int, planes: int, window: int) -> None:
        super().__init__()
        self.a = nn.Parameter(torch.empty(planes, ins, window, window))
        self.b = nn.Parameter(torch.empty(planes, 1, 1, 1))
        self.window = window

    def forward(self, x: Tensor) -> Tensor:
        size = self.window
        windows = nn.functional.pad(x, (size // 2,) * 4).unfold(2, size, 1).unfold(3, size, 1)
        excited = torch.einsum("ncijkl,pckl->npij", windows, self.a)
        mean_square = windows.square().mean(dim=(1, 4, 5))
        inhibited = (mean_square + 1e-4).sqrt()[:, None] * self.b.abs().view(1, -1, 1, 1)
        return ((1 + excited) / (1 + inhibited) - 1).relu()


class CCells(nn.Module):
    """Means of the 3×3 cells around every second one, saturating as 4x / (1 + 4x)."""

    def forward(self, x: Tensor) -> Tensor:
        count = nn.functional.avg_pool2d(torch.ones_like(x), 3, 2, 1)
        mean = nn.functional.avg_pool2d(x, 3, 2, 1) / count
        return 4 * mean / (1 + 4 * mean)


def neocognitron() -> nn.Module:
    return nn.Sequential(
        *(SCells(1, 12, 5), CCells(), SCells(12, 24, 5), CCells(), SCells(24, 48, 3)),
        *(nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(48, 10)),
    )


class LastOfLSTM(nn.Module):
    """Reads a sequence, and decides on the memory behind its last step."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(1, 64, batch_first=True)
        self.dropout = nn.Dropout(0.2)
        self.fc = nn.Linear(64, 8)

    def forward(self, x: Tensor) -> Tensor:
        _, (hidden, _) = self.lstm(x)
        return self.fc(self.dropout(hidden[0]))


class WordsTransformer(nn.Module):
    """Four steps are a word; torch's own encoder layers, norms first."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Linear(4, 32)
        self.token = nn.Parameter(torch.empty(1, 32))
        self.dropout = nn.Dropout(0.1)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(
                32, 4, 128, 0.1, activation="gelu", batch_first=True, norm_first=True
            )
            for _ in range(3)
        )
        self.norm = nn.LayerNorm(32)
        self.fc = nn.Linear(32, 8)

    def forward(self, x: Tensor) -> Tensor:
        x = self.features(x.reshape(len(x), -1, 4))
        x = torch.cat([self.token.expand(len(x), 1, 32), x], dim=1)
        time, pair = torch.arange(float(x.shape[1]))[:, None], torch.arange(0.0, 32, 2)
        angle = time / 10_000 ** (pair / 32)
        x = self.dropout(x + torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1))
        for layer in self.layers:
            x = layer(x)
        return self.fc(self.norm(x)[:, 0])


class VariationalAutoencoder(nn.Module):
    """Kingma and Welling 2013, with convolutions: eight numbers, drawn while training."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(
            *(nn.Conv2d(1, 32, 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(32, 64, 3, 2, padding=1), nn.ReLU(), nn.Flatten()),
            *(nn.Linear(1024, 128), nn.ReLU()),
        )
        self.mean, self.log_variance = nn.Linear(128, 8), nn.Linear(128, 8)
        self.decoder = nn.Sequential(
            *(nn.Linear(8, 128), nn.ReLU(), nn.Linear(128, 1024), nn.ReLU()),
            nn.Unflatten(1, (64, 4, 4)),
            *(nn.ConvTranspose2d(64, 32, 2, 2), nn.ReLU(), nn.Conv2d(32, 1, 3, padding=1)),
        )

    def forward(self, x: Tensor) -> Tensor:
        x = self.encoder(x)
        mean, deviation = self.mean(x), (self.log_variance(x) / 2).exp()
        drawn = mean + deviation * torch.randn_like(mean) if self.training else mean
        normal = torch.distributions.Normal(0.0, 1.0)
        far = torch.distributions.kl_divergence(torch.distributions.Normal(mean, deviation), normal)
        return torch.cat([self.decoder(drawn).flatten(1), far.sum(dim=1, keepdim=True)], dim=1)
