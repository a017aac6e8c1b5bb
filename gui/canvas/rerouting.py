"""Reroute points by mouse, menu and key: each is one edit."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QPointF

from graph.dots import Dot, add_dot, remove_dots, without_dots
from graph.state import Link
from gui.canvas.measures import snapped
from gui.canvas.scene import CanvasScene
from gui.editor import Editor


def add_at(editor: Editor, scene: CanvasScene, link: Link, place: QPointF) -> bool:
    """Lead a link through a place near to it, and select the new reroute point."""
    block, number = editor.block, scene.link_items[link].leg_at(place)
    at = (snapped(place.x()), snapped(place.y()))
    label = QCoreApplication.translate("Canvas", "Add a reroute point to {link}").format(link=link)
    done = editor.apply(label, lambda project: add_dot(project, block, link, number, at))
    if done:
        select(editor, scene, Dot(link, number))
    return done


def select(editor: Editor, scene: CanvasScene, dot: Dot) -> None:
    """Select a reroute point, and nothing else."""
    editor.select(())
    scene.select_links((), [dot])


def add_by_key(editor: Editor, scene: CanvasScene) -> bool:
    """A reroute point half way on the one link that is meant by what is selected."""
    link = link_meant(editor, scene)
    if link is None:
        text = QCoreApplication.translate(
            "Canvas", "select a link, the two nodes that it joins, or a node with one link leaving"
        )
        editor.refused.emit(text)
        return False
    return add_at(editor, scene, link, scene.link_items[link].middle())


def link_meant(editor: Editor, scene: CanvasScene) -> Link | None:
    """The selected link; that of the selected reroute point; the one between two selected nodes;
    the only one that leaves the selected node. None where it could be several."""
    links = scene.selected_links | {dot.link for dot in scene.selected_dots}
    chosen = editor.selection
    if not links and chosen:
        near = {link for name in chosen for link in scene.links_of(name)}
        links = frozenset(
            link
            for link in near
            if link.source in chosen and (len(chosen) == 1 or link.target in chosen)
        )
    return next(iter(links)) if len(links) == 1 else None


def remove(editor: Editor, dots: Iterable[Dot]) -> bool:
    """Remove reroute points."""
    block, gone = editor.block, list(dots)
    label = words_for(len(gone), QCoreApplication.translate("Canvas", "Remove {what}"))
    return editor.apply(label, lambda project: remove_dots(project, block, gone))


def straighten(editor: Editor, link: Link) -> bool:
    """Remove all reroute points of a link."""
    block = editor.block
    label = QCoreApplication.translate("Canvas", "Straighten {link}").format(link=link)
    return editor.apply(label, lambda project: without_dots(project, block, [link]))


def words_for(count: int, text: str) -> str:
    """The label of an edit of so many reroute points, which stand for `{what}`."""
    if count == 1:
        return text.format(what=QCoreApplication.translate("Canvas", "a reroute point"))
    several = QCoreApplication.translate("Canvas", "{count} reroute points")
    return text.format(what=several.format(count=count))
