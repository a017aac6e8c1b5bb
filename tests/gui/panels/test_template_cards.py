"""The cards of the ready-made networks: made when they are looked at, searched, chosen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from graph.templates import all_templates
from gui.panels.template_cards import TemplateCards


@pytest.fixture
def cards(show):
    return show(TemplateCards(), (860, 900))


def visible(cards):
    return [card.template.id for card in cards.cards if card.isVisible()]


def test_cards_wait_until_they_are_looked_at(qtbot):
    cards = TemplateCards()
    qtbot.addWidget(cards)
    assert not cards.findChildren(object, "template_lenet5")
    cards.show()
    qtbot.waitUntil(lambda: bool(cards.findChildren(object, "template_lenet5")))
    assert visible(cards) == [template.id for template in all_templates()]


def test_every_card_says_all_of_its_text(cards):
    """The tallest decides for all, so that nothing is cut off and rows are even."""
    assert len({card.height() for card in cards.cards}) == 1
    for card in cards.cards:
        assert card.height() >= card.sizeHint().height()
        assert card.template.source in card.toolTip()
        assert card.template.result in card.toolTip()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("zhang resnet", ["resnet-small", "resnet18", "resnet34", "resnet50", "resnet101"]),
        ("simonyan torchvision", ["vgg11-bn", "vgg16-bn", "vgg19-bn"]),
        ("Howard phones", ["mobilenet-v1"]),
        ("nothing like this", []),
    ],
)
def test_all_words_of_the_search_must_be_there(cards, words, expected):
    cards.search.setText(words)
    found = visible(cards)
    assert found == cards.shown_ids()
    assert found == expected
    assert cards.nothing.isVisible() == (not expected)
    cards.search.clear()
    assert len(visible(cards)) == len(all_templates())
    assert not cards.nothing.isVisible()


def test_the_task_narrows_the_choice(cards):
    tasks = {cards.task.itemData(row): row for row in range(cards.task.count())}
    assert tasks.keys() == {"", *(template.task for template in all_templates())}
    cards.task.setCurrentIndex(tasks["regression"])
    assert visible(cards) == [one.id for one in all_templates() if one.task == "regression"]
    cards.search.setText("convolution")
    assert cards.nothing.isVisible()


def test_what_is_left_can_be_chosen(cards, qtbot):
    cards.search.setText("squeezenet")
    (card,) = (card for card in cards.cards if card.isVisible())
    with qtbot.waitSignal(cards.chosen) as chosen:
        QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    assert chosen.args == ["squeezenet"]
