"""What the window's parts share: the document, its undo history, the current block, the selection.

Parts never call each other. They edit through `Editor.apply`, and react to the document's `changed`
and to the signals in here.
"""

from __future__ import annotations

from collections.abc import Iterable

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from graph.document import Difference, Document
from graph.edits import Edit, EditError
from graph.expanding import shows_inside
from graph.ports import defaults_of
from graph.results import UNKNOWN, BlockResult, NodeResult
from graph.room import make_room
from graph.state import MAIN, Project


class EditCommand(QUndoCommand):
    """The only undo command: the states before and after an edit."""

    def __init__(
        self, document: Document, before: Project, after: Project, label: str, merge: str
    ) -> None:
        super().__init__(label)
        self.document = document
        self.before = before
        self.after = after
        self.merge = merge

    def id(self) -> int:
        """Commands with the same id may be merged; -1 never."""
        return hash(self.merge) & 0x7FFFFFFF if self.merge else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take a following edit of the same gesture into this one."""
        if not isinstance(other, EditCommand) or other.merge != self.merge:
            return False
        self.after = other.after
        self.setObsolete(self.after is self.before)
        return True

    def redo(self) -> None:
        """Go to the state after the edit."""
        self.document.set_state(self.after)

    def undo(self) -> None:
        """Go back to the state before the edit."""
        self.document.set_state(self.before)


Path = tuple[str, ...]
"""Where a block is shown: the expanded nodes, one inside of the other, down to the one in place of
which it is; empty for the block that fills the canvas."""


class Editor(QObject):
    """The shared model of all parts of the window.

    Signals:
        refused(text): an edit was not possible; the text says why, for the status bar.
        told(text): what an edit did beside what was asked, for the status bar.
        hint(text): what the gesture in hand would do; empty when none is.
        selection_changed(): another set of nodes is selected.
        block_changed(name): another block is shown.
        block_renamed(old, new): a block has another name, by an edit or by undo.
        replaced(): another project is open, and nothing of the old one holds.
        show_node(block, node): bring a node into view and select it (from a problem, the code ...).
    """

    refused = Signal(str)
    told = Signal(str)
    hint = Signal(str)
    selection_changed = Signal()
    block_changed = Signal(str)
    block_renamed = Signal(str, str)
    replaced = Signal()
    show_node = Signal(str, str)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.history = QUndoStack(self)
        self.replacing = False
        """Whether another project is just being opened, so that nothing of what is shown stays."""
        self._block = MAIN
        self._selection: frozenset[str] = frozenset()
        self._path: Path = ()
        document.changed.connect(self._document_changed)

    def __del__(self) -> None:
        # Where Python finds this in a circle that nobody holds, it gives commands back to itself
        # and takes them apart while the stack still has them, which ends the process.
        if shiboken6.isValid(self.history):
            self.history.blockSignals(True)
            self.history.clear()

    @property
    def block(self) -> str:
        """The block that is shown."""
        return self._block

    @property
    def path(self) -> Path:
        """Inside of which expanded nodes the selection is."""
        return self._path

    @property
    def selection(self) -> frozenset[str]:
        """The names of the selected nodes of the block that fills the canvas; none where what is
        selected is inside of an expanded one."""
        return frozenset() if self._path else self._selection

    @property
    def chosen(self) -> tuple[str, frozenset[str]]:
        """The selected nodes, and the block in which they are: that of an expanded node where they
        are inside of it."""
        return self.block_at(self._path), self._selection

    def block_at(self, path: Path) -> str:
        """The block that is shown there."""
        block = self._block
        for use in path:
            block = self.document.state.blocks[block].nodes[use].type
        return block

    def result_at(self, path: Path) -> BlockResult:
        """What is known of the block that is shown there, in that very use; where the use is not
        known itself, nothing but the parameters of the block."""
        result, block = self.document.result(self._block), self._block
        for use in path:
            uses = result.nodes.get(use, UNKNOWN).inner
            block = self.document.state.blocks[block].nodes[use].type
            values = defaults_of(self.document.state.blocks[block])
            result = uses[0] if uses else BlockResult(block, values, ())
        return result

    def node_result(self, block: str, name: str) -> NodeResult:
        """What is known about a node: of a selected one in an expanded block, in that very use."""
        if self._path and block == self.block_at(self._path):
            known = self.result_at(self._path).nodes
            if known:
                return known.get(name, UNKNOWN)
        return self.document.node_result(block, name)

    def select(self, names: Iterable[str], path: Path = ()) -> None:
        """Select these nodes and no others; inside of an expanded node where that is given."""
        if not self._is_shown(path):
            path, names = (), ()
        known = self.document.state.blocks[self.block_at(path)].nodes
        self._take(frozenset(name for name in names if name in known), path)

    def choose(self, names: Iterable[str]) -> None:
        """Select these nodes where the selected ones are: in the shown block, or in an expanded
        one."""
        self.select(names, self._path)

    def _take(self, chosen: frozenset[str], path: Path) -> None:
        if (chosen, path) != (self._selection, self._path):
            self._selection, self._path = chosen, path
            self.selection_changed.emit()

    def _is_shown(self, path: Path) -> bool:
        """Whether the nodes on this path are there and expanded."""
        state, block = self.document.state, self._block
        direction = state.blocks[block].direction
        for use in path:
            node = state.blocks[block].nodes.get(use)
            if node is None or not shows_inside(state, block, node, direction):
                return False
            block = node.type
        return True

    def open_block(self, name: str) -> None:
        """Show another block."""
        if name != self._block and name in self.document.state.blocks:
            self._selection, self._path = frozenset(), ()
            self._block = name
            self.block_changed.emit(name)
            self.selection_changed.emit()

    def go_to(self, block: str, node: str) -> None:
        """Show a node, select it and bring it into view."""
        self.open_block(block)
        self.select([node] if node else [])
        self.show_node.emit(block, node)

    def apply(self, label: str, edit: Edit, *, merge: str = "", path: Path = ()) -> bool:
        """Do an edit and remember it for undo.

        Args:
            label: what was done, for the history ("Move conv1").
            path: where the block that it changes is shown; what lies around it gives way.
            merge: edits that follow each other with the same text become one step of undo.

        Returns:
            False where the edit was refused; `refused` then says why.
        """
        before = self.document.state
        try:
            after = edit(before)
            if path and after is not before:
                after = make_room(before, after, self._block, path)
        except EditError as error:
            self.refused.emit(str(error))
            return False
        if after is not before:
            self.history.push(EditCommand(self.document, before, after, label, merge))
        return True

    def replace_project(self, project: Project) -> None:
        """Start over with another project: nothing of the old one can be undone."""
        self._block = MAIN
        self._selection, self._path = frozenset(), ()
        self.history.clear()
        self.replacing = True
        try:
            self.document.set_state(project)
        finally:
            self.replacing = False
        self.block_changed.emit(MAIN)
        self.selection_changed.emit()
        self.replaced.emit()

    def _document_changed(self, difference: Difference) -> None:
        state = self.document.state
        for old in difference.blocks_removed:
            for new in difference.blocks_added:
                if difference.before.blocks[old] is state.blocks[new]:
                    self._follow_name(old, new)
        if self._block not in state.blocks:
            self.open_block(MAIN)
        if not self._is_shown(self._path):
            self._take(frozenset(), ())
        left = self._selection & state.blocks[self.block_at(self._path)].nodes.keys()
        # Where all of them went, so did the reason to stay inside.
        self._take(left, self._path if left or not self._selection else ())

    def _follow_name(self, old: str, new: str) -> None:
        """A block that is shown stays so under another name."""
        self.block_renamed.emit(old, new)
        if self._block == old:
            self._block = new
            self.block_changed.emit(new)
