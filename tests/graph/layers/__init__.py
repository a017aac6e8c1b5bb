"""What layers compute, by family; their sizes and costs are tested for all in test_layers.py."""
