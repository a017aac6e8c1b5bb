"""The cards of the ready-made networks: made when they are looked at, searched, chosen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from graph.templates import all_templates
from gui.panels.template_cards import TemplateCards
from gui.runs.words import rough_time
from training.estimate import MachineSpeed


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


def test_every_card_says_all_of_its_text(cards, qtbot):
    """The tallest decides for all, so that nothing is cut off and rows are even."""
    qtbot.waitUntil(lambda: cards.cards[0].seconds is not None)
    assert len({card.height() for card in cards.cards}) == 1
    for card in cards.cards:
        for text in card.findChildren(QLabel):
            assert text.height() >= text.heightForWidth(text.width())
        assert card.height() >= card.sizeHint().height()
        assert card.template.source in card.toolTip()
        assert card.template.result in card.toolTip()
        assert card.template.reached in card.toolTip()


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
    longest = max(cards.task.fontMetrics().horizontalAdvance(task) for task in tasks)
    assert cards.task.sizeHint().width() > longest + 24, "room for the arrow beside the words"
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


def test_a_card_tells_size_cost_and_time(cards, qtbot):
    (card,) = (card for card in cards.cards if card.template.id == "lenet5")
    qtbot.waitUntil(lambda: card.seconds is not None)
    assert (
        card.facts.text()
        .replace("\N{NO-BREAK SPACE}", " ")
        .startswith("Classification · 1×28×28 · 61,706 weights · 0.42 M multiply-adds · trains in ")
    )


def test_what_takes_too_long_can_be_left_out(cards, qtbot):
    qtbot.waitUntil(lambda: cards.cards[0].seconds is not None)
    cards.cards[0].take_speed(MachineSpeed(1e18, 1e18))
    cards.cards[1].take_speed(MachineSpeed(1.0, 1.0))
    cards.time.setCurrentIndex(1)
    assert cards.time.currentText() == "Trains in a minute"
    left = cards.shown_ids()
    assert cards.cards[0].template.id in left
    assert cards.cards[1].template.id not in left
    assert left == [card.template.id for card in cards.cards if (card.seconds or 1e9) <= 90]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (3, "seconds"),
        (60, "about a minute"),
        (600, "minutes"),
        (3600, "about an hour"),
        (20_000, "hours"),
        (1e6, "days"),
    ],
)
def test_times_are_told_roughly(seconds, words):
    assert rough_time(seconds) == words
