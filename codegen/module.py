"""A project as the text of a Python module that needs only torch.

The text is what trains, what the window shows and what is exported. One class per block, with the
block's parameters as constructor arguments; attributes are called like their nodes, so that the
keys of the state dict are known from the canvas. The same project always gives the same text; where
nodes stand on the canvas does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass

from codegen.block_class import BlockClass, ClassLine, InnerClass
from codegen.names import Namespace, class_name
from codegen.pasted import import_lines, needed_parts, part_names
from codegen.python import docstring
from graph.check import check_project, node_problems
from graph.results import BlockResult
from graph.state import MAIN, Project
from graph.symbolic import infer_symbolic


class NotReadyError(Exception):
    """The project has errors, so that there is no code for it yet; the text says which."""


@dataclass(frozen=True, slots=True)
class GeneratedModule:
    """The text of a module and where its lines come from.

    Attributes:
        text: the source.
        network: the name of its last class, which is the network.
        owners: for every line, the block and node that it stands for, if any.
    """

    text: str
    network: str
    owners: tuple[tuple[str, str] | None, ...]

    @property
    def packages(self) -> tuple[str, ...]:
        """What must be installed to use it."""
        uses_torchvision = "import torchvision" in self.text.splitlines()
        return ("torch", "torchvision") if uses_torchvision else ("torch",)

    def lines_of(self, block: str, node: str) -> tuple[int, ...]:
        """The lines, counted from 0, that a node became."""
        return tuple(n for n, owner in enumerate(self.owners) if owner == (block, node))

    def owner_of(self, line: int) -> tuple[str, str] | None:
        """The block and node of a line, counted from 0."""
        return self.owners[line] if 0 <= line < len(self.owners) else None


def generate(project: Project) -> GeneratedModule:
    """The module of a project.

    Raises:
        NotReadyError: where the project has errors.
    """
    errors = [problem for problem in check_project(project) if problem.severity == "error"]
    if errors:
        more = f" and {len(errors) - 1} more" if len(errors) > 1 else ""
        raise NotReadyError(
            f"There is no code yet, because of a problem in {errors[0].place}: {errors[0].title}"
            f"{more}"
        )
    result = infer_symbolic(project)
    # What a condition leaves out at the present values is looked at only here.
    errors = [p for p in node_problems(project, result) if p.severity == "error"]
    if errors:
        raise NotReadyError(
            "There is no code yet, because of a problem with other values of the parameters in "
            f"{errors[0].place}: {errors[0].title}. {errors[0].text}"
        )
    return _Writer(project).write(result)


class _Writer:
    """Collects classes, inner ones first; uses of a block with the same code share a class."""

    def __init__(self, project: Project) -> None:
        self.project = project
        # In a constructor, an argument would hide a class of the same name.
        parameters = {
            parameter for block in project.blocks.values() for parameter in block.parameters
        }
        self.namespace = Namespace(parameters | part_names())
        self.used: set[str] = set()
        self.classes: list[list[ClassLine]] = []
        self.names: dict[tuple[str, tuple[str, ...]], str] = {}
        self.written: dict[int, InnerClass] = {}
        self.network = self.namespace.give(class_name(project.name))

    def write(self, result: BlockResult) -> GeneratedModule:
        """The whole module."""
        self.class_of(result)
        parts = needed_parts(self.used)
        lines: list[ClassLine] = []
        for part in parts:
            lines += [ClassLine(""), ClassLine(""), *(ClassLine(text) for text in part.lines)]
        for one in self.classes:
            lines += [ClassLine(""), ClassLine(""), *one]
        imports = import_lines({*self.used, *(name for part in parts for name in part.uses)})
        header = [*docstring(f"{self.project.name}, made with Kumitate.", ""), "", *imports]
        everything = [*(ClassLine(text) for text in header), *lines]
        return GeneratedModule(
            "\n".join(line.text for line in everything) + "\n",
            self.network,
            tuple(line.owner for line in everything),
        )

    def class_of(self, result: BlockResult) -> InnerClass:
        """The class for one use of a block, written if it does not exist yet."""
        # Uses that were inferred once share their nodes.
        if id(result.nodes) not in self.written:
            self.written[id(result.nodes)] = self._write_class(result)
        return self.written[id(result.nodes)]

    def _write_class(self, result: BlockResult) -> InnerClass:
        block = self.project.blocks[result.name]
        inner: dict[str, list[InnerClass]] = {
            name: [self.class_of(one) for one in node.inner]
            for name, node in result.nodes.items()
            if node.inner and not block.nodes[name].settings.shares
        }
        written = BlockClass(self.project, block, result, inner)
        self.used |= written.names
        key = (result.name, written.signature())
        if key not in self.names:
            if result.name == MAIN:
                name = self.network
            else:
                name = self.namespace.give(class_name(result.name, "Block"))
            self.names[key] = name
            about = block.help or (self.project.notes if result.name == MAIN else "")
            self.classes.append(written.lines(name, about.strip().partition("\n\n")[0]))
        return InnerClass(self.names[key], written.needed_arguments())
