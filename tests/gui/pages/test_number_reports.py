"""The Evaluate page over reports on numbers and on pictures that come back."""

import math

from PySide6.QtGui import QColor, QImage

from evaluation.report import NumberScore, Outcome, Report
from gui.runs import words
from training.messages import EpochDone, Finished

FACTS = {"split": "test", "weights": "best", "epoch": 3, "time": 1_800_000_000.0, "loss": 9.25}
TOTAL = NumberScore("", 2.5, 3.041, 0.75)


def number_report(*names):
    outcomes = tuple(
        Outcome(
            index=10 + place,
            error=5.0 - place,
            true=tuple(20.0 * place + number for number in range(len(names))),
            predicted=tuple(20.0 * place + number + 5 - place for number in range(len(names))),
        )
        for place in range(4)
    )
    scores = tuple(NumberScore(name, 2.5, 3.041, 0.75) for name in names)
    return Report(
        **FACTS, samples=4, task="regression", total=TOTAL, scores=scores, outcomes=outcomes
    )


def picture_report(folder):
    outcomes = []
    for place in range(3):
        paths = [f"evaluation/test/{place}{kind}.png" for kind in ("", "-answer")]
        for path in paths:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            image = QImage(8, 8, QImage.Format.Format_Grayscale8)
            image.fill(QColor(80, 80, 80))
            assert image.save(str(folder / path))
        outcomes.append(Outcome(place, 0.3 - place / 10, picture=paths[0], answer=paths[1]))
    return Report(**FACTS, samples=3, task="reconstruction", total=TOTAL, outcomes=tuple(outcomes))


def shown(workshop, wait, make):
    writer = workshop.finished(3)
    report = make(writer.run.folder)
    workshop.report(writer, report)
    page = workshop.evaluate_page()
    wait(lambda: page.numbers.report is not None)
    assert not page.report.isVisible()
    return page.numbers, report


def cells(table, row):
    model = table.model()
    return [model.index(row, column).data() for column in range(model.columnCount())]


def test_numbers_are_shown_with_a_plot_and_the_worst_samples(workshop, wait):
    view, report = shown(workshop, wait, lambda _: number_report("progression"))
    assert view.isVisible()
    assert view.error.text() == "2.5000"
    assert view.of.text() == "mean absolute error on 4 held-out samples"
    assert "R² 0.750" in view.facts.text()
    wait(lambda: view.plot is not None)
    assert view.plot.isVisible()
    assert not view.pairs.isVisible()
    assert not view.output.isVisible()
    assert view.plot.true.tolist() == [one.true[0] for one in report.outcomes]
    assert view.plot.predicted.tolist() == [one.predicted[0] for one in report.outcomes]
    assert cells(view.scores, 0) == ["progression", "2.5000", "3.0410", "0.750"]
    assert view.scores.model().rowCount() == 1
    assert cells(view.worst, 0) == ["10", "0.0000", "5.0000", "5.0000"]


def test_of_several_numbers_one_is_chosen_for_the_plot(workshop, wait):
    view, report = shown(workshop, wait, lambda _: number_report("height", "weight"))
    wait(lambda: view.plot is not None)
    assert view.scores.model().rowCount() == 3
    assert view.output.isVisible()
    view.output.setCurrentIndex(1)
    assert view.plot.true.tolist() == [one.true[1] for one in report.outcomes]


def test_pictures_are_shown_in_pairs_the_worst_first(workshop, wait):
    view, report = shown(workshop, wait, picture_report)
    assert view.pairs.isVisible()
    assert not view.worst.isVisible()
    model = view.pairs.pairs
    assert model.shown == list(report.outcomes)
    view.pairs.viewport().grab()
    wait(lambda: all(image is not None for image in model.images(model.index(0))))
    assert [image.width() for image in model.images(model.index(0))] == [8, 8]
    assert model.index(0).data() == "error 0.3000"
    assert cells(view.scores, 0)[0] == "All numbers"
    wait(lambda: view.plot is not None)
    assert not view.plot.isVisible()


def test_a_run_without_accuracy_is_told_by_its_loss(workshop, wait):
    writer = workshop.run().start(1)
    writer.say(
        EpochDone(
            epoch=1,
            training_loss=0.5,
            training_accuracy=math.nan,
            validation_loss=0.25,
            validation_accuracy=math.nan,
            learning_rate=0.01,
            seconds=1.0,
            elapsed=1.0,
            best=True,
        ),
        Finished(best_epoch=1, best_accuracy=math.nan, best_loss=0.25, elapsed=1.0),
    )
    writer.end()
    page = workshop.train_page()
    wait(lambda: page.catalog.entries and page.catalog.entries[0].state is not None)
    assert words.best_result(page.catalog.entries[0].state) == "loss 0.2500"
    wait(lambda: page.curves.ready and page.curves.panels["loss"].isVisible())
    assert not page.curves.panels["accuracy"].isVisible()
