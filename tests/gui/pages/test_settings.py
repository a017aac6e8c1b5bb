"""The rows of settings on the Train page, and the form that shows them."""

from PySide6.QtWidgets import QComboBox, QStyleOptionComboBox

from graph.project_edits import set_data
from graph.templates import load_template
from gui.pages.choice import TitledChoice
from gui.pages.settings import read_settings
from training.spec import read_training


def test_what_a_dataset_alone_has_comes_before_what_it_shares():
    rows = read_settings(set_data(load_template("mlp"), {"dataset": "image_masks"})).rows
    names = [row.path for row in rows if row.section == "data" and not row.advanced]
    assert names[:4] == ["dataset", "images", "masks", "mask_values"]
    assert names[-1] == "horizontal_flip"


def test_a_fault_of_the_data_stands_at_its_setting():
    rows = read_settings(set_data(load_template("mlp"), {"dataset": "image_masks"})).rows
    (images,) = [row for row in rows if row.path == "images"]
    assert images.problem == "Choose the folder of the images."


def test_a_setting_that_is_folded_away_comes_into_view(workshop):
    """As the check of a project, or the menu, leads to it."""
    form = workshop.train_page().form
    (row,) = [row for key, row in form._rows.items() if key == "training.max_gradient_norm"]
    assert not row.isVisible()
    form.focus_setting("training.max_gradient_norm")
    seen = row.field.visibleRegion().boundingRect()
    assert seen.size() == row.field.size()


def test_a_title_that_is_too_long_ends_in_dots(workshop, monkeypatch):
    form = workshop.train_page().form
    choice = form.findChild(TitledChoice, "choice_schedule")
    option = QStyleOptionComboBox()
    choice.show_value("polynomial")
    choice.setFixedWidth(900)
    choice.initStyleOption(option)
    assert choice.shown(option) == choice.currentText()
    choice.setFixedWidth(120)
    choice.initStyleOption(option)
    whole = choice.currentText()
    shown = choice.shown(option)
    assert shown.endswith("…")
    assert whole.startswith(shown[:-1])
    assert choice.fontMetrics().horizontalAdvance(shown) < choice.width() - 24
    assert choice.toolTip() == whole
    monkeypatch.setattr(QComboBox, "showPopup", lambda self: None)  # offscreen has no popups
    choice.showPopup()
    assert choice.view().minimumWidth() > choice.fontMetrics().horizontalAdvance(whole) > 120


def test_each_choice_is_a_step_of_undo(workshop):
    form = workshop.train_page().form

    def choose(name):
        choice = form.row("training.optimizer").field
        choice.setCurrentIndex(choice.findData(name))
        choice.activated.emit(choice.currentIndex())

    def chosen():
        return read_training(workshop.document.state.training)[0].optimizer.NAME

    for name in ("SGD", "AdamW"):
        choose(name)
        assert chosen() == name
    workshop.editor.history.undo()
    assert chosen() == "SGD"
