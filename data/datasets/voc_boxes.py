"""Your own images with boxes, in the layout of Pascal VOC. No torch at import.

What is in the folder is found by data/voc.py, images are read by data/boxed_images.py.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from data.augmentation import AugmentedImages
from data.class_names import named_classes
from data.dataset import DataDescription, DataError, Splits, dataset
from data.divided import CollectedDataset
from data.image_files import some_of
from data.split import strata_of
from data.voc import LISTS, SHOWN, Annotation, VocFolder, check_sizes, first_of, read_annotations
from graph.declare import Pair, build, param, suggestion
from graph.shapes import TensorSpec

Names = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""Of training, validation and test."""


@dataset("voc_boxes", title="Images with boxes (Pascal VOC)")
class VocBoxes(AugmentedImages, CollectedDataset):
    """Your own images with a box and a class for every object, as labelling programs write them."""

    folder: str = param(
        default="",
        path="folder",
        help="Holds JPEGImages, Annotations (an XML file for each image) and perhaps "
        "ImageSets/Main with lists of names.",
    )
    image_size: Pair = param(
        default=(224, 224),
        min=32,
        max=1024,
        help="Height and width to which every image is brought, with its boxes.",
    )
    split: Literal["lists", "ratio"] = param(
        default="lists",
        help="How the images are divided: by train.txt, val.txt and test.txt in ImageSets/Main "
        "(lists), or by the shares below (ratio).",
    )
    class_names: str = param(
        default="",
        help="The classes to be found, with commas between them; if empty, all that are annotated.",
    )
    difficult: bool = param(
        default=False,
        help="Learn and judge objects that are marked as difficult, too; else they are not "
        "learned, and finding them counts neither as right nor as wrong.",
        advanced=True,
    )

    def describe(self) -> DataDescription:
        """What the annotations tell; read anew when a file has changed.

        Raises:
            DataError: a file is missing or cannot be read.
        """
        return _describe(self, VocFolder.of(self.folder))

    def load(self) -> Splits:
        """Read the annotations; images are read batch by batch.

        Raises:
            DataError: a file is missing or cannot be read.
        """
        from data.boxed_images import BoxedImages, boxed_image

        folder = VocFolder.of(self.folder)
        names, overlaps = self._divided(folder)
        annotations = read_annotations(folder, sum(names, ()))
        # What is wrong with images to judge with shall not come out when training is over.
        check_sizes(annotations)
        classes, notes = self._classes(annotations)
        size = (self.image_size[0], self.image_size[1])
        images = [
            boxed_image(annotation, origin, classes, size, difficult=self.difficult)
            for origin, annotation in enumerate(annotations)
        ]
        first, second = len(names[0]), len(names[0]) + len(names[1])
        faults = [note for annotation in annotations for note in annotation.notes]
        return Splits(
            training=BoxedImages(images[:first], size, self.augment()),
            validation=BoxedImages(images[first:second], size),
            test=BoxedImages(images[second:], size),
            notes=(*overlaps, *self._ignored(annotations), *notes, *faults),
        )

    def fitted_to(self, inputs: Mapping[str, Sequence[int]]) -> VocBoxes | None:
        """The images in the size of a network with one coloured input."""
        if len(inputs) != 1:
            return None
        sizes = next(iter(inputs.values()))
        if len(sizes) != 3 or sizes[0] != 3:
            return None
        if not all(map(self.PARAMETERS["image_size"].within, sizes[1:])):
            return None
        size = (int(sizes[1]), int(sizes[2]))
        return build(VocBoxes, {**self.changed_arguments(), "image_size": size})

    def _count(self, annotations: Sequence[Annotation]) -> Counter[str]:
        """How many objects of each class are to be learned and found."""
        return Counter(
            each.name
            for one in annotations
            for each in one.objects
            if self.difficult or not each.difficult
        )

    def _ignored(self, annotations: Sequence[Annotation]) -> tuple[str, ...]:
        """How many objects count for nothing, if any."""
        count = sum(each.difficult for one in annotations for each in one.objects)
        if self.difficult or not count:
            return ()
        objects, they = (
            ("1 object is", "it is") if count == 1 else (f"{count:,} objects are", "they are")
        )
        return (
            f"{objects} marked as difficult: {they} not learned, and what is found there counts "
            "neither as right nor as wrong.",
        )

    def _divided(self, folder: VocFolder) -> tuple[Names, tuple[str, ...]]:
        """The names of each split, and what had to be decided."""
        if self.split == "lists":
            return _by_lists(folder)
        names = folder.every_name()
        found = read_annotations(folder, names)
        fewest = 1 / min(self.validation_fraction, self.test_fraction)
        division = self.divided(strata_of([one.count() for one in found], fewest=fewest))
        if division.empty():
            raise DataError(
                f"Of {len(names):,} {'image' if len(names) == 1 else 'images'} none is left for "
                f"{division.empty()}: each of training, validation and test needs one. Add some, "
                "or divide them by lists.",
                "split",
            )
        training, validation, test = (
            tuple(names[place] for place in places)
            for places in (division.training, division.validation, division.test)
        )
        return (training, validation, test), ()

    def _classes(
        self, annotations: Sequence[Annotation]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The classes in the order of their numbers, and what is left out for them."""
        counts = self._count(annotations)
        if not counts:
            raise DataError(f"No object is annotated in {self.folder}.", "folder")
        wanted = named_classes(self.class_names)
        if not wanted:
            return tuple(sorted(counts)), ()
        for name in wanted:
            if name not in counts:
                hint = suggestion(name, counts) or f"; there are {', '.join(sorted(counts))}."
                raise DataError(
                    f'No object of the class "{name}" is annotated{hint}', "class_names"
                )
        others = ", ".join(
            f"{name} ({counts[name]:,})" for name in sorted(set(counts) - set(wanted))
        )
        return wanted, (f"Objects of other classes are left out: {others}.",) if others else ()


@functools.lru_cache(maxsize=4)
def _describe(dataset: VocBoxes, folder: VocFolder) -> DataDescription:
    """What the annotations tell, kept while settings and files are as they were."""
    names, _ = dataset._divided(folder)
    annotations = read_annotations(folder, sum(names, ()))
    classes, notes = dataset._classes(annotations)
    counts = dataset._count(annotations)
    listed = some_of([f"{name} {counts[name]:,}" for name in classes], 10)
    faults = [note for one in annotations for note in one.notes]
    told = [*dataset._ignored(annotations), *notes]
    if faults:
        boxes = "One box is" if len(faults) == 1 else f"{len(faults):,} boxes are"
        told += [f"{boxes} faulty.", *first_of(faults)]
        if len(faults) > SHOWN:
            told.append("The log of a training names all.")
    height, width = dataset.image_size
    return DataDescription(
        task="detection",
        inputs={"image": TensorSpec((3, height, width))},
        class_names=classes,
        samples=len(annotations),
        summary=(
            f"{len(annotations):,} images with boxes of "
            f"{'one class' if len(classes) == 1 else f'{len(classes):,} classes'}: "
            + " ".join([f"{listed}.", *told])
        ),
        source=f"The folder {Path(dataset.folder).name}, in the layout of Pascal VOC.",
        preparation=(
            f"A coloured picture brought to {height}×{width} pixels (height × width), "
            "bilinear and without regard to its proportions, with values from 0 (black) to 1."
        ),
    )


def _by_lists(folder: VocFolder) -> tuple[Names, tuple[str, ...]]:
    """What the lists say; a name in two of them stays where it is judged with.

    Raises:
        DataError: a list is missing or empty.
    """
    validation, test = (_list(folder, name) for name in ("val", "test"))
    training = folder.list_names("train")
    if training is None:
        # Some publish what is not for validation only together with it.
        both = folder.list_names("trainval") or _list(folder, "train")
        training = tuple(name for name in both if name not in set(validation))
    notes = []
    held_out = {"test": set(test)}
    left = tuple(name for name in validation if name not in held_out["test"])
    if len(left) < len(validation):
        notes.append(_twice(len(validation) - len(left), "val.txt", "test.txt"))
    validation = left
    for title, others in (("val.txt", set(validation)), ("test.txt", held_out["test"])):
        left = tuple(name for name in training if name not in others)
        if len(left) < len(training):
            notes.append(_twice(len(training) - len(left), "the training list", title))
        training = left
    for names, title in ((training, "training"), (validation, "validation")):
        if not names:
            raise DataError(
                f"The lists in {folder.path / LISTS} leave no image for {title}, since what is "
                "in two lists stays held out. Divide by ratio, or repair the lists.",
                "split",
            )
    return (training, validation, test), tuple(notes)


def _list(folder: VocFolder, name: str) -> tuple[str, ...]:
    names = folder.list_names(name)
    if names is None:
        raise DataError(
            f"There is no list {folder.path / LISTS / name}.txt. Write it, with the name of an "
            "image in each line, or divide the images by ratio.",
            "split",
        )
    return names


def _twice(count: int, one: str, other: str) -> str:
    images = "1 image is" if count == 1 else f"{count:,} images are"
    return f"{images} in {one} and in {other}, and only used as {other} says."
