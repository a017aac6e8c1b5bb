"""What a drag from the palette carries; the palette writes it and the canvas reads it."""

from __future__ import annotations

from PySide6.QtCore import QMimeData

PALETTE_MIME = "application/x-kumitate-layer"
"""The bytes are a layer's name in UTF-8, or `block:` and a block's name."""
BLOCK_PREFIX = "block:"


def dragged(type_: str, *, is_block: bool) -> QMimeData:
    """A layer or block as something to be dragged."""
    data = QMimeData()
    data.setData(PALETTE_MIME, f"{BLOCK_PREFIX if is_block else ''}{type_}".encode())
    return data


def dropped_type(mime: QMimeData) -> tuple[str, bool] | None:
    """The layer's or block's name, and whether it is a block; None for anything else."""
    if not mime.hasFormat(PALETTE_MIME):
        return None
    text = bytes(mime.data(PALETTE_MIME).data()).decode("utf-8", errors="replace")
    if text.startswith(BLOCK_PREFIX):
        return text.removeprefix(BLOCK_PREFIX), True
    return text, False
