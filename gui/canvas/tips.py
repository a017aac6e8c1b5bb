"""The words of tooltips on the canvas."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QCoreApplication, QPointF

from graph.state import Link
from gui.canvas.badges import words_of
from gui.canvas.hits import Hit, PortHit
from gui.canvas.looks import PortLook
from gui.canvas.node_painting import badge_rect
from gui.canvas.scene import CanvasScene


def tip(scene: CanvasScene, hit: Hit, place: QPointF) -> str:
    """What to say about what lies under the mouse; empty where nothing."""
    if hit.port is not None:
        return _port_tip(scene, hit.port)
    if hit.node:
        return _node_tip(scene, hit.node, place)
    return _link_tip(scene, hit.link) if hit.link is not None else ""


def _rich(*lines: str) -> str:
    shown = [line for line in lines if line]
    return "<p style='white-space: pre-wrap'>" + "<br>".join(shown) + "</p>" if shown else ""


def _port_tip(scene: CanvasScene, port: PortHit) -> str:
    item = scene.node_items[port.node]
    ports: tuple[PortLook, ...] = item.look.inputs if port.is_input else item.look.outputs
    look = next((entry for entry in ports if entry.name == port.port), None)
    editor = scene.editor
    result = editor.document.node_result(editor.block, port.node)
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
    size = f"<b>{escape(str(spec))}</b>" if spec is not None else ""
    return _rich(f"<b>{escape(head)}</b> {size}", escape(look.help) if look else "", state)


def _node_tip(scene: CanvasScene, name: str, place: QPointF) -> str:
    item = scene.node_items[name]
    words = [escape(word) for word in words_of(item.look)]
    if item.look.problem:
        on_badge = badge_rect(item).translated(item.pos()).contains(place)
        text = escape(item.look.problem)
        return _rich(text) if on_badge else _rich(f"<b>{escape(name)}</b>", text, *words)
    if words:
        return _rich(f"<b>{escape(name)}</b>", *words)
    if item.texts is not None and item.texts.elided:
        return _rich(f"<b>{escape(name)}</b>", escape(item.look.title), escape(item.look.summary))
    return ""


def _link_tip(scene: CanvasScene, link: Link) -> str:
    size = scene.link_items[link].look.size
    what = f"<b>{escape(size)}</b>" if size else ""
    why = []
    if scene.link_items[link].look.varies:
        text = QCoreApplication.translate(
            "Canvas", "* depends on the size of the input; the number is that of the example."
        )
        editor = scene.editor
        lines = editor.document.formulas.of(editor.block, link.source, link.output)
        why = [text, *map(str, lines)]
    return _rich(escape(str(link).replace("->", "→")), what, *map(escape, why))
