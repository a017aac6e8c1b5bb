"""What generated code holds besides its networks: imports, and parts that torch lacks."""

import ast
import importlib
import inspect

import pytest
import torch

from codegen.module import generate
from codegen.pasted import FOLDER, IMPORTS, import_lines, needed_parts, part, part_names
from codegen.project import export_texts
from tests.codegen.building import network_of, project_of
from tests.published.draft import Draft

PARTS = sorted(part_names())


@pytest.mark.parametrize("name", PARTS)
def test_a_part_is_what_its_file_says(name):
    found = part(name)
    module = importlib.import_module(f"codegen.parts.{found.file}")
    written = getattr(module, name)
    assert inspect.getdoc(written), f"{name} has no docstring"
    # What is pasted is the source itself, with nothing but imports left out.
    pasted = "\n".join(found.lines)
    assert ast.dump(ast.parse(inspect.getsource(written))) in ast.dump(ast.parse(pasted))
    assert not [s for s in ast.walk(ast.parse(pasted)) if isinstance(s, ast.Import)]
    assert max(len(line) for line in found.lines) <= 88


@pytest.mark.parametrize("name", PARTS)
def test_a_part_runs_with_the_imports_and_parts_that_it_names(name):
    parts = needed_parts([name])
    lines = import_lines({used for one in parts for used in one.uses})
    lines += [line for one in parts for line in one.lines]
    bound: dict[str, object] = {}
    exec("\n".join(lines), bound)
    assert name in bound


def test_every_file_holds_a_part():
    files = {path.stem for path in FOLDER.glob("[a-z]*.py")}
    assert files == {part(name).file for name in PARTS}


def test_imports_are_in_the_order_of_a_formatter():
    assert import_lines(()) == ["from torch import Tensor, nn"]
    assert import_lines(IMPORTS) == [
        "import math",
        "",
        "import torch",
        "import torchvision",
        "from torch import Tensor, nn",
    ]


def test_a_name_that_nothing_has_is_refused():
    with pytest.raises(KeyError, match=r"there is no no_such_part\.py in codegen/parts"):
        needed_parts(["no_such_part"])


def test_a_part_is_written_once_and_runs():
    draft = Draft(3, 8, 8)
    first = draft.add("GaussianNoise", draft.image)
    project = draft.project(draft.add("GaussianNoise", first))
    module = generate(project)
    assert module.text.count("class GaussianNoise(") == 1
    assert network_of(project)(torch.zeros(2, 3, 8, 8)).shape == (2, 3, 8, 8)


def test_torchvision_is_named_where_it_is_needed():
    draft = Draft(3, 8, 8)
    texts = export_texts(draft.project(draft.add("StochasticDepth", draft.image)))
    assert "import torchvision\n" in texts["model.py"]
    assert "pip install torch torchvision" in texts["README.md"]
    assert "Needs only torch and torchvision;" in texts["example.py"]
    draft = Draft(3, 8, 8)
    texts = export_texts(draft.project(draft.add("ReLU", draft.image)))
    assert "import torchvision" not in texts["model.py"]
    assert "pip install torch\n" in texts["README.md"]


def test_nodes_may_be_called_like_parts():
    nodes = {
        "keep_top_k": "layer: Input, shape: [4]",
        "first": "layer: TopKData, k: 2",
        "prune": "layer: Prune, rate: 0.5",
        "neg": "layer: Neg",
        "add": "layer: Add",
        "end": "layer: Output",
    }
    links = ["keep_top_k -> first", "first -> prune", "prune -> neg", "prune -> add.in_1"]
    project = project_of(nodes, [*links, "neg -> add.in_2", "add -> end"])
    assert network_of(project)(torch.ones(2, 4)).tolist() == [[0, 0, 0, 0]] * 2
