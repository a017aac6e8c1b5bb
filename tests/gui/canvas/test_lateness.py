"""What is out of view is brought up to date when it comes into view, and not before."""

from PySide6.QtCore import QRectF

from graph.document import Document
from graph.edits import move_nodes, set_argument
from graph.state import MAIN
from gui.canvas.scene import CanvasScene
from gui.editor import Editor
from tests.graph.building import chain

HERE, THERE = "n1", "n40"


def scene_of(count=40, *, seen):
    project = chain(*["layer: Conv2d, out_channels: 2, padding: 1"] * count)
    nodes = {name: (0.0, 100.0 * number) for number, name in enumerate(project.main.nodes)}
    editor = Editor(Document(move_nodes(project, MAIN, nodes)))
    scene = CanvasScene(editor, seen=seen)
    editor.document.changed.connect(scene.follow)
    return editor, scene


def sizes(scene):
    return {link.source: item.look.size for link, item in scene.link_items.items()}


def known(editor):
    nodes = editor.document.result().nodes
    return {name: str(nodes[name].outputs["out"]) for name in nodes if nodes[name].outputs}


def resize(editor):
    editor.apply("", lambda p: set_argument(p, MAIN, "image", "shape", (1, 14, 14)))


def test_a_scene_without_a_view_shows_everything_at_once(qapp):
    editor, scene = scene_of(seen=None)
    resize(editor)
    assert sizes(scene) == known(editor)
    assert all(not item.label.isNull() for item in scene.link_items.values())


def test_only_what_is_in_view_is_brought_up_to_date(qapp):
    editor, scene = scene_of(seen=QRectF(-300, -50, 600, 500))
    resize(editor)
    shown, true = sizes(scene), known(editor)
    assert shown[HERE] == true[HERE]
    assert shown[THERE] != true[THERE]
    assert scene.link_items[next(iter(scene.links_of(THERE)))].label.isNull()


def test_what_comes_into_view_is_true(qapp):
    editor, scene = scene_of(seen=QRectF(-300, -50, 600, 500))
    resize(editor)
    scene.look_at(QRectF(-300, 3500, 600, 700))
    assert sizes(scene)[THERE] == known(editor)[THERE]
    scene.look_at(None)
    assert sizes(scene) == known(editor)
    assert all(not item.label.isNull() for item in scene.link_items.values())
