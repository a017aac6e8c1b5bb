"""What a check found: a problem in plain words, and the edits that would mend it."""

from __future__ import annotations

from dataclasses import dataclass

from graph.edits import Edit
from graph.results import Severity
from graph.state import MAIN


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that would help: the words on its button, and the edit itself."""

    label: str
    edit: Edit

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fix) and other.label == self.label

    def __hash__(self) -> int:
        return hash(self.label)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong, and where.

    Attributes:
        code: a stable name of the sort of problem, for scripts.
        title: one short line, starting with the node's name.
        text: what was expected, what came, and the next step.
        block, node, port, parameter: where; empty where it concerns more than that.
        path: the nodes of the main block through which the block is reached.
        fixes: changes that would mend it, the likeliest first.
    """

    code: str
    title: str
    text: str
    block: str = MAIN
    node: str = ""
    port: str = ""
    parameter: str = ""
    severity: Severity = "error"
    path: tuple[str, ...] = ()
    fixes: tuple[Fix, ...] = ()

    @property
    def place(self) -> str:
        """`main.conv1`, or the setting `training.epochs`, as a person would say it."""
        if not self.block:
            return self.parameter
        return f"{self.block}.{self.node}" if self.node else self.block


def sentence(text: str) -> str:
    """The text with an end: a full stop, unless it asks something."""
    return text if text.endswith(("?", ".")) else f"{text}."
