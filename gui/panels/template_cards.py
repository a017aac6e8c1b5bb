"""The ready-made networks as cards: a picture made from the network itself, a name, a sentence."""

from __future__ import annotations

import itertools

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from data.catalog import read_data
from graph.inference import infer_block
from graph.layer import LAYERS
from graph.results import BlockResult
from graph.state import MAIN, Project
from graph.templates import Template, all_templates, load_template
from gui.fields.numbers import short
from gui.look.theme import theme
from gui.runs.background import Background
from gui.runs.parts import can_be_cleared, label
from gui.runs.words import rough_time
from training.estimate import MachineSpeed, machine_speed, training_seconds
from training.spec import read_training

CARD = QSize(264, 148)
_PICTURE = 64


class NetworkPicture(QWidget):
    """A network from afar: every node a small card in the colour of its category."""

    def __init__(self, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places = [
            (node.at, "block" if node.is_block else LAYERS[node.type].CATEGORY)
            for node in project.main.nodes.values()
            if node.is_block or node.type in LAYERS
        ]
        self._links = [
            ends
            for link in project.main.links
            for ends in itertools.pairwise(
                (
                    project.main.nodes[link.source].at,
                    *link.dots,
                    project.main.nodes[link.target].at,
                )
            )
        ]
        self.setFixedWidth(_PICTURE)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it, as large as there is room."""
        if not self._places:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        xs = [at[0] for at, _ in self._places]
        ys = [at[1] for at, _ in self._places]
        columns = max(1.0, (max(xs) - min(xs)) / 130 + 1)
        rows = max(1.0, (max(ys) - min(ys)) / 90 + 1)
        room = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        down = min(room.height() / rows, 12.0)
        across = room.width() / columns
        top = room.center().y() - rows * down / 2

        def place(at: tuple[float, float]) -> tuple[float, float]:
            x = room.center().x() + (at[0] - (max(xs) + min(xs)) / 2) / 130 * across
            return x, top + (at[1] - min(ys)) / 90 * down + down / 2

        painter.setPen(QPen(theme().color("line"), 1.2))
        for start, end in self._links:
            (x1, y1), (x2, y2) = place(start), place(end)
            painter.drawLine(round(x1), round(y1), round(x2), round(y2))
        painter.setPen(Qt.PenStyle.NoPen)
        width, height = min(across * 0.86, 40.0), max(2.5, min(down * 0.62, 6.0))
        for at, category in self._places:
            x, y = place(at)
            painter.setBrush(theme().category_color(category))
            painter.drawRoundedRect(QRectF(x - width / 2, y - height / 2, width, height), 2, 2)


class TemplateCard(QPushButton):
    """A template; a click starts a project from it."""

    def __init__(self, template: Template, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.template = template
        self.setObjectName(f"template_{template.id}")
        self.setProperty("role", "template")
        self.setAccessibleName(template.title)
        self.setAccessibleDescription(template.description)
        self.setToolTip(self._origin(template))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMinimumSize(CARD)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        title = label(template.title, "strong", f"template_title_{template.id}", wrap=True)
        text = label(template.description, "muted", f"template_text_{template.id}", wrap=True)
        self._result = infer_block(project, MAIN)
        self._project = project
        self.seconds: float | None = None
        """About how long its training takes here; None where that is not known."""
        self.facts = label("", "small", f"template_facts_{template.id}", wrap=True)
        for one in (title, text, self.facts):
            one.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(title)
        words.addWidget(text, 1, Qt.AlignmentFlag.AlignTop)
        words.addSpacing(4)
        words.addWidget(self.facts)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 12, 14, 12)
        row.setSpacing(10)
        row.addWidget(NetworkPicture(project, self))
        row.addLayout(words, 1)
        self._inner = row
        self._say_facts()

    def _origin(self, template: Template) -> str:
        """Where it comes from, and what it reaches, there and here."""
        lines = [template.source]
        if template.result:
            lines.append(self.tr("Published: {result}").format(result=template.result))
        if template.reached:
            lines.append(self.tr("Reached here: {result}").format(result=template.reached))
        return "\n".join(filter(None, lines))

    def take_speed(self, speed: MachineSpeed) -> None:
        """Say how long training takes on a machine that is so fast."""
        if self._project.data:
            description = read_data(self._project.data)[0].describe()
            spec = read_training(self._project.training)[0]
            self.seconds = training_seconds(self._result, description, spec, speed)
            self._say_facts()

    def _say_facts(self) -> None:
        """Task, size of the input, cost, and how long it takes."""
        facts = [self.template.task.capitalize(), *_input_sizes(self._result)]
        facts.append(self.tr("{count} weights").format(count=short(self._result.parameters)))
        operations = short(self._result.multiply_adds)
        facts.append(self.tr("{count} multiply-adds").format(count=operations))
        if self.seconds is not None:
            facts.append(self.tr("trains in {time}").format(time=rough_time(self.seconds)))
        # A line breaks between facts, not between a number and what it counts.
        self.facts.setText(" · ".join(fact.replace(" ", "\N{NO-BREAK SPACE}") for fact in facts))
        self._inner.activate()

    def sizeHint(self) -> QSize:
        """Tall enough for its sentence at the present width."""
        width = max(self.width(), CARD.width())
        wanted = self._inner.heightForWidth(width)
        return QSize(CARD.width(), max(CARD.height(), wanted))

    def enterEvent(self, event: QEnterEvent) -> None:
        """Take the border of the accent."""
        super().enterEvent(event)
        self.update()


class TemplateCards(QWidget):
    """All templates in a grid as wide as there is room, with a search and a choice of the task.

    The cards are made when they are first looked at, right after the window has appeared.

    Signals:
        chosen(id): start from this one.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("templates")
        self._cards: list[TemplateCard] = []
        self._shown: list[TemplateCard] = []
        self._columns = 0
        self.search = QLineEdit(self)
        self.search.setObjectName("templates_search")
        self.search.setAccessibleName(self.tr("Search templates"))
        self.search.setPlaceholderText(self.tr("Search templates"))
        can_be_cleared(self.search, self.tr("Clear the search"))
        self.search.textChanged.connect(self._filter)
        self.task = QComboBox(self)
        self.task.setObjectName("templates_task")
        self.task.setAccessibleName(self.tr("Task"))
        self.task.addItem(self.tr("All tasks"), "")
        # The tasks come with the cards, after it was first shown.
        self.task.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.task.currentIndexChanged.connect(self._filter)
        self.time = QComboBox(self)
        self.time.setObjectName("templates_time")
        self.time.setAccessibleName(self.tr("Time that training takes on this machine"))
        for text, seconds in (
            (self.tr("Any time"), None),
            (self.tr("Trains in a minute"), 90.0),
            (self.tr("Trains in ten minutes"), 900.0),
        ):
            self.time.addItem(text, seconds)
        self.time.setToolTip(
            self.tr("Estimated for this machine's processor, good to a factor of two or three")
        )
        self.time.currentIndexChanged.connect(self._filter)
        self.background = Background(self)
        self.nothing = label("", "muted", "templates_nothing", wrap=True)
        self.nothing.hide()
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.search, 1)
        top.addWidget(self.task)
        top.addWidget(self.time)
        self._grid = QGridLayout()
        self._grid.setSpacing(12)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(self.nothing)
        column.addLayout(self._grid)

    @property
    def cards(self) -> list[TemplateCard]:
        """The cards of all templates."""
        self._make()
        return self._cards

    def shown_ids(self) -> list[str]:
        """The templates that search and task leave."""
        self._make()
        return [card.template.id for card in self._shown]

    def _make(self) -> None:
        if self._cards:
            return
        for template in all_templates():
            card = TemplateCard(template, load_template(template.id), self)
            card.clicked.connect(lambda _=False, id_=template.id: self.chosen.emit(id_))
            self._cards.append(card)
            if self.task.findData(template.task) < 0:
                self.task.addItem(template.task.capitalize(), template.task)
        self._filter()
        self._fit()
        self.background.call(machine_speed, self._take_speed)

    def _take_speed(self, speed: MachineSpeed) -> None:
        self.background.close()
        for card in self._cards:
            card.take_speed(speed)
        self._filter()
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Make the cards, but let the window appear first."""
        super().showEvent(event)
        if not self._cards:
            QTimer.singleShot(0, self, self._make)

    def event(self, event: QEvent) -> bool:
        """Put the cards into as many columns as fit."""
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return super().event(event)

    def _filter(self) -> None:
        """Show what has all words of the search, is for the task, and trains in time."""
        words = self.search.text().casefold().split()
        task, longest = self.task.currentData(), self.time.currentData()
        self._shown = []
        for card in self._cards:
            one = card.template
            text = " ".join((one.id, one.title, one.description, one.task, one.source)).casefold()
            if task and one.task != task:
                continue
            if longest is not None and (card.seconds is None or card.seconds > longest):
                continue
            if all(word in text for word in words):
                self._shown.append(card)
        self.nothing.setText(
            self.tr(
                "No template has all of this: {words}. Use fewer words, or choose all tasks and "
                "any time."
            ).format(words=self.search.text().strip())
        )
        self.nothing.setVisible(bool(self._cards) and not self._shown)
        self._arrange()

    def _fit(self) -> None:
        columns = max(1, min(3, (self.width() + 12) // (CARD.width() + 12)))
        if columns != self._columns:
            self._columns = columns
            self._arrange()
        tallest = max((card.sizeHint().height() for card in self._cards), default=0)
        for card in self._cards:
            card.setFixedHeight(tallest)

    def _arrange(self) -> None:
        columns = max(self._columns, 1)
        for card in self._cards:
            self._grid.removeWidget(card)
            card.setVisible(card in self._shown)
        for number, card in enumerate(self._shown):
            self._grid.addWidget(card, number // columns, number % columns)
        for column in range(3):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)


def _input_sizes(result: BlockResult) -> list[str]:
    """The sizes of the network's inputs, `1×28×28`."""
    return [
        str(spec)
        for node in result.nodes.values()
        if node.layer is not None and node.layer.NAME == "Input"
        for spec in node.outputs.values()
    ]
