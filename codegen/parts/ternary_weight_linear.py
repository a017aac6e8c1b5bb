"""A linear layer that computes with three numbers."""

from torch import Tensor, nn

from codegen.parts.ternary_weight import ternary_weight


class TernaryWeightLinear(nn.Linear):
    """Like `nn.Linear`, but its weights are made three numbers."""

    def forward(self, input: Tensor) -> Tensor:
        """(..., in_features) -> (..., out_features)."""
        return nn.functional.linear(input, ternary_weight(self.weight), self.bias)
