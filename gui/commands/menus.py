"""Which action stands in which menu."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from gui.commands.actions import Actions

_RECENT = "recent"
_THEME = "theme"
_SHARE = "share"


class Menus(QObject):
    """Fills a menu bar; the list of recent files is asked for whenever its menu opens."""

    def __init__(
        self,
        bar: QMenuBar,
        actions: Actions,
        recent: Callable[[], list[Path]],
        open_file: Callable[[Path], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self._recent = recent
        self._open_file = open_file
        self._places: dict[str, str] = {}
        for title, names in self._table():
            self._fill(bar.addMenu(title), names)

    def place_of(self, name: str) -> str:
        """The menu in which an action stands, such as `View`; empty where in none."""
        return self._places.get(name, "")

    def _table(self) -> list[tuple[str, tuple[str, ...]]]:
        return [
            (
                self.tr("&File"),
                (
                    *("new", "new_from_template", "open", _RECENT, "-", "save", "save_as", "-"),
                    *("export", "export_picture", "-", "new_tab", "next_tab", "previous_tab", "-"),
                    *("close_project", "open_again", "-", "quit"),
                ),
            ),
            (
                self.tr("&Edit"),
                (
                    *("undo", "redo", "-"),
                    *("cut", "copy", "paste", "paste_with_inputs", "duplicate", "-"),
                    *("find_layer", "rename", "delete", "select_all", "-"),
                    *("find_node", "find_next", "find_previous", "-"),
                    *("link_to", "add_dot", "group", "dissolve", "expand", "bypass"),
                ),
            ),
            (
                self.tr("&View"),
                (
                    *("page_design", "page_train", "page_evaluate", "-"),
                    *("show_palette", "show_inspector", "show_bottom", "-"),
                    *("zoom_in", "zoom_out", "zoom_reset", "fit", "fit_selection", "-"),
                    *("back", "forward", "-"),
                    *("compare", _SHARE, _THEME),
                ),
            ),
            (
                self.tr("&Arrange"),
                (
                    *("arrange", "arrange_top_down", "arrange_left_right"),
                    *("arrange_by_resolution", "-"),
                    *("align_left", "align_center", "align_right", "-"),
                    *("align_top", "align_middle", "align_bottom", "-"),
                    *("distribute_across", "distribute_down", "-", "frame", "snap", "-"),
                    *("links_curved", "links_straight", "links_orthogonal"),
                ),
            ),
            (self.tr("&Train"), ("check", "use_data", "load_weights", "train")),
            (self.tr("&Help"), ("command_palette", "shortcuts", "about")),
        ]

    def _fill(self, menu: QMenu, names: tuple[str, ...]) -> None:
        menu.setToolTipsVisible(False)
        for name in names:
            if name == "-":
                menu.addSeparator()
            elif name == _RECENT:
                recent = menu.addMenu(self.tr("Open recent"))
                recent.setObjectName("recent_menu")
                recent.aboutToShow.connect(lambda recent=recent: self._fill_recent(recent))
            elif name in (_THEME, _SHARE):
                self._fill_choice(menu, name)
            else:
                menu.addAction(self._actions[name])
                self._places[name] = menu.title().replace("&", "")

    def _fill_choice(self, menu: QMenu, name: str) -> None:
        """A menu inside of a menu, one of whose actions is chosen."""
        if name == _THEME:
            made = menu.addMenu(self.tr("Colours"))
            names = ("theme_system", "theme_light", "theme_dark")
        else:
            made = menu.addMenu(self.tr("Bars on nodes"))
            names = ("share_nothing", "share_weights", "share_multiply_adds")
        for one in names:
            made.addAction(self._actions[one])
            self._places[one] = made.title()

    def _fill_recent(self, menu: QMenu) -> None:
        menu.clear()
        paths = self._recent()
        for path in paths:
            action = QAction(path.name.replace("&", "&&"), menu)
            action.setToolTip(str(path))
            action.triggered.connect(lambda _=False, path=path: self._open_file(path))
            menu.addAction(action)
        if not paths:
            nothing = menu.addAction(self.tr("Nothing opened yet"))
            nothing.setEnabled(False)
        menu.setToolTipsVisible(True)
