"""From a run folder to trained and judged weights. Imports torch: for workers only.

The loop itself is in `loop.py`, the process around it in `worker.py`.
"""

from __future__ import annotations

import copy
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from data.catalog import read_data
from data.dataset import DataError, Dataset, SplitName, Splits
from evaluation.evaluate import Subject, evaluate
from evaluation.network import apply_network, load_network
from evaluation.report import Report
from evaluation.weights_file import saved_epoch
from graph.files import parse
from graph.storage import remove_temporary
from training.checkpoint import Checkpoints, Progress
from training.control import Control
from training.devices import (
    Environment,
    SettingsError,
    choose_device,
    device_words,
    make_fabric,
    measure_threads,
    stored_threads,
)
from training.evaluations import Evaluation
from training.groups import parameter_groups
from training.learned import as_learned, keep_names, refuse_other_names
from training.loop import Learner, Loop, batches_per_epoch, generator_for
from training.messages import Evaluated, Failed, Finished, Log, Message, Resumed, Started
from training.preflight import ALL_FROZEN, NO_WEIGHTS, check_task
from training.runs import Run
from training.spec import TrainingSpec, read_training

Say = Callable[[Message], None]

MOST_NOTES = 50
"""Remarks on single samples that are told one by one."""


def read_settings(run: Run) -> tuple[Dataset, TrainingSpec]:
    """The data and the settings of a run, as its project has them, and later wishes.

    Raises:
        FileError: the project cannot be read.
        SettingsError: something in it is not legal.
    """
    try:
        text = run.project_path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"{run.project_path} is not a text file (UTF-8), so it is no project. Make a new run."
        ) from error
    project = parse(text, source=str(run.project_path))
    dataset, wrong_data = read_data(project.get("data") or {})
    spec, wrong_training = read_training(project.get("training") or {})
    errors = [f"data: {error}" for error in wrong_data]
    errors += [f"training: {error}" for error in wrong_training]
    if errors:
        raise SettingsError(f"{run.project_path.name}: " + "; ".join(errors))
    wished: dict[str, Any] = {} if run.epochs is None else {"epochs": run.epochs}
    return dataset, replace(spec, **wished)


def train(run: Run, dataset: Dataset, spec: TrainingSpec, *, control: Control, say: Say) -> bool:
    """Train a run from its beginning or from where it was saved last, and judge the result.

    Returns:
        False if it was stopped before the last epoch.

    Raises:
        Exception: everything that `failures.describe_failure` has words for.
    """
    device = choose_device(spec.device)
    splits = dataset.load()
    description = dataset.describe()
    task = spec.loss.task(description)
    checkpoints = Checkpoints(run)
    goes_on = checkpoints.exists()
    if goes_on:
        refuse_other_names(run, description, task)
    torch.manual_seed(spec.seed)
    network = load_network(run.model_path)
    notes = list(_start_from(run, network, spec))
    _check(network, dataset, splits, spec)
    threads = _set_threads(run, device, network, splits, spec)
    fabric = make_fabric(device, spec.precision)
    fabric.to_device(network)
    optimizer = spec.optimizer.build(parameter_groups(network))
    run.checkpoints.mkdir(exist_ok=True)
    remove_temporary(run.checkpoints)
    progress = Progress()
    if goes_on:
        progress = checkpoints.load_last(network, optimizer)
    else:
        keep_names(run, description, task)
    # Before the loop wraps the network: what is said of its start must precede its first batch.
    say(_started(network, splits, spec, device=device_words(device), threads=threads))
    say(Resumed(epoch=progress.epoch, batch=progress.batch, elapsed=progress.elapsed))
    if not goes_on:
        for note in notes:
            say(note)
        _tell_notes(splits, say)
    loop = Loop(
        Learner(fabric, network, optimizer),
        splits,
        description,
        spec,
        progress=progress,
        checkpoints=checkpoints,
        control=control,
        say=say,
    )
    if not loop.run():
        return False
    _judge_at_end(run, dataset, spec, splits, device=device, say=say)
    say(
        Finished(
            best_epoch=progress.best_epoch,
            best_accuracy=progress.best_accuracy,
            best_loss=progress.best_loss,
            elapsed=progress.elapsed,
        )
    )
    return True


def _started(
    network: nn.Module, splits: Splits, spec: TrainingSpec, *, device: str, threads: int
) -> Started:
    return Started(
        device=device,
        threads=threads,
        parameters=sum(w.numel() for w in network.parameters() if w.requires_grad),
        training_samples=len(splits.training),
        validation_samples=len(splits.validation),
        test_samples=len(splits.test),
        epochs=spec.epochs,
        batches=batches_per_epoch(len(splits.training), spec.batch_size),
        batch_size=spec.batch_size,
    )


def _judge_at_end(
    run: Run, dataset: Dataset, spec: TrainingSpec, splits: Splits, *, device: str, say: Say
) -> None:
    """Judge on the test samples. Where one cannot be read, what was learned is worth no less."""
    say(Log(text="Judging the best weights on the test samples."))
    try:
        judge(run, dataset, spec, "test", say=say, splits=splits, device=device)
    except DataError as error:
        failed = Failed(kind="data", message=str(error), details=traceback.format_exc())
        Evaluation(run, "test").fail(failed)
        text = f"The test samples could not be judged. {error} Then evaluate the run."
        say(Log(text=text, level="warning"))


def _start_from(run: Run, network: nn.Module, spec: TrainingSpec) -> Iterator[Log]:
    """Fill in the weights that the settings name, and tell which were taken.

    Raises:
        WeightsError: they do not fit.
    """
    if not spec.weights or run.last_weights.exists():
        return
    # Few start from a file, and torchvision takes its time.
    from evaluation.published import load_published

    project = parse(run.project_path.read_text(encoding="utf-8"), source=str(run.project_path))
    taken = load_published(network, Path(spec.weights), project.get("about"))
    text = f"The weights start from {spec.weights}: {taken.words()}"
    # What is not as one might think must be seen in the terminal too.
    yield Log(text=text, level="info" if taken.all and not taken.published else "warning")


def _tell_notes(splits: Splits, say: Say) -> None:
    """Say what is wrong with single samples."""
    for note in splits.notes[:MOST_NOTES]:
        say(Log(text=note, level="warning"))
    left = len(splits.notes) - MOST_NOTES
    if left > 0:
        say(Log(text=f"There are {left:,} more such remarks on the data.", level="warning"))


def judge(
    run: Run,
    dataset: Dataset,
    spec: TrainingSpec,
    split: SplitName,
    *,
    say: Say,
    splits: Splits | None = None,
    device: str | None = None,
) -> Report:
    """Judge the best weights of a run on a split, and keep the report.

    Raises:
        Exception: everything that `failures.describe_failure` has words for.
    """
    Evaluation(run, split).failure_path.unlink(missing_ok=True)
    device = device or choose_device(spec.device)
    network = load_network(run.model_path, run.best_weights).to(device)
    description = dataset.describe()
    task = spec.loss.task(description)
    if splits is None:
        refuse_other_names(run, description, task)
        splits = dataset.load()
    subject = Subject(
        network,
        splits[split],
        as_learned(run, description),
        split,
        epoch=saved_epoch(run.best_weights),
        task=task,
        probabilities=spec.loss.PROBABILITIES,
        targets=spec.loss.targets,
        decoding=spec.loss.decoding(),
    )
    report = evaluate(subject, run.folder, loss=spec.loss.total, batch_size=spec.batch_size)
    say(
        Evaluated(
            split=split,
            samples=report.samples,
            loss=report.loss,
            accuracy=report.accuracy,
            score=report.score,
            score_name=report.score_name,
        )
    )
    return report


def _check(network: nn.Module, dataset: Dataset, splits: Splits, spec: TrainingSpec) -> None:
    """Let two samples through, and refuse an output that the loss cannot judge, or a network that
    cannot learn.

    Raises:
        SettingsError: the outputs do not fit the data, or no weights learn.
    """
    if not parameter_groups(network):
        frozen = any(True for _ in network.parameters())
        raise SettingsError(ALL_FROZEN if frozen else NO_WEIGHTS)
    batch = splits.training.batch(torch.arange(min(2, len(splits.training))))
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        network.eval()
        outputs = apply_network(network, batch.inputs)
        network.train()
    description = dataset.describe()
    inputs = {name: spec.sizes for name, spec in description.inputs.items()}
    sizes = {f"output {i}": tuple(output.shape[1:]) for i, output in enumerate(outputs, 1)}
    findings = check_task(inputs=inputs, outputs=sizes, dataset=dataset, spec=spec)
    errors = [finding.message for finding in findings if finding.severity == "error"]
    if errors:
        raise SettingsError(" ".join(errors))


def _set_threads(
    run: Run, device: str, network: nn.Module, splits: Splits, spec: TrainingSpec
) -> int:
    """Set the number of CPU threads that the run's first start chose, or choose it now."""
    if device != "cpu":
        Environment.here(device, 0).write(run.environment_path)
        return 0
    threads = stored_threads(run.environment_path)
    if threads is not None:
        torch.set_num_threads(threads)
        return threads
    threads = measure_threads(_trial_step(network, splits, spec))
    Environment.here(device, threads).write(run.environment_path)
    return threads


def _trial_step(network: nn.Module, splits: Splits, spec: TrainingSpec) -> Callable[[], None]:
    """A step of training on a copy, which leaves no trace in network and random state."""
    trial = copy.deepcopy(network)
    optimizer = spec.optimizer.build(parameter_groups(trial))
    size = min(spec.batch_size, len(splits.training))
    indices = torch.arange(size)

    def step() -> None:
        with torch.random.fork_rng(devices=[]):
            batch = splits.training.batch(indices, generator_for(0, 0, 0))
            outputs = apply_network(trial, batch.inputs)
            loss = spec.loss.total(outputs, spec.loss.targets(batch))
            torch.autograd.backward(loss)
            optimizer.step()
            optimizer.zero_grad()

    return step
