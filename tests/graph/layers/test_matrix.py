"""What functions of matrices compute, against values worked out by hand."""

import math

import torch

from tests.graph.layers.computing import close, computed

MATRICES = torch.tensor([[[[2.0, 1.0], [4.0, 1.0]], [[3.0, 0.0], [0.0, 5.0]]]])


def test_inverse():
    given = computed("Inverse", MATRICES)
    close(given, [[[[-0.5, 0.5], [2.0, -1.0]], [[1 / 3, 0.0], [0.0, 0.2]]]])


def test_one_number_for_every_matrix():
    close(computed("Determinant", MATRICES), [[-2, 15]])
    close(computed("LogDeterminant", MATRICES), [[math.log(2), math.log(15)]])
    close(computed("Trace", MATRICES), [[3, 8]])
