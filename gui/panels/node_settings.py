"""What can be set on any node besides its arguments, as rows made from the declaration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from graph.declare import Parameter
from graph.edits import EditError
from graph.initialization import INITIALIZATIONS, Initialization
from graph.node_settings import (
    PER_LAYER,
    PLAIN,
    WEIGHT_SETTINGS,
    NodeSettings,
    changed_settings,
)
from graph.setting_edits import set_setting
from graph.sharing import can_have_weights, deciding
from graph.state import Node, Project
from gui.editor import Editor
from gui.panels.form_parts import Fold
from gui.panels.parameter_row import ParameterRow
from gui.panels.row_form import RowForm
from gui.runs.parts import button, label

START, SHARES = "initialization", "shares"
START_WIDTH = 154
"""For the longest name of an initialization."""


class SharingHint(QWidget):
    """Says whose weights the nodes use, and leads there."""

    def __init__(self, editor: Editor, block: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sharing_hint")
        self._editor = editor
        self._block = block
        self._owner = ""
        self.words = label("", "muted", "sharing_words", wrap=True)
        self.show_owner_button = button(self.tr("Show it"), "show_owner", role="flat")
        self.show_owner_button.clicked.connect(lambda: self._editor.go_to(self._block, self._owner))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.words)
        column.addWidget(self.show_owner_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def show_owners(self, owners: list[str]) -> None:
        """The owners of the weights of the nodes that share some; none hides it."""
        self.setVisible(bool(owners))
        if not owners:
            return
        self._owner = owners[0]
        self.words.setText(
            self.tr("Shared with {owner}, whose settings hold for both.").format(
                owner=" and ".join(dict.fromkeys(owners))
            )
        )
        words = self.tr("Show {owner}").format(owner=owners[0])
        self.show_owner_button.setText(words)
        self.show_owner_button.setAccessibleName(words)


class SettingsBox(RowForm):
    """Shows and edits the settings of one node, or those that several have in common."""

    def __init__(
        self, editor: Editor, block: str, names: tuple[str, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(editor, block, names, parent)
        self.setObjectName("node_settings")
        self._start = ""
        self.start_rows: dict[str, ParameterRow] = {}
        nodes = self._nodes()
        self.fold = Fold(self.tr("Weights and bypass"), "settings", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.fold)
        self._start_place = QVBoxLayout()
        self._start_place.setSpacing(6)
        for name in applicable(nodes):
            self.rows[name] = self._row(self._parameter(name), self._edit)
            self.fold.body.addWidget(self.rows[name])
            if name in (START, "only_if"):
                self.rows[name].field.setFixedWidth(START_WIDTH)
                self.rows[name].words.setMinimumWidth(28)
            if name == START:
                self.fold.body.addLayout(self._start_place)
        self.setVisible(bool(self.rows))
        self.fold.set_open(any(changed_settings(node.settings) for node in nodes))
        self.refresh()

    def _nodes(self) -> list[Node]:
        nodes = self._editor.document.state.blocks[self._block].nodes
        return [nodes[name] for name in self._names if name in nodes]

    def _parameter(self, name: str) -> Parameter:
        if name == START:
            return Parameter(
                START,
                "choice",
                PLAIN.initialization.NAME,
                self.tr("Where the weights are when training starts."),
                self.tr("Start with"),
                choices=tuple(
                    option
                    for option, cls in INITIALIZATIONS.items()
                    if not cls.LAYERS or all(n.type in cls.LAYERS for n in self._nodes())
                ),
            )
        declared = NodeSettings.PARAMETERS[name]
        if name != SHARES:
            return declared
        return replace(
            declared, kind="choice", default=None, optional=True, choices=self._candidates()
        )

    def _candidates(self) -> tuple[str, ...]:
        """The nodes that own weights which these could use, and what they use now."""
        graph, chosen = self._editor.document.state.blocks[self._block], self._nodes()
        sort = {(node.type, node.is_block) for node in chosen}
        names = [
            node.name
            for node in graph.nodes.values()
            if {(node.type, node.is_block)} == sort
            and node.name not in self._names
            and deciding(graph.nodes, node) is node
        ]
        used = [node.settings.shares for node in chosen if node.settings.shares]
        return tuple(dict.fromkeys([*names, *used]))

    # --- from the model ------------------------------------------------------------------------

    def rename(self, names: tuple[str, ...]) -> None:
        """The nodes have other names now."""
        self._names = names

    def refresh(self) -> None:
        """Show what the model holds now."""
        nodes = self._nodes()
        if not nodes or not self.rows:
            return
        graph = self._editor.document.state.blocks[self._block].nodes
        if SHARES in self.rows and self.rows[SHARES].parameter.choices != self._candidates():
            self._renew_shares()
        wrong = self._problems()
        for name, row in self.rows.items():
            decides = [deciding(graph, n) if name in WEIGHT_SETTINGS else n for n in nodes]
            row.show_values([_shown(node.settings, name) for node in decides])
            row.show_problem(wrong.get(name, ""))
            row.setEnabled(name not in WEIGHT_SETTINGS or decides == nodes)
        if START in self.rows:
            self._show_start([deciding(graph, node) for node in nodes])

    def _problems(self) -> dict[str, str]:
        result = self._editor.document.result(self._block)
        found: dict[str, str] = {}
        for name in self._names:
            findings = [*result.nodes[name].findings] if name in result.nodes else []
            findings += [result.sharing[name]] if name in result.sharing else []
            found |= {f.parameter: f.text for f in findings if f.code in ("setting", "shares")}
        return found

    def _renew_shares(self) -> None:
        """Offer the nodes that there are now."""
        old = self.rows[SHARES]
        self.rows[SHARES] = self._row(self._parameter(SHARES), self._edit)
        self.fold.body.replaceWidget(old, self.rows[SHARES])
        self.rows[SHARES].show()
        old.hide()
        old.deleteLater()

    def _show_start(self, nodes: list[Node]) -> None:
        """The settings of where the weights start, where all nodes chose the same."""
        starts = [node.settings.initialization for node in nodes]
        chosen = starts[0].NAME if len({start.NAME for start in starts}) == 1 else ""
        if chosen != self._start:
            self._start = chosen
            for row in self.start_rows.values():
                self._start_place.removeWidget(row)
                row.hide()
                row.deleteLater()
            parameters = INITIALIZATIONS[chosen].PARAMETERS if chosen else {}
            # What all choices share comes last, as in the file.
            order = sorted(parameters, key=lambda name: name in Initialization.PARAMETERS)
            # The layer itself may have a parameter of the same name, such as "bias".
            self.start_rows = {
                name: self._row(
                    replace(parameters[name], name=f"{START}_{name}"),
                    lambda _, value, name=name: self._edit_start(name, value),  # type: ignore[misc]
                )
                for name in order
            }
            for row in self.start_rows.values():
                self._start_place.addWidget(row)
        for name, row in self.start_rows.items():
            row.show_values([getattr(start, name) for start in starts])
            row.setEnabled(self.rows[START].isEnabled())

    # --- from the user -------------------------------------------------------------------------

    def _edit(self, name: str, value: Any) -> None:
        if name == SHARES:
            value = value or ""
        self._set(self.rows[name], name, lambda node: (name, value))

    def _edit_start(self, name: str, value: Any) -> None:
        def changed(node: Node) -> tuple[str, Any]:
            graph = self._editor.document.state.blocks[self._block].nodes
            start = deciding(graph, node).settings.initialization
            return START, replace(start, **{name: value})

        self._set(self.start_rows[name], f"{START} {name}", changed)

    def _set(self, row: ParameterRow, name: str, change: Callable[[Node], tuple[str, Any]]) -> None:
        wanted = {node.name: change(node) for node in self._nodes()}

        def edit(project: Project) -> Project:
            for node, (setting, value) in wanted.items():
                project = set_setting(project, self._block, node, setting, value)
            return project

        def words(error: EditError) -> str:
            return str(error)[:1].upper() + str(error)[1:]

        self._apply(row, self._of_nodes(row), edit, f"setting {name}", words)


def _shown(settings: NodeSettings, name: str) -> Any:
    """The value of a setting as its row shows it."""
    if name == START:
        return settings.initialization.NAME
    if name == SHARES:
        return settings.shares or None
    return getattr(settings, name)


def applicable(nodes: list[Node]) -> list[str]:
    """The settings that mean something for all of these nodes, in the order of a form."""
    names = []
    if not any(n.is_note or (n.type in ("Input", "Output") and not n.is_block) for n in nodes):
        names += ["bypassed", "only_if"]
    if not all(can_have_weights(node) for node in nodes):
        return names
    if len({(node.type, node.is_block) for node in nodes}) == 1:
        names.append(SHARES)
    return names + [
        name
        for name in ("frozen", "learning_rate_factor", START, "weight_norm")
        if name not in PER_LAYER or not any(node.is_block for node in nodes)
    ]
