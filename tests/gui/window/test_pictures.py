"""The network as a picture, and back; files that are dropped onto the window."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication

from graph.files import save
from graph.png_text import load_picture
from graph.templates import load_template
from gui.canvas import picture
from gui.files import picture_export
from gui.files.picture_export import PictureDialog, Wanted, write_picture
from gui.look.theme import theme
from gui.window import dialogs
from tests.gui.window.conftest import bar_text

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def exported(lenet, tmp_path, monkeypatch):
    """Exports by the menu, with these answers."""

    def export(name, **answers):
        path = tmp_path / name
        monkeypatch.setattr(picture_export, "ask_picture", lambda *_: Wanted(**answers))
        monkeypatch.setattr(dialogs, "choose_picture", lambda *_: path)
        lenet.actions_["export_picture"].trigger()
        return path

    return export


def texts(path):
    root = ElementTree.parse(path).getroot()
    assert root.tag == f"{SVG}svg"
    assert not list(root.iter(f"{SVG}image"))
    return {"".join(one.itertext()) for one in root.iter(f"{SVG}text")}


def test_svg_holds_the_nodes_as_text(lenet, exported):
    path = exported("net.svg")
    assert lenet.editor.document.state.main.nodes.keys() <= texts(path)
    assert str(path) in bar_text(lenet, "export")


def test_only_what_is_selected_is_on_it(lenet, exported):
    lenet.editor.select(["conv1", "tanh1"])
    names = texts(exported("part.svg", selection_only=True)) & set(
        lenet.editor.document.state.main.nodes
    )
    assert names == {"conv1", "tanh1"}


def test_png_opened_again_is_the_project(lenet, exported, tmp_path):
    before = lenet.editor.document.state
    path = exported("net.png")
    content = path.read_bytes()
    assert load_picture(path) == before
    lenet.commands.new()
    lenet.commands.open_file(path)
    assert lenet.editor.document.state == before
    assert lenet.session.path is None
    assert "stays as it is" in bar_text(lenet, "notes")
    # Saving asks for a file, and leaves the picture alone.
    assert lenet.session.save_as(tmp_path / "net.yaml")
    assert path.read_bytes() == content


def test_a_png_without_a_project_is_told(lenet, exported):
    before = lenet.editor.document.state
    path = exported("bare.png", with_project=False)
    lenet.commands.open_file(path)
    assert "without a project inside" in bar_text(lenet, "open")
    assert lenet.editor.document.state is before


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_background(lenet, exported, mode):
    lenet.set_theme(mode)
    image = QImage(str(exported("net.png")))
    assert image.pixelColor(0, 0) == theme().color("background")
    assert image.pixelColor(0, 0).alpha() == 255
    clear = QImage(str(exported("clear.png", transparent=True)))
    assert clear.pixelColor(0, 0).alpha() == 0
    assert clear.size() == image.size()
    # The card under the name is drawn on both.
    middle = image.rect().center()
    row = [clear.pixelColor(x, 60) for x in range(middle.x())]
    assert QColor(theme().color("text")) in row or any(one.alpha() == 255 for one in row)


def test_pdf_is_one_page_with_fonts(exported):
    content = exported("net.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.count(b"/Type /Page\n") == 1
    assert b"/FontDescriptor" in content
    assert b"/Subtype /Image" not in content


def test_too_large_pictures_are_smaller_and_it_is_said(lenet, exported, monkeypatch):
    monkeypatch.setattr(picture, "LONGEST_SIDE", 500)
    image = QImage(str(exported("net.png")))
    assert max(image.width(), image.height()) == 500
    assert "of its full size" in bar_text(lenet, "export")


def test_failures_are_told_and_leave_nothing(lenet, exported, tmp_path):
    exported("missing/net.png")
    assert "could not be saved" in bar_text(lenet, "export")
    exported("net.bmp")
    assert "should end with" in bar_text(lenet, "export")
    assert not [one for one in tmp_path.rglob("*") if one.is_file() and "user" not in one.parts]


def test_an_empty_network_has_no_picture(window, tmp_path):
    window.commands.new()
    nodes = list(window.editor.document.state.main.nodes)
    assert nodes == []
    message = write_picture(window.editor, tmp_path / "a.png", Wanted())
    assert message.severity == "error"
    assert not (tmp_path / "a.png").exists()


def test_the_dialog_offers_the_selection_only_where_there_is_one(qtbot):
    for selected in (0, 2):
        dialog = PictureDialog(selected)
        qtbot.addWidget(dialog)
        assert dialog.selection.isEnabled() == bool(selected)
        assert dialog.wanted() == Wanted()


def drop(window, *paths: Path):
    """Drop files where the pages are; false where nothing wants them."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    target = window.pages.design.canvas.viewport() if window.has_project else window.pages.welcome
    enter = QDragEnterEvent(target.rect().center(), Qt.DropAction.CopyAction, mime, left, none)
    QApplication.sendEvent(target, enter)
    if enter.isAccepted():
        place = QPointF(target.rect().center())
        QApplication.sendEvent(
            target, QDropEvent(place, Qt.DropAction.CopyAction, mime, left, none)
        )
    return enter.isAccepted()


def test_the_status_bar_says_what_dropping_a_file_would_do(window, tmp_path):
    path = tmp_path / "one.yaml"
    save(load_template("lenet5"), path)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    before = window.status.hint.text()
    at, copy = window.rect().center(), Qt.DropAction.CopyAction
    QApplication.sendEvent(window, QDragEnterEvent(at, copy, mime, left, none))
    assert window.status.hint.text() == "Release to open one.yaml"
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert window.status.hint.text() == before


def test_dropped_files_open_in_tabs_and_nothing_gives_way(window, tmp_path):
    one, two = tmp_path / "one.yaml", tmp_path / "two.kumitate"
    save(load_template("lenet5"), one)
    save(load_template("mlp"), two)
    assert drop(window, one)
    assert [w.session.path for w in window.workspaces] == [one]
    assert drop(window, two, one)
    assert [w.session.path for w in window.workspaces] == [one, two]
    assert window.session.path == one
    assert not drop(window, tmp_path / "words.txt")


def test_of_nothing_no_picture_is_asked_for(window, monkeypatch):
    asked = []
    monkeypatch.setattr(picture_export, "ask_picture", lambda *_: asked.append("what"))
    window.commands.new()
    window.actions_["export_picture"].trigger()
    assert asked == []
    assert "add one first" in bar_text(window, "export")
