"""Every sort of problem: found at the right place, said in plain words, mended by its fixes."""

from __future__ import annotations

import itertools
import re

import networkx as nx
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graph.check import check_project
from graph.edits import remove_nodes
from graph.problem import Problem
from graph.removal import remove_selection
from graph.state import MAIN, Block, Link, Node, Project, frozen
from graph.structure import structure_problems
from graph.templates import load_template
from tests.graph.building import (
    BODY,
    chain,
    check_invariants,
    histories,
    project_of,
    refusal_in_words,
)
from tests.graph.test_inference import broken, doubling

SELF = """
  Self:
    nodes: {entry: {layer: Input}, again: {block: Self}, leave: {layer: Output}}
    links: [entry -> again, again -> leave]
"""


def found(project: Project, code: str) -> Problem:
    """The one problem of a sort."""
    problems = [problem for problem in check_project(project) if problem.code == code]
    assert len(problems) == 1, [p.title for p in check_project(project)]
    return problems[0]


def same_problem(one: Problem, other: Problem) -> bool:
    keys = ("code", "block", "node", "port", "parameter", "text")
    return all(getattr(one, key) == getattr(other, key) for key in keys)


def check_fixes(project: Project) -> int:
    """Every fix can be applied, and takes away the problem that offered it."""
    count = 0
    for problem in check_project(project):
        for fix in problem.fixes:
            count += 1
            mended = fix.edit(project)
            assert mended is not project, f"{fix.label} does nothing"
            left = [one for one in check_project(mended) if same_problem(one, problem)]
            assert not left, f"{fix.label} leaves: {problem.title}"
    return count


CASES = {
    "empty": (Project(), "main", "", "", "Drag an Input"),
    "no input": (
        project_of({"a": "layer: ReLU", "o": "layer: Output"}, ["a -> o"]),
        "main",
        "",
        "",
        "where the data enters",
    ),
    "no output": (
        project_of({"x": "layer: Input", "a": "layer: ReLU"}, ["x -> a"]),
        "main",
        "",
        "",
        "where its result leaves",
    ),
    "cycle": (
        project_of(
            {"x": "layer: Input", "a": "layer: Add", "b": "layer: ReLU", "o": "layer: Output"},
            ["x -> a.in_1", "b -> a.in_2", "a -> b", "b -> o"],
        ),
        "main.a",
        "",
        "",
        "a → b → a",
    ),
    "unreachable": (
        project_of(
            {"x": "layer: Input", "a": "layer: ReLU", "b": "layer: ReLU", "o": "layer: Output"},
            ["x -> o", "a -> b"],
        ),
        "main.b",
        "",
        "",
        "Nothing leads from an Input to b",
    ),
    "unused": (
        project_of(
            {"x": "layer: Input", "a": "layer: ReLU", "o": "layer: Output"}, ["x -> o", "x -> a"]
        ),
        "main.a",
        "",
        "",
        "no effect",
    ),
    "missing input": (
        project_of({"x": "layer: Input", "a": "layer: Add", "o": "layer: Output"}, ["x -> o"]),
        "main.a",
        "in_1",
        "",
        "link at least one branch",
    ),
    "several links": (
        project_of(
            {"x": "layer: Input", "y": "layer: Input", "o": "layer: Output"}, ["x -> o", "y -> o"]
        ),
        "main.o",
        "in",
        "",
        "only one can be used",
    ),
    "no such input": (
        project_of(
            {"x": "layer: Input", "a": "layer: ReLU", "o": "layer: Output"},
            ["x -> a", "x -> a.mask", "a -> o"],
        ),
        "main.a",
        "mask",
        "",
        'no input "mask"',
    ),
    "no such output": (
        project_of({"x": "layer: Input", "o": "layer: Output"}, ["x.left -> o"]),
        "main.o",
        "in",
        "",
        'linked to "left" of x',
    ),
    "size": (chain("layer: Linear"), "main.n1", "in", "", "needs a vector, but receives 1×28×28"),
    "unknown layer": (chain("layer: Conv2D"), "main.n1", "", "", 'did you mean "Conv2d"'),
    "unknown block": (chain("block: Doubel", blocks=BODY), "main.n1", "", "", '"Double"'),
    "recursion": (chain("block: Self", blocks=SELF), "Self.again", "", "", "would never end"),
    "argument": (
        chain("layer: Conv2d, stride: 0"),
        "main.n1",
        "",
        "stride",
        "each at least 1, but is 0",
    ),
    "expression": (
        chain("layer: Conv2d, out_channels: = chanels"),
        "main.n1",
        "",
        "out_channels",
        'no parameter "chanels"',
    ),
    "repeat": (
        project_of(
            {"x": "layer: Input", "b": "block: Two, repeat: 2", "o": "layer: Output"},
            ["x -> b.l", "x -> b.r", "b -> o"],
            blocks="""
  Two:
    nodes: {l: {layer: Input}, r: {layer: Input}, a: {layer: Add}, o: {layer: Output}}
    links: [l -> a.in_1, r -> a.in_2, a -> o]
""",
        ),
        "main.b",
        "",
        "",
        "exactly one input and one output",
    ),
}


@pytest.mark.parametrize("code", CASES)
def test_every_sort_of_problem(code):
    project, place, port, parameter, words = CASES[code]
    problem = found(project, code)
    assert (problem.place, problem.port, problem.parameter) == (place, port, parameter)
    assert words in problem.text
    assert problem.text.endswith((".", "?"))
    assert not problem.title.endswith(".")
    assert not re.search(r"None|<|Traceback|frozen|mappingproxy|Expression\(", problem.text)
    check_fixes(project)


FIXABLE = (
    "no input",
    "cycle",
    "unreachable",
    "unused",
    "several links",
    "no such input",
    "no such output",
    "size",
    "unknown layer",
    "unknown block",
)


@pytest.mark.parametrize("code", FIXABLE)
def test_what_can_be_mended_offers_a_fix(code):
    assert found(CASES[code][0], code).fixes


def test_a_forgotten_flatten_can_be_inserted():
    project = remove_selection(load_template("lenet5"), MAIN, {"flatten"})
    problem = found(project, "size")
    assert problem.place == "main.fc1"
    assert problem.title == "fc1 does not fit 16×5×5"
    fix = problem.fixes[0]
    assert fix.label == "Insert Flatten (gives 400)"
    assert check_project(fix.edit(project)) == []
    check_fixes(project)


def test_a_layer_with_further_ports_can_be_inserted():
    project = project_of(
        {"x": "layer: Input, shape: [4, 8]", "where": "layer: Where", "out": "layer: Output"},
        [*(f"x -> where.{port}" for port in ("condition", "in", "other")), "where -> out"],
    )
    labels = [fix.label for fix in found(project, "size").fixes]
    assert any(label.startswith("Insert ") and "(gives 4×8)" in label for label in labels)
    assert check_fixes(project) > 0


def test_the_link_that_is_kept_is_named():
    project = project_of(
        {
            "x": "layer: Input",
            "y": "layer: Input",
            "z": "layer: Input",
            "a": "layer: Add",
            "o": "layer: Output",
        },
        ["x -> a.in_1", "y -> a.in_2", "z -> a.in_2", "a -> o"],
    )
    (fix,) = found(project, "several links").fixes
    assert fix.label == "Keep only the link from y"
    links = [str(link) for link in fix.edit(project).main.links]
    assert links == ["x -> a.in_1", "y -> a.in_2", "a -> o"]


@pytest.mark.parametrize("kind", ["Input", "Output"])
def test_the_only_way_in_or_out_is_not_offered_for_removal(kind):
    project = project_of({"x": "layer: Input", "o": "layer: Output"}, [])
    name = "x" if kind == "Input" else "o"
    assert not [p for p in check_project(project) if p.node == name and p.fixes]


@given(
    st.lists(st.sampled_from(("Input", "ReLU", "Add", "Note", "Output")), min_size=2, max_size=9),
    st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=14),
    st.booleans(),
)
def test_blind_ways_are_those_that_networkx_finds(layers, ways, circles):
    nodes = {f"n{number}": Node(f"n{number}", layer) for number, layer in enumerate(layers)}
    pairs = {way if circles else (min(way), max(way) + 1) for way in ways}
    # Some lead to and from names that are no nodes, as in a file that somebody wrote by hand.
    links = [Link(f"n{a}", "out", f"n{b}", f"in_{a}") for a, b in sorted(pairs)]
    project = Project(blocks=frozen({MAIN: Block(frozen(nodes), tuple(links))}))
    graph = nx.DiGraph((link.source, link.target) for link in links)
    graph.add_nodes_from(nodes)
    begin, end = (
        {name for name, node in nodes.items() if node.type == layer}
        for layer in ("Input", "Output")
    )
    assume(begin and end)
    strangers = graph.nodes - nodes.keys()
    assume(not any(graph.in_degree(name) and graph.out_degree(name) for name in strangers))
    fed = begin.union(*(nx.descendants(graph, name) for name in begin))
    used = end.union(*(nx.ancestors(graph, name) for name in end))
    expected = {
        (name, "unreachable" if name not in fed and graph.in_degree(name) else "unused")
        for name, node in nodes.items()
        if not node.is_note and (name not in used or (name not in fed and graph.in_degree(name)))
    }
    found = {(p.node, p.code) for p in structure_problems(project, MAIN) if p.code != "cycle"}
    assert found == expected


def test_an_end_without_outputs_is_not_offered_one():
    project = project_of({"x": "layer: Input", "a": "layer: Later"}, ["x -> a"])
    assert found(project, "no output").fixes == ()
    project = project_of({"x": "layer: Input, shape: [4]", "a": "layer: Chunk"}, ["x -> a"])
    mended = found(project, "no output").fixes[0].edit(project)
    assert str(mended.main.links[-1]) == "a.out_1 -> result"


def test_a_missing_output_is_added_behind_the_only_end():
    project = remove_nodes(load_template("lenet5"), MAIN, ["scores"])
    problem = found(project, "no output")
    assert [fix.label for fix in problem.fixes] == ["Add Output after fc3"]
    assert check_project(problem.fixes[0].edit(project)) == []


@settings(max_examples=80)
@given(project=broken())
def test_fixes_mend_whatever_is_broken(project):
    check_fixes(project)


@given(states=histories())
def test_fixes_mend_what_people_build(states):
    check_fixes(states[-1])


@settings(max_examples=30)
@given(project=broken(), data=st.data())
def test_fixing_on_and_on_comes_to_an_end(project, data):
    """Whichever fix is taken, there is no going round in circles for ever."""
    for _ in range(40):
        fixes = [fix for problem in check_project(project) for fix in problem.fixes]
        if not fixes:
            return
        project = data.draw(st.sampled_from(fixes)).edit(project)
    raise AssertionError([problem.title for problem in check_project(project)])


@given(states=histories())
def test_fixes_keep_what_must_hold(states):
    for problem in check_project(states[-1]):
        for fix in problem.fixes:
            check_invariants(fix.edit(states[-1]))


@given(states=histories())
def test_a_fix_that_comes_too_late_is_refused_in_words_or_does_no_harm(states):
    """The list of problems may be one edit behind the canvas."""
    for before, after in itertools.pairwise(states):
        for problem in check_project(before):
            for fix in problem.fixes:
                with refusal_in_words():
                    check_invariants(fix.edit(after))


def test_problems_do_not_depend_on_the_start_of_the_program():
    """Sets of texts are in another order in every process; what people read must not be."""
    import subprocess
    import sys

    program = """
from tests.graph.building import project_of
from graph.check import check_project
nodes = {f"n{i}": "layer: Add" for i in range(8)}
links = [f"n{i} -> n{(i * 3 + 1) % 8}.in_{i + 1}" for i in range(8)]
links += [f"n{i} -> n{(i + 1) % 8}.in_{i + 9}" for i in range(8)]
for problem in check_project(project_of(nodes, links)):
    print(problem.title, problem.text, [fix.label for fix in problem.fixes])
"""
    texts = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(texts) == 1


def test_errors_come_first_and_problems_inside_name_the_way_there():
    project = chain("block: Outer, size: 0", "layer: ReLU", shape="[2, 8, 8]", blocks=BODY)
    problems = check_project(project)
    assert [p.severity for p in problems] == sorted(p.severity for p in problems)
    inside = next(p for p in problems if p.block == "Double")
    assert inside.path == ("n1", "one")
    assert "(in n1 › one)" in inside.title


def test_an_unused_block_is_checked_by_itself():
    project = chain("layer: ReLU", blocks=BODY.replace("padding: 1}", "padding: -1}"))
    assert {p.block for p in check_project(project)} == {"Double"}


def test_an_empty_block_that_nobody_uses_is_no_problem():
    assert check_project(chain("layer: ReLU", blocks="\n  Later: {nodes: {}}\n")) == []


@pytest.mark.timeout(20)
def test_a_fault_at_the_bottom_of_doubled_blocks_is_told_once():
    project = doubling(24, "")
    text = project.blocks["B23"]
    assert text
    broken_ = Project(
        blocks={
            **project.blocks,
            "B23": project_of({"i": "layer: Input", "o": "layer: Output"}, []).main,
        }
    )
    assert 1 <= len(check_project(broken_)) <= 5
