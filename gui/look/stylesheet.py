"""The application's only stylesheet, made from the tokens of gui/look/theme.py.

Widgets say what they are by the property `role` (or `primary` buttons by `role="primary"`); only
here is decided what that looks like. Fusion draws whatever is not named here, with the palette.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import Template

from PySide6.QtGui import QFontDatabase

_ICONS = Path(__file__).parent / "icons"
"""Pictures that a stylesheet can only take from files."""

_BASE = """
* { font-size: ${text_size}px; }
QMainWindow, QDialog, QWidget[role="page"] { background: $background; color: $text; }
QWidget[role="panel"], QFrame[role="panel"], QScrollArea[role="panel"],
QScrollArea[role="panel"] > QWidget > QWidget { background: $panel; }
QScrollArea { border: none; background: transparent; }
QToolTip { background: $panel; color: $text; border: 1px solid $line; padding: 4px 8px; }
QSplitter::handle { background: $line; }
QSplitter::handle:hover { background: $accent; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QFrame[role="top_bar"] { background: $panel; border: none; border-bottom: 1px solid $line; }
QFrame[role="bar"] { background: $panel; border: none; border-bottom: 1px solid $line; }
QFrame[role="status_bar"] { background: $panel; border: none; border-top: 1px solid $line; }
QFrame[role="separator"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
"""

_TEXTS = """
QLabel { background: transparent; }
QLabel[role="brand"] { font-size: ${heading_size}px; font-weight: 650; }
QLabel[role="title"] { font-size: ${heading_size}px; font-weight: 600; }
QLabel[role="number"] { font-size: 34px; font-weight: 600; }
QLabel[role="huge"] { font-size: 24px; font-weight: 600; }
QLabel[role="heading"] { font-size: ${heading_size}px; font-weight: 600; }
QLabel[role="section"] { font-size: 11px; font-weight: 650; color: $muted; }
QLabel[role="muted"], QLabel[role="status"] { color: $muted; }
QLabel[role="status"], QLabel[role="status_error"], QLabel[role="small"] { font-size: 12px; }
QLabel[role="small"] { color: $muted; font-size: ${small_size}px; }
QLabel[role="error"], QLabel[role="status_error"] { color: $error; }
QLabel[role="error"] { font-size: ${small_size}px; }
QLabel[role="good"] { color: $good; }
QLabel[role="state_muted"] { color: $muted; font-weight: 600; }
QLabel[role="state_accent"] { color: $accent; font-weight: 600; }
QLabel[role="state_good"] { color: $good; font-weight: 600; }
QLabel[role="state_warning"] { color: $warning; font-weight: 600; }
QLabel[role="state_error"] { color: $error; font-weight: 600; }
QLabel[role="mono"], QLabel[role="code"] { font-family: "$mono"; font-size: 12px; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="badge_error"], QLabel[role="badge_warning"] {
  border-radius: 9px; min-width: 18px; max-width: 18px; min-height: 18px; max-height: 18px;
  font-size: ${small_size}px; font-weight: 700; color: $panel;
}
QLabel[role="badge_error"] { background: $error; }
QLabel[role="badge_warning"] { background: $warning; }
"""

_BUTTONS = """
QPushButton {
  background: $panel; color: $text; border: 1px solid $line; border-radius: 8px;
  padding: 6px 12px; font-weight: 550;
}
QPushButton:hover { background: $accent_soft; }
QPushButton:pressed { background: $line; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $muted; background: transparent; }
QPushButton[role="primary"] {
  background: $accent; color: $on_accent; border-color: $accent;
}
QPushButton[role="primary"]:hover { background: $text; border-color: $text; color: $panel; }
QPushButton[role="primary"]:focus { border-color: $text; }
QPushButton[role="primary"]:disabled {
  background: $line; border-color: $line; color: $muted;
}
QPushButton[role="danger"] { color: $error; border-color: $error; }
QPushButton[role="tab"], QPushButton[role="tab_error"] {
  background: transparent; color: $muted; border: 1px solid transparent; padding: 6px 13px;
}
QPushButton[role="tab"]:hover, QPushButton[role="tab_error"]:hover { background: $background; }
QPushButton[role="tab"]:checked, QPushButton[role="tab_error"]:checked {
  background: $accent_soft; color: $accent;
}
QPushButton[role="tab"]:focus, QPushButton[role="tab_error"]:focus {
  border-color: $accent;
}
QPushButton[role="tab_error"], QPushButton[role="tab_error"]:checked { color: $error; }
QPushButton[size="small"] { padding: 3px 9px; font-size: 12px; }
QPushButton[role="flat"], QPushButton[role="link"] {
  background: transparent; border: 1px solid transparent; color: $accent; padding: 3px 7px;
}
QPushButton[role="flat"]:hover, QPushButton[role="link"]:hover { background: $accent_soft; }
QPushButton[role="flat"]:focus, QPushButton[role="link"]:focus { border-color: $accent; }
QPushButton[role="flat"]:disabled { color: $muted; }
QPushButton[role="fix"] { color: $accent; font-weight: 600; padding: 3px 9px; }
QPushButton[role="fold"] {
  background: transparent; border: 1px solid transparent; color: $muted; text-align: left;
  padding: 3px 0px; font-weight: 600;
}
QPushButton[role="fold"]:hover { color: $text; background: transparent; }
QPushButton[role="fold"]:focus { color: $accent; }
QToolButton {
  background: transparent; color: $muted; border: 1px solid transparent; border-radius: 6px;
  padding: 2px;
}
QToolButton:hover { background: $accent_soft; color: $text; }
QToolButton:focus { border-color: $accent; }
QToolButton:checked { background: $accent_soft; color: $accent; }
QTabBar { background: transparent; }
QTabBar::tab {
  background: transparent; color: $muted; border: none; border-bottom: 2px solid transparent;
  padding: 7px 8px 6px 10px; min-width: 60px; max-width: 220px;
}
QTabBar::tab:hover { color: $text; background: $background; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:selected:focus { color: $accent; }
"""

_FIELDS = """
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox, QDoubleSpinBox {
  background: $panel; color: $text; border: 1px solid $line; border-radius: 7px;
  padding: 3px 8px; selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QSpinBox:focus,
QDoubleSpinBox:focus { border-color: $accent; }
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled {
  color: $muted; background: $background;
}
QLineEdit[wrong="true"], QComboBox[wrong="true"] { border-color: $error; }
QLineEdit[role="search"] { border-radius: 8px; padding: 6px 10px; }
QLineEdit[role="title"] {
  font-size: ${heading_size}px; font-weight: 600; border-color: transparent; padding: 3px 6px;
}
QLineEdit[role="title"]:hover { border-color: $line; }
QLineEdit[role="title"]:focus { border-color: $accent; }
QLineEdit[role="title"][wrong="true"] { border-color: $error; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url("$icons/chevron-down.svg"); width: 12px; height: 12px; }
QComboBox QAbstractItemView {
  background: $panel; color: $text; border: 1px solid $line; padding: 2px;
  selection-background-color: $accent_soft; selection-color: $accent;
}
QCheckBox { color: $text; spacing: 8px; border: 1px solid transparent; border-radius: 6px;
  padding: 2px 4px; }
QCheckBox:focus { border-color: $accent; }
QCheckBox::indicator {
  width: 14px; height: 14px; border: 1px solid $muted; border-radius: 4px; background: $panel;
}
QCheckBox::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked {
  background: $accent; border-color: $accent; image: url("$icons/check-$mode.svg");
}
QCheckBox::indicator:indeterminate { background: $accent_soft; border-color: $accent; }
QCheckBox::indicator:disabled { border-color: $line; background: $background; }
QPlainTextEdit[role="code"], QTextEdit[role="code"] {
  font-family: "$mono"; font-size: 12px; border: none; border-radius: 0px; background: $panel;
}
QPlainTextEdit[role="code"]:focus { border: none; }
"""

_VIEWS = """
QAbstractItemView { outline: none; }
QListView, QTreeView, QTableView, QUndoView {
  background: $panel; color: $text; border: none; alternate-background-color: $background;
  selection-background-color: $accent_soft; selection-color: $text;
}
QListView[role="names"] { border: 1px solid $accent; border-radius: 7px; padding: 2px; }
QTableView { gridline-color: transparent; }
QTableView::item, QUndoView::item { padding: 3px 8px; border: none; }
QUndoView::item { border-radius: 6px; }
QTableView::item:selected, QUndoView::item:selected, QListView::item:selected {
  background: $accent_soft; color: $accent;
}
QHeaderView { background: $panel; }
QHeaderView::section {
  background: $panel; color: $muted; border: none; border-bottom: 1px solid $line;
  padding: 4px 8px; font-size: ${small_size}px; font-weight: 600;
}
QScrollBar:vertical { background: transparent; width: 10px; margin: 0px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0px; }
QScrollBar::handle {
  background: $line; border-radius: 4px; margin: 1px; min-height: 28px; min-width: 28px;
}
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0px; height: 0px; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar {
  background: $line; border: none; border-radius: 4px; max-height: 8px; min-height: 8px;
  text-align: center; color: transparent;
}
QProgressBar::chunk { background: $accent; border-radius: 4px; }
QSlider::groove:horizontal { background: $line; height: 4px; border-radius: 2px; }
QSlider::handle:horizontal {
  background: $accent; width: 14px; height: 14px; margin: -5px 0; border-radius: 7px;
}
"""

_CARDS = """
QFrame[role="card"] { background: $panel; border: 1px solid $line; border-radius: 8px; }
QFrame[role="soft"] { background: $accent_soft; border: none; border-radius: 10px; }
QAbstractButton[role="template"], QPushButton[role="template"] {
  background: $panel; border: 1px solid $line; border-radius: 10px; text-align: left;
}
QPushButton[role="template"]:hover, QPushButton[role="template"]:focus {
  border-color: $accent; background: $panel;
}
QFrame[role="popup"] { background: $panel; border: 1px solid $line; border-radius: 10px; }
QFrame[role="row"] { background: transparent; border: none; border-bottom: 1px solid $line; }
QFrame[role="notice_error"], QFrame[role="notice_warning"], QFrame[role="notice_info"] {
  background: $panel; border: 1px solid $line; border-radius: 8px;
}
QFrame[role="notice_error"] { border-left: 3px solid $error; }
QFrame[role="notice_warning"] { border-left: 3px solid $warning; }
QFrame[role="notice_info"] { border-left: 3px solid $accent; }
QLabel[role="notice_title"], QLabel[role="notice_title_info"],
QLabel[role="notice_title_warning"], QLabel[role="notice_title_error"] { font-weight: 600; }
QLabel[role="notice_title_error"] { color: $error; }
"""

_MENUS = """
QMenuBar { background: $panel; color: $text; border: none; padding: 2px 8px; }
QMenuBar::item { padding: 4px 10px; border-radius: 6px; background: transparent; }
QMenuBar::item:selected { background: $accent_soft; color: $accent; }
QMenu { background: $panel; color: $text; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 28px 5px 12px; border-radius: 6px; }
QMenu::item:selected { background: $accent_soft; color: $accent; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QMenu::indicator { width: 14px; height: 14px; margin-left: 8px; }
"""


def stylesheet(colors: Mapping[str, str], sizes: Mapping[str, float], *, dark: bool) -> str:
    """The stylesheet of one mode.

    Args:
        colors: by token.
        sizes: of text, small and heading, in device-independent pixels.
        dark: whether it is the dark mode.
    """
    mono = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
    text = "".join((_BASE, _TEXTS, _BUTTONS, _FIELDS, _VIEWS, _CARDS, _MENUS))
    return Template(text).substitute(
        colors,
        mono=mono,
        icons=_ICONS.as_posix(),
        mode="dark" if dark else "light",
        **{f"{name}_size": size for name, size in sizes.items()},
    )
