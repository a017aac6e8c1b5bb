"""What a trained run says of images that are no data of its project: the class of every pixel, or
boxes with a class each.

Imports torch inside its functions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.catalog import read_data
from data.dataset import DataDescription, Task
from data.image_files import opened, pixels_of
from evaluation.detections import THRESHOLD, Box
from graph.files import load
from graph.storage import write_atomically
from training.learned import as_learned
from training.runs import Run, RunError
from training.spec import TrainingSpec, read_training


@dataclass(frozen=True, slots=True)
class Learned:
    """What a run learns, and of what."""

    task: Task
    description: DataDescription
    spec: TrainingSpec

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Channels, height and width of the images that it takes."""
        (given,) = self.description.inputs.values()
        channels, height, width = (int(size) for size in given.sizes)
        return channels, height, width


def what_was_learned(run: Run) -> Learned:
    """Look into a run.

    Raises:
        DataError: its data cannot be described, or the names that it learned not be read.
        FileError: its project cannot be read.
    """
    project = load(run.project_path).project
    dataset, _ = read_data(project.data)
    spec, _ = read_training(project.training)
    description = as_learned(run, dataset.describe())
    return Learned(spec.loss.task(description), description, spec)


@dataclass(frozen=True, slots=True)
class PredictedBoxes:
    """What was found on an image.

    Attributes:
        size: width and height in pixels.
        boxes: the surest first, as shares of the image.
        class_names: of the labels, in the order of their numbers.
    """

    image: Path
    size: tuple[int, int]
    boxes: tuple[Box, ...]
    class_names: tuple[str, ...]


def predict_boxes(
    run: Run, images: Sequence[Path], *, threshold: float = THRESHOLD
) -> Iterator[PredictedBoxes]:
    """Find boxes on each image, which is brought to the size of the data, as in training.

    Args:
        run: one that learned detection.
        images: their files.
        threshold: boxes of which the network is less sure are left out.

    Raises:
        RunError: the run learned something else or nothing yet, or its network cannot be used.
        DataError: an image cannot be read, or the data of the run not be described.
        FileError: the project of the run cannot be read.
    """
    learned = what_was_learned(run)
    decoding = learned.spec.loss.decoding()
    if decoding is None:
        raise RunError(
            f"The run {run.title} learned {learned.task}, but boxes need one that learned "
            "detection."
        )
    run.need_weights()

    import torch

    from evaluation.boxes import MOST_BOXES, OVERLAP, to_boxes
    from evaluation.network import NetworkError, apply_network, load_network
    from training.devices import SettingsError, choose_device

    channels, height, width = learned.sizes
    (given,) = learned.description.inputs
    try:
        device = choose_device(learned.spec.device)
        network = load_network(run.model_path, run.best_weights).to(device).eval()
        for image in images:
            with opened(image, "") as file:
                size = file.size
                pixels = pixels_of(file, size=(height, width), channels=channels)
            picture = torch.from_numpy(pixels)
            with torch.inference_mode():
                (output,) = apply_network(network, {given: picture[None].to(device).float() / 255})
            (found,) = decoding.detections(
                output.float().cpu(), threshold=threshold, overlap=OVERLAP
            )
            corners, scores, labels = (part[:MOST_BOXES] for part in found)
            boxes = to_boxes(corners, labels, scores)
            yield PredictedBoxes(image, size, boxes, learned.description.class_names)
    except (NetworkError, SettingsError) as error:
        raise RunError(str(error)) from error


@dataclass(frozen=True, slots=True)
class PredictedMask:
    """A mask that was written.

    Attributes:
        image: what it is of.
        path: a PNG file whose palette's indices are the classes.
        shares: of the pixels by class.
    """

    image: Path
    path: Path
    shares: Mapping[str, float]


def predict_masks(
    run: Run, images: Sequence[Path], folder: Path, *, tiles: bool = False
) -> Iterator[PredictedMask]:
    """Write a mask for each image, as large as the image, with the image's name.

    Args:
        run: one that learned segmentation.
        images: their files.
        folder: where the masks are written; it is made if it does not exist.
        tiles: whether images keep their size and are predicted in overlapping tiles, as always
            where parts of images were learned; otherwise they are brought to the size of the data,
            as in training, and their masks back.

    Raises:
        RunError: the run learned something else or nothing yet, its network cannot be used, or
            masks would overwrite something that is not theirs.
        DataError: an image cannot be read, or the data of the run not be described.
        FileError: the project of the run cannot be read.
        OSError: a mask cannot be written.
    """
    learned = what_was_learned(run)
    if learned.task != "segmentation":
        raise RunError(
            f"The run {run.title} learned {learned.task}, but masks need one that learned "
            "segmentation."
        )
    run.need_weights()
    targets = _targets(images, folder)

    from evaluation.network import NetworkError
    from training.devices import SettingsError

    try:
        yield from _predicted(run, images, targets, learned, tiles=tiles)
    except (NetworkError, SettingsError) as error:
        raise RunError(str(error)) from error


def _predicted(
    run: Run,
    images: Sequence[Path],
    targets: Sequence[Path],
    learned: Learned,
    *,
    tiles: bool,
) -> Iterator[PredictedMask]:
    import numpy
    import torch
    from torch.nn import functional

    from evaluation.masks import predicted_classes
    from evaluation.network import load_network
    from evaluation.pictures import mask_bytes
    from evaluation.tiles import predict_tiles
    from training.devices import choose_device

    device = choose_device(learned.spec.device)
    network = load_network(run.model_path, run.best_weights).to(device).eval()
    channels, height, width = learned.sizes
    names = learned.description.class_names
    for image, target in zip(images, targets, strict=True):
        with opened(image, "") as file:
            size = (file.height, file.width)
            taken = size if tiles or learned.description.parts else (height, width)
            picture = torch.from_numpy(pixels_of(file, size=taken, channels=channels))
        scores = predict_tiles(network, picture.to(device).float() / 255, (height, width))
        if scores.shape[1:] != size:
            # Scores are blended before the class is chosen, so that its edges are smooth.
            scores = functional.interpolate(scores[None], size, mode="bilinear")[0]
        mask: numpy.ndarray = predicted_classes(scores[None])[0].to(torch.uint8).cpu().numpy()
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, mask_bytes(mask))
        counts = numpy.bincount(mask.reshape(-1), minlength=len(names)) / mask.size
        shares = zip(names, counts.tolist(), strict=True)
        yield PredictedMask(image, target, dict(shares))


def _targets(images: Sequence[Path], folder: Path) -> list[Path]:
    """Where the masks are written.

    Raises:
        RunError: two would be one file, or one would take the place of an image.
    """
    targets: dict[Path, Path] = {}
    for image in images:
        target = folder / f"{image.stem}.png"
        if target in targets:
            raise RunError(
                f"The masks of {targets[target]} and {image} would both be {target}. Predict them "
                f"into folders of their own."
            )
        if target.resolve() in {one.resolve() for one in images}:
            raise RunError(
                f"The mask of {image} would take the place of an image. Choose another folder."
            )
        targets[target] = image
    return list(targets)
