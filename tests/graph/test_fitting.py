"""What a layer takes, and what a link would do, against what inference says once it is made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.fitting import Trial, gives, takes, takes_block
from graph.inference import infer_block
from graph.layer import load_layers
from graph.links import connect
from graph.shapes import TensorSpec
from graph.state import MAIN, Link
from tests.graph.building import chain, histories, project_of

LAYERS = load_layers()
IMAGE, VECTOR, WORDS = TensorSpec((3, 32, 32)), TensorSpec((64,)), TensorSpec((12,), "integer")


@pytest.mark.parametrize(
    ("name", "spec", "fits"),
    [
        ("Conv2d", IMAGE, True),
        ("Conv2d", VECTOR, False),
        ("Conv1d", IMAGE, False),
        ("Linear", VECTOR, True),
        ("Embedding", WORDS, True),
        ("Embedding", VECTOR, False),
        ("Flatten", IMAGE, True),
        ("Concat", IMAGE, True),
        ("MultiheadAttention", TensorSpec((10, 64)), True),
        ("Input", IMAGE, False),
        ("Constant", IMAGE, False),
        ("Note", IMAGE, False),
        ("Output", IMAGE, True),
        ("Conv2d", None, True),
        ("Input", None, False),
    ],
)
def test_what_a_layer_takes(name, spec, fits):
    assert takes(LAYERS[name], spec) is fits


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_can_be_asked(name):
    for spec in (IMAGE, VECTOR, WORDS, TensorSpec(()), TensorSpec((4, 4, 4, 4)), None):
        assert takes(LAYERS[name], spec) in (True, False)
    assert gives(LAYERS[name]) in (True, False)


@pytest.mark.parametrize(
    ("layer", "fits"),
    [("ReLU, frozen: true", True), ("Conv2d, frozen: true", True), ("Conv1d, frozen: true", False)],
)
def test_a_block_is_refused_for_an_error_inside_and_not_for_a_warning(layer, fits):
    body = f"""
  Body:
    nodes:
      entry: {{layer: Input, shape: [3, 8, 8]}}
      inside: {{layer: {layer}}}
      leave: {{layer: Output}}
    links: [entry -> inside, inside -> leave]
"""
    assert takes_block(project_of({}, [], blocks=body), "Body", IMAGE) is fits


@pytest.mark.parametrize(("name", "does"), [("Output", False), ("Note", False), ("Input", True)])
def test_what_gives_something(name, does):
    assert gives(LAYERS[name]) is does


def trial(project):
    return Trial(project, infer_block(project, MAIN))


def test_a_link_that_fits_says_nothing():
    project = chain("layer: Conv2d")
    assert trial(project).misfit(Link("image", "out", "n1", "in")) == ""


def test_a_link_that_does_not_fit_says_why():
    project = project_of(
        {
            "image": "layer: Input, shape: [1, 8, 8]",
            "fc": "layer: Linear",
            "conv": "layer: Conv1d",
            "add": "layer: Add",
            "small": "layer: MaxPool2d",
        },
        ["image -> small", "image -> add.in_1"],
    )
    asked = trial(project)
    assert asked.misfit(Link("image", "out", "conv", "in")).startswith("conv expects a sequence")
    assert asked.misfit(Link("small", "out", "add", "in_2")).startswith("add ")
    assert asked.misfit(Link("image", "out", "add", "in_2")) == ""
    assert asked.misfit(Link("conv", "out", "add", "in_2")) == ""  # nothing is known of it


@given(states=histories(), data=st.data())
def test_it_is_what_inference_finds_when_the_link_is_made(states, data):
    project = states[-1]
    nodes = sorted(project.main.nodes)
    if not nodes:
        return
    source, target = data.draw(st.sampled_from(nodes)), data.draw(st.sampled_from(nodes))
    before = infer_block(project, MAIN)
    try:
        after = connect(project, MAIN, source, target)
    except ValueError:
        return
    (link,) = set(after.main.links) - set(project.main.links)
    said = Trial(project, before).misfit(link)
    if link.output not in before.nodes[source].outputs:
        assert said == ""
        return
    found = [
        finding
        for finding in infer_block(after, MAIN).nodes[target].findings
        if finding.code == "size" and finding.port in ("", link.input)
    ]
    assert bool(said) == bool(found)
