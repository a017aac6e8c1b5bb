"""A node in hand snaps to the lines of others, or to the grid."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.snapping import Guide, Neighbours

NUMBERS = st.integers(-400, 400).map(float)
SIZES = st.tuples(st.sampled_from([230.0, 248.0]), st.sampled_from([48.0, 72.0]))
REACH, GRID = 7.0, 4.0


def rectangle(center, size):
    return (
        center[0] - size[0] / 2,
        center[1] - size[1] / 2,
        center[0] + size[0] / 2,
        center[1] + size[1] / 2,
    )


def distances(center, size, others, axis):
    """How far edges and centres are from the same lines of every other node, one by one."""
    own = rectangle(center, size)
    lines = [(own[axis] + own[axis + 2]) / 2, own[axis], own[axis + 2]]
    return [
        abs(line - wanted)
        for other in others
        for line, wanted in zip(
            lines, [(other[axis] + other[axis + 2]) / 2, other[axis], other[axis + 2]], strict=True
        )
    ]


@given(
    center=st.tuples(NUMBERS, NUMBERS),
    size=SIZES,
    others=st.lists(st.tuples(st.tuples(NUMBERS, NUMBERS), SIZES), max_size=12),
)
def test_a_node_snaps_to_the_nearest_line_or_the_grid(center, size, others):
    others = [rectangle(*other) for other in others]
    snapped = Neighbours(others).snap(center, size, reach=REACH, grid=GRID)
    for axis in (0, 1):
        near = [one for one in distances(center, size, others, axis) if one <= REACH]
        moved = abs(snapped.center[axis] - center[axis])
        if near:
            assert moved == pytest.approx(min(near))
            assert min(distances(snapped.center, size, others, axis)) == pytest.approx(0.0)
            assert axis in {guide.axis for guide in snapped.guides}
        else:
            assert snapped.center[axis] % GRID == 0
            assert moved <= GRID / 2


def test_a_line_reaches_over_all_nodes_that_it_joins():
    others = [rectangle((0.0, 0.0), (230.0, 48.0)), rectangle((0.0, 200.0), (230.0, 48.0))]
    snapped = Neighbours(others).snap((3.0, 101.0), (248.0, 72.0), reach=REACH, grid=GRID)
    assert snapped.center == (0.0, 100.0)
    assert snapped.guides == (Guide(0, 0.0, -24.0, 224.0),)


def test_a_straight_link_goes_before_nearer_lines():
    others = [rectangle((0.0, 0.0), (230.0, 48.0))]
    snapped = Neighbours(others).snap(
        (1.0, 300.0), (230.0, 48.0), reach=REACH, grid=GRID, straight=[5.0, -90.0]
    )
    assert snapped.center == (5.0, 300.0)
    assert snapped.guides == ()
