"""What training changes for the whole process is undone after each test."""

import pytest


@pytest.fixture(autouse=True)
def threads():
    """Training sets the number of torch's threads."""
    import torch

    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)
