"""Weights that others published, or that another run learned, brought into a network of ours.

Files are torchvision's own (`.pth`), safetensors, or the weights of a run. A template says in its
`about: weights:` of which of torchvision's networks it is an equal, or which of them it begins
with: then both have the same tensors in the same order, and that network itself tells the order of
the names in the file. Imports torch: for workers and scripts.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from torchvision import models

from evaluation.network import NetworkError, order_in

COUNTER = "num_batches_tracked"
"""Of batch normalization; old files lack it, and it means nothing for what a network computes."""

WRAPPERS = ("state_dict", "model", "model_state_dict")
"""Under these names, training programs keep the weights beside other things."""

PARALLEL = "module."
"""Networks that learned on several devices put this before every name."""

OLDER = re.compile(r"\.(norm|conv)\.([12])\.")
"""So torchvision named DenseNet's layers when it published their weights; now `norm1`, `conv2`."""

PREPARATION = (
    "torchvision's weights were learned from images with a mean of 0 and a spread of 1 in each "
    "colour (minus 0.485, 0.456, 0.406, divided by 0.229, 0.224, 0.225)."
)

LISTED = 6


class WeightsError(NetworkError):
    """The weights cannot be taken; says which tensors do not fit."""


class Found(NamedTuple):
    """The tensors in a file.

    Attributes:
        in_order: whether they stand in the order in which their network has them, which
            safetensors forgets unless the file tells it besides.
    """

    tensors: Mapping[str, Tensor]
    in_order: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """What was found for a network in a file.

    Attributes:
        state: by our names.
        different: the tensors of ours of which the file has one of another size, each told.
        new: the names of ours that the file has not.
        unused: the names of those in the file that have no place in the network.
        published: whether they are those of torchvision's network.
    """

    state: Mapping[str, Tensor]
    different: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    published: bool = False

    @property
    def all(self) -> bool:
        """Whether nothing starts anew."""
        return not self.different and not self.new

    def words(self) -> str:
        """What was taken, and what was not, in sentences."""
        text = f"{len(self.state)} tensors were taken from it"
        text += ", which are all of the network's." if self.all else "."
        if self.different:
            text += f" Of another size, so that it starts anew: {_listed(self.different)}."
        if self.new:
            text += f" Not in it, so that it starts anew: {_listed(_parts(self.new))}."
        if self.unused:
            text += f" In it, but not in the network: {_listed(_parts(self.unused))}."
        return f"{text} {PREPARATION}" if self.published else text


def load_published(network: nn.Module, path: Path, about: Mapping[str, Any] | None = None) -> Taken:
    """Fill a network with the weights in a file.

    Args:
        about: what the project says of itself; see `published_names`.

    Raises:
        WeightsError: the file cannot be read, or does not fit.
    """
    found = read_tensors(path)
    taken = find_weights(network, found.tensors, about, source=path.name, in_order=found.in_order)
    network.load_state_dict({**network.state_dict(), **taken.state})
    return taken


def read_tensors(path: Path) -> Found:
    """The tensors in a `.safetensors` or `.pth` file; no code in it is run.

    Raises:
        WeightsError: it cannot be read, or holds something else.
    """
    found: Any
    in_order = True
    try:
        if path.suffix == ".safetensors":
            found, in_order = _in_order(load_file(path), order_in(path))
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
    are_tensors = isinstance(found, Mapping) and all(isinstance(v, Tensor) for v in found.values())
    if not are_tensors or not found:
        raise WeightsError(f"The weights {path} are no state dict: tensors by their names.")
    tensors = {str(key): value for key, value in found.items()}
    if all(key.startswith(PARALLEL) for key in tensors):
        tensors = {key.removeprefix(PARALLEL): value for key, value in tensors.items()}
    return Found(tensors, in_order)


def find_weights(
    network: nn.Module,
    tensors: Mapping[str, Tensor],
    about: Mapping[str, Any] | None = None,
    *,
    source: str = "the file",
    in_order: bool = True,
) -> Taken:
    """What a network takes of a state dict.

    By name, where that gives at least half of the tensors in the file or of the network's own:
    those of a run, before or after the network was changed, or of an encoder. Else in order, up to
    the last part of what they are from, such as a classifier: of the network in torchvision that
    the project's `about: weights:` names, or of any other with the same layers.

    Args:
        in_order: whether the tensors stand in the order in which their network has them.

    Raises:
        WeightsError: less than that fits.
    """
    own = network.state_dict()
    by_name = [(key, key) for key in own if key in tensors]
    common = [key for key, _ in by_name if _fits(key, own[key], key, tensors[key])]
    if common and 2 * len(common) >= min(len(tensors), len(own)):
        return _taken(own, tensors, by_name, source)
    known = published_names(tensors, about, source)
    if known is None and not in_order:
        raise WeightsError(
            f"{source} does not fit: its names ({_listed(list(tensors)[:2])}) are not those of the "
            "network, and their order is not that of a network."
        )
    names = known or {key: key for key in tensors}
    renamed = {name: tensors[key] for name, key in names.items()}
    ours = [key for key in own if not key.endswith(COUNTER)]
    theirs = [key for key in names if not key.endswith(COUNTER)]
    # What differs must lie in the last part that has weights: fc, classifier, heads.
    last = theirs[-1].partition(".")[0] if theirs else ""
    for place, name in enumerate(theirs):
        key = ours[place] if place < len(ours) else ""
        if key and _fits(key, own[key], name, renamed[name]):
            continue
        if name.partition(".")[0] != last or place == 0:
            what = f"{key} ({_size(own[key])})" if key else "nothing more"
            raise WeightsError(
                f"{source} does not fit the network: where it has {name} "
                f"({_size(renamed[name])}), the network has {what}."
            )
    pairs = _counted(own, ours, theirs)
    if len(ours) != len(theirs):
        # Another network with the same beginning: what differs behind it does not correspond.
        pairs = [(key, name) for key, name in pairs if _fits(key, own[key], name, renamed[name])]
    return _taken(own, renamed, pairs, source, published=known is not None)


def published_names(
    tensors: Mapping[str, Tensor], about: Mapping[str, Any] | None, source: str
) -> dict[str, str] | None:
    """The names of torchvision's network in its order, each with the name in the file; None where
    the project names no such network, or the file has not one of its names.

    `about: weights:` has `torchvision`, the network's name there, and perhaps `ignored`, parts of
    it that ours has not.

    Raises:
        WeightsError: there is no such network, or the file is of another one of torchvision's.
    """
    told = (about or {}).get("weights")
    if not isinstance(told, Mapping) or "torchvision" not in told:
        return None
    ignored = told.get("ignored") or ()

    def counts(name: str) -> bool:
        return name.partition(".")[0] not in ignored

    wanted = list(filter(counts, _names_in_torchvision(str(told["torchvision"]))))
    known = set(wanted)
    in_file = {
        key if key in known else OLDER.sub(r".\1\2.", key): key for key in tensors if counts(key)
    }
    if not known & in_file.keys():
        return None
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
    *,
    published: bool = False,
) -> Taken:
    """The tensors by our names, of pairs of our names and theirs."""
    state: dict[str, Tensor] = {}
    different: list[str] = []
    same = {key: name for key, name in pairs if name in tensors}
    for key, name in same.items():
        if _fits(key, own[key], name, tensors[name]):
            state[key] = tensors[name].reshape(own[key].shape)
        else:
            different.append(
                f"{key} is {_size(own[key])}, but {name} in {source} is {_size(tensors[name])}"
            )
    new = tuple(key for key in own if key not in same and COUNTER not in key)
    there = set(same.values())
    unused = tuple(name for name in tensors if name not in there and COUNTER not in name)
    return Taken(state, tuple(different), new, unused, published)


def _fits(key: str, own: Tensor, name: str, other: Tensor) -> bool:
    """Whether one tensor can stand for another: the same sort (weight, bias) and size.

    The weights of a linear layer behind a flattened map are those of a convolution as large as the
    map, in the same order (Long et al., 2015).
    """
    if key.rpartition(".")[2] != name.rpartition(".")[2]:
        return False
    as_convolution = own.dim() == 4 and other.dim() == 2
    return own.shape == other.shape or (as_convolution and own.flatten(1).shape == other.shape)


def _in_order(tensors: dict[str, Tensor], names: list[str]) -> tuple[dict[str, Tensor], bool]:
    """The tensors in the order of the names, and whether these have them all."""
    # Of weights that two layers share, the file has one; the order names both.
    names = [name for name in names if name in tensors]
    if len(set(names)) < len(tensors):
        return tensors, False
    return {name: tensors[name] for name in names}, True


def _parts(names: tuple[str, ...]) -> list[str]:
    """The parts of the network that they are of."""
    return list(dict.fromkeys(name.partition(".")[0] for name in names))


def _size(tensor: Tensor) -> str:
    return "×".join(map(str, tensor.shape)) or "one number"


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(_shortened(names))


def _shortened(names: list[str] | tuple[str, ...]) -> Iterator[str]:
    yield from names[:LISTED]
    if len(names) > LISTED:
        yield f"and {len(names) - LISTED} more"
