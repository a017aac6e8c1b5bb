"""Where notes go when the nodes of a block are arranged: they stay, but those in a frame go along
with it, and none stays on a node."""

from __future__ import annotations

from collections.abc import Iterable

from graph.drawn import Drawn, Shapes, straight
from graph.edits import block_of, move_nodes
from graph.framing import frame_rectangle, frames_of, inside
from graph.geometry import Rectangle
from graph.state import Point, Project

GAP = 14.0
"""Kept free between a note and a node that it had to give way to."""


def notes_follow(before: Project, after: Project, block: str, shapes: Shapes) -> Project:
    """The notes of a block where they belong after its nodes and frames were moved.

    Args:
        shapes: how nodes and notes are drawn.
    """
    after = _with_frames(before, after, block)
    drawn = Drawn(block_of(after, block), shapes, straight)
    taken = list(drawn.cards().values())
    places = {}
    for note in drawn.block.nodes.values():
        if not note.is_note or note.is_frame:
            continue
        card = drawn.card(note.name)
        if _hits(card, taken):
            places[note.name] = _nearest(card, taken)
            x, y = (places[note.name][axis] - note.at[axis] for axis in (0, 1))
            card = card[0] + x, card[1] + y, card[2] + x, card[3] + y
        taken.append(card)
    return move_nodes(after, block, places)


def _with_frames(before: Project, after: Project, block: str) -> Project:
    """Notes go with the smallest frame in which they lay."""
    graph = block_of(before, block)
    places: dict[str, Point] = {}

    def size(rectangle: Rectangle) -> float:
        return (rectangle[2] - rectangle[0]) * (rectangle[3] - rectangle[1])

    frames = sorted(frames_of(graph), key=lambda frame: size(frame_rectangle(before, frame)))
    for frame in frames:
        old = frame_rectangle(before, frame)
        new = frame_rectangle(after, block_of(after, block).nodes[frame.name])
        for name in inside(before, block, frame.name):
            node = graph.nodes[name]
            if node.is_note and not node.is_frame:
                place = node.at[0] + new[0] - old[0], node.at[1] + new[1] - old[1]
                places.setdefault(name, place)
    return move_nodes(after, block, places)


def _nearest(card: Rectangle, taken: Iterable[Rectangle]) -> Point:
    """The middle of the nearest free place beside, above or below something that is there."""
    left, top, right, bottom = card
    x, y, half, rise = (
        (left + right) / 2,
        (top + bottom) / 2,
        (right - left) / 2,
        (bottom - top) / 2,
    )
    wishes = [
        wish
        for a, b, c, d in taken
        for wish in (
            (x, round(d + GAP + rise)),
            (x, round(b - GAP - rise)),
            (round(c + GAP + half), y),
            (round(a - GAP - half), y),
        )
    ]
    wishes.sort(key=lambda at: abs(at[0] - x) + abs(at[1] - y))
    return next(
        at
        for at in wishes
        if not _hits((at[0] - half, at[1] - rise, at[0] + half, at[1] + rise), taken)
    )


def _hits(card: Rectangle, others: Iterable[Rectangle]) -> bool:
    return any(card[0] < c and a < card[2] and card[1] < d and b < card[3] for a, b, c, d in others)
