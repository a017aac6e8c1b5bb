"""Results as text in a terminal, and as JSON for scripts."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import Any

import click

from evaluation.detections import THRESHOLD, Detection, count_errors
from evaluation.report import Report
from evaluation.segmentations import Segmentation
from graph.cost import CostCounter, memory_text
from graph.field import NOTHING, Sees
from graph.inference import infer_block
from graph.legal_sizes import legal_sizes
from graph.problem import Problem
from graph.state import MAIN, Project
from training.prediction import PredictedBoxes, PredictedMask
from training.spec import read_training

WORST = 5
"""So many of the worst samples are listed, and of the pairs of classes that are confused most."""
WIDEST = 25
"""With more classes a confusion matrix is not printed: no terminal is wide enough."""


def print_json(values: object) -> None:
    """Values for scripts."""
    click.echo(json.dumps(values, indent=2, ensure_ascii=False))


def problem_values(problem: Problem) -> dict[str, Any]:
    """A problem as plain data."""
    return {
        "severity": problem.severity,
        "code": problem.code,
        "place": problem.place,
        "block": problem.block,
        "node": problem.node,
        "port": problem.port,
        "parameter": problem.parameter,
        "title": problem.title,
        "text": problem.text,
        "fixes": [fix.label for fix in problem.fixes],
    }


def print_problems(problems: list[Problem]) -> None:
    """Problems with their fixes, or that there are none."""
    for problem in problems:
        colour = "red" if problem.severity == "error" else "yellow"
        click.secho(problem.severity, fg=colour, nl=False)
        click.echo(f"  {problem.place}: {problem.title}")
        click.echo(click.wrap_text(problem.text, 90, "    ", "    "))
        for fix in problem.fixes:
            click.echo(f"    Possible: {fix.label}")
    if not problems:
        click.echo("No problems. Everything fits together.")


def print_legal_sizes(project: Project) -> None:
    """Which sizes of its input the network takes, where the present one is not legal."""
    legal = legal_sizes(project)
    if legal is None or legal.legal or not legal.axes:
        return
    click.echo(f"Which sizes of {legal.input} are legal?")
    for line in legal.words():
        click.echo(click.wrap_text(line, 90, "    ", "    "))


def summary_values(project: Project) -> dict[str, Any]:
    """Every node of the main block, and the totals, as plain data."""
    result = infer_block(project, MAIN)
    cost = CostCounter().count(project, result)
    spec, _ = read_training(project.training)
    memory = cost.training_memory(spec.batch_size, spec.optimizer.states())
    nodes = []
    for name in result.order:
        node, found = project.main.nodes[name], result.nodes[name]
        sizes = [list(spec.sizes) for spec in found.outputs.values()]
        if node.type == "Output" and not node.is_block:
            sizes = [list(spec.sizes) for spec in found.inputs.values() if spec is not None]
        nodes.append(
            {
                "node": name,
                "layer": node.type,
                "output": sizes,
                "parameters": int(found.parameters),
                "multiply_adds": int(found.multiply_adds),
                "output_bytes": cost.nodes[name].output_bytes,
                "kept_bytes": cost.nodes[name].kept_bytes,
                "receptive_field": _field_values(cost.nodes[name].sees) if found.reached else None,
            }
        )
    return {
        "name": project.name,
        "complete": all(result.nodes[node.name].reached for node in project.main.network_nodes()),
        "nodes": nodes,
        "parameters": int(result.parameters),
        "frozen_parameters": int(result.frozen_parameters),
        "multiply_adds": int(result.multiply_adds),
        "output_bytes": cost.output_bytes,
        "kept_bytes": cost.kept_bytes,
        "training_memory": {
            "batch_size": spec.batch_size,
            "optimizer": spec.optimizer.NAME,
            "weights": memory.weights,
            "gradients": memory.gradients,
            "optimizer_states": memory.optimizer,
            "activations": memory.activations,
            "total": memory.total,
        },
    }


def _field_values(sees: Sees) -> list[int] | str:
    """How much of the input is seen: places along each axis, `everything` or `nothing`."""
    if sees is None:
        return "everything"
    return "nothing" if sees is NOTHING else list(sees.places)


def print_summary(project: Project) -> None:
    """The nodes as a table, with totals."""
    values = summary_values(project)
    rows = [("node", "layer", "output size", "parameters", "multiply-adds")]
    for node in values["nodes"]:
        sizes = ", ".join("×".join(str(size) for size in sizes) for sizes in node["output"])
        counts = (f"{node['parameters']:,}", f"{node['multiply_adds']:,}")
        rows.append((node["node"], node["layer"], sizes or "unknown", *counts))
    totals = (f"{values['parameters']:,}", f"{values['multiply_adds']:,}")
    rows.append(("total", "", "", *totals))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    for number, row in enumerate(rows):
        left = "  ".join(row[column].ljust(widths[column]) for column in range(3))
        right = "  ".join(row[column].rjust(widths[column]) for column in (3, 4))
        if number in (1, len(rows) - 1):
            click.echo("─" * (sum(widths) + 8))
        click.echo(f"{left}  {right}")
    _print_memory(values)


def _print_memory(values: dict[str, Any]) -> None:
    memory = values["training_memory"]
    parts = ", ".join(
        f"{words} {memory_text(memory[key])}"
        for key, words in (
            ("weights", "weights"),
            ("gradients", "gradients"),
            ("optimizer_states", "optimiser"),
            ("activations", "values kept for the backward pass"),
        )
    )
    if not values["complete"]:
        click.echo("\nThere are problems, so not all of it could be counted; see kumitate check.")
        return
    click.echo(
        f"\nMemory to train with batches of {memory['batch_size']} and {memory['optimizer']}: "
        f"about {memory_text(memory['total'])} ({parts})"
    )
    if values["frozen_parameters"]:
        click.echo(f"{values['frozen_parameters']:,} of the weights are frozen.")


def report_values(report: Report) -> dict[str, Any]:
    """A report as plain data; a number that is not defined is null."""

    def clean(value: Any) -> Any:
        if isinstance(value, float) and not math.isfinite(value):
            return None
        if isinstance(value, dict):
            return {key: clean(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [clean(inner) for inner in value]
        return value

    values: dict[str, Any] = clean(dataclasses.asdict(report))
    return values


def print_report(report: Report) -> None:
    """What a report says of its task, as text."""
    if report.task == "classification":
        _print_classes(report)
    elif report.detection is not None:
        _print_boxes(report, report.detection)
    elif report.segmentation is not None:
        _print_masks(report, report.segmentation)
    else:
        _print_numbers(report)


def _loss(report: Report) -> str:
    """The loss, and of which weights all that a report says is."""
    weights = f", weights of epoch {report.epoch}" if report.epoch else ""
    return f"loss {report.loss:.4g}{weights}"


def _percent(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.1%}"


def _print_masks(report: Report, found: Segmentation) -> None:
    """The overlap of all classes and of each, and the worst samples."""
    click.secho(_percent(report.score), bold=True, nl=False)
    click.echo(
        f" is the {report.score_name} on {report.samples} {report.split} samples "
        f"({_percent(report.accuracy)} of the pixels are right, {_loss(report)})"
    )
    width = max([5, *(len(score.name) for score in found.scores)])
    click.echo(f"\n{'class':<{width}}     IoU    Dice       pixels    predicted")
    for score in found.scores:
        click.echo(
            f"{score.name:<{width}}  {_percent(score.iou):>6}  {_percent(score.dice):>6}  "
            f"{score.pixels:>11,}  {score.predicted:>11,}"
        )
    if found.outcomes:
        click.echo("\nWorst samples")
    for outcome in found.outcomes[:WORST]:
        click.echo(f"  sample {outcome.index}: mean IoU {_percent(outcome.iou)}  {outcome.picture}")


def print_mask(predicted: PredictedMask) -> None:
    """Where a mask was written, and what shares of it the classes have."""
    shares = ", ".join(
        f"{name} {_percent(share)}" for name, share in predicted.shares.items() if share
    )
    click.echo(f"{predicted.path}      {shares}")


def predicted_values(predicted: PredictedBoxes) -> dict[str, Any]:
    """What was found on an image as plain data, boxes in its pixels."""
    width, height = predicted.size
    return {
        "image": str(predicted.image),
        "width": width,
        "height": height,
        "boxes": [
            {
                "class": predicted.class_names[box.label],
                "score": box.score,
                "left": round(box.left * width, 1),
                "top": round(box.top * height, 1),
                "right": round(box.right * width, 1),
                "bottom": round(box.bottom * height, 1),
            }
            for box in predicted.boxes
        ],
    }


def print_boxes(predicted: PredictedBoxes) -> None:
    """What was found on an image, a line for each box."""
    values = predicted_values(predicted)
    found = len(values["boxes"])
    click.echo(f"{predicted.image}: {found} {'box' if found == 1 else 'boxes'}")
    for box in values["boxes"]:
        click.echo(
            f"  {box['class']} {_percent(box['score'])} from ({box['left']:.0f}, {box['top']:.0f}) "
            f"to ({box['right']:.0f}, {box['bottom']:.0f})"
        )


def _print_boxes(report: Report, detection: Detection) -> None:
    """The mean average precision, that of each class, and the kinds of errors."""
    click.secho(_percent(detection.average_precision_50), bold=True, nl=False)
    click.echo(
        f" is the mean average precision (mAP@.5) on {report.samples} {report.split} samples "
        f"(mAP@[.5:.95] {_percent(detection.average_precision)}, {_loss(report)})"
    )
    width = max([5, *(len(score.name) for score in detection.scores)])
    click.echo(f"\n{'class':<{width}}  AP@.5  AP@[.5:.95]  recall  objects")
    for score in detection.scores:
        click.echo(
            f"{score.name:<{width}}  {_percent(score.average_precision_50):>5}  "
            f"{_percent(score.average_precision):>11}  {_percent(score.recall):>6}  "
            f"{score.objects:>7}"
        )
    errors = detection.errors_at(THRESHOLD)
    click.echo(
        f"\nOf boxes surer than {errors.threshold:.0%}: {errors.correct} correct, "
        f"{errors.wrong_place} at the wrong place, {errors.wrong_class} of the wrong class, "
        f"{errors.background} on nothing; {errors.missed} objects were missed"
    )
    if detection.pictures:
        click.echo("\nPictures with the most errors")
    for one in detection.pictures[:WORST]:
        wrong = count_errors([(one.true, one.found)], THRESHOLD).wrong
        click.echo(f"  sample {one.index}: {wrong} errors, {len(one.true)} objects  {one.picture}")


def _print_numbers(report: Report) -> None:
    """The errors of all numbers and of each, and the worst samples."""
    total = report.total
    if total is None:
        click.echo(f"There are no {report.split} samples to judge.")
        return
    click.secho(f"{total.mean_absolute_error:.4g}", bold=True, nl=False)
    click.echo(
        f" is the mean absolute error on {report.samples} {report.split} samples ({_loss(report)})"
    )
    rows = [score for score in report.scores if len(report.scores) > 1] + [
        dataclasses.replace(total, name="all numbers")
    ]
    width = max(len(score.name) for score in rows)
    click.echo(f"\n{'':<{width}}  mean absolute  root mean squared      R²")
    for score in rows:
        r2 = "–" if math.isnan(score.r2) else f"{score.r2:.3f}"
        click.echo(
            f"{score.name:<{width}}  {score.mean_absolute_error:>13.4g}  "
            f"{score.root_mean_squared_error:>17.4g}  {r2:>6}"
        )
    click.echo("\nWorst samples")
    for outcome in report.outcomes[:WORST]:
        values = ", ".join(
            f"{true:.4g} was predicted as {predicted:.4g}"
            for true, predicted in zip(outcome.true, outcome.predicted, strict=True)
        )
        pictures = f"{outcome.picture} came back as {outcome.answer}" if outcome.answer else ""
        told = values or pictures
        click.echo(f"  sample {outcome.index}: error {outcome.error:.4g}" + f"   {told}".rstrip())


def _print_classes(report: Report) -> None:
    """Accuracy, per-class scores and confusion matrix, or the worst of it."""

    click.secho(f"{report.accuracy:.2%}", bold=True, nl=False)
    click.echo(f" of {report.samples} {report.split} samples are right ({_loss(report)})")
    width = max([5, *(len(score.name) for score in report.classes)])
    click.echo(f"\n{'class':<{width}}  precision  recall     F1  samples")

    for score in report.classes:
        click.echo(
            f"{score.name:<{width}}  {_percent(score.precision):>9}  {_percent(score.recall):>6}  "
            f"{_percent(score.f1):>6}  {score.support:>7}"
        )
    if len(report.classes) > WIDEST:
        _print_mixed_up(report)
        return
    click.echo(f"\nConfusion (row: true, column: predicted), {report.mistakes_total} mistakes")
    cells = [len(str(n)) for row in report.confusion for n in row]
    column = max([*cells, *(len(score.name) for score in report.classes)]) + 1
    names = "".join(score.name.rjust(column) for score in report.classes)
    click.echo(" " * width + names)
    for score, row in zip(report.classes, report.confusion, strict=True):
        counts = "".join((str(n) if n else "·").rjust(column) for n in row)
        click.echo(f"{score.name:<{width}}{counts}")


def _print_mixed_up(report: Report) -> None:
    """The pairs of classes that are confused most often, where a matrix would be too wide."""
    names = [score.name for score in report.classes]
    pairs = [
        (count, true, predicted)
        for true, row in enumerate(report.confusion)
        for predicted, count in enumerate(row)
        if count and true != predicted
    ]
    pairs.sort(key=lambda pair: (-pair[0], pair[1:]))
    click.echo(f"\n{report.mistakes_total} mistakes; what is confused most often:")
    for count, true, predicted in pairs[:WORST]:
        click.echo(f"  {count} × {names[true]} taken for {names[predicted]}")
