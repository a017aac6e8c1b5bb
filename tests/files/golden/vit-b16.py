"""Vision transformer (ViT-B/16), made with Kumitate."""

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


class LearnedPositions(nn.Module):
    """Adds a learned vector to every step of a sequence.

    They start as small random numbers (standard deviation 0.02), as in BERT and GPT-2.
    """

    def __init__(self, max_length: int, features: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(max_length, features))
        nn.init.normal_(self.weight, std=0.02)

    def forward(self, x: Tensor) -> Tensor:
        """(N, L, features), with L at most `max_length`; the size stays."""
        return x + self.weight[: x.size(1)]


class TransformerEncoderBlock(nn.Module):
    """Lets every step of a sequence look at all others, then thinks about each step
    by itself; both are added to what came in. Sizes stay as they are.
    """

    def __init__(
        self,
        in_features: int,
        features: int = 768,
        heads: int = 12,
        expansion: int = 4,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(in_features, eps=1e-06)
        self.attention = nn.MultiheadAttention(
            in_features, heads, dropout=dropout, batch_first=True
        )
        self.drop1 = nn.Dropout(p=dropout)
        self.norm2 = nn.LayerNorm(in_features, eps=1e-06)
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


class VisionTransformerViTB16(nn.Module):
    """Cuts an image into 14×14 patches of 16×16 pixels, and treats them like words:
    each looks at all others, twelve times.
    """

    def __init__(
        self,
        in_channels: int = 3,
        image_size: int = 224,
        classes: int = 1000,
        patch: int = 16,
        width: int = 768,
        depth: int = 12,
        heads: int = 12,
    ) -> None:
        super().__init__()
        self.patches = nn.Conv2d(in_channels, width, kernel_size=patch, stride=patch)
        nn.init.trunc_normal_(self.patches.weight, std=0.02, a=-0.04, b=0.04)
        nn.init.zeros_(self.patches.bias)
        self.lines = nn.Flatten(start_dim=2)
        self.token = ClassToken(width)
        self.positions = LearnedPositions((image_size // patch) ** 2 + 1, width)
        self.dropout = nn.Dropout(p=0.0)
        self.encoder = nn.Sequential(
            *[
                TransformerEncoderBlock(width, features=width, heads=heads)
                for _ in range(depth)
            ],
        )
        self.norm = nn.LayerNorm(width, eps=1e-06)
        self.fc = nn.Linear(width, classes)

    # (N, in_channels, image_size, image_size)
    def forward(self, image: Tensor) -> Tensor:
        x = self.patches(image)  # (N, width, image_size // patch, image_size // patch)
        x = self.lines(x)  # (N, width, (image_size // patch) ** 2)
        x = x.transpose(1, 2)  # (N, (image_size // patch) ** 2, width)
        x = self.token(x)  # (N, (image_size // patch) ** 2 + 1, width)
        x = self.positions(x)  # (N, (image_size // patch) ** 2 + 1, width)
        x = self.dropout(x)  # (N, (image_size // patch) ** 2 + 1, width)
        x = self.encoder(x)  # (N, (image_size // patch) ** 2 + 1, width)
        x = self.norm(x)  # (N, (image_size // patch) ** 2 + 1, width)
        x = x[:, 0]  # (N, width)
        x = self.fc(x)  # (N, classes)
        return x
