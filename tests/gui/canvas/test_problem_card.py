"""The first problem, as a card on the canvas."""

from PySide6.QtWidgets import QPushButton

from graph.problem import Fix, Problem

LONG = "Make the input 1×28×28 like the data Handwritten digits, and all else as it is"


def test_every_fix_can_be_read_whole(canvas, monkeypatch):
    """Its words go on in another line where one is too short."""
    fixes = (Fix(LONG, lambda p: p), Fix("Short", lambda p: p))
    problem = Problem("data", "image does not fit", "It is too large.", node="image", fixes=fixes)
    monkeypatch.setattr(canvas.editor.document, "_problems", [problem])
    card = canvas.overlays.problem
    card.refresh()
    assert card.isVisible()
    long, short = (card.findChild(QPushButton, f"canvas_problem_fix_{n}") for n in (0, 1))
    assert "\n" in long.text()
    assert short.text() == "Short"
    for one, words in ((long, LONG), (short, "Short")):
        assert one.accessibleName() == one.text().replace("\n", " ") == words
        assert one.sizeHint().width() <= one.width()
        assert one.geometry().right() < card.width()
        assert one.geometry().bottom() < card.height()
