"""The canvas: the network of one block as nodes and links. What the mouse does: gui/gestures."""
