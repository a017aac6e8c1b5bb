"""Samples are read once while there is room, and again beyond it."""

from data.kept import Kept


def test_what_fits_is_read_once():
    read = []

    def reading(number):
        read.append(number)
        return "x" * number

    kept = Kept(reading, len, most_bytes=5)
    assert [kept[number] for number in (3, 4, 2, 3, 4, 2)] == ["xxx", "xxxx", "xx"] * 2
    # Four do not fit beside three, two do.
    assert read == [3, 4, 2, 4]
