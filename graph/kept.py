"""What PyTorch keeps of a layer's inputs and outputs until the backward pass.

These are facts about torch's operations, by their names in emitted code: a ReLU keeps its output, a
convolution its input, a Flatten nothing, since its result is a view of what came in. A test
compares them with what autograd saves on the CPU. Of an operation that is not listed, the inputs
are counted, which most operations keep.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from graph.layer import Emission, Layer
from graph.shapes import TensorSpec

BYTES = {"float": 4, "integer": 8, "boolean": 1}
"""Of one value, in the precision that training uses unless another one is chosen."""

Extra = Callable[[Any, Sequence[TensorSpec], Sequence[TensorSpec]], float]
"""Bytes that an operation keeps beside its inputs and outputs, for one sample: from the layer, what
comes in and what goes out."""


def bytes_of(spec: TensorSpec) -> int:
    """The memory of one tensor, for one sample."""
    return spec.elements * BYTES[spec.dtype]


@dataclass(frozen=True, slots=True)
class Kept:
    """What an operation needs for its backward pass.

    Attributes:
        inputs, outputs: whether all of them are kept.
        view: whether the outputs lie in the memory of the first input.
        learns: whether gradients go back through it.
        extra: further bytes for one sample.
    """

    inputs: bool = False
    outputs: bool = False
    view: bool = False
    learns: bool = True
    extra: float = 0


@dataclass(frozen=True, slots=True)
class _Fact:
    what: Literal["inputs", "outputs", "both", "nothing", "view", "inputs unless one"]
    extra: Extra | None = None


def _per_input(count: float) -> Extra:
    return lambda _, inputs, outputs: count * inputs[0].elements


def _per_output(count: float) -> Extra:
    return lambda _, inputs, outputs: count * outputs[0].elements


def _per_number(of_inputs: float, of_outputs: float) -> Extra:
    return lambda _, inputs, outputs: (
        of_inputs * inputs[0].elements + of_outputs * outputs[0].elements
    )


def _per_vector(count: float) -> Extra:
    """For each of the vectors along the last axis."""
    return lambda _, inputs, outputs: count * inputs[0].elements / max(1, inputs[0].sizes[-1])


def _attention(layer: Any, inputs: Sequence[TensorSpec], _: Sequence[TensorSpec]) -> float:
    """Queries, keys, values and results; with dropout, the weights of all pairs three times."""
    steps, features = inputs[0].sizes
    pairs = layer.num_heads * steps * steps
    kept: float = 4 * (7 * steps * features + 3 * pairs if layer.dropout else 5 * steps * features)
    return kept


def _transformer(encoders: str | int, decoders: str | int) -> Extra:
    """Of blocks with attention and a small network; how many there are, or which setting says so.

    Counted on what autograd saves. Without dropout, attention is one operation that keeps no
    weights of pairs.
    """

    def extra(layer: Any, inputs: Sequence[TensorSpec], outputs: Sequence[TensorSpec]) -> float:
        first, second = (
            getattr(layer, count) if isinstance(count, str) else count
            for count in (encoders, decoders)
        )
        (source, features), target = inputs[0].sizes, outputs[0].sizes[0]
        heads, hidden = layer.nhead, layer.dim_feedforward
        memory = inputs[1].sizes[0] if len(inputs) > 1 else source
        if encoders and decoders:
            memory = source
        drops = bool(layer.dropout)
        read = (12 if drops else 7) * features + (3 if drops else 2) * hidden
        write = (21 if drops else 14) * features + (3 if drops else 2) * hidden
        pairs = 3 * heads if drops else 0
        numbers = first * (source * read + pairs * source * source)
        if encoders and decoders:  # a norm behind each of both
            numbers += (source + target) * features
        numbers += second * (target * write + pairs * target * (target + memory))
        kept: float = 4 * numbers
        return kept

    return extra


def _patches(layer: Any, inputs: Sequence[TensorSpec], _: Sequence[TensorSpec]) -> float:
    """The input cut into patches, as many numbers as each filter multiplies."""
    kept: float = 4 * layer.multiply_adds(*inputs) / layer.out_channels
    return kept


def _per_step_and_state(count: float) -> Extra:
    """For each number of the memory of a recurrent layer, and each step."""
    return lambda _, inputs, outputs: count * inputs[0].sizes[0] * outputs[1].elements


def _per_place(count: float) -> Extra:
    """For each pixel that comes out, whatever the number of channels."""
    return lambda _, inputs, outputs: count * outputs[0].elements / outputs[0].sizes[0]


_INPUTS, _OUTPUTS, _BOTH, _NOTHING, _VIEW = (
    _Fact("inputs"),
    _Fact("outputs"),
    _Fact("both"),
    _Fact("nothing"),
    _Fact("view"),
)
_MASK = _Fact("nothing", _per_input(4))

MODULES: dict[str, _Fact] = {
    **dict.fromkeys(("ReLU", "Sigmoid", "Tanh", "Softmax", "Softmin", "LogSoftmax"), _OUTPUTS),
    "Softmax2d": _OUTPUTS,
    "LogSigmoid": _Fact("inputs", _per_input(4)),
    "Softsign": _Fact("inputs", _per_input(4)),
    "RReLU": _Fact("inputs", _per_input(4)),
    "Tanhshrink": _MASK,
    **dict.fromkeys(("Flatten", "Unflatten", "Identity"), _VIEW),
    **dict.fromkeys(("Upsample", "PixelShuffle", "PixelUnshuffle", "ChannelShuffle"), _NOTHING),
    **dict.fromkeys((f"ZeroPad{n}d" for n in (1, 2, 3)), _NOTHING),
    **dict.fromkeys((f"MaxPool{n}d" for n in (1, 2, 3)), _Fact("inputs", _per_output(8))),
    **dict.fromkeys((f"AdaptiveMaxPool{n}d" for n in (1, 2, 3)), _Fact("inputs", _per_output(8))),
    **dict.fromkeys(("Fold", "Unfold"), _NOTHING),
    **dict.fromkeys(("Dropout", "AlphaDropout"), _MASK),
    **dict.fromkeys((f"Dropout{n}d" for n in (1, 2, 3)), _NOTHING),
    "FeatureAlphaDropout": _NOTHING,
    "StochasticDepth": _NOTHING,
    **dict.fromkeys(("DropBlock2d", "DropBlock3d"), _MASK),
    **dict.fromkeys(("FrozenBatchNorm2d", "GaussianNoise"), _NOTHING),
    **dict.fromkeys(("RandomCrop", "RandomFlip", "RandomShift", "ColorJitter"), _NOTHING),
    "MeanSubtraction": _NOTHING,
    "RandomErase": _Fact("nothing", _per_place(1)),
    # The places that are read are kept as well, two numbers each.
    **dict.fromkeys(
        ("RandomRotation", "RandomAffine", "ImageAugmentation"), _Fact("inputs", _per_place(8))
    ),
    **dict.fromkeys(("LearnedPositions", "ClassToken"), _NOTHING),
    # Averaged over everything, it is a mean, which only keeps the size.
    **dict.fromkeys((f"AdaptiveAvgPool{n}d" for n in (1, 2, 3)), _Fact("inputs unless one")),
    **dict.fromkeys((f"LPPool{n}d" for n in (1, 2, 3)), _Fact("inputs", _per_number(4, 16))),
    "Spectrogram": _Fact("inputs", _per_output(20)),
    "CosineSimilarity": _Fact("inputs", _per_number(8, 16)),
    "GaussianSample": _Fact("inputs", _per_input(8)),
    "PairwiseDistance": _Fact("outputs", _per_input(4)),
    "LayerNorm": _Fact("inputs", _per_vector(8)),
    "RMSNorm": _Fact("inputs", _per_input(4)),
    "LocalResponseNorm": _Fact("inputs", _per_input(13)),
    "MultiheadAttention": _Fact("nothing", _attention),
    "TransformerEncoderLayer": _Fact("nothing", _transformer(1, 0)),
    "TransformerDecoderLayer": _Fact("nothing", _transformer(0, 1)),
    "Transformer": _Fact("nothing", _transformer("num_encoder_layers", "num_decoder_layers")),
    "RNNCell": _Fact("both", _per_output(4)),
    "GRUCell": _Fact("inputs", _per_output(28)),
    "LSTMCell": _Fact("inputs", _per_output(24)),
    "RNN": _Fact("nothing", _per_number(4, 4)),
    **dict.fromkeys(("LocallyConnected1d", "LocallyConnected2d"), _Fact("nothing", _patches)),
    **dict.fromkeys(("MinMaxQuantize", "FakeQuantizePerChannel"), _Fact("nothing", _per_input(1))),
    "LSTM": _Fact("outputs", _per_step_and_state(72)),
    "GRU": _Fact("nothing", _per_step_and_state(32)),
}
"""By the name behind the last dot of a constructor."""

EXPRESSIONS: tuple[tuple[re.Pattern[str], _Fact], ...] = tuple(
    (re.compile(pattern), fact)
    for pattern, fact in (
        (r"^\{in\}$", _NOTHING),  # branches that are added up
        (r"^\(\{in\}\) / ", _NOTHING),
        (r"^\{\w+\} [-+] ", _NOTHING),
        (r"^\{in\} [*/] \{value\}$", _NOTHING),
        (r"^(\{in\} \*\* \{other\}|\{value\} \*\* \{in\})$", _BOTH),
        (r"\.(amax|amin|prod|cumprod)\(", _BOTH),
        (r"\.median\(", _Fact("nothing", _per_output(8))),
        (r"^torch\.view_as_real\(torch\.fft\.rfft", _INPUTS),
        (r"^torch\.(view_as_real\(torch\.)?fft\.", _NOTHING),
        (r"^torch\.linalg\.(det|slogdet)\(", _Fact("inputs", _per_input(4))),
        (r"scaled_dot_product_attention\(", _BOTH),
        (r"^torch\.cat\(\[nn\.functional\.relu", _Fact("nothing", _per_output(4))),
        (r"^\{in\}\.(reshape|view|permute|transpose|movedim|squeeze|unsqueeze|select)\(", _VIEW),
        (r"^\{in\}\.(flatten|unflatten|narrow|expand|broadcast_to|diagonal|unbind)\(", _VIEW),
        (r"^\{in\}\[", _VIEW),
        (r"^(center_)?crop(_like)?\(", _VIEW),
        (r"^torch\.(chunk|split|unbind|diagonal|squeeze|unsqueeze|transpose)\(", _VIEW),
        (r"^torch\.(cat|stack|flip|roll|diag_embed|sum|mean|cumsum|tile)\(", _NOTHING),
        (r"^\{in\}\.(repeat|sum|mean|neg|roll|flip|cumsum|detach|round|floor|ceil)\(", _NOTHING),
        (r"^torch\.(round|floor|ceil|trunc|frac|sign|neg|tril|triu)\(", _NOTHING),
        (r"^\{in\}\.(float|long|bool)\(\)$", _NOTHING),
        (r"^-\{in\}$", _NOTHING),
        (r"^nn\.functional\.(pad|interpolate)\(", _NOTHING),
        (
            r"^(pad_like|add_coordinates|rotate_by_position|reverse_gradient|clip_grad_by_\w+)\(",
            _NOTHING,
        ),
        (r"^(keep_top_k_gradients|shift)\(", _NOTHING),
        (
            r"^(fixed_point_quantize|pow2_quantize|binary_tanh|binary_sigmoid)\(",
            _Fact("nothing", _per_input(1)),
        ),
        (r"^torch\.fake_quantize_per_tensor_affine\(", _Fact("nothing", _per_input(1))),
        (r"^torchvision\.ops\.(roi_align|box_convert)\(", _NOTHING),
        (
            r"^torchvision\.ops\.(roi_pool|ps_roi_align|ps_roi_pool)",
            _Fact("nothing", _per_output(4)),
        ),
        (r"^torchvision\.ops\.box_iou\(", _Fact("inputs", _per_output(26))),
        (r"^nms_detection2d\(", _Fact("inputs", _per_input(5))),
        (r"^adaptive_separable_conv2d\(", _Fact("inputs", _per_output(12))),
        (r"^prune\(", _Fact("inputs", _per_input(8))),
        (r"^torch\.(exp|sqrt|rsqrt|reciprocal|tanh|sigmoid|tan)\(", _OUTPUTS),
    )
)
"""By what the expression says, where it calls no module. The first that fits holds."""


def kept_by(
    layer: Layer,
    received: Sequence[TensorSpec | None],
    outputs: Sequence[TensorSpec],
) -> Kept:
    """What is kept of one use of a layer, where gradients reach it.

    Args:
        received: what the layer's rules are called with.
        outputs: what comes out.
    """
    if type(layer).emit is Layer.emit:
        return Kept(view=True)
    emission = layer.emit(*received)
    if all(spec.dtype != "float" for spec in outputs) or ".detach()" in emission.expression:
        return Kept(learns=False)
    fact = _fact(emission)
    inputs = [spec for spec in received if spec is not None]
    is_mean = set(outputs[0].sizes[1:]) <= {1}
    return Kept(
        inputs=fact.what in ("inputs", "both")
        or (fact.what == "inputs unless one" and not is_mean),
        outputs=fact.what in ("outputs", "both"),
        view=fact.what == "view",
        extra=fact.extra(layer, inputs, outputs) if fact.extra and inputs else 0,
    )


def _fact(emission: Emission) -> _Fact:
    if emission.constructor is not None:
        return MODULES.get(emission.constructor.name.rpartition(".")[2], _INPUTS)
    if emission.expression == "{in}" and emission.separator.strip() not in ("", "+", "-", ","):
        return _INPUTS  # branches that are multiplied or divided
    for pattern, fact in EXPRESSIONS:
        if pattern.search(emission.expression):
            return fact
    return _INPUTS
