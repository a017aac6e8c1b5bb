"""Reroute points by mouse, menu and key: each is one edit."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QPointF

from graph.dots import Dot, add_dot, remove_dots, without_dots
from graph.state import Link
from gui.canvas.drawing import Drawing
from gui.canvas.measures import snapped
from gui.canvas.scene import CanvasScene
from gui.editor import Path


def add_at(scene: CanvasScene, drawing: Drawing, link: Link, place: QPointF) -> bool:
    """Lead a link through a place near to it, and select the new reroute point."""
    block, number = drawing.name, drawing.link_items[link].leg_at(place)
    at = drawing.model_at(QPointF(snapped(place.x()), snapped(place.y())))
    label = QCoreApplication.translate("Canvas", "Add a reroute point to {link}").format(link=link)
    done = drawing.apply(label, lambda project: add_dot(project, block, link, number, at))
    if done:
        select(scene, Dot(link, number), drawing.path)
    return done


def select(scene: CanvasScene, dot: Dot, path: Path) -> None:
    """Select a reroute point, and nothing else."""
    scene.editor.select((), path)
    scene.select_links((), [dot])


def add_by_key(scene: CanvasScene) -> bool:
    """A reroute point half way on the one link that is meant by what is selected."""
    link, drawing = link_meant(scene), scene.chosen_drawing
    if link is None:
        text = QCoreApplication.translate(
            "Canvas", "select a link, the two nodes that it joins, or a node with one link leaving"
        )
        scene.editor.refused.emit(text)
        return False
    return add_at(scene, drawing, link, drawing.link_items[link].middle())


def link_meant(scene: CanvasScene) -> Link | None:
    """The selected link; that of the selected reroute point; the one between two selected nodes;
    the only one that leaves the selected node. None where it could be several."""
    links = scene.selected_links | {dot.link for dot in scene.selected_dots}
    chosen = scene.editor.chosen[1]
    if not links and chosen:
        near = {link for name in chosen for link in scene.chosen_drawing.links_of(name)}
        links = frozenset(
            link
            for link in near
            if link.source in chosen and (len(chosen) == 1 or link.target in chosen)
        )
    return next(iter(links)) if len(links) == 1 else None


def remove(drawing: Drawing, dots: Iterable[Dot]) -> bool:
    """Remove reroute points."""
    block, gone = drawing.name, list(dots)
    label = words_for(len(gone), QCoreApplication.translate("Canvas", "Remove {what}"))
    return drawing.apply(label, lambda project: remove_dots(project, block, gone))


def straighten(drawing: Drawing, link: Link) -> bool:
    """Remove all reroute points of a link."""
    block = drawing.name
    label = QCoreApplication.translate("Canvas", "Straighten {link}").format(link=link)
    return drawing.apply(label, lambda project: without_dots(project, block, [link]))


def words_for(count: int, text: str) -> str:
    """The label of an edit of so many reroute points, which stand for `{what}`."""
    if count == 1:
        return text.format(what=QCoreApplication.translate("Canvas", "a reroute point"))
    several = QCoreApplication.translate("Canvas", "{count} reroute points")
    return text.format(what=several.format(count=count))
