"""Losses for a class per pixel: segmentation.

An output smaller than the mask, as convolutions without padding give it, is compared with the
mask's middle.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

from data.dataset import IGNORED, DataDescription, Probabilities
from graph.declare import Numbers, declare, param
from graph.part import part
from graph.shapes import size_text
from training.objectives.loss import LOSSES, Loss, Remark, RunningScore

if TYPE_CHECKING:
    from torch import Tensor


@declare
class MaskLoss(Loss):
    """Base of the losses that compare what is given for a pixel with its true class."""

    TASKS = ("segmentation",)
    HARMFUL_LAST_LAYERS: ClassVar[Mapping[str, str]] = {
        "Softmax": "this loss applies softmax itself; twice makes training slow and weak",
        "Softmax2d": "this loss applies softmax itself; twice makes training slow and weak",
        "Sigmoid": "this loss wants plain numbers; a sigmoid squeezes them, which slows it",
        "Tanh": "this loss wants plain numbers; a tanh squeezes them, which slows it",
        "ReLU": "this loss wants plain numbers; a ReLU cuts off the negative ones",
    }

    def output_sizes(self, description: DataDescription) -> tuple[int, ...]:
        """One number per class for every pixel of the image."""
        (given,) = description.inputs.values()
        return (description.classes, *(int(size) for size in given.sizes[1:]))

    def accepts(self, sizes: tuple[int, ...], description: DataDescription) -> bool:
        """Also what is smaller, as convolutions without padding give it."""
        classes, *whole = self.output_sizes(description)
        return (
            len(sizes) == 3
            and sizes[0] == classes
            and all(0 < size <= most for size, most in zip(sizes[1:], whole, strict=True))
        )

    def remark(self, sizes: tuple[int, ...], description: DataDescription) -> Remark | None:
        """What is compared where the output is so much smaller than the mask that strides may have
        made it so: they halve at least, while convolutions without padding take a border off."""
        whole = self.output_sizes(description)
        if all(2 * size > most + 1 for size, most in zip(sizes[1:], whole[1:], strict=True)):
            return None
        return Remark(
            "is smaller than the mask",
            f"The output has {size_text(sizes[1:])} pixels, the mask {size_text(whole[1:])}: it is "
            f"compared with the middle of the mask. That is right where convolutions without "
            f"padding have made it smaller; after strides and pooling, an Interpolate is missing.",
        )

    def output_meaning(self, description: DataDescription) -> str:
        """What the numbers of the output are."""
        return f"one for each of the {description.classes} classes at every pixel"

    def correct(self, output: Tensor, targets: Mapping[str, Tensor]) -> Tensor:
        """The sum over the samples of the share of their known pixels that is right."""
        from evaluation.masks import central, predicted_classes

        mask = central(targets["mask"], output.shape[2:])
        known = (mask != IGNORED).flatten(1)
        right = (predicted_classes(output) == mask).flatten(1) & known
        # Where nothing is known nothing is wrong.
        wrong = known.sum(dim=1) - right.sum(dim=1)
        return (1 - wrong / known.sum(dim=1).clamp(min=1)).sum()

    def running_score(self, description: DataDescription) -> RunningScore:
        """The mean intersection over union."""
        from evaluation.masks import RunningIntersectionOverUnion

        return RunningIntersectionOverUnion(description.classes)


@declare
class PixelLoss(MaskLoss):
    """Base of the losses of single pixels, of which some count more than others."""

    balance: Literal["none", "classes"] = param(
        default="none",
        help="Every pixel counts the same (none), or every class does, however few pixels of a "
        "batch it has (classes).",
    )
    class_weights: Numbers | None = param(
        default=None,
        min=0,
        help="How much pixels of each class count, in the order of the classes.",
        advanced=True,
    )
    border_weight: float = param(
        default=0.0,
        min=0,
        max=1000,
        help="How much more the background between two close cells counts; 0 not at all, 10 as "
        "U-Net was trained. Class 0 is the background.",
    )
    border_sigma: float = param(
        default=5.0,
        above=0,
        max=100,
        help="How fast that falls with the distance between the cells, in pixels.",
        advanced=True,
    )

    def misfit(self, description: DataDescription) -> str:
        """There must be a weight per class."""
        given = self.class_weights
        if given is None or len(given) == description.classes:
            return ""
        return (
            f"There are {len(given)} class weights, but {description.classes} classes: "
            f"{', '.join(description.class_names)}. Give one number for each."
        )

    def compute(self, output: Tensor, targets: Mapping[str, Tensor]) -> Tensor:
        """The mean over the known pixels of an output of shape (B, K, H, W), each with its
        weight."""
        from evaluation.masks import central

        whole = targets["mask"]
        mask = central(whole, output.shape[2:])
        weights = self._weights(output, mask)
        if self.border_weight:
            from training.objectives.borders import border_weights

            added = border_weights(whole, weight=self.border_weight, sigma=self.border_sigma)
            weights = weights + central(added, output.shape[2:])
        weights = weights * (mask != IGNORED)
        # Where nothing is known there is nothing to learn, and nothing to divide by.
        return (self.of_pixels(output, mask) * weights).sum() / weights.sum().clamp(min=1e-12)

    def of_pixels(self, output: Tensor, mask: Tensor) -> Tensor:
        """The loss of every pixel, of the mask's shape (B, H, W); of unknown ones any number."""
        raise NotImplementedError

    def _weights(self, output: Tensor, mask: Tensor) -> Tensor:
        """Of every pixel by its true class, of the mask's shape."""
        import torch

        classes = max(output.shape[1], 2)
        by_class = output.new_ones(classes, dtype=torch.float32)
        if self.balance == "classes":
            counts = torch.bincount(mask[mask != IGNORED], minlength=classes)
            present = (counts > 0).sum().clamp(min=1)
            by_class = counts.sum() / (present * counts.clamp(min=1))
        if self.class_weights is not None:
            by_class = by_class * by_class.new_tensor(self.class_weights)
        return by_class[mask.clamp(max=classes - 1)]


@part(LOSSES, "pixel_cross_entropy", title="Cross-entropy (pixels)")
class PixelCrossEntropy(PixelLoss):
    """For a class per pixel: minus the logarithm of the probability of the true class."""

    def of_pixels(self, output: Tensor, mask: Tensor) -> Tensor:
        """Of an output with one number per class."""
        from torch.nn import functional

        return functional.cross_entropy(output, mask, ignore_index=IGNORED, reduction="none")


@part(LOSSES, "pixel_binary_cross_entropy", title="Binary cross-entropy (pixels of two classes)")
class PixelBinaryCrossEntropy(PixelLoss):
    """For two classes and one number per pixel: above 0 it is the second; applies a sigmoid."""

    PROBABILITIES: ClassVar[Probabilities] = "sigmoid"

    def serves(self, description: DataDescription) -> bool:
        """Only where there are two classes."""
        return super().serves(description) and description.classes == 2

    def output_sizes(self, description: DataDescription) -> tuple[int, ...]:
        """One number for every pixel of the image."""
        return (1, *super().output_sizes(description)[1:])

    def output_meaning(self, description: DataDescription) -> str:
        """What the number is."""
        return f"one at every pixel, above 0 where it is {description.class_names[1]}"

    def of_pixels(self, output: Tensor, mask: Tensor) -> Tensor:
        """Of an output with one number."""
        from torch.nn import functional

        return functional.binary_cross_entropy_with_logits(
            output[:, 0], (mask == 1).to(output.dtype), reduction="none"
        )


@part(LOSSES, "dice", title="Dice (pixels)")
class Dice(MaskLoss):
    """For a class per pixel: 1 minus how well true and predicted areas overlap, whatever their
    size."""

    cross_entropy: float = param(
        default=0.0,
        min=0,
        max=100,
        help="How much of the cross-entropy is added, which makes the beginning steadier.",
    )

    def compute(self, output: Tensor, targets: Mapping[str, Tensor]) -> Tensor:
        """1 minus the mean over the classes of 2·Σpt / (Σp + Σt), over a whole batch.

        p is the probability of a class, t whether it is the true one. Classes that a batch does
        not have are left out.

        Source: F. Milletari, N. Navab, S.-A. Ahmadi, V-Net: Fully Convolutional Neural Networks
            for Volumetric Medical Image Segmentation, 2016 (there with squares below the line).
        """
        from torch.nn import functional

        from evaluation.masks import central

        mask = central(targets["mask"], output.shape[2:])
        known = (mask != IGNORED)[:, None]
        probabilities = output.softmax(dim=1) * known
        classes = output.shape[1]
        true = functional.one_hot(mask.clamp(max=classes - 1), classes).movedim(-1, 1) * known
        axes = (0, 2, 3)
        both = (probabilities * true).sum(axes)
        sizes = true.sum(axes)
        dice = 2 * both / (probabilities.sum(axes) + sizes).clamp(min=1e-12)
        present = (sizes > 0).to(dice.dtype)
        # Of a batch where nothing is known nothing can be learned.
        loss = (present * (1 - dice)).sum() / present.sum().clamp(min=1)
        if self.cross_entropy:
            loss = loss + self.cross_entropy * PixelCrossEntropy().compute(output, targets)
        return loss
