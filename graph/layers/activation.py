"""Activations: functions of one number that make a network more than one big weighted sum.

Here are those without settings. Relatives of ReLU with settings are in activation_rectifier.py,
those that cut numbers off in activation_threshold.py, those over an axis in activation_axis.py.
"""

from typing import Any, NamedTuple

from graph.layer import Emission, Layer, changed, layer, module, need_float
from graph.shapes import TensorSpec

DYING = (
    "Units can go silent for good when the learning rate is high; lower it, or take a Leaky ReLU."
)
SATURATES = "In deep networks its slope fades away for large numbers; take a ReLU inside instead."


class Elementwise(Layer):
    """An activation that is applied to every number by itself, so that sizes stay."""

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        return x

    def emit(self, x: TensorSpec) -> Emission:
        return module(f"nn.{self.NAME}")


class WithSettings(Elementwise):
    """An activation whose settings are arguments of torch's module, by the same names."""

    def emit(self, x: TensorSpec) -> Emission:
        given: dict[str, Any] = {
            name: (getattr(self, name), parameter.default)
            for name, parameter in self.PARAMETERS.items()
        }
        return module(f"nn.{self.NAME}", **changed(**given))


class _Plain(NamedTuple):
    """An activation without settings."""

    name: str
    title: str
    sentence: str
    formula: str
    use: str
    mistake: str
    synonyms: tuple[str, ...] = ()
    console: tuple[str, ...] = ()


PLAIN = (
    _Plain(
        "ReLU",
        "ReLU",
        "Keeps positive numbers and makes negative ones zero; the usual choice.",
        "out = max(0, in)",
        "After convolutions and linear layers: fast, and its slope never fades for positive "
        "numbers.",
        DYING,
        ("rectifier", "rectified linear"),
        ("ReLU",),
    ),
    _Plain(
        "Sigmoid",
        "Sigmoid",
        "Squeezes any number into the range from 0 to 1.",
        "out = 1 / (1 + exp(−in))",
        "At the end for yes-or-no answers, and as a gate that lets a part of a signal through.",
        "Before a loss that takes logits (BCEWithLogitsLoss) it must be left out: the loss does it "
        "itself.",
        ("logistic", "probability"),
        ("Sigmoid",),
    ),
    _Plain(
        "Tanh",
        "Tanh",
        "Squeezes any number into the range from −1 to 1.",
        "out = (exp(in) − exp(−in)) / (exp(in) + exp(−in))",
        "In recurrent networks, and at the end of networks that paint images from −1 to 1.",
        SATURATES,
        ("hyperbolic tangent",),
        ("Tanh",),
    ),
    _Plain(
        "SiLU",
        "SiLU (Swish)",
        "A number times its own sigmoid: smooth, and slightly negative for small negative numbers.",
        "out = in / (1 + exp(−in))",
        "In EfficientNet and other recent networks, where it is often a little better than ReLU.",
        "Its cost is an exponential per number; on small devices take a Hardswish.",
        ("swish",),
        ("Swish",),
    ),
    _Plain(
        "Mish",
        "Mish",
        "A smooth relative of SiLU that falls off a little more softly below zero.",
        "out = in · tanh(log(1 + exp(in)))",
        "In detectors such as YOLOv4, instead of ReLU or SiLU.",
        "It costs more time and memory than ReLU; measure whether it is worth that.",
        (),
        ("Mish",),
    ),
    _Plain(
        "ReLU6",
        "ReLU up to 6",
        "Like ReLU, but no result is larger than 6.",
        "out = min(max(0, in), 6)",
        "In small networks for phones (MobileNetV2): bounded numbers survive low precision.",
        "It hides numbers that grow too large; a normalization before it keeps them in range.",
        ("clipped relu",),
        ("ReLU6",),
    ),
    _Plain(
        "Hardswish",
        "Hard Swish",
        "A cheap SiLU made of lines and a parabola.",
        "out = in · min(max(0, in + 3), 6) / 6",
        "In MobileNetV3: nearly as good as SiLU, and much cheaper without a fast exponential.",
        "On a large graphics card it gains nothing over SiLU; use it for small devices.",
        ("hard_swish", "hard_silu"),
    ),
    _Plain(
        "Hardsigmoid",
        "Hard sigmoid",
        "A cheap sigmoid made of three straight lines, from 0 to 1.",
        "out = min(max(0, in / 6 + 1/2), 1)",
        "For gates on small devices, as in MobileNetV3.",
        "Its slope is exactly 0 below −3 and above 3, so nothing is learned there; bring numbers "
        "near 0 with a normalization first.",
        ("hard_sigmoid",),
        ("HardSigmoid",),
    ),
    _Plain(
        "SELU",
        "SELU",
        "An ELU scaled so that numbers keep mean 0 and variance 1 from layer to layer.",
        "out = 1.0507 · (in if in > 0, else 1.6733 · (exp(in) − 1))",
        "For deep stacks of linear layers without any normalization.",
        "It keeps its promise only with LeCun's initialization and AlphaDropout, and without "
        "normalization layers.",
        ("scaled exponential linear", "self-normalizing"),
        ("SELU",),
    ),
    _Plain(
        "LogSigmoid",
        "Logarithm of the sigmoid",
        "The logarithm of the sigmoid, computed so that very negative numbers do no harm.",
        "out = log(1 / (1 + exp(−in)))",
        "For a loss from the logarithm of a yes-or-no probability.",
        "Its results are negative and no probabilities; take a Sigmoid for numbers from 0 to 1.",
        ("log_sigmoid", "logsigmoid"),
        ("LogSigmoid",),
    ),
    _Plain(
        "Softsign",
        "Softsign",
        "Squeezes any number into the range from −1 to 1, more gently than Tanh.",
        "out = in / (1 + |in|)",
        "Instead of Tanh where numbers are often large.",
        "It approaches −1 and 1 only slowly; where they must be reached, take a Tanh.",
        (),
        ("SoftSign",),
    ),
    _Plain(
        "Tanhshrink",
        "Tanh shrink",
        "A number minus its hyperbolic tangent: small numbers nearly vanish, large ones lose 1.",
        "out = in − tanh(in)",
        "For sparse codes, where small numbers should count for little.",
        "Near zero hardly any slope is left, so learning starts slowly; it is no replacement for "
        "ReLU.",
        ("tanh_shrink",),
        ("TanhShrink",),
    ),
)


def _declare_plain(row: _Plain) -> type[Layer]:
    made: type[Layer] = type(
        row.name, (Elementwise,), {"__doc__": row.sentence, "__module__": __name__}
    )
    return layer(
        row.name,
        category="activation",
        title=row.title,
        synonyms=row.synonyms,
        console=row.console,
        formula=row.formula,
        use=row.use,
        mistakes=(row.mistake,),
    )(made)


for _row in PLAIN:
    globals()[_row.name] = _declare_plain(_row)
