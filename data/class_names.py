"""The classes of a dataset as somebody names them in a setting. No torch."""

from __future__ import annotations

from data.dataset import DataError


def named_classes(text: str) -> tuple[str, ...]:
    """The classes that the setting `class_names` gives, in their order; none where it is empty.

    Args:
        text: names with commas between them; one more may stand behind the last name.

    Raises:
        DataError: a name is missing or stands there twice.
    """
    names = [name.strip() for name in text.split(",")]
    if not names[-1]:
        names.pop()
    for place, name in enumerate(names):
        if not name:
            raise DataError(
                f'class_names has a comma without a name in front of it: "{text.strip()}". Write '
                "the name, or take the comma away.",
                "class_names",
            )
        if name in names[:place]:
            raise DataError(
                f"class_names has {name} twice. Take one of them away, or give it another name.",
                "class_names",
            )
    return tuple(names)
