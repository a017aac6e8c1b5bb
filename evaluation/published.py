"""Weights that others published, brought into a network of ours.

Files are torchvision's own (`.pth`), safetensors, or the weights of a run. A template says in its
`about: weights:` of which of torchvision's networks it is an equal: then both have the same tensors
in the same order, and that network itself tells the order of the names in the file. Imports torch:
for workers and scripts.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from torchvision import models

from evaluation.network import NetworkError

COUNTER = "num_batches_tracked"
"""Of batch normalization; old files lack it, and it means nothing for what a network computes."""

WRAPPERS = ("state_dict", "model", "model_state_dict")
"""Under these names, training programs keep the weights beside other things."""

OLDER = re.compile(r"\.(norm|conv)\.([12])\.")
"""So torchvision named DenseNet's layers when it published their weights; now `norm1`, `conv2`."""

PREPARATION = (
    "torchvision's weights were learned from images with a mean of 0 and a spread of 1 in each "
    "colour (minus 0.485, 0.456, 0.406, divided by 0.229, 0.224, 0.225)."
)

LISTED = 6


class WeightsError(NetworkError):
    """The weights cannot be taken; says which tensors do not fit."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was found for a network in a file.

    Attributes:
        state: by our names.
        left: the tensors of ours that keep their own values, each with the reason.
        published: whether they are those of torchvision's network.
    """

    state: Mapping[str, Tensor]
    left: tuple[str, ...] = ()
    published: bool = False

    def words(self) -> str:
        """What was taken, and what was not, in sentences."""
        text = f"{len(self.state)} tensors were taken from it"
        if self.left:
            text += f". These were not, and start as they are: {_listed(self.left)}."
        else:
            text += ", which are all."
        return f"{text} {PREPARATION}" if self.published else text


def load_published(network: nn.Module, path: Path, about: Mapping[str, Any] | None = None) -> Taken:
    """Fill a network with the weights in a file.

    Args:
        about: what the project says of itself; see `published_names`.

    Raises:
        WeightsError: the file cannot be read, or does not fit.
    """
    taken = find_weights(network, read_tensors(path), about, source=path.name)
    network.load_state_dict({**network.state_dict(), **taken.state})
    return taken


def read_tensors(path: Path) -> dict[str, Tensor]:
    """The tensors in a `.safetensors` or `.pth` file; no code in it is run.

    Raises:
        WeightsError: it cannot be read, or holds something else.
    """
    found: Any
    try:
        if path.suffix == ".safetensors":
            found = load_file(path)
        else:
            found = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, SafetensorError, RuntimeError, EOFError) as error:
        raise WeightsError(f"The weights {path} cannot be read: {error}") from error
    except Exception as error:
        # Besides UnpicklingError, reading any other bytes as a pickle raises whatever it comes to.
        raise WeightsError(
            f"The weights {path} hold more than tensors, which could run code, or are damaged. "
            "Save only the state dict: torch.save(network.state_dict(), file)."
        ) from error
    for name in WRAPPERS:
        if isinstance(found, Mapping) and isinstance(found.get(name), Mapping):
            found = found[name]
    if not isinstance(found, Mapping) or not all(isinstance(v, Tensor) for v in found.values()):
        raise WeightsError(f"The weights {path} are no state dict: tensors by their names.")
    # Networks that learned on several devices put this before every name.
    return {str(key).removeprefix("module."): value for key, value in found.items()}


def find_weights(
    network: nn.Module,
    tensors: Mapping[str, Tensor],
    about: Mapping[str, Any] | None = None,
    *,
    source: str = "the file",
) -> Taken:
    """What a network takes of a state dict: all, or all but what comes last, such as a classifier
    for other classes.

    Names that are ours are taken as they are; else they are those of the network in torchvision
    that the project's `about: weights:` names.

    Raises:
        WeightsError: something else does not fit.
    """
    own = network.state_dict()
    if all(key in tensors or key.endswith(COUNTER) for key in own):
        pairs = [(key, key) for key in own]
        foreign = [key for key in tensors if key not in own]
        if foreign:
            raise WeightsError(f"{source} has tensors that the network has not: {_listed(foreign)}")
        return _taken(own, tensors, pairs, source)
    names = published_names(tensors, about, source)
    ours = [key for key in own if not key.endswith(COUNTER)]
    theirs = [key for key in names if not key.endswith(COUNTER)]
    renamed = {name: tensors[key] for name, key in names.items()}
    # What differs must lie in the last part that has weights: fc, classifier, heads.
    last = theirs[-1].partition(".")[0]
    for place, name in enumerate(theirs):
        key = ours[place] if place < len(ours) else ""
        if key and _alike(key, own[key], name, renamed[name]):
            continue
        if name.partition(".")[0] != last:
            what = f"{key} ({_size(own[key])})" if key else "nothing more"
            raise WeightsError(
                f"{source} does not fit the network: where it has {name} "
                f"({_size(renamed[name])}), the network has {what}."
            )
    return _taken(own, renamed, _counted(own, ours, theirs), source, last)


def published_names(
    tensors: Mapping[str, Tensor], about: Mapping[str, Any] | None, source: str
) -> dict[str, str]:
    """The names of torchvision's network in its order, each with the name in the file.

    `about: weights:` has `torchvision`, the network's name there, and perhaps `ignored`, parts of
    it that ours has not.

    Raises:
        WeightsError: the project names no such network, or the file is not of that one.
    """
    told = (about or {}).get("weights")
    if not isinstance(told, Mapping) or "torchvision" not in told:
        raise WeightsError(
            f"{source} does not fit: its names ({_listed(list(tensors)[:2])}) are not those of the "
            "network, and the project does not say which published network it is (about: weights:)."
        )
    ignored = told.get("ignored") or ()

    def counts(name: str) -> bool:
        return name.partition(".")[0] not in ignored

    wanted = list(filter(counts, _names_in_torchvision(str(told["torchvision"]))))
    known = set(wanted)
    in_file = {
        key if key in known else OLDER.sub(r".\1\2.", key): key for key in tensors if counts(key)
    }
    missing = [one for one in wanted if one not in in_file and not one.endswith(COUNTER)]
    foreign = sorted(in_file.keys() - known)
    for names, words in ((missing, "lacks"), (foreign, "has besides")):
        if names:
            raise WeightsError(
                f"{source} is not of torchvision's {told['torchvision']}: it {words} "
                f"{_listed(names)}."
            )
    return {name: in_file[name] for name in wanted if name in in_file}


# --- inside ------------------------------------------------------------------------------------


def _names_in_torchvision(network: str) -> list[str]:
    """The names of all tensors of one of torchvision's networks, in its order."""
    if network not in models.list_models():
        raise WeightsError(f'The project is said to be torchvision\'s "{network}", which is none.')
    # Made without memory. GoogLeNet warns that it will start otherwise some day.
    with torch.device("meta"), warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return list(models.get_model(network, weights=None).state_dict())


def _counted(
    own: Mapping[str, Tensor], ours: list[str], theirs: list[str]
) -> list[tuple[str, str]]:
    """Our names with theirs; counters go with the normalization that they belong to."""
    pairs = list(zip(ours, theirs, strict=False))
    stems = {
        key.rpartition(".")[0]: name.rpartition(".")[0]
        for key, name in pairs
        if key.endswith("running_mean")
    }
    pairs += [
        (f"{stem}.{COUNTER}", f"{theirs}.{COUNTER}")
        for stem, theirs in stems.items()
        if f"{stem}.{COUNTER}" in own
    ]
    return pairs


def _taken(
    own: Mapping[str, Tensor],
    tensors: Mapping[str, Tensor],
    pairs: list[tuple[str, str]],
    source: str,
    last: str | None = None,
) -> Taken:
    """The tensors by our names.

    Args:
        last: the part of the file in which sizes may differ; None where none may.
    """
    state: dict[str, Tensor] = {}
    left: list[str] = []
    for key, name in pairs:
        if name not in tensors:
            continue
        if _alike(key, own[key], name, tensors[name]):
            state[key] = tensors[name]
            continue
        text = f"{key} is {_size(own[key])}, but {name} in {source} is {_size(tensors[name])}"
        if last is None:
            raise WeightsError(f"The weights do not fit: {text}.")
        left.append(text)
    known = {key for key, _ in pairs}
    left += [f"{key}, which the file has not" for key in own if key not in known]
    left = [one for one in left if COUNTER not in one]
    return Taken(state, tuple(left), published=last is not None)


def _alike(key: str, own: Tensor, name: str, other: Tensor) -> bool:
    """Whether one tensor can stand for another: the same sort (weight, bias) and size."""
    same_sort = key.rpartition(".")[2] == name.rpartition(".")[2]
    return same_sort and own.shape == other.shape


def _size(tensor: Tensor) -> str:
    return "×".join(map(str, tensor.shape)) or "one number"


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(_shortened(names))


def _shortened(names: list[str] | tuple[str, ...]) -> Iterator[str]:
    yield from names[:LISTED]
    if len(names) > LISTED:
        yield f"and {len(names) - LISTED} more"
