"""A frame around nodes that belong together; no part of the network."""

from typing import Literal

from graph.declare import param
from graph.layer import Layer, layer
from graph.state import FRAME


@layer(
    FRAME,
    category="note",
    title="Frame",
    synonyms=("group", "box", "region", "backdrop", "comment box", "container"),
    use="Shows which nodes belong together, such as the encoder of a network; they move with it.",
    mistakes=(
        "Expecting a module of its own in the generated code: that is a block, made with Ctrl+G.",
    ),
)
class Frame(Layer):
    """Lies behind nodes, with a title and a colour; it has no effect on the network."""

    INPUTS = ()
    OUTPUTS = ()

    title: str = param(default="", help="What the nodes in it are together.")
    color: Literal["blue", "teal", "orange", "violet", "pink", "grey"] = param(
        default="blue", help="The colour of the frame."
    )
    width: int = param(default=320, min=80, max=1_000_000, help="How wide it is on the canvas.")
    height: int = param(default=240, min=60, max=1_000_000, help="How high it is on the canvas.")

    def infer(self) -> tuple[()]:
        return ()
