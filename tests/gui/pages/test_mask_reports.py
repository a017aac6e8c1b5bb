"""The Evaluate page over a report on segmentation: numbers, layers, and one sample enlarged."""

import math

import numpy
import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QImage

from evaluation.pictures import mask_bytes, png_bytes
from evaluation.report import Report
from evaluation.segmentations import MaskOutcome, MaskScore, Segmentation

SIDE = 20


def mask_report(folder):
    """Three samples: left half is a cell, the upper half was taken for one."""
    picture = numpy.full((SIDE, SIDE), 100, numpy.uint8)
    truth, answer = (numpy.zeros((SIDE, SIDE), numpy.uint8) for _ in range(2))
    truth[:, : SIDE // 2] = 1
    answer[: SIDE // 2] = 1
    wrong = (truth != answer).astype(numpy.uint8)
    outcomes = []
    (folder / "evaluation" / "test").mkdir(parents=True)
    for number in range(3):
        paths = {}
        for name, content in (
            ("picture", png_bytes(picture)),
            ("truth", mask_bytes(truth, clear=True)),
            ("answer", mask_bytes(answer, clear=True)),
            ("wrong", mask_bytes(wrong, colors=[(0, 0, 0), (255, 0, 0)], clear=True)),
        ):
            paths[name] = f"evaluation/test/{number}-{name}.png"
            (folder / paths[name]).write_bytes(content)
        outcomes.append(MaskOutcome(index=20 + number, iou=0.25 + number / 10, **paths))
    return Report(
        split="test",
        weights="best",
        epoch=3,
        time=1_800_000_000.0,
        samples=3,
        loss=0.25,
        accuracy=0.5,
        task="segmentation",
        score=0.3125,
        score_name="mean IoU",
        segmentation=Segmentation(
            scores=(
                MaskScore("background", 0.375, 0.55, 1_200, 1_000),
                MaskScore("cell", 0.25, 0.4, 600, 800),
                MaskScore("dust", math.nan, math.nan, 0, 0),
            ),
            confusion=((900, 300, 0), (100, 500, 0), (0, 0, 0)),
            outcomes=tuple(outcomes),
        ),
    )


@pytest.fixture
def shown(workshop, wait):
    writer = workshop.finished(3)
    report = mask_report(writer.run.folder)
    workshop.report(writer, report)
    page = workshop.evaluate_page()
    wait(lambda: page.masks.report is not None and page.masks.isVisible())
    return page.masks, report


def cells(table, row):
    model = table.model()
    return [model.index(row, column).data() for column in range(model.columnCount())]


def test_the_one_number_and_the_classes(shown):
    view, _ = shown
    assert view.score.text() == "31.2 %"
    assert view.of.text() == "mean intersection over union (IoU) on 3 held-out samples"
    assert view.facts.text().startswith("50.0 % of the pixels are right · loss 0.2500")
    assert cells(view.table, 0) == ["background", "37.5 %", "55.0 %", "1,200", "1,000"]
    assert cells(view.table, 2) == ["dust", "–", "–", "0", "0"]
    assert view.matrix.describe((0, 1)) == "300 of 1,200 “background” taken for “cell” (25.0 %)"
    assert view.hint.text() == "all 3, the worst first"


def middle(image, x, y):
    """The colour in a quarter of a picture."""
    return image.pixelColor(round(image.width() * x), round(image.height() * y)).getRgb()[:3]


def drawn(view, wait):
    """One enlarged sample as it is drawn."""
    picture = view.enlarged.picture
    picture.resize(100, 100)
    wait(lambda: None not in (picture.images()[0], *picture.images()[1].values()))
    grabbed = QImage(100, 100, QImage.Format.Format_RGB32)
    picture.render(grabbed)
    return grabbed


def test_layers_lie_over_the_image_as_they_are_chosen(shown, wait):
    view, _ = shown
    view.gallery.clicked.emit(view.gallery.masks.index(0))
    assert view.enlarged.isVisible()
    for box in (view.truth, view.answer, view.wrong):
        box.setChecked(False)
    grey = (100, 100, 100)
    plain = drawn(view, wait)
    quarters = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)]
    assert [middle(plain, *place) for place in quarters] == [grey] * 4
    for box, covered in (
        (view.truth, (True, False, True, False)),
        (view.answer, (True, True, False, False)),
        (view.wrong, (False, True, True, False)),
    ):
        box.setChecked(True)
        image = drawn(view, wait)
        assert tuple(middle(image, *place) != grey for place in quarters) == covered
        box.setChecked(False)
    view.wrong.setChecked(True)
    view.opacity.setValue(view.opacity.maximum())
    assert middle(drawn(view, wait), 0.75, 0.25) == (255, 0, 0)


def test_a_sample_is_enlarged_and_left_by_keyboard(shown, qtbot):
    view, _ = shown
    gallery = view.gallery
    gallery.setFocus()
    gallery.selectionModel().setCurrentIndex(
        gallery.masks.index(0), QItemSelectionModel.SelectionFlag.ClearAndSelect
    )
    qtbot.keyClick(gallery, Qt.Key.Key_Return)
    assert view.enlarged.title.text() == "Sample 20: mean IoU 25.0 %"
    assert not view.enlarged.before.isEnabled()
    qtbot.keyClick(view.enlarged, Qt.Key.Key_Left)
    qtbot.keyClick(view.enlarged, Qt.Key.Key_Right)
    qtbot.keyClick(view.enlarged, Qt.Key.Key_Right)
    assert view.enlarged.picture.outcome.index == 22
    assert not view.enlarged.next.isEnabled()
    qtbot.keyClick(view.enlarged, Qt.Key.Key_Escape)
    assert gallery.isVisible()
    assert gallery.currentIndex().row() == 2


def test_cards_are_drawn_with_their_layers(shown, wait):
    view, _ = shown
    model = view.gallery.masks
    view.gallery.viewport().grab()
    wait(lambda: model.images(model.index(0))[0] is not None)
    assert set(model.images(model.index(0))[1]) == {"answer", "wrong"}
    assert model.index(1).data() == "IoU 35.0 %"
    assert "Sample 21: mean IoU 35.0 %" in model.index(1).data(Qt.ItemDataRole.ToolTipRole)
    view.gallery.viewport().grab()
