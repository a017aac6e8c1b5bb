"""What a file of weights says besides its tensors, which `network.py` reads. No torch."""

from __future__ import annotations

from pathlib import Path

from safetensors import SafetensorError, safe_open


def told_beside(weights_path: Path) -> dict[str, str]:
    """What a safetensors file says besides its tensors; nothing where it cannot be read."""
    try:
        with safe_open(weights_path, framework="numpy") as file:
            return dict(file.metadata() or {})
    except (OSError, SafetensorError):
        return {}


def saved_epoch(weights_path: Path) -> int:
    """The epoch after which weights were saved; 0 where the file does not tell."""
    epoch = told_beside(weights_path).get("epoch", "")
    return int(epoch) if epoch.isdecimal() else 0
