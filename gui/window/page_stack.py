"""The pages of the window. Design is there at once; the others are made when first wanted, so that
the window opens before anything that plots is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from gui.editor import Editor
from gui.files.session import Session
from gui.pages.design import DesignPage
from gui.pages.welcome import WelcomePage

if TYPE_CHECKING:
    from gui.pages.evaluate import EvaluatePage
    from gui.pages.train import TrainPage
    from training.runs import Run

Page = Literal["welcome", "design", "train", "evaluate"]


class PageStack(QStackedWidget):
    """Shows one page.

    Signals:
        page_changed(name): another page is shown.
        training_finished(run): a training came to its end.
        export_requested(run): a run's code and weights are wanted.
        network_wanted(): what is chosen on the canvas is to be seen.
        data_wanted(): the network shall be made to fit some data.
        small_data_wanted(): likewise, data with which it trains in minutes.
    """

    page_changed = Signal(str)
    training_finished = Signal(object)
    export_requested = Signal(object)
    network_wanted = Signal()
    data_wanted = Signal()
    small_data_wanted = Signal()

    def __init__(self, editor: Editor, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pages")
        self._editor = editor
        self._session = session
        self.welcome = WelcomePage(self)
        self.design = DesignPage(editor, self)
        self._train: TrainPage | None = None
        self._evaluate: EvaluatePage | None = None
        self._page: Page = "welcome"
        self.addWidget(self.welcome)
        self.addWidget(self.design)

    @property
    def page(self) -> Page:
        """The page that is shown."""
        return self._page

    @property
    def train_page(self) -> TrainPage:
        """The Train page, made now if it has not been."""
        if self._train is None:
            from gui.pages.train import TrainPage

            self._train = TrainPage(self._editor, self._session, self)
            self._train.run_selected.connect(self._run_selected)
            self._train.training_finished.connect(self.training_finished)
            self._train.network_wanted.connect(self.network_wanted)
            self._train.form.data_wanted.connect(self.data_wanted)
            self._train.control.small_requested.connect(self.small_data_wanted)
            self.addWidget(self._train)
        return self._train

    @property
    def evaluate_page(self) -> EvaluatePage:
        """The Evaluate page, made now if it has not been."""
        if self._evaluate is None:
            from gui.pages.evaluate import EvaluatePage

            self._evaluate = EvaluatePage(self._editor, self._session, self)
            self._evaluate.export_requested.connect(self.export_requested)
            self.addWidget(self._evaluate)
            if self._train is not None and self._train.run is not None:
                self._evaluate.show_run(self._train.run)
        return self._evaluate

    def show_page(self, page: Page) -> None:
        """Show a page."""
        widgets: dict[Page, QWidget] = {"welcome": self.welcome, "design": self.design}
        if page in ("train", "evaluate"):
            widgets[page] = self.train_page if page == "train" else self.evaluate_page
        changed = page != self._page
        self._page = page
        self.setCurrentWidget(widgets[page])
        if changed:
            self.page_changed.emit(page)

    def end(self) -> None:
        """The window closes: wait for work that must not be left half done."""
        self.welcome.cards.background.close()
        self.design.bottom.code.background.close()
        for page in (self._train, self._evaluate):
            if page is not None:
                page.background.close()

    def _run_selected(self, run: Run | None) -> None:
        if self._evaluate is not None and run is not None:
            self._evaluate.show_run(run)
