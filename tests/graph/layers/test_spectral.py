"""What Fourier transforms compute, against torch's own and values worked out by hand."""

import math

import pytest
import torch
from torch import Tensor

from codegen.parts.spectrogram import Spectrogram
from graph.layers import spectral
from graph.shapes import SetArgument, ShapeError, TensorSpec
from tests.graph.layers.computing import close, computed


def wave(samples: int, turns: int) -> Tensor:
    """A cosine that turns so often within the signal."""
    return torch.cos(2 * math.pi * turns * torch.arange(samples) / samples)


def test_a_wave_has_one_frequency_and_its_mirror():
    signal = torch.stack([wave(8, 2), torch.zeros(8)], dim=-1)[None]
    given = computed("FFT", signal)
    expected = torch.zeros(1, 8, 2)
    expected[0, 2, 0] = expected[0, 6, 0] = 4
    torch.testing.assert_close(given, expected, atol=1e-5, rtol=0)


@pytest.mark.parametrize("normalized", [False, True])
@pytest.mark.parametrize("signal_ndim", [1, 2, 3])
def test_there_and_back(signal_ndim: int, normalized: bool):
    x = torch.randn(2, 4, 3, 5, 2)
    settings = {"signal_ndim": signal_ndim, "normalized": normalized}
    frequencies = computed("FFT", x, **settings)
    axes = tuple(range(4 - signal_ndim, 4))
    norm = "ortho" if normalized else "backward"
    expected = torch.fft.fftn(torch.view_as_complex(x), dim=axes, norm=norm)
    close(frequencies, torch.view_as_real(expected))
    close(computed("IFFT", frequencies, **settings), x)
    if normalized:
        close(frequencies.norm(), x.norm())


@pytest.mark.parametrize("length", [6, 7])
@pytest.mark.parametrize("signal_ndim", [1, 2, 3])
def test_a_real_signal_there_and_back(signal_ndim: int, length: int):
    x = torch.randn(2, 3, 4, length)
    frequencies = computed("RFFT", x, signal_ndim=signal_ndim)
    assert frequencies.shape == (2, 3, 4, 4, 2)
    odd = length % 2 == 1
    close(computed("IRFFT", frequencies, signal_ndim=signal_ndim, odd=odd), x)


def test_strengths_of_frequencies():
    signal = wave(8, 3)[None]
    expected = [[0, 0, 0, 4, 0]]
    given = computed("RFFT", signal, output="magnitude")
    torch.testing.assert_close(given, torch.tensor(expected).float(), atol=1e-5, rtol=0)
    squared = computed("RFFT", signal, output="power")
    torch.testing.assert_close(squared, given.square())


def test_a_signal_with_too_few_axes_gets_a_repair():
    with pytest.raises(ShapeError, match="works over 2 axes") as caught:
        spectral.FFT(signal_ndim=2).infer(TensorSpec((8, 2)))
    assert caught.value.repairs == (SetArgument("signal_ndim", 1),)


@pytest.mark.parametrize("n_fft", [16, 15])
@pytest.mark.parametrize("center", [True, False])
def test_a_spectrogram_is_that_of_torch(n_fft: int, center: bool):
    x = torch.randn(2, 100)
    given = computed("Spectrogram", x, n_fft=n_fft, hop_length=6, center=center)
    expected = torch.stft(
        x,
        n_fft,
        hop_length=6,
        window=torch.hann_window(n_fft),
        center=center,
        pad_mode="reflect",
        return_complex=True,
    )
    close(given, expected.abs().square())


def test_the_window_of_a_spectrogram_moves_with_it_but_is_not_saved():
    part = Spectrogram(16, 4)
    assert not part.state_dict()
    assert part.double().window.dtype == torch.float64


@pytest.mark.parametrize("center", [True, False])
def test_a_window_that_is_too_long_gets_a_repair_that_helps(center: bool):
    layer = spectral.Spectrogram(center=center)
    with pytest.raises(ShapeError) as caught:
        layer.infer(TensorSpec((1, 100)))
    (repair,) = caught.value.repairs
    assert isinstance(repair, SetArgument)
    spectral.Spectrogram(center=center, n_fft=repair.value).infer(TensorSpec((1, 100)))
