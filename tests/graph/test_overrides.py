"""`--set PATH=VALUE`: what it changes, and what it says where a path leads nowhere."""

from __future__ import annotations

import pytest
import yaml

from graph.files import FileError, from_text
from graph.overrides import OverrideError, apply_overrides
from graph.state import MAIN
from graph.templates import FOLDER, load_template

LENET = (FOLDER / "lenet5.yaml").read_text(encoding="utf-8")


def changed(*overrides: str) -> dict:
    raw = yaml.safe_load(LENET)
    apply_overrides(raw, overrides)
    return raw


def refusal(override: str) -> str:
    with pytest.raises(OverrideError) as error:
        changed(override)
    assert override in str(error.value)
    return str(error.value)


def test_the_size_of_an_input():
    project = load_template("lenet5", overrides=["blocks.main.nodes.image.shape=[3, 96, 96]"])
    assert project.main.nodes["image"].arguments["shape"] == (3, 96, 96)


@pytest.mark.parametrize(
    ("override", "path", "value"),
    [
        ("training.epochs=3", ("training", "epochs"), 3),
        ("training.optimizer.learning_rate=0.5", ("training", "optimizer", "learning_rate"), 0.5),
        ("training.optimizer.learning_rate=1e-3", ("training", "optimizer", "learning_rate"), 1e-3),
        ("training.optimizer={name: SGD}", ("training", "optimizer"), {"name": "SGD"}),
        ("training.new=yes", ("training", "new"), True),
        ("name=A = B", ("name",), "A = B"),
        ("data.classes=[a, b]", ("data", "classes"), ["a", "b"]),
        ("training.epochs=", ("training", "epochs"), None),
        ("blocks.main.links.0=image -> tanh1", ("blocks", "main", "links", 0), "image -> tanh1"),
        (" name =x", ("name",), "x"),
    ],
)
def test_values_are_yaml(override, path, value):
    found = changed(override)
    for key in path:
        found = found[key]
    assert found == value


def test_later_overrides_win_and_may_build_on_earlier_ones():
    raw = changed("training.a={b: 1}", "training.a.b=2", "training.a.c=3")
    assert raw["training"]["a"] == {"b": 2, "c": 3}


def test_sections_that_are_missing_come_into_being():
    raw = {"kumitate": 1, "blocks": {"main": {}}}
    apply_overrides(raw, ["training.epochs=3", "data={dataset: digits}"])
    assert raw["training"] == {"epochs": 3}
    assert raw["data"] == {"dataset": "digits"}


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("epochs", "not of the form PATH=VALUE"),
        ("=3", "not of the form PATH=VALUE"),
        ("training..epochs=3", "not of the form PATH=VALUE"),
        ("training.epochs=[1", "not a YAML value"),
        ("training.epochs=!!python/object:os.x {}", "not a YAML value"),
        ("trainig.epochs=3", 'the project has no "trainig"; did you mean "training"'),
        ("nothing.at.all=3", "it has kumitate, name, notes, about, blocks, data, training"),
        ("nmae=x", 'did you mean "name"'),
        ("blocks.mian.nodes.fc1=1", 'blocks has no "mian"; did you mean "main"'),
        ("blocks.main.nodes.fc9.bias=1", 'blocks.main.nodes has no "fc9"; did you mean "fc'),
        ("blocks.main.nodes.cnov1={layer: ReLU}", 'did you mean "conv1"'),
        ("blocks.main.links.99=a -> b", "is a list of 13; give a number from 0 to 12"),
        ("blocks.main.links.first=a -> b", "give a number from 0 to 12"),
        ("blocks.main.links.-1=a -> b", "give a number from 0 to 12"),
        ("blocks.main.links.²=a -> b", "give a number from 0 to 12"),
        ("training.epochs.most=3", "training.epochs is 20, which has no parts"),
        ("training.epochs.most.of=3", "training.epochs is 20, which has no parts"),
        ("name.first=x", "which has no parts"),
    ],
)
def test_paths_that_lead_nowhere_say_what_exists(override, words):
    assert words in refusal(override)


def test_an_empty_list_has_no_numbers():
    with pytest.raises(OverrideError, match="is empty"):
        apply_overrides({"blocks": {"main": {"links": []}}}, ["blocks.main.links.0=a -> b"])


def test_what_lies_in_an_empty_section_is_given_as_a_whole():
    override = "training.optimizer.learning_rate=0.1"
    with pytest.raises(OverrideError) as error:
        apply_overrides({"kumitate": 1, "blocks": {"main": {}}}, [override])
    assert "training is empty; give training.optimizer a value" in str(error.value)
    raw = {"kumitate": 1, "blocks": {"main": {}}}
    apply_overrides(raw, ["training.optimizer={name: SGD}", override])
    assert raw["training"] == {"optimizer": {"name": "SGD", "learning_rate": 0.1}}


def test_what_does_not_fit_is_refused_like_a_file():
    with pytest.raises(FileError, match=r"blocks\.main\.nodes: must have named entries"):
        from_text(LENET, overrides=["blocks.main.nodes=3"])
    project = from_text(LENET, overrides=["blocks.main.nodes.fc1.out_features=none"]).project
    assert project.blocks[MAIN].nodes["fc1"].arguments["out_features"] == "none"


def test_the_format_version_cannot_be_talked_away():
    with pytest.raises(FileError):
        from_text("kumitate: 99", overrides=["kumitate=1"])
