"""What a trained run says of images that are no data of its project: the class of every pixel.

Imports torch inside its function.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.catalog import read_data
from data.dataset import DataDescription
from data.image_files import read_picture
from data.storage import write_atomically
from graph.files import load
from training.runs import Run, RunError
from training.spec import Device, read_training


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
    project = load(run.project_path).project
    dataset, _ = read_data(project.data)
    spec, _ = read_training(project.training)
    description = dataset.describe()
    task = spec.loss.task(description)
    if task != "segmentation":
        raise RunError(
            f"The run {run.title} learned {task}, but masks need one that learned segmentation."
        )
    if not run.best_weights.exists():
        raise RunError(f"The run {run.title} has no weights yet: train at least one epoch.")
    targets = _targets(images, folder)

    from evaluation.network import NetworkError
    from training.devices import SettingsError

    try:
        yield from _predicted(run, images, targets, description, spec.device, tiles=tiles)
    except (NetworkError, SettingsError) as error:
        raise RunError(str(error)) from error


def _predicted(
    run: Run,
    images: Sequence[Path],
    targets: Sequence[Path],
    description: DataDescription,
    wanted: Device,
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

    device = choose_device(wanted)
    network = load_network(run.model_path, run.best_weights).to(device).eval()
    (given,) = description.inputs.values()
    channels, height, width = (int(size) for size in given.sizes)
    for image, target in zip(images, targets, strict=True):
        picture = torch.from_numpy(read_picture(image, size=None, channels=channels))
        size = picture.shape[1:]
        if not (tiles or description.parts) and size != (height, width):
            fitted = read_picture(image, size=(height, width), channels=channels)
            picture = torch.from_numpy(fitted)
        scores = predict_tiles(network, picture.to(device).float() / 255, (height, width))
        if scores.shape[1:] != size:
            # Scores are blended before the class is chosen, so that its edges are smooth.
            scores = functional.interpolate(scores[None], tuple(size), mode="bilinear")[0]
        mask: numpy.ndarray = predicted_classes(scores[None])[0].to(torch.uint8).cpu().numpy()
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, mask_bytes(mask))
        counts = numpy.bincount(mask.reshape(-1), minlength=description.classes) / mask.size
        shares = zip(description.class_names, counts.tolist(), strict=True)
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
