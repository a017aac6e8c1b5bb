"""Trains templates through the product's own command; tells the page and the templates of it.

    uv run python docs/results.py [--images FOLDER] [--keep FOLDER] [--page] [NAME ...]

Without names everything is trained, which takes some hours on two cores; with names only these,
and what the others reached before stays. Two experiments need images that are not part of
Kumitate, in `FOLDER/bccd` (Pascal VOC) and `FOLDER/membrane` (folders `image` and `label`).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from experiments import EXPERIMENTS, LARGE, Experiment

from data.catalog import read_data
from graph.files import load, save
from graph.inference import infer_block
from graph.state import MAIN
from graph.templates import FOLDER as TEMPLATES
from graph.templates import all_templates, load_template
from training.estimate import MachineSpeed, training_seconds
from training.runs import Run
from training.spec import read_training

FOLDER = Path(__file__).resolve().parent
FILE, RECORD = FOLDER / "results.md", FOLDER / "results.json"
SPEED = MachineSpeed(multiply_adds=90e9, bytes=32e9)
"""Of the machine that all of this was trained on, as `training.estimate` measures it."""


def train(experiment: Experiment, images: str, folder: Path) -> dict[str, Any]:
    """What came of it: the report on the test samples, and how long it took."""
    project = folder / "project.yaml"
    if experiment.data:
        dataset, *settings = (part.format(images=images) for part in experiment.data)
        given = [part for setting in settings for part in ("--with", setting)]
        _kumitate("adapt", experiment.template, dataset, *given, "-o", str(project))
    else:
        _kumitate("new", experiment.template, "-o", str(project))
    changes = [part for setting in experiment.settings for part in ("--set", setting)]
    if experiment.start:
        changes += ["--weights", str(_weights(folder.parent / experiment.start))]
    begun = time.monotonic()
    run = _kumitate("train", str(project), *changes).strip().splitlines()[-1]
    seconds = time.monotonic() - begun
    report = json.loads(_kumitate("evaluate", run, "--json"))
    command = " ".join(part.format(images="FOLDER") for part in _command(experiment))
    return {
        "command": command,
        "seconds": round(seconds),
        "epoch": report["epoch"],
        "samples": report["samples"],
        "result": _result(report),
        "sizes": {str(size): _at_size(Run(run), size) for size in experiment.sizes},
    }


def _weights(folder: Path) -> Path:
    """The best weights of an experiment that was kept."""
    found = [*folder.glob("project.runs/*/checkpoints/best.safetensors")]
    if not found:
        raise SystemExit(f"In {folder} are no weights: train {folder.name} before, with --keep.")
    return found[-1]


def _command(experiment: Experiment) -> list[str]:
    if not experiment.data:
        return ["kumitate", "new", experiment.template, "-o", "project.yaml"]
    dataset, *settings = experiment.data
    given = [part for setting in settings for part in ("--with", setting)]
    return ["kumitate", "adapt", experiment.template, dataset, *given, "-o", "project.yaml"]


def _kumitate(*arguments: str) -> str:
    command = [sys.executable, "-m", "kumitate", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def _result(report: dict[str, Any]) -> str:
    if report["task"] == "detection":
        found = report["detection"]
        classes = ", ".join(
            f"{score['name']} {score['average_precision_50']:.1%}" for score in found["scores"]
        )
        return (
            f"mAP@.5 {found['average_precision_50']:.1%}, "
            f"mAP@[.5:.95] {found['average_precision']:.1%} ({classes})"
        )
    if report["task"] == "segmentation":
        classes = ", ".join(
            f"{score['name']} {score['iou']:.1%}" for score in report["segmentation"]["scores"]
        )
        return f"{report['score_name']} {report['score']:.1%} (IoU: {classes})"
    if report["task"] == "classification":
        return f"{report['accuracy']:.2%} of held-out samples recognized"
    total = report["total"]
    return f"mean absolute error {total['mean_absolute_error']:.4g}, R² {total['r2']:.3f}"


def _at_size(run: Run, size: int) -> float:
    """The accuracy on test images of another size."""
    from data.catalog import read_data
    from evaluation.network import apply_network, load_network

    settings = {**load(run.project_path).project.data, "image_size": size}
    settings.pop("smallest_size", None)
    samples = read_data(settings)[0].load().test
    network = load_network(run.model_path, run.best_weights).eval()
    batch = samples.batch(torch.arange(len(samples)))
    with torch.no_grad():
        output = apply_network(network, batch.inputs)[0]
    return (output.argmax(dim=1) == batch.targets["label"]).float().mean().item()


def _row(experiment: Experiment, record: dict[str, Any], *told: str) -> str:
    one = record[experiment.name]
    minutes = f"{one['seconds'] // 60}:{one['seconds'] % 60:02d}"
    cells = (experiment.name, *told, one["result"], one["samples"], one["epoch"], minutes)
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _untrained(record: dict[str, Any]) -> list[str]:
    """The templates that no experiment has trained, and how much computing their own data is."""
    trained = {one.template for one in (*EXPERIMENTS, *LARGE) if one.name in record}
    missing = [template.id for template in all_templates() if template.id not in trained]
    if not missing:
        return []
    lines = [
        "## Not trained yet",
        "",
        "These were not trained here, for want of a graphics card: that their settings reach "
        "anything is not shown. A training with the data that they come with takes so much:",
        "",
        "| Template | Samples × epochs | 10¹⁵ multiply-adds | Two cores as here, estimated |",
        "|---|---|---|---|",
    ]
    for name in missing:
        project = load_template(name)
        network = infer_block(project, MAIN)
        description = read_data(project.data)[0].describe()
        spec = read_training(project.training)[0]
        seconds = training_seconds(network, description, spec, SPEED)
        computed = 3 * int(network.multiply_adds) * description.samples * spec.epochs
        lines.append(
            f"| {name} | {description.samples:,} × {spec.epochs} | {computed / 1e15:.2f} | "
            f"{seconds / 3600:.1f} h |"
        )
    return lines


def page(record: dict[str, Any]) -> str:
    """The page from what was recorded."""
    lines = [
        "# What the templates reach",
        "",
        "Made by `uv run python docs/results.py`, which trains through the command as anybody "
        "would, on two cores and no graphics card; do not edit it by hand. Each is one training "
        "with the template's own settings and seed, judged on samples that it never saw; another "
        "seed gives a little more or less. Times are those of a machine that was busy with other "
        "work too; what was computed with bfloat16 had one core at most.",
        "",
        "| Experiment | Result on held-out samples | Samples | Best epoch | Time |",
        "|---|---|---|---|---|",
    ]
    lines += [_row(one, record) for one in EXPERIMENTS if one.name in record]
    lines += [
        "",
        "## The large templates, with little data",
        "",
        "At their full width and with their own optimiser, learning rate and schedule, but few "
        "classes and few small pictures, as somebody with a laptop would try them (in the window: "
        "Try with less data). Chance would recognize 10 % of ten classes. FCN starts from "
        "what VGG-16 learned and the finer ones from the coarser one, as its authors trained it.",
        "",
        "| Template | Data | Result on held-out samples | Samples | Best epoch | Time |",
        "|---|---|---|---|---|---|",
    ]
    for experiment in LARGE:
        if experiment.name in record:
            data = " ".join((*experiment.data, *experiment.settings))
            if experiment.start:
                data += f", from the weights of {experiment.start}"
            lines.append(_row(experiment, record, data))
    lines += ["", *_untrained(record)]
    for experiment in EXPERIMENTS:
        sizes = record.get(experiment.name, {}).get("sizes")
        if sizes:
            lines += ["", f"## {experiment.name} at several image sizes", ""]
            lines += ["| Pixels | " + " | ".join(sizes) + " |", "|---" * (len(sizes) + 1) + "|"]
            shares = " | ".join(f"{share:.1%}" for share in sizes.values())
            lines.append(f"| Recognized | {shares} |")
    lines += ["", "## How to repeat them", ""]
    for experiment in (*EXPERIMENTS, *LARGE):
        if experiment.name in record:
            changes = "".join(f' --set "{setting}"' for setting in experiment.settings)
            if experiment.start:
                changes += f" --weights RUN-OF-{experiment.start}/checkpoints/best.safetensors"
            lines += [
                f"{experiment.name}:",
                "```",
                record[experiment.name]["command"],
                f"kumitate train project.yaml{changes}",
                "```",
            ]
    return "\n".join(lines) + "\n"


def tell(record: dict[str, Any]) -> None:
    """Write what was recorded into the page and the templates."""
    FILE.write_text(page(record), encoding="utf-8")
    tell_templates(record)


def tell_templates(record: dict[str, Any]) -> None:
    """Write into each template what it reached first of all that is recorded of it."""
    told: set[str] = set()
    for experiment in (*EXPERIMENTS, *LARGE):
        changed = [one for one in experiment.settings if not one.startswith("training.")]
        if experiment.name not in record or experiment.template in told or changed:
            continue
        told.add(experiment.template)
        one = record[experiment.name]
        reached: dict[str, Any] = {
            "result": one["result"],
            "minutes": max(1, round(one["seconds"] / 60)),
        }
        if experiment.start:
            reached["weights"] = experiment.start
        if experiment.needs_images:
            reached["from"] = " ".join(experiment.data).format(images="FOLDER")
        elif experiment.data:
            dataset, *settings = experiment.data
            reached["data"] = {"dataset": dataset, **_values(settings)}
            if experiment.settings:
                reached["training"] = _values(
                    one.removeprefix("training.") for one in experiment.settings
                )
        project = load_template(experiment.template)
        if project.about.get("reached") != reached:
            about = {**project.about, "reached": reached}
            save(replace(project, about=about), TEMPLATES / f"{experiment.template}.yaml")


def _values(settings: Iterable[str]) -> dict[str, Any]:
    """What `name=value` sets."""
    return {
        name: yaml.safe_load(value) for name, _, value in (one.partition("=") for one in settings)
    }


def main() -> None:
    """Train what was asked for, and tell what came of it after each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", default="", help="where bccd and membrane lie")
    parser.add_argument("--keep", type=Path, help="where the projects and runs are to stay")
    parser.add_argument("--page", action="store_true", help="train nothing, write the page anew")
    parser.add_argument("names", nargs="*")
    wanted = parser.parse_args()
    record = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    if wanted.page:
        tell(record)
        return
    for experiment in (*EXPERIMENTS, *LARGE):
        load_template(experiment.template)
        if wanted.names and experiment.name not in wanted.names:
            continue
        if experiment.needs_images and not wanted.images:
            print(f"{experiment.name}: left out, since --images was not given")
            continue
        with tempfile.TemporaryDirectory() as temporary:
            folder = wanted.keep / experiment.name if wanted.keep else Path(temporary)
            folder.mkdir(parents=True, exist_ok=True)
            found = train(experiment, wanted.images, folder)
        print(f"{experiment.name}: {found['result']} in {found['seconds']} s", flush=True)
        record[experiment.name] = found
        RECORD.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        tell(record)


if __name__ == "__main__":
    main()
