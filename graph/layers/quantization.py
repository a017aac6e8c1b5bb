"""Layers that round what passes, so that a network learns to do with few bits.

Layers whose weights are rounded are in quantization_weights.py.
"""

from typing import Literal

from graph.declare import Numbers, param
from graph.layer import Emission, Layer, call, layer, module, need_float
from graph.shapes import SetArgument, ShapeError, TensorSpec

STILL_FLOATS = (
    "Training computes in full precision with rounded numbers, so that it becomes neither faster "
    "nor smaller; that comes with a program for whole numbers."
)
LEARNS_ON = "It rounds from the first step on; a network that has learned already loses least."


class _Rounding(Layer):
    """Rounds decimal numbers one by one."""

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        return x


# --- to the levels of a code --------------------------------------------------------------------


@layer(
    "FixedPointQuantize",
    category="quantization",
    title="Round to fixed point",
    synonyms=("quantize", "fixed point", "int8", "bits", "rounding", "low precision"),
    console=("FixedPointQuantize",),
    formula="out = clip(sign(in) · ⌊|in| / delta + ½⌋ · delta, lowest, highest), with highest = "
    "(2^(bits − 1) − 1) · delta = −lowest, or 0 to (2^bits − 1) · delta without sign; gradient as "
    "if out = clip(in, lowest, highest)",
    use="To train for hardware that computes with whole numbers: put it behind activations, and "
    "see how few bits are enough.",
    mistakes=(
        "A step that is too small cuts large numbers off, where nothing is learned any more; steps "
        "× levels must reach over all that comes in.",
        STILL_FLOATS,
        LEARNS_ON,
    ),
)
class FixedPointQuantize(_Rounding):
    """Rounds every number to a multiple of a step; learning goes on as if it had not."""

    STRICTER_THAN_TORCH = "one bit with a sign leaves the number 0 alone"

    bits: int = param(default=8, min=1, max=16, help="Bits of a number: n bits are 2ⁿ levels.")
    delta: float = param(
        default=0.0625, above=0, label="Step", help="Distance between neighbouring levels."
    )
    signed: bool = param(
        default=True, label="Sign", help="Levels below 0 too; without, as behind a ReLU, from 0 on."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        if self.signed and self.bits < 2:
            raise ShapeError(
                "with a sign it needs at least 2 bits, but has 1: only the number 0 would be left",
                repairs=[SetArgument("bits", 2), SetArgument("signed", False)],
            )
        return super().infer(x)

    def emit(self, x: TensorSpec) -> Emission:
        return call(
            "fixed_point_quantize({in}, {delta}, bits={bits}, signed={signed})",
            delta=self.delta,
            bits=self.bits,
            signed=self.signed,
        )

    def summary(self) -> str:
        return f"{int(self.bits)} bits, step {float(self.delta):g}"


@layer(
    "Pow2Quantize",
    category="quantization",
    title="Round to powers of two",
    synonyms=("quantize", "power of two", "logarithmic", "shift", "incremental", "inq"),
    console=("Pow2Quantize",),
    formula="out = sign(in) · 2^clip(round(log₂|in|), lowest, max_exponent), with lowest = "
    "max_exponent − 2^(bits without those for sign and 0) + 1; gradient as if out = in where "
    "|in| ≤ 2^max_exponent, else 0",
    use="Where a multiplication shall become a shift of bits: small numbers keep their size, large "
    "ones are coarse.",
    mistakes=(
        "Sign and 0 take a bit each; what is left says how many powers there are.",
        "What is beyond the largest power learns nothing; raise the largest exponent.",
        STILL_FLOATS,
    ),
)
class Pow2Quantize(_Rounding):
    """Rounds every number to a power of two; learning goes on as if it had not."""

    STRICTER_THAN_TORCH = "sign and zero take bits that must be there"

    bits: int = param(default=8, min=1, max=8, help="Bits of a number, with those for sign and 0.")
    max_exponent: int = param(
        default=1,
        min=-32,
        max=32,
        label="Largest exponent",
        help="Of the largest power: 1 is 2, 0 is 1, −1 is ½.",
    )
    signed: bool = param(
        default=True, label="Sign", help="A bit for the sign; without, all below 0 counts as 0."
    )
    with_zero: bool = param(
        default=True, label="Zero", help="A bit for 0; without, the smallest power stands for it."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        taken = (1 if self.signed else 0) + (1 if self.with_zero else 0)
        if self.bits < taken:
            raise ShapeError(
                "a sign and 0 take a bit each, so that it needs at least 2 bits, but it has 1",
                repairs=[SetArgument("bits", 2), SetArgument("with_zero", False)],
            )
        return super().infer(x)

    def emit(self, x: TensorSpec) -> Emission:
        return call(
            "pow2_quantize({in}, bits={bits}, max_exponent={max_exponent}, signed={signed}, "
            "with_zero={with_zero})",
            bits=self.bits,
            max_exponent=self.max_exponent,
            signed=self.signed,
            with_zero=self.with_zero,
        )

    def summary(self) -> str:
        return f"{int(self.bits)} bits, up to 2^{int(self.max_exponent)}"


@layer(
    "MinMaxQuantize",
    category="quantization",
    title="Round within a range",
    synonyms=("quantize", "observer", "learned range", "moving average", "uint8", "activation"),
    console=("MinMaxQuantize",),
    formula="scale = (highest − lowest) / (2^bits − 1); out = round(clip(in, lowest, highest) / "
    "scale) · scale, with the limits moved a little so that 0 is a level; gradient as if out = "
    "clip(in, lowest, highest)",
    use="Behind an activation whose range nobody knows: it is measured while training, or learned, "
    "and stays as it is afterwards.",
    mistakes=(
        "Measured limits are far off until training has seen a few batches.",
        "With “latest”, one odd batch at the end decides for good; take “average”.",
        STILL_FLOATS,
    ),
)
class MinMaxQuantize(_Rounding):
    """Rounds to evenly spaced levels between a smallest and a largest number that it finds out."""

    STRICTER_THAN_TORCH = "a range needs a lower and an upper limit"

    bits: int = param(default=8, min=1, max=16, help="Bits of a number: n bits are 2ⁿ levels.")
    limits: Literal["average", "latest", "learned"] = param(
        default="average",
        help="Smallest and largest number: averaged over batches, those of the latest batch, or "
        "learned.",
    )
    decay: float = param(
        default=0.999,
        min=0,
        max=1,
        advanced=True,
        help="How much of the average stays at every batch; the first batch sets it.",
    )
    lowest: float = param(default=-6.0, advanced=True, help="Where the lower limit starts.")
    highest: float = param(default=6.0, advanced=True, help="Where the upper limit starts.")

    def infer(self, x: TensorSpec) -> TensorSpec:
        if self.lowest >= self.highest:
            raise ShapeError(
                f"the upper limit must start above the lower one ({float(self.lowest):g}), but "
                f"starts at {float(self.highest):g}",
                repairs=[SetArgument("highest", float(self.lowest) + 1)],
            )
        return super().infer(x)

    def weights(self, x: TensorSpec) -> dict[str, tuple[int, ...]]:
        return {"limits": (2,)} if self.limits == "learned" else {}

    def emit(self, x: TensorSpec) -> Emission:
        return module(
            "MinMaxQuantize",
            bits=self.bits,
            limits=self.limits,
            decay=self.decay,
            lowest=self.lowest,
            highest=self.highest,
        )

    def summary(self) -> str:
        return f"{int(self.bits)} bits, limits {self.limits}"


# --- as torch stores whole numbers --------------------------------------------------------------


class _Fake(_Rounding):
    quant_min: int
    quant_max: int
    zero_point: int

    def infer(self, x: TensorSpec) -> TensorSpec:
        if self.quant_min > self.quant_max:
            raise ShapeError(
                f"the smallest whole number ({int(self.quant_min)}) must not be larger than the "
                f"largest ({int(self.quant_max)})",
                repairs=[SetArgument("quant_min", int(self.quant_max))],
            )
        if not self.quant_min <= self.zero_point <= self.quant_max:
            nearest = min(max(int(self.zero_point), int(self.quant_min)), int(self.quant_max))
            raise ShapeError(
                f"the whole number for 0 must be one of {int(self.quant_min)} to "
                f"{int(self.quant_max)}, but is {int(self.zero_point)}",
                repairs=[SetArgument("zero_point", nearest)],
            )
        return super().infer(x)


def zero_point() -> int:
    """The parameter zero_point."""
    number: int = param(default=0, label="Zero point", help="The whole number that stands for 0.")
    return number


def quant_min() -> int:
    """The parameter quant_min."""
    number: int = param(
        default=-128, label="Smallest", help="The smallest whole number; 0 for unsigned ones."
    )
    return number


def quant_max() -> int:
    """The parameter quant_max."""
    number: int = param(
        default=127, label="Largest", help="The largest whole number; 127 or 255 for 8 bits."
    )
    return number


ROUNDED = (
    "(clip(round(in / scale{0}) + zero_point, quant_min, quant_max) − zero_point) · scale{0}; "
    "gradient 1 within, 0 where something was cut off"
)


@layer(
    "FakeQuantize",
    category="quantization",
    title="Fake quantization",
    synonyms=("quantize", "int8", "uint8", "qat", "quantization aware", "per tensor", "affine"),
    formula="out = " + ROUNDED.format(""),
    use="To train for whole numbers with a scale that is known, as a converter for phones or "
    "microcontrollers gave it.",
    mistakes=(
        "With a scale that is too small large numbers are cut off, where nothing is learned.",
        "Where the scale is not known, take a Round within a range, which measures it.",
        STILL_FLOATS,
    ),
)
class FakeQuantize(_Fake):
    """Rounds numbers as if they were stored as whole numbers, with one scale for all."""

    scale: float = param(default=0.1, above=0, help="What one step of the whole numbers means.")
    zero_point: int = zero_point()
    quant_min: int = quant_min()
    quant_max: int = quant_max()

    def emit(self, x: TensorSpec) -> Emission:
        return call(
            "torch.fake_quantize_per_tensor_affine({in}, {scale}, {zero_point}, {low}, {high})",
            scale=self.scale,
            zero_point=self.zero_point,
            low=self.quant_min,
            high=self.quant_max,
        )

    def summary(self) -> str:
        return f"{int(self.quant_min)} to {int(self.quant_max)}, scale {float(self.scale):g}"


@layer(
    "FakeQuantizePerChannel",
    category="quantization",
    title="Fake quantization per channel",
    synonyms=("quantize", "int8", "qat", "quantization aware", "per axis", "affine"),
    formula="out[c] = " + ROUNDED.format("[c]").replace("in /", "in[c] /"),
    use="Where channels differ much in size, so that one scale would be too coarse for some.",
    mistakes=(
        "Many converters want one scale for all results and scales per channel for weights only.",
        STILL_FLOATS,
    ),
)
class FakeQuantizePerChannel(_Fake):
    """Rounds numbers as if they were stored as whole numbers, with a scale for every channel."""

    scale: Numbers = param(
        default=(0.1,),
        above=0,
        help="What one step of the whole numbers means: a number per channel, or one for all.",
    )
    zero_point: int = zero_point()
    quant_min: int = quant_min()
    quant_max: int = quant_max()

    def infer(self, x: TensorSpec) -> TensorSpec:
        if x.rank == 0:
            raise ShapeError("needs channels, but receives single numbers", port="in")
        if len(self.scale) not in (1, x.sizes[0]):
            raise ShapeError(
                f"has {len(self.scale)} scales, but receives {int(x.sizes[0])} channels ({x}); "
                f"give one for each, or one for all",
                port="in",
                repairs=[SetArgument("scale", self.scale[:1])],
            )
        return super().infer(x)

    def emit(self, x: TensorSpec) -> Emission:
        return module(
            "FakeQuantizePerChannel",
            scale=self.scale,
            zero_point=self.zero_point,
            quant_min=self.quant_min,
            quant_max=self.quant_max,
        )

    def summary(self) -> str:
        count = len(self.scale)
        scales = f"scale {float(self.scale[0]):g}" if count == 1 else f"{count} scales"
        return f"{int(self.quant_min)} to {int(self.quant_max)}, {scales}"


# --- to two numbers -----------------------------------------------------------------------------

DEAD = (
    "Numbers beyond −1 and 1 learn nothing; put a normalization before it, so that most are within."
)


@layer(
    "BinaryTanh",
    category="quantization",
    title="Minus one or one",
    synonyms=("binary tanh", "sign", "binarize", "bnn", "xnor", "step", "activation"),
    console=("BinaryTanh",),
    formula="out = 1 where in > 0, else −1; gradient 1 where |in| < 1, else 0",
    use="The activation of networks whose numbers are one bit each, before layers with binary "
    "weights.",
    mistakes=(DEAD, "Do not put it at the end: answers need more than two numbers."),
)
class BinaryTanh(_Rounding):
    """Makes every number -1 or 1, and learns as if it were a tanh of straight lines."""

    def emit(self, x: TensorSpec) -> Emission:
        return call("binary_tanh({in})")


@layer(
    "BinarySigmoid",
    category="quantization",
    title="Zero or one",
    synonyms=("binary sigmoid", "step", "heaviside", "binarize", "gate", "spike", "activation"),
    console=("BinarySigmoid",),
    formula="out = 1 where in > 0, else 0; gradient ½ where |in| < 1, else 0",
    use="For a gate that is open or closed, with nothing between; and for results of one bit.",
    mistakes=(DEAD, "For a probability take a Sigmoid: this one gives a decision."),
)
class BinarySigmoid(_Rounding):
    """Makes every number 0 or 1, and learns as if it were a sigmoid of straight lines."""

    def emit(self, x: TensorSpec) -> Emission:
        return call("binary_sigmoid({in})")
