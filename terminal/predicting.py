"""What a trained run says of images: boxes as text, masks as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from terminal.printing import predicted_values, print_boxes, print_json, print_mask
from training.prediction import predict_boxes, predict_masks, what_was_learned
from training.runs import Run


def print_predictions(
    run: Run, images: Sequence[Path], folder: Path, *, tiles: bool, sure: float, as_json: bool
) -> None:
    """Predict what the run learned, and print it.

    Args:
        folder: where masks are written.
        tiles: whether masks are predicted in tiles.
        sure: boxes of which the network is less sure are left out.
        as_json: print boxes as JSON.

    Raises:
        click.ClickException: masks are wanted as JSON.
        Exception: as `predict_boxes` and `predict_masks`.
    """
    if what_was_learned(run).task == "detection":
        found = predict_boxes(run, images, threshold=sure)
        if as_json:
            print_json([predicted_values(one) for one in found])
        else:
            for one in found:
                print_boxes(one)
        return
    if as_json:
        raise click.ClickException("Masks are written as PNG files; --json is for boxes.")
    for mask in predict_masks(run, images, folder, tiles=tiles):
        print_mask(mask)
