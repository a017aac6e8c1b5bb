"""Who listens instead of looking, or has no mouse, can use every control."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTextEdit,
    QWidget,
)

from gui.canvas.view import CanvasView

INTERACTIVE = (
    *(QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox),
    *(QLineEdit, QPlainTextEdit, QTextEdit, CanvasView),
)


def nameless(widget):
    """The interactive widgets below a widget that a screen reader could not name; parts that Qt
    makes for itself are left out."""
    found = []
    for one in widget.findChildren(QWidget):
        if not isinstance(one, INTERACTIVE) or isinstance(one, QScrollBar | QHeaderView):
            continue
        parent = one.parentWidget()
        of_qt = (
            one.objectName().startswith("qt_")
            or isinstance(parent.parentWidget(), QComboBox)
            or isinstance(parent, QAbstractSpinBox)
            or (isinstance(parent, QAbstractItemView) and type(one) is QAbstractButton)
        )
        # Letters on a button are its name, unless it has another; a sign such as "×" is none.
        text = one.text() if isinstance(one, QAbstractButton) else ""
        named = one.accessibleName().strip() or any(letter.isalpha() for letter in text)
        if not of_qt and not named:
            found.append(f"{type(one).__name__} {one.objectName()!r} in {parent.objectName()!r}")
    return found


@pytest.mark.parametrize("page", ["design", "train", "evaluate", "welcome"])
def test_every_interactive_widget_has_a_name(lenet, page):
    lenet.show_page(page)
    QApplication.processEvents()
    assert nameless(lenet) == []


def test_the_forms_of_all_sorts_of_selections_have_names(window, qtbot):
    window.commands.new_from_template("resnet-small")
    inspector, editor = window.pages.design.inspector, window.editor
    nodes = editor.document.state.main.nodes
    block = next(name for name in nodes if nodes[name].is_block)
    for chosen in ([block], list(nodes)[:1], list(nodes), []):
        editor.select(chosen)
        inspector.update_now()
        assert nameless(inspector) == [], chosen
    editor.open_block(nodes[block].type)
    inspector.update_now()
    assert nameless(inspector) == []
    for name in editor.document.state.blocks[editor.block].nodes:
        editor.select([name])
        inspector.update_now()
        assert nameless(inspector) == [], name


def test_windows_and_popups_have_names(lenet):
    for name in ("shortcuts", "about"):
        lenet.actions_[name].trigger()
        assert nameless(lenet.help.windows[name]) == [], name
        assert lenet.help.windows[name].windowTitle()
    lenet.actions_["command_palette"].trigger()
    assert nameless(lenet.palette_.popup) == []
    lenet.palette_.popup.close_popup()
    lenet.actions_["find_node"].trigger()
    assert nameless(lenet.pages.design) == []


def test_tab_goes_from_the_pages_through_the_palette_to_the_canvas_and_the_inspector(lenet, qtbot):
    """In the order in which one looks: top, left, middle, right."""
    with qtbot.waitActive(lenet):
        lenet.activateWindow()
    design = lenet.pages.design
    lenet.editor.select(["conv1"])
    design.inspector.update_now()
    lenet.top.pages["page_design"].setFocus()
    areas = {
        "top": lenet.top,
        "palette": design.palette_panel,
        "canvas": design.canvas,
        "bottom": design.bottom,
        "inspector": design.inspector,
    }
    seen = []
    for _ in range(90):
        focused = QApplication.focusWidget()
        assert focused is not None
        assert focused.isVisible()
        for name, area in areas.items():
            inside = focused is area or area.isAncestorOf(focused)
            if inside and (not seen or seen[-1] != name):
                seen.append(name)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    once = list(dict.fromkeys(seen))
    assert set(once) == set(areas), seen
    assert once.index("top") < once.index("palette") < once.index("canvas"), seen


@pytest.mark.parametrize("page", ["design", "train", "evaluate", "welcome"])
def test_tab_stops_at_nothing_without_a_name(lenet, qtbot, page):
    """Also not at what only holds other controls."""
    with qtbot.waitActive(lenet):
        lenet.activateWindow()
    lenet.show_page(page)
    lenet.top.check.setFocus()
    stops = []
    for _ in range(80):
        focused = QApplication.focusWidget()
        stops.append(focused)
        text = focused.text() if isinstance(focused, QAbstractButton) else ""
        assert focused.accessibleName() or text, focused.objectName()
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert len(set(stops)) > 3
