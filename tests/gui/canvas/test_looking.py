"""Zoom, pan, fit, themes, resolutions and large networks: how the canvas is looked at."""

import os
import subprocess
import sys

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from graph.edits import add_node, remove_nodes, set_argument
from graph.links import connect
from graph.templates import load_template
from gui.canvas.measures import LARGEST_ZOOM, READABLE_ZOOM, SMALLEST_ZOOM, Level
from gui.look.theme import theme
from tests.gui.canvas.building import (
    Hand,
    agree,
    alike,
    chain,
    color_at,
    deep_network,
    key,
    on_node,
    pixel,
)
from tests.gui.colors import contrast

NONE = Qt.KeyboardModifier.NoModifier


def wheel(view, at, notches, keys=NONE):
    place = QPointF(at)
    event = QWheelEvent(
        place,
        view.viewport().mapToGlobal(place),
        QPoint(0, 0),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


@pytest.fixture
def mode():
    """Chooses the colours, and gives the system's back."""
    before = theme().mode
    yield theme().set_mode
    theme().set_mode(before)


# --- zoom and pan ------------------------------------------------------------------------------


def test_the_wheel_zooms_around_the_mouse(canvas, qtbot):
    at = on_node(canvas, "relu")
    place = canvas.camera.to_canvas(QPointF(at))
    with qtbot.waitSignal(canvas.zoom_changed):
        wheel(canvas, at, 2)
    assert canvas.zoom > 1.0
    assert (canvas.camera.to_view(place) - QPointF(at)).manhattanLength() <= 2.0
    with qtbot.waitSignal(canvas.zoom_changed):
        wheel(canvas, at, -2)
    assert canvas.zoom == 1.0


def test_shift_and_the_wheel_pan(canvas):
    before = canvas.camera.seen().center()
    wheel(canvas, QPoint(300, 300), 1, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.camera.seen().center().x() != before.x()
    assert canvas.zoom == 1.0


def test_zoom_has_limits(canvas):
    for notches, limit in ((-100, SMALLEST_ZOOM), (200, LARGEST_ZOOM)):
        wheel(canvas, QPoint(300, 300), notches)
        assert canvas.zoom == limit
    canvas.set_zoom(float("nan"))
    assert canvas.zoom == LARGEST_ZOOM
    canvas.zoom_reset()
    assert canvas.zoom == 1.0


def picture(item):
    """The item alone, as it is painted at the present level of detail."""
    rect = item.rect()
    image = QImage(round(rect.width()), round(rect.height()), QImage.Format.Format_ARGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    painter.translate(-rect.topLeft())
    item.paint(painter, None)
    painter.end()
    return image


def test_the_size_seen_from_halfway_follows_the_input(canvas):
    canvas.set_zoom(0.5)
    item = canvas.items_scene.node_items["relu"]
    before = picture(item)
    canvas.editor.apply("", lambda p: set_argument(p, "main", "image", "shape", (3, 32, 32)))
    assert item.look.size == "3×32×32"
    assert picture(item) != before
    canvas.editor.history.undo()
    assert item.look.size == "1×28×28"
    assert picture(item) == before


def test_details_go_as_one_zooms_out(canvas):
    item = canvas.items_scene.node_items["relu"]
    far = canvas.items_scene.far
    stripe = item.card_on_canvas().topLeft() + QPointF(10, 24)
    color = theme().category_color("activation")
    assert canvas.items_scene.surface.level is Level.FULL
    assert alike(color_at(canvas, pixel(canvas, stripe)), color)
    assert not alike(color_at(canvas, pixel(canvas, item.pos())), color)
    canvas.set_zoom(0.5)
    assert canvas.items_scene.surface.level is Level.SIZE
    assert item.look.size == "1×28×28"
    with_size = picture(item)
    canvas.set_zoom(0.4)
    assert canvas.items_scene.surface.level is Level.TITLE
    assert picture(item) != with_size
    assert item.isVisible()
    assert alike(color_at(canvas, pixel(canvas, stripe)), color, 40)
    canvas.set_zoom(0.2)
    assert canvas.items_scene.surface.level is Level.FAR
    assert not item.isVisible()
    assert far.isVisible()
    # The stripe has become a filled card.
    assert alike(color_at(canvas, pixel(canvas, item.pos())), color)
    canvas.zoom_reset()
    assert item.isVisible()
    assert not far.isVisible()
    agree(canvas)


def test_nodes_added_while_far_away_are_seen(open_canvas):
    view = open_canvas(chain())
    view.set_zoom(0.2)
    view.editor.apply("Add", lambda p: add_node(p, "main", "Conv2d", at=(300, 0), name="conv"))
    item = view.items_scene.node_items["conv"]
    shown = color_at(view, pixel(view, item.pos()))
    assert alike(shown, theme().category_color("convolution"))
    view.zoom_reset()
    assert item.isVisible()


@pytest.mark.parametrize("size", [(900, 760), (420, 300), (1600, 400)])
def test_fit_shows_everything(open_canvas, size):
    view = open_canvas(deep_network(60), size)
    view.set_zoom(3.0)
    view.fit()
    assert view.camera.seen().contains(view.items_scene.content_bounds())


def test_fit_selection_comes_near(open_canvas):
    view = open_canvas(deep_network(60))
    view.fit()
    view.editor.select(["relu3"])
    view.fit_selection()
    assert view.zoom == 1.0
    assert view.camera.seen().contains(view.items_scene.node_items["relu3"].card_on_canvas())


def test_a_network_opens_in_a_size_to_read(open_canvas):
    view = open_canvas(deep_network(60))
    view.editor.replace_project(deep_network(80))
    assert view.zoom == READABLE_ZOOM
    card = view.items_scene.node_items["image"].card_on_canvas()
    assert view.camera.seen().contains(card)
    view.editor.replace_project(chain())
    assert view.zoom == 1.0


def test_a_node_that_is_shown_is_not_under_its_problem(open_canvas):
    project = remove_nodes(load_template("lenet5"), "main", ["flatten"])
    view = open_canvas(connect(project, "main", "pool2", "fc1"), (620, 640))
    card = view.items_scene.node_items["fc1"].card_on_canvas()
    view.set_zoom(0.75)
    view.camera.look_at(card.center() - QPointF(0, 330))
    view.editor.go_to("main", "fc1")
    shown = view.camera.transform().mapRect(card)
    assert QRectF(view.viewport().rect()).contains(shown)
    assert view.overlays.problem.isVisible()
    assert not QRectF(view.overlays.problem.geometry()).intersects(shown)
    before = view.camera.seen()
    view.editor.go_to("main", "fc1")
    assert view.camera.seen() == before


def test_one_cannot_pan_away_from_the_network(canvas):
    for _ in range(60):
        canvas.pan(-400, -400)
    assert canvas.camera.seen().intersects(canvas.items_scene.content_bounds())


def test_the_overview_leads_there(open_canvas, qtbot):
    view = open_canvas(deep_network(200))
    minimap = view.overlays.minimap
    assert minimap.isVisible()
    before = view.camera.seen().center()
    qtbot.mouseClick(minimap, Qt.MouseButton.LeftButton, pos=QPoint(76, 86))
    assert view.camera.seen().center().y() > before.y() + 1000
    view.show_minimap(False)
    assert not minimap.isVisible()


def by_arrow(view):
    key(view, Qt.Key.Key_Down)


def by_overview(view):
    QTest.mouseClick(view.overlays.minimap, Qt.MouseButton.LeftButton, pos=QPoint(76, 86))


@pytest.mark.parametrize("look", [by_arrow, by_overview])
def test_another_size_of_the_window_keeps_what_somebody_looks_at(open_canvas, look):
    view = open_canvas(deep_network(200))
    view.show_start()
    look(view)
    middle = view.camera.seen().center()
    view.resize(view.width() + 100, view.height() + 40)
    now = view.camera.seen().center()
    assert (now.x(), now.y()) == pytest.approx((middle.x(), middle.y()), abs=2)


# --- colours -----------------------------------------------------------------------------------


def test_another_theme_repaints_everything(canvas, mode):
    item = canvas.items_scene.node_items["relu"]
    inside = pixel(canvas, item.card_on_canvas().center() + QPointF(0, 16))
    seen = {}
    for which in ("light", "dark"):
        mode(which)
        seen[which] = color_at(canvas, inside), color_at(canvas, QPoint(5, 300))
        assert alike(seen[which][0], canvas.items_scene.surface.card.color(), 6)
        assert alike(seen[which][1], theme().color("background"), 40)
        style = canvas.overlays.breadcrumb.styleSheet()
        assert theme().color("accent").name() in style
    assert seen["light"][0].lightness() > 200 > 80 > seen["dark"][0].lightness()


def test_texts_on_the_canvas_can_be_read_in_both_themes(canvas, mode):
    for which in ("light", "dark"):
        mode(which)
        surface = canvas.items_scene.surface
        for pen in (surface.text, surface.muted):
            assert contrast(pen.color(), surface.card.color()) >= 4.5
        for pen in (surface.text, surface.quiet):
            assert contrast(pen.color(), surface.background.color()) >= 4.5


# --- resolutions -------------------------------------------------------------------------------

SCRIPT = """
from PySide6.QtCore import QPointF
from gui.application import make_application
application = make_application(["kumitate"])
from gui.canvas.view import CanvasView
from gui.editor import Editor
from gui.look.theme import theme
from graph.document import Document
from graph.templates import load_template
view = CanvasView(Editor(Document(load_template("resnet-small"))))
view.resize(900, 700)
view.show()
view.zoom_reset()
application.processEvents()
image = view.viewport().grab().toImage()
ratio = image.devicePixelRatio()
item = view.items_scene.node_items["relu"]
stripe = view.camera.to_view(item.card_on_canvas().topLeft() + QPointF(10, 24)) * ratio
right = image.pixelColor(stripe.toPoint()) == theme().category_color("activation")
view.overlays.breadcrumb.grab()
view.set_zoom(0.2)
view.grab()
print(image.width(), image.height(), right)
"""


@pytest.mark.parametrize("scale", [1, 2])
def test_it_paints_in_every_resolution(scale):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, "QT_SCALE_FACTOR": str(scale)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.split() == [str(900 * scale), str(700 * scale), "True"]


# --- size --------------------------------------------------------------------------------------


def test_a_thousand_nodes_are_shown_moved_and_edited(open_canvas):
    view = open_canvas(deep_network(1000))
    assert len(view.items_scene.node_items) >= 1000
    for zoom in (1.0, 0.4, 0.1):
        view.set_zoom(zoom)
        for _ in range(3):
            view.pan(-40, -120)
            assert not view.grab().isNull()
    view.fit()
    view.zoom_reset()
    view.editor.go_to("main", "relu30")
    Hand(view).drag(on_node(view, "relu30"), on_node(view, "relu30") + QPoint(80, 0))
    assert view.editor.history.count() == 1
    agree(view)
    view.editor.history.undo()
    agree(view)
