"""What holds for every test: no display is needed, and how hard hypothesis tries.

`HYPOTHESIS_PROFILE=full` runs at least 200 examples, new ones every time, wherever hypothesis
chooses.
"""

import os
import sys

# Many tests start a worker process, which imports torch; compiled once, that takes half as long.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Before anything imports Qt.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from hypothesis import HealthCheck, Phase, settings  # noqa: E402 - after the environment

# What hypothesis calls explaining takes longer than finding.
_PHASES = [phase for phase in Phase if phase is not Phase.explain]
_COMMON = {
    "deadline": None,
    "phases": _PHASES,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much],
}

# The same examples every time, so that a change is never blamed for what chance found.
settings.register_profile("default", max_examples=40, derandomize=True, **_COMMON)
settings.register_profile("full", max_examples=250, **_COMMON)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
