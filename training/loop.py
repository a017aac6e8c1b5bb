"""The loop: batch by batch, epoch by epoch. Imports torch: for workers only.

It knows how to learn, to report and to be interrupted. What it needs is made ready in
`session.py`; devices and precision are Fabric's business.

Everything random comes from the run's seed and the place in training, or from torch's generator,
whose state is saved; so a resumed run computes what an uninterrupted one would have.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn, optim

from data.dataset import Batch, DataDescription, Splits
from evaluation.network import apply_network
from training.checkpoint import Checkpoints, Progress
from training.control import Control
from training.failures import DivergedError
from training.groups import factor_of
from training.messages import BatchDone, Continued, EpochDone, Message, Paused, Stopped
from training.spec import TrainingSpec

SAVE_SECONDS = 60.0
"""How much training a crash may cost at most."""

SHORTEST_SAVE_SECONDS = 1.0
"""Epochs shorter than this are not all saved; what a crash takes is done again exactly."""

REPORTS_PER_EPOCH = 500
REPORT_SECONDS = 0.5
"""Of longer epochs not every batch is reported, but some within this time."""


@dataclass(frozen=True, slots=True)
class Learner:
    """What learns: the network, its optimiser, and both as Fabric wraps them."""

    fabric: Fabric
    network: nn.Module
    optimizer: optim.Optimizer

    def prepared(self) -> tuple[nn.Module, optim.Optimizer]:
        """The two, on their device."""
        network, optimizer = self.fabric.setup(self.network, self.optimizer)
        return network, optimizer


@dataclass(slots=True)
class _Waiting:
    """Losses that are computed but not looked at: looking makes an accelerator wait."""

    batches: list[int]
    sizes: list[int]
    losses: list[Tensor]
    corrects: list[Tensor]


@dataclass(frozen=True, slots=True)
class _Validated:
    """Means over the validation samples; NaN where there is none."""

    loss: float = math.nan
    accuracy: float = math.nan
    score: float = math.nan
    score_name: str = ""


class Loop:
    """One session of training, from a place to the end or to a request to stop."""

    def __init__(
        self,
        learner: Learner,
        splits: Splits,
        description: DataDescription,
        spec: TrainingSpec,
        *,
        progress: Progress,
        checkpoints: Checkpoints,
        control: Control,
        say: Callable[[Message], None],
    ) -> None:
        self._raw = learner
        self._fabric = learner.fabric
        self._network, self._optimizer = learner.prepared()
        self._splits = splits
        self._description = description
        self._spec = spec
        self._progress = progress
        self._checkpoints = checkpoints
        self._control = control
        self._say = say
        self.batches = batches_per_epoch(len(splits.training), spec.batch_size)
        self._on_cpu = learner.fabric.device.type == "cpu"
        self._waiting = _Waiting([], [], [], [])
        self._report_stride = math.ceil(self.batches / REPORTS_PER_EPOCH)
        self._reported_at = time.perf_counter()
        self._reported_samples = 0
        self._clock = time.perf_counter()
        self._saved_at = time.perf_counter()

    def run(self) -> bool:
        """Train to the last epoch. False if it was stopped before; all is saved then.

        Raises:
            DivergedError: the loss is no longer a number.
            DataError: a sample cannot be read.
            OSError: something cannot be saved.
        """
        self._clock = self._saved_at = self._reported_at = time.perf_counter()
        while self._progress.epoch <= self._spec.epochs:
            if not (self._learn_epoch() and self._finish_epoch()):
                return False
        return True

    def _learn_epoch(self) -> bool:
        """Learn what is left of the epoch at work. False if it was stopped."""
        progress = self._progress
        order = epoch_order(len(self._splits.training), self._spec.seed, progress.epoch)
        self._network.train()
        while progress.batch < self.batches:
            if not self._may_go_on():
                return False
            start = progress.batch * self._spec.batch_size
            indices = order[start : start + self._spec.batch_size]
            generator = generator_for(self._spec.seed, progress.epoch, progress.batch + 1)
            self._step(self._splits.training.batch(indices, generator), len(indices))
            if time.perf_counter() - self._saved_at > SAVE_SECONDS:
                self._save()
        self._look()
        return True

    def _step(self, batch: Batch, size: int) -> None:
        progress = self._progress
        batch = self._on_device(batch)
        targets = self._spec.loss.targets(batch)
        rate = self._learning_rate(progress.batch)
        for group in self._raw.optimizer.param_groups:
            group["lr"] = rate * factor_of(group)
        outputs = apply_network(self._network, batch.inputs)
        loss = self._spec.loss.total(outputs, targets)
        self._fabric.backward(loss)
        if self._spec.max_gradient_norm:
            # What is not finite is found in the loss, with words that say what to do.
            self._fabric.clip_gradients(
                self._network,
                self._optimizer,
                max_norm=self._spec.max_gradient_norm,
                error_if_nonfinite=False,
            )
        self._optimizer.step()
        self._optimizer.zero_grad()
        progress.batch += 1
        waiting = self._waiting
        waiting.batches.append(progress.batch)
        waiting.sizes.append(size)
        waiting.losses.append(loss.detach())
        correct = self._spec.loss.correct(outputs[0].detach(), targets)
        if correct is not None:
            waiting.corrects.append(correct)
        late = time.perf_counter() - self._reported_at > REPORT_SECONDS
        if self._on_cpu or late or progress.batch % self._report_stride == 0:
            self._look(late=late)

    def _learning_rate(self, done: int) -> float:
        """With how many batches of the epoch at work done."""
        place = self._progress.epoch - 1 + done / self.batches
        factor = self._spec.schedule.factor(place, self._spec.epochs)
        return self._spec.optimizer.learning_rate * factor

    def _on_device(self, batch: Batch) -> Batch:
        if self._on_cpu:
            return batch
        device = self._fabric.device
        inputs, targets = (
            {name: tensor.to(device, non_blocking=True) for name, tensor in tensors.items()}
            for tensors in (batch.inputs, batch.targets)
        )
        return Batch(inputs, targets)

    def _look(self, *, late: bool = False) -> None:
        """Look at the losses that wait: add them up, and report those that are due."""
        waiting = self._waiting
        if not waiting.batches:
            return
        progress = self._progress
        losses: list[float] = torch.stack(waiting.losses).double().tolist()
        corrects = torch.stack(waiting.corrects).tolist() if waiting.corrects else None
        for i, (batch, size, loss) in enumerate(
            zip(waiting.batches, waiting.sizes, losses, strict=True)
        ):
            if not math.isfinite(loss):
                raise DivergedError(progress.epoch, batch, self._learning_rate(batch - 1))
            progress.loss_sum += loss * size
            progress.seen += size
            self._reported_samples += size
            correct = math.nan
            if corrects is not None:
                progress.correct += corrects[i]
                progress.counted += size
                correct = corrects[i] / size
            due = batch % self._report_stride == 0 or batch == self.batches
            if due or (late and i == len(losses) - 1):
                self._report(batch, loss, correct)
        self._waiting = _Waiting([], [], [], [])

    def _report(self, batch: int, loss: float, accuracy: float) -> None:
        now = time.perf_counter()
        self._tick(now)
        self._say(
            BatchDone(
                epoch=self._progress.epoch,
                batch=batch,
                batches=self.batches,
                loss=loss,
                accuracy=accuracy,
                samples_per_second=self._reported_samples / max(now - self._reported_at, 1e-9),
                elapsed=self._progress.elapsed,
            )
        )
        self._reported_at, self._reported_samples = now, 0

    def _finish_epoch(self) -> bool:
        """Validate, report and save. False if it was stopped before all that was done."""
        progress = self._progress
        validated = self._validate()
        if validated is None:
            return False
        best = _is_better(validated, progress)
        if best:
            progress.best_epoch = progress.epoch
            progress.best_accuracy, progress.best_loss = validated.accuracy, validated.loss
            progress.best_score = validated.score
        self._tick(time.perf_counter())
        self._say(
            EpochDone(
                epoch=progress.epoch,
                training_loss=progress.loss_sum / progress.seen,
                training_accuracy=progress.accuracy,
                validation_loss=validated.loss,
                validation_accuracy=validated.accuracy,
                validation_score=validated.score,
                score_name=validated.score_name,
                learning_rate=self._learning_rate(self.batches - 1),
                seconds=progress.epoch_seconds,
                elapsed=progress.elapsed,
                best=best,
            )
        )
        if best:
            self._checkpoints.save_best(self._raw.network, progress)
        progress.epoch += 1
        progress.batch = progress.counted = progress.seen = 0
        progress.correct = progress.loss_sum = progress.epoch_seconds = 0.0
        is_last = progress.epoch > self._spec.epochs
        if is_last or time.perf_counter() - self._saved_at > SHORTEST_SAVE_SECONDS:
            self._save()
        self._reported_at = time.perf_counter()
        return True

    def _validate(self) -> _Validated | None:
        """Judge the weights on the validation samples; None if it was stopped.

        All batches of the epoch are done then, so whoever resumes begins with validating.
        """
        samples = self._splits.validation
        loss_sum, correct_sum, knows_correct = 0.0, 0.0, True
        score = self._spec.loss.running_score(self._description)
        self._network.eval()
        with torch.no_grad():
            for start in range(0, len(samples), self._spec.batch_size):
                if not self._may_go_on():
                    return None
                indices = torch.arange(start, min(start + self._spec.batch_size, len(samples)))
                batch = self._on_device(samples.batch(indices))
                targets = self._spec.loss.targets(batch)
                outputs = apply_network(self._network, batch.inputs)
                loss_sum += self._spec.loss.total(outputs, targets).item() * len(indices)
                correct = self._spec.loss.correct(outputs[0], targets)
                knows_correct = correct is not None
                correct_sum += correct.item() if correct is not None else 0
                if score is not None:
                    score.add(outputs[0], targets)
        if not len(samples):
            return _Validated()
        return _Validated(
            loss=loss_sum / len(samples),
            accuracy=correct_sum / len(samples) if knows_correct else math.nan,
            score=score.value() if score is not None else math.nan,
            score_name=score.NAME if score is not None else "",
        )

    def _may_go_on(self) -> bool:
        """Follow what is asked for; False means to end."""
        command = self._control.command()
        if command == "train":
            return True
        self._look()
        self._save()
        progress = self._progress
        if command == "pause":
            self._say(Paused(epoch=progress.epoch, batch=progress.batch))
            command = self._control.wait_while_paused()
            self._clock = self._saved_at = self._reported_at = time.perf_counter()
            if command == "train":
                self._say(Continued())
                return True
        stopped = Stopped(epoch=progress.epoch, batch=progress.batch, elapsed=progress.elapsed)
        self._say(stopped)
        return False

    def _save(self) -> None:
        self._look()
        self._tick(time.perf_counter())
        self._checkpoints.save_last(self._raw.network, self._raw.optimizer, self._progress)
        self._saved_at = time.perf_counter()

    def _tick(self, now: float) -> None:
        """Count the time since the last look at the clock as training."""
        self._progress.elapsed += now - self._clock
        self._progress.epoch_seconds += now - self._clock
        self._clock = now


def batches_per_epoch(samples: int, batch_size: int) -> int:
    """How many batches an epoch has, the last one perhaps smaller.

    A last batch of a single sample is left out: batch normalization cannot learn from one value.
    """
    whole, rest = divmod(samples, batch_size)
    return whole + (1 if rest > (1 if whole else 0) else 0)


def epoch_order(samples: int, seed: int, epoch: int) -> Tensor:
    """The order in which an epoch sees the samples, of shape (samples,)."""
    return torch.randperm(samples, generator=generator_for(seed, epoch, 0))


def generator_for(seed: int, epoch: int, batch: int) -> torch.Generator:
    """A generator of random numbers for one place in training, always the same there."""
    digest = hashlib.blake2b(f"{seed}:{epoch}:{batch}".encode(), digest_size=7).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest, "big"))


def _is_better(validated: _Validated, progress: Progress) -> bool:
    """Whether an epoch beats the best so far: by score, or accuracy, where there is one, then by
    loss."""
    if progress.best_epoch == 0:
        return True
    value, best = validated.score, progress.best_score
    if math.isnan(value):
        value, best = validated.accuracy, progress.best_accuracy
    if math.isnan(value) or value == best:
        return validated.loss < progress.best_loss
    # A score may be undefined in early epochs; whatever is defined beats that.
    return math.isnan(best) or value > best
