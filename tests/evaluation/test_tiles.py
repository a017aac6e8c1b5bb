"""Tiles put together are what the network gives for the whole image at once."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional

from evaluation.network import NetworkError
from evaluation.tiles import predict_tiles


def image(height, width, channels=2):
    return torch.rand(channels, height, width, generator=torch.Generator().manual_seed(height))


def layers(*modules):
    torch.manual_seed(0)
    return nn.Sequential(*modules).eval()


VALID = layers(nn.Conv2d(2, 4, 3), nn.ReLU(), nn.Conv2d(4, 3, 5))
"""Three pixels are lost at each edge."""

VALID_LEVELS = layers(
    nn.Conv2d(2, 4, 3), nn.MaxPool2d(2), nn.Conv2d(4, 3, 3), nn.Upsample(scale_factor=2)
)
"""Likewise, of a network with two levels, as the first U-Net."""

PADDED = layers(nn.Conv2d(2, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 3, 5, padding=2))
"""It keeps the size and sees three pixels around each."""


@given(height=st.integers(4, 40), width=st.integers(4, 40), tile=st.integers(7, 20))
def test_a_network_without_padding(height, width, tile):
    given = image(height, width)
    with torch.no_grad():
        whole = VALID(functional.pad(given[None], (3, 3, 3, 3), mode="reflect"))[0]
    found = predict_tiles(VALID, given, (tile, tile + 2))
    torch.testing.assert_close(found, whole, rtol=1e-4, atol=1e-5)


@given(height=st.integers(2, 20), width=st.integers(2, 20), tile=st.sampled_from([8, 12, 20]))
def test_a_network_with_levels(height, width, tile):
    given = image(2 * height, 2 * width)
    with torch.no_grad():
        whole = VALID_LEVELS(functional.pad(given[None], (3, 3, 3, 3), mode="reflect"))[0]
    found = predict_tiles(VALID_LEVELS, given, (tile, tile))
    torch.testing.assert_close(found, whole, rtol=1e-4, atol=1e-5)


def test_a_network_that_keeps_the_size_is_right_wherever_it_sees_enough():
    given = image(50, 41)
    with torch.no_grad():
        whole = PADDED(given[None])[0]
    found = predict_tiles(PADDED, given, (16, 24), margin=3)
    assert found.shape == whole.shape
    # At the edge of the image zeros and its mirror image are not the same.
    inner = (slice(None), slice(3, -3), slice(3, -3))
    torch.testing.assert_close(found[inner], whole[inner], rtol=1e-4, atol=1e-5)
    edges = predict_tiles(PADDED, given, (16, 24), margin=0)
    assert not torch.allclose(edges[inner], whole[inner], atol=1e-3)


def test_one_tile_of_a_network_that_keeps_the_size_is_taken_as_it_is():
    given = image(16, 24)
    with torch.no_grad():
        whole = PADDED(given[None])[0]
    torch.testing.assert_close(predict_tiles(PADDED, given, (16, 24)), whole)


def test_small_images_are_mirrored_more_than_once():
    given = image(2, 1)
    found = predict_tiles(VALID, given, (20, 20))
    # Three pixels before, those of the image, three behind.
    rows, columns = [1, 0, 1, 0, 1, 0, 1, 0], [0] * 7
    with torch.no_grad():
        whole = VALID(given[:, rows][:, :, columns][None])[0]
    torch.testing.assert_close(found, whole, rtol=1e-4, atol=1e-5)


def test_what_is_no_map_is_refused():
    with pytest.raises(NetworkError, match=r"gives \(32,\) for images of 4×4"):
        predict_tiles(layers(nn.Flatten()), image(8, 8), (4, 4))
    with pytest.raises(NetworkError, match="at most these"):
        predict_tiles(layers(nn.Upsample(scale_factor=2)), image(8, 8), (4, 4))
    with pytest.raises(NetworkError, match="leaves nothing"):
        predict_tiles(PADDED, image(8, 8), (4, 4), margin=2)
