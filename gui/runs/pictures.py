"""Pictures of a run's folder: read by a thread when they come into sight, kept, and drawn."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader, QPainter

from gui.look.theme import SMALL_SIZE, font, theme
from gui.runs.background import Background

PICTURE = 88
"""Side of a picture on the screen, in device-independent pixels."""
_MOST_KEPT = 512
_LARGEST_READ = 4 * PICTURE
"""Larger pictures are read scaled down to this, if nothing else is said."""
_CRISP_UP_TO = 48
"""Pictures this small keep their pixels visible: they are what the network saw."""


class Pictures(QObject):
    """The pictures of one folder.

    Signals:
        came(picture): one that was asked for is there.
    """

    came = Signal(str)

    def __init__(
        self,
        background: Background,
        parent: QObject | None = None,
        *,
        largest: int = _LARGEST_READ,
    ) -> None:
        """Read with `background`, larger pictures scaled down to `largest`."""
        super().__init__(parent)
        self._background = background
        self._largest = largest
        self._folder = Path()
        self._images: OrderedDict[str, QImage | None] = OrderedDict()

    def set_folder(self, folder: Path) -> None:
        """Take pictures from here, and forget those of before."""
        self._folder = folder
        self._images.clear()

    def image(self, picture: str) -> QImage | None:
        """A picture by its path in the folder; None while it is read, which this call begins."""
        if not picture:
            return QImage()
        if picture in self._images:
            self._images.move_to_end(picture)
            return self._images[picture]
        self._images[picture] = None
        folder = self._folder

        def take(image: QImage) -> None:
            if folder == self._folder:
                self._images[picture] = image
                while len(self._images) > _MOST_KEPT:
                    self._images.popitem(last=False)
                self.came.emit(picture)

        self._background.call(lambda: _read_image(folder / picture, self._largest), take)
        return None


def paint_picture(
    painter: QPainter, frame: QRect, image: QImage | None, *, smooth: bool = True
) -> QRect | None:
    """Draw a picture as large as fits into the frame; an empty frame while there is none.

    Args:
        smooth: whether a large one is smoothed; of a mask every pixel is to be seen.

    Returns:
        where the picture is; None while there is none.
    """
    if image is None or image.isNull():
        painter.fillRect(frame, theme().color("background"))
        if image is not None:
            painter.setFont(font(SMALL_SIZE))
            painter.setPen(theme().color("muted"))
            text = QCoreApplication.translate("runs", "no picture")
            painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, text)
        return None
    smooth = smooth and max(image.width(), image.height()) > _CRISP_UP_TO
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    size = image.size().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRect(0, 0, size.width(), size.height())
    target.moveCenter(frame.center())
    painter.drawImage(target, image)
    return target


def _read_image(path: Path, largest: int) -> QImage:
    """The picture, not larger than is needed; an empty one where it cannot be read."""
    reader = QImageReader(str(path))
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > largest:
        limit = QSize(largest, largest)
        reader.setScaledSize(size.scaled(limit, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()
