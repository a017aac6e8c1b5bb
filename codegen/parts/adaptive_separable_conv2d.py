"""A convolution whose filter is told anew for every pixel."""

from torch import Tensor


def adaptive_separable_conv2d(
    x: Tensor, vertical: Tensor, horizontal: Tensor
) -> Tensor:
    """Filter each pixel with a column and a row of its own, without padding.

    S. Niklaus et al., Video frame interpolation via adaptive separable
    convolution, 2017.

    Args:
        x: (N, C, H, W)
        vertical: (N, kh, H - kh + 1, W - kw + 1), for every pixel of the result
            a column of weights
        horizontal: (N, kw, H - kh + 1, W - kw + 1), likewise a row

    Returns:
        (N, C, H - kh + 1, W - kw + 1)
    """
    patches = x.unfold(2, vertical.size(1), 1).unfold(3, horizontal.size(1), 1)
    rows = horizontal.permute(0, 2, 3, 1)[:, None, :, :, :, None]  # (N, 1, H, W, kw, 1)
    columns = vertical.permute(0, 2, 3, 1)[
        :, None, :, :, None, :
    ]  # (N, 1, H, W, 1, kh)
    return (columns @ (patches @ rows))[..., 0, 0]
