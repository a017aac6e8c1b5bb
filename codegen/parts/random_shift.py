"""Moving by a few places at random while training."""

import torch
from torch import Tensor, nn

from codegen.parts.take_places import take_places


class RandomShift(nn.Module):
    """Moves each sample by up to `shifts` places along each axis, in both directions.

    What becomes free is filled with zeros ("constant"), with the image mirrored at its
    edge ("reflect") or with its edge ("replicate").
    """

    def __init__(self, shifts: tuple[int, ...], mode: str = "replicate") -> None:
        super().__init__()
        self.shifts, self.mode = shifts, mode

    def forward(self, x: Tensor) -> Tensor:
        """The same size; in evaluation the input as it is."""
        if not self.training:
            return x
        sizes = x.shape[2:]
        if self.mode == "constant":
            border = [most for most in reversed(self.shifts) for _ in range(2)]
            x = nn.functional.pad(x, border)
        places = []
        for size, most in zip(sizes, self.shifts, strict=True):
            start = torch.randint(-most, most + 1, (x.size(0), 1), device=x.device)
            place = start + torch.arange(size, device=x.device)
            last = size - 1
            if self.mode == "constant":
                place = place + most
            elif self.mode == "replicate":
                place = place.clamp(0, last)
            else:
                place = last - (last - place % max(2 * last, 1)).abs()
            places.append(place)
        return take_places(x, places)

    def extra_repr(self) -> str:
        """The settings, for `print(model)`."""
        return f"shifts={self.shifts}, mode={self.mode!r}"
