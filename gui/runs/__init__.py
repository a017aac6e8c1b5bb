"""Widgets that show runs: following, listing, curves, reports. Pages put them together."""
