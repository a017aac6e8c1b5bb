"""Sizes that depend on an input of any size can be told on the canvas."""

from graph.check import check_project
from graph.edits import set_argument
from graph.links import Link
from graph.templates import load_template
from gui.canvas.hits import Hit
from gui.canvas.tips import tip


def size_after(view, source):
    scene = view.items_scene
    return next(item.look.size for link, item in scene.link_items.items() if link.source == source)


def switch(editor, on):
    editor.apply("Switch", lambda p: set_argument(p, "main", "image", "any_size", on))


def test_dependent_sizes_are_marked_as_soon_as_the_switch_is_on(open_canvas):
    view = open_canvas(load_template("lenet5"))
    editor = view.items_scene.editor
    assert size_after(view, "conv1") == "6×28×28"
    switch(editor, True)
    assert size_after(view, "image") == "1×28*×28*"
    assert size_after(view, "conv1") == "6×28*×28*"
    assert size_after(view, "flatten") == "400*"
    assert size_after(view, "fc1") == "120"
    editor.apply("Mend", check_project(editor.document.state)[0].fixes[0].edit)
    assert size_after(view, "pool2") == "16×5*×5*"
    assert size_after(view, "flatten") == "400"
    switch(editor, False)
    assert size_after(view, "conv1") == "6×28×28"
    editor.history.undo()
    assert size_after(view, "conv1") == "6×28*×28*"


def test_the_tooltip_gives_the_formula(open_canvas):
    view = open_canvas(load_template("lenet5"))
    scene = view.items_scene
    link = Link("pool2", "out", "flatten", "in")
    assert "depends" not in tip(scene, Hit(link=link), scene.link_items[link].middle())
    switch(scene.editor, True)
    text = tip(scene, Hit(link=link), scene.link_items[link].middle())
    assert "16×5*×5*" in text
    assert "depends on the size of the input" in text
    assert "height: ⌊H / 4⌋ − 2 = 5" in text
