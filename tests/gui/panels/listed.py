"""What the palette lists, for its tests."""

from gui.panels.palette_list import ENTRY_ROLE


def rows(palette):
    """What is listed: titles, headings in capitals."""
    found = []
    for number in range(palette.model.rowCount()):
        if palette.view.isRowHidden(number):
            continue
        index = palette.model.index(number, 0)
        entry = index.data(ENTRY_ROLE)
        found.append(entry.title if entry else str(index.data()).upper())
    return found


def added(palette):
    calls = []
    palette.add_requested.connect(lambda name, is_block: calls.append((name, is_block)))
    return calls


def index_of(palette, title, *, heading=False):
    """The row with that title."""
    for number in range(palette.model.rowCount()):
        index = palette.model.index(number, 0)
        if str(index.data()) == title and palette.model.is_heading(number) == heading:
            return index
    raise AssertionError(title)


def place_of(palette, title, *, heading=False):
    index = index_of(palette, title, heading=heading)
    palette.view.scrollTo(index)
    return palette.view.visualRect(index).center()
