"""A run: one training of one frozen project, as a folder beside the project's file. No torch.

The folder is the only interface between the worker that trains and everything that follows it.
Starting and controlling a worker is in `client.py`; what a run's state follows from in `state.py`.
"""

from __future__ import annotations

import json
import shutil
import time
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from graph.storage import write_atomically

FORMAT = 1

LOG_MARK = "--- started at"
"""How the line begins that stands in `worker.log` before the words of each worker."""

Command = Literal["train", "pause", "stop"]


class RunError(Exception):
    """Something cannot be done with a run; the text says what, why and what to do."""


class Run:
    """A run's folder: where everything lies in it. Equal to every other `Run` of the folder."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder).absolute()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Run) and other.folder == self.folder

    def __hash__(self) -> int:
        return hash(self.folder)

    def __repr__(self) -> str:
        return f"Run({str(self.folder)!r})"

    @property
    def name(self) -> str:
        """The name of its folder: when it was made, such as `2026-03-14_15-09-26`."""
        return self.folder.name

    @property
    def project_path(self) -> Path:
        """The frozen copy of the project that it trains."""
        return self.folder / "project.yaml"

    @property
    def model_path(self) -> Path:
        """The text that trains."""
        return self.folder / "model.py"

    @property
    def events_path(self) -> Path:
        """What the worker says, see `messages.py`."""
        return self.folder / "events.jsonl"

    @property
    def log_path(self) -> Path:
        """What the worker and its libraries printed; its last words when it dies."""
        return self.folder / "worker.log"

    @property
    def checkpoints(self) -> Path:
        """The folder of the learned weights."""
        return self.folder / "checkpoints"

    @property
    def best_weights(self) -> Path:
        """The weights of the best epoch, as safetensors."""
        return self.checkpoints / "best.safetensors"

    @property
    def last_weights(self) -> Path:
        """The weights where training stopped last, as safetensors."""
        return self.checkpoints / "last.safetensors"

    @property
    def evaluation(self) -> Path:
        """The folder of reports and pictures."""
        return self.folder / "evaluation"

    @property
    def environment_path(self) -> Path:
        """Where it was trained: versions, device, and the number of threads, which is kept."""
        return self.folder / "environment.json"

    @property
    def names_path(self) -> Path:
        """What its outputs mean, see `learned.py`; earlier releases did not keep it."""
        return self.folder / "names.json"

    @property
    def control_path(self) -> Path:
        """What the worker is asked to do."""
        return self.folder / "control.json"

    @property
    def worker_path(self) -> Path:
        """Which process trains."""
        return self.folder / "worker.json"

    @property
    def exit_path(self) -> Path:
        """How the last worker ended, if somebody saw it."""
        return self.folder / "exit.json"

    @property
    def start_lock(self) -> Path:
        """Held while a worker is being started."""
        return self.folder / "start.lock"

    @property
    def identity_path(self) -> Path:
        """Title, and settings that were changed later. Written last: with it the run is whole."""
        return self.folder / "run.json"

    def damage(self) -> str:
        """What is missing from the folder, in words; an empty text where it is whole."""
        parts = (self.project_path, self.model_path, self.identity_path)
        try:
            if not self.folder.is_dir():
                return f"The folder {self.folder} is gone."
            missing = [path.name for path in parts if not path.is_file()]
            was_whole = self.events_path.exists() or self.identity_path.name not in missing
            # The first two things that are made. An exported folder has the project, too.
            was_begun = self.checkpoints.is_dir() and self.project_path.name not in missing
            if not was_whole and not was_begun:
                return self._foreign()
        except OSError as error:
            return (
                f"The folder {self.folder} cannot be read: {error.strerror}. Give access to it "
                "and to what is in it."
            )
        if missing:
            files = " and ".join(missing)
            if was_whole:
                cause = "somebody has removed it. Put it back, or delete the run"
            else:
                cause = "making this run was interrupted. Delete it"
            return f"The folder {self.folder} lacks {files}: {cause} and start a new one."
        try:
            self._identity()
        except RunError as error:
            return str(error)
        return ""

    def _foreign(self) -> str:
        """That the folder is no run, and which one somebody may have meant."""
        inside = [run for run in list_runs(self.folder) if run.identity_path.is_file()]
        newest = f" The newest run in it is {inside[0].folder}." if inside else ""
        return f"The folder {self.folder} is no run.{newest}"

    def need_weights(self) -> None:
        """Refuse what needs learned weights where the run has none.

        Raises:
            RunError: it has learned nothing yet.
        """
        if not self.best_weights.exists():
            raise RunError(f"The run {self.title} has no weights yet: train at least one epoch.")

    @property
    def title(self) -> str:
        """What the user calls it; the name where nothing was given or the run is broken."""
        try:
            return str(self._identity().get("title") or self.name)
        except RunError:
            return self.name

    @property
    def epochs(self) -> int | None:
        """The number of epochs that replaces the project's, after "train more"; else None."""
        try:
            epochs = self._identity().get("epochs")
        except RunError:
            return None
        return epochs if isinstance(epochs, int) and epochs > 0 else None

    def rename(self, title: str) -> None:
        """Call it something else; the folder keeps its name.

        Raises:
            RunError: the run is broken.
            OSError: the folder cannot be written.
        """
        self._change_identity(title=title.strip())

    def set_epochs(self, epochs: int) -> None:
        """Train to another number of epochs from the next start on.

        Raises:
            RunError: the run is broken.
            OSError: the folder cannot be written.
        """
        self._change_identity(epochs=epochs)

    def _identity(self) -> dict[str, Any]:
        try:
            values = json.loads(self.identity_path.read_text(encoding="utf-8"))
        except OSError as error:
            raise RunError(
                f"{self.identity_path} cannot be read: {error.strerror}. Give access to it."
            ) from error
        except ValueError:
            values = None
        if not isinstance(values, dict):
            raise RunError(
                f"{self.identity_path} is damaged: it should hold a mapping with a format. Write "
                f'{{"format": {FORMAT}}} into it, or delete the run and start a new one.'
            )
        if values.get("format") != FORMAT:
            raise RunError(
                f"The run {self.name} was made by a newer release, or {self.identity_path} is "
                f"damaged: its format is {values.get('format')!r}, this release knows {FORMAT}. "
                "Update Kumitate."
            )
        return values

    def _change_identity(self, **changes: Any) -> None:
        write_atomically(self.identity_path, json.dumps({**self._identity(), **changes}))

    def write_command(self, command: Command) -> None:
        """Ask the worker for something; it looks several times a second.

        Raises:
            OSError: the folder cannot be written.
        """
        write_atomically(self.control_path, json.dumps({"command": command}))

    def read_command(self) -> Command:
        """What the worker is asked to do; to train, where nothing legible is asked."""
        try:
            command = json.loads(self.control_path.read_text(encoding="utf-8"))["command"]
        except (OSError, ValueError, KeyError, TypeError):
            return "train"
        return command if command in ("pause", "stop") else "train"

    def last_words(self, lines: int = 12) -> str:
        """The last lines that the last worker printed; empty where it printed nothing."""
        try:
            with self.log_path.open("rb") as file:
                size = file.seek(0, 2)
                file.seek(max(size - 16_384, 0))
                text = file.read().decode("utf-8", errors="replace")
        except OSError:
            return ""
        words = text.splitlines()
        marks = [i for i, line in enumerate(words) if line.startswith(LOG_MARK)]
        words = words[marks[-1] + 1 :] if marks else words
        return "\n".join("\n".join(words).strip().splitlines()[-lines:])


def runs_folder_of(project_path: Path | str) -> Path:
    """Where the runs of a project file lie: `lenet.yaml` has `lenet.runs` beside it."""
    return Path(project_path).with_suffix(".runs")


def create_run(
    runs_folder: Path | str, *, project_text: str, model_text: str, title: str = ""
) -> Run:
    """Make the folder of a new run.

    Raises:
        OSError: the folder cannot be written, or the disk is full; what was begun is removed.
    """
    runs_folder = Path(runs_folder)
    runs_folder.mkdir(parents=True, exist_ok=True)
    run = Run(_new_folder(runs_folder))
    try:
        run.checkpoints.mkdir()
        write_atomically(run.project_path, project_text)
        write_atomically(run.model_path, model_text)
        identity = {"format": FORMAT, "title": title.strip(), "created": time.time()}
        write_atomically(run.identity_path, json.dumps(identity))
    except OSError:
        shutil.rmtree(run.folder, ignore_errors=True)
        raise
    return run


def _new_folder(runs_folder: Path) -> Path:
    stamp = datetime.now().strftime("%Y-%m-%d_%H-%M-%S")
    number = 1
    while True:
        # Two digits, so that the names of one second stay in their order when sorted.
        folder = runs_folder / (stamp if number == 1 else f"{stamp}_{number:02d}")
        try:
            folder.mkdir()
        except FileExistsError:
            number += 1
        else:
            return folder


def list_runs(runs_folder: Path | str) -> list[Run]:
    """The runs in a folder, newest first, with those that are broken; none where it is missing."""
    try:
        folders = [path for path in Path(runs_folder).iterdir() if path.is_dir()]
    except OSError:
        return []
    visible = [folder for folder in folders if not folder.name.startswith(".")]
    return [Run(folder) for folder in sorted(visible, key=lambda path: path.name, reverse=True)]
