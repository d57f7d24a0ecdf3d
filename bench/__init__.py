"""Measurements, as ratios against a baseline in the same run. See README.md in this folder."""
