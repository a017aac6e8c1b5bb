"""What a dataset is: declared settings, a description that needs no torch, and samples in splits.

The datasets themselves are one file each (`digits.py`); `catalog.py` holds them all. Nothing in
here knows how a network learns from samples.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import (
    TYPE_CHECKING,
    ClassVar,
    Literal,
    Protocol,
    TypeVar,
    dataclass_transform,
    get_args,
)

from graph.declare import Declared, declare, param
from graph.registry import Registry
from graph.shapes import TensorSpec

if TYPE_CHECKING:
    import numpy
    import torch

SplitName = Literal["training", "validation", "test"]
SPLIT_NAMES: tuple[SplitName, ...] = get_args(SplitName)

Task = Literal["classification", "regression", "reconstruction", "segmentation", "detection"]
"""What is to be learned: one class per sample, numbers, the sample itself, a class for every pixel,
or boxes with a class each.

What a dataset tells of its samples is any but reconstruction, which needs nothing but samples and
is chosen by the loss. The targets of each are described at `Batch`.
"""

IGNORED = 255
"""The value of a mask where nothing is known, so that nothing can be right or wrong there."""

NO_BOX = -1
"""The label that fills up the rows of images with fewer boxes than others."""

Probabilities = Literal["softmax", "sigmoid", "clamp"]
"""How the outputs of a classifier become a probability for each class."""


class DataError(Exception):
    """The data cannot be read; the text says what, where and what to do.

    `parameter` is the setting of the dataset to look at; empty where there is none.
    """

    def __init__(self, message: str, parameter: str = "") -> None:
        super().__init__(message)
        self.parameter = parameter


@dataclass(frozen=True, slots=True)
class DataDescription:
    """What a network for this data takes in and has to tell, known without reading a sample.

    Attributes:
        task: what the data tells of its samples; the targets of each task are at `Batch`.
        inputs: size and kind of every input of a sample, by name, without the batch axis.
        class_names: the classes in the order of their numbers; empty for tasks without classes.
            Of segmentation the background is one of them, of detection it is not.
        samples: the number of samples in all splits together.
        summary: one sentence for a person.
        source: who made the data, and where it is published.
        preparation: what was done to a sample before the network sees it, for whoever uses the
            network elsewhere.
        target_names: the numbers to be predicted, in their order; empty for other tasks.
        varying: whether batches for training come in several sizes, of which that in `inputs` is
            the largest.
        parts: whether samples are parts of larger images in their own scale, so that a whole image
            is to be predicted part by part, and not brought to the size of a sample.
    """

    task: Task
    inputs: Mapping[str, TensorSpec]
    class_names: tuple[str, ...]
    samples: int
    summary: str
    source: str
    preparation: str = ""
    target_names: tuple[str, ...] = ()
    varying: bool = False
    parts: bool = False

    @property
    def classes(self) -> int:
        """The number of classes."""
        return len(self.class_names)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some samples, put together: tensors by name, the batch axis first.

    The targets of each task:
        classification: `label`, int64 of shape (B,).
        regression: `values`, float of shape (B, numbers).
        segmentation: `mask`, int64 of shape (B, H, W): the class of every pixel, or `IGNORED`.
        detection: `boxes`, float of shape (B, N, 4), corners (left, top, right, bottom) in pixels
            of the input; `labels`, int64 of shape (B, N). Images with fewer boxes than others have
            rows of 0 with the label `NO_BOX` at the end; N may be 0. Likewise `ignored_boxes` and
            `ignored_labels` of shape (B, M, 4) and (B, M), where data that is not for training has
            some: objects of which finding and missing count neither as right nor as wrong.
    """

    inputs: Mapping[str, torch.Tensor]
    targets: Mapping[str, torch.Tensor]

    def as_reconstruction(self) -> Mapping[str, torch.Tensor]:
        """Targets for giving back what went in: the one input there is, as `values`."""
        (given,) = self.inputs.values()
        return {"values": given}


class Samples(Protocol):
    """The samples of one split, in memory or read when they are asked for."""

    def __len__(self) -> int: ...

    def batch(self, indices: torch.Tensor, generator: torch.Generator | None = None) -> Batch:
        """The samples at these places, of shape (B,), put together.

        With a generator the samples are augmented as training wants them, and everything random
        is drawn from it; without one they come as they are.

        Raises:
            DataError: a sample cannot be read.
        """
        ...

    def picture(self, index: int) -> numpy.ndarray | None:
        """A sample as people look at it: uint8 of shape (H, W) or (H, W, 3); None for a table."""
        ...

    def origin(self, index: int) -> int:
        """The number of the sample in the whole dataset, the same whatever the split."""
        ...


@dataclass(frozen=True, slots=True)
class Splits:
    """The samples to learn from, to choose the best weights with, and to judge with at the end.

    Attributes:
        preparation: what only reading them tells of how a sample was prepared, such as the means
            that were subtracted; it follows what the description says.
        notes: what is wrong with single samples and what was done about it, a sentence each, to
            be told before training.
    """

    training: Samples
    validation: Samples
    test: Samples
    preparation: str = ""
    notes: tuple[str, ...] = ()

    def __getitem__(self, name: SplitName) -> Samples:
        samples: Samples = getattr(self, name)
        return samples


class Dataset(Declared):
    """Base of all datasets. A subclass declares its settings with `param()`."""

    NAME: ClassVar[str]
    TITLE: ClassVar[str]

    def describe(self) -> DataDescription:
        """What is in it, without torch and without reading a sample.

        The window asks after every edit, so what has to be looked up in files is looked up once
        and kept for as long as the files are as they were.

        Raises:
            DataError: it cannot be found out, such as where a folder is missing.
        """
        raise NotImplementedError

    def load(self) -> Splits:
        """Read it. Imports torch, so this is for workers.

        Raises:
            DataError: it cannot be read.
        """
        raise NotImplementedError

    def fitted_to(self, inputs: Mapping[str, Sequence[int]]) -> Dataset | None:
        """The same dataset with settings that give inputs of these sizes; None where none do."""
        return None


DATASETS: Registry[Dataset] = Registry("dataset")

DatasetClass = TypeVar("DatasetClass", bound=Dataset)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(param,))
def dataset(name: str, *, title: str) -> Callable[[type[DatasetClass]], type[DatasetClass]]:
    """Declare a dataset and enter it: `@dataset("digits", title="Handwritten digits")`."""

    def enter(cls: type[DatasetClass]) -> type[DatasetClass]:
        declared = declare(cls)
        declared.NAME, declared.TITLE = name, title
        # What is special comes before what all datasets of its kind have, in forms and help.
        own = sorted(declared.PARAMETERS, key=lambda one: one not in cls.__annotations__)
        declared.PARAMETERS = {one: declared.PARAMETERS[one] for one in own}
        DATASETS.add(name, declared)
        return declared

    return enter
