"""Judging a trained network on a split. Imports torch: for workers only.

What is found is kept as a `Report`; see `report.py` for what its numbers mean.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from data.dataset import Batch, Task
from evaluation.boxes import judge_boxes
from evaluation.classes import judge_classes
from evaluation.masks import judge_masks
from evaluation.network import apply_network
from evaluation.numbers import judge_numbers
from evaluation.pictures import PictureFolder
from evaluation.report import Report, report_path, write_report
from evaluation.subject import Judged, Subject

__all__ = ["MOST_PICTURES", "LossFunction", "Subject", "evaluate"]

MOST_PICTURES = 200
"""Mistakes or worst samples that are kept with pictures; the report says how many there are."""

Judge = Callable[[Subject, Iterable[Judged], PictureFolder, int], dict[str, Any]]
"""What a report says of outputs, by the names of its fields; it keeps at most so many pictures."""

JUDGES: Mapping[Task, Judge] = {
    "classification": judge_classes,
    "regression": judge_numbers,
    "reconstruction": judge_numbers,
    "detection": judge_boxes,
    "segmentation": judge_masks,
}

LossFunction = Callable[[tuple[Tensor, ...], Mapping[str, Tensor]], Tensor]
"""The mean loss of a batch from the network's outputs and the targets."""


def evaluate(
    subject: Subject,
    run_folder: Path,
    *,
    loss: LossFunction,
    batch_size: int = 256,
    most_pictures: int = MOST_PICTURES,
) -> Report:
    """Judge a network, and keep report and pictures in the run's folder.

    The report comes last: when anything fails before, the old one and its pictures are unharmed.

    Args:
        subject: network and samples.
        run_folder: the run, below which `evaluation/` is written.
        loss: gives the mean over a batch; the report has the mean over all samples.
        batch_size: samples per step.
        most_pictures: mistakes, or worst samples, that are kept with their pictures.

    Raises:
        DataError: a sample cannot be read.
        OSError: the folder cannot be written.
    """
    total_loss = 0.0

    def judged() -> Iterator[Judged]:
        nonlocal total_loss
        for outputs, targets, batch in _outputs(subject, batch_size):
            total_loss += loss(outputs, targets).item() * len(outputs[0])
            yield outputs[0], targets, batch

    pictures = PictureFolder(run_folder, report_path(run_folder, subject.split).with_suffix(""))
    found = JUDGES[subject.task](subject, judged(), pictures, most_pictures)
    samples = len(subject.samples)
    report = Report(
        split=subject.split,
        weights=subject.weights,
        epoch=subject.epoch,
        time=time.time(),
        samples=samples,
        loss=total_loss / samples if samples else math.nan,
        task=subject.task,
        **found,
    )
    write_report(run_folder, report)
    pictures.remove_others(report.pictures)
    return report


def _outputs(
    subject: Subject, batch_size: int
) -> Iterator[tuple[tuple[Tensor, ...], Mapping[str, Tensor], Batch]]:
    """All outputs, and targets, batch by batch, on the CPU, as 32-bit floats."""
    network = subject.network
    device = next((weight.device for weight in network.parameters()), torch.device("cpu"))
    was_training = network.training
    network.eval()
    try:
        with torch.inference_mode():
            total = len(subject.samples)
            for start in range(0, total, batch_size):
                batch = subject.samples.batch(torch.arange(start, min(start + batch_size, total)))
                inputs = {name: tensor.to(device) for name, tensor in batch.inputs.items()}
                outputs = apply_network(network, inputs)
                on_cpu = tuple(output.float().cpu() for output in outputs)
                yield on_cpu, subject.targets(batch), batch
    finally:
        network.train(was_training)
