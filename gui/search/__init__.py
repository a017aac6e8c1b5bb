"""Searching by typing: layers, nodes, commands, files."""
