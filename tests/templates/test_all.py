"""Every ready-made network fits its data and its training settings, and says what it is."""

import pytest

from graph.document import Document
from graph.templates import all_templates, load_template
from training.check import task_problems

IDS = [template.id for template in all_templates()]


@pytest.mark.parametrize("id_", IDS)
def test_it_fits_what_it_is_to_learn(id_):
    project = load_template(id_)
    document = Document(project)
    assert document.problems == []
    assert task_problems(project, document.result()) == []


@pytest.mark.parametrize("id_", IDS)
def test_it_says_what_it_is(id_):
    project = load_template(id_)
    assert project.about["source"]
    assert project.about["task"]
    assert "\n\n" in project.notes, "what it is, and what to look at"
    for name, block in project.blocks.items():
        assert all(parameter.help for parameter in block.parameters.values())
        assert block.help or name == "main"
