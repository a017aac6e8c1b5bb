"""The form of selected nodes of different sorts: what they have in common, and what they cost."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from graph.declare import MISSING, Parameter
from graph.edits import set_argument
from graph.layer import LAYERS
from graph.sharing import deciding
from graph.state import Node, Project
from gui.editor import Editor
from gui.fields.numbers import whole
from gui.panels.form_parts import Facts, section
from gui.panels.node_form import parameters_of
from gui.panels.node_settings import SettingsBox
from gui.panels.row_form import RowForm
from gui.runs.parts import button, label


def common_parameters(declared: list[dict[str, Parameter]]) -> dict[str, Parameter]:
    """What can be given to all of several nodes at once, from the parameters of each: what is
    called alike and takes the same sort of value, within the bounds of all."""
    first, *others = declared
    return {
        name: _common([parameter, *(one[name] for one in others)])
        for name, parameter in first.items()
        if all(name in one and _is_like(one[name], parameter) for one in others)
    }


def _is_like(one: Parameter, other: Parameter) -> bool:
    return (one.kind, one.choices, one.above) == (other.kind, other.choices, other.above)


def _common(alike: list[Parameter]) -> Parameter:
    first, name = alike[0], alike[0].name
    words = name.replace("_", " ").capitalize()
    lowest = [one.min for one in alike if one.min is not None]
    highest = [one.max for one in alike if one.max is not None]
    return replace(
        first,
        default=first.default if all(one.default == first.default for one in alike) else MISSING,
        label=first.label if all(one.label == first.label for one in alike) else words,
        help=first.help if all(one.help == first.help for one in alike) else f"{words} of each.",
        min=max(lowest, default=None),
        max=min(highest, default=None),
        optional=all(one.optional for one in alike),
    )


class MixedForm(RowForm):
    """Nodes of different sorts are selected: how many of which, what can be set on all of them,
    and what they cost."""

    def __init__(
        self, editor: Editor, block: str, names: tuple[str, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(editor, block, names, parent)
        self.setObjectName("mixed_form")
        self.totals = Facts("selection_totals", self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 16, 16)
        self._column.setSpacing(8)
        many = self.tr("{count} nodes").format(count=len(names))
        self._column.addWidget(label(many, "title", "nodes_title"))
        self._add_sorts()
        self._add_rows()
        self.settings = SettingsBox(editor, block, names, self)
        self.settings.help_wanted.connect(self.help_wanted)
        for widget in (self.settings, section(self.tr("Together"), "totals_title"), self.totals):
            self._column.addWidget(widget)
        self._column.addStretch(1)
        self.refresh()

    # --- building ------------------------------------------------------------------------------

    def _nodes(self) -> list[Node]:
        """The selected nodes that are part of the network."""
        block, names = self.shown
        nodes = self._editor.document.state.blocks[block].nodes
        return [nodes[name] for name in names if not nodes[name].is_note]

    def _add_sorts(self) -> None:
        """How many of which, each a button that selects only these."""
        block, names = self.shown
        nodes = self._editor.document.state.blocks[block].nodes
        sorts: dict[tuple[str, bool], list[str]] = {}
        for name in names:
            sorts.setdefault((nodes[name].type, nodes[name].is_block), []).append(name)
        column = QVBoxLayout()
        column.setSpacing(0)
        for (type_, is_block), of_sort in sorts.items():
            title = LAYERS[type_].TITLE if type_ in LAYERS and not is_block else type_
            made = button(f"{len(of_sort)} × {title}", f"only_{type_}", role="flat")
            made.setToolTip(self.tr("Select only these: {names}").format(names=", ".join(of_sort)))
            made.clicked.connect(partial(self._choose, tuple(of_sort)))
            column.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addLayout(column)

    def _choose(self, names: tuple[str, ...], _: bool = False) -> None:
        self._editor.choose(names)

    def _add_rows(self) -> None:
        state, nodes = self._editor.document.state, self._nodes()
        self._declared = {node.name: parameters_of(state, node) for node in nodes}
        if not nodes:
            return
        names = tuple(state.blocks[self.shown[0]].parameters)
        for name, parameter in common_parameters(list(self._declared.values())).items():
            row = self._row(parameter, self._edit, reset=self._give_defaults, names=names)
            self.rows[name] = row
            self._column.addWidget(row)

    # --- from the model ------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what the model holds now, and add up again."""
        self.settings.refresh()
        block, names = self.shown
        graph = self._editor.document.state.blocks[block].nodes
        for name, row in self.rows.items():
            defaults = [self._declared[node.name][name].default for node in self._nodes()]
            decides = [deciding(graph, node) for node in self._nodes()]
            values = [
                node.arguments.get(name, None if default is MISSING else default)
                for node, default in zip(decides, defaults, strict=True)
            ]
            row.show_values(values, defaults)
        results = [self._editor.node_result(block, name) for name in names]
        self.totals.show_facts(
            [
                (self.tr("weights"), whole(sum(r.parameters for r in results))),
                (self.tr("multiply-adds"), whole(sum(r.multiply_adds for r in results))),
            ]
        )

    # --- from the user -------------------------------------------------------------------------

    def _edit(self, name: str, value: Any) -> None:
        self._give(name, dict.fromkeys(self._declared, value))

    def _give_defaults(self, name: str) -> None:
        """Each gets the default of its own sort."""
        usual = {node: one[name].default for node, one in self._declared.items()}
        self._give(
            name, {node: default for node, default in usual.items() if default is not MISSING}
        )

    def _give(self, name: str, values: dict[str, Any]) -> None:
        block, row = self._block, self.rows[name]

        def edit(project: Project) -> Project:
            for node, value in values.items():
                project = set_argument(project, block, node, name, value)
            return project

        self._apply(row, self._of_nodes(row), edit, f"argument {name}")
