"""Saving what was learned so that nothing is lost, whenever the power fails.

Imports torch: for workers only. Weights are safetensors, which cannot run code; optimiser, random
state and position lie beside them and are read with torch's restricted reader.
"""

from __future__ import annotations

import dataclasses
import math
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import save_model
from torch import nn, optim

from evaluation.network import fill_weights, order_of
from evaluation.weights_file import told_beside
from graph.storage import replace, replacing, sync_folder
from training.runs import Run


class CheckpointError(Exception):
    """What was saved cannot be read; the text says what, where and what to do."""


@dataclass(slots=True)
class Progress:
    """How far training is: all of it that is neither weights nor optimiser nor random state.

    Attributes:
        epoch: the one at work, from 1; one more than there are when all are done.
        batch: batches done in it.
        elapsed: seconds of training so far, without pauses.
        epoch_seconds: likewise, of the epoch at work.
        loss_sum: over the samples of the epoch at work, as `correct` and `seen`.
        counted: of how many of them it was looked whether they are right; 0 where right and wrong
            mean nothing.
        best_epoch: 0 before the first is done.
    """

    epoch: int = 1
    batch: int = 0
    elapsed: float = 0.0
    epoch_seconds: float = 0.0
    loss_sum: float = 0.0
    correct: float = 0.0
    seen: int = 0
    best_epoch: int = 0
    best_accuracy: float = float("nan")
    best_loss: float = float("inf")
    counted: int = 0
    best_score: float = float("nan")

    @property
    def accuracy(self) -> float:
        """Of the epoch at work, 0 to 1; NaN where right and wrong mean nothing."""
        return self.correct / self.counted if self.counted else math.nan


class Checkpoints:
    """The saved weights of a run: `best` to use, `last` to go on from."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._state_path = run.checkpoints / "last.state"
        self._coming_weights = run.last_weights.with_suffix(".safetensors.new")

    def exists(self) -> bool:
        """Whether there is something to go on from, if only damaged."""
        return self._state_path.exists() or self._run.last_weights.exists()

    def save_best(self, network: nn.Module, progress: Progress) -> None:
        """Keep the weights of the best epoch.

        Raises:
            OSError: the disk is full, or the folder cannot be written.
        """
        with replacing(self._run.best_weights) as temporary:
            _save_weights(network, temporary, {"epoch": str(progress.epoch)})

    def save_last(self, network: nn.Module, optimizer: optim.Optimizer, progress: Progress) -> None:
        """Keep everything that going on needs.

        Weights and state are two files and must be of one moment. The new weights wait beside the
        old ones until the new state, which names them, has taken its place; so whichever step
        fails, `load_last` finds a pair.

        Raises:
            OSError: the disk is full, or the folder cannot be written.
        """
        identity = uuid.uuid4().hex
        with replacing(self._coming_weights) as temporary:
            _save_weights(network, temporary, {"identity": identity, "epoch": str(progress.epoch)})
        state = {
            "identity": identity,
            "progress": dataclasses.asdict(progress),
            "optimizer": optimizer.state_dict(),
            "random": _random_state(),
        }
        with replacing(self._state_path) as temporary:
            try:
                torch.save(state, temporary)
            except RuntimeError as error:  # torch's own writer says so of a full disk
                raise OSError(f"{self._state_path} cannot be written: {error}") from error
        replace(self._coming_weights, self._run.last_weights)
        sync_folder(self._run.checkpoints)

    def load_last(self, network: nn.Module, optimizer: optim.Optimizer) -> Progress:
        """Fill everything with what `save_last` kept, and give the place to go on from.

        Raises:
            CheckpointError: it is damaged, or a part of it is missing.
            NetworkError: the weights do not fit.
        """
        if not self._state_path.exists():
            raise self._damaged(f"{self._state_path.name} is missing")
        try:
            state: dict[str, Any] = torch.load(
                self._state_path, map_location="cpu", weights_only=True
            )
            progress = Progress(**state["progress"])
            identity = state["identity"]
        except OSError as error:
            raise self._damaged(f"{self._state_path.name}: {error.strerror or error}") from error
        except Exception as error:  # what torch's reader says of nonsense is endless in kinds
            raise self._damaged(f"{self._state_path.name} is not legible") from error
        if told_beside(self._run.last_weights).get("identity") != identity:
            if told_beside(self._coming_weights).get("identity") != identity:
                raise self._damaged(self._mismatch())
            replace(self._coming_weights, self._run.last_weights)
        fill_weights(network, self._run.last_weights)
        try:
            optimizer.load_state_dict(state["optimizer"])
            _restore_random_state(state["random"])
        except Exception as error:  # likewise of what is legible and makes no sense
            raise self._damaged(f"{self._state_path.name} does not fit the network") from error
        return progress

    def _mismatch(self) -> str:
        """Why no weights belong to the state."""
        name = self._run.last_weights.name
        if not self._run.last_weights.exists():
            return f"{name} is missing"
        if not told_beside(self._run.last_weights):
            return f"{name} is not legible"
        return "weights and state are not of one moment"

    def _damaged(self, reason: object) -> CheckpointError:
        return CheckpointError(
            f"What was saved of this run in {self._run.checkpoints} is damaged ({reason}). Make a "
            f"new run; the best weights so far may still be in {self._run.best_weights.name}."
        )


def _save_weights(network: nn.Module, path: Path, metadata: dict[str, str]) -> None:
    try:
        save_model(network, str(path), {**metadata, **order_of(network)})
    except SafetensorError as error:
        raise OSError(f"{path} cannot be written: {error}") from error


def _random_state() -> dict[str, Any]:
    state: dict[str, Any] = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        state["cuda"] = torch.cuda.get_rng_state_all()
    if torch.backends.mps.is_available():
        state["mps"] = torch.mps.get_rng_state()
    return state


def _restore_random_state(state: dict[str, Any]) -> None:
    torch.set_rng_state(state["cpu"])
    # On another computer there may be other devices; their chance then starts from the seed.
    if "cuda" in state and len(state["cuda"]) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all(state["cuda"])
    if "mps" in state and torch.backends.mps.is_available():
        torch.mps.set_rng_state(state["mps"])
