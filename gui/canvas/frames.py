"""Making a frame around the selected nodes, typing its title, and finding the corner by which its
size is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF

from graph.edits import EditError, set_argument
from graph.framing import TITLE_HEIGHT, frame_around
from graph.geometry import Rectangle
from gui.canvas.frame_painting import HANDLE
from gui.fields.field import LineEdit

if TYPE_CHECKING:
    from gui.canvas.drawing import Drawing
    from gui.canvas.node_item import NodeItem
    from gui.canvas.view import CanvasView


def frame_selection(canvas: CanvasView) -> str:
    """Put a frame around the selected nodes and select it; its name, or empty where refused."""
    editor, items = canvas.editor, canvas.items_scene.node_items
    canvas.items_scene.glide.finish()
    sizes = {
        name: (items[name].card.width(), items[name].card.height())
        for name in sorted(editor.selection)
    }
    try:
        project, name = frame_around(editor.document.state, editor.block, sizes)
    except EditError as error:
        editor.refused.emit(str(error))
        return ""
    editor.apply(QCoreApplication.translate("Canvas", "Frame nodes"), lambda _: project)
    editor.select([name])
    return name


def corner_at(drawing: Drawing, place: QPointF, zoom: float) -> str:
    """The frame whose lower right corner lies at a place; empty where none does, and where places
    are not those of the block, since a frame has no turned sides."""
    if drawing.block.direction != drawing.surface.direction:
        return ""
    reach = max(HANDLE, HANDLE / zoom)
    for item in reversed(frames_of(drawing)):
        away = item.card_on_canvas().bottomRight() - place
        if -3.0 <= away.x() <= reach and -3.0 <= away.y() <= reach:
            return item.name
    return ""


def frames_of(drawing: Drawing) -> list[NodeItem]:
    """The frames that are shown."""
    return [item for item in drawing.node_items.values() if item.look.frame is not None]


def show_frame(drawing: Drawing, name: str, rectangle: Rectangle) -> None:
    """Show a frame in another size; the model does not change."""
    item = drawing.node_items[name]
    left, top, right, bottom = rectangle
    if item.look.frame is not None:
        item.set_look(item.look._replace(frame=(item.look.frame[0], right - left, bottom - top)))
        drawing.show_places({name: QPointF((left + right) / 2, (top + bottom) / 2)}, resting=False)


class FrameTitleField(LineEdit):
    """The field over the title of a frame. Enter takes it, Escape leaves the old one."""

    def __init__(self, canvas: CanvasView, name: str) -> None:
        super().__init__(canvas.viewport())
        self.setObjectName("frame_title")
        self.setAccessibleName(self.tr("Title of the frame"))
        self._canvas = canvas
        self._name = name
        self._block = canvas.editor.block
        self._done = False
        self.setText(self._title())
        self.selectAll()
        card = canvas.camera.transform().mapRect(
            canvas.items_scene.node_items[name].body_on_canvas()
        )
        self.move(round(card.left()), round(card.top()))
        self.resize(max(round(card.width()), 120), max(round(TITLE_HEIGHT * canvas.zoom), 28))
        self.left.connect(self._take)
        self.cancelled.connect(self.finish)
        canvas.editor.document.changed.connect(self._follow)
        canvas.editor.block_changed.connect(self.finish)
        canvas.zoom_changed.connect(self._zoomed)
        self.show()
        self.setFocus()

    def _title(self) -> str:
        node = self._canvas.editor.document.state.blocks[self._block].nodes[self._name]
        return str(node.arguments.get("title", ""))

    def _take(self) -> None:
        if self._done:
            return
        text, name, block = self.text().strip(), self._name, self._block
        self._done = True
        if text != self._title():
            self._canvas.editor.apply(
                self.tr("Name the frame {title}").format(title=text or name),
                lambda project: set_argument(project, block, name, "title", text),
            )
        self._end()

    def _zoomed(self, *_: object) -> None:
        """The frame is no longer where the field lies."""
        self._take()

    def _follow(self, _: object) -> None:
        blocks = self._canvas.editor.document.state.blocks
        if self._block not in blocks or self._name not in blocks[self._block].nodes:
            self.finish()

    def finish(self, *_: object) -> None:
        """Take the field away; the title stays as it was."""
        if not self._done:
            self._done = True
            self._end()

    def _end(self) -> None:
        canvas = self._canvas
        canvas.editor.document.changed.disconnect(self._follow)
        if self.hasFocus():
            canvas.setFocus()
        self.hide()
        self.deleteLater()
