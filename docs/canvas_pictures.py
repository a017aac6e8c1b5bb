"""Makes the pictures of docs/CANVAS.md: what can be done on the canvas, on real networks.

uv run python docs/canvas_pictures.py [FOLDER [NAME...]]        (docs/images/canvas, all of them)
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt

from docs.pictures import adding, arranging, habits, reading
from docs.pictures.stage import MODES, SIZE, Stage, beside, write
from gui.application import make_application
from gui.look.theme import theme

SCENES = {**adding.SCENES, **arranging.SCENES, **reading.SCENES, **habits.SCENES}
"""The template of each picture, and what is done with it."""
SCREEN = (1920, 1080)
SCALES = {"scale-100": 1.0, "scale-150": 1.5, "scale-200": 2.0}
"""The same screen with larger and larger letters."""


def take(name: str, folder: Path) -> None:
    """Make one picture in both modes."""
    template, play = SCENES[name]
    stage = Stage(template)
    play(stage)
    _write(stage, name, folder)


def take_scaled(name: str, folder: Path) -> None:
    """Make a picture of the window that fills a screen, at the scale of this process."""
    scale = SCALES[name]
    stage = Stage("lenet5", (round(SCREEN[0] / scale), round(SCREEN[1] / scale)))
    habits.whole(stage)
    _write(stage, name, folder)


def _write(stage: Stage, name: str, folder: Path) -> None:
    for mode in MODES:
        theme().set_mode(mode)
        parts = [shot[mode] for shot in stage.shots]
        path = folder / f"{name}-{mode}.png"
        write(beside(parts), path)
        print(path, flush=True)
    stage.close()


def scaled(name: str, folder: Path) -> None:
    """Make a picture at another scale, which a process chooses when it starts."""
    here = {"QT_SCALE_FACTOR": str(SCALES[name]), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, __file__, str(folder), name]
    subprocess.run(command, check=True, env=os.environ | here)


def _use_screen(place: str, size: tuple[int, int]) -> None:
    """A screen that the window fills, on which menus and tips stay."""
    screen = {"name": "screen", "x": 0, "y": 0, "width": size[0], "height": size[1]}
    path = Path(place) / "screens.json"
    path.write_text(json.dumps({"screens": [{**screen, "logicalDpi": 96, "dpr": 1}]}))
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={path}"


def main(folder: Path, names: list[str]) -> None:
    """Make all pictures, or some."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        os.environ["KUMITATE_DATA_DIR"] = place
        is_scaled = "QT_SCALE_FACTOR" in os.environ
        _use_screen(place, SCREEN if is_scaled else SIZE)
        application = make_application(["kumitate"])
        application.setEffectEnabled(Qt.UIEffect.UI_General, False)
        for name in names or [*SCENES, *SCALES]:
            if name in SCENES:
                take(name, folder)
            elif is_scaled:
                take_scaled(name, folder)
            else:
                scaled(name, folder)


if __name__ == "__main__":
    where = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "images" / "canvas"
    main(where, sys.argv[2:])
