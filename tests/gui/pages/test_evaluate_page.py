"""The Evaluate page over reports that are written as an evaluation writes them."""

import dataclasses
import json

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QToolTip
from safetensors.numpy import save_file

from evaluation.report import read_report
from tests.gui.pages.conftest import digit_report
from training.processes import ProcessRecord


def cell_centre(matrix, cell):
    return matrix.cell_rectangle(cell).center().toPoint()


def with_report(workshop, wait, report=None):
    writer = workshop.finished(3)
    workshop.report(writer, report)
    page = workshop.evaluate_page()
    wait(lambda: page.report.report is not None)
    return page


def test_without_runs_the_page_says_what_to_do(workshop, wait):
    page = workshop.evaluate_page()
    wait(lambda: not page.background.busy)
    assert page.run is None
    assert page.empty_title.isVisible()
    assert "Train" in page.empty_text.text()
    assert not page.evaluate.isVisible()


def test_a_report_is_shown(workshop, wait):
    page = with_report(workshop, wait)
    view = page.report
    assert view.isVisible()
    assert view.accuracy.text() == "87.5 %"
    assert view.of.text() == "of 360 held-out samples are recognized"
    assert "loss 0.0512" in view.facts.text()
    assert view.gallery_count.text() == "showing all 9, most confident first"
    assert len(view.gallery.mistakes.shown) == 9
    assert view.matrix.describe((3, 8)).startswith("3 of 36 “3” taken for “8”")


def test_a_report_of_earlier_weights_says_so(workshop, wait):
    writer = workshop.finished()
    report = workshop.report(writer)
    for epoch, is_told in ((report.epoch, False), (report.epoch + 3, True)):
        told = {"epoch": str(epoch)}
        save_file({"weight": np.zeros(3)}, writer.run.best_weights, metadata=told)
        page = workshop.evaluate_page()
        wait(lambda page=page: page.report.isVisible())
        assert page.notice.isVisible() == is_told
    assert f"epoch {report.epoch}" in page.notice.text.text()


def test_a_part_of_the_mistakes_is_called_so(workshop, wait):
    page = with_report(workshop, wait, digit_report(40, 52))
    assert page.report.gallery_count.text().startswith("showing 40 of 52 mistakes")


def test_what_is_not_defined_is_a_dash_with_a_reason(workshop, wait):
    page = with_report(workshop, wait)
    model = page.report.table.model()
    cell = model.index(9, 1)
    assert cell.data() == "–"
    assert "no precision" in cell.data(Qt.ItemDataRole.ToolTipRole)
    assert model.index(0, 1).data(Qt.ItemDataRole.ToolTipRole) is None


def test_the_table_is_sorted_by_number_with_dashes_at_the_end(workshop, wait):
    table = with_report(workshop, wait).report.table
    table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    model = table.model()
    shown = [model.index(row, 1).data() for row in range(model.rowCount())]
    assert shown[-1] == "–"
    numbers = [float(text.split()[0]) for text in shown[:-1]]
    assert numbers == sorted(numbers, reverse=True)


def test_a_cell_filters_the_pictures(workshop, wait, qtbot):
    view = with_report(workshop, wait).report
    qtbot.mouseClick(view.matrix, Qt.MouseButton.LeftButton, pos=cell_centre(view.matrix, (3, 8)))
    assert view.matrix.chosen == (3, 8)
    assert [one.true for one in view.gallery.mistakes.shown] == [3] * 3
    assert view.gallery_title.text() == "3 → 8"
    assert view.show_all.isVisible()
    view.show_all.click()
    assert view.matrix.chosen is None
    assert len(view.gallery.mistakes.shown) == 9


def test_a_right_cell_has_no_pictures_and_says_why(workshop, wait, qtbot):
    view = with_report(workshop, wait).report
    qtbot.mouseClick(view.matrix, Qt.MouseButton.LeftButton, pos=cell_centre(view.matrix, (2, 2)))
    assert not view.gallery.isVisible()
    assert "recognized" in view.perfect.text()


def test_the_matrix_is_walked_by_keyboard(workshop, wait, qtbot):
    matrix = with_report(workshop, wait).report.matrix
    matrix.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        qtbot.keyClick(matrix, key)
    assert "“1”" in matrix.accessibleDescription()
    assert "“0”" not in matrix.accessibleDescription()
    qtbot.keyClick(matrix, Qt.Key.Key_Return)
    assert matrix.chosen == (1, 1)
    qtbot.keyClick(matrix, Qt.Key.Key_Escape)
    assert matrix.chosen is None


def test_the_pointer_reads_a_cell(workshop, wait, qtbot):
    view = with_report(workshop, wait).report
    qtbot.mouseMove(view.matrix, cell_centre(view.matrix, (3, 8)))
    wait(lambda: "taken for" in view.cell.text())
    qtbot.mouseMove(view.matrix, QPoint(1, 1))
    wait(lambda: "Choose a cell" in view.cell.text())
    QToolTip.hideText()


def test_pictures_are_read_when_they_are_seen(workshop, wait):
    view = with_report(workshop, wait, digit_report(400, 400)).report
    model = view.gallery.mistakes
    view.gallery.viewport().grab()
    wait(lambda: any(image is not None for image in model._pictures._images.values()))
    assert 0 < len(model._pictures._images) < 200
    image = next(image for image in model._pictures._images.values() if image is not None)
    assert image.width() == 8


def test_a_missing_picture_is_no_disaster(workshop, wait):
    report = digit_report(2, 2)
    report = dataclasses.replace(
        report,
        mistakes=(
            dataclasses.replace(report.mistakes[0], picture=""),
            dataclasses.replace(report.mistakes[1], picture="evaluation/none.png"),
        ),
    )
    writer = workshop.finished(3)
    from evaluation.report import write_report

    write_report(writer.run.folder, report)
    page = workshop.evaluate_page()
    wait(lambda: page.report.report is not None)
    page.report.gallery.viewport().grab()
    wait(lambda: not page.background.busy)
    page.report.gallery.viewport().grab()


def test_a_run_without_report_offers_to_evaluate(workshop, wait):
    workshop.finished(3)
    page = workshop.evaluate_page()
    wait(lambda: page.evaluate.isVisible())
    assert "not evaluated" in page.empty_title.text()


def test_a_run_without_weights_offers_to_train(workshop, wait):
    workshop.run()
    page = workshop.evaluate_page()
    wait(lambda: "learned nothing" in page.empty_title.text())
    assert not page.evaluate.isVisible()


def test_a_failed_evaluation_says_why(workshop, wait):
    writer = workshop.finished(3)
    page = workshop.evaluate_page()
    wait(lambda: page.evaluate.isVisible())
    writer.run.evaluation.mkdir(exist_ok=True)
    failure = {"kind": "data", "message": "The data is gone.", "details": ""}
    path = writer.run.evaluation / "test.failed.json"
    path.write_text(json.dumps(failure), encoding="utf-8")
    page.show_run(writer.run)
    wait(lambda: page.notice.isVisible())
    assert page.notice.text.text() == "The data is gone."
    assert page.evaluate.isVisible()


def test_an_evaluation_at_work_is_shown_until_its_report_is_there(workshop, wait):
    import os

    writer = workshop.finished(3)
    writer.run.evaluation.mkdir(exist_ok=True)
    record = writer.run.evaluation / "test.worker.json"
    ProcessRecord.of(os.getpid()).write(record)
    page = workshop.evaluate_page()
    wait(lambda: page.busy.isVisible())
    assert not page.evaluate.isVisible()
    workshop.report(writer)
    record.unlink()
    wait(lambda: page.report.report is not None)
    assert page.report.isVisible()


def test_another_run_is_chosen(workshop, wait, qtbot):
    first = workshop.finished(2, "First")
    workshop.report(first, digit_report(1, 1))
    second = workshop.finished(2, "Second")
    workshop.report(second)
    page = workshop.evaluate_page()
    wait(lambda: page.report.report is not None)
    assert page.run == second.run
    page.choice.setCurrentIndex(1)
    page.choice.activated.emit(1)
    wait(lambda: page.run == first.run and page.report.report.mistakes_total == 1)
    page.show_run(second.run)
    wait(lambda: page.report.report.mistakes_total == 9)
    assert page.choice.currentText() == "Second"


def test_splits_have_reports_of_their_own(workshop, wait):
    writer = workshop.finished(3)
    workshop.report(writer)
    page = workshop.evaluate_page()
    wait(lambda: page.report.report is not None)
    page.splits.setCurrentIndex(2)
    wait(lambda: page.evaluate.isVisible())
    assert page.split == "training"
    assert not page.report.isVisible()


def test_a_report_of_a_damaged_file_is_explained(workshop, wait):
    writer = workshop.finished(3)
    workshop.report(writer)
    path = writer.run.evaluation / "test.json"
    path.write_text("{", encoding="utf-8")
    page = workshop.evaluate_page()
    wait(lambda: page.notice.isVisible())
    assert "Evaluate again" in page.notice.text.text()


def test_many_classes_are_painted(workshop, wait):
    report = digit_report(1, 1)
    names = [f"a class with a long name {n}" for n in range(120)]
    scores = tuple(dataclasses.replace(report.classes[0], name=name) for name in names)
    counts = tuple(tuple(int(a == b) for b in range(120)) for a in range(120))
    report = dataclasses.replace(report, classes=scores, confusion=counts)
    page = with_report(workshop, wait, report)
    page.grab()
    assert page.report.matrix.cell_rectangle((119, 119)).bottom() <= 2000


def test_written_and_read_reports_agree(workshop):
    writer = workshop.finished(1)
    report = workshop.report(writer)
    assert read_report(writer.run.folder, "test").mistakes == report.mistakes
