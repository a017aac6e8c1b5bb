"""Numbers that are not defined: NaN in a report, null in its file, which JSON cannot write. No
torch.
"""

from __future__ import annotations

import math
from typing import Any


def number_from(value: Any) -> float:
    """From a report's file: NaN for null.

    Raises:
        TypeError, ValueError: where it is no number.
    """
    return math.nan if value is None else float(value)


def without_nan(value: Any) -> Any:
    """For a report's file: the same with null for every number that JSON cannot write."""
    if isinstance(value, dict):
        return {key: without_nan(element) for key, element in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(element) for element in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
