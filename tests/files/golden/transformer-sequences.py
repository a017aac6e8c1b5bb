"""Transformer on sequences, made with Kumitate."""

import torch
from torch import Tensor, nn


class ClassToken(nn.Module):
    """Puts learned vectors before the first step of a sequence.

    A transformer gathers in them what it finds out about the whole sequence.
    """

    def __init__(self, features: int, num_tokens: int = 1) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(num_tokens, features))

    def forward(self, x: Tensor) -> Tensor:
        """(N, L, features) to (N, num_tokens + L, features)."""
        tokens = self.weight.expand(x.size(0), -1, -1)
        return torch.cat([tokens, x], dim=1)


def sinusoidal_positions(x: Tensor) -> Tensor:
    """A fixed vector for every step of `x`: sines and cosines of falling frequency.

    After Vaswani et al., "Attention Is All You Need" (2017), section 3.5.
    """
    steps, features = x.shape[-2:]
    step = torch.arange(steps, device=x.device).unsqueeze(1)  # (L, 1)
    pair = torch.arange(0, features, 2, device=x.device)
    angle = step / 10000 ** (pair / features)  # (L, features / 2)
    waves = torch.stack([angle.sin(), angle.cos()], dim=2).flatten(1)
    return waves[:, :features].to(x.dtype)  # (L, features)


class TransformerEncoderBlock(nn.Module):
    """Lets every step of a sequence look at all others, then thinks about each step
    by itself; both are added to what came in. Sizes stay as they are.
    """

    def __init__(
        self,
        in_features: int,
        features: int = 32,
        heads: int = 4,
        expansion: int = 4,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(in_features)
        self.attention = nn.MultiheadAttention(
            in_features, heads, dropout=dropout, batch_first=True
        )
        self.drop1 = nn.Dropout(p=dropout)
        self.norm2 = nn.LayerNorm(in_features)
        self.widen = nn.Linear(in_features, expansion * features)
        self.gelu = nn.GELU()
        self.drop2 = nn.Dropout(p=dropout)
        self.narrow = nn.Linear(expansion * features, features)
        self.drop3 = nn.Dropout(p=dropout)

    def forward(self, entry: Tensor) -> Tensor:  # (N, L, in_features)
        x = self.norm1(entry)  # (N, L, in_features)
        x, _ = self.attention(x, x, x, need_weights=False)  # (N, L, in_features)
        x = self.drop1(x)  # (N, L, in_features)
        add1 = x + entry  # (N, L, in_features)
        x = self.norm2(add1)  # (N, L, in_features)
        x = self.widen(x)  # (N, L, expansion * features)
        x = self.gelu(x)  # (N, L, expansion * features)
        x = self.drop2(x)  # (N, L, expansion * features)
        x = self.narrow(x)  # (N, L, features)
        x = self.drop3(x)  # (N, L, features)
        x = x + add1  # (N, L, features)
        return x


class TransformerOnSequences(nn.Module):
    """Cuts a series into words of four steps, each of which looks at all others at
    once; a learned vector in front of them gathers the answer.
    """

    def __init__(
        self,
        classes: int = 8,
        word: int = 4,
        width: int = 32,
        depth: int = 3,
        heads: int = 4,
    ) -> None:
        super().__init__()
        self.word = word
        self.features = nn.Linear(word, width)
        self.token = ClassToken(width)
        self.dropout = nn.Dropout(p=0.1)
        self.encoder = nn.Sequential(
            *[
                TransformerEncoderBlock(width, features=width, heads=heads)
                for _ in range(depth)
            ],
        )
        self.norm = nn.LayerNorm(width)
        self.fc = nn.Linear(width, classes)

    def forward(self, series: Tensor) -> Tensor:  # (N, 64, L)
        x = series.reshape(series.size(0), -1, self.word)  # (N, 64 * L // word, word)
        x = self.features(x)  # (N, 64 * L // word, width)
        x = self.token(x)  # (N, 64 * L // word + 1, width)
        x = x + sinusoidal_positions(x)  # (N, 64 * L // word + 1, width)
        x = self.dropout(x)  # (N, 64 * L // word + 1, width)
        x = self.encoder(x)  # (N, 64 * L // word + 1, width)
        x = self.norm(x)  # (N, 64 * L // word + 1, width)
        x = x[:, 0]  # (N, width)
        x = self.fc(x)  # (N, classes)
        return x
