"""What tables of vectors give, and how a filler is left out."""

import pytest
import torch

from graph.layers.linear_embedding import Embedding, EmbeddingBag
from graph.shapes import SetArgument, ShapeError, TensorSpec
from tests.graph.layer_harness import Emitted

TABLE = torch.tensor([[0.0, 0.0], [1.0, 4.0], [3.0, 2.0]])
WORDS = torch.tensor([[1, 2, 0]])
LIST = TensorSpec((3,), "integer")


def looked_up(layer: Embedding | EmbeddingBag) -> torch.Tensor:
    """What the words give with the table as weights."""
    module = Emitted(layer, [LIST], batch=1)
    module.load_state_dict({"module.weight": TABLE})
    result: torch.Tensor = module(WORDS)["out"]
    return result


def test_a_number_gives_its_row():
    assert torch.equal(looked_up(Embedding(num_embeddings=3, embedding_dim=2)), TABLE[WORDS])


@pytest.mark.parametrize(
    ("mode", "filler", "expected"),
    [
        ("mean", None, [4 / 3, 2.0]),
        ("mean", 0, [2.0, 3.0]),
        ("sum", None, [4.0, 6.0]),
        ("max", None, [3.0, 4.0]),
    ],
)
def test_a_list_becomes_one_vector(mode, filler, expected):
    layer = EmbeddingBag(num_embeddings=3, embedding_dim=2, mode=mode, padding_idx=filler)
    torch.testing.assert_close(looked_up(layer), torch.tensor([expected]))


def test_a_filler_outside_of_the_table_is_refused():
    with pytest.raises(ShapeError, match="legal are 0 to 2") as caught:
        Embedding(num_embeddings=3, padding_idx=3).infer(LIST)
    assert SetArgument("padding_idx", 0) in caught.value.repairs
