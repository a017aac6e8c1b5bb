"""The losses that can be chosen: which data each serves, which output it needs, how it is computed.

No torch at import; `compute` and `correct` are for workers. A further loss is a further class in
one of the files in here and nothing else. Metrics that judge a trained network are in `evaluation`.
"""

from training.objectives.boxes import Yolo
from training.objectives.classes import CrossEntropy, MultiMargin
from training.objectives.loss import LOSSES, Loss, ObjectiveError, default_loss
from training.objectives.masks import Dice, PixelBinaryCrossEntropy, PixelCrossEntropy
from training.objectives.numbers import (
    EpsilonInsensitive,
    Huber,
    MeanAbsoluteError,
    MeanSquaredError,
    NumbersLoss,
)
from training.objectives.probabilities import BinaryCrossEntropy, BinaryCrossEntropyWithLogits
from training.objectives.variational import EvidenceLowerBound

__all__ = [
    "LOSSES",
    "BinaryCrossEntropy",
    "BinaryCrossEntropyWithLogits",
    "CrossEntropy",
    "Dice",
    "EpsilonInsensitive",
    "EvidenceLowerBound",
    "Huber",
    "Loss",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "MultiMargin",
    "NumbersLoss",
    "ObjectiveError",
    "PixelBinaryCrossEntropy",
    "PixelCrossEntropy",
    "Yolo",
    "default_loss",
]
