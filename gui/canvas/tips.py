"""The words of tooltips on the canvas."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QCoreApplication, QPointF

from graph.card import node_card
from graph.explain import axis_names
from graph.layer import Layer
from graph.shapes import TensorSpec
from graph.state import Link
from gui.canvas.badges import words_of
from gui.canvas.drawing import Drawing
from gui.canvas.hits import Hit, PortHit
from gui.canvas.kinds import kind_of
from gui.canvas.looks import NodeLook, PortLook
from gui.canvas.node_painting import badge_rect
from gui.canvas.scene import CanvasScene

MOST_LINES = 6
"""Of arithmetic; the inspector has the rest."""


def tip(scene: CanvasScene, hit: Hit, place: QPointF) -> str:
    """What to say about what lies under the mouse; empty where nothing."""
    drawing = scene.find(hit.path) or scene
    if hit.port is not None:
        return _port_tip(drawing, hit.port)
    if hit.node and hit.path:
        return _inner_tip(drawing.node_items[hit.node].look)
    if hit.node:
        return _node_tip(scene, hit.node, place)
    if hit.link is None:
        return ""
    text = QCoreApplication.translate(
        "Canvas", "Reroute point. Drag it to lead the link; double-click removes it."
    )
    return _link_tip(drawing, hit.link, text if hit.dot is not None else "")


def _rich(*lines: str) -> str:
    shown = [line for line in lines if line]
    return "<p style='white-space: pre-wrap'>" + "<br>".join(shown) + "</p>" if shown else ""


def _port_tip(drawing: Drawing, port: PortHit) -> str:
    item = drawing.node_items.get(port.node)
    ports: tuple[PortLook, ...] = ()
    if item is not None:
        ports = item.look.inputs if port.is_input else item.look.outputs
    look = next((entry for entry in ports if entry.name == port.port), None)
    result = drawing.node_result(port.node)
    sizes = result.inputs if port.is_input else result.outputs
    spec = sizes.get(port.port)
    if port.is_input:
        head = QCoreApplication.translate("Canvas", "Input {name}").format(name=port.port)
    else:
        head = QCoreApplication.translate("Canvas", "Output {name}").format(name=port.port)
    state = ""
    if look is not None and look.state == "wrong":
        state = QCoreApplication.translate("Canvas", "This port does not exist; remove its link.")
    elif look is not None and look.state == "spare":
        state = QCoreApplication.translate("Canvas", "Place for one more branch.")
    flow = _flow_words(spec, result.layer) if spec is not None else ""
    return _rich(f"<b>{escape(head)}</b>", flow, escape(look.help) if look else "", state)


def _flow_words(spec: TensorSpec, layer: Layer | None) -> str:
    """`Image 16×24×24: channels 16 × height 24 × width 24`."""
    kinds = {
        "image": QCoreApplication.translate("Canvas", "Image"),
        "vector": QCoreApplication.translate("Canvas", "Vector"),
        "sequence": QCoreApplication.translate("Canvas", "Sequence"),
        "volume": QCoreApplication.translate("Canvas", "Volume"),
        "number": QCoreApplication.translate("Canvas", "Number"),
        "labels": QCoreApplication.translate("Canvas", "Whole numbers (labels, word indices)"),
        "logical": QCoreApplication.translate("Canvas", "True or false"),
        "": QCoreApplication.translate("Canvas", "Tensor"),
    }
    head = f"{escape(kinds[kind_of(spec)])} <b>{escape(str(spec))}</b>"
    named = zip(axis_names(spec.rank, layer), spec.sizes, strict=True)
    # An axis and its size stay together where a tip breaks lines.
    axes = " × ".join(f"{name}\u00a0{int(size)}" for name, size in named)
    return f"{head}: {escape(axes)}" if axes else head


def _node_tip(scene: CanvasScene, name: str, place: QPointF) -> str:
    """The card of a node: what it does, how its numbers come about, and what is wrong or special
    with it. On its badge, what is wrong alone."""
    item = scene.node_items[name]
    look, editor = item.look, scene.editor
    problem = escape(look.problem)
    if problem and badge_rect(item).translated(item.pos()).contains(place):
        return _rich(problem)
    head = f"<b>{escape(name)}</b> · {escape(look.title)}"
    if look.is_note:
        return ""
    result = editor.document.node_result(editor.block, name)
    node = scene.block.nodes[name]
    card = None if node.is_block else node_card(node.type, result)
    about = card.sentence if card else _block_help(scene, node.type)
    lines = [] if problem or card is None else [str(line) for line in card.arithmetic()]
    special = [*words_of(look), *([_share_words(scene, name)] if name in _shares(scene) else [])]
    return _rich(
        head,
        escape(about),
        escape(look.summary) if item.texts is not None and item.texts.elided else "",
        problem,
        *(f"<code>{escape(line)}</code>" for line in lines[:MOST_LINES]),
        *map(escape, special),
    )


def _inner_tip(look: NodeLook) -> str:
    """The card of a node inside of an expanded one: what it is there."""
    head = f"<b>{escape(look.name)}</b> · {escape(look.title)}"
    text = QCoreApplication.translate(
        "Canvas", "Drag moves it in its block; double-click opens that."
    )
    return _rich(head, *map(escape, (look.summary, look.size, look.problem, *words_of(look), text)))


def _block_help(scene: CanvasScene, type_: str) -> str:
    block = scene.editor.document.state.blocks.get(type_)
    return " ".join(block.help.split()) if block else ""


def _shares(scene: CanvasScene) -> dict[str, float]:
    return scene.surface.shares


def _share_words(scene: CanvasScene, name: str) -> str:
    if scene.surface.counted == "weights":
        text = QCoreApplication.translate("Canvas", "{part} of the weights of this block.")
    else:
        text = QCoreApplication.translate("Canvas", "{part} of the multiply-adds of this block.")
    return text.format(part=f"{_shares(scene)[name]:.1%}")


def _link_tip(drawing: Drawing, link: Link, more: str) -> str:
    look = drawing.link_items[link].look
    what = f"<b>{escape(look.size)}</b>" if look.size else ""
    result = drawing.node_result(link.source)
    spec = result.outputs.get(link.output)
    if spec is not None and not look.varies:
        what = _flow_words(spec, result.layer)
    why = []
    if look.varies:
        text = QCoreApplication.translate(
            "Canvas", "* depends on the size of the input; the number is that of the example."
        )
        editor = drawing.editor
        lines = editor.document.formulas.of(editor.block, link.source, link.output)
        why = [text, *map(str, lines)]
    return _rich(escape(str(link).replace("->", "→")), what, *map(escape, why), escape(more))
