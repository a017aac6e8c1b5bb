"""Images per second of our training loop beside plain loops written by hand.

    python benchmarks/training_speed.py [--epochs N] [--rounds N] [--batch-size N] [--device D]

The same LeNet learns the same digits with the same optimiser, batch size and threads in three
ways, which take turns so that a busy computer slows all of them:

- ours: `training.loop`, with its messages, control file, validation and checkpoints;
- by hand: slices of a shuffled tensor, forward, backward, step, one validation per epoch;
- by hand with torch's DataLoader, as tutorials write it.

A ratio above 1 means that ours is faster. The best of the rounds counts.
"""

from __future__ import annotations

import os

# As in the worker, and for all three: threads that spin would measure the neighbours.
os.environ["OMP_WAIT_POLICY"] = "PASSIVE"

import argparse
import tempfile
import time
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset

from data.catalog import read_data
from data.dataset import DataDescription, Splits
from training.checkpoint import Checkpoints, Progress
from training.control import Control
from training.devices import choose_device, device_words, make_fabric
from training.events import EventWriter
from training.loop import Learner, Loop
from training.runs import create_run
from training.spec import TrainingSpec


class LeNet(nn.Module):
    """The network that all three train: 61,706 weights, input 1×28×28."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 6, 5, padding=2),
            nn.Tanh(),
            nn.AvgPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.Tanh(),
            nn.AvgPool2d(2),
        )
        self.classifier = nn.Sequential(
            nn.Flatten(),
            nn.Linear(400, 120),
            nn.Tanh(),
            nn.Linear(120, 84),
            nn.Tanh(),
            nn.Linear(84, 10),
        )

    def forward(self, image):
        return self.classifier(self.features(image))


def train_ours(
    splits: Splits, description: DataDescription, spec: TrainingSpec, device: str
) -> float:
    """Seconds of our loop, with everything that a run writes to disk."""
    torch.manual_seed(0)
    network = LeNet().to(device)
    fabric = make_fabric(device, spec.precision)
    optimizer = spec.optimizer.build(network.parameters())
    with tempfile.TemporaryDirectory() as folder:
        run = create_run(Path(folder), project_text="", model_text="")
        with EventWriter(run.events_path) as events:
            loop = Loop(
                Learner(fabric, network, optimizer),
                splits,
                description,
                spec,
                progress=Progress(),
                checkpoints=Checkpoints(run),
                control=Control(run),
                say=events.write,
            )
            start = time.perf_counter()
            loop.run()
            return time.perf_counter() - start


def train_by_hand(splits: Splits, spec: TrainingSpec, device: str, *, loader: bool) -> float:
    """Seconds of a plain loop: no checkpoints, no messages."""
    torch.manual_seed(0)
    network = LeNet().to(device)
    optimizer = torch.optim.Adam(network.parameters(), lr=spec.optimizer.learning_rate)
    images, labels = splits.training.images.to(device), splits.training.labels.to(device)
    held_out = splits.validation
    validation_images = held_out.images.to(device)
    validation_labels = held_out.labels.to(device)
    size = spec.batch_size
    batches = DataLoader(TensorDataset(images, labels), batch_size=size, shuffle=True)

    def slices():
        order = torch.randperm(len(images), device=device)
        for start in range(0, len(order), size):
            indices = order[start : start + size]
            yield images[indices], labels[indices]

    start = time.perf_counter()
    for _ in range(spec.epochs):
        network.train()
        total, correct = 0.0, 0
        for image, label in batches if loader else slices():
            output = network(image)
            loss = functional.cross_entropy(output, label)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(label)
            correct += (output.argmax(dim=1) == label).sum().item()
        network.eval()
        with torch.no_grad():
            for place in range(0, len(validation_labels), size):
                output = network(validation_images[place : place + size])
                label = validation_labels[place : place + size]
                functional.cross_entropy(output, label).item()
                (output.argmax(dim=1) == label).sum().item()
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int, help="of the CPU; torch's default otherwise")
    options = parser.parse_args()
    device = choose_device(options.device)
    if options.threads:
        torch.set_num_threads(options.threads)
    dataset, _ = read_data({"dataset": "digits", "image_size": 28})
    splits = dataset.load()
    spec = TrainingSpec(epochs=options.epochs, batch_size=options.batch_size)
    images = len(splits.training) * options.epochs
    print(
        f"LeNet, {len(splits.training)} digits of 28×28, batches of {options.batch_size}, "
        f"{options.epochs} epochs, {device_words(device)}, {torch.get_num_threads()} threads"
    )
    ways = {
        "ours": lambda: train_ours(splits, dataset.describe(), spec, device),
        "by hand": lambda: train_by_hand(splits, spec, device, loader=False),
        "by hand, DataLoader": lambda: train_by_hand(splits, spec, device, loader=True),
    }
    best = dict.fromkeys(ways, 0.0)
    for number in range(options.rounds + 1):
        for name, way in ways.items():
            speed = images / way()
            if number:  # the first round warms up
                best[name] = max(best[name], speed)
    for name, speed in best.items():
        ratio = f"   ours is {best['ours'] / speed:.2f} times as fast" if name != "ours" else ""
        print(f"{name:<20} {speed:8,.0f} images/s{ratio}")


if __name__ == "__main__":
    main()
