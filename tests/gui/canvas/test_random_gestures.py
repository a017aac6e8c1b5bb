"""Random gestures by mouse and keyboard. After each of them: the canvas shows what the model says,
undo brings back the very state of before and redo that of after, and the file says it all."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from graph.direction import ARRANGEMENTS
from graph.edits import set_argument
from graph.expanding import inner_places
from graph.files import from_text, to_text
from graph.inference import infer_block
from graph.state import MAIN
from gui.canvas import clipboard
from gui.canvas.aligning import ALIGNMENTS, DISTRIBUTIONS, put_in_order
from gui.canvas.curves import LINK_STYLES
from gui.canvas.preferences import canvas_preferences
from tests.graph.building import dots_of
from tests.gui.canvas.building import (
    agree,
    as_if_opened_anew,
    drop,
    key,
)
from tests.gui.canvas.person import Person

NONE = Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LAYERS = ("Conv2d", "ReLU", "MaxPool2d", "Concat", "Add", "LSTM", "Flatten", "Output", "Note")
KEYS = (
    *(Qt.Key.Key_Delete, Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Tab, Qt.Key.Key_Escape),
    Qt.Key.Key_Return,
)
COMMANDS = (
    *("group_selection", "dissolve_selection", "bypass_selection", "delete_selection"),
    *("select_all", "fit", "zoom_in", "zoom_out", "zoom_reset", "show_start", "add_dot"),
    "expand_selection",
)
places = st.builds(QPoint, st.integers(20, 620), st.integers(40, 520))
picks = st.integers(0, 10_000)


class Canvas(Person):
    """A person without a plan at a small network with a fork and a block in a block."""

    # --- what a person does --------------------------------------------------------------------

    @rule(number=picks, to=places, keys=st.sampled_from((NONE, SHIFT, CONTROL)))
    def drag_a_node(self, number, to, keys):
        start = self.pick(number, self.nodes())
        if start:
            self.hand.drag(start, to, keys=keys)

    @rule(number=picks, other=picks, is_input=st.booleans(), same_way=st.booleans())
    def drag_from_port_to_port(self, number, other, is_input, same_way):
        start = self.pick(number, self.ports(is_input=is_input))
        # The ports of an expanded node lead inside too.
        end = self.pick(other, self.ports(is_input=is_input == same_way))
        if start and end:
            self.hand.drag(start, end)

    @rule(number=picks, to=places, is_input=st.booleans(), add=st.booleans())
    def drag_from_a_port_somewhere(self, number, to, is_input, add):
        start = self.pick(number, self.ports(is_input=is_input))
        if start:
            self.hand.drag(start, to)
            self.choose(self.view.adder.popup, add)

    @rule(at=places, add=st.booleans())
    def search_somewhere(self, at, add):
        with self.hands_off_dialogs():
            self.hand.double_click(at)
        self.choose(self.view.adder.popup, add)

    @rule(add=st.booleans())
    def link_by_keyboard(self, add):
        self.view.linker.open()
        self.choose(self.view.linker.popup, add)

    @rule(start=places, end=places, keys=st.sampled_from((NONE, SHIFT)))
    def marquee(self, start, end, keys):
        self.hand.drag(start, end, keys=keys)

    @rule(at=places, keys=st.sampled_from((NONE, SHIFT, CONTROL)))
    def click(self, at, keys):
        self.hand.click(at, keys=keys)

    @rule(number=picks, keys=st.sampled_from((NONE, CONTROL)))
    def click_a_node(self, number, keys):
        at = self.pick(number, self.nodes())
        if at:
            self.hand.click(at, keys=keys)

    @rule(number=picks)
    def double_click_a_node(self, number):
        at = self.pick(number, self.nodes())
        if at:
            with self.hands_off_dialogs():
                self.hand.double_click(at)
            self.view.adder.popup.close_popup()

    @rule(number=picks, part=st.sampled_from((0.3, 0.5, 0.7)), twice=st.booleans())
    def click_a_link(self, number, part, twice):
        at = self.pick(number, self.links(part))
        if at:
            with self.hands_off_dialogs():
                (self.hand.double_click if twice else self.hand.click)(at)
            self.view.adder.popup.close_popup()

    @rule(number=picks, layer=st.sampled_from(LAYERS))
    def drop_a_layer_on_a_link(self, number, layer):
        at = self.pick(number, self.links(0.5))
        if at:
            drop(self.view, layer, at)

    @rule(number=picks, to=places, keys=st.sampled_from((NONE, SHIFT, CONTROL)))
    def drag_a_dot(self, number, to, keys):
        at = self.pick(number, self.dots())
        if at:
            self.hand.drag(at, to, keys=keys)

    @rule(number=picks)
    def double_click_a_dot(self, number):
        at = self.pick(number, self.dots())
        if at:
            with self.hands_off_dialogs():
                self.hand.double_click(at)
            self.view.adder.popup.close_popup()

    @rule(number=picks)
    def expand_or_collapse_a_block(self, number):
        blocks = [
            (drawing.path, name)
            for drawing in self.drawings()
            for name, node in drawing.block.nodes.items()
            if node.is_block
        ]
        if blocks:
            path, name = blocks[number % len(blocks)]
            self.editor.select([name], path)
            self.view.expand_selection()

    @rule(start=places, to=places)
    def begin_and_give_up(self, start, to):
        before = self.editor.document.state
        self.hand.press(start)
        self.hand.move((start + to) / 2)
        self.hand.move(to)
        key(self.view, Qt.Key.Key_Escape)
        self.hand.release(to)
        assert self.editor.document.state is before

    @rule(layer=st.sampled_from(LAYERS), at=places)
    def drop_a_layer(self, layer, at):
        drop(self.view, layer, at)

    @rule(which=st.sampled_from(KEYS), keys=st.sampled_from((NONE, SHIFT)))
    def press_a_key(self, which, keys):
        with self.hands_off_dialogs():
            key(self.view, which, keys)

    @rule(command=st.sampled_from(COMMANDS))
    def command(self, command):
        with self.hands_off_dialogs():
            getattr(self.view, command)()

    @rule(arrangement=st.sampled_from((None, *ARRANGEMENTS)))
    def arrange(self, arrangement):
        self.view.arranger.arrange(arrangement)

    @rule(
        act=st.sampled_from(
            (clipboard.copy, clipboard.cut, clipboard.paste, clipboard.paste_with_inputs)
        )
    )
    def clipboard(self, act):
        act(self.view)

    @precondition(lambda self: len(self.editor.document.state.main.nodes) < 30)
    @rule()
    def duplicate(self):
        clipboard.duplicate(self.view)

    @rule(size=st.integers(1, 40))
    def resize_the_input(self, size):
        if "image" in self.editor.document.state.main.nodes:
            shape = (1, size, size)
            self.editor.apply("", lambda p: set_argument(p, MAIN, "image", "shape", shape))

    @rule(at=places, turns=st.integers(-6, 6), keys=st.sampled_from((NONE, SHIFT)))
    def turn_the_wheel(self, at, turns, keys):
        self.hand.turn_wheel(at, turns, keys=keys)

    @rule(part=st.tuples(st.floats(0.05, 0.95), st.floats(0.05, 0.95)))
    def click_the_overview(self, part):
        overview = self.view.overlays.minimap
        if overview.isVisible():
            at = QPoint(int(part[0] * overview.width()), int(part[1] * overview.height()))
            QTest.mouseClick(overview, Qt.MouseButton.LeftButton, NONE, at)

    @rule(width=st.sampled_from((420, 640, 1000)), height=st.sampled_from((380, 560, 900)))
    def resize_the_window(self, width, height):
        self.view.resize(width, height)

    @rule()
    def frame_what_is_selected(self):
        with self.hands_off_dialogs():
            self.view.frame_selection()

    @rule(number=picks, to=places)
    def resize_a_frame(self, number, to):
        at = self.pick(
            number,
            self.reached(
                drawing.on_canvas(item.card_on_canvas().bottomRight() - QPointF(3, 3))
                for drawing in self.drawings()
                for item in drawing.node_items.values()
                if item.look.frame
            ),
        )
        if at:
            self.hand.drag(at, to)

    @rule(number=picks)
    def enter_a_block(self, number):
        nodes = self.editor.document.state.blocks[self.editor.block].nodes
        blocks = [node.type for node in nodes.values() if node.is_block]
        if blocks:
            self.editor.open_block(blocks[number % len(blocks)])

    @rule(forward=st.booleans())
    def go_back_or_forward(self, forward):
        visited = self.view.visited
        visited.forward() if forward else visited.back()

    @rule(action=st.sampled_from((*ALIGNMENTS, *DISTRIBUTIONS)))
    def put_in_order(self, action):
        put_in_order(self.view, action)

    @rule(style=st.sampled_from(LINK_STYLES))
    def choose_a_link_style(self, style):
        canvas_preferences().set_link_style(style)

    @precondition(lambda self: self.editor.history.canUndo())
    @rule()
    def undo(self):
        self.editor.history.undo()

    @precondition(lambda self: self.editor.history.canRedo())
    @rule()
    def redo(self):
        self.editor.history.redo()

    @precondition(lambda self: self.editor.block != MAIN)
    @rule()
    def leave_the_block(self):
        self.editor.open_block(MAIN)

    # --- what holds after each of them ---------------------------------------------------------

    @invariant()
    def nothing_is_left_in_hand(self):
        assert self.view.gesture is None
        assert self.view.items_scene.surface.targets is None

    @invariant()
    def the_canvas_shows_the_model(self):
        as_if_opened_anew(self.view)
        agree(self.view)
        nodes = self.editor.document.state.blocks[self.editor.block].nodes
        assert self.editor.selection <= nodes.keys()
        block, chosen = self.editor.chosen
        assert chosen <= self.editor.document.state.blocks[block].nodes.keys()
        here, way = self.editor.document.state, self.view.items_scene.surface.direction
        for drawing in self.drawings():
            for name, node in drawing.block.nodes.items():
                expanded = node.expanded and drawing.block.direction == way
                assert (name in drawing.inside) == expanded
                if expanded:
                    items = drawing.inside[name].node_items.items()
                    shown = {one: (item.x(), item.y()) for one, item in items}
                    assert shown == inner_places(here, node.type, way)
        known = self.editor.document.result(self.editor.block).nodes
        seen = self.view.camera.seen()
        for link, item in self.view.items_scene.link_items.items():
            if item.isVisible() and item.course.intersects(seen):
                # What leads to nothing tells no size, which only a node that is left out can cause.
                idle = item.look.idle
                assert known[link.target].left_out or not idle
                spec = None if idle else known[link.source].outputs.get(link.output)
                assert item.look.size.replace("*", "") == (str(spec) if spec is not None else "")

    @invariant()
    def undo_leads_back_to_the_very_state(self):
        after, history = self.editor.document.state, self.editor.history
        if after is self.seen or not history.canUndo():
            self.seen = after
            return
        index, block, chosen = history.index(), self.editor.block, self.editor.chosen[1]
        path = self.editor.path
        while history.canUndo():
            history.undo()
        while history.index() < index:
            history.redo()
        assert self.editor.document.state is after
        agree(self.view)
        self.editor.open_block(block)
        self.editor.select(chosen, path)
        self.seen = after

    @invariant()
    def the_file_says_it_all(self):
        state = self.editor.document.state
        again = from_text(to_text(state)).project
        assert again == state
        assert dots_of(again) == dots_of(state)
        fresh = infer_block(state, MAIN)
        assert {n: r.outputs for n, r in self.editor.document.result().nodes.items()} == {
            n: r.outputs for n, r in fresh.nodes.items()
        }


TestRandomGestures = Canvas.TestCase
TestRandomGestures.settings = settings(stateful_step_count=30)
TestRandomGestures.pytestmark = [pytest.mark.usefixtures("qapp"), pytest.mark.timeout(1200)]


def test_a_gesture_that_lies_about_the_model_is_caught(qapp):
    """The checks above can fail."""
    machine = Canvas()
    machine.view.items_scene.node_items["relu"].setPos(QPointF(999, 999))
    with pytest.raises(AssertionError):
        machine.the_canvas_shows_the_model()
    machine.teardown()


def test_a_link_that_leads_to_nothing_may_tell_no_size(qapp):
    """Of two links into a node that is left out, it passes on what one brings."""
    machine = Canvas()
    try:
        machine.editor.select(["cat"])
        machine.view.bypass_selection()
        items = machine.view.items_scene.link_items.items()
        idle = [str(link) for link, item in items if item.look.idle]
        assert idle == ["step -> cat.in_2"]
        machine.the_canvas_shows_the_model()
    finally:
        machine.teardown()
