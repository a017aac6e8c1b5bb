"""The list of runs while they go on, and what is said of one run after another."""

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from graph import links
from graph.state import Link


def test_a_title_that_is_being_typed_stays_while_the_run_trains(workshop, wait):
    writer = workshop.run("Old").live().start()
    writer.epoch(1)
    page = workshop.train_page()
    wait(lambda: page.follower.state is not None and page.runs.rename.isEnabled())
    page.runs.rename.click()
    editor = page.runs.view.findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, "My best")
    writer.epoch(2)
    wait(lambda: page.catalog.entries[0].state.epoch == 2)
    assert editor.text() == "My best"
    assert page.catalog.entries[0].title == "Old"


def test_of_each_failed_run_it_is_said_why(workshop, wait):
    first, second = workshop.failed().run, workshop.failed().run
    page = workshop.train_page()
    wait(lambda: len(page.catalog.entries) == 2)
    wait(lambda: all(entry.state is not None for entry in page.catalog.entries))
    for run in (first, second, first):
        page.runs.choose(run)
        assert page.run == run
        assert "batch size smaller" in page.control.notice.text.text()
        assert page.control.notice.isVisible()


def test_a_refusal_goes_with_its_reason(workshop, wait):
    page = workshop.train_page()
    cut = Link("fc1", "out", "tanh3", "in")
    workshop.editor.apply("Cut", lambda project: links.remove_links(project, "main", [cut]))
    page.start_training()
    before = page.control.notice.title.text()
    assert page.control.notice.isVisible()
    again = Link("conv2", "out", "tanh2", "in")
    workshop.editor.apply("Cut", lambda project: links.remove_links(project, "main", [again]))
    assert page.control.notice.isVisible()
    assert page.control.notice.title.text() != before
    workshop.editor.history.undo()
    workshop.editor.history.undo()
    assert not workshop.document.has_errors
    assert page.control.notice.isHidden()
