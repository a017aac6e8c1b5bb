"""What computes, and with how many threads. Imports torch: for workers only."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import torch
from lightning_fabric import Fabric

from graph.storage import write_atomically
from training.spec import Device, Precision

_PRECISIONS: dict[Precision, Literal["32-true", "bf16-mixed"]] = {
    "float32": "32-true",
    "bfloat16": "bf16-mixed",
}
"""Fabric's words for the setting."""

_LONGEST_MEASUREMENT = 0.15
"""Seconds that are spent per number of threads."""

_WORTH = 0.9
"""More threads must bring the time down to this share: fewer leave more of the computer free."""


class SettingsError(Exception):
    """The settings cannot be followed; the text says which, why, and what there is instead."""


def choose_device(wanted: Device) -> str:
    """The device for a setting: "cpu", "cuda" or "mps"; "auto" is the fastest that there is.

    Raises:
        SettingsError: the wanted device is not in this computer.
    """
    there = available_devices()
    if wanted == "auto":
        return there[0]
    if wanted not in there:
        raise SettingsError(
            f'The device "{wanted}" is not available here. This computer has: '
            f'{", ".join(there)}. Choose one of them, or "auto".'
        )
    return wanted


def available_devices() -> list[str]:
    """What can compute here, the fastest first; the CPU always can."""
    there = ["cuda"] if torch.cuda.is_available() else []
    if torch.backends.mps.is_available():
        there.append("mps")
    return [*there, "cpu"]


def make_fabric(device: str, precision: Precision) -> Fabric:
    """Fabric for one device of this computer."""
    fabric = Fabric(accelerator=device, devices=1, precision=_PRECISIONS[precision])
    # Importing Fabric asks torch to look for NVIDIA's driver anew, by loading a library, whenever
    # it wants to know of a graphics card: in every step of an optimiser. That is for programs that
    # fork, and costs a tenth of the time of a small network.
    os.environ.pop("PYTORCH_NVML_BASED_CUDA_CHECK", None)
    return fabric


def device_words(device: str) -> str:
    """The device with the name of its chip where that is known: "cuda (NVIDIA H100)"."""
    if device == "cuda":
        return f"cuda ({torch.cuda.get_device_name()})"
    return device


@dataclass(frozen=True, slots=True)
class Environment:
    """Where a run was first trained.

    The number of threads is part of what must not change: sums come out differently in their last
    digit when they are divided otherwise, and then a resumed run would not be the same.
    """

    device: str
    threads: int
    torch: str
    python: str
    system: str
    processors: int

    @classmethod
    def here(cls, device: str, threads: int) -> Environment:
        """This computer."""
        return cls(
            device_words(device),
            threads,
            torch.__version__,
            platform.python_version(),
            platform.platform(),
            os.cpu_count() or 1,
        )

    def write(self, path: Path) -> None:
        """Keep it.

        Raises:
            OSError: the folder cannot be written.
        """
        write_atomically(path, json.dumps(asdict(self), indent=1))


def stored_threads(path: Path) -> int | None:
    """The number of threads that an earlier start chose; None where there was none."""
    try:
        threads = json.loads(path.read_text(encoding="utf-8"))["threads"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return threads if isinstance(threads, int) and threads > 0 else None


def measure_threads(step: Callable[[], object]) -> int:
    """The number of threads with which a training step is fast, and left set in torch.

    Small networks lose more by dividing work than they win. Where more threads win little, fewer
    are taken. A step that takes seconds is not measured again and again: it gets all.

    Args:
        step: does a step of training whose result is thrown away.
    """
    most = torch.get_num_threads()
    best, best_time = most, _time_of(step)
    if best_time > 1.0:
        return most
    candidates = [most // 2**power for power in range(1, most.bit_length()) if most // 2**power]
    for threads in candidates:
        torch.set_num_threads(threads)
        taken = _time_of(step)
        if taken * _WORTH <= best_time:
            best, best_time = threads, min(taken, best_time)
        else:
            break
    torch.set_num_threads(best)
    return best


def _time_of(step: Callable[[], object]) -> float:
    """The shortest of several times, after one that warms up."""
    step()
    begin = time.perf_counter()
    shortest = float("inf")
    while time.perf_counter() - begin < _LONGEST_MEASUREMENT:
        start = time.perf_counter()
        step()
        shortest = min(shortest, time.perf_counter() - start)
    return shortest
