"""Networks made to fit a dataset: what changes, what stays, and what cannot be."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import pytest

from data.catalog import DATASETS, read_data, write_data
from data.dataset import DataDescription, DataError, Dataset
from graph.check import check_project
from graph.compare import compare
from graph.declare import Declared, build
from graph.inference import infer_block
from graph.project_edits import set_data, set_training
from graph.shapes import TensorSpec
from graph.state import MAIN, Project
from graph.templates import all_templates, load_template
from tests.graph.building import project_of
from training.adapting import AdaptError, adapt
from training.check import task_problems
from training.spec import read_training


def data(name: str, **settings: object) -> Dataset:
    return build(DATASETS[name], settings)


def assert_fits(project: Project, dataset: Dataset) -> None:
    """That nothing is wrong with the network and this data, in the eyes of the checks."""
    assert dict(project.data)["dataset"] == dataset.NAME
    problems = check_project(project) + task_problems(project, infer_block(project, MAIN))
    assert [p.text for p in problems if p.severity == "error"] == []


@dataclass(frozen=True)
class Told(Dataset):
    """Data that is nothing but its description."""

    description: DataDescription

    NAME = "told"
    TITLE = "Told"
    PARAMETERS = Declared.PARAMETERS

    def describe(self) -> DataDescription:
        return self.description


TEMPLATES = [template.id for template in all_templates()]


@pytest.mark.parametrize("id_", TEMPLATES)
def test_every_template_fits_afterwards_or_says_why_not(id_):
    project = load_template(id_)
    reasons: list[str] = []
    for name, cls in DATASETS.items():
        try:
            adapted = adapt(project, cls())
        except (AdaptError, DataError) as error:
            reasons.append(str(error))
            continue
        assert_fits(adapted.project, cls())
        again = adapt(adapted.project, read_data(adapted.project.data)[0])
        assert again.changes == ()
        assert again.project == adapted.project
        if name == dict(project.data).get("dataset") and project.data == write_data(cls()):
            assert adapted.project == project
    assert all(30 < len(one) < 900 and one.endswith(".") for one in reasons)


def test_only_what_the_data_needs_is_changed_and_all_of_it_is_told():
    project = load_template("resnet18")
    adapted = adapt(project, data("shapes", classes=7, channels=1, image_size=48))
    found = compare(project, adapted.project)
    assert [one.name for one in found.of(MAIN).parameters] == ["in_channels", "classes"]
    (changes,) = found.of(MAIN).changed.values()
    assert [one.name for one in changes] == ["shape"]
    assert not found.of(MAIN).added
    assert adapted.changes[0].startswith("It learns from Drawn shapes: ")
    assert adapted.changes[1:] == (
        "in_channels becomes 1 (it was 3): as in the data.",
        "Size of image becomes in_channels × 48 × 48 (it was in_channels × 224 × 224): as in "
        "the data.",
        "classes becomes 7 (it was 1000): one for each of the 7 classes.",
    )
    assert str(infer_block(adapted.project, MAIN).outputs["scores"]) == "7"


def network(parameters: str, shape: str, last: str, *more: str) -> Project:
    nodes = {"image": f"layer: Input, shape: {shape}", "conv": "layer: Conv2d, out_channels: 4"}
    nodes |= {"pool": "layer: AdaptiveAvgPool2d", "flat": "layer: Flatten", "last": last}
    nodes |= {f"more{number}": one for number, one in enumerate(more)}
    names = [*nodes, "out"]
    links = [f"{one} -> {other}" for one, other in itertools.pairwise(names)]
    return project_of({**nodes, "out": "layer: Output"}, links, parameters=parameters)


def test_parameters_of_the_network_are_set_where_they_decide():
    project = network(
        "{colours: 3, classes: 5}", "[= colours, 9, 9]", "layer: Linear, out_features: = classes"
    )
    changed = adapt(project, data("digits")).project.main
    assert changed.parameters["colours"].default == 1
    assert changed.parameters["classes"].default == 10
    assert "colours × 8 × 8" in str(compare(project, adapt(project, data("digits")).project))


@pytest.mark.parametrize("more", [(), ("layer: Dropout",), ("layer: Dropout", "layer: Identity")])
def test_else_the_last_layer_is(more):
    project = network("{}", "[1, 8, 8]", "layer: Linear, out_features: 5", *more)
    changed = adapt(project, data("shapes", classes=7, image_size=8, channels=1)).project
    assert changed.main.nodes["last"].arguments["out_features"] == 7
    assert changed.main.nodes["image"] == project.main.nodes["image"]


def test_a_loss_that_does_not_serve_is_changed_and_what_would_harm_it_goes():
    project = network("{}", "[1, 8, 8]", "layer: Linear, out_features: 1", "layer: Sigmoid")
    project = set_training(project, {"loss": "mean_squared_error", "epochs": 7})
    project = set_data(project, {"dataset": "diabetes"})
    adapted = adapt(project, data("digits"))
    assert read_training(adapted.project.training)[0].loss.NAME == "cross_entropy"
    assert adapted.project.training["epochs"] == 7
    assert "more0" not in adapted.project.main.nodes
    assert any("more0 (Sigmoid) is taken out" in line for line in adapted.changes)
    assert any("The loss becomes Cross-entropy (classes)" in line for line in adapted.changes)


def test_a_loss_that_serves_stays_as_it_is():
    loss = {"name": "cross_entropy", "label_smoothing": 0.1}
    project = set_training(load_template("lenet5"), {"loss": loss})
    assert adapt(project, data("shapes")).project.training["loss"] == loss


def test_the_data_is_brought_to_a_network_that_takes_no_other_size():
    project = load_template("yolo-v1-tiny")
    adapted = adapt(project, data("shapes"))
    assert adapted.project.data["image_size"] == 448
    assert any("The data is brought to 3×448×448" in line for line in adapted.changes)


def test_or_where_its_output_has_no_other_size():
    adapted = adapt(load_template("autoencoder"), data("shapes", channels=1, image_size=32))
    assert adapted.project.data["image_size"] == 8
    assert str(infer_block(adapted.project, MAIN).outputs["restored"]) == "1×8×8"


def test_or_where_that_is_wished():
    adapted = adapt(load_template("lenet5"), data("shapes"), keep_size=True)
    assert adapted.project.data["image_size"] == 28
    assert str(infer_block(adapted.project, MAIN).nodes["image"].outputs["out"]) == "3×28×28"


def test_an_input_of_any_size_keeps_its_example():
    adapted = adapt(load_template("sppnet-small"), data("shapes", image_size=40))
    assert str(infer_block(adapted.project, MAIN).nodes["image"].outputs["out"]) == "3×24×24"


def test_batches_of_several_sizes_let_the_input_take_any():
    project = network("{}", "[1, 8, 8]", "layer: Linear, out_features: 10")
    dataset = data("digits", image_size=16, smallest_size=8)
    adapted = adapt(project, dataset)
    assert adapted.project.main.nodes["image"].arguments["any_size"] is True
    assert_fits(adapted.project, dataset)


def test_data_that_nobody_thought_of_fits_by_its_description():
    described = DataDescription(
        task="classification",
        inputs={"words": TensorSpec((12,), "integer")},
        class_names=("no", "yes"),
        samples=9,
        summary="Sentences.",
        source="Nobody.",
    )
    project = project_of(
        {
            "words": "layer: Input, shape: [30], dtype: integer",
            "embed": "layer: Embedding, num_embeddings: 20, embedding_dim: 4",
            "flat": "layer: Flatten",
            "fc": "layer: Linear, out_features: 3",
            "out": "layer: Output",
        },
        ["words -> embed", "embed -> flat", "flat -> fc", "fc -> out"],
    )
    # It is in no catalog, so that a project cannot name it; what it needs is seen all the same.
    with pytest.raises(AdaptError, match="told"):
        adapt(project, Told(described))
    with pytest.raises(AdaptError, match=r"cannot take 12, as Told gives it"):
        adapt(load_template("lenet5"), Told(described))


@pytest.mark.parametrize(
    ("id_", "name", "words"),
    [
        ("lenet5", "diabetes", "conv1 expects an image"),
        ("lenet5", "cells", "must be 2×64×64"),
        ("yolo-v1", "shapes", "Put a Flatten and a Linear layer before it"),
        ("lstm-sequences", "digits", "lstm expects a sequence"),
    ],
)
def test_reasons(id_, name, words):
    with pytest.raises(AdaptError, match=words):
        adapt(load_template(id_), data(name))


def test_a_network_with_problems_or_without_ends_is_refused():
    broken = network("{}", "[1, 2, 2]", "layer: Linear, out_features: 10")
    with pytest.raises(AdaptError, match="a problem of its own"):
        adapt(broken, data("digits"))
    with pytest.raises(AdaptError):
        adapt(Project(), data("digits"))
    wrong = set_training(load_template("mlp"), {"epochs": -1})
    with pytest.raises(AdaptError, match="epochs"):
        adapt(wrong, data("digits"))


def test_several_inputs_or_outputs_are_refused():
    two = project_of(
        {
            "a": "layer: Input, shape: [3]",
            "b": "layer: Input, shape: [3]",
            "add": "layer: Add",
            "out": "layer: Output",
        },
        ["a -> add.in_1", "b -> add.in_2", "add -> out"],
    )
    with pytest.raises(AdaptError, match="has 1 inputs per sample, but the network has 2"):
        adapt(two, data("diabetes"))
    twice = project_of(
        {"a": "layer: Input, shape: [10]", "out": "layer: Output", "other": "layer: Output"},
        ["a -> out", "a -> other"],
    )
    with pytest.raises(AdaptError, match="has 2 outputs"):
        adapt(twice, data("diabetes"))
