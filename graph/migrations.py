"""Files of older releases brought to today's format, one step after the other.

Each step is a pure function from the parsed file of one version to that of the next. No step is
ever changed once released; real files of every version are in tests/files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

FORMAT = 1
"""The version that this release writes."""

Step = Callable[[dict[str, Any]], dict[str, Any]]

STEPS: Mapping[int, Step] = {}
"""By version, the step to the next one. Version 1 is the first."""


def migrate(
    raw: dict[str, Any], *, to: int = FORMAT, steps: Mapping[int, Step] = STEPS
) -> dict[str, Any]:
    """The parsed file in the format `to`.

    Raises:
        LookupError: where a step is missing, which is a mistake in this program.
    """
    version = raw["kumitate"]
    while version < to:
        raw = {**steps[version](raw), "kumitate": version + 1}
        version += 1
    return raw
