"""The memory of a recurrent layer, brought into torch's order."""

from torch import Tensor


def layers_first(memory: Tensor) -> Tensor:
    """(N, layers, units) to (layers, N, units), as torch's recurrent layers take it.

    Their fast kernels need the numbers in one piece.
    """
    return memory.transpose(0, 1).contiguous()
