"""The folder that people take home: the module, a usage example, a README, the project itself.

Only texts are made here; trained weights and samples are added by training/export.py. The text of
the module is exactly the one that trains.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from codegen.module import GeneratedModule, generate
from codegen.pasted import Part, import_lines, needed_parts
from codegen.python import literal
from graph.files import FileError, os_words, to_text, write_file
from graph.inference import infer_block
from graph.state import MAIN, Project

FILES = ("model.py", "example.py", "README.md", "project.yaml", "weights.pt", "samples.pt")
"""What an exported folder may hold; the last two where it was trained."""

MADE = "Made with Kumitate."
"""By this the README of an exported folder is known."""


@dataclass(frozen=True, slots=True)
class TrainedPart:
    """What an exported folder tells of its training.

    Attributes:
        task: what was learned: classification, regression, reconstruction or detection.
        output_names: the meaning of the outputs, in their order: classes, or numbers; of a
            reconstruction they are not used.
        probabilities: how the scores of classes become probabilities: softmax, sigmoid or clamp.
        preprocessing: how a sample must be prepared, in words.
        result: what was reached, in words: "98.9 % of 270 held-out samples".
        data: where the samples come from.
        decode: the function of codegen/parts that reads boxes from an output; empty without boxes.
        decode_settings: what it needs besides the output.
        further_outputs: what the outputs behind the first one are, in words; each is one number
            per sample.
    """

    output_names: Sequence[str]
    preprocessing: str
    result: str
    data: str
    task: str = "classification"
    probabilities: str = "softmax"
    decode: str = ""
    decode_settings: Mapping[str, int] = field(default_factory=dict)
    further_outputs: Sequence[str] = ()

    @property
    def written_out(self) -> tuple[Part, ...]:
        """The functions that the example needs besides torch."""
        return tuple(needed_parts([self.decode])) if self.decode else ()


def export_texts(
    project: Project,
    *,
    module: GeneratedModule | None = None,
    trained: TrainedPart | None = None,
    project_text: str | None = None,
) -> dict[str, str]:
    """The files of an exported folder, by name.

    Args:
        module: the module, where it exists already (the text that a run trained with).
        trained: what to tell where trained weights lie in the folder too, as `weights.pt` and
            `samples.pt`.
        project_text: the project's file, where it exists already.

    Raises:
        NotReadyError: where the project has errors.
    """
    module = module or generate(project)
    return {
        "model.py": module.text,
        "example.py": _example(project, module, trained),
        "README.md": _readme(project, module, trained),
        "project.yaml": to_text(project) if project_text is None else project_text,
    }


def refuse_other_files(folder: str | os.PathLike[str]) -> None:
    """Refuse a folder in which files of an export would take the place of somebody's own; those of
    an earlier export, which its README tells, may be replaced.

    Raises:
        FileError: with the names of the files.
    """
    folder = Path(folder)
    there = [name for name in FILES if (folder / name).exists()]
    try:
        told = (folder / "README.md").read_text(encoding="utf-8", errors="replace")
    except OSError:
        told = ""
    if there and MADE not in told:
        raise FileError(
            f"{folder} has {', '.join(there)} already, which no export wrote; choose another "
            "folder or use --force"
        )


def write_texts(folder: str | os.PathLike[str], texts: Mapping[str, str]) -> None:
    """Write the files into a folder, which is made if it does not exist.

    Raises:
        FileError: where that is not possible.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{folder} cannot be made: {os_words(error)}") from None
    for name, text in texts.items():
        write_file(folder / name, text)


def _packages(module: GeneratedModule, trained: TrainedPart | None) -> tuple[str, ...]:
    """What must be installed for the example."""
    others = {name for part in trained.written_out for name in part.uses} if trained else set()
    return tuple(dict.fromkeys([*module.packages, *sorted(others & {"torchvision"})]))


def _input_sizes(project: Project) -> dict[str, tuple[tuple[int, ...], str]]:
    result = infer_block(project, MAIN)
    sizes: dict[str, tuple[tuple[int, ...], str]] = {}
    for name in project.main.input_names():
        spec = result.nodes[name].outputs["out"]
        sizes[name] = (spec.sizes, spec.dtype)
    return sizes


def _made_up(sizes: tuple[int, ...], dtype: str) -> str:
    batch = ", ".join(str(int(size)) for size in (1, *sizes))
    return f"torch.rand({batch})" if dtype == "float" else f"torch.zeros({batch}, dtype=torch.long)"


def _example(project: Project, module: GeneratedModule, trained: TrainedPart | None) -> str:
    """A program that uses the network; needs only torch, and torchvision where boxes are read."""
    inputs = _input_sizes(project)
    names = list(inputs)
    packages = " and ".join(_packages(module, trained))
    written_out = trained.written_out if trained else ()
    imports = ["import torch"]
    if written_out:
        imports = import_lines({"torch", *(name for part in written_out for name in part.uses)})
        imports[-1] = "from torch import Tensor"
    lines = [
        f'"""Runs the network once. Needs only {packages}; start it in this folder."""',
        "",
        "from pathlib import Path",
        "",
        *imports,
        "",
        f"from model import {module.network}",
        "",
        "FOLDER = Path(__file__).parent",
    ]
    if trained is not None and trained.task in _NAMED:
        listed = ", ".join(literal(name) for name in trained.output_names)
        lines.append(f"{_NAMED[trained.task]} = [{listed}]")
    for part in written_out:
        lines += ["", "", *part.lines]
    if written_out:
        lines.append("")
    lines += ["", f"network = {module.network}()"]
    if trained is not None:
        taken = "output, *_" if trained.further_outputs else "output"
        used = ("inputs",) if trained.task == "reconstruction" else ("inputs", "targets")
        lines += [
            'network.load_state_dict(torch.load(FOLDER / "weights.pt", weights_only=True))',
            "network.eval()",
            "",
            "# A few samples that the network never learned from, prepared as it expects them.",
            'samples = torch.load(FOLDER / "samples.pt", weights_only=True)',
            f"{', '.join(used)} = {', '.join(f'samples[{literal(one)}]' for one in used)}",
            "with torch.no_grad():",
            f"    {taken} = network({', '.join(f'inputs[{literal(name)}]' for name in names)})",
            *_shown_outputs(trained, names),
        ]
    else:
        made_up = ", ".join(_made_up(*inputs[name]) for name in names)
        lines += [
            "network.eval()",
            "with torch.no_grad():",
            f"    result = network({made_up})",
            "outputs = result if isinstance(result, tuple) else (result,)",
            "for output in outputs:",
            "    print(tuple(output.shape))",
        ]
    return "\n".join(lines) + "\n"


_NAMED = {
    "classification": "CLASSES",
    "detection": "CLASSES",
    "segmentation": "CLASSES",
    "regression": "NUMBERS",
}
"""What the list of the outputs' names is called in the example."""

_PROBABILITIES = {"softmax": "softmax(dim=1)", "sigmoid": "sigmoid()", "clamp": "clamp(0, 1)"}


def _shown_outputs(trained: TrainedPart, inputs: Sequence[str]) -> list[str]:
    """The lines of the example that print what the network says of the samples."""
    match trained.task:
        case "regression":
            return [
                'for row, true in zip(output, targets["values"], strict=True):',
                "    for name, number, wanted in zip(NUMBERS, row, true, strict=True):",
                '        print(f"{name}: {number:.4g} was predicted, {wanted:.4g} is true")',
            ]
        case "reconstruction":
            given = f"inputs[{literal(inputs[0])}]"
            output = "output.sigmoid()" if trained.probabilities == "sigmoid" else "output"
            return [
                f"difference = ({output} - {given}).abs().flatten(1).mean(dim=1)",
                "for number, error in enumerate(difference):",
                '    print(f"sample {number} came back with a mean absolute error of {error:.4f}")',
            ]
        case "detection":
            return _shown_boxes(trained, inputs[0])
        case "segmentation":
            way = _PREDICTED_MASKS[trained.probabilities]
            return [f"predicted = {way}  # the class of every pixel, (N, H, W)", *_SHOWN_MASKS]
        case _:
            return [
                f"probabilities = output.{_PROBABILITIES[trained.probabilities]}",
                'for row, label in zip(probabilities, targets["label"], strict=True):',
                "    best = int(row.argmax())",
                '    print(f"{CLASSES[int(label)]} was read as {CLASSES[best]} ({row[best]:.1%})")',
            ]


_PREDICTED_MASKS = {"softmax": "output.argmax(dim=1)", "sigmoid": "(output[:, 0] > 0).long()"}

_SHOWN_MASKS = [
    "height, width = predicted.shape[1:]",
    "# Convolutions without padding leave a border out; what is true lies in the middle.",
    'whole = targets["mask"]',
    "top, left = (whole.shape[1] - height) // 2, (whole.shape[2] - width) // 2",
    "masks = whole[:, top : top + height, left : left + width]",
    "for number, (found, true) in enumerate(zip(predicted, masks, strict=True)):",
    "    known = true != 255",
    "    right = (found == true)[known].float().mean()",
    '    print(f"Sample {number}: {right:.1%} of the pixels are right")',
    "    for label, name in enumerate(CLASSES):",
    "        shares = [(mask == label)[known].float().mean() for mask in (found, true)]",
    '        print(f"  {name}: {shares[0]:.1%} were predicted, {shares[1]:.1%} are true")',
]
"""The lines of the example that tell of predicted masks."""


def _shown_boxes(trained: TrainedPart, given: str) -> list[str]:
    """The lines of the example that print the boxes that were found."""
    settings = "".join(f", {name}={value}" for name, value in trained.decode_settings.items())
    return [
        f"height, width = inputs[{literal(given)}].shape[-2:]",
        "pixels = torch.tensor([width, height, width, height])",
        f"found = {trained.decode}(output{settings})",
        "for number, (boxes, scores, labels) in enumerate(found):",
        '    true = [CLASSES[label] for label in targets["labels"][number].tolist() if label >= 0]',
        """    print(f"Sample {number} shows {', '.join(true) or 'nothing'}. Found:")""",
        "    for box, score, label in zip(boxes * pixels, scores, labels, strict=True):",
        "        left, top, right, bottom = (round(side) for side in box.tolist())",
        '        place = f"from ({left}, {top}) to ({right}, {bottom})"',
        '        print(f"  {CLASSES[int(label)]} ({float(score):.0%}) {place}")',
    ]


def _meaning(trained: TrainedPart) -> str:
    """What the outputs are, for the README."""
    names = ", ".join(trained.output_names)
    match trained.task:
        case "regression":
            return f"The predicted numbers: {names}."
        case "reconstruction":
            last = " Apply a sigmoid to it first." if trained.probabilities == "sigmoid" else ""
            return f"The input given back, in its size.{last}"
        case "segmentation" if trained.probabilities == "sigmoid":
            return (
                f"One number for every pixel: above 0 it is {trained.output_names[1]}, else "
                f"{trained.output_names[0]}. In the masks of `samples.pt` 255 is unknown."
            )
        case "segmentation":
            return (
                "One number per class for every pixel, the largest is the pixel's class: "
                f"{names}. In the masks of `samples.pt` 255 is unknown."
            )
        case "detection":
            return (
                f"Numbers for boxes of the classes {names}. `{trained.decode}` in `example.py` "
                "makes boxes of them, as left, top, right and bottom from 0 to 1, with scores and "
                "numbers of classes."
            )
        case _:
            return f"One number per class, the largest wins: {names}."


def _further(trained: TrainedPart) -> str:
    """What comes behind the first output, to follow what that one is."""
    if not trained.further_outputs:
        return ""
    return f" Behind it comes, for each sample one number, {', '.join(trained.further_outputs)}."


def _readme(project: Project, module: GeneratedModule, trained: TrainedPart | None) -> str:
    inputs = "\n".join(
        f"- `{name}`: {', '.join(['batch', *(str(int(n)) for n in sizes)])} ({dtype})"
        for name, (sizes, dtype) in _input_sizes(project).items()
    )
    title = " ".join(project.name.split()) or "Network"
    parts = [
        f"# {title}",
        project.notes.strip(),
        f"{MADE} `model.py` needs nothing but {' and '.join(module.packages)}; "
        "`project.yaml` opens in Kumitate.",
        f"```\npip install {' '.join(_packages(module, trained))}\npython example.py\n```",
        f"## Inputs of `{module.network}`\n\n{inputs}",
    ]
    if trained is None:
        parts.append(
            "## Weights\n\nThere are none in this folder: the network starts untrained. Export a "
            "finished run to take trained weights along."
        )
    else:
        parts += [
            f"## Preparing a sample\n\n{trained.preprocessing}",
            f"## Outputs\n\n{_meaning(trained)}{_further(trained)}",
            f"## Result\n\n{trained.result}\n\nData: {trained.data}",
            "## Files\n\n- `weights.pt`: the trained weights, a state dict "
            "(`torch.load(..., weights_only=True)`)\n- `samples.pt`: a few held-out samples "
            "(`inputs`) with what is true of them (`targets`)",
        ]
    return "\n\n".join(part for part in parts if part) + "\n"
