"""The bar below says what is selected, unless there is something more important to say."""

from graph.edits import add_node, set_argument
from gui.fields.numbers import short, whole


def words(window, *names):
    document = window.editor.document
    results = [document.result("main").nodes[name] for name in names]
    weights = whole(sum(one.parameters for one in results))
    return f"{weights} weights, {short(sum(one.multiply_adds for one in results))} multiply-adds"


def test_it_says_what_is_selected(lenet):
    hint = lenet.status.hint
    usual = hint.text()
    lenet.editor.select(["conv1"])
    assert hint.text() == "conv1: 156 weights, 117,600 multiply-adds".replace(
        "117,600", short(117_600)
    )
    lenet.editor.select(["conv1", "conv2", "tanh1"])
    assert hint.text() == f"3 nodes selected: {words(lenet, 'conv1', 'conv2', 'tanh1')}"
    lenet.editor.apply("Add", lambda p: add_node(p, "main", "Note", name="note"))
    lenet.editor.select(["conv1", "note"])
    assert hint.text().startswith("conv1: 156 weights")
    lenet.editor.select(["note"])
    assert hint.text() == usual
    lenet.editor.select([])
    assert hint.text() == usual


def test_it_follows_edits_and_undo(lenet):
    lenet.editor.select(["conv2"])
    before = lenet.status.hint.text()
    lenet.editor.apply("Set", lambda p: set_argument(p, "main", "conv2", "out_channels", 3))
    assert lenet.status.hint.text() == f"conv2: {words(lenet, 'conv2')}" != before
    # What flows into it changes its weights too.
    lenet.editor.apply("Set", lambda p: set_argument(p, "main", "conv1", "out_channels", 2))
    assert lenet.status.hint.text() == f"conv2: {words(lenet, 'conv2')}"
    lenet.editor.history.undo()
    lenet.editor.history.undo()
    assert lenet.status.hint.text() == before


def test_gestures_and_refusals_come_first_and_other_pages_say_their_own(lenet):
    lenet.editor.select(["conv1"])
    chosen = lenet.status.hint.text()
    lenet.editor.hint.emit("Link conv1 to conv2")
    assert lenet.status.hint.text() == "Link conv1 to conv2"
    lenet.editor.hint.emit("")
    assert lenet.status.hint.text() == chosen
    lenet.editor.refused.emit("this cannot be")
    lenet.editor.select(["conv2"])
    assert lenet.status.hint.text() == "This cannot be"
    lenet.editor.told.emit("this was done too")
    assert lenet.status.hint.text() == "This was done too"
    assert lenet.status.hint.property("role") == "status"
    lenet.editor.hint.emit("x")
    lenet.editor.hint.emit("")
    lenet.show_page("train")
    assert "conv" not in lenet.status.hint.text()
    lenet.show_page("design")
    assert lenet.status.hint.text().startswith("conv2:")


def test_a_refusal_begins_with_a_large_letter_but_leaves_names_as_they_are(lenet):
    lenet.editor.select(["image"])
    lenet.actions_["bypass"].trigger()
    assert lenet.status.hint.text().startswith("image cannot be bypassed")
    for said, shown in (("there is nothing", "There is nothing"), ("a.png: no", "a.png: no")):
        lenet.editor.refused.emit(said)
        assert lenet.status.hint.text() == shown
