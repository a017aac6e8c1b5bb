"""The window as a whole: pages, actions, what it remembers, what it says when something fails."""

import sys
import threading

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from graph.edits import add_node, remove_nodes
from graph.links import connect
from graph.templates import all_templates
from gui.failures import install
from gui.look.theme import theme
from tests.gui.window.conftest import bar_text


def keys(window, key, modifiers=Qt.KeyboardModifier.ControlModifier):
    QTest.keyClick(window, key, modifiers)


def test_the_start_offers_a_first_step_and_every_template(window):
    assert window.pages.page == "welcome"
    welcome = window.pages.welcome
    assert welcome.first.hasFocus()
    assert [card.template.id for card in welcome.cards.cards] == [t.id for t in all_templates()]
    # Without a project there is nothing to save, train or count.
    for name in ("save", "train", "page_train", "export", "undo"):
        assert not window.actions_[name].isEnabled(), name
    assert not window.status.weights.isVisible()


@pytest.mark.parametrize("template", [template.id for template in all_templates()])
def test_a_click_on_a_template_opens_it_without_problems(window, template):
    card = next(c for c in window.pages.welcome.cards.cards if c.template.id == template)
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    assert window.pages.page == "design"
    assert window.editor.document.problems == []
    assert window.status.problems.text() == "no problems"
    assert window.editor.document.state.name in window.top.project.text()


def test_pages_by_key(lenet):
    for key, page in (
        (Qt.Key.Key_2, "train"),
        (Qt.Key.Key_3, "evaluate"),
        (Qt.Key.Key_1, "design"),
    ):
        keys(lenet, key)
        assert lenet.pages.page == page
        assert lenet.actions_[f"page_{page}"].isChecked()
        assert lenet.top.pages[f"page_{page}"].isChecked()


def test_every_action_has_words_and_no_key_belongs_to_two(window):
    taken = {}
    for action in window.actions_:
        assert action.text(), action.objectName()
        assert action.toolTip(), action.objectName()
        for key in action.shortcuts():
            assert key.toString() not in taken, (action.objectName(), taken[key.toString()])
            taken[key.toString()] = action.objectName()


def test_every_action_does_something(lenet, answers):
    """An action that nobody listens to is a dead button."""
    for action in lenet.actions_:
        signal = "toggled(bool)" if action.objectName().startswith("show_") else "triggered(bool)"
        assert action.receivers(f"2{signal}") > 0, action.objectName()


def test_undo_and_redo_say_what_they_undo(lenet):
    undo, redo = lenet.actions_["undo"], lenet.actions_["redo"]
    assert not undo.isEnabled()
    before = lenet.editor.document.state
    lenet.editor.apply("Add a ReLU", lambda p: add_node(p, "main", "ReLU", name="extra"))
    assert undo.text() == "Undo: Add a ReLU"
    keys(lenet, Qt.Key.Key_Z)
    assert lenet.editor.document.state is before
    assert redo.text() == "Redo: Add a ReLU"
    keys(lenet, Qt.Key.Key_Y)
    assert "extra" in lenet.editor.document.state.main.nodes


def test_panels_are_hidden_shown_and_remembered(lenet, open_window, answers):
    design = lenet.pages.design
    lenet.actions_["show_palette"].trigger()
    lenet.actions_["theme_dark"].trigger()
    design.show_tab("cost")
    assert not design.palette_panel.isVisible()
    answers.unsaved = "discard"
    try:
        lenet.close()
        other = open_window()
        other.commands.new_from_template("mlp")
        assert not other.pages.design.palette_panel.isVisible()
        assert other.pages.design.inspector.isVisible()
        assert other.pages.design.bottom.tab == "cost"
        assert other.settings.value("theme") == "dark"
        other.actions_["find_layer"].trigger()
        assert other.pages.design.palette_panel.isVisible()
    finally:
        theme().set_mode("system")


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_changing_the_look_repaints_everything(lenet, mode):
    try:
        lenet.set_theme(mode)
        picture = lenet.grab().toImage()
        design = lenet.pages.design
        for widget, token in ((design.canvas, "background"), (design.inspector, "panel")):
            corner = widget.mapTo(lenet, QPoint(3, widget.height() - 4))
            ratio = picture.devicePixelRatio()
            seen = picture.pixelColor(corner * ratio)
            assert seen.name() == theme().color(token).name(), widget.objectName()
    finally:
        theme().set_mode("system")


@pytest.mark.parametrize("size", [(1440, 900), (1024, 700), (940, 500)])
@pytest.mark.parametrize("page", ["welcome", "design", "train", "evaluate"])
def test_no_button_is_cut_off(lenet, size, page):
    """Every button that is seen has room for its words."""
    lenet.resize(*size)
    if page == "welcome":
        lenet.choose_template()
    else:
        lenet.actions_[f"page_{page}"].trigger()
    if page == "design":
        lenet.editor.apply("cut", lambda p: remove_nodes(p, "main", ["flatten"]))
        lenet.editor.apply("link", lambda p: connect(p, "main", "pool2", "fc1"))
        lenet.actions_["check"].trigger()
    QApplication.processEvents()
    assert lenet.width() == size[0]
    for button in lenet.findChildren(QPushButton):
        if button.isVisible() and button.text() and button.property("role") != "template":
            needed = QFontMetrics(button.font()).horizontalAdvance(button.text().replace("&&", "&"))
            assert button.width() >= needed, f"{button.objectName()}: {button.text()}"
            seen = button.visibleRegion().boundingRect()
            # A list may be scrolled down, but not to the side.
            assert seen.isEmpty() or seen.width() == button.width(), button.objectName()


def test_check_shows_the_problems_and_their_node(lenet):
    lenet.editor.apply("add", lambda p: add_node(p, "main", "ReLU", name="alone"))
    lenet.actions_["page_train"].trigger()
    keys(lenet, Qt.Key.Key_F7, Qt.KeyboardModifier.NoModifier)
    assert lenet.pages.page == "design"
    assert lenet.pages.design.bottom.tab == "problems"
    assert lenet.editor.selection == {"alone"}
    # The list says it; the card on the canvas would only cover nodes.
    card = lenet.pages.design.canvas.overlays.problem
    assert not card.isVisible()
    lenet.pages.design.show_tab("code")
    assert card.isVisible()
    # It receives nothing, and nothing uses it.
    assert lenet.status.problems.text() == "2 problems"


def test_training_a_broken_network_shows_why_not(lenet):
    lenet.editor.apply("add", lambda p: add_node(p, "main", "ReLU", name="alone"))
    lenet.actions_["train"].trigger()
    page = lenet.pages.train_page
    words = " ".join(one.text() for one in page.findChildren(QLabel) if one.isVisible())
    assert "alone" in words
    assert list(lenet.session.runs_folder().parent.glob("*.runs")) == []


def test_the_code_is_exported_as_a_folder(lenet, answers, tmp_path):
    answers.path = tmp_path
    for expected in ("lenet-5", "lenet-5-2"):
        lenet.actions_["export"].trigger()
        assert (tmp_path / expected / "model.py").is_file(), list(tmp_path.iterdir())
        assert expected in bar_text(lenet, "export")
    assert (tmp_path / "lenet-5" / "model.py").read_text() == lenet.pages.design.bottom.code.text()


def test_code_of_a_broken_network_is_not_exported(lenet, answers, tmp_path):
    answers.path = tmp_path
    lenet.editor.apply("add", lambda p: add_node(p, "main", "ReLU", name="alone"))
    lenet.actions_["export"].trigger()
    assert "alone" in bar_text(lenet, "export")
    assert answers.asked == []


def test_an_empty_project_says_what_goes_there(window):
    window.actions_["new"].trigger()
    assert window.pages.page == "design"
    [problem] = window.editor.document.problems
    assert "Drag an Input" in problem.text


def test_the_chooser_leads_back_to_the_project(lenet):
    lenet.actions_["new_from_template"].trigger()
    assert lenet.pages.page == "welcome"
    lenet.pages.welcome.back_button.click()
    assert lenet.pages.page == "design"
    assert lenet.editor.document.state.name == "LeNet-5"


def test_closing_a_project_leads_to_the_start(lenet):
    lenet.actions_["close_project"].trigger()
    assert lenet.pages.page == "welcome"
    assert not lenet.has_project
    assert not lenet.actions_["save"].isEnabled()


@pytest.mark.parametrize("name", ["shortcuts", "about"])
def test_help_windows_open_and_close(lenet, name):
    lenet.actions_[name].trigger()
    opened = lenet.help.windows[name]
    assert opened.isVisible()
    assert not opened.isModal()
    QTest.keyClick(opened, Qt.Key.Key_Escape)
    assert not opened.isVisible()


def test_every_control_has_a_name_for_those_who_listen(lenet):
    for page in ("design", "train", "evaluate"):
        lenet.actions_[f"page_{page}"].trigger()
        for button in lenet.findChildren(QPushButton):
            if button.isVisible():
                assert button.accessibleName() or button.text(), button.objectName()


def test_a_failure_inside_is_told_and_the_project_is_put_in_safety(lenet, monkeypatch, qtbot):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    failures = install(lenet)
    lenet.editor.apply("add", lambda p: add_node(p, "main", "ReLU", name="alone"))
    try:
        raise ZeroDivisionError("nothing to divide by")
    except ZeroDivisionError as error:
        failures.take(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: lenet.info.bar("failure") is not None)
    assert "nothing to divide by" in bar_text(lenet, "failure")
    assert "Traceback" not in bar_text(lenet, "failure")
    assert lenet.session.recovery.path.is_file()
    lenet.info.bar("failure").findChild(QPushButton, "choice_copy_details").click()
    assert "ZeroDivisionError" in QApplication.clipboard().text()


def test_tool_tips_name_the_key(lenet):
    assert "Ctrl+R" in lenet.top.train.toolTip()


def test_bars_on_nodes_are_chosen_in_the_menu_and_kept(lenet, open_window):
    surface = lenet.pages.design.canvas.items_scene.surface
    lenet.actions_["share_weights"].trigger()
    assert surface.shares
    assert lenet.actions_["share_weights"].isChecked()
    assert not lenet.actions_["share_nothing"].isChecked()
    lenet.close()
    other = open_window()
    other.commands.new_from_template("lenet5")
    assert other.actions_["share_weights"].isChecked()
    assert other.pages.design.canvas.items_scene.surface.shares == surface.shares
    other.actions_["share_nothing"].trigger()
    assert other.pages.design.canvas.items_scene.surface.shares == {}
