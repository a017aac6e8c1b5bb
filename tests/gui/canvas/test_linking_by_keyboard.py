"""A link without a mouse."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from graph.state import Link
from tests.gui.canvas.building import agree, block, network


@pytest.fixture
def loose(open_canvas):
    """image -> conv, and three nodes that are linked to nothing."""
    return open_canvas(
        network(
            ("image", "Input", 0, 0),
            ("conv", "Conv2d", 0, 100),
            ("relu", "ReLU", 0, 200),
            ("fc", "Linear", 300, 200),
            ("lstm", "LSTM", -300, 200),
            links=("image -> conv",),
        )
    )


def offered(canvas):
    return {offer.title: offer for offer in canvas.linker.popup.model.offers}


def test_the_selected_node_is_linked_to_the_one_that_is_found(loose):
    before = loose.editor.document.state
    loose.editor.select(["conv"])
    loose.linker.open()
    QTest.keyClicks(loose.linker.popup.line, "relu")
    QTest.keyClick(loose.linker.popup.line, Qt.Key.Key_Return)
    assert Link("conv", "out", "relu", "in") in block(loose).links
    agree(loose)
    loose.editor.history.undo()
    assert loose.editor.document.state is before


def test_only_legal_ends_are_offered_and_misfits_say_so(loose):
    loose.editor.select(["conv"])
    loose.linker.open()
    found = offered(loose)
    assert "conv → image" not in found
    assert not any(title.endswith("→ conv") for title in found)
    assert found["conv → relu"].help == ""
    assert found["conv → fc"].help.startswith("fc needs a vector")
    assert found["conv → fc"].sort == "sizes do not fit"
    loose.linker.popup.close_popup()


def test_every_output_is_offered(loose):
    loose.editor.select(["lstm"])
    loose.linker.open()
    assert {"lstm → relu", "lstm.hidden → relu", "lstm.cell → relu"} <= set(offered(loose))
    loose.linker.popup.close_popup()


@pytest.mark.parametrize("chosen", [[], ["conv", "relu"]])
def test_one_node_must_be_selected(loose, chosen):
    said = []
    loose.editor.refused.connect(said.append)
    loose.editor.select(chosen)
    loose.linker.open()
    assert loose.linker.popup.isHidden()
    assert "select the one node" in said[0]
