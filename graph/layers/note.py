"""Words on the canvas; no part of the network."""

from graph.declare import param
from graph.layer import Layer, layer
from graph.state import NOTE


@layer(
    NOTE,
    category="note",
    title="Note",
    synonyms=("comment", "text", "remark", "annotation", "sticky note"),
    console=("Comment",),
    use="Tells whoever opens the network what a part of it is for, what was tried, where a number "
    "comes from.",
    mistakes=(
        "Expecting it in the generated code: only the network's own notes and the help of a block "
        "are written there.",
    ),
)
class Note(Layer):
    """Holds words that lie on the canvas; it has no effect on the network."""

    INPUTS = ()
    OUTPUTS = ()

    text: str = param(
        default="",
        multiline=True,
        help="What the note says, in many lines; Markdown.",
    )

    def infer(self) -> tuple[()]:
        return ()
