"""The command palette: everything that can be done or reached, by typing (Ctrl+K)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from graph.layer import LAYERS
from graph.state import MAIN
from graph.templates import all_templates
from gui.canvas.adder import addable
from gui.files.shelf import shelf
from gui.panels.search import Entry
from gui.search.last_used import LastUsed
from gui.search.offers import Offer
from gui.search.search_popup import SearchPopup

if TYPE_CHECKING:
    from gui.window.main_window import MainWindow

NAME = "command_palette"
_LAST_USED = "palette/last_used"


def keys_of(action: QAction) -> str:
    """The first shortcut of an action, as people read it."""
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


class CommandPalette(QObject):
    """Opens the popup over a window, with what can be done there now."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._last_used = LastUsed(window.settings, _LAST_USED)
        words = self.tr("Search commands, layers, nodes, blocks and files")
        self.popup = SearchPopup(NAME, words, window)
        self.popup.chosen.connect(lambda offer: self._last_used.remember(offer.key))

    def open(self) -> None:
        """Show it; what was used last stands first."""
        if self.popup.isVisible():
            self.popup.close_popup()
            return
        shelf().read_again()
        self.popup.open(self.offers(), self.last_used())

    def last_used(self) -> list[str]:
        """The keys of what was chosen before, the last first."""
        return self._last_used.keys()

    def offers(self) -> list[Offer]:
        """Everything, in the order in which it stands where nothing is typed."""
        found = [*self._commands()]
        if self._window.has_project:
            found += [*self._nodes(), *self._blocks()]
        return [*found, *self._tabs(), *self._files(), *self._templates(), *self._layers()]

    def _commands(self) -> Iterator[Offer]:
        for action in self._window.actions_:
            name = action.objectName()
            if name == NAME:
                continue
            yield Offer(
                f"action:{name}",
                action.text().replace("&&", "&"),
                action.trigger,
                self._window.menus.place_of(name),
                keys_of(action),
                self._window.actions_.why_not(name),
                text=action.statusTip(),
            )

    def _layers(self) -> Iterator[Offer]:
        project = self._window.editor.document.state
        why_not = ""
        if not self._window.has_project:
            why_not = self.tr("Open or start a project first; a layer is added to its network.")
        for entry in addable(project):
            yield Offer(
                f"add:{entry.name}",
                self.tr("Add {title}").format(title=entry.title),
                lambda entry=entry: self._add(entry),  # type: ignore[misc]
                self.tr("Block") if entry.is_block else self.tr("Layer"),
                why_not=why_not,
                words=entry.words,
                text=entry.text or entry.help,
                category=entry.category,
            )

    def _add(self, entry: Entry) -> None:
        self._window.show_page("design")
        canvas = self._window.pages.design.canvas
        canvas.add_node_below_selection(entry.name, is_block=entry.is_block)
        canvas.setFocus()

    def _nodes(self) -> Iterator[Offer]:
        for name, block in self._window.editor.document.state.blocks.items():
            for node in block.network_nodes():
                layer = None if node.is_block else LAYERS.get(node.type)
                title = layer.TITLE if layer else node.type
                yield Offer(
                    f"go:{name}.{node.name}",
                    self.tr("Go to {node}").format(node=node.name),
                    lambda b=name, n=node.name: self._go_to(b, n),  # type: ignore[misc]
                    title if name == MAIN else f"{title}, {name}",
                    words=(node.name,),
                    category="block" if node.is_block else layer.CATEGORY if layer else "",
                )

    def _blocks(self) -> Iterator[Offer]:
        for name in self._window.editor.document.state.blocks:
            yield Offer(
                f"open:{name}",
                self.tr("Open block {name}").format(name=name),
                lambda name=name: self._go_to(name, ""),  # type: ignore[misc]
                self.tr("Block"),
                category="block",
            )

    def _go_to(self, block: str, node: str) -> None:
        self._window.show_page("design")
        self._window.editor.go_to(block, node)
        self._window.pages.design.canvas.setFocus()

    def _tabs(self) -> Iterator[Offer]:
        for number, one in enumerate(self._window.workspaces):
            if one.has_project and one is not self._window.workspace:
                yield Offer(
                    f"tab:{number}",
                    self.tr("Show {project}").format(project=one.session.name),
                    lambda number=number: self._window.show_tab(number),  # type: ignore[misc]
                    self.tr("Tab"),
                    words=(one.session.name,),
                )

    def _files(self) -> Iterator[Offer]:
        for path in self._window.session.recent.paths():
            yield Offer(
                f"file:{path}",
                self.tr("Open {file}").format(file=path.name),
                lambda path=path: self._window.commands.open_file(path),  # type: ignore[misc]
                str(path.parent),
                words=(path.stem,),
            )

    def _templates(self) -> Iterator[Offer]:
        for template in all_templates():
            yield Offer(
                f"template:{template.id}",
                self.tr("New from template {title}").format(title=template.title),
                lambda id_=template.id: self._window.commands.new_from_template(id_),  # type: ignore[misc]
                self.tr("Template"),
                words=(template.title, template.id),
                text=template.description,
            )
