"""Sound as a picture of its frequencies over time."""

import torch
from torch import Tensor, nn


class Spectrogram(nn.Module):
    """How strong each frequency is in each window of a sound.

    Args:
        n_fft: length of a window, in samples.
        hop_length: samples from one window to the next.
        power: 1 for strengths, 2 for energies.
        center: mirror the ends, so that the first window has its centre at the start.
    """

    window: Tensor

    def __init__(
        self, n_fft: int, hop_length: int, power: float = 2.0, center: bool = True
    ) -> None:
        super().__init__()
        self.n_fft = n_fft
        self.hop_length = hop_length
        self.power = power
        self.center = center
        self.register_buffer("window", torch.hann_window(n_fft), persistent=False)

    def forward(self, x: Tensor) -> Tensor:  # (N, ..., samples)
        if self.center:
            half = self.n_fft // 2
            x = nn.functional.pad(x, (half, half), mode="reflect")
        frames = x.unfold(-1, self.n_fft, self.hop_length)  # (N, ..., frames, n_fft)
        spectrum = torch.fft.rfft(frames * self.window).abs() ** self.power
        return spectrum.transpose(-1, -2)  # (N, ..., frequencies, frames)
