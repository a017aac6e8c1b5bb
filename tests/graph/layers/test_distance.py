"""How alike vectors are, against values worked out by hand."""

import math

import torch

from tests.graph.layers.computing import close, computed

A = torch.tensor([[3.0, 4.0], [1.0, 0.0]])
B = torch.tensor([[4.0, 3.0], [-2.0, 0.0]])


def test_dot_products_stay_within_their_sample():
    close(computed("Dot", A, B), [24, -2])


def test_the_cosine_leaves_lengths_aside():
    close(computed("CosineSimilarity", A, B), [0.96, -1])
    close(computed("CosineSimilarity", 10 * A, B), [0.96, -1])


def test_distances():
    close(computed("PairwiseDistance", A, B, eps=0.0), [math.sqrt(2), 3])
    close(computed("PairwiseDistance", A, B, p=1.0, eps=0.0, keepdim=True), [[2], [3]])


def test_maps_are_compared_place_by_place():
    x = torch.tensor([[[[1.0, 0.0]], [[0.0, 1.0]]]])  # two channels, one row of two places
    close(computed("CosineSimilarity", x, x.flip(3)), [[[0, 0]]])
    close(computed("CosineSimilarity", x, x[..., :1]), [[[1, 0]]])
