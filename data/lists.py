"""Text files that say which samples are for training, validation and test. No torch."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path, PurePath

from data.dataset import DataError
from data.image_files import folder_state
from data.split import Division, stratified_split


def listed_division(
    names: Sequence[str],
    *,
    training: str = "",
    validation: str = "",
    test: str = "",
    validation_fraction: float,
    test_fraction: float,
    seed: int,
) -> Division:
    """Divide samples by lists of their names, and by chance what no list decides.

    Whatever has no list is taken from those for training: these are the ones of its list, or all
    that no other list names.

    Args:
        names: of all samples.
        training: the file that names those to learn from; empty where there is none.
        validation: likewise for validation.
        test: likewise for test.
        validation_fraction: share of those for training that validates where no list does.
        test_fraction: likewise for test.
        seed: another number divides differently.

    Raises:
        DataError: a list cannot be read, names what is not there, or what another one names.
    """
    lists = (training, validation, test)
    fractions = (validation_fraction, test_fraction)
    return _division(tuple(names), lists, folder_state(*filter(None, lists)), fractions, seed)


@lru_cache(maxsize=16)
def _division(
    names: tuple[str, ...],
    lists: tuple[str, str, str],
    state: object,
    fractions: tuple[float, float],
    seed: int,
) -> Division:
    """Divide, anew only when something is another, or the lists are in another state."""
    listed = _listed(names, dict(zip(("training", "validation", "test"), lists, strict=True)))
    taken = {place for places in listed.values() for place in places}
    rest = listed.get("training", [place for place in range(len(names)) if place not in taken])
    divided = stratified_split(
        [0] * len(rest),
        validation_fraction=0 if "validation" in listed else fractions[0],
        test_fraction=0 if "test" in listed else fractions[1],
        seed=seed,
    )

    def chosen(key: str, by_chance: Sequence[int]) -> tuple[int, ...]:
        return tuple(sorted(listed.get(key, [rest[place] for place in by_chance])))

    if not rest:
        raise DataError(
            "The lists for validation and test name all samples, so nothing is left to learn from. "
            "Shorten one of them.",
            "training_list",
        )
    division = Division(
        tuple(sorted(rest[place] for place in divided.training)),
        chosen("validation", divided.validation),
        chosen("test", divided.test),
    )
    if division.empty():
        raise DataError(
            f"Of {len(names):,} {'sample' if len(names) == 1 else 'samples'} none is left for "
            f"{division.empty()}: each of training, validation and test needs one. Add some.",
            "dataset",
        )
    return division


def _listed(names: tuple[str, ...], files: dict[str, str]) -> dict[str, list[int]]:
    """The samples that each list names, by their places; of lists that there are."""
    places = {name: place for place, name in enumerate(names)}
    owner: dict[int, str] = {}
    listed: dict[str, list[int]] = {}
    for key, file in files.items():
        if not file:
            continue
        listed[key] = []
        for number, name in enumerate(_lines(file, f"{key}_list"), start=1):
            if not name:
                continue
            place = places.get(name, places.get(PurePath(name).stem))
            if place is None:
                raise DataError(
                    f'Line {number} of {file} names "{name}", but there is no such sample. Correct '
                    f"the list, or add the file.",
                    f"{key}_list",
                )
            if place in owner:
                raise DataError(
                    f'Line {number} of {file} names "{name}", which the list for {owner[place]} '
                    f"names too. Every sample can be in one of them only.",
                    f"{key}_list",
                )
            owner[place] = key
            listed[key].append(place)
        if not listed[key]:
            raise DataError(f"The list {file} is empty. Fill it, or choose none.", f"{key}_list")
    return listed


def _lines(file: str, parameter: str) -> tuple[str, ...]:
    """The names of a list, with empty lines."""
    try:
        text = Path(file).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise DataError(
            f"The list {file} is not a text file (UTF-8). Choose another.", parameter
        ) from None
    except FileNotFoundError:
        raise DataError(
            f"The list {file} does not exist. Choose where it is now.", parameter
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(
            f"The list {file} cannot be read ({reason}). Choose another.", parameter
        ) from None
    return tuple(line.strip() for line in text.splitlines())
