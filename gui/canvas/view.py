"""The canvas widget: gives mouse and keyboard to gestures and commands, and shows what the model
says. What is drawn: gui/canvas/scene.py; what gestures do: gui/gestures."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsView, QStyle, QWidget

from graph.document import Difference
from gui.canvas import commands, frames, keys, rerouting
from gui.canvas.adder import Adder
from gui.canvas.arranger import Arranger
from gui.canvas.block_name import BlockNameField
from gui.canvas.camera import Camera
from gui.canvas.drawing import Drawing
from gui.canvas.drops import DropView
from gui.canvas.frames import FrameTitleField
from gui.canvas.grid import Grid
from gui.canvas.link_styles import lead_links
from gui.canvas.linker import Linker
from gui.canvas.menus import open_menu
from gui.canvas.note_editor import NoteEditor
from gui.canvas.overlays import Overlays
from gui.canvas.preferences import canvas_preferences
from gui.canvas.scene import CanvasScene
from gui.canvas.spoken import Spoken
from gui.canvas.visited import Visited
from gui.editor import Editor
from gui.look.theme import theme

ZOOM_STEP = 1.25


class CanvasView(DropView):
    """Shows the editor's block, and edits it by mouse and keyboard through `Editor.apply` only.

    Signals:
        zoom_changed(zoom): 1.0 is 100 %.
    """

    zoom_changed = Signal(float)

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editor = editor
        self.setObjectName("canvas")
        self._prepare()
        self.items_scene = CanvasScene(editor, self, seen=QRectF())
        self.items_scene.animated = self._animations_wanted()
        self.camera = Camera(self, self.items_scene)
        self.setScene(self.items_scene)
        self._grid = Grid(self.items_scene.surface)
        self.overlays = Overlays(editor, self.items_scene, self.camera, self)
        self.note = self.overlays.note
        self.adder = Adder(self)
        self.linker = Linker(self)
        self.block_name: BlockNameField | None = None
        self.note_editor: NoteEditor | None = None
        self.keep: Callable[[], None] | None = self.show_start
        """What to show also in another size of the window; None once somebody looked elsewhere."""
        self.arranger = Arranger(self)
        self.visited = Visited(self)
        self.visited.changed.connect(self._show_ways)
        self.overlays.minimap.looked.connect(partial(self.pan, 0, 0))
        self.overlays.breadcrumb.back.clicked.connect(self.visited.back)
        self.overlays.breadcrumb.forward.clicked.connect(self.visited.forward)
        editor.document.changed.connect(self._document_changed)
        editor.selection_changed.connect(self.items_scene.show_selection)
        editor.block_changed.connect(self._block_changed)
        editor.show_node.connect(self._show_node)
        theme().changed.connect(self._theme_changed)
        canvas_preferences().changed.connect(self._preferences_changed)
        Spoken(self)

    def _prepare(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self.viewport().setMouseTracking(True)
        self.viewport().setObjectName("canvas_viewport")

    def _animations_wanted(self) -> bool:
        """Whether the system asks for motion."""
        duration = self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self)
        return duration > 0 and QApplication.isEffectEnabled(Qt.UIEffect.UI_General)

    # --- following the model -------------------------------------------------------------------

    def _document_changed(self, difference: Difference) -> None:
        # Something else changed the network under the hand, such as undo.
        self.cancel_gesture()
        self.items_scene.follow(difference)
        self.camera.update_limits()
        self.overlays.refresh()

    def _block_changed(self, name: str) -> None:
        self.cancel_gesture()
        self.items_scene.show_block()
        self.overlays.breadcrumb.follow(name)
        self.overlays.refresh()
        self.show_start()
        self.visited.arrived()

    def _show_ways(self) -> None:
        self.overlays.breadcrumb.show_ways(
            back=self.visited.can_go_back(), forward=self.visited.can_go_forward()
        )

    def _show_node(self, block: str, node: str) -> None:
        if block != self.editor.block or node not in self.items_scene.node_items:
            return
        self.items_scene.glide.finish()
        self.bring_into_view(self.items_scene.node_items[node].card_on_canvas())

    def bring_into_view(self, card: QRectF) -> None:
        """Show a part of the canvas, if it is not seen already."""
        if self.zoom < 0.5:
            self._zoom_to(0.8, None)
        if not self.overlays.leave_free(self.camera.transform().mapRect(card)):
            self.keep = None
            self.camera.update_limits(around=card.center())
            self.camera.look_at(card.center())
            self.overlays.minimap.update()

    def _theme_changed(self) -> None:
        self.items_scene.repaint_all()
        self.viewport().update()
        self.overlays.minimap.update()

    def _preferences_changed(self) -> None:
        lead_links(self.items_scene, canvas_preferences().link_style)

    # --- looking -------------------------------------------------------------------------------

    @property
    def zoom(self) -> float:
        """1.0 is 100 %."""
        return self.camera.zoom

    def set_zoom(self, zoom: float) -> None:
        """Zoom around the middle; limited to what can be drawn."""
        self._zoom_to(zoom, None)

    def zoom_in(self) -> None:
        """One step nearer."""
        self._zoom_to(self.zoom * ZOOM_STEP, None)

    def zoom_out(self) -> None:
        """One step further away."""
        self._zoom_to(self.zoom / ZOOM_STEP, None)

    def zoom_reset(self) -> None:
        """100 %."""
        self._zoom_to(1.0, None)

    def _zoom_to(self, zoom: float, around: QPointF | None) -> None:
        self.keep = None
        if self.camera.set_zoom(zoom, around):
            self._zoomed()

    def _zoomed(self) -> None:
        self.viewport().update()
        self.overlays.minimap.update()
        self.zoom_changed.emit(self.zoom)

    def pan(self, across: float, down: float) -> None:
        """Move the canvas under the view, in pixels."""
        self.keep = None
        self.camera.pan(across, down)

    def fit(self) -> None:
        """Show the whole block, beside what lies over it; kept until one looks elsewhere."""
        self.keep = self.fit
        self.items_scene.glide.finish()
        self._fit_to(self.items_scene.content_bounds())

    def show_start(self) -> None:
        """The view of a network that was just opened; kept while the window finds its size."""
        self.keep = self.show_start
        self.items_scene.glide.finish()
        self.camera.show_start(self.items_scene.content_bounds(), self.overlays.covered())
        self._zoomed()

    def fit_selection(self) -> None:
        """Show the selected nodes; everything where none is."""
        bounds = self.items_scene.bounds_of(self.editor.selection)
        self.keep = None
        self._fit_to(bounds if not bounds.isEmpty() else self.items_scene.content_bounds())

    def show_view(self, zoom: float, middle: QPointF) -> None:
        """Show a place in the middle of the view, at a zoom: how somebody left it."""
        with self.camera.one_move():
            self._zoom_to(zoom, None)
            self.camera.update_limits(around=middle)
            self.camera.look_at(middle)
        self._zoomed()

    def _fit_to(self, bounds: QRectF) -> None:
        self.camera.fit(bounds, self.overlays.covered())
        self._zoomed()

    def show_problem_card(self, shown: bool) -> None:
        """Show the first problem on the canvas, or leave that to the list of problems."""
        self.overlays.problem.set_wanted(shown)

    def show_minimap(self, shown: bool) -> None:
        """Show or hide the overview."""
        self.overlays.want_minimap(shown)

    @property
    def minimap_wanted(self) -> bool:
        """Whether the overview is shown where there is room."""
        return self.overlays.minimap_wanted

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Draw the dotted ground."""
        transform = self.viewportTransform()
        exposed = transform.mapRect(QRectF(rect)).toAlignedRect()
        size, ratio = self.viewport().size(), self.viewport().devicePixelRatioF()
        self._grid.paint(painter, transform, size, exposed, ratio)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep everything in view until somebody chose another view."""
        with self.camera.one_move():
            super().resizeEvent(event)
            self.overlays.place()
            self.camera.update_limits()
            if self.keep is not None:
                self.keep()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move the frame of the overview along."""
        super().scrollContentsBy(dx, dy)
        if hasattr(self, "overlays"):
            self.camera.moved()
            self.overlays.minimap.update()

    # --- doing ---------------------------------------------------------------------------------

    def add_node_at(
        self, type_: str, place: QPointF, *, is_block: bool = False, drawing: Drawing | None = None
    ) -> bool:
        """Add a node centred at a place of a drawing, the whole canvas where none is given, and
        select it; False where refused."""
        self.keep = None
        drawing = drawing or self.items_scene
        return commands.add_node_at(drawing, type_, place, is_block=is_block)

    def add_node_below_selection(self, type_: str, *, is_block: bool = False) -> bool:
        """Add a node behind the only selected one, linked to it, or else in the middle of the
        view; False where refused."""
        self.keep = None
        middle = self.camera.seen().center()
        middle = QPointF(round(middle.x() / 4) * 4, round(middle.y() / 4) * 4)
        done = commands.add_node_below(self.items_scene, type_, middle, is_block=is_block)
        if done:
            self.adder.show_added()
        return done

    def delete_selection(self) -> None:
        """Remove the selected nodes and links."""
        commands.delete_selection(self.editor, self.items_scene)

    def write_note(self, name: str) -> bool:
        """Edit a note or the title of a frame where it lies; False for any other node."""
        node = self.items_scene.block.nodes.get(name)
        if node is None or not node.is_note:
            return False
        self.items_scene.glide.finish()
        if node.is_frame:
            FrameTitleField(self, name)
            return True
        if self.note_editor is not None:
            self.note_editor.finish()
        self.note_editor = NoteEditor(self, name)
        return True

    def select_all(self) -> None:
        """Select all nodes."""
        self.items_scene.select_links(())
        self.editor.select(self.items_scene.node_items)

    def add_dot(self) -> None:
        """Lead the link that is meant by the selection through a reroute point."""
        rerouting.add_by_key(self.items_scene)

    def clear_selection(self) -> None:
        """Select nothing."""
        self.items_scene.select_links(())
        self.editor.select(())

    def group_selection(self) -> None:
        """Make a block of the selected nodes, and let its name be typed where it stands."""
        merge = f"group {self.editor.block} {self.editor.history.index()}"
        node = commands.group_selection(self.editor, merge)
        if node:
            self.keep = None
            self._show_node(self.editor.block, (*self.editor.path, node)[0])
            self.block_name = BlockNameField(self, node, merge)

    def frame_selection(self) -> None:
        """Put a frame around the selected nodes, and let its title be typed."""
        name = frames.frame_selection(self)
        if name:
            self.write_note(name)

    def dissolve_selection(self) -> None:
        """Put what is inside of the selected block in its place."""
        self.keep = None
        commands.dissolve_selection(self.editor)

    def expand_selection(self) -> None:
        """Show the selected block in place of its node, or the node as a card again."""
        self.keep = None
        self.items_scene.select_links(())
        commands.expand_selection(self.editor, self.items_scene)

    def bypass_selection(self) -> None:
        """Leave the selected nodes out, or let them take part again."""
        commands.bypass_selection(self.editor)

    # --- keyboard ------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what the key says."""
        if event.key() == Qt.Key.Key_Space:
            self.space_pressed(event)
        elif keys.press(self, event):
            event.accept()
        else:
            # Not to the scroll area, which would scroll.
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space alone asks for the search."""
        if event.key() == Qt.Key.Key_Space:
            self.space_released(event)
        else:
            super().keyReleaseEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab walks through the nodes, and leaves the canvas behind the last one."""
        return keys.walk(self, forward=forward) or super().focusNextPrevChild(forward)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Space is no longer held as far as the canvas can tell."""
        self.forget_space()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """What is in hand falls back."""
        self.cancel_gesture()
        super().hideEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with what lies there."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        if self.gesture is None and (by_key or not self._put_back):
            open_menu(self, QPointF(event.pos()), by_key=by_key)

    def changeEvent(self, event: QEvent) -> None:
        """Motion and fonts may have been switched by the system."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "items_scene"):
            self.items_scene.animated = self._animations_wanted()
