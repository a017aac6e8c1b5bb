"""How an output becomes boxes: a function that is also written into exported folders. No torch."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    Found = tuple[Tensor, Tensor, Tensor]
    """Of one image: boxes (found, 4) as left, top, right and bottom from 0 to 1, scores (found,)
    and labels (found,), the surest first."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """What a loss says of the boxes in an output.

    Attributes:
        function: the function of codegen/parts that reads them.
        arguments: what it needs besides the output.
    """

    function: str
    arguments: Mapping[str, int]

    def detections(self, output: Tensor, *, threshold: float, overlap: float) -> list[Found]:
        """The boxes of each image of an output.

        Args:
            output: of the network, the batch axis first.
            threshold: boxes with smaller scores are left out.
            overlap: from which intersection over union on two boxes of a class are the same.
        """
        module = importlib.import_module(f"codegen.parts.{self.function}")
        found: list[Found] = getattr(module, self.function)(
            output, **self.arguments, threshold=threshold, overlap=overlap
        )
        return found
