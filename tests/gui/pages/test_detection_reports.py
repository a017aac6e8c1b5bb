"""The Evaluate page over a report on boxes: the slider decides what counts as found."""

import math

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from evaluation.detections import (
    Box,
    DetectedPicture,
    Detection,
    DetectionScore,
    count_errors,
)
from evaluation.report import Report
from gui.runs import words
from gui.runs.box_painting import box_color, paint_boxes
from tests.gui.colors import contrast

TRUE = Box(0.25, 0.25, 0.75, 0.75, 0)
SURE = Box(0.3, 0.25, 0.75, 0.75, 0, 0.9)
UNSURE = Box(0.0, 0.0, 0.1, 0.1, 1, 0.4)


def report_on(folder):
    pictures = []
    for number, (true, found) in enumerate(
        [((TRUE, TRUE), (UNSURE,)), ((TRUE,), (SURE, UNSURE)), ((TRUE,), (SURE,))]
    ):
        path = f"evaluation/test/{number}.png"
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        image = QImage(40, 40, QImage.Format.Format_RGB888)
        image.fill(QColor(80, 80, 80))
        assert image.save(str(folder / path))
        pictures.append(DetectedPicture(10 + number, path, true, found))
    both = [(one.true, one.found) for one in pictures]
    detection = Detection(
        0.625,
        0.5,
        0.75,
        scores=(
            DetectionScore("cat", 0.625, 0.5, 0.75, 4),
            DetectionScore("dog", math.nan, math.nan, math.nan, 0),
        ),
        errors=tuple(count_errors(both, step / 20) for step in range(1, 20)),
        pictures=tuple(pictures),
    )
    return Report(
        split="test",
        weights="best",
        epoch=3,
        time=1_800_000_000.0,
        loss=2.5,
        samples=5,
        task="detection",
        score=0.625,
        score_name="mAP@.5",
        detection=detection,
    )


@pytest.fixture
def view(workshop, wait):
    writer = workshop.finished(3)
    workshop.report(writer, report_on(writer.run.folder))
    page = workshop.evaluate_page()
    wait(lambda: page.boxes.report is not None)
    assert page.boxes.isVisible()
    return page.boxes


def cells(table, row):
    model = table.model()
    return [model.index(row, column).data() for column in range(model.columnCount())]


def counts(view):
    return [cells(view.errors, row)[1] for row in range(5)]


def test_precision_is_large_and_each_class_has_its_row_and_colour(view):
    assert view.precision.text() == "62.5 %"
    assert view.of.text() == "mean average precision (mAP@.5) on 5 held-out samples"
    assert "mAP@[.5:.95] 50.0 % · recall 75.0 %" in view.facts.text()
    assert cells(view.classes, 0) == ["cat", "62.5 %", "50.0 %", "75.0 %", "4"]
    assert cells(view.classes, 1) == ["dog", "–", "–", "–", "0"]
    colors = [
        view.classes.model().index(row, 0).data(Qt.ItemDataRole.DecorationRole) for row in (0, 1)
    ]
    assert colors == [box_color(0), box_color(1)]
    assert "3 of 5, most errors first" in view.hint.text()


def test_the_slider_moves_what_is_shown_and_counted(view):
    boxes = view.gallery.boxes
    assert view.sure.text() == "20 %"
    # Correct, wrong place, wrong class, on nothing, missed.
    assert counts(view) == ["2", "0", "0", "2", "2"]
    assert [boxes.index(row).data() for row in range(3)] == ["3 errors", "1 error", "no error"]
    assert boxes.found(1) == [SURE, UNSURE]
    view.threshold.setValue(10)
    assert view.sure.text() == "50 %"
    assert counts(view) == ["2", "0", "0", "0", "2"]
    assert [boxes.index(row).data() for row in range(3)] == ["2 errors", "no error", "no error"]
    assert boxes.found(1) == [SURE]
    view.threshold.setValue(19)
    assert counts(view) == ["0", "0", "0", "0", "4"]
    assert cells(view.errors, 4) == ["Objects missed", "4", "100.0 %"]
    assert cells(view.errors, 0)[2] == words.NO_NUMBER


def test_a_click_enlarges_and_keys_walk_and_go_back(view, qtbot):
    assert view.gallery.isVisible()
    index = view.gallery.boxes.index(1)
    view.gallery.viewport().grab()
    qtbot.mouseClick(
        view.gallery.viewport(),
        Qt.MouseButton.LeftButton,
        pos=view.gallery.visualRect(index).center(),
    )
    assert view.enlarged.isVisible()
    assert not view.gallery.isVisible()
    assert view.enlarged.title.text() == "Sample 11: 1 correct, 1 on nothing"
    view.threshold.setValue(10)
    assert view.enlarged.title.text() == "Sample 11: 1 correct"
    qtbot.keyClick(view.enlarged, Qt.Key.Key_Right)
    assert view.enlarged.title.text() == "Sample 12: 1 correct"
    assert not view.enlarged.next.isEnabled()
    qtbot.keyClick(view.enlarged, Qt.Key.Key_Right)
    assert view.enlarged.title.text() == "Sample 12: 1 correct"
    qtbot.keyClick(view.enlarged, Qt.Key.Key_Left)
    qtbot.keyClick(view.enlarged, Qt.Key.Key_Left)
    assert view.enlarged.title.text() == "Sample 10: 2 missed"
    assert not view.enlarged.before.isEnabled()
    qtbot.keyClick(view.enlarged, Qt.Key.Key_Escape)
    assert view.gallery.isVisible()
    qtbot.keyClick(view.gallery, Qt.Key.Key_Return)
    assert view.enlarged.isVisible()


def test_the_picture_comes_with_its_boxes(view, wait):
    view.gallery.opened.emit(1)
    large = view.enlarged.picture
    path = view.gallery.boxes.shown[1].picture

    wait(lambda: large.pictures.image(path) is not None)
    shot = large.grab().toImage()
    shown = {
        shot.pixelColor(x, y).name() for x in range(shot.width()) for y in range(shot.height())
    }
    assert "#505050" in shown
    assert {box_color(0).name(), box_color(1).name()} <= shown


def test_boxes_are_where_they_should_be_and_found_ones_are_dashed(qapp):
    image = QImage(200, 100, QImage.Format.Format_RGB32)

    def line(true, found):
        """How much of the left side of the box has its colour."""
        image.fill(QColor(128, 128, 128))
        painter = QPainter(image)
        paint_boxes(painter, QRect(0, 0, 200, 100), true, found, width=2.0)
        painter.end()
        side = [image.pixelColor(50, y) for y in range(30, 70)]
        return sum(color == box_color(0) for color in side) / len(side)

    assert line([TRUE], []) == 1
    assert 0.3 < line([], [TRUE]) < 0.9
    assert image.pixelColor(100, 50) == QColor(128, 128, 128)


@pytest.mark.parametrize("label", range(20))
def test_the_name_of_a_class_is_read_on_its_colour(qapp, label):
    image = QImage(200, 100, QImage.Format.Format_RGB32)
    image.fill(QColor(128, 128, 128))
    painter = QPainter(image)
    names = ["████"] * 20
    box = Box(0.25, 0.5, 0.75, 0.9, label, 0.9)
    paint_boxes(painter, QRect(0, 0, 200, 100), [], [box], names=names)
    painter.end()
    drawn = {image.pixelColor(x, y).rgb() for x in range(52, 110) for y in range(34, 48)}
    assert max(contrast(QColor(one), box_color(label)) for one in drawn) >= 4.5


def test_an_abbreviation_keeps_its_small_letter():
    assert words.title("mAP@.5") == "mAP@.5"
    assert words.title("mean IoU") == "Mean IoU"
