"""What flows through a port, as people name it: an image, a vector, labels. No Qt."""

from __future__ import annotations

from graph.shapes import TensorSpec

KINDS = ("image", "vector", "sequence", "volume", "number", "labels", "logical", "")
"""The last one is for what is not known."""

_BY_RANK = {0: "number", 1: "vector", 2: "sequence", 3: "image", 4: "volume"}


def kind_of(spec: TensorSpec | None) -> str:
    """The kind of a tensor: whole numbers are labels or word indices, the others go by how many
    axes they have besides the batch."""
    if spec is None:
        return ""
    if spec.dtype == "integer":
        return "labels"
    if spec.dtype == "boolean":
        return "logical"
    return _BY_RANK.get(spec.rank, "")
