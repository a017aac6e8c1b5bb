"""Linear layers and convolutions that compute with rounded weights and learn exact ones."""

from dataclasses import replace

from graph.layer import Emission, Layer, layer
from graph.layers.convolution import Conv2d
from graph.layers.linear import Linear
from graph.shapes import TensorSpec


class _WrittenOut(Layer):
    """A layer of torch with another forward: a class of codegen/parts called like the layer."""

    def emit(self, x: TensorSpec) -> Emission:
        made = super().emit(x)
        if made.constructor is None:
            raise TypeError(f"{self.NAME} is made of no module")
        return replace(made, constructor=replace(made.constructor, name=self.NAME))


FIRST_AND_LAST = "The first and the last layer lose most; leave these two in full precision."
EXACT_BEHIND = (
    "Its weights are kept in full precision for learning, so that training takes as much memory "
    "as before; only what is shipped can be smaller."
)
LARGE = (
    "Sums of many −1 and 1 are large; put a normalization behind it, and a smaller learning rate "
    "helps."
)

SIGN = "with sign 1 where a weight is at least 0, else −1"
CONNECT = (LARGE, FIRST_AND_LAST, EXACT_BEHIND)
SCALED = (FIRST_AND_LAST, EXACT_BEHIND)
TERNARY = (
    "weights smaller than 0.7 times their mean size 0, and of the others their sign times the mean "
    "size of these others; the gradient passes to weight as it is"
)
LINEAR = "out[o] = bias[o] + Σ over i of "
CONV = "out[o, y, x] = bias[o] + Σ over c, i, j of "
PLACE = " · in[c, y + i, x + j] (with stride, padding and dilation as a convolution), "


@layer(
    "BinaryConnectLinear",
    category="quantization",
    title="Linear with weights −1 and 1",
    synonyms=("binaryconnect", "binary dense", "one bit", "bnn", "sign weights", "affine"),
    console=("BinaryConnectAffine",),
    formula=LINEAR + "sign(weight[o, i]) · in[i], " + SIGN + "; the gradient passes to weight, "
    "which is kept within −1 to 1",
    use="A linear layer without multiplications (Courbariaux et al. 2015), for tiny hardware; it "
    "also regularizes.",
    mistakes=CONNECT,
)
class BinaryConnectLinear(_WrittenOut, Linear):
    """A linear layer that computes with the signs of its weights, and learns the weights."""


@layer(
    "BinaryConnectConv2d",
    category="quantization",
    title="Convolution with weights −1 and 1",
    synonyms=("binaryconnect", "binary convolution", "one bit", "bnn", "sign weights"),
    console=("BinaryConnectConvolution",),
    formula=CONV + "sign(weight[o, c, i, j])" + PLACE + SIGN + "; the gradient passes to weight, "
    "which is kept within −1 to 1",
    use="A convolution without multiplications (Courbariaux et al. 2015), for tiny hardware; it "
    "also regularizes.",
    mistakes=CONNECT,
)
class BinaryConnectConv2d(_WrittenOut, Conv2d):
    """A convolution that computes with the signs of its weights, and learns the weights."""


@layer(
    "BinaryWeightLinear",
    category="quantization",
    title="Linear with scaled binary weights",
    synonyms=("xnor", "bwn", "binary weight", "binary dense", "one bit", "affine"),
    console=("BinaryWeightAffine",),
    formula=LINEAR + "α[o] · sign(weight[o, i]) · in[i], with α[o] the mean of |weight[o, i]| over "
    "i; the gradient of sign is 1 where |weight| ≤ 1, else 0",
    use="As BinaryConnectLinear, but its results are as large as those of a linear layer, which "
    "costs one number per output (Rastegari et al. 2016).",
    mistakes=SCALED,
)
class BinaryWeightLinear(_WrittenOut, Linear):
    """A linear layer that computes with the signs of its weights times their mean size."""


@layer(
    "BinaryWeightConv2d",
    category="quantization",
    title="Convolution with scaled binary weights",
    synonyms=("xnor", "bwn", "binary weight", "binary convolution", "one bit"),
    console=("BinaryWeightConvolution",),
    formula=CONV + "α[o] · sign(weight[o, c, i, j])" + PLACE + "α[o] the mean of |weight| in "
    "filter o; the gradient of sign is 1 where |weight| ≤ 1, else 0",
    use="As BinaryConnectConv2d, but its results are as large as those of a convolution, which "
    "costs one number per filter (Rastegari et al. 2016).",
    mistakes=SCALED,
)
class BinaryWeightConv2d(_WrittenOut, Conv2d):
    """A convolution that computes with the signs of its weights times their mean size."""


@layer(
    "TernaryWeightLinear",
    category="quantization",
    title="Linear with weights of three values",
    synonyms=("ternary", "twn", "two bits", "sparse weights", "affine"),
    formula=LINEAR + "ternary(weight)[o, i] · in[i], with " + TERNARY,
    use="Nearly as good as full precision with two bits per weight, many of which are 0 (Li & Liu "
    "2016).",
    mistakes=SCALED,
)
class TernaryWeightLinear(_WrittenOut, Linear):
    """A linear layer that computes with 0 and one size of weight, positive or negative."""


@layer(
    "TernaryWeightConv2d",
    category="quantization",
    title="Convolution with weights of three values",
    synonyms=("ternary", "twn", "two bits", "sparse weights"),
    formula=CONV + "ternary(weight)[o, c, i, j]" + PLACE + TERNARY,
    use="Nearly as good as full precision with two bits per weight, many of which are 0 (Li & Liu "
    "2016).",
    mistakes=SCALED,
)
class TernaryWeightConv2d(_WrittenOut, Conv2d):
    """A convolution that computes with 0 and one size of weight, positive or negative."""
