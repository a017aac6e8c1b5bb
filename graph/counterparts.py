"""The layers of Sony's Neural Network Console, and what stands for each of them here.

Which of our layers stands for one of its layers is declared with our layer (`console=`). In here
are its names, and what there is for those for which no layer stands: a block, a setting, a reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from graph.layer import load_layers
from graph.node_settings import LABELS

Kind = Literal["layer", "block", "setting", "none"]

_GROUPS: dict[str, str] = {
    "Input and output": "Input Constant",
    "Loss": """
        SquaredError HuberLoss AbsoluteError EpsilonInsensitiveLoss BinaryCrossEntropy
        SigmoidCrossEntropy CategoricalCrossEntropy SoftmaxCrossEntropy KLMultinomial
    """,
    "Parameter": "Parameter WorkingMemory",
    "Basic": """
        Affine Convolution DepthwiseConvolution Deconvolution DepthwiseDeconvolution
        DeformableConvolution AdaptiveSeparableConvolution Embed
    """,
    "Pooling": "MaxPooling AveragePooling SumPooling GlobalAveragePooling Unpooling",
    "Activation": """
        Tanh HardTanh TanhShrink Sigmoid HardSigmoid LogSigmoid Abs ReLU CReLU LeakyReLU PReLU
        ReLU6 ELU CELU SELU GELU SoftPlus SoftSign Sinc Swish Mish Softmax LogSoftmax
    """,
    "Loop control": "RepeatStart RepeatEnd RecurrentInput RecurrentOutput Delay",
    "Quantize": """
        FixedPointQuantize Pow2Quantize BinaryConnectAffine BinaryConnectConvolution
        BinaryWeightAffine BinaryWeightConvolution BinaryTanh BinarySigmoid MinMaxQuantize
    """,
    "Unit": "Unit Argument LSTM",
    "Spectral": "FFT IFFT",
    "Math": """
        Sum Mean Prod Max Min Log Exp Sign BatchMatmul BatchInv Round Ceil Floor BatchDet
        BatchLogdet CumSum CumProd Norm
    """,
    "Trigonometric": "Sin Cos Tan Sinh Cosh ASin ACos ATan ATan2 ASinh ACosh ATanh",
    "Arithmetic (scalar)": """
        AddScalar MulScalar RSubScalar RDivScalar PowScalar RPowScalar MaximumScalar MinimumScalar
    """,
    "Arithmetic (2 inputs)": "Add2 Sub2 Mul2 Div2 Pow2 Maximum2 Minimum2",
    "Arithmetic (N inputs)": "AddN MulN",
    "Logical": """
        LogicalAnd LogicalOr LogicalXor Equal NotEqual Greater GreaterEqual Less LessEqual
        LogicalAndScalar LogicalOrScalar LogicalXorScalar EqualScalar NotEqualScalar GreaterScalar
        GreaterEqualScalar LessScalar LessEqualScalar LogicalNot IsNaN IsInf
    """,
    "Validation": "BinaryError TopNError",
    "Normalization": """
        BatchNormalization FusedBatchNormalization GroupNormalization InstanceNormalization
        LayerNormalization NormNormalization SpectralNorm WeightNormalization WeightStandardization
    """,
    "Others": """
        Dropout Concatenate Reshape Broadcast BroadcastTo Tile Pad Flip Shift Transpose Slice Stack
        MatrixDiag MatrixDiagPart ClipGradByValue ClipGradByNorm TopKData TopKGrad Sort Prune
        Interpolate ResetNaN ResetInf NmsDetection2d VATNoise Unlink Identity Comment Output
        Unsupported Flatten ClipByValue ClipByNorm
    """,
    "Pre-processing": """
        OneHot RandomCrop RandomFlip RandomShift MeanSubtraction ImageAugmentation RandomErase
    """,
    "Setting": "TestNetwork StructureSearch Import",
}

CONSOLE_LAYERS: dict[str, tuple[str, ...]] = {
    group: tuple(names.split()) for group, names in _GROUPS.items()
}
"""The names of its layers, by their group in its palette."""


@dataclass(frozen=True, slots=True)
class Counterpart:
    """What stands here for a layer of Neural Network Console.

    Attributes:
        layers: the names of our layers, where it is one or several.
        text: what it is otherwise, where it is found, or why there is none.
    """

    kind: Kind
    layers: tuple[str, ...] = ()
    text: str = ""


_NUMBERS = (
    "Train page, Loss, {}. Its “Target” is what the data tells of a sample (data), or the sample "
    "itself (input), for an autoencoder."
)
_FORM = f"“{LABELS['weight_norm']}” in the settings of a layer with weights: "

ELSEWHERE: Mapping[str, Counterpart] = {
    "SquaredError": Counterpart("setting", text=_NUMBERS.format("Mean squared error (numbers)")),
    "AbsoluteError": Counterpart("setting", text=_NUMBERS.format("Mean absolute error (numbers)")),
    "HuberLoss": Counterpart(
        "setting",
        text=_NUMBERS.format("Huber (numbers)") + " “Delta” is as there; the loss is half of its.",
    ),
    "EpsilonInsensitiveLoss": Counterpart(
        "setting", text=_NUMBERS.format("Epsilon-insensitive (numbers)")
    ),
    "BinaryCrossEntropy": Counterpart(
        "setting",
        text=_NUMBERS.format("Binary cross-entropy (0 to 1)")
        + " Put a Sigmoid at the end. Yes and no are two classes with an output each.",
    ),
    "SigmoidCrossEntropy": Counterpart(
        "setting",
        text=_NUMBERS.format("Binary cross-entropy with its sigmoid")
        + " It applies the sigmoid itself, so leave the Sigmoid at the end out.",
    ),
    "CategoricalCrossEntropy": Counterpart(
        "setting",
        text="Train page, Loss, Cross-entropy (classes); it applies the softmax itself, so leave "
        "the Softmax at the end out.",
    ),
    "SoftmaxCrossEntropy": Counterpart(
        "setting", text="Train page, Loss, Cross-entropy (classes); it applies the softmax itself."
    ),
    "KLMultinomial": Counterpart(
        "setting",
        text="Train page, Loss, Cross-entropy (classes): for one true class per sample it differs "
        "by a constant only. Certainty spread over classes is its “Label smoothing”.",
    ),
    **dict.fromkeys(
        ("RepeatStart", "RepeatEnd"),
        Counterpart(
            "setting",
            text="“Repeat” of a block: select the nodes, make a block of them, and say how often "
            "it follows itself.",
        ),
    ),
    "Unit": Counterpart(
        "block",
        text="A block: select nodes and make a block of them; double click opens it. Blocks to "
        "start from are in the palette.",
    ),
    "Argument": Counterpart(
        "block", text="A parameter of a block; fields inside take expressions such as = width * 2."
    ),
    "BinaryError": Counterpart(
        "setting", text="Evaluate page, Accuracy: the error is what is missing to 100 %."
    ),
    "TopNError": Counterpart(
        "setting",
        text="Evaluate page: accuracy and the confusion of classes. Errors are counted by the most "
        "probable class (N = 1); which ones it takes for which is in the confusion.",
    ),
    "SpectralNorm": Counterpart("setting", text=_FORM + "spectral."),
    "WeightNormalization": Counterpart("setting", text=_FORM + "weight."),
    "WeightStandardization": Counterpart("setting", text=_FORM + "standardized."),
    "TestNetwork": Counterpart(
        "setting",
        text="Nothing to be done: validation and evaluation run the same network with dropout, "
        "noise and augmentation switched off and the averages of batch normalization.",
    ),
    "StructureSearch": Counterpart(
        "none",
        text="A search would train very many networks and change them by itself. Here people "
        "change them, and runs of different networks can be compared on the Train page.",
    ),
    "Import": Counterpart(
        "block",
        text="A block saved to the own library can be used in every other project; it is in the "
        "palette.",
    ),
    "VATNoise": Counterpart(
        "none",
        text="It is half of virtual adversarial training: a first pass finds the noise that "
        "misleads the network most, a second one learns to withstand it. Training here makes one "
        "pass in every step. Against small disturbances take a GaussianNoise.",
    ),
    "Unsupported": Counterpart(
        "none",
        text="A placeholder for layers that its reader does not know. Here a file with an unknown "
        "layer opens as well; the node keeps its settings and is named as a problem.",
    ),
}
"""What is no layer here, by the name in Neural Network Console."""


def said_elsewhere(name: str) -> str:
    """Where people find what they look for under this name, if it is no layer here; empty where
    nothing is known of it."""
    wanted = re.sub(r"[\s_]", "", name).lower()
    if len(wanted) < 4:
        return ""
    for key, found in ELSEWHERE.items():
        if key.lower().startswith(wanted) or wanted.startswith(key.lower()):
            return found.text
    return ""


def counterparts() -> dict[str, Counterpart | None]:
    """For every layer of Neural Network Console what stands for it; None where nothing is known.

    Raises:
        ValueError: where a declaration names a layer that Neural Network Console does not have, or
            one that is listed here as something else.
    """
    declared: dict[str, list[str]] = {}
    for layer in load_layers().values():
        for name in layer.CONSOLE:
            declared.setdefault(name, []).append(layer.NAME)
    known = [name for names in CONSOLE_LAYERS.values() for name in names]
    for name, layers in declared.items():
        if name not in known:
            raise ValueError(
                f"{layers[0]} stands for {name}, which Neural Network Console does not have"
            )
        if name in ELSEWHERE:
            raise ValueError(f"{layers[0]} stands for {name}, which is listed as no layer")
    return {
        name: Counterpart("layer", tuple(declared[name]))
        if name in declared
        else ELSEWHERE.get(name)
        for name in known
    }
