"""What the inspector says about inputs of any size."""

from types import SimpleNamespace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton

import graph.legal_sizes
from graph.check import check_project
from graph.document import Document
from graph.edits import move_nodes, set_argument
from graph.inference import infer_block
from graph.state import MAIN
from graph.templates import load_template
from gui.editor import Editor
from gui.panels import legal_sizes
from gui.panels.inspector import InspectorPanel
from tests.graph.test_legal_sizes import paper_unet
from tests.gui.panels.building import choose, node

LEFT = Qt.MouseButton.LeftButton


def asked(qtbot, form):
    """Unfold the question with the mouse and wait for the answer."""
    fold = form.sizes.legal
    if not fold.button.isChecked():
        QTest.mouseClick(fold.button, LEFT)
    qtbot.waitUntil(lambda: not fold.searching)
    return fold.answer.text()


def buttons(form):
    found = form.sizes.legal.findChildren(QPushButton)
    return [
        one for one in found if one.objectName().startswith("legal_size_") and not one.isHidden()
    ]


def any_size_lenet():
    project = set_argument(load_template("lenet5"), MAIN, "image", "any_size", True)
    return check_project(project)[0].fixes[0].edit(project)


def test_answers_when_it_is_unfolded(editor, show, qtbot):
    form = choose(show(InspectorPanel(editor)), "image")
    fold = form.sizes.legal
    assert fold.isVisible()
    assert not fold.answer.isVisible()
    assert not fold.searching
    assert asked(qtbot, form) == (
        "Height and width: any from 12.\n"
        "Weights made for 1×28×28 fit height and width: only 28 to 31, because of fc1."
    )
    assert fold.answer.isVisible()
    qtbot.waitUntil(lambda: fold.answer.height() >= fold.answer.heightForWidth(fold.answer.width()))
    assert buttons(form) == []


def test_only_an_input_of_the_network_is_asked(editor, show):
    inspector = show(InspectorPanel(editor))
    for name in ("conv1", "fc1", "scores"):
        form = choose(inspector, name)
        assert not form.sizes.isVisible()
    assert not choose(inspector, "tanh1", "tanh2").sizes.isVisible()


def test_offers_the_nearest_legal_sizes_and_a_click_takes_one(show, qtbot):
    editor = Editor(Document(paper_unet(570)))
    inspector = show(InspectorPanel(editor))
    form = choose(inspector, "image")
    assert "1×570×570 is not legal" in asked(qtbot, form)
    assert [one.text() for one in buttons(form)] == ["Make image 1×556×556", "Make image 1×572×572"]
    QTest.mouseClick(buttons(form)[1], LEFT)
    assert node(editor, "image").arguments["shape"] == (1, 572, 572)
    assert editor.history.undoText() == "Make image 1×572×572"
    inspector.update_now()
    assert "not legal" not in asked(qtbot, inspector.form)
    assert buttons(inspector.form) == []


def test_an_edit_asks_again_and_says_so_meanwhile(editor, show, qtbot):
    inspector = show(InspectorPanel(editor))
    form = choose(inspector, "image")
    before = asked(qtbot, form)
    editor.apply("Edit", lambda p: set_argument(p, MAIN, "conv1", "padding", (0, 0)))
    inspector.update_now()
    fold = inspector.form.sizes.legal
    assert fold.searching
    assert fold.answer.text() == "Trying sizes …"
    qtbot.waitUntil(lambda: not fold.searching)
    assert "any from 16" in fold.answer.text()
    assert fold.answer.text() != before


def test_a_folded_question_costs_nothing(editor, show, qtbot):
    inspector = show(InspectorPanel(editor))
    form = choose(inspector, "image")
    asked(qtbot, form)
    QTest.mouseClick(form.sizes.legal.button, LEFT)
    editor.apply("Edit", lambda p: set_argument(p, MAIN, "conv1", "padding", (0, 0)))
    inspector.update_now()
    assert not inspector.form.sizes.legal.searching


def test_the_search_never_holds_the_window_for_long(show, monkeypatch):
    inferred = 0

    def infer(*arguments, **named):
        nonlocal inferred
        inferred += 1
        return infer_block(*arguments, **named)

    # A machine so slow that inferring the network once takes longer than the slice.
    monkeypatch.setattr(graph.legal_sizes, "infer_block", infer)
    clock = SimpleNamespace(perf_counter=lambda: inferred * 2 * legal_sizes.SLICE)
    monkeypatch.setattr(legal_sizes, "time", clock)
    editor = Editor(Document(paper_unet(570)))
    form = choose(show(InspectorPanel(editor)), "image")
    fold = form.sizes.legal
    QTest.mouseClick(fold.button, LEFT)
    at_once = []
    while fold.searching:
        before = inferred
        fold._go_on()
        at_once.append(inferred - before)
    # The step in hand is finished, and no other is begun.
    assert max(at_once) <= 2
    assert len(at_once) > 100


def test_shows_formulas_over_the_size_of_the_input(show):
    editor = Editor(Document(any_size_lenet()))
    inspector = show(InspectorPanel(editor))
    form = choose(inspector, "pool2")
    shown = form.findChild(QLabel, "formulas")
    assert shown.isVisible()
    assert shown.text() == "height: ⌊H / 4⌋ − 2 = 5\nwidth: ⌊W / 4⌋ − 2 = 5"
    form = choose(inspector, "fc1")
    assert not form.findChild(QLabel, "formulas").isVisible()


def test_the_switch_stands_in_the_form_of_the_input(editor, show):
    form = choose(show(InspectorPanel(editor)), "image")
    switch = form.findChild(QCheckBox, "switch_any_size")
    QTest.mouseClick(switch, LEFT, pos=QPoint(8, switch.height() // 2))
    assert node(editor, "image").arguments["any_size"] is True
    assert any(problem.code == "any size" for problem in editor.document.problems)


def test_moving_nodes_leaves_the_formulas(show):
    editor = Editor(Document(any_size_lenet()))
    inspector = show(InspectorPanel(editor))
    form = choose(inspector, "pool1")
    before = form.findChild(QLabel, "formulas").text()
    editor.apply("Move", lambda p: move_nodes(p, MAIN, {"pool1": (5.0, 5.0)}))
    inspector.update_now()
    assert inspector.form.findChild(QLabel, "formulas").text() == before
