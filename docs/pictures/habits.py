"""Pictures of the clipboard, of exported pictures, and of the window around the canvas."""

from __future__ import annotations

from pathlib import Path
from tempfile import gettempdir

from PySide6.QtCore import QByteArray, QMimeData, QPointF, QRectF, Qt, QUrl
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QPainter,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from docs.pictures.stage import LEFT, NONE, Stage
from docs.screenshots import settle
from graph.files import save
from graph.templates import load_template
from gui.canvas.picture import picture_of
from gui.files.picture_export import PictureDialog
from gui.look.theme import theme


def clipboard(stage: Stage) -> None:
    """Copied nodes are text."""
    stage.only_canvas()
    stage.editor.select(["conv1", "tanh1", "pool1"])
    stage.look(0, 180)
    stage.act("copy")
    stage.snap(stage.crop(400, 500))
    words = QPlainTextEdit(QGuiApplication.clipboard().text())
    words.setProperty("role", "code")
    words.document().setDocumentMargin(16)
    words.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    words.resize(680, 500)
    words.move(2000, 0)
    words.show()

    def text() -> QImage:
        settle(0.2)
        return words.grab().toImage()

    stage.add(text)
    words.close()


def export(stage: Stage) -> None:
    """What shall be on a picture."""
    stage.editor.select(["conv1", "tanh1", "pool1"])
    dialog = PictureDialog(3, stage.window)
    dialog.open()
    dialog.move(stage.window.rect().center() - dialog.rect().center())
    stage.snap()
    dialog.close()


def exported_svg(stage: Stage) -> None:
    """The whole block as SVG."""
    stage.editor.open_block("Residual")

    def draw() -> QImage:
        content = picture_of(stage.editor, "svg").content
        renderer = QSvgRenderer(QByteArray(content))
        size = renderer.defaultSize()
        image = QImage(size, QImage.Format.Format_RGB32)
        image.fill(theme().color("background"))
        painter = QPainter(image)
        renderer.render(painter, QRectF(image.rect()))
        painter.end()
        return image

    stage.add(draw)


def exported_selection(stage: Stage) -> None:
    """Some nodes as PNG, with what leads to and from them."""
    stage.editor.select(["conv1", "tanh1", "pool1"])

    def draw() -> QImage:
        content = picture_of(stage.editor, "png", only=stage.editor.selection).content
        return QImage.fromData(QByteArray(content))

    stage.add(draw)


def palette(stage: Stage) -> None:
    """Everything by typing."""
    stage.act("command_palette")
    QTest.keyClicks(stage.window.palette_.popup.line, "conv")
    stage.snap()


def shortcuts(stage: Stage) -> None:
    """All keys, and changing them."""
    stage.act("shortcuts")
    settle(0.3)
    window = stage.window.findChild(QWidget, "shortcuts_window")
    stage.add(lambda: _settled(window))


def _settled(widget: QWidget) -> QImage:
    settle(0.3)
    return widget.grab().toImage()


def context_menu(stage: Stage) -> None:
    """What can be done with a node."""
    stage.look(0, 360)
    at = stage.node("stage1")
    place = stage.canvas.viewport().mapToGlobal(at)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, place)
    QApplication.sendEvent(stage.canvas.viewport(), event)
    stage.snap()
    stage.canvas.findChild(QWidget, "canvas_menu").close()


def dropped(stage: Stage) -> None:
    """A file dropped onto the window opens in a tab of its own."""
    path = Path(gettempdir()) / "resnet-for-digits.yaml"
    save(load_template("resnet-small"), path)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    at = stage.window.rect().center()
    copy = Qt.DropAction.CopyAction
    QApplication.sendEvent(stage.window, QDragEnterEvent(at, copy, mime, LEFT, NONE))
    QApplication.sendEvent(stage.window, QDropEvent(QPointF(at), copy, mime, LEFT, NONE))
    settle(0.3)
    stage.snap()


def tabs(stage: Stage) -> None:
    """Several projects, a tab each."""
    stage.act("new_tab")
    stage.window.commands.new_from_template("mlp")
    settle(0.2)
    stage.snap()


def templates(stage: Stage) -> None:
    """Templates with their size, their cost, and how long they train here."""
    stage.act("new_from_template")
    settle(6)
    stage.snap()


def whole(stage: Stage) -> None:
    """The window as it opens a template."""
    stage.editor.select(["conv2"])
    settle(0.5)
    stage.snap()


def sequences(stage: Stage) -> None:
    """A layer with several outputs, whose ports are named."""
    stage.look(0, 180)
    stage.snap()


SCENES = {
    "clipboard": ("lenet5", clipboard),
    "export": ("lenet5", export),
    "exported-svg": ("resnet-small", exported_svg),
    "exported-selection": ("lenet5", exported_selection),
    "command-palette": ("lenet5", palette),
    "shortcuts": ("lenet5", shortcuts),
    "context-menu": ("resnet-small", context_menu),
    "templates": ("lenet5", templates),
    "dropped": ("lenet5", dropped),
    "tabs": ("lenet5", tabs),
    "sequences": ("lstm-sequences", sequences),
}
