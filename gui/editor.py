"""What the window's parts share: the document, its undo history, the current block, the selection.

Parts never call each other. They edit through `Editor.apply`, and react to the document's `changed`
and to the signals in here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from graph.document import Difference, Document
from graph.edits import Edit, EditError
from graph.expanding import is_expanded
from graph.results import UNKNOWN, NodeResult
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


@dataclass(frozen=True, slots=True)
class Inside:
    """Nodes that are selected inside of an expanded block: `use` is the node that shows it."""

    use: str
    names: frozenset[str]


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
        self._block = MAIN
        self._selection: frozenset[str] = frozenset()
        self._inside: Inside | None = None
        document.changed.connect(self._document_changed)

    @property
    def block(self) -> str:
        """The block that is shown."""
        return self._block

    @property
    def selection(self) -> frozenset[str]:
        """The names of the selected nodes of that block."""
        return self._selection

    @property
    def inside(self) -> Inside | None:
        """What is selected inside of an expanded block instead."""
        return self._inside

    @property
    def chosen(self) -> tuple[str, frozenset[str]]:
        """The selected nodes, and the block in which they are: that of an expanded node where they
        are inside of it."""
        if self._inside is None:
            return self._block, self._selection
        return self._inner_block(self._inside), self._inside.names

    def node_result(self, block: str, name: str) -> NodeResult:
        """What is known about a node: of a selected one in an expanded block, in that very use."""
        inside = self._inside
        if inside is not None and block == self._inner_block(inside):
            uses = self.document.node_result(self._block, inside.use).inner
            if uses:
                return uses[0].nodes.get(name, UNKNOWN)
        return self.document.node_result(block, name)

    def select(self, names: Iterable[str]) -> None:
        """Select these nodes and no others."""
        known = self.document.state.blocks[self._block].nodes
        self._take(frozenset(name for name in names if name in known), None)

    def select_inside(self, use: str, names: Iterable[str]) -> None:
        """Select these nodes inside of an expanded node, and no others."""
        self._take(frozenset(), self._still_there(Inside(use, frozenset(names))))

    def choose(self, names: Iterable[str]) -> None:
        """Select these nodes where the selected ones are: in the shown block, or in an expanded
        one."""
        if self._inside is None:
            self.select(names)
        else:
            self.select_inside(self._inside.use, names)

    def _take(self, chosen: frozenset[str], inside: Inside | None) -> None:
        if (chosen, inside) != (self._selection, self._inside):
            self._selection, self._inside = chosen, inside
            self.selection_changed.emit()

    def _inner_block(self, inside: Inside) -> str:
        return self.document.state.blocks[self._block].nodes[inside.use].type

    def _still_there(self, inside: Inside) -> Inside | None:
        """As much of it as there is."""
        state = self.document.state
        node = state.blocks[self._block].nodes.get(inside.use)
        if node is None or not is_expanded(state, node):
            return None
        names = inside.names & state.blocks[node.type].nodes.keys()
        return Inside(inside.use, names) if names else None

    def open_block(self, name: str) -> None:
        """Show another block."""
        if name != self._block and name in self.document.state.blocks:
            self._selection, self._inside = frozenset(), None
            self._block = name
            self.block_changed.emit(name)
            self.selection_changed.emit()

    def go_to(self, block: str, node: str) -> None:
        """Show a node, select it and bring it into view."""
        self.open_block(block)
        self.select([node] if node else [])
        self.show_node.emit(block, node)

    def apply(self, label: str, edit: Edit, *, merge: str = "") -> bool:
        """Do an edit and remember it for undo.

        Args:
            label: what was done, for the history ("Move conv1").
            merge: edits that follow each other with the same text become one step of undo.

        Returns:
            False where the edit was refused; `refused` then says why.
        """
        before = self.document.state
        try:
            after = edit(before)
        except EditError as error:
            self.refused.emit(str(error))
            return False
        if after is not before:
            self.history.push(EditCommand(self.document, before, after, label, merge))
        return True

    def replace_project(self, project: Project) -> None:
        """Start over with another project: nothing of the old one can be undone."""
        self._block = MAIN
        self._selection, self._inside = frozenset(), None
        self.history.clear()
        self.document.set_state(project)
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
        left = self._selection & state.blocks[self._block].nodes.keys()
        self._take(left, self._still_there(self._inside) if self._inside is not None else None)

    def _follow_name(self, old: str, new: str) -> None:
        """A block that is shown stays so under another name."""
        self.block_renamed.emit(old, new)
        if self._block == old:
            self._block = new
            self.block_changed.emit(new)
