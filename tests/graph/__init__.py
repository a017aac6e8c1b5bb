"""Tests of what a network is; no Qt."""
