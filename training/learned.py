"""The names of the classes or numbers that a run learned, kept in its folder. No torch.

What an output means is only a number in it; which name that was, its data told when training
began. Folders change: where a class is added or gets another name, all numbers may mean others.
"""

from __future__ import annotations

import json
from dataclasses import replace

from data.dataset import DataDescription, DataError, Task
from data.image_files import some_of
from graph.storage import write_atomically
from training.runs import Run

LISTED = 10


def keep_names(run: Run, description: DataDescription, task: Task) -> None:
    """Keep what the outputs mean that are learned from now on.

    Raises:
        OSError: the folder cannot be written.
    """
    names = list(_names(description, task))
    write_atomically(run.names_path, json.dumps({"names": names}, ensure_ascii=False))


def as_learned(run: Run, description: DataDescription) -> DataDescription:
    """The description of the run's data with the names that the run learned.

    Runs of earlier releases kept none; of these it is as it is.

    Raises:
        DataError: what was kept is damaged.
    """
    names = _kept(run)
    if not names:
        return description
    if description.class_names:
        return replace(description, class_names=names)
    return replace(description, target_names=names)


def refuse_other_names(run: Run, description: DataDescription, task: Task) -> None:
    """Refuse data whose classes or numbers are not those that the run learned.

    Raises:
        DataError: they are not, or what was kept is damaged.
    """
    learned, now = _kept(run), _names(description, task)
    if learned is None or learned == now:
        return
    new = [name for name in now if name not in learned]
    gone = [name for name in learned if name not in now]
    what = "classes" if description.class_names else "numbers"
    told = [
        f"{word}: {some_of(names, LISTED)}"
        for word, names in (("new", new), ("gone", gone))
        if names
    ]
    raise DataError(
        f"The data does not have the {what} any more that the run {run.title} learned "
        f"({'; '.join(told) or 'their order is another'}). It learned {some_of(learned, LISTED)}; "
        f"now the data has {some_of(now, LISTED)}. Bring the data back to what was learned, or "
        "train a new run."
    )


def _names(description: DataDescription, task: Task) -> tuple[str, ...]:
    """What the outputs for a task mean, in their order; nothing of what gives its input back."""
    return () if task == "reconstruction" else description.class_names or description.target_names


def _kept(run: Run) -> tuple[str, ...] | None:
    try:
        names = json.loads(run.names_path.read_text(encoding="utf-8"))["names"]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        names = None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise DataError(
            f"{run.names_path} is damaged: it should hold the names that the run learned. Put it "
            "back, or delete it if the data has the same classes as when training began."
        )
    return tuple(names)
