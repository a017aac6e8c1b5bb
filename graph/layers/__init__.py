"""The layers, one file per family; graph/layer.py finds every file in here by itself."""
