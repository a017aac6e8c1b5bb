"""Lines of code are laid out as ruff's formatter would lay them out."""

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from codegen.python import WIDTH, assignment_lines, call_lines

NAMES = st.sampled_from(["width", "output_stride", "a_rather_long_name_of_a_parameter", "classes"])
CONDITIONS = st.one_of(
    st.builds("{} == {}".format, NAMES, st.integers(0, 16)),
    st.builds('{} == "x if y else z"'.format, NAMES),
    st.builds("{} > 2 and {} != 3".format, NAMES, NAMES),
    st.builds("({} > 2 or {} == 1)".format, NAMES, NAMES),
)
VALUES = st.one_of(NAMES, st.builds("({} + {}) * 2".format, NAMES, NAMES))
CHOICES = st.recursive(
    st.builds("{} if {} else {}".format, VALUES, CONDITIONS, VALUES),
    lambda inner: st.builds("{} if {} else {}".format, VALUES, CONDITIONS, inner),
    max_leaves=2,
)


def formatted(text):
    """As the formatter leaves it."""
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", str(WIDTH)]
    run = subprocess.run([*command, "-"], input=text, capture_output=True, text=True, check=True)
    return run.stdout


@given(st.lists(st.tuples(CHOICES, CHOICES), min_size=20, max_size=20))
def test_choices_between_values_are_broken_up_where_they_are_too_long(cases):
    lines = []
    for argument, expression in cases:
        lines += call_lines("conv = nn.Conv2d(", ["width", argument, f"padding={argument}"])
        lines += assignment_lines("", f"stride = {expression}")
    text = "\n".join(lines) + "\n"
    assert text == formatted(text)
