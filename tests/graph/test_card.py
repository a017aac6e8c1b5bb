"""The cards of layers."""

import pytest

from graph.card import layer_card, node_card, search_text
from graph.document import Document
from graph.layer import LAYERS, load_layers
from graph.results import NodeResult
from graph.state import MAIN
from graph.templates import load_template

load_layers()


def test_the_card_of_a_node_has_its_own_numbers():
    result = Document(load_template("lenet5")).node_result(MAIN, "conv1")
    card = node_card("Conv2d", result, code=["x = self.conv1(x)"])
    assert card is not None
    assert card.title == LAYERS["Conv2d"].TITLE
    assert card.code == ("x = self.conv1(x)",)
    assert [str(line) for line in card.arithmetic()] == [
        "height: (28 + 2·2 − 5) / 1 + 1 = 28",
        "width: (28 + 2·2 − 5) / 1 + 1 = 28",
        "weights: 6·(1·5·5) + 6 = 156",
        "multiply-adds: 6·1·5·5·28·28 = 117,600",
    ]


def test_an_unknown_layer_has_no_card():
    assert node_card("Conv9d", NodeResult()) is None


@pytest.mark.parametrize("name", list(LAYERS))
def test_every_card_can_be_found_by_its_words(name):
    layer = LAYERS[name]
    card, text = layer_card(layer), search_text(layer)
    assert card.sentence
    assert "\n" not in card.sentence
    assert card.arithmetic() == []
    for word in (card.title, card.name, card.sentence, card.use, *card.synonyms, *card.console):
        assert word in text
