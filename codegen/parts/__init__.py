"""Modules and functions that torch lacks, one a file, written out where they are used.

Real torch code, but only ever read as text by the product (codegen/pasted.py); tests
import it. A file is called like what it holds: `locally_connected2d.py` holds
`LocallyConnected2d`, `crop_like.py` holds `crop_like`. It may import torch,
torchvision, math, and other parts.
"""
