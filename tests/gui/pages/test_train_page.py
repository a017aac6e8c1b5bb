"""The Train page over run folders that are written as a worker writes them."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from graph import links, project_edits
from graph.state import Link
from gui.look.theme import theme
from gui.runs import words
from training.messages import EpochDone
from training.runs import list_runs


def shown(page, wait, status):
    wait(lambda: page.follower.state is not None and page.follower.state.status == status)
    return page.control


def button(page, name):
    from PySide6.QtWidgets import QPushButton

    found = page.findChild(QPushButton, name)
    assert found is not None, name
    return found


def test_an_empty_page_says_what_to_do(workshop, wait):
    page = workshop.train_page()
    wait(lambda: not page.background.busy)
    assert page.run is None
    assert page.control.start.isEnabled()
    assert "start training" in page.control.facts["place"].text()
    assert page.runs.view.isHidden() or not page.runs.view.isVisible()


def test_an_empty_page_says_how_long_training_takes_with_the_settings_as_they_are(workshop, wait):
    page = workshop.train_page()
    fact, start = page.control.status, page.control.start
    wait(lambda: not page.background.busy)
    said = {}
    for epochs in (1, 100_000):
        state = workshop.document.state
        workshop.document.set_state(
            project_edits.set_training(state, {**state.training, "epochs": epochs})
        )
        said[epochs] = fact.text()
        assert fact.text() in start.toolTip()
    assert said[1] == "Takes seconds on this processor"
    assert said[100_000] in ("Takes hours on this processor", "Takes days on this processor")
    assert not page.control.small.isVisible()
    about = {"reached": {"result": "97 %", "minutes": 2, "data": {"dataset": "shapes"}}}
    workshop.document.set_state(replace(workshop.document.state, about=about))
    assert page.control.small.isVisible()
    assert "97 %, after 2 minutes on two cores with shapes" in page.control.small.toolTip()
    about["reached"]["data"] = dict(workshop.document.state.data)
    workshop.document.set_state(replace(workshop.document.state, about=about))
    assert not page.control.small.isVisible(), "that data is in use already"
    workshop.document.set_state(project_edits.set_data(workshop.document.state, {}))
    assert fact.text() == ""
    assert "Takes" not in start.toolTip()


def test_a_finished_run_is_listed_and_shown(workshop, wait):
    run = workshop.finished(6).run
    page = workshop.train_page()
    control = shown(page, wait, "finished")
    assert page.run == run
    assert control.progress.value() == control.progress.maximum()
    assert control.facts["place"].text() == "Epoch 6 of 6"
    assert control.extend.isVisible()
    assert control.start.isVisible()
    assert not control.stop.isVisible()
    wait(lambda: page.curves.ready)
    loss = page.curves.panels["loss"].plot
    assert list(loss._training.getData()[0]) == [1, 2, 3, 4, 5, 6]
    assert loss._best.isVisible()
    assert loss._best.value() == 5
    assert "epoch 6" in page.log.text.toPlainText()


def test_curves_grow_while_a_run_trains(workshop, wait):
    writer = workshop.run().live().start(3)
    writer.epoch(1)
    page = workshop.train_page()
    control = shown(page, wait, "running")
    wait(lambda: page.curves.ready)
    assert control.pause.isEnabled()
    assert control.stop.isEnabled()
    assert not control.start.isVisible()
    writer.batch(2, 5, 0.7)
    wait(lambda: page.follower.history.batch == 5)
    assert control.facts["place"].text() == "Epoch 2 of 3 · batch 5 of 20"
    assert control.facts["speed"].text() == "4,321 samples/s"
    assert "left" in control.facts["remaining"].text()
    writer.epoch(2)
    wait(lambda: len(page.curves.panels["loss"].plot._epochs) == 2)


def test_the_end_of_a_training_is_told_once(workshop, wait, qtbot):
    writer = workshop.run().live().start(2)
    writer.epoch(1)
    page = workshop.train_page()
    shown(page, wait, "running")
    told = []
    page.training_finished.connect(told.append)
    writer.epoch(2)
    writer.finish(2, 2)
    shown(page, wait, "finished")
    wait(lambda: told)
    assert told == [writer.run]


def test_a_hidden_page_tells_of_the_end_as_well(workshop, wait):
    writer = workshop.run().live().start(2)
    writer.epoch(1)
    page = workshop.train_page()
    shown(page, wait, "running")
    page.hide()
    told = []
    page.training_finished.connect(told.append)
    writer.finish(2, 1)
    wait(lambda: told == [writer.run])


def test_a_dead_worker_is_shown_with_its_last_words(workshop, wait):
    workshop.died()
    page = workshop.train_page()
    control = shown(page, wait, "died")
    assert control.notice.isVisible()
    assert "Killed" in control.notice.text.text()
    for name in ("notice_resume", "notice_log", "notice_details"):
        assert button(page, name).isVisible(), name
    button(page, "notice_details").click()
    assert control.notice.details.isVisible()
    button(page, "notice_log").click()
    assert page.log.text.toPlainText().endswith("Killed")


def test_a_failure_says_what_to_do(workshop, wait):
    workshop.failed()
    page = workshop.train_page()
    control = shown(page, wait, "failed")
    assert "batch size smaller" in control.notice.text.text()
    assert control.resume.isVisible()


def test_stop_and_pause_are_asked_of_the_worker(workshop, wait):
    writer = workshop.run().live().start()
    writer.epoch(1)
    page = workshop.train_page()
    control = shown(page, wait, "running")
    control.pause.click()
    wait(lambda: writer.run.read_command() == "pause")
    control.stop.click()
    wait(lambda: writer.run.read_command() == "stop")
    shown(page, wait, "stopping")
    assert not control.stop.isEnabled()


def test_more_epochs_are_asked_for_in_the_page(workshop, wait, qtbot):
    workshop.finished(4)
    page = workshop.train_page()
    control = shown(page, wait, "finished")
    control.extend.click()
    assert control.extension.isVisible()
    control.more_epochs.setValue(3)
    with qtbot.waitSignal(control.extend_requested) as asked:
        button(page, "confirm_extension").click()
    assert asked.args == [3]


def test_problems_of_the_network_keep_training_from_starting(workshop, wait):
    page = workshop.train_page()
    workshop.editor.apply(
        "cut", lambda p: links.remove_links(p, "main", [Link("fc1", "out", "tanh3", "in")])
    )
    assert workshop.document.has_errors
    page.start_training()
    assert page.control.notice.isVisible()
    assert "cannot start" in page.control.notice.title.text()
    gone_to = []
    workshop.editor.show_node.connect(lambda block, node: gone_to.append((block, node)))
    button(page, "notice_show").click()
    assert gone_to
    assert list_runs(workshop.runs_folder) == []


def test_no_data_is_asked_for(workshop):
    page = workshop.train_page()
    workshop.editor.apply("no data", lambda p: project_edits.set_data(p, {}))
    page.start_training()
    assert "No data" in page.control.notice.title.text()


def test_runs_are_renamed_and_deleted(workshop, wait, qtbot):
    kept = workshop.finished(2, "Kept")
    gone = workshop.finished(3, "Gone")
    page = workshop.train_page()
    shown(page, wait, "finished")
    assert page.run == gone.run
    page.catalog.setData(page.catalog.index(0), "Renamed")
    wait(lambda: gone.run.title == "Renamed")
    wait(lambda: page.control.title.text() == "Renamed")
    page.runs.delete.click()
    assert "Renamed" in page.runs.question.text()
    page.runs.keep.click()
    assert gone.run.folder.exists()
    page.runs.delete.click()
    page.runs.confirm.click()
    wait(lambda: not gone.run.folder.exists())
    wait(lambda: page.run == kept.run)
    assert page.catalog.rowCount() == 1


def test_a_run_that_trains_cannot_be_deleted(workshop, wait):
    workshop.run().live().start().epoch(1)
    page = workshop.train_page()
    shown(page, wait, "running")
    wait(lambda: page.catalog.entries[0].state is not None)
    assert not page.runs.delete.isEnabled()


def test_the_version_of_a_run_comes_back_and_can_be_undone(workshop, wait):
    workshop.finished(2)
    page = workshop.train_page()
    shown(page, wait, "finished")
    workshop.editor.apply("more", lambda p: project_edits.set_training(p, {"epochs": 99}))
    page.runs.restore.click()
    wait(lambda: workshop.document.state.training.get("epochs") == 20)
    workshop.editor.history.undo()
    assert workshop.document.state.training["epochs"] == 99


def test_a_broken_run_is_listed_with_its_fault(workshop, wait):
    broken = workshop.finished(2)
    broken.run.model_path.unlink()
    page = workshop.train_page()
    control = shown(page, wait, "broken")
    assert "model.py" in control.notice.text.text()
    wait(lambda: page.catalog.entries[0].state is not None)
    assert not page.runs.restore.isEnabled()
    assert page.runs.delete.isEnabled()


def test_a_training_that_goes_on_is_found_again(workshop, wait):
    going = workshop.run("Older, but training").live().start()
    going.epoch(1)
    workshop.finished(2, "Newer")
    page = workshop.train_page()
    wait(lambda: page.run == going.run)
    shown(page, wait, "running")


def test_runs_of_another_file_are_listed_when_the_session_changes(workshop, wait, tmp_path):
    workshop.finished(2)
    page = workshop.train_page()
    shown(page, wait, "finished")
    workshop.session.path = tmp_path / "other.yaml"
    workshop.session.changed.emit()
    wait(lambda: page.run is None)
    assert page.catalog.rowCount() == 0


def test_a_run_that_goes_back_takes_its_curve_back(workshop, wait):
    from training.messages import Resumed

    writer = workshop.run().live().start()
    for epoch in (1, 2, 3):
        writer.epoch(epoch)
    page = workshop.train_page()
    shown(page, wait, "running")
    wait(lambda: page.curves.ready)
    plot = page.curves.panels["loss"].plot
    wait(lambda: len(plot._epochs) == 3)
    writer.say(Resumed(epoch=2, batch=0, elapsed=1.5))
    wait(lambda: len(plot._epochs) == 1)


def test_log_scale_survives_losses_of_zero(workshop, wait):
    writer = workshop.run().live().start()
    writer.epoch(1)
    writer.batch(2, 1, 0.0)
    writer.say(
        EpochDone(
            epoch=2,
            training_loss=0.0,
            training_accuracy=1.0,
            validation_loss=float("nan"),
            validation_accuracy=float("nan"),
            learning_rate=0.1,
            seconds=1,
            elapsed=3,
            best=False,
        )
    )
    page = workshop.train_page()
    shown(page, wait, "running")
    wait(lambda: page.curves.ready)
    page.curves.logarithmic.click()
    page.grab()
    page.curves.smoothing.setValue(18)
    page.curves.spread.click()
    page.grab()


def test_a_score_has_its_own_curve_in_place_of_the_accuracy(workshop, wait):
    writer = workshop.run().live().start()
    for epoch, score in ((1, 0.5), (2, 0.75)):
        writer.say(
            EpochDone(
                epoch=epoch,
                training_loss=0.5,
                training_accuracy=0.9,
                validation_loss=0.25,
                validation_accuracy=0.9,
                learning_rate=0.01,
                seconds=1.0,
                elapsed=1.0,
                best=True,
                validation_score=score,
                score_name="mean IoU",
            )
        )
    page = workshop.train_page()
    shown(page, wait, "running")
    wait(lambda: page.curves.ready and page.curves.panels["score"].isVisible())
    panel = page.curves.panels["score"]
    assert not page.curves.panels["accuracy"].isVisible()
    assert panel.title.text() == "Mean IoU"
    assert panel.plot.accessibleName() == "Mean IoU by epoch"
    assert panel.validation.text() == "validation 75.0 %"
    assert not panel.training.isVisible()
    assert panel.plot._validation.getData()[1].tolist() == [0.5, 0.75]
    state = page.catalog.entries[0].state
    assert words.best_result(state) == "mean IoU 75.0 %"


def test_curves_are_read_by_keyboard(workshop, wait, qtbot):
    workshop.finished(5)
    page = workshop.train_page()
    shown(page, wait, "finished")
    wait(lambda: page.curves.ready)
    panel = page.curves.panels["loss"]
    panel.plot.setFocus()
    qtbot.keyClick(panel.plot, Qt.Key.Key_Home)
    assert panel.reading.text() == "in epoch 1"
    qtbot.keyClick(panel.plot, Qt.Key.Key_Right)
    assert panel.reading.text() == "in epoch 2"
    assert panel.plot._cursor.value() == 2
    assert "validation" in panel.plot.accessibleDescription()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_page_is_painted_in_both_themes(workshop, wait, mode):
    workshop.finished(3)
    page = workshop.train_page()
    shown(page, wait, "finished")
    wait(lambda: page.curves.ready)
    theme().set_mode(mode)
    try:
        plot = page.curves.panels["loss"].plot
        assert plot.backgroundBrush().color() == theme().color("panel")
        assert plot._training.opts["pen"].color() == theme().color("accent")
        picture = page.grab().toImage()
        colors = {picture.pixelColor(x, 400).name() for x in range(0, 1380, 2)}
        assert theme().color("panel").name() in colors
    finally:
        theme().set_mode("system")


def test_the_log_is_copied(workshop, wait):
    workshop.finished(2)
    page = workshop.train_page()
    shown(page, wait, "finished")
    page.log.copy.click()
    assert "finished after" in QApplication.clipboard().text()


def test_everything_has_a_name(workshop, wait):
    from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit

    workshop.finished(2)
    page = workshop.train_page()
    shown(page, wait, "finished")
    for kind in (QAbstractButton, QComboBox, QLineEdit):
        for widget in page.findChildren(kind):
            if not widget.objectName().startswith("qt_"):
                assert widget.objectName()
                if widget.isVisible():
                    assert widget.accessibleName() or widget.property("text"), widget.objectName()
