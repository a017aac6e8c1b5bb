"""Every ready-made network fits its data and its training settings, and says what it is."""

import pytest

from data.catalog import read_data
from graph.document import Document
from graph.project_edits import set_training
from graph.templates import all_templates, load_template, reached_by
from training.adapting import adapt
from training.check import task_problems
from training.spec import read_training

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


@pytest.mark.parametrize("id_", IDS)
def test_it_can_be_tried_with_what_it_reached_its_result_with(id_):
    project = load_template(id_)
    reached = reached_by(project.about)
    assert reached is not None, "docs/results.py writes it"
    assert reached.result
    assert reached.minutes > 0
    assert reached.weights in ("", *IDS)
    if not reached.data:
        return
    dataset, wrong = read_data(reached.data)
    assert not wrong
    adapted = adapt(project, dataset).project
    assert read_data(adapted.data)[0] == dataset
    tried = set_training(adapted, {**adapted.training, **reached.training})
    assert not read_training(tried.training)[1]
    document = Document(tried)
    assert document.problems == []
    problems = task_problems(tried, document.result())
    assert not [problem for problem in problems if problem.severity == "error"]


def test_what_was_reached_is_told_in_words():
    told = {"result": "98 % recognized", "minutes": 1, "data": {"dataset": "shapes", "classes": 4}}
    found = reached_by({"reached": told})
    assert found.words() == "98 % recognized, after a minute on two cores with shapes (classes 4)"
    found = reached_by({"reached": {"result": "R² 0.5", "minutes": 20}})
    assert found.words() == "R² 0.5, after 20 minutes on two cores with its own data"
    found = reached_by({"reached": {**told, "minutes": 9, "weights": "vgg16"}})
    assert found.words().endswith("with shapes (classes 4) and the weights of vgg16 to start from")


@pytest.mark.parametrize(
    "about",
    [{}, {"reached": None}, {"reached": "98 %"}, {"reached": {"minutes": "many"}}, {"reached": []}],
)
def test_what_is_not_told_so_is_passed_over(about):
    """`about` is free text, which people may write by hand."""
    assert reached_by(about) is None
    assert reached_by({"reached": {"minutes": 3, "data": 3, "training": [1]}}).data == {}
