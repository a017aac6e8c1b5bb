"""From signals to frequencies and back.

Complex numbers are pairs, their real and their imaginary part, along a last axis of size 2; so they
pass through every layer that takes decimal numbers.
"""

from typing import ClassVar, Literal

from graph.declare import declare, param
from graph.layer import Emission, Layer, call, changed, layer, module, need_float
from graph.shapes import SetArgument, ShapeError, TensorSpec

AXES = {1: "-1", 2: "(-2, -1)", 3: "(-3, -2, -1)"}
SUFFIX = {1: "", 2: "2", 3: "n"}


@declare
class _Transform(Layer):
    """A Fourier transform over the last axes of a signal."""

    FUNCTION: ClassVar[str] = ""

    signal_ndim: int = param(
        default=1,
        min=1,
        max=3,
        label="Axes",
        help="Over how many of the last axes: 1 for sound, 2 for images, 3 for films.",
    )
    normalized: bool = param(
        default=False,
        label="Keep lengths",
        help="Whether both ways are divided by the square root of the count, so that lengths stay; "
        "else only the way back is divided, by the count.",
    )

    def window(self, x: TensorSpec) -> None:
        return None

    def need_axes(self, x: TensorSpec, more: int) -> None:
        """Refuse an input with too few axes for the transform and `more` others."""
        need_float(x)
        axes = self.signal_ndim + more
        if x.rank < axes:
            pairs = " and the pairs of complex numbers" if more else ""
            raise ShapeError(
                f"works over {int(self.signal_ndim)} axes of a signal{pairs}, but receives {x}",
                port="in",
                repairs=[SetArgument("signal_ndim", x.rank - more)] if x.rank > more else (),
            )

    def need_pairs(self, x: TensorSpec) -> None:
        """Refuse what is not made of complex numbers."""
        need_float(x)
        if x.rank == 0 or x.sizes[-1] != 2:
            raise ShapeError(
                f"reads complex numbers, which are pairs along a last axis of size 2, but receives "
                f"{x}",
                port="in",
            )
        self.need_axes(x, 1)

    def transformed(self, inner: str, arguments: str = "") -> str:
        """The call of torch's function on `inner`."""
        dims = int(self.signal_ndim)
        # Other axes than the last one or two have to be named.
        axes = f", dim={AXES[dims]}" if dims == 3 else ""
        norm = ', norm="ortho"' if self.normalized else ""
        return f"torch.fft.{self.FUNCTION}{SUFFIX[dims]}({inner}{arguments}{axes}{norm})"

    def summary(self) -> str:
        dims = int(self.signal_ndim)
        return (
            f"{dims} {'axis' if dims == 1 else 'axes'}{', lengths kept' if self.normalized else ''}"
        )


PAIRS = "torch.view_as_complex({in}.contiguous())"
NOT_PAIRS = (
    "The input must be pairs (real, imaginary) along a last axis of size 2; for a real signal take "
    "a Frequencies of a real signal."
)
CENTRE = "The frequency 0 comes first, not in the middle; roll the axis by half to centre it."


class _Complex(_Transform):
    def infer(self, x: TensorSpec) -> TensorSpec:
        self.need_pairs(x)
        return x

    def emit(self, x: TensorSpec) -> Emission:
        return call(f"torch.view_as_real({self.transformed(PAIRS)})")


@layer(
    "FFT",
    category="spectral",
    title="Fourier transform",
    synonyms=("fast fourier transform", "frequencies", "spectrum", "dft"),
    console=("FFT",),
    formula="out[k] = Σ over t from 0 to n − 1 of in[t] · exp(−2πi · k · t / n)",
    use="To see which frequencies a complex signal holds, and to work on them.",
    mistakes=(NOT_PAIRS, CENTRE),
)
class FFT(_Complex):
    """Takes a complex signal apart into its frequencies."""

    FUNCTION = "fft"


@layer(
    "IFFT",
    category="spectral",
    title="Inverse Fourier transform",
    synonyms=("inverse fft", "fast fourier transform", "back to signal"),
    console=("IFFT",),
    formula="out[t] = 1 / n · Σ over k from 0 to n − 1 of in[k] · exp(2πi · k · t / n)",
    use="To get a signal back from its frequencies, after a network has worked on them.",
    mistakes=(
        "Both ways must have the same setting for keeping lengths, else the signal comes back "
        "larger or smaller.",
    ),
)
class IFFT(_Complex):
    """Puts a complex signal together from its frequencies."""

    FUNCTION = "ifft"


@layer(
    "RFFT",
    category="spectral",
    title="Frequencies of a real signal",
    synonyms=("real fft", "fast fourier transform", "magnitude", "power spectrum"),
    formula="out[k] = Σ over t from 0 to n − 1 of in[t] · exp(−2πi · k · t / n), k up to n / 2",
    use="To give a network the frequencies of a sound or an image; and for Fourier layers (FNet, "
    "Fourier neural operators).",
    mistakes=(
        "Strengths alone cannot be turned back into the signal; for the way back keep complex "
        "numbers.",
        CENTRE,
    ),
)
class RFFT(_Transform):
    """Takes a real signal apart into its frequencies; of the last axis half of them suffice."""

    FUNCTION = "rfft"

    output: Literal["complex", "magnitude", "power"] = param(
        default="complex",
        label="Result",
        help="Pairs of real and imaginary parts, or how strong each frequency is, or its square.",
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        self.need_axes(x, 0)
        sizes = (*x.sizes[:-1], x.sizes[-1] // 2 + 1)
        return TensorSpec((*sizes, 2) if self.output == "complex" else sizes)

    def emit(self, x: TensorSpec) -> Emission:
        spectrum = self.transformed("{in}")
        if self.output == "complex":
            return call(f"torch.view_as_real({spectrum})")
        return call(f"{spectrum}.abs(){'.square()' if self.output == 'power' else ''}")

    def summary(self) -> str:
        return f"{super().summary()}, {self.output}"


@layer(
    "IRFFT",
    category="spectral",
    title="Real signal of its frequencies",
    synonyms=("inverse real fft", "fast fourier transform", "back to signal"),
    formula="out[t] = 1 / n · Σ over k from 0 to n − 1 of in[k] · exp(2πi · k · t / n), where "
    "in[n − k] is in[k] with the imaginary part turned around",
    use="To get a real signal back from what Frequencies of a real signal gave.",
    mistakes=(
        "The length can be even or odd for the same count of frequencies; say which it was.",
    ),
)
class IRFFT(_Transform):
    """Puts a real signal together from the half of its frequencies that suffices."""

    FUNCTION = "irfft"

    odd: bool = param(
        default=False,
        label="Odd length",
        help="Whether the last axis of the signal had an odd length.",
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        self.need_pairs(x)
        last = x.sizes[-2]
        if last == 1 and not self.odd:
            raise ShapeError(
                f"a single frequency belongs to a signal of odd length, but receives {x}",
                port="in",
                repairs=[SetArgument("odd", True)],
            )
        length = 2 * (last - 1) + 1 if self.odd else 2 * (last - 1)
        return TensorSpec((*x.sizes[:-2], length))

    def emit(self, x: TensorSpec) -> Emission:
        sizes = self.infer(x).sizes
        if not self.odd:
            return call(self.transformed(PAIRS))
        if self.signal_ndim == 1:
            return call(self.transformed(PAIRS, ", n={length}"), length=sizes[-1])
        return call(self.transformed(PAIRS, ", s={size}"), size=sizes[-self.signal_ndim :])


@layer(
    "Spectrogram",
    category="spectral",
    title="Spectrogram",
    synonyms=("stft", "short-time fourier transform", "sound", "audio", "time-frequency"),
    formula="out[k, m] = |Σ over t from 0 to n_fft − 1 of hann[t] · in[m · hop_length + t] · "
    "exp(−2πi · k · t / n_fft)| ^ power",
    use="To turn sound into a picture of its frequencies over time, on which image networks work.",
    mistakes=(
        "Loudness spans a huge range; put a Logarithm of 1 plus the input after it.",
        "A long window tells frequencies apart but blurs times; 25 ms is usual for speech.",
    ),
)
class Spectrogram(Layer):
    """How strong each frequency is at each time of a sound."""

    n_fft: int = param(
        default=512, min=2, max=16384, label="Window", help="Length of a window, in samples."
    )
    hop_length: int = param(
        default=256, min=1, max=16384, label="Step", help="Samples from one window to the next."
    )
    power: float = param(
        default=2.0, above=0, label="Power", help="1 for strengths, 2 for their squares (energy)."
    )
    center: bool = param(
        default=True,
        label="Centred",
        help="Whether the signal is mirrored at both ends, so that windows are centred on their "
        "times.",
        advanced=True,
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        if x.rank not in (1, 2):
            raise ShapeError(
                f"expects a sound (samples, or channels × samples), but receives {x}", port="in"
            )
        samples = x.sizes[-1]
        half = self.n_fft // 2
        if self.center and samples <= half:
            raise ShapeError(
                f"mirrors {int(half)} samples at both ends, so needs at least {int(half) + 1}, but "
                f"receives {x}",
                port="in",
                repairs=[SetArgument("n_fft", 2 * int(samples) - 1)] if samples > 1 else (),
            )
        whole = samples + 2 * half if self.center else samples
        if whole < self.n_fft:
            raise ShapeError(
                f"the window ({int(self.n_fft)} samples) is longer than the sound ({x})",
                port="in",
                repairs=[SetArgument("n_fft", int(samples))] if samples > 1 else (),
            )
        frames = (whole - self.n_fft) // self.hop_length + 1
        return TensorSpec((*x.sizes[:-1], half + 1, frames))

    def emit(self, x: TensorSpec) -> Emission:
        others = changed(power=(self.power, 2.0), center=(self.center, True))
        return module("Spectrogram", self.n_fft, hop_length=self.hop_length, **others)

    def summary(self) -> str:
        return f"window {int(self.n_fft)}, step {int(self.hop_length)}"
