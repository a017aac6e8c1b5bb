"""People who come from elsewhere find each layer under the name that they know."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.layer import LAYERS
from graph.library import standard_library
from graph.templates import all_templates, load_template
from gui.panels import search
from gui.panels.search import COMMON, edit_distance, score_words
from gui.search.offers import Offer, rank

KERAS = {
    "Dense": "Linear",
    "Embedding": "Embedding",
    "Conv1D": "Conv1d",
    "Conv2D": "Conv2d",
    "Conv3D": "Conv3d",
    "DepthwiseConv1D": "DepthwiseConv1d",
    "DepthwiseConv2D": "DepthwiseConv2d",
    "Conv1DTranspose": "ConvTranspose1d",
    "Conv2DTranspose": "ConvTranspose2d",
    "Conv3DTranspose": "ConvTranspose3d",
    "LocallyConnected2D": "LocallyConnected2d",
    "MaxPooling1D": "MaxPool1d",
    "MaxPooling2D": "MaxPool2d",
    "MaxPooling3D": "MaxPool3d",
    "AveragePooling1D": "AvgPool1d",
    "AveragePooling2D": "AvgPool2d",
    "AveragePooling3D": "AvgPool3d",
    "LSTM": "LSTM",
    "GRU": "GRU",
    "SimpleRNN": "RNN",
    "BatchNormalization": "BatchNorm2d",
    "LayerNormalization": "LayerNorm",
    "GroupNormalization": "GroupNorm",
    "UnitNormalization": "Normalize",
    "RMSNormalization": "RMSNorm",
    "Dropout": "Dropout",
    "SpatialDropout1D": "Dropout1d",
    "SpatialDropout2D": "Dropout2d",
    "SpatialDropout3D": "Dropout3d",
    "GaussianDropout": "GaussianDropout",
    "AlphaDropout": "AlphaDropout",
    "GaussianNoise": "GaussianNoise",
    "MultiHeadAttention": "MultiheadAttention",
    "Flatten": "Flatten",
    "Reshape": "Reshape",
    "Permute": "Permute",
    "RepeatVector": "Tile",
    "Cropping2D": "Crop",
    "CenterCrop": "CenterCrop",
    "UpSampling2D": "Upsample",
    "ZeroPadding2D": "ZeroPad2d",
    "Resizing": "Interpolate",
    "Concatenate": "Concat",
    "Maximum": "Maximum",
    "Minimum": "Minimum",
    "Add": "Add",
    "Subtract": "Subtract",
    "Multiply": "Multiply",
    "Dot": "MatMul",
    "ReLU": "ReLU",
    "Softmax": "Softmax",
    "LeakyReLU": "LeakyReLU",
    "PReLU": "PReLU",
    "ELU": "ELU",
    "Identity": "Identity",
    "CategoryEncoding": "OneHot",
    "InputLayer": "Input",
    "Activation": "ReLU",
    "Bidirectional": "LSTM",
    "TimeDistributed": "Linear",
    "ThresholdedReLU": "Threshold",
    "GlobalAveragePooling2D": "GlobalAvgPool",
    "GlobalMaxPooling2D": "GlobalMaxPool",
    "SeparableConv2D": "standard:separable-conv",
    "Normalization": "BatchNorm2d",
    "GRUCell": "GRUCell",
}

TORCH = {
    "ReflectionPad2d": "Pad2d",
    "ReplicationPad3d": "Pad3d",
    "CircularPad1d": "Pad1d",
    "ConstantPad2d": "Pad2d",
    "UpsamplingBilinear2d": "Upsample",
    "SyncBatchNorm": "BatchNorm2d",
    "CrossMapLRN2d": "LocalResponseNorm",
}

PLAIN = {
    "fully connected": "Linear",
    "deconvolution": "ConvTranspose2d",
    "skip connection": "standard:residual",
    "join": "Concat",
    "resize": "Interpolate",
    "enlarge": "Upsample",
    "swap axes": "Permute",
    "gate": "Multiply",
    "comment": "Note",
    "probe": "Identity",
    "word vectors": "Embedding",
    "memory": "LSTM",
    "untied": "LocallyConnected2d",
    "swish": "SiLU",
}

FIRST = 3

ENTRIES = [
    *search.layer_entries(),
    *search.library_entries(standard_library(), search.STANDARD_BLOCKS, "standard"),
]


@pytest.mark.parametrize(("typed", "layer"), [*KERAS.items(), *TORCH.items(), *PLAIN.items()])
def test_a_layer_is_found_under_the_name_that_people_know(typed, layer):
    found = [entry.name for entry in search.find(ENTRIES, typed)]
    assert layer in found[:FIRST], found[:FIRST]


def test_every_name_of_neural_network_console_finds_its_layer():
    stand_for: dict[str, set[str]] = {}
    for entry in search.layer_entries():
        for name in search.LAYERS[entry.name].CONSOLE:
            stand_for.setdefault(name, set()).add(entry.name)
    for name, layers in stand_for.items():
        found = [other.name for other in search.find(ENTRIES, name)]
        assert layers <= set(found), f"{name} finds {found}"
        assert layers & set(found[:FIRST]), f"{name} finds {found[:FIRST]}"


@pytest.mark.parametrize(
    ("typed", "layer"),
    [
        ("checkerboards", "ConvTranspose2d"),
        ("align_corners", "Interpolate"),
        ("ceil_mode", "MaxPool2d"),
    ],
)
def test_mistakes_and_parameters_are_searched_last(typed, layer):
    assert layer in [entry.name for entry in search.find(ENTRIES, typed)]


WORDS = st.text("abcde", min_size=1, max_size=9)


@given(st.lists(WORDS, min_size=1, max_size=3).map(" ".join), st.text("abcdef", max_size=9))
def test_errors_are_forgiven_as_comparing_with_every_word_would(name, typed):
    allowed = 0 if len(typed) < 4 else 1 if len(typed) < 7 else 2
    whole = {*name.split(), name.replace(" ", "")}
    errors = min(
        *(edit_distance(typed, word) for word in whole),
        *(
            edit_distance(typed, word[: len(typed)]) + 0.5 * (len(word) > len(typed))
            for word in whole
        ),
    )
    expected = errors if allowed and errors < allowed + 1 else None
    assert score_words([name], "", typed, nearly=True) == expected


@pytest.mark.parametrize(("typed", "title"), [("tahn", "Tanh"), ("rleu", "ReLU")])
def test_all_of_a_mistyped_word_goes_before_its_beginning(typed, title):
    assert search.find(search.layer_entries(), typed)[0].title == title


@pytest.mark.parametrize(("typed", "title"), [("tahn", "Tanh"), ("rleu", "ReLU")])
def test_a_mistyped_name_goes_before_letters_with_others_between(typed, title):
    offers = [Offer(e.name, e.title, print, words=e.words) for e in search.layer_entries()]
    assert rank(offers, typed)[0].title == title


def test_what_is_common_is_what_the_templates_consist_of():
    """What half of them use, and nothing that few do."""
    uses = Counter()
    for template in all_templates():
        blocks = load_template(template.id).blocks.values()
        uses.update({node.type for block in blocks for node in block.nodes.values()} & set(LAYERS))
    most = {name for name, count in uses.items() if count > len(all_templates()) / 2}
    assert most - {"Input", "Output"} <= set(COMMON)
    assert all(uses[name] >= len(all_templates()) / 5 for name in COMMON)
