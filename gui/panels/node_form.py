"""The form of one or several selected nodes of the same sort, made from the declaration."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from graph.declare import Parameter
from graph.edits import rename_node, set_argument, set_repeat
from graph.layer import LAYERS
from graph.results import NodeResult
from graph.sharing import deciding
from graph.state import Block, BlockParameter, Node, Project
from gui.editor import Editor
from gui.fields.numbers import spaced_size, whole
from gui.panels.arithmetic import ArithmeticBox
from gui.panels.card import CardBox
from gui.panels.form_parts import Facts, Fold, column_below, section
from gui.panels.legal_sizes import SizesBox
from gui.panels.name_field import NameField
from gui.panels.node_settings import SettingsBox, SharingHint
from gui.panels.row_form import RowForm
from gui.runs.parts import button, label

REPEAT = "repeat"


def parameters_of(project: Project, node: Node) -> dict[str, Parameter]:
    """The declared parameters of a node; those of a block are made from their defaults."""
    if not node.is_block:
        layer = LAYERS.get(node.type)
        return dict(layer.PARAMETERS) if layer else {}
    block = project.blocks.get(node.type)
    return {
        name: block_parameter(name, parameter)
        for name, parameter in (block.parameters if block else {}).items()
    }


def block_parameter(name: str, parameter: BlockParameter) -> Parameter:
    """A block's parameter as a declared one; its kind is that of its default."""
    kinds: dict[type, Any] = {bool: "switch", int: "integer", float: "number", str: "text"}
    return Parameter(
        name=name,
        kind="choice" if parameter.choices else kinds[type(parameter.default)],
        choices=parameter.choices,
        default=parameter.default,
        help=parameter.help or name.replace("_", " "),
        label=name.replace("_", " ").capitalize(),
    )


class NodeForm(RowForm):
    """Shows and edits nodes that are of one layer or block."""

    def __init__(
        self, editor: Editor, block: str, names: tuple[str, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(editor, block, names, parent)
        self.setObjectName("node_form")
        node = self._nodes()[0]
        self._is_block = node.is_block
        self.name = NameField("node_name", self.tr("Name of the node"), self._rename, self)
        self._column = column_below(self, self.name)
        self.arithmetic = ArithmeticBox(self)
        self.card = CardBox(editor, self, is_block=node.is_block)
        self.flows = Facts("flows", self)
        self.sharing = SharingHint(editor, block, self)
        self.settings = SettingsBox(editor, block, names, self)
        self.settings.help_wanted.connect(self.help_wanted)
        self._add_head(node)
        self._column.addWidget(self.sharing)
        self._add_rows(node)
        self._column.addWidget(self.settings)
        self.sizes = SizesBox(editor, block, self)
        self._column.addWidget(self.sizes)
        flows_title = section(
            self.tr("Flows") if len(self._names) == 1 else self.tr("Together"), "flows_title"
        )
        for widget in (flows_title, self.flows):
            self._column.addWidget(widget)
            widget.setHidden(node.is_note)
        self._column.addWidget(self.card)
        self._column.addStretch(1)
        self.refresh()

    # --- building ------------------------------------------------------------------------------

    def _nodes(self) -> list[Node]:
        nodes = self._editor.document.state.blocks[self._block].nodes
        return [nodes[name] for name in self._names]

    def _add_head(self, node: Node) -> None:
        layer = None if node.is_block else LAYERS.get(node.type)
        title = layer.TITLE if layer else self.tr("Block") if node.is_block else self.tr("Unknown")
        if len(self._names) > 1:
            self.name.hide()
            many = self.tr("{count} nodes").format(count=len(self._names))
            head = label(many, "title", "nodes_title")
            head.setToolTip(", ".join(self._names))
            self._column.addWidget(head)
        sort = title if title == node.type else f"{title}  ·  {node.type}"
        sub = label(sort, "muted", "node_sort", wrap=True)
        self._column.addWidget(sub)
        block = self._editor.document.state.blocks.get(node.type) if node.is_block else None
        text = " ".join(((layer.__doc__ if layer else block.help if block else "") or "").split())
        if text:
            about = label(text, "", "node_help", wrap=True)
            self._column.addWidget(about)
        if block is not None:
            look = button(self.tr("Open {block}").format(block=node.type), "open_block")
            look.clicked.connect(lambda: self._editor.open_block(node.type))
            self._column.addWidget(look)
        if len(self._names) == 1:
            self._column.addWidget(self.arithmetic)
        else:
            self.arithmetic.hide()

    def _add_rows(self, node: Node) -> None:
        block: Block = self._editor.document.state.blocks[self._block]
        parameters = parameters_of(self._editor.document.state, node)
        if node.is_block:
            parameters[REPEAT] = Parameter(
                REPEAT,
                "integer",
                1,
                self.tr("How many times the block follows itself, each with weights of its own."),
                self.tr("Repeat"),
                min=1,
                max=1000,
            )
        more = Fold(self.tr("More"), "more", self)
        for name, parameter in parameters.items():
            row = self._row(parameter, self._edit, names=tuple(block.parameters))
            self.rows[name] = row
            (more.body if parameter.advanced else self._column).addWidget(row)
        if any(parameter.advanced for parameter in parameters.values()):
            self._column.addWidget(more)
            changed = {name for one in self._nodes() for name in one.arguments}
            more.set_open(any(p.advanced and p.name in changed for p in parameters.values()))
        else:
            more.hide()

    # --- from the model ------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what the model holds now."""
        nodes = self._nodes()
        self.name.show_name(nodes[0].name)
        self.card.setVisible(len(nodes) == 1)
        results = [self._editor.node_result(self._block, name) for name in self._names]
        wrong = {
            finding.parameter: finding.text
            for result in results
            for finding in result.findings
            if finding.severity == "error"
        }
        graph = self._editor.document.state.blocks[self._block].nodes
        decides = [deciding(graph, node) for node in nodes]
        self.sharing.show_owners([d.name for d, n in zip(decides, nodes, strict=True) if d != n])
        for name, row in self.rows.items():
            row.show_values([self._value(node, name) for node in decides])
            row.show_problem(wrong.get(name, ""))
            row.setEnabled(any(d == n for d, n in zip(decides, nodes, strict=True)))
        self.settings.refresh()
        self.sizes.show_node(nodes[0].name if len(nodes) == 1 else "")
        if len(results) == 1:
            self.arithmetic.show_result(results[0])
            self.card.show_node(self._block, nodes[0], results[0])
            self.flows.show_facts(self._flows(results[0]))
        else:
            self.flows.show_facts(self._totals(results))

    def _value(self, node: Node, name: str) -> Any:
        if name == REPEAT and self._is_block:
            return node.repeat
        if name in node.arguments:
            return node.arguments[name]
        default = self.rows[name].parameter.default
        return None if self.rows[name].parameter.required else default

    def _flows(self, result: NodeResult) -> list[tuple[str, str]]:
        facts = [
            (port, spaced_size(spec.sizes) if spec else self.tr("unknown"))
            for port, spec in result.inputs.items()
        ]
        facts += [(port, spaced_size(spec.sizes)) for port, spec in result.outputs.items()]
        return facts + self._totals([result])

    def _totals(self, results: list[NodeResult]) -> list[tuple[str, str]]:
        weights = sum(result.parameters for result in results)
        operations = sum(result.multiply_adds for result in results)
        frozen = sum(result.frozen_parameters for result in results)
        facts = [(self.tr("weights"), whole(weights))]
        facts += [(self.tr("of them frozen"), whole(frozen))] if frozen else []
        return [*facts, (self.tr("multiply-adds"), whole(operations))]

    # --- from the user -------------------------------------------------------------------------

    def _rename(self, wish: str) -> None:
        old = self._names[0]
        project = self._editor.document.state
        # Tried first, so that a refusal is told beside the field and not in the status bar.
        rename_node(project, self._block, old, wish)
        self._names = (wish,)
        self.settings.rename(self._names)
        path, block, chosen = self._editor.path, *self._editor.chosen
        self._editor.apply(
            self.tr("Rename {old} to {new}").format(old=old, new=wish),
            lambda project: rename_node(project, self._block, old, wish),
        )
        if block == self._block and old in chosen:
            # To the document, a renamed node is a new one; for the user the same is still selected.
            self._editor.select([wish if name == old else name for name in chosen], path)

    def _edit(self, name: str, value: Any) -> None:
        def edit(project: Project) -> Project:
            for node in self._names:
                if name == REPEAT and self._is_block:
                    project = set_repeat(project, self._block, node, value)
                else:
                    project = set_argument(project, self._block, node, name, value)
            return project

        row = self.rows[name]
        self._apply(row, self._of_nodes(row), edit, f"argument {name}")
