"""Decoder, made with Kumitate."""

from torch import Tensor, nn


class Bilinear(nn.Module):
    """Blends the map to twice its size and brings its channels together."""

    def __init__(self, in_channels: int, channels: int = 4) -> None:
        super().__init__()
        self.enlarge = nn.Upsample(scale_factor=2, mode="bilinear")
        self.conv = nn.Conv2d(in_channels, channels, kernel_size=1)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.enlarge(entry)  # (N, in_channels, 2 * H, 2 * W)
        x = self.conv(x)  # (N, channels, 2 * H, 2 * W)
        return x


class Up(nn.Module):
    def __init__(
        self, in_channels: int, channels: int = 4, upsampling: str = "transposed"
    ) -> None:
        super().__init__()
        if upsampling == "transposed":
            self.transposed = nn.ConvTranspose2d(
                in_channels, channels, kernel_size=2, stride=2
            )
        else:
            self.transposed = nn.Identity()
        if upsampling != "transposed":
            self.bilinear = Bilinear(in_channels, channels=channels)
        else:
            self.bilinear = nn.Identity()
        self.conv = nn.Conv2d(channels, channels, kernel_size=3, padding=1)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.transposed(entry)
        x = self.bilinear(x)  # (N, channels, 2 * H, 2 * W)
        x = self.conv(x)  # (N, channels, 2 * H, 2 * W)
        return x


class Decoder(nn.Module):
    """A way up that is learned or blended, as the parameter upsampling says."""

    def __init__(
        self,
        in_channels: int = 3,
        width: int = 8,
        upsampling: str = "transposed",
        smooth: bool = True,
    ) -> None:
        super().__init__()
        self.down = nn.Conv2d(
            in_channels, 4 * width, kernel_size=3, stride=2, padding=1
        )
        self.up = Up(4 * width, channels=width, upsampling=upsampling)
        if smooth:
            self.after = nn.Conv2d(width, 7, kernel_size=3, padding=1)
            self.after.learning_rate_factor = 2.0
        else:
            self.after = nn.Identity()
        self.scores = nn.Conv2d(7 if smooth else width, 2, kernel_size=1)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.down(image)  # (N, 4 * width, (H + 1) // 2, (W + 1) // 2)
        x = self.up(x)  # (N, width, 2 * ((H + 1) // 2), 2 * ((W + 1) // 2))
        x = self.after(x)
        x = self.scores(x)  # (N, 2, 2 * ((H + 1) // 2), 2 * ((W + 1) // 2))
        return x
