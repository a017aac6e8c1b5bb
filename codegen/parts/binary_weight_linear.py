"""A linear layer that computes with two numbers in every filter."""

from torch import Tensor, nn

from codegen.parts.scaled_sign import scaled_sign


class BinaryWeightLinear(nn.Linear):
    """Like `nn.Linear`, but its weights are made two numbers in every filter."""

    def forward(self, input: Tensor) -> Tensor:
        """(..., in_features) -> (..., out_features)."""
        return nn.functional.linear(input, scaled_sign(self.weight), self.bias)
