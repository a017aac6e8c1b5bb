"""Projects made in a few lines, and the networks that their code becomes."""

from typing import Any

from torch import nn

from codegen.module import generate
from graph.files import from_text
from graph.state import Project


def project_of(
    nodes: dict[str, str],
    links: list[str],
    *,
    parameters: str = "{}",
    blocks: str = "",
    name: str = "Net",
) -> Project:
    """A project from the text of its nodes: `{"conv": "layer: Conv2d, padding: 1"}`."""
    lines = ["kumitate: 1", f"name: {name}", "blocks:", "  main:", f"    parameters: {parameters}"]
    lines += ["    nodes:", *(f"      {key}: {{{value}}}" for key, value in nodes.items())]
    lines += ["    links:", *(f"    - {link}" for link in links)]
    return from_text("\n".join(lines) + "\n" + blocks).project


def run_module(text: str) -> dict[str, Any]:
    """The names of a module's text after running it."""
    names: dict[str, Any] = {"__name__": "generated"}
    exec(compile(text, "model.py", "exec"), names)
    return names


def network_of(project: Project, **arguments: Any) -> nn.Module:
    """The network that a project's code makes."""
    module = generate(project)
    network: nn.Module = run_module(module.text)[module.network](**arguments)
    return network


DOUBLE_CONV = """
  DoubleConv:
    help: Two convolutions.
    parameters: {out_channels: 16, kernel: 3}
    nodes:
      entry: {layer: Input, shape: [1, 8, 8]}
      conv1: {layer: Conv2d, out_channels: = out_channels, kernel_size: = kernel, padding: 1}
      relu1: {layer: ReLU}
      conv2: {layer: Conv2d, out_channels: = out_channels, padding: 1}
      leave: {layer: Output}
    links: [entry -> conv1, conv1 -> relu1, relu1 -> conv2, conv2 -> leave]
"""
