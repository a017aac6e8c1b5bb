"""Who makes the random gestures: a hand at a canvas that knows what it can reach, inside of
expanded blocks too."""

from contextlib import contextmanager

from hypothesis.stateful import RuleBasedStateMachine
from PySide6.QtCore import QPointF

from graph.document import Document
from graph.files import from_text
from gui.canvas.preferences import canvas_preferences
from gui.canvas.view import CanvasView
from gui.editor import Editor
from tests.gui.canvas.building import Hand, drawings, pixel

NETWORK = """kumitate: 1
blocks:
  main:
    nodes:
      image: {layer: Input, at: [0, 0]}
      conv: {layer: Conv2d, at: [0, 100]}
      relu: {layer: ReLU, at: [-140, 200]}
      step: {block: Step, at: [140, 300], expanded: true}
      cat: {layer: Concat, at: [0, 500]}
      result: {layer: Output, at: [0, 600]}
    links: [image -> conv, conv -> relu, conv -> step, relu -> cat.in_1, step -> cat.in_2,
      cat -> result]
  Step:
    nodes:
      entry: {layer: Input, at: [0, 0]}
      pair: {block: Pair, at: [0, 100]}
      leave: {layer: Output, at: [0, 200]}
    links: [entry -> pair, pair -> leave]
  Pair:
    nodes:
      entry: {layer: Input, at: [0, 0]}
      sum: {layer: Add, at: [0, 100]}
      tanh: {layer: Tanh, at: [0, 200]}
      leave: {layer: Output, at: [0, 300]}
    links: [entry -> sum.in_1, sum -> tanh, tanh -> leave]
"""


class Person(RuleBasedStateMachine):
    """Without a plan yet."""

    def __init__(self):
        super().__init__()
        project = from_text(NETWORK).project
        self.editor = Editor(Document(project))
        self.view = CanvasView(self.editor)
        self.view.resize(640, 560)
        self.view.items_scene.animated = False
        self.view.show()
        self.hand = Hand(self.view)
        self.seen = self.editor.document.state

    def teardown(self):
        canvas_preferences().set_link_style("curved")
        self.view.cancel_gesture()
        self.view.close()
        self.view.deleteLater()

    def drawings(self):
        """The block that fills the canvas, and those that are shown in place of nodes."""
        return drawings(self.view.items_scene)

    def reached(self, places):
        """Those of some places of the canvas that the mouse reaches, in pixels."""
        frame = self.view.viewport().rect().adjusted(8, 8, -8, -8)
        pixels = [pixel(self.view, place) for place in places]
        return [at for at in pixels if frame.contains(at)]

    def nodes(self):
        """Where nodes can be taken, inside of expanded ones too."""
        return self.reached(
            item.scenePos() + QPointF(-60, 0)
            for drawing in self.drawings()
            for item in drawing.node_items.values()
        )

    def ports(self, *, is_input):
        """Where ports can be taken, inside of expanded nodes too."""
        return self.reached(
            item.scenePos() + QPointF(*at)
            for drawing in self.drawings()
            for item in drawing.node_items.values()
            for at in (item.shape_.inputs if is_input else item.shape_.outputs).values()
        )

    def choose(self, popup, one):
        """Take what a search offers first, or close it."""
        if popup.isVisible() and one:
            popup.choose_current()
        popup.close_popup()

    def links(self, part):
        """Where links can be reached with the mouse, some way along them."""
        return self.reached(
            drawing.on_canvas(QPointF(*item.points()[int(part * len(item.points()))]))
            for drawing in self.drawings()
            for item in drawing.link_items.values()
        )

    def dots(self):
        """Where reroute points can be reached with the mouse."""
        return self.reached(
            drawing.on_canvas(at)
            for drawing in self.drawings()
            for item in drawing.link_items.values()
            for at in item.dots
        )

    @staticmethod
    def pick(number, places):
        return places[number % len(places)] if places else None

    @contextmanager
    def hands_off_dialogs(self):
        """A name that is being typed where it stands is taken as it is."""
        yield
        for field in (self.view.block_name, self.view.note_editor):
            if field is not None:
                self.view.setFocus()
