"""The cost panel shows the graph's own sums; the history shows and travels through the steps."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel

from graph.cost import CostCounter, memory_text
from graph.edits import rename_node, set_argument
from graph.setting_edits import set_setting
from graph.state import MAIN, Project
from graph.templates import all_templates, load_template
from gui.fields.numbers import short, whole
from gui.panels.cost import CostPanel
from gui.panels.cost_table import LONGEST_ROLE
from gui.panels.history import HistoryPanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(editor, show):
    return show(CostPanel(editor), (800, 400))


def cell(panel, row, column):
    return str(panel.table.model().index(row, column).data())


def column(panel, number):
    return [cell(panel, row, number) for row in range(panel.table.model().rowCount())]


@pytest.mark.parametrize("template", [template.id for template in all_templates()])
def test_totals_are_those_of_the_graph(editor, panel, template):
    editor.replace_project(load_template(template))
    for block in editor.document.state.blocks:
        editor.open_block(block)
        panel.update_now()
        result = editor.document.result(block)
        assert panel.weights.text() == whole(result.parameters)
        assert panel.multiply_adds.text() == short(result.multiply_adds)
        cost = CostCounter().count(editor.document.state, result, alone=block != MAIN)
        assert panel.memory.text() == memory_text(cost.output_bytes)
        assert sum(row.kept for row in panel.model.rows) == cost.kept_bytes
        names = column(panel, 0)
        assert sorted(names) == sorted(result.nodes)
        assert sum(row.weights for row in panel.model.rows) == result.parameters
        assert sum(row.multiply_adds for row in panel.model.rows) == result.multiply_adds
        for row, name in enumerate(names):
            assert cell(panel, row, 4) == whole(result.nodes[name].parameters)
            assert cell(panel, row, 5) == whole(result.nodes[name].multiply_adds)


def test_lenet_has_the_weights_of_the_paper(panel):
    assert panel.weights.text() == "61,706"
    assert column(panel, 0)[0] == "image"


def test_it_follows_edits(editor, panel, qtbot):
    editor.apply("Set", lambda p: set_argument(p, "main", "fc2", "out_features", 85))
    expected = whole(editor.document.result("main").parameters)
    assert expected != "61,706"
    qtbot.waitUntil(lambda: panel.weights.text() == expected)


def test_a_heading_sorts_by_number(panel, qtbot):
    header = panel.table.horizontalHeader()
    place = header.sectionViewportPosition(4) + header.sectionSize(4) // 2
    for _ in range(2):
        qtbot.mouseClick(header.viewport(), LEFT, pos=QPoint(place, 12))
    numbers = [int(text.replace(",", "")) for text in column(panel, 4)]
    assert numbers in (sorted(numbers), sorted(numbers, reverse=True))
    assert len(set(numbers)) > 3


def test_a_click_shows_the_node(editor, panel, qtbot):
    row = column(panel, 0).index("fc1")
    index = panel.table.model().index(row, 0)
    panel.table.scrollTo(index)
    with qtbot.waitSignal(editor.show_node) as shown:
        qtbot.mouseClick(panel.table.viewport(), LEFT, pos=panel.table.visualRect(index).center())
    assert shown.args == ["main", "fc1"]


def test_with_nothing_it_says_what_comes_here(editor, panel, find):
    editor.replace_project(Project())
    panel.update_now()
    assert find(panel, QLabel, "no_costs").isVisible()
    assert panel.weights.text() == "0"


def test_the_memory_of_training_follows_batch_size_and_optimiser(editor, panel, qtbot):
    # 61,706 weights with gradients and two numbers of Adam, and 35,472 bytes kept for a sample.
    assert editor.document.state.training["batch_size"] == 64
    assert panel.training.text() == memory_text(4 * 4 * 61_706 + 64 * 35_472) == "3.26 MB"
    assert panel.training_words.text() == "to train with batches of 64 and Adam"
    editor.apply(
        "Train otherwise",
        lambda p: replace(p, training={"batch_size": 1000, "optimizer": {"name": "SGD"}}),
    )
    expected = memory_text(3 * 4 * 61_706 + 1000 * 35_472)
    qtbot.waitUntil(lambda: panel.training.text() == expected)
    assert panel.training_words.text() == "to train with batches of 1000 and SGD"
    assert "optimiser 247 kB" in panel.training.toolTip()


def test_what_each_node_sees_is_shown_and_sorts(editor, panel):
    sees = dict(zip(column(panel, 0), column(panel, 3), strict=True))
    assert sees["image"] == "1 × 1"
    assert sees["conv1"] == "5 × 5"
    assert sees["pool1"] == "6 × 6"
    assert sees["conv2"] == "14 × 14"
    assert sees["fc1"] == "everything"
    panel.table.sortByColumn(3, Qt.SortOrder.AscendingOrder)
    assert column(panel, 0)[0] == "image"
    assert column(panel, 3)[-1] == "everything"


def test_what_is_not_known_is_not_said_to_see_everything(editor, panel, qtbot):
    editor.apply("Break", lambda p: set_argument(p, "main", "conv2", "kernel_size", 99))
    qtbot.waitUntil(lambda: column(panel, 3)[column(panel, 0).index("conv2")] == "–")
    sees = dict(zip(column(panel, 0), column(panel, 3), strict=True))
    assert (sees["pool1"], sees["fc1"], sees["scores"]) == ("6 × 6", "–", "–")


def test_frozen_weights_are_told(editor, panel, qtbot):
    editor.apply("Freeze", lambda p: set_setting(p, "main", "conv1", "frozen", True))
    qtbot.waitUntil(lambda: panel.weights_words.text() == "weights, 156 of them frozen")


def test_bars_end_before_the_longest_number(panel):
    model = panel.model
    for place, name in ((4, "weights"), (5, "multiply_adds")):
        longest = max((whole(getattr(row, name)) for row in model.rows), key=len)
        assert model.data(model.index(0, place), LONGEST_ROLE) == longest


def test_columns_fold_away_where_it_is_narrow(panel, qtbot):
    def shown():
        titles = panel.table.model()
        return [
            titles.headerData(n, Qt.Orientation.Horizontal)
            for n in range(titles.columnCount())
            if not panel.table.isColumnHidden(n)
        ]

    panel.resize(1200, 300)
    assert len(shown()) == 8
    bar = panel.table.horizontalScrollBar()
    for width in (1200, 900, 700, 500, 400):
        panel.resize(width, 300)
        qtbot.waitUntil(lambda: not bar.isVisible())
    assert shown() == ["Node", "Weights", "Multiply-adds"]


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.00 kB"),
        (61_544, "61.5 kB"),
        (999_600, "1.00 MB"),
        (246_824_000, "247 MB"),
        (12_345_678_901, "12.3 GB"),
    ],
)
def test_memory_in_words(count, text):
    assert memory_text(count) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (99_999, "99,999"),
        (416_520, "0.42 M"),
        (3_600_000_000, "3.60 G"),
        (4_200_000_000_000, "4.20 T"),
    ],
)
def test_short_numbers(number, text):
    assert short(number) == text


def test_the_history_lists_steps_and_goes_back(editor, show, qtbot):
    panel = show(HistoryPanel(editor), (400, 260))
    model = panel.view.model()
    begun = editor.document.state
    editor.apply("Rename conv1", lambda p: rename_node(p, "main", "conv1", "first"))
    after = editor.document.state
    editor.apply("Rename conv2", lambda p: rename_node(p, "main", "conv2", "second"))
    texts = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert texts == ["As opened", "Rename conv1", "Rename conv2"]
    for row, state in ((1, after), (0, begun)):
        place = panel.view.visualRect(model.index(row, 0)).center()
        qtbot.mouseClick(panel.view.viewport(), LEFT, pos=place)
        assert editor.document.state is state
    assert editor.history.count() == 2


def test_a_narrow_panel_shows_the_numbers_that_fit(panel):
    panel.resize(1200, 300)
    assert panel.memory.isVisible()
    panel.resize(330, 300)
    assert panel.width() == 330
    assert panel.weights.isVisible()
    assert not panel.memory.isVisible()
    panel.resize(1200, 300)
    assert panel.memory.isVisible()
