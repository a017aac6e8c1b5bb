"""A node as a painted item. It shows a look at a place; whatever else it knows, it was told."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget

from graph.framing import TITLE_HEIGHT
from graph.geometry import Rectangle
from gui.canvas.area import area_shape, cache_mode, paint_area
from gui.canvas.frame_painting import frame_shape, paint_frame
from gui.canvas.looks import NodeLook
from gui.canvas.measures import STACK_STEP, Level
from gui.canvas.node_painting import NodeTexts, paint_full, paint_size, paint_title
from gui.canvas.node_shape import NodeShape, shape_of
from gui.canvas.note_painting import note_shape, note_text, paint_note, wrapped
from gui.canvas.note_text import NoteText
from gui.canvas.surface import Surface

MARGIN = 10.0
"""Around the card, for ports, badge and shadow."""

FINE = 1e-9
"""Between the heights of two items: what came later lies above, though Qt sees it come and go."""
FRAMES, RESTING, SELECTED, LIFTED = 5.0, 10.0, 11.0, 12.0
"""Heights in the stack of items; links lie below all nodes. They are seen through the grounds of
frames, which lie above them so that no link crosses a title."""


class NodeItem(QGraphicsRectItem):
    """A node. Its place is the node's centre.

    Based on a rectangle so that Qt knows its bounds without asking Python.

    Attributes:
        depth: how many expanded nodes it is inside of.
    """

    depth = 0

    def __init__(self, look: NodeLook, surface: Surface, order: float = 0.0) -> None:
        """Show a look; of two nodes of the same sort, that with the larger order lies above."""
        super().__init__()
        self.order = order
        self.surface = surface
        self.look = look
        self.texts: NodeTexts | None = None
        self._words: tuple[tuple[str, int], NoteText] | None = None
        self.is_selected = False
        self.is_hovered = False
        self.lit_port: tuple[str, bool] | None = None
        self._take_shape(self._shape_of(look))
        self.rest()

    @property
    def name(self) -> str:
        """The node's name."""
        return self.look.name

    def set_look(self, look: NodeLook) -> bool:
        """Show something else; True where ports or size changed."""
        if look == self.look and self.texts_current():
            return False
        only_size = self.texts_current() and look._replace(size=self.look.size) == self.look
        self.look = look
        if only_size:
            # Which is only seen from halfway; thousands of nodes may have new ones at once.
            if self.texts is not None:
                self.texts.show_size(look)
            if self.surface.level is Level.SIZE:
                self.update()
            return False
        self.texts = None
        self.update()
        shape = self._shape_of(look)
        reshaped = shape != self.shape_
        if reshaped:
            self._take_shape(shape)
        return reshaped

    def turn(self) -> bool:
        """Take the direction of the surface; True where ports are elsewhere then."""
        shape = self._shape_of(self.look)
        if shape == self.shape_:
            return False
        self.texts = None
        self._take_shape(shape)
        self.update()
        return True

    def _shape_of(self, look: NodeLook) -> NodeShape:
        if look.frame is not None:
            return frame_shape(look.frame)
        if look.is_note:
            return note_shape(look, self.surface)
        if look.inner is not None:
            return area_shape(look, look.inner, self.surface.direction)
        return shape_of(look, self.surface, self.surface.direction)

    def lift(self) -> None:
        """Lie above others while in hand; a frame stays behind what lies in it."""
        self.setZValue(self.order + (FRAMES if self.look.frame is not None else LIFTED))

    def rest(self) -> None:
        """Lie where it belongs in the stack."""
        if self.look.frame is not None:
            self.setZValue(self.order + FRAMES)
        else:
            self.setZValue(self.order + (SELECTED if self.is_selected else RESTING))

    def _note_words(self) -> NoteText:
        key = (self.look.note, self.surface.revision)
        if self._words is None or self._words[0] != key:
            self._words = key, wrapped(note_text(self.look), self.surface)
        return self._words[1]

    def texts_current(self) -> bool:
        """Whether the prepared texts are of the theme in force."""
        return self.texts is None or self.texts.revision == self.surface.revision

    def _take_shape(self, shape: NodeShape) -> None:
        self.shape_ = shape
        width, height = shape.width, shape.height
        left, top = -width / 2, -height / 2
        self._stack = 2 * STACK_STEP if self.look.is_block and self.look.inner is None else 0.0
        self.setCacheMode(cache_mode(self.look))
        around = 2 * MARGIN
        self.setRect(left - MARGIN, top - MARGIN, width + around, height + around + self._stack)

    def set_selected(self, selected: bool) -> None:
        """Show it as selected, above others."""
        if selected != self.is_selected:
            self.is_selected = selected
            self.rest()
            self.update()

    def set_hovered(self, hovered: bool, port: tuple[str, bool] | None = None) -> None:
        """Show that the mouse is on it, or on one of its ports (name, is_input)."""
        if (hovered, port) != (self.is_hovered, self.lit_port):
            self.is_hovered, self.lit_port = hovered, port
            self.update()

    def port_place(self, name: str, *, is_input: bool) -> QPointF:
        """The place of a port on the canvas."""
        x, y = self.shape_.port(name, is_input=is_input)
        return QPointF(self.x() + x, self.y() + y)

    def has_port_in(self, rectangle: Rectangle) -> bool:
        """Whether the middle of one of its ports lies in a part of the canvas."""
        left, top, right, bottom = rectangle
        places = (*self.shape_.inputs.values(), *self.shape_.outputs.values())
        here_x, here_y = self.x(), self.y()
        return any(left <= here_x + x <= right and top <= here_y + y <= bottom for x, y in places)

    @property
    def card(self) -> QRectF:
        """The card without its margins, around the middle."""
        width, height = self.shape_.width, self.shape_.height
        return QRectF(-width / 2, -height / 2, width, height)

    def card_on_canvas(self) -> QRectF:
        """The card without its margins, in canvas units."""
        return self.card.translated(self.pos())

    def body(self) -> Rectangle:
        """The card with those that peek out behind it, in canvas units."""
        x, y, shape = self.x(), self.y(), self.shape_
        right, down = shape.width / 2, shape.height / 2
        # Of a frame only its title: what lies in it is not under it, and links may pass.
        below = down + self._stack if self.look.frame is None else TITLE_HEIGHT - down
        return x - right, y - down, x + right, y + below

    def body_on_canvas(self) -> QRectF:
        """The same as a rectangle of Qt's."""
        left, top, right, bottom = self.body()
        return QRectF(left, top, right - left, bottom - top)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        """Draw it with as much detail as the zoom allows."""
        if self.look.frame is not None:
            paint_frame(painter, self, self.look.frame[0])
            return
        if self.look.is_note:
            paint_note(painter, self, self._note_words())
            return
        texts = self.texts
        if texts is None or texts.revision != self.surface.revision:
            texts = self.texts = NodeTexts(self.look, self.shape_, self.surface)
        if self.look.inner is not None:
            paint_area(painter, self, texts)
        elif self.surface.level is Level.FULL:
            paint_full(painter, self, texts)
        elif self.surface.level is Level.SIZE:
            paint_size(painter, self, texts)
        else:
            paint_title(painter, self, texts)
