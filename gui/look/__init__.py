"""Colours, the stylesheet, and how text that is too long is shown."""
