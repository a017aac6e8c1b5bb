"""Brightness, contrast and saturation changed at random while training."""

from torch import Tensor, nn

from codegen.parts.random_between import random_between


class ColorJitter(nn.Module):
    """Changes brightness, contrast and saturation of each image while training.

    Each is multiplied by a random factor of up to 1 ± its setting, never below 0.
    """

    # torchvision's ColorJitter would change all images of a batch alike. It also cuts
    # off what leaves the range from 0 to 1, where normalized images do not stay.

    def __init__(
        self, brightness: float = 0.0, contrast: float = 0.0, saturation: float = 0.0
    ) -> None:
        super().__init__()
        self.brightness, self.contrast = brightness, contrast
        self.saturation = saturation

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to the same size; in evaluation the input as it is."""
        if not self.training:
            return x
        x = x * self._factor(x, self.brightness)
        mean = x.mean(dim=(1, 2, 3), keepdim=True)
        x = mean + (x - mean) * self._factor(x, self.contrast)
        grey = x.mean(dim=1, keepdim=True)
        return grey + (x - grey) * self._factor(x, self.saturation)

    def _factor(self, x: Tensor, most: float) -> Tensor:
        drawn = random_between(x, max(1 - most, 0), 1 + most, 1, 1, 1)
        return drawn.to(x.dtype)

    def extra_repr(self) -> str:
        """The settings, for `print(model)`."""
        return (
            f"brightness={self.brightness}, contrast={self.contrast}, "
            f"saturation={self.saturation}"
        )
