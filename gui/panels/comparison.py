"""The list beside a comparison: every difference, a click or Enter away from where it is."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
)

from graph.compare import BlockComparison, Change, Comparison, compare
from graph.state import MAIN, Project
from gui.canvas.comparison import ComparisonItem, marks_of
from gui.canvas.view import CanvasView
from gui.editor import Editor
from gui.runs.parts import label

WIDTH, MARGIN, TOP, LEAST_HEIGHT = 320, 10, 44, 150
BELOW = 60
"""Left free below it, for the note about a problem."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list, and the node to which it leads; empty for none."""

    text: str
    block: str = ""
    node: str = ""


class ComparisonPanel(QFrame):
    """Shows another state beside the open project until Esc; follows every edit."""

    def __init__(self, editor: Editor, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self.setObjectName("comparison")
        self.setProperty("role", "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._editor = editor
        self._canvas = canvas
        self._other: Project | None = None
        self._name = ""
        self.found = Comparison()
        self.item = ComparisonItem(canvas.items_scene)
        self.item.hide()
        canvas.items_scene.addItem(self.item)
        self.title = label("", "", "comparison_title", wrap=True)
        self.counts = label("", "muted", "comparison_counts", wrap=True)
        self.close_button = QToolButton(self)
        self.close_button.setObjectName("comparison_close")
        self.close_button.setText("×")
        self.close_button.setFixedSize(24, 24)
        self.close_button.setToolTip(self.tr("Close (Esc)"))
        self.close_button.setAccessibleName(self.tr("Close (Esc)"))
        self.close_button.clicked.connect(self.leave)
        self.list = QListWidget(self)
        self.list.setObjectName("comparison_list")
        self.list.setAccessibleName(self.tr("Differences"))
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._jump)
        self.list.itemActivated.connect(self._jump)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 8, 8)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.counts)
        column.addWidget(self.list, 1)
        canvas.installEventFilter(self)
        self.list.installEventFilter(self)
        editor.document.changed.connect(self._compare)
        editor.block_changed.connect(self._mark)
        canvas.items_scene.content_changed.connect(self._mark)
        self.hide()

    @property
    def is_shown(self) -> bool:
        """Whether something is compared."""
        return self._other is not None

    def compare_with(self, other: Project, name: str) -> None:
        """Show what is different from another state, which goes by this name."""
        self._other, self._name = other, name
        self.item.show()
        self.show()
        self.raise_()
        self._compare()
        self.list.setCurrentRow(0)
        self.list.setFocus()
        if self.list.count():
            self._jump(self.list.item(0))

    def leave(self) -> None:
        """Back to the network alone."""
        self._other = None
        self.item.hide()
        self.hide()
        self._canvas.setFocus()

    def entries(self) -> list[Entry]:
        """Every difference as a line."""
        lines: list[Entry] = []
        for block in sorted(self.found.blocks, key=lambda name: name != self._editor.block):
            lines += self._of_block(block, self.found.blocks[block])
        return lines + [Entry(self._words(one)) for one in self.found.settings]

    # --- inside --------------------------------------------------------------------------------

    def _of_block(self, block: str, found: BlockComparison) -> list[Entry]:
        before = "" if block == MAIN else f"{block} › "
        lines = [Entry(before + self._words(one), block) for one in found.parameters]
        for name, changes in found.changed.items():
            text = self.tr("{name} changed: {changes}").format(
                name=name, changes=", ".join(self._words(one) for one in changes)
            )
            lines.append(Entry(f"~ {before}{text}", block, name))
        for name in found.added:
            text = self.tr("{name} added").format(name=name)
            lines.append(Entry(f"+ {before}{text}", block, name))
        for name in found.removed:
            text = self.tr("{name} removed").format(name=name)
            lines.append(Entry(f"− {before}{text}", block, name))
        for link in found.links_added:
            text = self.tr("link {link} added").format(link=link)
            lines.append(Entry(f"+ {before}{text}", block, link.target))
        for link in found.links_removed:
            text = self.tr("link {link} removed").format(link=link)
            lines.append(Entry(f"− {before}{text}", block, link.target))
        return lines

    def _words(self, change: Change) -> str:
        nothing = self.tr("nothing")
        before, after = (text[:80] or nothing for text in (change.before, change.after))
        return f"{change.name} {before} → {after}"

    def _compare(self, _: object = None) -> None:
        if self._other is None:
            return
        self.found = compare(self._other, self._editor.document.state)
        row = self.list.currentRow()
        self.list.clear()
        for entry in self.entries():
            made = QListWidgetItem(entry.text)
            made.setData(Qt.ItemDataRole.UserRole, entry)
            self.list.addItem(made)
        self.list.setCurrentRow(min(row, self.list.count() - 1))
        self.title.setText(self.tr("Since {name}").format(name=self._name))
        blocks = self.found.blocks.values()
        added, removed, changed = (
            sum(len(getattr(one, kind)) for one in blocks)
            for kind in ("added", "removed", "changed")
        )
        if self.found.is_empty:
            text = self.tr("Nothing is different, apart from places.")
        else:
            text = self.tr("Nodes: {added} added, {removed} removed, {changed} changed").format(
                added=added, removed=removed, changed=changed
            )
        self.counts.setText(text)
        self._place_it()
        self._mark()

    def _mark(self, _: object = None) -> None:
        if self._other is not None:
            found = self.found.of(self._editor.block)
            self.item.show_marks(marks_of(self._canvas.items_scene, found))

    def _jump(self, chosen: QListWidgetItem) -> None:
        entry: Entry = chosen.data(Qt.ItemDataRole.UserRole)
        if not entry.block or entry.block not in self._editor.document.state.blocks:
            return
        self._editor.open_block(entry.block)
        mark = self.item.marks.nodes.get(entry.node)
        if mark is not None and mark.node is not None:
            self._canvas.clear_selection()
            self._canvas.pan(0, 0)
            self._canvas.camera.update_limits(around=mark.card.center())
            self._canvas.camera.look_at(mark.card.center())
            self._uncover(mark.card)
        elif entry.node in self._canvas.items_scene.node_items:
            self._editor.go_to(entry.block, entry.node)
            self._uncover(self._canvas.items_scene.node_items[entry.node].card_on_canvas())

    def _uncover(self, card: QRectF) -> None:
        """Bring a node out from under this list."""
        shown = self._canvas.camera.transform().mapRect(card).adjusted(-12.0, -12.0, 12.0, 12.0)
        here = QRectF(self.geometry())
        if here.intersects(shown):
            self._canvas.pan(here.right() - shown.left(), 0.0)

    def _place_it(self) -> None:
        room = self._canvas.size()
        # A narrow canvas keeps more than half of its width.
        width = min(WIDTH, max(200, round(room.width() * 0.42)))
        rows = sum(self.list.sizeHintForRow(row) for row in range(min(self.list.count(), 30)))
        wanted = rows + 96 + (18 if self.title.text()[34:] else 0)
        height = max(LEAST_HEIGHT, min(wanted, 460, room.height() - TOP - BELOW))
        self.setGeometry(MARGIN, TOP, width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc, wherever the keyboard is; stay in the corner of the canvas."""
        if not self.is_shown:
            return super().eventFilter(watched, event)
        if watched is self._canvas and event.type() == QEvent.Type.Resize:
            self._place_it()
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self._canvas.gesture is None
        ):
            self.leave()
            return True
        return super().eventFilter(watched, event)
