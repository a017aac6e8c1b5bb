"""The rows of settings on the Train page, without widgets."""

from graph.project_edits import set_data
from graph.templates import load_template
from gui.pages.settings import read_settings


def test_what_a_dataset_alone_has_comes_before_what_it_shares():
    rows = read_settings(set_data(load_template("mlp"), {"dataset": "image_masks"})).rows
    names = [row.path for row in rows if row.section == "data" and not row.advanced]
    assert names[:4] == ["dataset", "images", "masks", "mask_values"]
    assert names[-1] == "horizontal_flip"


def test_a_fault_of_the_data_stands_at_its_setting():
    rows = read_settings(set_data(load_template("mlp"), {"dataset": "image_masks"})).rows
    (images,) = [row for row in rows if row.path == "images"]
    assert images.problem == "Choose the folder of the images."
