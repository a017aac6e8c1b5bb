"""Parameters of blocks that have a few legal values: in files, on nodes, in forms and in code."""

import pytest

from codegen.module import generate
from graph.edits import EditError
from graph.files import FileError, from_text, to_text
from graph.inference import infer_block
from graph.project_edits import set_block_parameter
from graph.state import MAIN, BlockParameter
from graph.templates import load_template
from gui.panels.node_form import block_parameter

PARAMETER = "mode: {default: wide, choices: [wide, narrow], help: How wide.}"


def text(parameter=PARAMETER, given="mode: narrow"):
    return f"""\
kumitate: 1
blocks:
  main:
    nodes:
      image: {{layer: Input, shape: [1, 8, 8], at: [0, 0]}}
      body: {{block: Body, {given}, at: [0, 90]}}
      result: {{layer: Output, at: [0, 180]}}
    links: [image -> body, body -> result]
  Body:
    parameters:
      {parameter}
    nodes:
      entry: {{layer: Input, shape: [1, 8, 8], at: [0, 0]}}
      conv: {{layer: Conv2d, out_channels: "= 8 if mode == 'wide' else 2", at: [0, 90]}}
      leave: {{layer: Output, at: [0, 180]}}
    links: [entry -> conv, conv -> leave]
"""


def test_choices_are_kept_in_the_file():
    project = from_text(text()).project
    parameter = project.blocks["Body"].parameters["mode"]
    assert parameter == BlockParameter("wide", "How wide.", ("wide", "narrow"))
    assert from_text(to_text(project)).project == project
    assert "choices: [wide, narrow]" in to_text(project)


@pytest.mark.parametrize(
    ("parameter", "said"),
    [
        ("mode: {default: wide, choices: []}", "needs a list of the legal values"),
        ("mode: {default: wide, choices: wide}", "needs a list of the legal values"),
        ("mode: {default: wide, choices: [wide, 3]}", "values of the sort of 'wide'"),
        ("mode: {default: wide, choices: [wide, wide]}", "needs different values"),
        ("mode: {default: wd, choices: [wide, narrow]}", "must be 'wide' or 'narrow', but is 'wd'"),
        ("mode: {default: wide, choises: [wide, narrow]}", 'did you mean "choices"?'),
    ],
)
def test_what_is_wrong_in_a_file_is_named(parameter, said):
    with pytest.raises(FileError) as refused:
        from_text(text(parameter))
    assert "blocks.Body.parameters.mode" in str(refused.value)
    assert said in str(refused.value)


def test_a_use_can_only_choose_what_there_is():
    assert infer_block(from_text(text()).project, MAIN).outputs["result"].sizes[0] == 2
    wrong = from_text(text(given="mode: broad")).project
    (finding,) = infer_block(wrong, MAIN).nodes["body"].findings
    assert finding.text == "mode must be 'wide' or 'narrow', but is 'broad'"
    assert finding.parameter == "mode"


def test_the_form_offers_the_choices():
    declared = block_parameter("mode", BlockParameter("wide", "How wide.", ("wide", "narrow")))
    assert declared.kind == "choice"
    assert declared.choices == ("wide", "narrow")
    assert declared.check("narrow") == "narrow"


def test_an_edit_to_another_default_is_refused():
    project = from_text(text()).project
    wrong = BlockParameter("broad", "How wide.", ("wide", "narrow"))
    with pytest.raises(EditError, match="mode must be 'wide' or 'narrow', but is 'broad'"):
        set_block_parameter(project, "Body", "mode", wrong)


def test_the_class_refuses_what_it_does_not_know():
    project = load_template("unet-small")
    module = generate(project)
    namespace = {}
    exec(module.text, namespace)
    network = namespace[module.network]
    assert network(upsampling="bilinear").up1.bilinear is not None
    with pytest.raises(ValueError, match="upsampling must be 'transposed' or 'bilinear'"):
        network(upsampling="bilinaer")
