"""The verb that lists layers, run as a person runs it."""

import json

import pytest
from click.testing import CliRunner

import kumitate
from graph.layer import CATEGORIES, load_layers

LAYERS = load_layers()


def run(*arguments):
    return CliRunner().invoke(kumitate.main, ["layers", *arguments])


@pytest.fixture(scope="module")
def listed():
    return {one["name"]: one for one in json.loads(run("--json").stdout)}


def test_every_layer_is_listed_once_in_the_order_of_the_palette(listed):
    assert set(listed) == set(LAYERS)
    order = list(CATEGORIES)
    places = [order.index(one["category"]) for one in listed.values()]
    assert places == sorted(places)
    text = run().stdout
    for layer in LAYERS.values():
        assert f"  {layer.NAME} " in text
        assert layer.TITLE in text


def test_the_json_of_a_layer_is_this():
    values = json.loads(run("Conv2d", "--json").stdout)
    assert list(values) == [
        "name",
        "title",
        "category",
        "synonyms",
        "neural_network_console",
        "inputs",
        "outputs",
        "parameters",
        "card",
    ]
    assert values["name"] == "Conv2d"
    assert values["category"] == "convolution"
    port = {"name": "in", "help": "", "optional": False, "variadic": False}
    assert values["inputs"][0]["name"] == "in"
    assert set(values["inputs"][0]) == set(port)
    assert values["outputs"][0]["name"] == "out"
    parameters = {one["name"]: one for one in values["parameters"]}
    assert parameters["out_channels"] == {
        "name": "out_channels",
        "label": "Filters",
        "kind": "integer",
        "expects": "a whole number of at least 1",
        "required": False,
        "default": 16,
        "min": 1,
        "max": None,
        "above": None,
        "choices": [],
        "optional": False,
        "advanced": False,
        "help": LAYERS["Conv2d"].PARAMETERS["out_channels"].help,
    }
    assert parameters["kernel_size"]["default"] == [3, 3]
    assert set(values["card"]) == {"sentence", "formula", "use", "mistakes", "pytorch"}
    assert values["card"]["pytorch"][0] == "self.conv = nn.Conv2d(16, 16, kernel_size=3)"


def test_ports_and_choices_are_told(listed):
    assert listed["Concat"]["inputs"][0]["variadic"]
    assert [port["name"] for port in listed["LSTM"]["outputs"]] == ["out", "hidden", "cell"]
    modes = next(p for p in listed["Upsample"]["parameters"] if p["name"] == "mode")
    assert "nearest" in modes["choices"]
    assert all(p["help"] and p["expects"] for one in listed.values() for p in one["parameters"])


@pytest.mark.parametrize("name", list(LAYERS))
def test_the_whole_card_is_printed(name):
    done = run(name)
    assert done.exit_code == 0, done.output
    words = " ".join(done.stdout.split())
    layer = LAYERS[name]
    for text in (layer.TITLE, layer.__doc__, layer.FORMULA, layer.USE, *layer.MISTAKES):
        assert " ".join(text.split()) in words
    for parameter in layer.PARAMETERS.values():
        assert f"{parameter.name} ({parameter.label})" in words
        assert parameter.help in words


def test_the_arithmetic_of_an_example_is_printed():
    text = run("Conv2d").stdout
    assert "height: (32 + 2·0 − 3) / 1 + 1 = 30" in text
    assert "weights: 16·(16·3·3) + 16 = 2,320" in text


def test_case_does_not_matter():
    assert run("conv2D").stdout == run("Conv2d").stdout


@pytest.mark.parametrize(
    ("wrong", "meant"), [("Conv2", "Conv2d"), ("dense", "Linear"), ("batchnorm2", "BatchNorm2d")]
)
def test_an_unknown_name_names_the_nearest(wrong, meant):
    done = run(wrong)
    assert done.exit_code == 1
    assert f'there is no layer "{wrong}"; did you mean' in done.output
    assert f'"{meant}"' in done.output


def test_a_name_that_is_like_nothing_says_how_to_see_all():
    done = run("qqqqqqq")
    assert done.exit_code == 1
    assert "lists all of them" in done.output
