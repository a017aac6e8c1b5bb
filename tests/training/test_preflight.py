"""Misfits of network, data and loss are found, said, and come with what would help."""

import pytest

from data.catalog import read_data
from graph.check import check_project
from graph.edits import set_argument
from graph.inference import infer_block
from graph.problem import Problem
from graph.project_edits import set_data
from graph.state import Project
from graph.templates import load_template
from training.check import task_problems
from training.preflight import check_task
from training.spec import TrainingSpec

DIGITS = read_data({"dataset": "digits", "image_size": 28})[0]
FITTING = {"inputs": {"image": (1, 28, 28)}, "outputs": {"scores": (10,)}}


def findings(**changes):
    return check_task(**{**FITTING, **changes}, dataset=DIGITS, spec=TrainingSpec())


def test_nothing_is_said_of_what_fits():
    assert findings(last_layers={"scores": "Linear"}) == []


def test_another_image_size_can_be_mended_on_either_side():
    (finding,) = findings(inputs={"picture": (1, 32, 32)})
    assert (finding.place, finding.name) == ("input", "picture")
    assert "1×32×32" in finding.message
    assert "1×28×28" in finding.message
    data, network = finding.suggestions
    assert data.value == {"dataset": "digits", "image_size": 32}
    assert network.value == (1, 28, 28)


def test_data_that_cannot_be_fitted_is_not_offered():
    (finding,) = findings(inputs={"picture": (3, 32, 32)})
    assert [suggestion.place for suggestion in finding.suggestions] == ["input"]


@pytest.mark.parametrize(
    ("inputs", "words"),
    [({}, "has no inputs"), ({"a": (1, 28, 28), "b": (4,)}, "has two inputs")],
)
def test_the_number_of_inputs_must_be_that_of_the_data(inputs, words):
    (finding,) = findings(inputs=inputs)
    assert words in finding.message


def test_the_output_needs_a_number_for_each_class():
    (finding,) = findings(outputs={"scores": (84,)})
    assert "84 numbers" in finding.message
    assert "out_features = 10" in finding.message
    assert finding.suggestions[0].value == (10,)


def test_an_image_is_no_output_for_classes():
    (finding,) = findings(outputs={"scores": (10, 4, 4)})
    assert "Flatten and a Linear" in finding.message


@pytest.mark.parametrize("outputs", [{}, {"a": (10,), "b": (10,)}])
def test_there_must_be_one_output(outputs):
    (finding,) = findings(outputs=outputs)
    assert "one output" in finding.message


def test_softmax_before_cross_entropy_is_a_warning():
    (finding,) = findings(last_layers={"scores": "Softmax"})
    assert finding.severity == "warning"
    assert "applies softmax itself" in finding.message
    assert finding.suggestions[0].value == "remove"


class TestInputsOfAnySize:
    """Data of another size than the example is taken where the network takes that size."""

    def problems(self, project: Project) -> list[Problem]:
        return task_problems(project, infer_block(project, "main"))

    def lenet(self, image_size: int) -> Project:
        project = set_argument(load_template("lenet5"), "main", "image", "any_size", True)
        project = check_project(project)[0].fixes[0].edit(project)
        return set_data(project, {"dataset": "digits", "image_size": image_size})

    def test_other_data_fits(self) -> None:
        assert self.problems(self.lenet(28)) == []
        assert self.problems(self.lenet(32)) == []
        fixed = set_argument(self.lenet(32), "main", "image", "any_size", False)
        assert [problem.node for problem in self.problems(fixed)] == ["image"]

    def test_data_that_is_too_small_does_not(self) -> None:
        project = self.lenet(8)
        problem = self.problems(project)[0]
        assert problem.node == "image"
        assert "a layer does not fit this one" in problem.text
        assert problem.fixes
        for fix in problem.fixes[:1]:
            assert self.problems(fix.edit(project)) == []

    def test_sizes_by_chance_need_an_input_of_any_size(self) -> None:
        project = self.lenet(28)
        data = {"dataset": "digits", "image_size": 28, "smallest_size": 20}
        project = set_data(project, data)
        assert self.problems(project) == []
        fixed = set_argument(project, "main", "image", "any_size", False)
        (problem,) = self.problems(fixed)
        assert problem.node == "image"
        assert "one size only" in problem.text
        assert problem.fixes[0].edit(fixed) == project
        alike = set_data(fixed, {**data, "smallest_size": 28})
        assert self.problems(alike) == []
