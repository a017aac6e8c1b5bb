"""Nobody who comes from Neural Network Console misses a layer without being told why."""

import importlib.util
from pathlib import Path

import pytest

from graph.counterparts import CONSOLE_LAYERS, ELSEWHERE, counterparts, said_elsewhere
from graph.layer import LAYERS, load_layers
from training.objectives import LOSSES

load_layers()
DOCS = Path(__file__).parent.parent.parent / "docs"
NAMES = [name for names in CONSOLE_LAYERS.values() for name in names]


def test_the_list_is_that_of_its_component_files():
    assert len(NAMES) == len(set(NAMES)) == 190


@pytest.mark.parametrize("name", NAMES)
def test_each_has_a_counterpart_or_a_reason(name):
    found = counterparts()[name]
    assert found is not None, f"no layer declares console={name!r}, and there is no reason"
    if found.kind == "layer":
        assert all(name in LAYERS for name in found.layers)
    else:
        assert found.text.endswith(".")
        assert len(found.text) > 40


def test_settings_are_called_as_they_are():
    assert LOSSES["cross_entropy"].TITLE == "Cross-entropy (classes)"
    assert LOSSES["cross_entropy"].PARAMETERS["label_smoothing"].label == "Label smoothing"
    of_other_tasks = {"yolo", "dice", "pixel_cross_entropy", "pixel_binary_cross_entropy"}
    unlike = of_other_tasks | {"multi_margin", "evidence_lower_bound"}
    for loss in LOSSES.values():
        if loss.NAME not in unlike:
            assert any(f"Loss, {loss.TITLE}" in one.text for one in ELSEWHERE.values())
    assert LOSSES["huber"].PARAMETERS["delta"].label == "Delta"
    assert LOSSES["huber"].PARAMETERS["target"].label == "Target"
    texts = " ".join(one.text for one in ELSEWHERE.values())
    for words in ("Cross-entropy (classes)", "“Label smoothing”", "“Repeat”"):
        assert words in texts


def test_a_declaration_that_names_no_layer_of_it_is_refused(monkeypatch):
    monkeypatch.setattr(LAYERS["ReLU"], "CONSOLE", ("Relu",))
    with pytest.raises(ValueError, match="ReLU stands for Relu, which"):
        counterparts()
    monkeypatch.setattr(LAYERS["ReLU"], "CONSOLE", ("Unit",))
    with pytest.raises(ValueError, match="listed as no layer"):
        counterparts()


def test_the_page_is_up_to_date():
    spec = importlib.util.spec_from_file_location("list_layers", DOCS / "list_layers.py")
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    written = (DOCS / "layers.md").read_text(encoding="utf-8")
    assert written == generator.text(), "run: uv run python docs/list_layers.py"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("SpectralNorm", "spectral"),
        ("SpectralNormalization", "spectral"),
        ("weight norm", "weight"),
        ("weight_standardization", "standardized"),
        ("RepeatStart", "Repeat"),
    ],
)
def test_what_is_no_layer_is_said_to_be_elsewhere(typed, words):
    assert words in said_elsewhere(typed)


def test_nothing_is_said_of_other_names():
    assert said_elsewhere("xyzzy") == said_elsewhere("uni") == said_elsewhere("") == ""
