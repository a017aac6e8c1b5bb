"""The head of the train page: what is said of a run, and the buttons."""

from gui.runs.control import TrainingControl


def test_where_it_is_narrow_title_and_state_say_that_they_go_on(qtbot):
    """Each keeps some room, and what is cut off ends with a sign."""
    control = TrainingControl()
    qtbot.addWidget(control)
    control.show_run("a run with a rather long name that says much", None)
    control.status.setText("Takes some minutes on this processor, more or less")
    control.show()
    control.resize(400, control.sizeHint().height())
    for words in (control.title, control.status):
        assert words.width() >= 90
        assert words.shown_text().endswith("…")
    control.resize(1200, control.height())
    assert control.title.shown_text() == control.title.text()
    assert control.status.shown_text() == control.status.text()
