"""People who come from elsewhere find each layer under the name that they know."""

import pytest

from gui.panels import search

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
}

PLAIN = {
    "fully connected": "Linear",
    "deconvolution": "ConvTranspose2d",
    "skip connection": "Add",
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

FIRST = 5


@pytest.mark.parametrize(("typed", "layer"), [*KERAS.items(), *PLAIN.items()])
def test_a_layer_is_found_under_the_name_that_people_know(typed, layer):
    found = [entry.name for entry in search.find(search.layer_entries(), typed)]
    assert layer in found[:FIRST], found[:FIRST]


def test_every_name_of_neural_network_console_finds_its_layer():
    for entry, layer in ((e, search.LAYERS[e.name]) for e in search.layer_entries()):
        for name in layer.CONSOLE:
            found = [other.name for other in search.find(search.layer_entries(), name)]
            assert entry.name in found, f"{name} finds {found[:FIRST]}"
