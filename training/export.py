"""A run as a folder to take home: the text that trained, its weights, a few samples to try.

Imports torch inside its function, since weights are converted; the texts come from
codegen/project.py.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from codegen.module import GeneratedModule
from codegen.project import TrainedPart, export_texts, write_texts
from data.catalog import read_data
from data.dataset import IGNORED, NO_BOX, SplitName
from evaluation.report import Report, ReportError, read_report
from graph.files import FileError, load
from training.evaluations import is_outdated
from training.learned import as_learned
from training.runs import Run, RunError
from training.spec import read_training

if TYPE_CHECKING:
    from torch import Tensor

SAMPLES = 8


def export_run(run: Run, folder: Path) -> list[Path]:
    """Write the folder; the paths of what was written.

    Weights and samples are torch files, so that nothing but torch is needed to use them.

    Raises:
        RunError: the run is broken, or its weights are missing or damaged.
        FileError: its project cannot be read, or the folder not be written.
        DataError: the data cannot be read.
    """
    import torch

    from evaluation.network import NetworkError, load_network

    damage = run.damage()
    if damage:
        raise RunError(damage)
    run.need_weights()
    try:
        # The file itself has them by alphabet, and what layers share only once.
        weights = load_network(run.model_path, run.best_weights).state_dict()
    except NetworkError as error:
        raise RunError(str(error)) from error
    project = load(run.project_path).project
    dataset, _ = read_data(project.data)
    present = dataset.describe()
    description = as_learned(run, present)
    spec, _ = read_training(project.training)
    splits = dataset.load()
    decoding = spec.loss.decoding()
    prepared = (description.preparation or description.summary, splits.preparation)
    trained = TrainedPart(
        task=spec.loss.task(description),
        output_names=description.class_names or description.target_names,
        probabilities=spec.loss.PROBABILITIES,
        preprocessing=" ".join(part for part in prepared if part),
        result=_result(run),
        data=f"{description.summary} {description.source}",
        decode=decoding.function if decoding else "",
        decode_settings=decoding.arguments if decoding else {},
        further_outputs=spec.loss.FURTHER_OUTPUTS,
    )
    module = _module(run)
    texts = export_texts(
        project,
        module=module,
        trained=trained,
        project_text=run.project_path.read_text(encoding="utf-8"),
    )
    write_texts(folder, texts)
    held_out = splits.test
    indices = torch.arange(min(SAMPLES, len(held_out)))
    batch = held_out.batch(indices)
    names = project.main.input_names()
    targets = dict(batch.targets)
    if present.class_names != description.class_names:
        targets |= _renumbered(targets, present.class_names, description.class_names)
    # Apart, since an input may be called as what is true of it is: `mask`, `values`.
    samples = {"inputs": dict(zip(names, batch.inputs.values(), strict=True)), "targets": targets}
    try:
        torch.save(weights, folder / "weights.pt")
        torch.save(samples, folder / "samples.pt")
    except (OSError, RuntimeError) as error:
        # torch reports a full disk as a RuntimeError of its zip writer.
        raise FileError(
            f"The weights could not be written to {folder}: {error}. Free some space or choose "
            f"another folder"
        ) from error
    return [folder / name for name in (*texts, "weights.pt", "samples.pt")]


_UNKNOWN = {"mask": IGNORED, "labels": NO_BOX, "ignored_labels": NO_BOX}
"""What stands in the targets of samples for that which is no class."""


def _renumbered(
    targets: Mapping[str, Tensor], present: Sequence[str], learned: Sequence[str]
) -> dict[str, Tensor]:
    """Targets by the numbers of the learned classes, where the data has other classes now; what
    is none of those is unknown."""
    import torch

    found = {}
    for name in _UNKNOWN.keys() & targets.keys():
        # At the places of classes, of 255 for unknown pixels and, last, of -1 for no box.
        numbers = torch.full((max(len(present), IGNORED + 1) + 1,), _UNKNOWN[name])
        for number, one in enumerate(present):
            if one in learned:
                numbers[number] = learned.index(one)
        found[name] = numbers[targets[name]]
    return found


def _module(run: Run) -> GeneratedModule:
    """The text that trained, to the byte, with the name of its last class."""
    text = run.model_path.read_text(encoding="utf-8")
    classes = [line for line in text.splitlines() if line.startswith("class ")]
    network = classes[-1].removeprefix("class ").partition("(")[0]
    return GeneratedModule(text, network, (None,) * text.count("\n"))


def _result(run: Run) -> str:
    report = _report(run, "test")
    if report is None:
        return "It was not evaluated on held-out samples."
    if report.total is not None:
        r2 = "" if math.isnan(report.total.r2) else f", R² {report.total.r2:.3f}"
        return (
            f"On {report.samples} held-out samples the mean absolute error is "
            f"{report.total.mean_absolute_error:.4g}, the root mean squared error "
            f"{report.total.root_mean_squared_error:.4g}{r2} (weights of epoch {report.epoch})."
        )
    if report.segmentation is not None:
        known = [one for one in report.segmentation.scores if not math.isnan(one.iou)]
        each = ", ".join(f"{one.name} {one.iou:.1%}" for one in known)
        return (
            f"On {report.samples} held-out samples the mean intersection over union is "
            f"{report.score:.1%} ({each}; weights of epoch {report.epoch})."
        )
    if report.detection is not None:
        found = report.detection
        return (
            f"On {report.samples} held-out samples the mean average precision (mAP@.5) is "
            f"{found.average_precision_50:.1%}, and {found.average_precision:.1%} as the mean over "
            f"0.5 to 0.95 (weights of epoch {report.epoch})."
        )
    return (
        f"{report.accuracy:.1%} of {report.samples} held-out samples are recognised "
        f"(weights of epoch {report.epoch})."
    )


def _report(run: Run, split: SplitName) -> Report | None:
    """What was found of the very weights that are exported."""
    try:
        report = read_report(run.folder, split)
    except (FileNotFoundError, ReportError):
        return None
    return None if is_outdated(run, report) else report
