"""Datasets: which exist and what they hold (no torch), and how they are read (torch, in functions).

What is learned from them and how lies in `training`, what is measured in `evaluation`.
"""
