"""Project files: whatever is in them, one message; whatever goes wrong, no harm."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.check import check_project
from graph.document import Document
from graph.files import FileError, from_text, load, save, to_text
from graph.state import MAIN, Project
from graph.templates import FOLDER, all_templates
from tests.graph.building import start

TEMPLATES = [template.id for template in all_templates()]

VALID = """kumitate: 1
name: Net
notes: Some words.
about: {task: classification}
blocks:
  main:
    help: The network.
    parameters:
      width: {default: 4, help: How wide.}
    nodes:
      image: {layer: Input, shape: [2, 8, 8], at: [0, 0]}
      body: {block: Body, channels: = width * 2, repeat: 2, at: [0, 90]}
      pool: {layer: MaxPool2d, kernel_size: 2, at: [10.5, 180]}
      out: {layer: Output, at: [0, 270]}
    links: [image -> body, body.out -> pool.in, pool -> out]
  Body:
    parameters: {channels: 3}
    direction: left-right
    nodes:
      entry: {layer: Input, at: [0, 0]}
      conv: {layer: Conv2d, out_channels: = channels, padding: 1, at: [0, 90]}
      leave: {layer: Output, at: [0, 180]}
    links: [entry -> conv, conv -> leave]
data: {dataset: digits}
training: {epochs: 3, optimizer: {name: Adam}}
"""


def refused(text: str) -> str:
    with pytest.raises(FileError) as error:
        from_text(text, source="net.yaml")
    assert str(error.value).startswith("net.yaml")
    return str(error.value)


# --- what is in order ---------------------------------------------------------------------------


@pytest.mark.parametrize("id_", TEMPLATES)
def test_templates_are_written_as_they_stand(id_):
    text = (FOLDER / f"{id_}.yaml").read_text(encoding="utf-8")
    assert to_text(from_text(text).project) == text


def test_a_file_survives():
    project = from_text(VALID).project
    assert check_project(project) == []
    assert from_text(to_text(project)).project == project
    assert to_text(from_text(to_text(project)).project) == to_text(project)


@given(name=st.text(max_size=40), notes=st.text(max_size=200), help_=st.text(max_size=60))
def test_any_words_survive(tmp_path_factory, name, notes, help_):
    project = start()
    block = replace(project.main, help=help_)
    project = replace(project, name=name, notes=notes, blocks={**project.blocks, MAIN: block})
    path = tmp_path_factory.mktemp("words") / "net.yaml"
    save(project, path)
    again = load(path).project
    assert (again.name, again.notes, again.main.help) == (name, notes, help_)


SHORT_NUMBERS = {"1e-3": 1e-3, "-2E5": -2e5, "1.5e3": 1500.0, "+.5e1": 5.0, "1_0e0": 10.0}


@pytest.mark.parametrize("number", SHORT_NUMBERS)
def test_a_number_with_an_exponent_needs_no_point_and_no_sign(number):
    text = VALID.replace("data: {dataset: digits}", f"data: {{dataset: digits, a: {number}}}")
    assert from_text(text).project.data["a"] == SHORT_NUMBERS[number]
    assert isinstance(from_text(text).project.data["a"], float)


@pytest.mark.parametrize("words", [*SHORT_NUMBERS, "1e", "e3", "1e3x", "0x1e3", "1e3\n"])
def test_a_text_that_looks_like_a_number_stays_a_text(words):
    project = replace(start(), name=words, notes=words, data={"a": words, "b": [words]})
    again = from_text(to_text(project)).project
    assert (again.name, again.notes) == (words, words)
    assert dict(again.data) == {"a": words, "b": [words]}


def test_unknown_keys_are_told_and_kept():
    text = VALID.replace("data:", "colour: {shade: [1, 2]}\ndata:").replace(
        "    help: The", "    future: true\n    help: The"
    )
    loaded = from_text(text)
    assert any('"colour" is not known' in note for note in loaded.notes)
    assert any('"blocks.main.future" is not known' in note for note in loaded.notes)
    raw = yaml.safe_load(to_text(loaded.project))
    assert raw["colour"] == {"shade": [1, 2]}
    assert raw["blocks"]["main"]["future"] is True


def test_unknown_layers_and_arguments_are_kept_and_shown_as_problems():
    text = VALID.replace("layer: MaxPool2d, kernel_size: 2", "layer: Future, odd: [1, x], w: = 3")
    loaded = from_text(text)
    assert any('no layer "Future"' in note for note in loaded.notes)
    assert "pool: {layer: Future, odd: [1, x], w: = 3, at: [10.5, 180]}" in to_text(loaded.project)
    assert [p.code for p in check_project(loaded.project)] == ["unknown layer"]
    text = VALID.replace("kernel_size: 2", "kernel_size: none, later: 7")
    loaded = from_text(text)
    assert "kernel_size: none, later: 7" in to_text(loaded.project)
    assert {p.parameter for p in check_project(loaded.project)} == {"kernel_size", "later"}


def test_links_that_stand_there_twice_are_told():
    loaded = from_text(VALID.replace("pool -> out]", "pool -> out, pool.out -> out]"))
    assert len(loaded.project.main.links) == 3
    assert any("stands there twice" in note for note in loaded.notes)


def test_nodes_without_places_are_arranged():
    project = from_text(re.sub(r", at: \[[^]]*\]", "", VALID)).project
    assert [node.at for node in project.main.nodes.values()] == [
        (0, 0),
        (0, 90),
        (0, 180),
        (0, 270),
    ]


# --- what is not ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 'first line should be "kumitate: 1"'),
        ("just words", "is not a Kumitate project"),
        ("- a\n- b", "is not a Kumitate project"),
        ("name: x", "is not a Kumitate project"),
        ("kumitate: 1\nname: [", "not a legal YAML file"),
        ("kumitate: 1\n\tname: x", "line 2, column 1"),
        ("kumitate: 2\n", "written by a newer release (format 2"),
        ("kumitate: 0\n", "no legal format version"),
        ("kumitate: true\n", "no legal format version"),
        ("kumitate: one\n", "no legal format version"),
        ("kumitate: 1\n", 'no block "main"'),
        ("kumitate: 1\nblocks: {Body: {}}\n", 'no block "main"'),
        ("kumitate: 1\nname: x\nname: y\n", 'the key "name" stands there twice, line 3'),
        ("kumitate: 1\nname: !!python/object/apply:os.getcwd []\n", "uses a tag (!)"),
        ("kumitate: 1\nname: !x y\n", "uses a tag (!)"),
        ("kumitate: 1\na: &a [1]\nb: *a\n", "YAML aliases"),
        ("kumitate: 1\nname: 2001-13-45\n", '"2001-13-45" is no legal timestamp, line 2'),
        ("kumitate: 1\nname: !!bool x\n", '"x" is no legal bool, line 2, column 7'),
        ("kumitate: 1\nname: [!!timestamp x]\n", '"x" is no legal timestamp, line 2, column 8'),
        ("kumitate: 1\nname: !!int ''\n", '"" is no legal int, line 2'),
        ("kumitate: 1\nname: !!map [a]\n", "expected a mapping node"),
        ("kumitate: 1\n? [a, b]\n: c\nblocks: {main: {}}\n", "hashable"),
        ("kumitate: 1\n--- \nkumitate: 1\n", "not a legal YAML file"),
        ("kumitate: 1\nname: \x07\n", "not a legal YAML file"),
        (VALID.replace("links: [image", "links: [imgae"), 'no node "imgae"; did you mean "image"'),
        (
            VALID.replace("image -> body,", "image => body,"),
            'is not a link such as "image -> conv1"',
        ),
        (VALID.replace("image -> body,", "{a: b},"), "blocks.main.links[0]"),
        (VALID.replace("at: [10.5, 180]", "at: [x, 180]"), "must be two numbers"),
        (VALID.replace("at: [10.5, 180]", "at: [.nan, 180]"), "must be two numbers"),
        (VALID.replace("at: [10.5, 180]", "at: [1.0e+300, 0]"), "must be two numbers"),
        (VALID.replace("repeat: 2", "repeat: two"), "must be a whole number or an expression"),
        (VALID.replace("repeat: 2", "repeat: true"), "must be a whole number or an expression"),
        (VALID.replace("      pool:", "      2nd:"), "must start with a letter"),
        (VALID.replace("      pool:", "      forward:"), "meaning of its own"),
        (VALID.replace("{channels: 3}", "{min: 3}"), '"min" is a function in expressions'),
        (VALID.replace("      pool:", "      width:"), "both a node and a parameter"),
        (VALID.replace("layer: MaxPool2d", "layer: [a]"), "names either its layer or its block"),
        (VALID.replace("layer: MaxPool2d", "layer: A, block: B"), "either its layer or its block"),
        (VALID.replace("kernel_size: 2", "kernel_size: {a: 1}"), "not a group of named entries"),
        (VALID.replace("{channels: 3}", "{channels: [3]}"), "as its default"),
        (VALID.replace("name: Net", "name: [Net]"), "name: must be a text"),
        (VALID.replace("data: {dataset: digits}", "data: digits"), "data: must have named entries"),
        (
            VALID.replace("left-right", "leftright"),
            "blocks.Body.direction: must be 'top-down', 'left-right' or 'by-resolution', not",
        ),
        (VALID.replace("left-right", "[1]"), "blocks.Body.direction: must be 'top-down'"),
        (VALID.replace("  Body:", "  body of it:"), "cannot be a name"),
        (
            VALID.replace("pool", "off"),
            "blocks.main.nodes: YAML reads off, no or false as a switch",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text, words):
    assert words in refused(text)


def test_all_faults_are_told_at_once_but_not_too_many():
    text = VALID.replace("repeat: 2", "repeat: x").replace("[10.5, 180]", "[]")
    assert refused(text).count("\n") == 2
    nodes = "".join(f"      n{number}: 7\n" for number in range(50))
    message = refused(f"kumitate: 1\nblocks:\n  main:\n    nodes:\n{nodes}")
    assert message.count("\n") < 12
    assert "more" in message


def test_billion_laughs():
    text = "kumitate: 1\na: &a [x, x, x, x, x, x, x, x, x]\n"
    for one, other in zip("abcdefgh", "bcdefghi", strict=True):
        text += f"{other}: &{other} [{', '.join([f'*{one}'] * 9)}]\n"
    begin = time.process_time()
    assert "aliases" in refused(text)
    assert time.process_time() - begin < 2


def test_merge_keys_are_aliases_too():
    assert "aliases" in refused("kumitate: 1\na: &a {x: 1}\nb: {<<: *a}\n")


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_deep_nesting(opening):
    assert refused("kumitate: 1\nname: " + ("\n" if opening in "- ? " else "") + opening * 200_000)


def test_deep_nesting_that_is_closed():
    for depth in (50, 300, 900, 3000):
        message = refused("kumitate: 1\nblocks: " + "[" * depth + "]" * depth)
        assert len(message) < 1000


def test_far_too_many_nodes_are_refused_in_reasonable_time():
    nodes = "\n".join(f"      n{number}: {{layer: ReLU}}" for number in range(100_000))
    begin = time.process_time()
    message = refused(f"kumitate: 1\nblocks:\n  main:\n    nodes:\n{nodes}\n")
    assert "100,000 nodes" in message
    assert "repeat" in message
    assert time.process_time() - begin < 40


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\x01\x02\xff\xfe",
        b"\xff\xfek\x00u\x00",
        b"\x89PNG\r\n",
        "kumitate: 1\nname: ä".encode("latin-1"),
    ],
)
def test_files_that_are_not_text(tmp_path, content):
    path = tmp_path / "net.yaml"
    path.write_bytes(content)
    with pytest.raises(FileError, match=r"not a text file|not a legal YAML"):
        load(path)


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path):
    path = tmp_path / "net.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + VALID.replace("\n", "\r\n").encode())
    assert load(path).project == from_text(VALID).project


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(FileError, match="does not exist"):
        load(tmp_path / "none.yaml")
    with pytest.raises(FileError, match="is a folder"):
        load(tmp_path)
    with pytest.raises(FileError, match="cannot be read"):
        load(tmp_path / "a\0b")


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    path = tmp_path / "net.yaml"
    with path.open("wb") as file:
        file.truncate(10**12)
    with pytest.raises(FileError, match="larger than 32 MiB"):
        load(path)


# --- any file at all ------------------------------------------------------------------------------

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats()
    | st.dates()
    | st.binary(max_size=4)
    | st.sampled_from(
        ["", "= ", "= a.b", "=x", "a -> b", "Input", "main", "x" * 100, "é", "__class__"]
    )
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=5) | st.integers(0, 9) | st.booleans(), inner, max_size=3
        )
    ),
    max_leaves=6,
)


def places(tree: object, path: tuple = ()) -> list[tuple]:
    """The path to everything in a parsed file."""
    found = [path]
    items = (
        tree.items()
        if isinstance(tree, dict)
        else enumerate(tree)
        if isinstance(tree, list)
        else ()
    )
    for key, value in items:
        found += places(value, (*path, key))
    return found


@st.composite
def mutated(draw) -> str:
    """A valid file of which a few parts became something else, went or got another name."""
    tree = yaml.safe_load(VALID)
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from([path for path in places(tree) if path]))
        parent = tree
        for key in way:
            parent = parent[key]
        how = draw(st.sampled_from(("replace", "replace", "remove", "add", "rename")))
        if how == "remove":
            del parent[last]
        elif how == "rename" and isinstance(parent, dict):
            parent[draw(st.text(max_size=4) | st.integers() | st.none())] = parent.pop(last)
        elif how == "add" and isinstance(parent[last], dict):
            parent[last][draw(st.text(max_size=4))] = draw(ANYTHING)
        else:
            parent[last] = draw(ANYTHING)
    return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False)


@settings(max_examples=250)
@given(text=mutated())
def test_a_file_loads_or_is_refused_in_words(text):
    try:
        loaded = from_text(text)
    except FileError as error:
        check_message(error)
    else:
        check_loaded(loaded.project)


def check_message(error: FileError) -> None:
    assert 20 < len(str(error)) < 5000


def check_loaded(project: Project) -> None:
    """Whatever could be opened can be looked at, saved and opened again."""
    for block in project.blocks.values():
        assert all(name == node.name for name, node in block.nodes.items())
    for problem in Document(project).problems:
        assert problem.title
    text = to_text(project)
    assert to_text(from_text(text).project) == text


@given(text=st.text(max_size=60))
def test_any_text_is_refused_in_words(text):
    with pytest.raises(FileError):
        from_text(text)
    with pytest.raises(FileError):
        from_text("kumitate: 1\n" + text)


@given(content=st.binary(max_size=60))
def test_any_bytes_are_refused_in_words(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("bytes") / "net.yaml"
    path.write_bytes(content)
    with pytest.raises(FileError):
        load(path)
