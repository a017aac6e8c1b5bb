"""What tests of the inspector share."""


def choose(inspector, *names):
    """Select nodes; the form follows in the same turn."""
    inspector._editor.select(names)
    inspector.update_now()
    return inspector.form


def node(editor, name):
    """A node of the block that is open."""
    return editor.document.state.blocks[editor.block].nodes[name]
