"""What an optimiser says that it remembers is what torch's one holds after a step."""

import pytest
import torch

from training.optimizers import OPTIMIZERS, SGD


@pytest.mark.parametrize(
    "optimizer", [*(cls() for cls in OPTIMIZERS.values()), SGD(momentum=0.0)], ids=repr
)
def test_states_are_those_of_torch(optimizer):
    layer = torch.nn.Linear(30, 20)
    built = optimizer.build(layer.parameters())
    layer(torch.rand(4, 30)).sum().backward()
    built.step()
    held = [value for state in built.state.values() for value in state.values()]
    numbers = sum(t.numel() for t in held if torch.is_tensor(t) and t.numel() > 1)
    weights = sum(weight.numel() for weight in layer.parameters())
    assert optimizer.states() * weights == numbers
